from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from scout.errors import UnavailableError
from scout.model import Evidence, EvidenceKind, Finding, Outcome, Story, WorkKind
from scout.repository import Repository
from scout.settings import SignalSettings
from scout.signals import MOST_OFFERED, Commit, Example, NotApplicable, Reads, Scout, View, _watch, watch
from scout.signals._evidence import at_line
from scout.signals.code.temporary_old import TemporaryOld
from tests.making import Made
from tests.plugins.building import build, git, viewed

STORY = Story(
    title="Mend it", current="It is so.", why="It costs.", wanted="It is not so.", acceptance=("`true` succeeds.",)
)


def finding(signal: str, subject: str, *evidence: Evidence, severity: int = 1, score: float = 0.5) -> Finding:
    return Finding(
        signal=signal,
        subject=subject,
        severity=severity,
        score=score,
        kind=WorkKind.BUG,
        story=STORY,
        evidence=evidence,
    )


class Many(Scout):
    """Finds as many things as it is told to, in the wrong order."""

    id: ClassVar[str] = "many"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE})
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = ()
    number: ClassVar[int] = 20

    def look(self, view: View) -> Iterator[Finding]:  # noqa: ARG002 the same answer everywhere
        for number in range(self.number):
            yield finding(self.id, f"thing {number:02}", at_line("a.py", 1, "x = 1"), severity=1 + number % 3)


class Few(Many):
    """The same with a cap of its own."""

    id: ClassVar[str] = "few"
    cap: ClassVar[int | None] = 3


class Liar(Many):
    """Says what is not there."""

    id: ClassVar[str] = "liar"

    def look(self, view: View) -> Iterator[Finding]:  # noqa: ARG002 the same answer everywhere
        yield finding(self.id, "wrong line", at_line("a.py", 9, "x = 1"))
        yield finding(self.id, "wrong text", at_line("a.py", 1, "y = 2"))
        yield finding(self.id, "no file", at_line("b.py", 1, "x = 1"))
        yield finding(self.id, "no commit", Evidence(kind=EvidenceKind.COMMIT, locator="0" * 40, seen="x"))
        yield finding(self.id, "true", at_line("a.py", 1, "x = 1"))
        yield finding(self.id, "true", at_line("a.py", 1, "x = 1"))


class Broken(Many):
    """Fails halfway."""

    id: ClassVar[str] = "broken"
    fault: ClassVar[Exception] = ZeroDivisionError("so\nmuch")

    def look(self, view: View) -> Iterator[Finding]:  # noqa: ARG002 the same answer everywhere
        yield finding(self.id, "half", at_line("a.py", 1, "x = 1"))
        raise self.fault


class Blind(Broken):
    """Cannot be had."""

    id: ClassVar[str] = "blind"
    fault: ClassVar[Exception] = UnavailableError("No history.", "Fetch it.")


class Beside(Broken):
    """Has no meaning here."""

    id: ClassVar[str] = "beside"
    fault: ClassVar[Exception] = NotApplicable("there is nothing of the kind")


@pytest.fixture
def view(tmp_path: Path) -> Iterator[View]:
    with viewed(build(tmp_path, [Commit("2024-01-01", {"a.py": "x = 1\n"})]), "2024-02-01") as seen:
        yield seen


def test_a_faulty_scout_does_not_stop_the_others(view: View):
    findings, looks = watch(view, [Broken(), Blind(), Beside(), Few()])

    assert {look.signal: (look.outcome, look.reason) for look in looks} == {
        "beside": (Outcome.NOT_APPLICABLE, "there is nothing of the kind"),
        "blind": (Outcome.UNAVAILABLE, "No history. Fetch it."),
        "broken": (Outcome.ERROR, "ZeroDivisionError: so much"),
        "few": (Outcome.PRESENT, ""),
    }
    assert {one.signal for one in findings} == {"few"}


def test_evidence_that_does_not_hold_takes_its_finding_with_it(view: View):
    findings, (look,) = watch(view, [Liar()])

    assert [(one.subject, one.evidence[0].resolved, one.evidence[0].sha) for one in findings] == [
        ("true", True, view.tree.sha)
    ]
    assert look.reason.startswith("five findings left out")


def test_what_is_over_a_cap_stays_in_the_list_with_the_reason(view: View):
    findings, _ = watch(view, [Few(), Many()])

    offered = [one for one in findings if one.offered]
    assert len(findings) == 40
    assert len(offered) == MOST_OFFERED
    assert sum(one.signal == "few" for one in offered) == 3
    assert all(one.because for one in findings if not one.offered)
    assert [one.severity for one in findings] == sorted((one.severity for one in findings), reverse=True)


@pytest.mark.parametrize(("said", "offered"), [(None, False), (True, True), (False, False)])
def test_a_scout_on_trial_finds_and_offers_nothing_unless_settings_say_so(
    *, view: View, said: bool | None, offered: bool, monkeypatch: pytest.MonkeyPatch
):
    def trial(signal: str) -> str:
        return "on trial" if signal == "few" else ""

    monkeypatch.setattr(_watch, "on_trial", trial)
    findings, (look,) = watch(view, [Few(SignalSettings(offer=said))])

    assert look.findings == len(findings) == 20
    assert any(one.offered for one in findings) is offered
    assert all(one.because for one in findings if not one.offered)


def test_settings_keep_back_what_any_scout_finds(view: View):
    findings, _ = watch(view, [Many(SignalSettings(offer=False))])

    assert {one.because for one in findings} == {"the settings say `offer = false`"}


def test_a_shallow_clone_makes_ages_unavailable(tmp_path: Path):
    whole = build(
        tmp_path / "whole",
        [Commit("2024-01-01", {"a.py": "# remove after 2020-01-01\n"}), Commit("2024-01-02", {"b.py": "x = 1\n"})],
    )
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{whole}", "cut")
    with viewed(tmp_path / "cut", "2025-01-01") as cut:
        findings, (look,) = watch(cut, [TemporaryOld()])

    assert findings == ()
    assert look.outcome is Outcome.UNAVAILABLE
    assert "shallow" in look.reason


def test_files_that_are_not_in_the_clone_are_never_taken_for_absent(tmp_path: Path):
    whole = build(tmp_path / "whole", [Commit("2024-01-01", {"a.py": "# remove after 2020-01-01\n"})])
    blob = git(whole, "rev-parse", "HEAD:a.py").strip()
    (whole / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with viewed(whole, "2025-01-01") as partial:
        findings, (look,) = watch(partial, [TemporaryOld()])

    assert findings == ()
    assert look.outcome is Outcome.UNAVAILABLE
    assert look.reason == "one file could not be read in this clone, first 'a.py'."


def test_an_empty_reason_still_opts_out_and_says_so(tmp_path: Path):
    files = {"a.py": "# scout: ignore[temporary-old, other]\n# TODO: remove once #123 is fixed\nx = 1\n"}
    with viewed(build(tmp_path, [Commit("2024-01-01", files)]), "2025-01-01") as seen:
        (one,), _ = watch(seen, [TemporaryOld()])

    assert (one.offered, one.because) == (False, "opted out: no reason given")


class Reader(Many):
    """Reads a file and finds nothing."""

    id: ClassVar[str] = "reader"

    def look(self, view: View) -> Iterator[Finding]:
        view.tree.text("a.py")
        yield from ()


class SecondReader(Reader):
    """Likewise."""

    id: ClassVar[str] = "second-reader"


def test_every_scout_that_misses_a_file_says_so(tmp_path: Path):
    made = Made(tmp_path / "rocket")
    sha = made.commit({"a.py": "x = 1\n"})
    made.forget("HEAD:a.py")
    with Repository.open(made.path) as repository:
        _, looks = watch(View.of(repository, sha, made.clock), [Reader(), SecondReader()])
    assert {look.signal: look.outcome for look in looks} == {
        "reader": Outcome.UNAVAILABLE,
        "second-reader": Outcome.UNAVAILABLE,
    }
