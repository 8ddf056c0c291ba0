"""What was missing when tickets came back: their readiness as it was judged before that."""

from collections import Counter
from collections.abc import Mapping, Sequence

from scout.flow import FlowLog
from scout.flow.log import as_moment
from scout.flow.reading import ENOUGH
from scout.flow.returns import Return, returns
from scout.ledger.records import VerdictChange
from scout.model import Frozen, Readiness
from scout.model.readiness import Passing
from scout.service.wiring import Project, Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import verdicts


class Missing(Frozen):
    """A criterion that returned tickets had failed, and how many of them; five at least."""

    criterion: str
    tickets: int


class Returns(Frozen):
    """Tickets that came back, by what was known of their readiness then.

    Attributes:
        edges: from, to, how often; five times at least.
        n: returns in all.
        judged: of these, how many tickets had a verdict before they came back.
        not_ready: of those judged, how many were not ready then.
        missing: what these lacked, as far as their text is still the one that was judged.
        note: what to know about it, a complete sentence.
    """

    edges: tuple[tuple[str, str, int], ...] = ()
    n: int = 0
    judged: int = 0
    not_ready: int = 0
    missing: tuple[Missing, ...] = ()
    note: str = ""


def returned(work: Workspace, project: Project, log: FlowLog) -> Returns:
    """Return what is known of the tickets of a project that came back.

    Raises:
        StoreError: the ledger or the warehouse cannot be read.
    """
    found = returns(log)
    if not found:
        return Returns(note="No ticket came back, or the source tells no history of states.")
    keys = sorted({one.key for one in found})
    history = work.ledger.verdict_history(project.id, keys)
    try:
        with work.warehouse.reading() as connection:
            now = verdicts.read(connection, project.id)
    except NoWarehouseError:
        now = {}
    return summed(found, history, now)


def summed(found: Sequence[Return], history: Sequence[VerdictChange], now: Mapping[str, Readiness]) -> Returns:
    """Return how many came back, how many were not ready then, and what these lacked.

    Args:
        found: returns, in any order.
        history: recorded changes of readiness, oldest first.
        now: readiness as it is now, by ticket; where its digest is that of the recorded change, the text is the same,
            and what it lacks now it lacked then.
    """
    by_ticket: dict[str, list[VerdictChange]] = {}
    for change in history:
        by_ticket.setdefault(change.ticket, []).append(change)
    judged = not_ready = 0
    lacking: Counter[str] = Counter()
    for one in found:
        then = next((each for each in reversed(by_ticket.get(one.key, [])) if each.at <= as_moment(one.at)), None)
        judged += then is not None
        if then is None or then.ready:
            continue
        not_ready += 1
        known = now.get(one.key)
        if known is not None and known.digest == then.digest:
            lacking.update({*known.failed_gates, *_low(known)})
    edges = Counter((one.origin, one.target) for one in found)
    told = [(origin, target, count) for (origin, target), count in edges.items() if count >= ENOUGH]
    return Returns(
        edges=tuple(sorted(told, key=lambda edge: (-edge[2], edge[0], edge[1]))),
        n=len(found),
        judged=judged,
        not_ready=not_ready,
        missing=tuple(
            Missing(criterion=name, tickets=n) for name, n in sorted(lacking.items(), key=_most) if n >= ENOUGH
        ),
        note=_note(len(found), judged),
    )


def _most(row: tuple[str, int]) -> tuple[int, str]:
    return -row[1], row[0]


def _low(known: Readiness) -> list[str]:
    return [one.criterion for one in known.verdicts if one.passing is Passing.FAILED]


def _note(n: int, judged: int) -> str:
    if not judged:
        return "Readiness is judged since Scout looks at the project: no ticket that came back had a verdict before."
    return f"{judged} of {n} had been judged before they came back; a text that was changed since tells only its total."
