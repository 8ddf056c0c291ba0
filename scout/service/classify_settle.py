"""Tickets that nobody could decide, in batches that a person settles with one word each; and taking that back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from scout.errors import ConflictError, UsageError
from scout.ledger import Entry as Event
from scout.ledger.labelling import Relabelling
from scout.lifecycle import register
from scout.lifecycle.register import SETTLED, Entry
from scout.model import Frozen, Report, digest
from scout.model.names import nearest
from scout.service.classify_runs import Phase, Run, run_called
from scout.service.classify_standing import restate
from scout.service.wiring import Workspace

SIZE: Final = 8
"""Tickets of a batch at most: as many as a person can look at before one key settles them."""
_READ = 4_000
_KEYS = "123456789bcdefghilmnprtvwxz"
"""Keys for classes; the other letters are for what a person does with a batch."""


class Meaning(Frozen):
    """A class that a ticket can be settled as; `key` is the key for it."""

    key: str
    id: str
    name: str
    definition: str


class UnsettledTicket(Frozen):
    """A ticket in doubt: what was guessed, how surely, and why."""

    number: int
    key: str
    title: str
    confidence: float
    reason: str
    quotation: str
    doubt: str


class Batch(Frozen):
    """Tickets of one project with the same guess for the same reason.

    Attributes:
        meaning: the guess; `second` the runner-up.
    """

    id: str
    project: str
    meaning: str
    second: str
    why: str
    tickets: tuple[UnsettledTicket, ...]


class Unsettled(Report):
    """What of a run waits for a person.

    Attributes:
        tickets: how many in all; the batches hold the least sure of them.
    """

    schema_id: ClassVar[str] = "scout.classification.unsettled/1"

    run: str
    taxonomy: str
    tickets: int
    classes: tuple[Meaning, ...]
    batches: tuple[Batch, ...]


class SettleReport(Report):
    """What a person has settled.

    Attributes:
        changed: how many of the tickets have another class than was guessed.
        left: tickets of the run that are still in doubt.
    """

    schema_id: ClassVar[str] = "scout.classification.settled/1"

    run: str
    meaning: str
    tickets: tuple[str, ...]
    changed: int
    left: int


def unsettled(work: Workspace, name: str | None = None) -> Unsettled:
    """Return what of a run waits for a person, the newest run by default.

    Raises:
        UsageError: there is no such run, or it is not finished.
    """
    run = _joined(work, name)
    taxonomy = run.taxonomy()
    with register.opened(run.folder) as kept:
        total, doubtful = kept.number("doubtful"), kept.doubtful(_READ)
    classes = tuple(
        Meaning(key=_key(place), id=one.id, name=one.name, definition=one.definition)
        for place, one in enumerate(taxonomy.classes, 1)
    )
    batches = tuple(_batches(run.name, doubtful))
    return Unsettled(run=run.name, taxonomy=taxonomy.id, tickets=total, classes=classes, batches=batches)


def settle(  # noqa: PLR0913 - what a person may say
    work: Workspace,
    name: str | None,
    which: Sequence[str],
    meaning: str = "",
    *,
    actor: str = "reviewer",
    later: bool = False,
) -> SettleReport:
    """Give tickets the class that a person says.

    Args:
        work: the workspace.
        name: the run; the newest one by default.
        which: batches by their ids, tickets by their numbers in the run, or by `project key`.
        meaning: the class; by default what was guessed.
        actor: the role or label to keep beside it.
        later: leave it to the next run to count with that, so that nobody waits for the warehouse.

    Raises:
        UsageError: there is no such run, class, batch or ticket in doubt.
        ConflictError: the label of a ticket has been accepted already.
    """
    run = _joined(work, name)
    taxonomy = run.taxonomy()
    if meaning and meaning not in taxonomy.names:
        near = nearest(meaning, taxonomy.names)
        remedy = f"Did you mean '{near}'?" if near else f"There are: {', '.join(taxonomy.names)}."
        raise UsageError(f"'{meaning}' is no class of {taxonomy.name}.", remedy)
    with register.opened(run.folder) as kept:
        chosen = _chosen(run.name, kept.doubtful(_READ), which)
        _check_free(work, run, chosen)
        for one in chosen:
            kept.settle(one.number, meaning or one.meaning or taxonomy.fallback)
        after = kept.named(one.number for one in chosen)
        left = kept.number("doubtful")
    if not later:
        restate(work, run)
    changed = sum(now.meaning != was.meaning for now, was in zip(after, chosen, strict=True))
    _tell(work, run, "settled", actor, after)
    return _report(run, meaning, after, changed, left)


def unsettle(
    work: Workspace, name: str | None, numbers: Iterable[int], *, actor: str = "reviewer", later: bool = False
) -> SettleReport:
    """Take back what a person has settled: the guess and its doubt stand again; `later` as in `settle`.

    Raises:
        UsageError: there is no such run, or nobody has settled these.
    """
    run = _joined(work, name)
    with register.opened(run.folder) as kept:
        found = kept.named(numbers)
        _check_free(work, run, found)
        back = [one for one in found if kept.unsettle(one.number)]
        if not back:
            raise UsageError("Nobody has settled these.", "See: scout classify settle")
        after = kept.named(one.number for one in back)
        left = kept.number("doubtful")
    if not later:
        restate(work, run)
    _tell(work, run, "unsettled", actor, after)
    return _report(run, "", after, 0, left)


def _joined(work: Workspace, name: str | None) -> Run:
    run = run_called(work, name)
    phase = run.state().phase
    if phase is not Phase.JOINED:
        raise UsageError(f"The run {run.name} is {phase}: nothing of it can be settled.", "See: scout classify status")
    return run


def _batches(run: str, doubtful: Sequence[Entry]) -> Iterator[Batch]:
    groups: dict[tuple[str, str, str], list[Entry]] = {}
    for one in doubtful:
        groups.setdefault((one.project, one.meaning or "", one.reason or ""), []).append(one)
    for (project, meaning, why), entries in sorted(groups.items(), key=lambda group: -len(group[1])):
        for some in (entries[at : at + SIZE] for at in range(0, len(entries), SIZE)):
            yield Batch(
                id=_name(run, some),
                project=project,
                meaning=meaning,
                second=some[0].second or "",
                why=why,
                tickets=tuple(_ticket(one) for one in some),
            )


def _chosen(run: str, doubtful: Sequence[Entry], which: Sequence[str]) -> list[Entry]:
    batches = {one.id: {ticket.number for ticket in one.tickets} for one in _batches(run, doubtful)}
    names = {name: one.number for one in doubtful for name in (str(one.number), f"{one.project} {one.key}")}
    wanted = set[int]()
    for name in which:
        found = batches.get(name) or ({names[name]} if name in names else None)
        if found is None:
            raise UsageError(f"'{name}' is no batch or ticket in doubt.", "See: scout classify settle --list")
        wanted |= found
    return sorted((one for one in doubtful if one.number in wanted), key=lambda one: one.number)


def _check_free(work: Workspace, run: Run, entries: Sequence[Entry]) -> None:
    """Raise where a label is on its way already: it would say something else than the class."""
    accepted = {(one.project, one.ticket) for one in Relabelling(work.ledger).intents(run.name, outstanding=False)}
    late = next((one for one in entries if (one.project, one.key) in accepted), None)
    if late is not None:
        what = f"The label of {late.key} in {late.project} has been accepted already."
        raise ConflictError(what, "Set another one in the tracker: what a person sets there stands.")


def _tell(work: Workspace, run: Run, verb: str, actor: str, entries: Sequence[Entry]) -> None:
    for project in dict.fromkeys(one.project for one in entries):
        told = {one.key: one.meaning for one in entries if one.project == project}
        event = Event(
            at=work.now,
            actor=actor,
            verb=f"classify: {verb}",
            project=project,
            subject=run.name,
            details={"classes": told},
        )
        work.ledger.audit(event)


def _report(run: Run, meaning: str, entries: Sequence[Entry], changed: int, left: int) -> SettleReport:
    tickets = tuple(f"{one.project} {one.key}" for one in entries)
    said = meaning or next((one.meaning for one in entries if one.rule == SETTLED and one.meaning), "")
    return SettleReport(run=run.name, meaning=said, tickets=tickets, changed=changed, left=left)


def _ticket(one: Entry) -> UnsettledTicket:
    return UnsettledTicket(
        number=one.number,
        key=one.key,
        title=one.title,
        confidence=one.confidence or 0.0,
        reason=one.reason or "",
        quotation=one.quotation or "",
        doubt=one.doubt,
    )


def _name(run: str, entries: Sequence[Entry]) -> str:
    return f"b-{digest(run, [one.number for one in entries], length=6)}"


def _key(place: int) -> str:
    return _KEYS[place - 1] if place <= len(_KEYS) else ""
