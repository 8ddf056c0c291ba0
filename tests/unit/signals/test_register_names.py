"""By which names scripts are registered, and by which tests and pages name them."""

from pathlib import Path

from scout.signals import Commit, lines
from scout.signals.register import relied_on
from tests.plugins.building import build, viewed

CI = lines(
    "on: [pull_request]",
    "jobs:",
    "  a:",
    "    runs-on: ubuntu-latest",
    "    steps:",
    "      - uses: actions/checkout@v4",
    "      - run: python manage.py check",
    "      - run: ./bin/release",
    "      - run: ./tools/copy_prices.sh",
)
FILES = {
    ".github/workflows/ci.yml": CI,
    "manage.py": "import sys\n",
    "bin/release": "#!/bin/sh\necho release\n",
    "tools/copy_prices.sh": "#!/bin/sh\ncp a b\n",
}


def entries(folder: Path, **more: str):
    named = {name.replace("__", "/").replace("_DOT_", "."): text for name, text in more.items()}
    with viewed(build(folder, (Commit("2024-01-01", {**FILES, **named}),)), "2024-06-01") as view:
        return {one.name: one for one in relied_on(view)}


def test_front_doors_of_frameworks_are_no_accident(tmp_path: Path):
    assert entries(tmp_path).keys() == {"bin/release", "tools/copy_prices.sh"}


def test_a_common_word_does_not_name_a_script_and_its_path_does(tmp_path: Path):
    found = entries(tmp_path / "a", docs__a_DOT_md="A release is made on Mondays; see copy-prices.\n")
    assert not found["bin/release"].documented
    found = entries(tmp_path / "b", docs__a_DOT_md="Run bin/release, then tools/copy_prices.sh.\n")
    assert found["bin/release"].documented
    assert found["tools/copy_prices.sh"].documented


def test_a_test_names_it_by_its_own_name_and_data_does_not(tmp_path: Path):
    found = entries(tmp_path / "a", tests__prices_DOT_json='{"name": "copy_prices"}\n')
    assert not found["tools/copy_prices.sh"].tested
    found = entries(tmp_path / "b", tests__test_copy_prices_DOT_py="def test_it(): assert True\n")
    assert found["tools/copy_prices.sh"].tested


def test_a_page_near_it_names_a_script_by_its_bare_name_and_another_does_not(tmp_path: Path):
    two = {"walls__copy_DOT_sh": "cp c d\n", "tools__copy_DOT_sh": "cp a b\n"}
    ci = CI.replace("./tools/copy_prices.sh", "./tools/copy.sh")
    where = {
        "a": {"docs__a_DOT_md": "Run `./copy.sh`.\n"},
        "b": {"docs__a_DOT_md": "Go to `tools`, then run `./copy.sh`.\n"},
        "c": {"tools__README_DOT_md": "Run `./copy.sh`.\n"},
    }
    found = {
        name: entries(tmp_path / name, **two, **pages, _DOT_github__workflows__ci_DOT_yml=ci)[
            "tools/copy.sh"
        ].documented
        for name, pages in where.items()
    }
    assert found == {"a": False, "b": True, "c": True}


def test_a_page_names_a_script_by_its_recipe_and_a_change_log_describes_nothing(tmp_path: Path):
    recipe = "prices copy-all:\n\ttools/copy_prices.sh\n"
    told = [
        entries(tmp_path / str(at), Makefile=recipe, **pages)["tools/copy_prices.sh"].documented
        for at, pages in enumerate(
            (
                {"docs__a_DOT_md": "Run `make prices` on Mondays.\n"},
                {"docs__a_DOT_md": "Run `make walls` on Mondays.\n"},
                {"docs__a_DOT_md": "It ends with `copy-all`.\n"},
                {"CHANGELOG_DOT_md": "`make prices` is new, see tools/copy_prices.sh.\n"},
            )
        )
    ]
    assert told == [True, False, True, False]


def test_a_job_that_only_tries_a_script_tests_it(tmp_path: Path):
    tried = CI.replace("  a:\n", "  copy-prices-test:\n")
    assert not entries(tmp_path / "a")["tools/copy_prices.sh"].tested
    assert entries(tmp_path / "b", _DOT_github__workflows__ci_DOT_yml=tried)["tools/copy_prices.sh"].tested
