"""`missing-acceptance`: tickets that are to be taken next do not say when they are done."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, TicketState, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View, row
from scout.signals._evidence import at_ticket
from scout.signals._words import counted
from scout.signals.backlog._board import DAY, Board, natural
from scout.signals.backlog._rows import crowd, said, ticket
from scout.signals.backlog._words import are, each, name, over, some, spoken
from scout.warehouse.records import IterationRow, TicketRow

_SAYS_WHEN = re.compile(
    r"acceptance|definition of done|\bdone when\b|\bexpect(?:ed|s|ation)?\b|\bshould(?:n't)?\b|\bmust(?:n't)?\b"
    r"|\bshall\b|\bso that\b|\bgiven\b.+\bthen\b"
    r"|\bwe (?:want|need)\b|\b(?:needs?|ha(?:s|ve)|ought) to\b|\bsupport for\b|\bcurrently\b|\bgoals?\b"
    r"|\bdeliverables?\b|\bsuccess criteria\b|\bsteps to reproduce\b"
    r"|\bto reproduce\b|\binstead of\b|\bdesired\b"
    r"|\bproposed (?:solution|change)\b|^\s*[-*+]\s+\[[ xX]\]|^\s*(?:[-*#]|\d+[.)])\s+\S.*\n\s*(?:[-*#]|\d+[.)])\s+\S",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_FAILS = re.compile(
    r"\b(?:stop(?:s|ped)? working|(?:do|does|did)(?:n't| not) (?:work|build|start|run|show)|used to|previously"
    r"|regression|crash\w*|exception|error"
    r"|fail(?:s|ed|ure)?|broken|hangs?|freez\w+)\b",
    re.IGNORECASE,
)
_TOP = re.compile(
    r"^(?:(?:p|prio(?:rity)?)?[\s:/_-]*(?:0|1|critical|highest|urgent|blocker|showstopper|immediate))$", re.IGNORECASE
)
_SOON = 45
_SCARCE = 0.15
_LONG = 400
_FEWEST = 2
_NEXT = row(IterationRow, key="1", kind="milestone", name="2.0", state="open", due_at="2024-06-20")


class MissingAcceptance(Scout):
    """Tickets about to be taken that say neither what is expected nor when they are done.

    About to be taken are unstarted tickets of a sprint that runs, of a milestone or version whose day is within 45
    days, and those of the highest priority where few have it (15 % of the open ones at most). A ticket says when it is
    done by a list of acceptance criteria or of tasks, steps to reproduce, or words such as 'expected', 'should',
    'must', 'so that', in its text or comments; or by a text of 400 characters or more, or an address that has it; a
    defect by saying what fails.
    Wholes with parts and sub-tasks are passed over. All of a project are one finding, of two tickets or more.

    ## Why it matters
    Whoever takes such a ticket guesses what is wanted, and it comes back from review.

    ## What to do with it
    Write one to three facts that can be checked into each, or take it out of what is next.

    ## Severity
    2 with four tickets or more, else 1.

    ## Source
    Cohn, User Stories Applied (2004): conditions of satisfaction before the work begins.
    """

    id: ClassVar[str] = "missing-acceptance"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Two tickets of the next milestone have next to no text",
            (),
            "2024-06-01",
            (Expected(".", "1"),),
            (
                *crowd(12),
                _NEXT,
                ticket("1", "Print bills", milestone="2.0"),
                ticket("2", "Print labels", milestone="2.0", body="See the title."),
            ),
        ),
        Example(
            "Two urgent tickets of fourteen, one of an old milestone",
            (),
            "2024-06-01",
            (Expected(".", "1"),),
            (*crowd(12), ticket("1", "Print bills", priority="Critical"), ticket("2", "Print labels", priority="P0")),
        ),
        Example(
            "Tickets that say it, by words, lists, comments, addresses and length; sub-tasks, wholes and started ones",
            (),
            "2024-06-01",
            (),
            (
                *crowd(12),
                _NEXT,
                ticket("1", "One", milestone="2.0", body="Bills should have a number."),
                ticket("2", "Two", milestone="2.0", body="- [ ] number\n- [ ] date"),
                ticket("3", "Three", milestone="2.0"),
                said("3", "2024-02-01", "Acceptance: a bill has a number."),
                ticket("4", "Four", milestone="2.0", body="https://example.org/page"),
                ticket("5", "Five", milestone="2.0", body="A bill comes out of the printer. " * 20),
                ticket("6", "Six", milestone="2.0", parent="7"),
                ticket("7", "Seven", milestone="2.0"),
                ticket("8", "Eight", milestone="2.0", state="started"),
                ticket("9", "Nine", milestone="2.0"),
                ticket("11", "Eleven", milestone="2.0", kind="bug", body="The printer stopped working."),
                ticket("10", "Ten", milestone="2.0", state="backlog", parent="7"),
            ),
        ),
        Example(
            "Two tickets of the sprint that runs, beside one of the next and one of the last",
            (),
            "2024-06-01",
            (Expected(".", "1"),),
            (
                *crowd(12),
                row(
                    IterationRow,
                    key="2",
                    kind="sprint",
                    name="S2",
                    state="open",
                    starts_at="2024-05-25",
                    due_at="2024-09-01",
                ),
                ticket("1", "Print bills", milestone="S2"),
                ticket("2", "Print labels", milestone="S2"),
            ),
        ),
        Example(
            "Sprints that are closed, over, or to come; milestones that are closed or have no day",
            (),
            "2024-06-01",
            (),
            (
                *crowd(12),
                row(IterationRow, key="2", kind="sprint", name="S2", state="closed", due_at="2024-09-01"),
                row(IterationRow, key="3", kind="sprint", name="S3", state="open", due_at="2024-05-01"),
                row(
                    IterationRow,
                    key="4",
                    kind="sprint",
                    name="S4",
                    state="open",
                    starts_at="2024-08-01",
                    due_at="2024-09-01",
                ),
                row(IterationRow, key="5", kind="milestone", name="5.0", state="closed", due_at="2024-06-20"),
                row(IterationRow, key="6", kind="sprint", name="S6", state="open"),
                row(IterationRow, key="7", kind="milestone", name="7.0", state="open"),
                *(
                    ticket(f"{number}{name}", f"Print {number} for {name}", milestone=name)
                    for name in ("S2", "S3", "S4", "5.0", "S6", "7.0")
                    for number in (1, 2)
                ),
            ),
        ),
        Example(
            "The milestone is far away, or past, and half of all tickets are urgent",
            (),
            "2024-03-01",
            (),
            (
                *crowd(12, priority="Critical", created_at="2023-01-01"),
                _NEXT,
                ticket("1", "Print bills", milestone="2.0"),
                ticket("2", "Print labels", milestone="2.0"),
            ),
        ),
        Example(
            "A backlog of a month",
            (),
            "2024-06-01",
            (),
            (
                *crowd(12, created_at="2024-05-02"),
                _NEXT,
                ticket("1", "Print bills", milestone="2.0", created_at="2024-05-02"),
                ticket("2", "Print labels", milestone="2.0", created_at="2024-05-02"),
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for all tickets that come next and do not say when they are done."""
        board = Board(view)
        if not board.grown:
            return
        found = [(one, why) for one, why in _next(board, view) if not _says(board, one)]
        if len(found) >= _FEWEST:
            yield Finding(
                signal=self.id,
                subject=".",
                identity="acceptance",
                severity=2 if len(found) >= 4 else 1,  # noqa: PLR2004 as the page says
                kind=self.kind,
                story=_story(found),
                evidence=tuple(at_ticket(one.key, f"{why}, no criteria: {name(one)}") for one, why in found[:20]),
                score=0.65,
            )


def _next(board: Board, view: View) -> list[tuple[TicketRow, str]]:
    """Return what is about to be taken, in natural order, each with why."""
    soon = {
        one.name
        for one in view.core.of(IterationRow)
        if (one.kind == "sprint" and one.state == "open" and _runs(board, one)) or _is_soon(board, one)
    }
    waiting = [
        one for one in board.open if one.state != TicketState.STARTED and not one.parent and not board.children(one.key)
    ]
    urgent = [one for one in waiting if _TOP.match(one.priority.strip())]
    scarce = len(urgent) <= _SCARCE * len(board.open)
    found = {one.key: (one, f"priority '{one.priority}'") for one in urgent if scarce}
    found |= {one.key: (one, f"planned for '{one.milestone}'") for one in waiting if one.milestone in soon}
    return [found[key] for key in sorted(found, key=natural)]


def _is_soon(board: Board, one: IterationRow) -> bool:
    return one.state == "open" and one.due_at is not None and -7 * DAY <= one.due_at - board.now <= _SOON * DAY


def _runs(board: Board, one: IterationRow) -> bool:
    begun = one.starts_at is None or one.starts_at <= board.now
    return begun and one.due_at is not None and one.due_at >= board.now - 7 * DAY


def _says(board: Board, one: TicketRow) -> bool:
    texts = [one.body, *(each.body for each in board.comments(one.key))]
    own = spoken(one.body)
    if one.kind == WorkKind.BUG and _FAILS.search(own):
        return True
    return len(own) >= _LONG or "```" in one.body or any(_SAYS_WHEN.search(text) or "http" in text for text in texts)


def _story(found: list[tuple[TicketRow, str]]) -> Story:
    number, rows = len(found), [one for one, _ in found]
    names = some([f"{each([one])} ({name(one, 50)}, {why})" for one, why in found])
    return Story(
        title=over(f"Say when {counted(number, 'next ticket')} {are(number)} done", rows),
        current=(
            f"{counted(number, 'ticket').capitalize()} {are(number)} next and {'says' if number == 1 else 'say'} "
            "neither what "
            f"is expected nor when {'it is' if number == 1 else 'they are'} done: {names}"
            "."
        ),
        why="Whoever takes one of them guesses what is wanted, and the work comes back.",
        wanted="Each says in one to three facts that can be checked when it is done, or is not next any more.",
        acceptance=tuple(f"{each([one])} has acceptance criteria, or is not planned next." for one in rows[:8]),
        scope=tuple(each([one]) for one in rows[:12]),
        non_goals=("Doing the work itself.",),
    )
