"""Every scout keeps the promises that its own file makes: page, examples, evidence, stable identity."""

import inspect
import json
from pathlib import Path

import pytest

from scout.model import EvidenceKind, Finding, Outcome
from scout.registry import plugins
from scout.signals import Commit, Example, Moved, Scout, View, watch
from tests.plugins.building import add, build, git, last, viewed

SCOUTS = plugins(Scout, "scout.signals", "scout.scouts")
EXAMPLES = [
    pytest.param(scout, one, id=f"{name}: {one.name}") for name, scout in SCOUTS.items() for one in scout.examples
]
FIRING = [
    pytest.param(scout, one, id=f"{name}: {one.name}")
    for name, scout in SCOUTS.items()
    for one in scout.examples
    if one.finds
]
ALL = [pytest.param(scout, id=name) for name, scout in SCOUTS.items()]
SECTIONS = ("## Why it matters", "## What to do with it", "## Severity", "## Source")
FOUND_BY_NAME = {
    "Makefile": "GNUmakefile",
    ".github/CODEOWNERS": "docs/CODEOWNERS",
    "CHANGELOG.md": "docs/CHANGELOG.md",
    ".githooks/pre-commit": ".husky/pre-commit",
    "README.rst": "docs/README.rst",
    "app/requirements.txt": "srv/requirements.txt",
    "app/till.py": "shop/till.py",
    "conf/settings.py": "app/settings.py",
    "web/featureFlags.ts": "app/featureFlags.ts",
    "lefthook.yml": ".lefthook.yml",
    "app/jobs/copy_rates_job.rb": "app/workers/copy_rates_job.rb",
}
NOTES = {".md": "<!-- {} -->\n", ".go": "// {}\n", ".js": "// {}\n", ".ts": "// {}\n", ".tsx": "// {}\n"}


def offered(scout: type[Scout], view: View) -> list[Finding]:
    findings, looks = watch(view, [scout(scout.settings(offer=True))])
    assert [look.outcome for look in looks if look.outcome is Outcome.ERROR] == [], looks
    return [finding for finding in findings if finding.offered]


def note(path: str, text: str) -> str:
    """Return a comment line in the language of a file."""
    return NOTES.get(Path(path).suffix, "# {}\n").format(text)


def with_note(content: str, line: int | None, path: str, text: str) -> str:
    lines = content.splitlines(keepends=True)
    at = (line or 2) - 1
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())] if at < len(lines) else ""
    return "".join([*lines[:at], indent, note(path, text), *lines[at:]])


def named(finding: Finding) -> str:
    """Return what a reader must be told about the first place: its path or key, or the beginning of a commit."""
    first = finding.evidence[0]
    return first.locator[:7] if first.kind is EvidenceKind.COMMIT else first.path


def in_a_file(finding: Finding) -> bool:
    """Return whether the first place is in a file of the project, so that its lines may move."""
    return finding.evidence[0].kind is EvidenceKind.FILE and not finding.evidence[0].project


@pytest.mark.parametrize(("scout", "example"), EXAMPLES)
def test_an_example_brings_exactly_what_it_promises(scout: type[Scout], example: Example, tmp_path: Path):
    with viewed(build(tmp_path / "it", example.commits), example.now, example) as view:
        found = offered(scout, view)

    assert [(finding.subject, finding.evidence[0].locator) for finding in found] == list(example.finds)


@pytest.mark.parametrize("scout", ALL)
def test_a_scout_has_an_example_that_fires_and_one_that_stays_quiet(scout: type[Scout]):
    assert any(example.finds for example in scout.examples)
    assert any(not example.finds for example in scout.examples)


@pytest.mark.parametrize("scout", ALL)
def test_a_scout_is_named_after_its_file_and_has_a_page(scout: type[Scout]):
    page = inspect.cleandoc(scout.__doc__ or "")

    assert scout.id == scout.__module__.rpartition(".")[2].replace("_", "-")
    assert page.partition("\n\n")[0].endswith(".")
    assert [section for section in SECTIONS if section not in page] == []
    assert scout.since
    assert scout.reads


@pytest.mark.parametrize(("scout", "example"), FIRING)
def test_evidence_can_be_opened_by_anybody_with_git(scout: type[Scout], example: Example, tmp_path: Path):
    folder = build(tmp_path / "it", example.commits)
    with viewed(folder, example.now, example) as view:
        found = offered(scout, view)

    for one in (evidence for finding in found for evidence in finding.evidence):
        assert one.resolved or one.kind is EvidenceKind.METRIC
        there = folder.with_name(f"{folder.name}-{one.project}") if one.project else folder
        if one.kind is EvidenceKind.COMMIT:
            assert git(there, "cat-file", "-t", one.locator).strip() == "commit"
        if one.kind is EvidenceKind.FILE:
            content = git(there, "show", f"{one.sha}:{one.path}")
            assert one.line is None or one.seen in " ".join(content.splitlines()[one.line - 1].split())


@pytest.mark.parametrize(("scout", "example"), FIRING)
def test_a_finding_reads_like_an_issue(scout: type[Scout], example: Example, tmp_path: Path):
    with viewed(build(tmp_path / "it", example.commits), example.now, example) as view:
        found = offered(scout, view)

    for finding in found:
        assert len(finding.story.title) <= 90
        assert not finding.story.title.endswith(".")
        assert named(finding) in finding.story.current
        assert all(part.endswith(".") for part in (finding.story.current, finding.story.why, finding.story.wanted))
        assert finding.story.acceptance


@pytest.mark.parametrize(("scout", "example"), FIRING)
def test_a_fingerprint_survives_lines_inserted_above(scout: type[Scout], example: Example, tmp_path: Path):
    folder = build(tmp_path / "it", example.commits)
    with viewed(folder, example.now, example) as view:
        before = offered(scout, view)
    if not in_a_file(before[0]):
        return
    paths = {
        evidence.path
        for finding in before
        for evidence in finding.evidence
        if evidence.kind is EvidenceKind.FILE and evidence.line and not evidence.project
    }
    moved = {
        path: note(path, "a line") * 7 + "\n" + (folder / path).read_text()
        for path in paths
        if "." in path or path == "Makefile"
    }
    add(folder, Commit(last(example), moved))
    with viewed(folder, example.now, example) as view:
        after = offered(scout, view)

    assert [finding.fingerprint for finding in after] == [finding.fingerprint for finding in before]


@pytest.mark.parametrize(("scout", "example"), FIRING)
def test_a_fingerprint_survives_a_rename(scout: type[Scout], example: Example, tmp_path: Path):
    folder = build(tmp_path / "it", example.commits)
    with viewed(folder, example.now, example) as view:
        before = offered(scout, view)
    if not in_a_file(before[0]):
        return
    old = before[0].evidence[0].path
    new = FOUND_BY_NAME.get(old) or str(Path(old).with_name(f"renamed{Path(old).suffix}"))
    callers = {
        str(path.relative_to(folder)): path.read_text().replace(old, new)
        for path in folder.rglob("*")
        if path.is_file() and ".git/" not in f"{path.relative_to(folder)}/" and old in path.read_text()
    }
    add(folder, Commit(last(example), {**callers, new: Moved(old)}))
    with viewed(folder, example.now, example) as view:
        after = offered(scout, view)

    assert {finding.fingerprint for finding in after} == {finding.fingerprint for finding in before}


@pytest.mark.parametrize(("scout", "example"), FIRING)
def test_an_inline_comment_with_a_reason_opts_a_place_out(scout: type[Scout], example: Example, tmp_path: Path):
    folder = build(tmp_path / "it", example.commits)
    with viewed(folder, example.now, example) as view:
        before = offered(scout, view)
    first = before[0].evidence[0]
    if not in_a_file(before[0]):
        return
    changed = with_note(
        (folder / first.path).read_text(), first.line, first.path, f"scout: ignore[{scout.id}] meant so"
    )
    add(folder, Commit(last(example), {first.path: changed}))
    with viewed(folder, example.now, example) as view:
        findings, _ = watch(view, [scout(scout.settings(offer=True))])

    same = next(finding for finding in findings if finding.fingerprint == before[0].fingerprint)
    assert (not same.offered and same.because == "opted out: meant so") or len(same.evidence) < len(before[0].evidence)


@pytest.mark.parametrize(("scout", "example"), FIRING)
def test_the_same_commit_and_clock_give_the_same_bytes_in_any_order(
    scout: type[Scout], example: Example, tmp_path: Path
):
    folder = build(tmp_path / "it", example.commits)
    said: list[str] = []
    scouts: list[type[Scout]] = list(SCOUTS.values())
    chosen = [one() for one in scouts]
    for order in (chosen, chosen[::-1]):
        with viewed(folder, example.now, example) as view:
            findings, looks = watch(view, order)
        said.append(json.dumps([value.model_dump(mode="json") for value in (*findings, *looks)]))

    assert said[0] == said[1]
    assert scout.id in said[0]
