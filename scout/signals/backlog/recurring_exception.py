"""`recurring-exception`: what is treated as an exception happens often enough to deserve a better path."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import ClassVar

from scout.model import Evidence, EvidenceKind, Finding, Story, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View, row
from scout.signals._evidence import at_commit, at_pull_request, at_run, at_ticket, metric
from scout.signals._flow import FlowFacts, Member, Recurring
from scout.signals._words import counted, listed
from scout.signals.backlog._repeats import is_exception, told_already
from scout.signals.backlog._rows import done, linked
from scout.warehouse.records import ChangeRow, RunRow

_FEWEST = 5
_ALIKE = 0.5
_LATELY, _FEWEST_LATELY = timedelta(days=730), 3
_GRAVE = 10
_SHOWN = 8
_REPAIRS = frozenset({"fix", "hot fix", "revert"})
_WORDS = (
    "Import of orders fails at midnight",
    "Orders import fails again",
    "Import of orders failed, run by hand",
    "Midnight import of orders broken",
    "Orders of Monday: import fails",
)
_TICKETS = tuple(
    done(str(number), text, f"2024-0{number}-03", labels=["bug"], created_at=f"2024-0{number}-01")
    for number, text in enumerate(_WORDS, start=1)
)


def _members(number: int = 5, year: int = 2024) -> tuple[Member, ...]:
    return tuple(
        Member(kind="ticket", locator=str(place), text=text, day=date(year, place, 1))
        for place, text in reversed([*enumerate(_WORDS, start=1)][:number])
    )


def _flow(members: tuple[Member, ...], alike: float = 0.6) -> FlowFacts:
    return FlowFacts(recurring=(Recurring(name="import orders", members=members, waited=12.0, alike=alike),))


class RecurringException(Scout):
    """Tickets about failures, reverts, hot fixes and failed jobs that are alike come again and again.

    Clusters are made of titles by the words they share and the way in which they go wrong (see `scout flow`, what
    repeats), under different names; commits are read where no tracker tells what was merged. Told are those of five
    members or more that mostly are exceptions: reverts, hot fixes, fixes, failed jobs, tickets with a label or type of
    bug or incident, or with words of failure. Three at least are of the last two years, and they are alike by half.
    What `recurring-request` and `duplicate-tickets` are about is passed over: tickets that the tracker links as
    duplicates, and of which most are open. All members are evidence.

    ## Why it matters
    Each is treated as an exception, by somebody who leaves what they were at. Together they are a kind of work that
    has no path of its own, and that nobody ever planned.

    ## What to do with it
    Read them together. Remove the cause, or make the exception ordinary: a command, a check, a page, a queue of its
    own. Reject the candidate if the likeness is in the words alone.

    ## Severity
    3 with ten or more in the last two years, else 2.

    ## Source
    Beyer et al., Site Reliability Engineering, chapter 5, Eliminating Toil (2016); Aslam, Pelekhov and Rus, The star
    clustering algorithm (2004).
    """

    id: ClassVar[str] = "recurring-exception"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.FLOW})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    cap: ClassVar[int | None] = 3
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The import of orders fails five times, each time in other words",
            (),
            "2024-08-01",
            (Expected("import orders", "5"),),
            _TICKETS,
            flow=_flow(_members()),
        ),
        Example(
            "Reverts, fixes and a failed job are exceptions by their kind",
            (),
            "2024-08-01",
            (Expected("import orders", "9"),),
            (
                *(row(ChangeRow, key=str(key), title=f"Orders {key}", state="merged") for key in (6, 7, 8)),
                row(RunRow, key="9", url="https://ci.example.org/9"),
            ),
            flow=_flow(
                (
                    Member(kind="failed job", locator="https://ci.example.org/9", text="orders", day=date(2024, 7, 1)),
                    *(Member(kind="fix", locator=str(key), text="Orders", day=date(2024, 6, key)) for key in (8, 7)),
                    Member(kind="revert", locator="6", text="Orders", day=date(2024, 5, 1)),
                    Member(kind="hot fix", locator="gone", text="Orders", day=date(2024, 4, 1)),
                )
            ),
        ),
        Example(
            "Labels say that they are bugs",
            (),
            "2024-08-01",
            (Expected("import orders", "5"),),
            _TICKETS,
            flow=_flow(tuple(one.model_copy(update={"text": "Orders of today"}) for one in _members())),
        ),
        Example(
            "Words say that they failed",
            (),
            "2024-08-01",
            (Expected("import orders", "5"),),
            tuple(one._replace(labels=[]) for one in _TICKETS),
            flow=_flow(_members()),
        ),
        Example(
            "They are linked, and not as duplicates",
            (),
            "2024-08-01",
            (Expected("import orders", "5"),),
            (*_TICKETS, *(linked(str(number), "relates", "1") for number in range(2, 6))),
            flow=_flow(_members()),
        ),
        Example(
            "They are linked as duplicates of others",
            (),
            "2024-08-01",
            (Expected("import orders", "5"),),
            (*_TICKETS, *(linked(str(number), "duplicates", "77") for number in range(2, 6))),
            flow=_flow(_members()),
        ),
        Example("Four times", (), "2024-08-01", (), _TICKETS, flow=_flow(_members(4))),
        Example("They are hardly alike", (), "2024-08-01", (), _TICKETS, flow=_flow(_members(), 0.45)),
        Example("The last two years had none", (), "2027-08-01", (), _TICKETS, flow=_flow(_members())),
        Example(
            "They ask for something new",
            (),
            "2024-08-01",
            (),
            tuple(done(one.key, f"Colours for {one.key}", "2024-06-01") for one in _TICKETS),
            flow=_flow(tuple(one.model_copy(update={"text": f"Colours for {one.locator}"}) for one in _members())),
        ),
        Example(
            "The tracker links them as duplicates",
            (),
            "2024-08-01",
            (),
            (*_TICKETS, *(linked(str(number), "duplicates", "1") for number in range(2, 6))),
            flow=_flow(_members()),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each exception that repeats."""
        for one in view.flow.recurring:
            lately = sum(each.day >= view.now.date() - _LATELY for each in one.members)
            if len(one.members) < _FEWEST or lately < _FEWEST_LATELY or one.alike < _ALIKE:
                continue
            if 2 * sum(is_exception(view, each) for each in one.members) <= len(one.members):
                continue
            if told_already(view, one.members):
                continue
            shown = _evidence(view, one.members)
            yield Finding(
                signal=self.id,
                subject=one.name,
                identity=f"since {one.members[-1].kind} {one.members[-1].locator}",
                severity=3 if lately >= _GRAVE else 2,
                kind=self.kind,
                story=_story(one, lately, shown),
                evidence=shown,
                score=round(min(0.9, 0.4 + one.alike / 2), 3),
            )


def _evidence(view: View, members: Sequence[Member]) -> tuple[Evidence, ...]:
    commits = view.commits(sorted(one.locator for one in members if one.kind in _REPAIRS))
    return tuple(_at(view, one, commits.get(one.locator, "")) for one in members)


def _at(view: View, one: Member, commit: str) -> Evidence:
    said = f"{one.kind}, {one.day.isoformat()}: {one.text}"
    if one.kind == "ticket":
        return at_ticket(one.locator, said)
    if one.locator in view.core.changes:
        return at_pull_request(one.locator, said)
    if commit:
        return at_commit(commit, said)
    run = next((key for key, row in view.core.runs.items() if one.locator in {key, row.url}), "")
    return at_run(run, said) if run else metric(one.locator, said)


def _story(one: Recurring, lately: int, shown: Sequence[Evidence]) -> Story:
    number = len(one.members)
    places = [at.locator[:12] if at.kind is EvidenceKind.COMMIT else at.locator for at in shown]
    named = zip(places, one.members, strict=True)
    told = [f"`{place}` ({each.day:%Y-%m}: {each.text[:70]})" for place, each in named]
    waited = f" Together they took {one.waited:,.0f} days." if one.waited >= 1 else ""
    return Story(
        title=f"Give '{one.name}' a path of its own: it came up {number} times"[:90],
        current=(
            f"Between {one.members[-1].day.isoformat()} and {one.members[0].day.isoformat()} the like of this came up "
            f"{number} times under different names, {counted(lately, 'time')} in the last two years: "
            f"{listed(told, _SHOWN)}.{waited}"
        ),
        why=(
            "Each was treated as an exception: somebody left what they were at, and found out again what had been "
            "found out before. Together it is a kind of work that nobody planned."
        ),
        wanted=(
            "The cause is gone, or the case is ordinary: a command, a check, a setting or a page that deals with it "
            "without a ticket of its own."
        ),
        acceptance=(
            "A note says what the cases above have in common, and which of them are of another kind.",
            "The next case is dealt with on the new path, or can no longer come up.",
        ),
        scope=tuple(f"`{place}`" for place in places[:_SHOWN]),
        non_goals=("One more repair of the same kind.",),
        size="M",
    )
