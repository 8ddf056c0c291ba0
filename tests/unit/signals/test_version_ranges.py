"""Ranges are read as Python, npm, Ruby and image tags write them; tables say where their dates come from."""

from datetime import date

import pytest

from scout.signals.dependencies import _ends
from scout.signals.dependencies._images import filled, runtimes
from scout.signals.dependencies._locks import Difference, differences


@pytest.mark.parametrize(
    ("written", "cycle"),
    [
        ("^3.8", (3, 12)),
        ("~> 2.7.0", (2, 7)),
        (">=3.6,<3.10", (3, 9)),
        ("16", (16,)),
        ("16.x", (16,)),
        ("14 || 16", (16,)),
        ("3", (3, 12)),
        (">=3.8", (3, 14)),
        ("~=3.8", (3, 9)),
        (">3.8", (3, 9)),
        ("==3.8.*", (3, 8)),
        ("!=3.8", (3, 8)),
        ("3.8.12", (3, 8)),
        ("<=3.8", (3, 8)),
    ],
)
def test_a_range_allows_a_line_of_releases(written: str, cycle: tuple[int, ...]):
    assert _ends.allows(written, cycle)


@pytest.mark.parametrize(
    ("written", "cycle"),
    [
        ("^3.8", (4, 0)),
        ("~> 2.7.0", (3, 0)),
        (">=3.6,<3.10", (3, 10)),
        ("<3.7", (3, 7)),
        ("~3.8", (3, 9)),
        (">3.8", (3, 8)),
        ("14 || 16", (18,)),
        ("", (3, 8)),
        ("latest", (3, 8)),
        ("^0.10", (0, 12)),
    ],
)
def test_a_range_forbids_a_line_of_releases(written: str, cycle: tuple[int, ...]):
    assert not _ends.allows(written, cycle)


def test_a_range_is_over_on_the_day_after_the_last_of_its_lines():
    assert _ends.ended("postgresql", "9.6", date(2021, 11, 11)) is None
    over = _ends.ended("postgresql", "9.6", date(2021, 11, 12))

    assert over is not None
    assert (over.name, over.end) == ("9.6", date(2021, 11, 11))


def test_what_the_table_does_not_know_is_not_over():
    assert _ends.ended("postgresql", "99", date(2026, 1, 1)) is None
    assert _ends.ended("perl", "5", date(2026, 1, 1)) is None


def test_a_version_whose_end_is_not_announced_is_supported():
    assert _ends.ended("go", "1.27", date(2030, 1, 1)) is None
    assert "8.8" in [cycle.name for cycle in _ends.supported("redis", date(2030, 1, 1))]


def test_ubuntu_is_written_as_its_vendor_does():
    over = _ends.ended("ubuntu", "20.04", date(2026, 1, 1))

    assert over is not None
    assert over.name == "20.04"


@pytest.mark.parametrize("table", ["ends.csv", "actions.csv"])
def test_each_row_of_a_table_has_a_source_and_the_day_it_was_noted(table: str):
    for row in _ends.rows(table):
        assert row["source"].startswith("https://")
        assert date.fromisoformat(row["noted"])


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("python:3.9-slim-buster", [("python", "3.9"), ("debian", "10")]),
        ("docker.io/library/node:16.2-alpine3.14", [("node", "16.2"), ("alpine", "3.14")]),
        ("postgis/postgis:12-3.1", [("postgresql", "12")]),
        ("ubuntu:focal", [("ubuntu", "20.04")]),
        ("mcr.microsoft.com/devcontainers/python:1-3.12-bullseye", [("python", "3.12"), ("debian", "11")]),
        ("acme/python:3.6", []),
        ("python:latest", []),
        ("python", []),
    ],
)
def test_an_image_names_a_runtime_and_the_system_below_it(image: str, expected: list[tuple[str, str]]):
    assert list(runtimes(image)) == expected


def test_variables_of_an_image_are_filled_where_they_are_known():
    assert filled("node:${NODE}-slim", {"NODE": "16"}) == "node:16-slim"
    assert filled("node:${NODE:-18}", {}) == "node:18"
    assert filled("node:$NODE", {}) == "node:$NODE"


@pytest.mark.parametrize(
    ("lock", "manifest", "locked", "declared", "expected"),
    [
        (
            "package-lock.json",
            "package.json",
            '{"packages": {"": {"dependencies": {"wall": "^1.0.0"}}}}',
            '{"dependencies": {"wall": "^2.0.0"}}',
            (Difference("wall", "^2.0.0", "^1.0.0"),),
        ),
        (
            "yarn.lock",
            "package.json",
            'wall@^1.0.0:\n  version "1.0.0"\n',
            '{"dependencies": {"wall": "^2.0.0"}}',
            (Difference("wall", "^2.0.0", "^1.0.0"),),
        ),
        ("yarn.lock", "package.json", '"wall@npm:^2.0.0":\n', '{"dependencies": {"wall": "^2.0.0"}}', ()),
        (
            "Gemfile.lock",
            "Gemfile",
            "DEPENDENCIES\n  rails (~> 8.0)\n",
            "gem 'rails'\ngem 'plaster'\n",
            (Difference("plaster", "any version", ""),),
        ),
        (
            "poetry.lock",
            "pyproject.toml",
            '[[package]]\nname = "wall"\n',
            '[tool.poetry.dependencies]\npython = "^3.13"\nwall = "*"\npaint = "^1"\n',
            (Difference("paint", "^1", ""),),
        ),
        (
            "Pipfile.lock",
            "Pipfile",
            '{"default": {"wall": {}}, "develop": {}}',
            '[packages]\nwall = "*"\n[dev-packages]\npaint = "*"\n',
            (Difference("paint", "*", ""),),
        ),
        (
            "uv.lock",
            "pyproject.toml",
            '[[package]]\nname = "fresco"\nsource = { virtual = "." }\n[package.metadata]\nrequires-dist = []\n',
            '[project]\nname = "fresco"\ndependencies = ["wall>=1"]\n',
            (Difference("wall", ">=1", ""),),
        ),
        ("package-lock.json", "package.json", "no JSON", "{}", ()),
    ],
)
def test_a_lock_is_compared_by_what_it_says_it_was_made_from(
    lock: str, manifest: str, locked: str, declared: str, expected: tuple[Difference, ...]
):
    assert differences(lock, manifest, locked, declared) == expected
