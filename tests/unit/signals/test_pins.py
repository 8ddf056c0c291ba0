from pathlib import Path

import pytest

from scout.signals import Commit
from scout.signals._base import lines
from scout.signals._conditions import conditions
from scout.signals._pins import Met, Pins
from tests.plugins.building import build, git, viewed

FILES = {
    "pyproject.toml": lines(
        "[project]", 'name = "fresco"', 'requires-python = ">=3.10"', "dependencies = [", '    "django>=4.2",', "]"
    ),
    "frontend/pyproject.toml": '[project.optional-dependencies]\npytest = ["pytest>=4.6"]\n',
    "docker/Dockerfile": "FROM python:3.13-slim AS base\n",
    "requirements.txt": "celery==5.3.6\n",
    "package.json": '{\n  "dependencies": {\n    "react": "^18.2.0",\n    "typescript": "^4.6.4"\n  }\n}\n',
    "Gemfile.lock": "GEM\n  specs:\n    rails (7.1.2)\n",
}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("TODO: remove once support for Python 3.9 is dropped", "pyproject.toml"),
        ("TODO: remove once support for Python 3.10 is dropped", False),
        ("TODO: remove this once Django 4.1 is dropped", "pyproject.toml"),
        ("TODO: remove this once we upgrade to Django 5.0", False),
        ("TODO: remove this once we upgrade to celery 5.3", "requirements.txt"),
        ("TODO: remove this once we upgrade to React 18", "package.json"),
        ("TODO: remove this once we upgrade to Rails 7.1", "Gemfile.lock"),
        ("TODO: remove this once we upgrade to Unknown 7.1", None),
        ("TODO: move on when pytest 9 is the oldest one we support", False),
        ("TODO: remove this once we've updated to TS v5.1+", False),
        ("TODO: remove this once we run on Python 3.13", "docker/Dockerfile"),
        ("TODO: remove this once we are past Python 3.10", False),
        ("TODO: remove after Fresco 1.2", "tag"),
        ("TODO: remove after 0.11", "tag"),
        ("TODO: remove this once 0.12 is out", None),
        ("TODO: remove after Fresco 1.4", False),
        ("TODO: remove this when we reach 2.0.0", False),
        ("TODO: remove this after 1.2", "tag"),
        ("TODO: remove this once 3.15 is out", None),
        ("TODO: remove this when the minimum Django version is >= 4.2", "pyproject.toml"),
        ("TODO: remove this when the minimum Django version is >= 6.0", False),
    ],
)
def test_a_version_that_is_declared_settles_a_condition(text: str, answer: object, tmp_path: Path):
    folder = build(tmp_path, [Commit("2024-01-01", FILES)])
    for tag in ("v0.11.2", "v1.3.0", "v2018.06"):
        git(folder, "tag", tag)
    (condition,) = conditions(text)
    with viewed(folder, "2024-02-01") as view:
        verdict = Pins(view).verdict(condition)

    if isinstance(verdict, Met):
        assert answer == (verdict.pin.path if verdict.pin else "tag")
    else:
        assert verdict is answer


def test_a_tag_of_later_does_not_count_yet(tmp_path: Path):
    folder = build(tmp_path, [Commit("2024-01-01", FILES, tag="v1.3.0"), Commit("2024-01-02", {"a.txt": "1\n"})])
    (condition,) = conditions("TODO: remove after Fresco 1.2")
    with viewed(folder, "2023-06-01") as view:
        assert Pins(view).verdict(condition) is None
