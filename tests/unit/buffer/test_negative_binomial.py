import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.buffer.negative_binomial import log_probability, log_probability_rows, quantile_rows, quantiles

MEANS = st.floats(1e-6, 1e6)
RATIOS = st.floats(1, 1e4)

PROBABILITIES = (0.05, 0.5, 0.8, 0.95, 0.99)


def test_a_poisson_of_mean_five_has_the_quantiles_of_the_tables():
    assert quantiles(5, 5, (0.5, 0.8, 0.95, 0.99)) == (5, 7, 9, 11)


def test_a_geometric_law_has_its_closed_form():
    """Mean m and variance m + m² make the shape 1: P(X > k) = (m / (1 + m))^(k + 1)."""
    mean = 7.0
    for probability in (0.5, 0.8, 0.95, 0.99):
        exact = math.ceil(math.log(1 - probability) / math.log(mean / (1 + mean)) - 1)
        assert quantiles(mean, mean + mean * mean, (probability,)) == (exact,)


@settings(deadline=None)
@given(st.floats(0.01, 200), st.floats(1.01, 20))
def test_a_quantile_is_the_first_count_that_reaches_its_probability(mean: float, ratio: float):
    (found,) = quantiles(mean, mean * ratio, (0.95,))
    below = math.fsum(math.exp(log_probability(k, mean, mean * ratio)) for k in range(found))
    at = below + math.exp(log_probability(found, mean, mean * ratio))
    assert below <= 0.95 + 1e-9
    assert at >= 0.95 - 1e-9


@settings(deadline=None)
@given(MEANS, RATIOS)
def test_quantiles_are_ordered_and_finite_at_any_scale(mean: float, ratio: float):
    low, middle, high = quantiles(mean, mean * ratio, (0.5, 0.8, 0.99))
    assert 0 <= low <= middle <= high <= mean + 101 * math.sqrt(mean * ratio) * 2 + 200


def test_the_order_of_the_probabilities_is_kept():
    assert quantiles(5, 5, (0.95, 0.5)) == (9, 5)


@pytest.mark.parametrize("mean", [0.0, -1.0])
def test_nothing_expected_is_nothing_at_any_probability(mean: float):
    assert quantiles(mean, 3, (0.5, 0.99)) == (0, 0)


@pytest.mark.parametrize(("mean", "variance"), [(0.01, 0.01), (0.4, 3.0), (2.0, 2.0), (7.0, 60.0), (150.0, 380.0)])
def test_many_at_once_are_the_same_as_one_by_one(mean: float, variance: float):
    found = quantile_rows(np.full(3, mean), np.full(3, variance), PROBABILITIES)
    assert found.shape == (len(PROBABILITIES), 3)
    assert tuple(found[:, 0]) == quantiles(mean, variance, PROBABILITIES)
    assert log_probability_rows(np.array([3.0]), np.array([mean]), np.array([variance]))[0] == pytest.approx(
        log_probability(3, mean, variance), rel=1e-6
    )


def test_wide_laws_are_near_enough_many_at_once():
    means, variances = np.array([900.0, 7000.0, 0.0]), np.array([90_000.0, 7000.0, 0.0])
    found = quantile_rows(means, variances, PROBABILITIES)
    for place in range(3):
        one = quantiles(means[place], variances[place], PROBABILITIES)
        assert found[:, place] == pytest.approx(one, abs=variances[place] ** 0.5 / 10)
