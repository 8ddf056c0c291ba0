"""Taxonomies are data: what contradicts itself is refused with the place, what is right is a set of rules."""

import pytest

from scout.errors import SettingsError, UsageError
from scout.lifecycle.facts import FACTS
from scout.lifecycle.record import Record
from scout.lifecycle.rules import Classifier
from scout.lifecycle.taxonomy import built_in, load, parsed

TWO = """
id = "size"
name = "Size"
[[class]]
id = "big"
name = "Big"
definition = "More than a day of work."
  [[class.rule]]
  id = "says-big"
  weight = 2.0
  reason = "it says so"
  phrases = ["\\\\bhuge\\\\b"]
[[class]]
id = "small"
name = "Small"
definition = "Less than a day of work."
prior = 0.5
"""


@pytest.mark.parametrize("name", built_in())
def test_what_scout_brings_has_definitions_examples_and_rules_that_name_real_facts(name: str):
    told = load(name)
    assert all(one.definition and one.examples for one in told.classes)
    assert {fact.removeprefix("not-") for one in told.classes for rule in one.rules for fact in rule.facts} <= set(
        FACTS
    )
    assert Classifier(told).classify(Record(id="1", title="")).meaning in told.names


def test_gtd_comes_first_and_two_examples_come_with_it():
    assert built_in()[0] == "gtd"
    assert len(built_in()) == 3
    assert load().names == ("reference", "waiting", "someday", "project", "next_action")


def test_another_taxonomy_needs_no_code():
    told = parsed(TWO.encode(), "size")
    rules = Classifier(told)
    said = rules.classify(Record(id="1", title="A HUGE rewrite of it all"))
    assert (said.meaning, said.rule, said.quotation) == ("big", "says-big", "A HUGE rewrite of it all")
    assert rules.classify(Record(id="2", title="A typo")).meaning == "small"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('definition = "Less than a day of work."', 'definition = "More than a day of work"', "same definition"),
        ('definition = "Less than a day of work."\n', "", "definition"),
        ('id = "small"', 'id = "big"', "same id"),
        ('phrases = ["\\\\bhuge\\\\b"]', 'phrases = ["(huge"]', "says-big"),
        ('phrases = ["\\\\bhuge\\\\b"]', "", "says nothing about when"),
        ('id = "size"', 'id = "size"\nunknown = 1', "unknown"),
        ("[[class]]", "[[class", "no TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(before: str, after: str, told: str):
    with pytest.raises(SettingsError, match=told.replace("(", "\\(")):
        parsed(TWO.replace(before, after).encode(), "size")


def test_a_rule_that_names_a_fact_that_there_is_not_is_refused():
    text = TWO.replace('phrases = ["\\\\bhuge\\\\b"]', 'facts = ["is-huge"]')
    with pytest.raises(SettingsError, match="is-huge"):
        Classifier(parsed(text.encode(), "size"))


def test_a_name_that_there_is_not_suggests_the_nearest():
    with pytest.raises(UsageError, match="risk"):
        load("rsik")
