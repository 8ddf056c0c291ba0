"""What the documents say is so: they are generated, extracted and run, or resolved."""

import importlib.util
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from scout.model import Outcome
from scout.registry import plugins
from scout.service.catalogue import kinds, listing
from scout.signals import Scout, watch
from tests.plugins.building import build, viewed

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ADRS = sorted((DOCS / "adr").glob("*.md"))
WRITTEN = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.glob("*.md")), *ADRS]
GENERATED = sorted((DOCS / "reference").rglob("*.md"))
FENCE = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path, language: str) -> Iterator[str]:
    for block in FENCE.finditer(path.read_text("utf-8")):
        if block[2] == language:
            yield block[3]


def prose(path: Path) -> str:
    return FENCE.sub("", path.read_text("utf-8"))


def generate(*arguments: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "docs" / "generate.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)


def test_the_reference_is_what_the_code_says():
    done = generate("--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_stale_is_named(tmp_path: Path):
    copy = tmp_path / "docs"
    for path in [*DOCS.rglob("*.py"), *GENERATED]:
        target = copy / path.relative_to(DOCS)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    generate(root=tmp_path)
    (copy / "reference" / "cli.md").write_text("old")
    (copy / "reference" / "gone.md").write_text("nobody generates this")

    done = generate("--check", root=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["stale: docs/reference/cli.md", "stale: docs/reference/gone.md"]
    assert "make docs" in done.stderr

    assert generate(root=tmp_path).returncode == 0
    assert generate("--check", root=tmp_path).returncode == 0
    assert not (copy / "reference" / "gone.md").exists()


@pytest.mark.parametrize("path", [*WRITTEN, *GENERATED], ids=name)
def test_links_lead_somewhere(path: Path):
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", re.sub(r"`[^`\n]*`", "", prose(path)))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", [*WRITTEN, *GENERATED], ids=name)
def test_anchors_lead_somewhere(path: Path):
    anchors = re.findall(r"\]\(#([^)]+)\)", prose(path))
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    known = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert [anchor for anchor in anchors if anchor not in known] == []


def test_commands_in_the_documents_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    reference = (DOCS / "reference" / "cli.md").read_text("utf-8")
    known = set(re.findall(r"^## (scout .+)$", reference, re.MULTILINE))
    text = "\n".join(path.read_text("utf-8") for path in WRITTEN)
    made = set(re.findall(r"(?:`|\$ )make ([a-z]+)", text))
    said = {f"scout {word}" for word in re.findall(r"(?:`|\$ |/)scout ([a-z]+)", text)}
    assert made >= {"run", "test"}
    assert made - targets == set()
    assert {one for one in said if not any(command.startswith(one) for command in known)} == set()


def test_settings_in_the_documents_are_understood():
    from scout.settings import Settings

    examples = [block for path in WRITTEN for block in blocks(path, "toml")]
    assert examples
    for example in examples:
        assert Settings(**tomllib.loads(example)).project


def test_every_dependency_has_a_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[\[<>=~! ]", one)[0] for one in wanted}
    reasons = "\n".join(path.read_text("utf-8") for path in ADRS)
    assert sorted(one for one in names if f"`{one}`" not in reasons) == []


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_record_has_the_usual_form(path: Path):
    headings = re.findall(r"^##? (.+)$", path.read_text("utf-8"), re.MULTILINE)
    assert headings[0].startswith(f"{path.name[:4]}. ")
    assert headings[1:] == ["Context", "Decision", "Consequences", "Rivals"]
    assert len(path.read_text("utf-8").split()) < 500


def test_every_plugin_has_a_page_that_opens_with_one_sentence():
    summaries = {entry.id: entry.summary for kind in kinds() for entry in listing(kind).entries}
    assert {one: summary for one, summary in summaries.items() if not re.search(r"[.?]$", summary)} == {}


def test_every_scout_shows_what_fires_and_what_stays_quiet():
    for one in plugins(Scout, "scout.signals", "scout.scouts"):
        page = (DOCS / "reference" / "scouts" / f"{one}.md").read_text("utf-8")
        titles = re.findall("^### (.+)$", page, re.MULTILINE)
        assert any(title.startswith("Fires on") for title in titles)
        assert any(title.startswith("Stays quiet on") for title in titles)


def contributed(folder: Path) -> type[Scout]:
    """Return the scout of CONTRIBUTING.md, made from its text as a reader would make it."""
    (text,) = blocks(ROOT / "CONTRIBUTING.md", "python")
    file = folder / "conflict_marker.py"
    file.write_text(text)
    spec = importlib.util.spec_from_file_location("conflict_marker", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (found,) = (one for one in vars(module).values() if inspect.isclass(one) and one.__module__ == "conflict_marker")
    assert issubclass(found, Scout)
    return found


def test_the_scout_of_the_contributing_page_keeps_its_promises(tmp_path: Path):
    scout = contributed(tmp_path)
    assert scout.id not in plugins(Scout, "scout.signals", "scout.scouts")
    assert {bool(example.finds) for example in scout.examples} == {True, False}
    for number, example in enumerate(scout.examples):
        with viewed(build(tmp_path / str(number), example.commits), example.now) as view:
            findings, (look,) = watch(view, [scout()])
        assert look.outcome is (Outcome.PRESENT if example.finds else Outcome.ABSENT)
        assert [(one.subject, one.evidence[0].locator) for one in findings] == list(example.finds)
        assert all(one.evidence[0].resolved for one in findings)


@pytest.mark.parametrize("rule", [["check"], ["format", "--check"]], ids=" ".join)
def test_the_scout_of_the_contributing_page_passes_our_own_rules(rule: list[str]):
    (text,) = blocks(ROOT / "CONTRIBUTING.md", "python")
    stands_for = ["--no-cache", "--stdin-filename", "scout/signals/code/conflict_marker.py", "-"]
    command = [sys.executable, "-m", "ruff", *rule, *stands_for]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
