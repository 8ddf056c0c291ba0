"""Candidates, their revisions and the decisions about them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Executable, RowMapping, and_, func, select

from scout.errors import ConflictError, UsageError
from scout.ledger import suppressing
from scout.ledger.records import AttemptOutcome
from scout.ledger.rows import append, value
from scout.ledger.schema import attempts, candidates, decisions, outbox, receipts, revisions
from scout.model import Candidate, Decision, Draft, Event, digest, standing

_AGE: Final = (candidates.c.created_at, candidates.c.generation, candidates.c.id)
_FILED: Final = {Event.PUBLISH, Event.VERIFY, Event.REGRESS}
_ENDINGS: Final = {Event.REJECT, Event.WITHDRAW, *_FILED}
_SILENT: Final = {Event.EDIT, Event.APPROVE}


def add(connection: Connection, candidate: Candidate, after: str) -> str:
    """Record an idea with its first draft, or return the id of the candidate that stands for it already."""
    same = (candidates.c.project == candidate.project) & (candidates.c.fingerprint == candidate.fingerprint)
    earlier = connection.scalars(select(candidates.c.id).where(same).order_by(candidates.c.generation)).all()
    if earlier and _stands(connection, earlier[-1], candidate, after):
        return earlier[-1]
    generation = len(earlier)
    new = f"c-{digest(candidate.project, candidate.fingerprint, generation, length=10)}"
    columns = candidate.model_dump(exclude={"id", "draft", "decisions", "ticket", "tried"})
    append(connection, candidates, id=new, generation=generation, **columns)
    _append_draft(connection, new, candidate.draft)
    return new


def _stands(connection: Connection, newest: str, candidate: Candidate, after: str) -> bool:
    """Whether the newest candidate of this idea still speaks for it, so that no other may be made."""
    counting = standing(decided(connection, newest))
    ended = next((one.event for one in reversed(counting) if one.event not in _SILENT), None)
    if ended not in _ENDINGS:
        return True
    if ended in _FILED:
        return newest != after
    digests = suppressing.standing(connection, candidate.project, candidate.fingerprint)
    return ended is Event.REJECT and candidate.draft.evidence_digest in digests


def revise(connection: Connection, candidate: str, draft: Draft) -> None:
    """Append a revision unless the newest one says the same."""
    newest = newest_draft(connection, candidate)
    if newest.having(number=draft.number, at=draft.at) == draft:
        return
    _append_next(connection, candidate, newest, draft)


def decide(connection: Connection, candidate: str, decision: Decision, revision: Draft | None) -> None:
    """Append a decision, with the revision it makes, if nobody decided or revised since its author looked."""
    newest = newest_draft(connection, candidate)
    before = decided(connection, candidate)
    if decision.seq != len(before) + 1:
        raise ConflictError(_overtaken(candidate, decision, before), f"`scout inbox show {candidate}` shows it now.")
    if revision is not None:
        _append_next(connection, candidate, newest, revision)
    draft(connection, candidate, decision.revision)
    append(connection, decisions, candidate=candidate, **decision.model_dump())


def _overtaken(candidate: str, decision: Decision, before: tuple[Decision, ...]) -> str:
    if decision.seq > len(before) or not before:
        return f"Candidate {candidate} has fewer decisions than you saw: the ledger was restored meanwhile."
    other = before[-1]
    reason = f" ('{other.reason}')" if other.reason else ""
    when = f"{other.at:%Y-%m-%d %H:%M} UTC"
    return f"Candidate {candidate} already has the decision '{other.event}' by {other.actor} of {when}{reason}."


def draft(connection: Connection, candidate: str, number: int) -> Draft:
    """Return one revision."""
    mine = (revisions.c.candidate == candidate) & (revisions.c.number == number)
    row = connection.execute(select(revisions).where(mine)).mappings().first()
    if row is None:
        what = f"Candidate {candidate} has no revision {number}."
        raise UsageError(what, f"`scout inbox show {candidate}` shows it as it is.")
    return value(Draft, row)


def newest_draft(connection: Connection, candidate: str) -> Draft:
    """Return the newest revision."""
    newest = select(revisions).where(revisions.c.candidate == candidate).order_by(revisions.c.number.desc()).limit(1)
    row = connection.execute(newest).mappings().first()
    if row is None:
        raise _missing(candidate)
    return value(Draft, row)


def project_of(connection: Connection, candidate: str) -> str:
    """Return the project of a candidate that exists."""
    return connection.scalars(select(candidates.c.project).where(candidates.c.id == candidate)).one()


def next_seq(connection: Connection, candidate: str) -> int:
    """Return the number that the next decision about a candidate has."""
    count = connection.scalar(select(func.count()).where(decisions.c.candidate == candidate))
    return (count or 0) + 1


def one(connection: Connection, candidate: str) -> Candidate:
    """Return one candidate by its full id."""
    found = load(connection, candidates.c.id == candidate)
    if not found:
        raise _missing(candidate)
    return found[0]


def load(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[Candidate, ...]:
    """Return the candidates that meet all conditions, oldest first, in five queries however many there are."""
    among = and_(True, *conditions)  # noqa: FBT003 - SQL's own 'true'
    later = revisions.alias("later")
    newest = select(func.max(later.c.number)).where(later.c.candidate == revisions.c.candidate).scalar_subquery()
    drafts = _by_candidate(
        connection,
        select(revisions)
        .join(candidates, candidates.c.id == revisions.c.candidate)
        .where(among, revisions.c.number == newest),
    )
    histories = Histories(connection, among)
    rows = connection.execute(select(candidates).where(among).order_by(*_AGE)).mappings()
    return tuple(
        value(
            Candidate,
            row,
            draft=value(Draft, drafts[row["id"]][0]),
            **histories.of(row["id"]),
        )
        for row in rows
    )


class Histories:
    """What has happened to the candidates that meet a condition, in three queries however many there are."""

    def __init__(self, connection: Connection, among: ColumnElement[bool]) -> None:
        self._events = _by_candidate(
            connection,
            select(decisions)
            .join(candidates, candidates.c.id == decisions.c.candidate)
            .where(among)
            .order_by(decisions.c.candidate, decisions.c.seq),
        )
        self._filed = _by_candidate(
            connection,
            select(outbox.c.candidate, receipts.c.ticket)
            .select_from(outbox)
            .join(receipts, receipts.c.key == outbox.c.key)
            .join(candidates, candidates.c.id == outbox.c.candidate)
            .where(among)
            .order_by(receipts.c.at),
        )
        self._tries = _by_candidate(
            connection,
            select(outbox.c.candidate, outbox.c.revision, attempts.c.outcome)
            .select_from(outbox)
            .join(attempts, attempts.c.key == outbox.c.key)
            .join(candidates, candidates.c.id == outbox.c.candidate)
            .where(among)
            .order_by(outbox.c.revision, attempts.c.number),
        )

    def of(self, candidate: str) -> dict[str, Any]:
        """Return a candidate's `decisions`, the `ticket` it was filed as, and how filing was `tried` last."""
        events, filed = self._events.get(candidate, ()), self._filed.get(candidate)
        return {
            "decisions": tuple(value(Decision, event) for event in events),
            "ticket": filed[-1]["ticket"] if filed else "",
            "tried": _tried(events, self._tries.get(candidate, ())),
        }


def _tried(events: Sequence[RowMapping], tries: Sequence[RowMapping]) -> Event | None:
    """Return how the last attempt to file the revision that was decided last went on; None when there was none."""
    last = events[-1]["revision"] if events else 0
    outcomes = [row["outcome"] for row in tries if row["revision"] == last]
    if not outcomes:
        return None
    return Event.FAIL if outcomes[-1] == AttemptOutcome.FAILED else Event.START


def find(connection: Connection, prefix: str) -> str:
    """Return the id of the only candidate whose id begins with `prefix`, `c-` optional."""
    wanted = prefix if prefix.startswith("c-") else f"c-{prefix}"
    begins = candidates.c.id.startswith(wanted, autoescape=True)
    matches = sorted(connection.scalars(select(candidates.c.id).where(begins)))
    if not matches:
        raise _missing(prefix)
    if len(matches) > 1:
        some = ", ".join(matches[:5]) + (", …" if len(matches) > 5 else "")  # noqa: PLR2004 - as many as read well
        what = f"'{prefix}' could be {len(matches)} candidates: {some}."
        raise UsageError(what, "Give more of the id.")
    return matches[0]


def _missing(candidate: str) -> UsageError:
    return UsageError(f"There is no candidate '{candidate}'.", "`scout inbox list` shows all.")


def decided(connection: Connection, candidate: str) -> tuple[Decision, ...]:
    """Return what was decided about a candidate, in order."""
    mine = select(decisions).where(decisions.c.candidate == candidate).order_by(decisions.c.seq)
    return tuple(value(Decision, row) for row in connection.execute(mine).mappings())


def _append_next(connection: Connection, candidate: str, newest: Draft, draft: Draft) -> None:
    if draft.number != newest.number + 1:
        what = f"Candidate {candidate} is at revision {newest.number} by now; revision {draft.number} doesn't follow."
        raise ConflictError(what, "Read it again and decide about what it says now.")
    _append_draft(connection, candidate, draft)


def _append_draft(connection: Connection, candidate: str, draft: Draft) -> None:
    plain = draft.model_dump(mode="json", include={"evidence", "readiness"})
    append(connection, revisions, candidate=candidate, **{**draft.model_dump(), **plain})


def _by_candidate(connection: Connection, query: Executable) -> defaultdict[str, list[RowMapping]]:
    """Return rows by their column `candidate`, in their order."""
    grouped: defaultdict[str, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        grouped[row["candidate"]].append(row)
    return grouped
