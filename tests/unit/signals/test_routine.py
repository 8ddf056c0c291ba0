"""Titles and places of changes that ask for no test: what watches, what makes data, what measures speed."""

import re

import pytest

from scout.signals.routine import is_routine
from scout.warehouse.tables.flow import PATHS


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Add timing logs to orders", True),
        ("Fix typings of the walls", True),
        ("Count requests with Prometheus counters", True),
        ("Realistic demo data", True),
        ("Benchmarking set-up", True),
        ("Preload the walls of a house", True),
        ("Show the log of changes to users", False),
        ("Count orders of a day", False),
    ],
)
def test_titles_that_ask_for_no_test(title: str, *, expected: bool):
    assert is_routine(title) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests-perf/orders.py", True),
        ("load-test/a.js", True),
        ("simulate-orders/make.py", True),
        ("app/models/demo/house.rb", True),
        ("app/models/house.rb", False),
        ("testing_ground/house.py", False),
    ],
)
def test_places_that_stand_aside(path: str, *, expected: bool):
    assert bool(re.search(PATHS["aside"], path)) is expected
