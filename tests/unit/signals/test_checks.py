"""Commands that check are told from those that only look like it, and repairs from complaints."""

from pathlib import Path

import pytest

from scout.signals import Commit
from scout.signals._checks import check_of, checks_in, targets
from scout.signals._shell import commands
from tests.plugins.building import build, viewed


@pytest.mark.parametrize(
    ("text", "tool", "kind"),
    [
        ("pytest -q", "pytest", "test"),
        ("python -m pytest", "pytest", "test"),
        ("uv run --with x pytest", "pytest", "test"),
        ("./manage.py test app", "manage.py test", "test"),
        ("docker compose run web pytest", "pytest", "test"),
        ("docker exec it ./manage.py test", "manage.py test", "test"),
        ("python3 -m unittest discover", "unittest", "test"),
        ("go test ./...", "go test", "test"),
        ("cargo clippy", "cargo clippy", "lint"),
        ("bundle exec rubocop", "rubocop", "lint"),
        ("npx eslint .", "eslint", "lint"),
        ("tox", "tox", "test"),
        ("tox -e lint", "tox lint", "lint"),
        ("nox -s tests-3.12", "nox tests-3.12", "test"),
        ("node --test", "node --test", "test"),
        ("pre-commit run --all-files", "pre-commit", "lint"),
    ],
)
def test_what_checks(text: str, tool: str, kind: str):
    check = check_of(next(commands(text)))

    assert check is not None
    assert (check.tool, check.kind) == (tool, kind)


@pytest.mark.parametrize(
    "text",
    [
        "pytest --version",
        "pip install pytest",
        "python -m pip install flake8",
        "pre-commit install",
        "nox -s docs",
        "go build ./...",
        "python -c 'import pytest'",
        "echo pytest",
    ],
)
def test_what_does_not(text: str):
    assert check_of(next(commands(text))) is None


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        ("black .", True),
        ("black --check .", False),
        ("isort -c .", False),
        ("ruff format", True),
        ("ruff format --diff", False),
        ("ruff check", False),
        ("ruff check --fix --exit-non-zero-on-fix", False),
        ("eslint --fix src", True),
        ("gofmt -l .", True),
        ("go fmt ./...", True),
        ("rubocop -A", True),
        ("prettier --check .", False),
        ("cargo fmt -- --check", False),
        ("mypy src", False),
    ],
)
def test_what_repairs_instead_of_complaining(text: str, *, repairs: bool):
    check = check_of(next(commands(text)))

    assert check is not None
    assert check.repairs is repairs


def test_a_recipe_is_followed_with_what_it_needs_and_a_package_script_with_its_folder(tmp_path: Path):
    files = {
        "Makefile": "all: lint\n\t@pytest\nlint:\n\t-flake8\nother:\n\tmypy\n",
        "web/package.json": '{\n  "scripts": {\n    "lint": "eslint .",\n    "test": "jest"\n  }\n}\n',
    }
    with viewed(build(tmp_path / "it", [Commit("2024-01-01", files)]), "2024-02-01") as view:
        made = [(one.path, one.line, one.script) for one in targets(view.tree, next(commands("make all")), "")]
        ran = [
            (one.path, one.line, one.script) for one in targets(view.tree, next(commands("yarn --cwd web lint")), "")
        ]
        checks = [check.tool for check in checks_in(view.tree, "make all && cd web && npm run --prefix web test", "")]

    assert made == [("Makefile", 4, "-flake8"), ("Makefile", 2, "pytest")]
    assert ran == [("web/package.json", 3, "eslint .")]
    assert checks == ["flake8", "pytest", "jest"]
