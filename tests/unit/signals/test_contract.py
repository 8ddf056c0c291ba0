"""What a scout may rely on: what it reads is there, settings and siblings hold, nothing leaves its readers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from scout.errors import UnavailableError
from scout.model import Evidence, Finding, Outcome, Story, Visibility, WorkKind
from scout.settings import Ignore, SignalSettings
from scout.signals import Commit, Core, Example, NotApplicable, Reads, Scout, View, watch
from scout.signals._base import row
from scout.signals._evidence import at_line, at_path, at_pull_request, at_run, at_ticket, elsewhere, metric
from scout.warehouse.records import ChangeRow, RunRow, TicketRow
from tests.plugins.building import build, moment, viewed

STORY = Story(
    title="Mend it", current="It is so.", why="It costs.", wanted="It is not so.", acceptance=("`true` succeeds.",)
)
ROWS = (row(TicketRow, key="7"), row(ChangeRow, key="8"), row(RunRow, key="9"))


class Told(Scout):
    """Finds what it is told to."""

    id: ClassVar[str] = "told"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = ()

    def __init__(self, *evidence: Evidence, given: SignalSettings | None = None) -> None:
        super().__init__(given)
        self.evidence = evidence

    def look(self, view: View) -> Iterator[Finding]:  # noqa: ARG002 the same answer everywhere
        for one in self.evidence:
            yield Finding(
                signal=self.id,
                subject=one.locator,
                severity=1,
                kind=self.kind,
                story=STORY,
                evidence=(one,),
            )


@pytest.fixture
def view(tmp_path: Path) -> Iterator[View]:
    commits = [Commit("2024-01-01", {"a.py": "x = 1\n", "old/b.py": "y = 1\n"})]
    with viewed(build(tmp_path / "rocket", commits), "2024-02-01") as seen:
        yield replace(seen, core=Core.holding(ROWS), visibility=Visibility.INTERNAL)


def test_a_ticket_a_pull_request_and_a_run_have_to_exist(view: View):
    there = [at_ticket("7", "x"), at_pull_request("8", "x"), at_run("9", "x"), metric("count of x", "4")]
    not_there = [at_ticket("8", "x"), at_pull_request("7", "x"), at_run("7", "x")]

    findings, (look,) = watch(view, [Told(*there, *not_there)])

    resolved = {one.evidence[0].locator: one.evidence[0].resolved for one in findings}
    assert resolved == {"7": True, "8": True, "9": True, "count of x": False}
    assert look.reason.startswith("three findings left out")


@pytest.mark.parametrize(
    ("lacking", "outcome"),
    [
        (UnavailableError("Jira was not read.", "Run it."), Outcome.UNAVAILABLE),
        (NotApplicable("no tickets"), Outcome.NOT_APPLICABLE),
    ],
)
def test_what_cannot_be_read_is_never_absent(view: View, lacking: UnavailableError | NotApplicable, outcome: Outcome):
    blind = replace(view, lacking={Reads.TICKETS: lacking})

    findings, (look,) = watch(blind, [Told(at_ticket("7", "x"))])

    assert (findings, look.outcome, look.reason) == ((), outcome, str(lacking))


def test_a_project_without_checkout_has_no_tree_to_read():
    findings, (look,) = watch(View(None, moment("2024-02-01")), [TreeTold(at_line("a.py", 1, "x = 1"))])

    assert (findings, look.outcome, look.reason) == ((), Outcome.NOT_APPLICABLE, "the project has no checkout")


def test_settings_leave_places_out_with_a_reason(view: View):
    rules = (Ignore(path="old/", reason="on its way out"), Ignore(path="*.py", signals=("other",), reason="not mine"))

    findings, _ = watch(view, [Told(at_path("old/b.py", "x"), at_line("a.py", 1, "x = 1"))], rules)

    assert {one.subject: (one.offered, one.because) for one in findings} == {
        "a.py:1": (True, ""),
        "old/b.py": (False, "ignored by the settings: on its way out"),
    }


def test_a_scouts_own_settings_cap_it_and_leave_places_out(view: View):
    evidence = (at_path("old/b.py", "x"), at_path("a.py", "x"), at_ticket("7", "x"))

    findings, _ = watch(view, [Told(*evidence, given=SignalSettings(cap=1, ignore=("old/**",)))])

    assert [one.offered for one in findings].count(True) == 1
    assert next(one.because for one in findings if one.subject == "old/b.py").startswith("ignored by the settings")


@pytest.mark.parametrize(
    ("here", "there", "offered"),
    [
        (Visibility.PUBLIC, Visibility.PUBLIC, True),
        (Visibility.PRIVATE, Visibility.PUBLIC, True),
        (Visibility.INTERNAL, Visibility.INTERNAL, True),
        (Visibility.PRIVATE, Visibility.INTERNAL, True),
        (Visibility.PUBLIC, Visibility.INTERNAL, False),
        (Visibility.PRIVATE, Visibility.PRIVATE, False),
        (Visibility.INTERNAL, Visibility.PRIVATE, False),
    ],
)
def test_evidence_of_another_project_is_offered_only_where_every_reader_may_see_it(
    view: View, *, here: Visibility, there: Visibility, offered: bool
):
    portfolio = replace(view, visibility=here, siblings={"lander": replace(view, visibility=there)})

    ((one,), _) = watch(portfolio, [Told(elsewhere("lander", at_line("a.py", 1, "x = 1")))])

    assert (one.offered, one.evidence[0].resolved) == (offered, True)
    assert offered or "lander" in one.because


def test_evidence_of_a_project_that_is_not_there_takes_its_finding_with_it(view: View):
    findings, _ = watch(view, [Told(elsewhere("nowhere", at_line("a.py", 1, "x = 1")))])

    assert findings == ()


class TreeTold(Told):
    """Reads the tree."""

    id: ClassVar[str] = "tree-told"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE})
