"""What holds for the repository as a whole."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
NOT_OURS = {".git", ".venv", "dist", "build", "__pycache__", ".hypothesis", ".ruff_cache", ".pytest_cache"}
HEAVY = {"dagster", "duckdb", "openai", "fastapi", "github", "jira", "sqlalchemy", "pyarrow"}
INDEX_HOSTS = re.compile(r"\bpypi[.]org|\bpythonhosted[.]org|\bregistry[.]npmjs[.]org")


def our_files(pattern: str) -> Iterator[Path]:
    for path in sorted(ROOT.rglob(pattern)):
        if path.is_file() and not NOT_OURS & set(path.relative_to(ROOT).parts):
            yield path


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_no_python_file_is_longer_than_300_lines():
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in our_files("*.py")}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_50_lines():
    lengths = {
        f"{name(path)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in our_files("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert lengths
    assert {where: lines for where, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_every_module_says_what_it_is():
    silent = [name(path) for path in our_files("*.py") if not ast.get_docstring(tree(path))]
    assert [path for path in silent if not path.startswith("tests/")] == []


def test_only_the_command_line_prints():
    printing = [
        f"{name(path)}:{node.lineno}"
        for path in our_files("*.py")
        if path.is_relative_to(ROOT / "scout") and not path.is_relative_to(ROOT / "scout" / "cli")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


@pytest.mark.parametrize("file", ["run.txt", "dev.txt"])
def test_requirements_are_pinned_by_hash(file: str):
    lines = (ROOT / "requirements" / file).read_text("utf-8").replace("\\\n", " ").splitlines()
    pins = [line for line in lines if line.strip()]
    assert pins
    assert [line for line in pins if not re.match(r"[\w.\[\]-]+==[^ ]+ .*--hash=sha256:[0-9a-f]{64}", line)] == []


def test_no_file_names_a_package_index():
    options = re.compile(r"^\s*(?:-i|--(?:extra-)?index-url|-f|--find-links)\b")
    lines = [line for path in our_files("requirements/*.txt") for line in path.read_text("utf-8").splitlines()]
    assert [line for line in lines if options.match(line) or "://" in line] == []
    naming = [name(path) for path in our_files("*") if INDEX_HOSTS.search(path.read_bytes().decode("utf-8", "replace"))]
    assert naming == []


def test_the_locked_versions_satisfy_the_project():
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    pins = {
        canonicalize_name(found[1]): found[2]
        for found in re.finditer(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^ ;]+)", _run_requirements(), re.MULTILINE)
    }
    wanted = [Requirement(line) for line in tomllib.loads(_pyproject())["project"]["dependencies"]]
    wrong = [str(one) for one in wanted if pins.get(canonicalize_name(one.name), "0") not in one.specifier]
    assert wrong == []


def _run_requirements() -> str:
    return (ROOT / "requirements" / "run.txt").read_text("utf-8")


def _pyproject() -> str:
    return (ROOT / "pyproject.toml").read_text("utf-8")


def test_help_starts_without_heavy_libraries():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "scout", "--help"], capture_output=True, text=True, check=True
    )
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in imported
    assert imported & HEAVY == set()


def commands(group: Any, words: tuple[str, ...] = ("scout",)) -> Iterator[tuple[str, Any]]:
    for word, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*words, word))
        else:
            yield " ".join((*words, word)), command


def test_every_command_shows_an_example_of_itself():
    from scout.cli.app import app

    known = dict(commands(typer.main.get_command(app)))
    assert {"scout run", "scout inbox accept"} <= known.keys()
    examples = {words: (command.help or "").partition("Examples:")[2] for words, command in known.items()}
    assert [words for words, shown in examples.items() if not re.search(rf"\b{words}\b", shown)] == []


def test_every_command_can_answer_in_json():
    from scout.cli.app import app

    known = dict(commands(typer.main.get_command(app)))
    assert [w for w, command in known.items() if not any("--json" in one.opts for one in command.params)] == []


def test_the_wheel_has_both_packages_and_what_they_read(tmp_path: Path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("backlog_scout-*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    packages = {path.parts[0] for path in map(Path, inside) if not path.parts[0].endswith(".dist-info")}
    assert packages == {"scout", "assets"}
    needed = [
        name(path)
        for folder in ("scout", "assets")
        for path in our_files(f"{folder}/**/*")
        if path.suffix in {".py", ".sql", ".html", ".css", ".svg", ".md"} or path.name == "py.typed"
    ]
    assert "scout/py.typed" in needed
    assert [path for path in needed if path not in inside] == []
