"""Which findings may become candidates, given all that was ever said about the same thing; and which come first."""

from collections import Counter
from collections.abc import Iterable, Sequence

from scout.drafts.brief import Past
from scout.drafts.cluster import Cluster
from scout.model import Candidate, Decision, Event, Evidence, Frozen, Suppression, Ticket, TicketState
from scout.text.sanitise import inert

_MAX_CHANGES = 3
_STANDS: dict[Event, str] = {
    Event.OFFER: "it waits for a decision",
    Event.EDIT: "it waits for a decision",
    Event.DEFER: "it is deferred",
    Event.ACCEPT: "it is accepted and will be filed",
    Event.REJECT: "rejected, and its evidence is the same",
    Event.WITHDRAW: "",
}
"""Why a candidate in that state keeps the same thing from being proposed; nothing where it does not."""


class Admitted(Frozen):
    """A cluster that may become a candidate, with what happened to the same thing before."""

    cluster: Cluster
    past: Past | None = None


class Cut(Frozen):
    """A cluster that does not become a candidate now, and why."""

    fingerprint: str
    signal: str
    subject: str
    because: str


class Choice(Frozen):
    """What to draft now, best first, and everything that was cut with its reason."""

    chosen: tuple[Admitted, ...]
    cut: tuple[Cut, ...]

    @property
    def reasons(self) -> dict[str, int]:
        """How many were cut for which reason."""
        return dict(sorted(Counter(one.because for one in self.cut).items()))


def admit(
    found: Iterable[Cluster],
    candidates: Iterable[Candidate],
    suppressions: Iterable[Suppression],
    tickets: Iterable[Ticket],
) -> Choice:
    """Return the clusters that may be proposed, and the others with the reason.

    What waits for a decision, is filed or stands in an open ticket is not proposed again. What was rejected or
    suppressed stays away until its evidence changes; then it comes back with its past.

    Args:
        found: clusters of this run.
        candidates: all of the project's candidates; of equal fingerprints the last one counts.
        suppressions: the project's standing ones.
        tickets: the project's tickets, open and closed.
    """
    latest = {candidate.fingerprint: candidate for candidate in sorted(candidates, key=lambda c: (c.created_at, c.id))}
    standing: dict[str, list[Suppression]] = {}
    for one in suppressions:
        standing.setdefault(one.fingerprint, []).append(one)
    known = tuple(tickets)
    admitted: list[Admitted] = []
    cut: list[Cut] = []
    for cluster in found:
        mark = cluster.fingerprint
        because, past = _judge(cluster, latest.get(mark), standing.get(mark, ()), known)
        if because:
            cut.append(_cut(cluster, because))
        else:
            admitted.append(Admitted(cluster=cluster, past=past))
    return Choice(chosen=tuple(admitted), cut=tuple(cut))


def choose(admitted: Iterable[Admitted], order: int) -> Choice:
    """Return the best `order` of them, none of the scouts with more than half of the order when others have some too.

    The order is severity × score; equal ones are ordered by fingerprint, so that the same world gives the same choice.
    """
    ranked = sorted(admitted, key=lambda a: (-_worth(a), a.cluster.fingerprint))
    several = len({one.cluster.lead.signal for one in ranked}) > 1
    share = -(-order // 2) if several else order
    taken: Counter[str] = Counter()
    chosen: list[Admitted] = []
    cut: list[Cut] = []
    for one in ranked:
        signal = one.cluster.lead.signal
        if len(chosen) >= order:
            cut.append(_cut(one.cluster, "more than the plan orders"))
        elif taken[signal] >= share:
            cut.append(_cut(one.cluster, "half of the order is from the same scout"))
        else:
            taken[signal] += 1
            chosen.append(one)
    return Choice(chosen=tuple(chosen), cut=tuple(cut))


def _worth(one: Admitted) -> float:
    return one.cluster.lead.severity * one.cluster.lead.score


def _cut(cluster: Cluster, because: str) -> Cut:
    lead = cluster.lead
    return Cut(fingerprint=cluster.fingerprint, signal=lead.signal, subject=lead.subject, because=because)


def _judge(
    cluster: Cluster, candidate: Candidate | None, standing: Sequence[Suppression], tickets: Sequence[Ticket]
) -> tuple[str, Past | None]:
    """Return why the cluster is cut, or nothing and its past."""
    if not cluster.lead.offered:
        return cluster.lead.because or "its scout does not offer it", None
    if any(one.evidence_digest == cluster.evidence_digest for one in standing):
        return "rejected, and its evidence is the same", None
    if any(ticket.state.is_open and cluster.fingerprint in ticket.body for ticket in tickets):
        return "an open ticket carries it", None
    because, past = _after(cluster, candidate, tickets) if candidate else ("", None)
    if because or past or not standing:
        return because, past
    last = max(standing, key=lambda one: one.at)
    return "", Past(
        on=last.at.date(), because=last.reason, rejected=True, changed=("The evidence is another one now.",)
    )


def _after(cluster: Cluster, candidate: Candidate, tickets: Sequence[Ticket]) -> tuple[str, Past | None]:
    last = _last(candidate)
    match last.event if last else Event.OFFER:
        case Event.PUBLISH:
            return _after_filing(candidate, tickets)
        case Event.REJECT if last and candidate.draft.evidence_digest != cluster.evidence_digest:
            changed = _changes(candidate.draft.evidence, cluster.evidence)
            return "", Past(on=last.at.date(), because=last.reason, rejected=True, changed=changed)
        case event:
            return _STANDS[event], None


def _after_filing(candidate: Candidate, tickets: Sequence[Ticket]) -> tuple[str, Past | None]:
    ticket = next((one for one in tickets if one.key == candidate.ticket), None)
    if ticket is None or ticket.state.is_open:
        return "it is filed", None
    if ticket.state is TicketState.CANCELED:
        return "its ticket was closed without work", None
    closed = ticket.closed_at or candidate.created_at
    return "", Past(on=closed.date(), because=ticket.key, rejected=False)


def _last(candidate: Candidate) -> Decision | None:
    """Return the last decision that says where the candidate is; an edit changes its words only."""
    return next((one for one in reversed(candidate.decisions) if one.event is not Event.EDIT), None)


def _changes(before: Sequence[Evidence], now: Sequence[Evidence]) -> tuple[str, ...]:
    old, new = ({(one.path, one.seen.strip()) for one in side} for side in (before, now))
    told = [
        f"{word} {inert(path)}: {inert(seen)}"
        for word, side in (("new in", new - old), ("gone from", old - new))
        for path, seen in sorted(side)
    ]
    more = len(told) - _MAX_CHANGES
    return (*told[:_MAX_CHANGES], *((f"and {more} more",) if more > 0 else ())) or ("The evidence is another one now.",)
