"""Nobody is named in what Scout keeps, and counting still works."""

import json
import time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scout.sources._people import DEEPEST, People, person

PEOPLE = People(b"key")
ADA = {"login": "Ada", "id": 1, "type": "User", "url": "https://api.example/users/Ada", "email": "ada@example.invalid"}
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)


def test_the_same_person_has_the_same_pseudonym_and_only_with_the_same_key():
    assert PEOPLE.id("Ada") == PEOPLE.id(" ada ") == People(b"key").id("ADA")
    assert len(PEOPLE.id("Ada")) == 16
    assert PEOPLE.id("Ada") not in {PEOPLE.id("Bob"), People(b"other").id("Ada")}


def test_the_first_name_that_says_anything_counts():
    assert PEOPLE.id(None, "", "  ", "ada", "bob") == PEOPLE.id("ada")
    assert PEOPLE.id() == PEOPLE.id(None, 5, "") == ""


def test_people_are_replaced_wherever_they_stand():
    issue = {"user": ADA, "assignees": [ADA, {"login": "renovate[bot]"}], "title": "Hello", "deep": {"list": [[ADA]]}}
    ada = {"person": PEOPLE.id("ada"), "bot": False}
    assert PEOPLE.without(issue) == {
        "user": ada,
        "assignees": [ada, {"person": PEOPLE.id("renovate[bot]"), "bot": True}],
        "title": "Hello",
        "deep": {"list": [[ada]]},
    }


def test_people_of_jira_and_git_are_known_too():
    cloud = {"accountId": "5b1", "accountType": "app", "displayName": "A Robot", "emailAddress": "r@example.invalid"}
    server = {"name": "ada", "key": "JIRAUSER1", "displayName": "Ada L", "active": True}
    author = {"name": "Ada L", "email": "ada@example.invalid", "date": "2026-01-02T03:04:05Z"}
    assert PEOPLE.without(cloud) == {"person": PEOPLE.id("5b1"), "bot": True}
    assert PEOPLE.without(server) == {"person": PEOPLE.id("jirauser1"), "bot": False}
    assert PEOPLE.without(author) == {
        "person": PEOPLE.id("ada@example.invalid"),
        "bot": False,
        "date": "2026-01-02T03:04:05Z",
    }


def test_what_is_no_person_stays():
    label = {"name": "bug", "color": "f00", "description": None}
    project = {"key": "SCT", "name": "Scout", "id": "1"}
    assert PEOPLE.without(label) is label
    assert PEOPLE.without(project) is project
    assert PEOPLE.without({"email": "x@example.invalid", "team": "core"}) == {"team": "core"}


def test_an_account_without_a_name_is_nobody():
    assert PEOPLE.without({"login": None, "id": 3}) == {"person": "", "bot": False}
    assert person(PEOPLE.without({"login": 7})) == ("", False)
    assert person(None) == person("ada") == person([]) == person({"person": 3, "bot": "yes"}) == ("", False)
    assert person({"person": "ab", "bot": True}) == ("ab", True)


def test_what_is_nested_absurdly_deep_is_cut():
    value: Any = "core"
    for _ in range(5000):
        value = [value]
    kept = PEOPLE.without(value)
    assert json.dumps(kept).count("[") == DEEPEST


@given(values)
def test_nothing_is_changed_in_place_and_twice_is_once(value: Any):
    before = json.dumps(value)
    once = PEOPLE.without({"user": ADA, "rest": value})
    assert json.dumps(value) == before
    assert PEOPLE.without(once) == once
    assert "Ada" not in json.dumps(once["user"])


def test_it_is_fast_enough_for_a_whole_repository():
    issue = {f"field{n}": "text" for n in range(30)} | {"labels": [{"name": "bug", "color": "f00"}] * 3, "user": ADA}
    start = time.perf_counter()
    for _ in range(10_000):
        PEOPLE.without(issue)
    assert time.perf_counter() - start < 1
