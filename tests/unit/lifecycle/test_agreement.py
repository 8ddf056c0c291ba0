"""Figures of agreement are those of the books, and the same whenever they are asked for."""

import pytest

from scout.lifecycle.agreement import Pair, accuracy, by_class, cohen, macro_f1
from scout.lifecycle.baselines import majority

BOOK = [Pair("yes", "yes")] * 20 + [Pair("yes", "no")] * 5 + [Pair("no", "yes")] * 10 + [Pair("no", "no")] * 15


def test_kappa_is_that_of_the_textbook_example():
    found = cohen(BOOK)
    assert found.value == pytest.approx(0.4)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.4 < found.high
    assert cohen(BOOK) == found


def test_perfect_agreement_is_one_and_a_single_class_has_no_kappa():
    assert cohen([Pair("a", "a"), Pair("b", "b")]).value == 1
    assert cohen([Pair("a", "a")] * 5).value is None
    assert cohen([]).value is None


def test_figures_by_class():
    yes = next(one for one in by_class(BOOK, ("yes", "no")) if one.name == "yes")
    assert (yes.ours, yes.theirs, yes.both) == (25, 30, 20)
    assert yes.precision == pytest.approx(0.8)
    assert yes.recall == pytest.approx(2 / 3)
    assert accuracy(BOOK) == pytest.approx(0.7)
    assert macro_f1(BOOK) == pytest.approx((40 / 55 + 30 / 45) / 2)


def test_the_majority_is_that_of_the_other_folds():
    assert set(majority(["a"] * 9 + ["b"])) == {"a"}
