"""Which findings may become candidates, given all that was ever said about the same thing."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from scout.drafts.brief import Past
from scout.drafts.cluster import Cluster
from scout.model import Candidate, Decision, Event, Evidence, Frozen, Suppression, Ticket, TicketState, standing
from scout.text.sanitise import inert

_MAX_CHANGES = 3
FINGERPRINT = re.compile(r"(?<![\w-])[a-z][a-z0-9-]*:[0-9a-f]{16}(?!\w)")
"""How a ticket names a finding."""

_STANDS: dict[Event, str] = {
    Event.OFFER: "it waits for a decision",
    Event.EDIT: "it waits for a decision",
    Event.DEFER: "it is deferred",
    Event.MERGE: "it was merged into another",
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
    """A cluster that does not become a candidate now, and why.

    Attributes:
        same_as: the ticket or candidate that it is seen as; empty where there is none.
        similar: whether that was told by words or names, not by the fingerprint.
    """

    fingerprint: str
    signal: str
    subject: str
    title: str
    severity: int
    because: str
    same_as: str = ""
    similar: bool = False


class Choice(Frozen):
    """What to draft now, best first, and everything that was cut with its reason."""

    chosen: tuple[Admitted, ...]
    cut: tuple[Cut, ...]

    @property
    def reasons(self) -> dict[str, int]:
        """How many were cut for which reason."""
        return dict(sorted(Counter(one.because for one in self.cut).items()))


class _Memory(NamedTuple):
    """What was said before.

    Attributes:
        latest: the newest candidate by fingerprint.
        standing: suppressions by fingerprint.
        wide: those of a whole signal, or of what it says about some paths.
        carried: the open ticket that names a fingerprint.
        tickets: by key.
    """

    latest: dict[str, Candidate]
    standing: dict[str, list[Suppression]]
    wide: list[Suppression]
    carried: dict[str, str]
    tickets: dict[str, Ticket]


def admit(
    found: Iterable[Cluster],
    candidates: Iterable[Candidate],
    suppressions: Iterable[Suppression],
    tickets: Iterable[Ticket],
) -> Choice:
    """Return the clusters that may be proposed, and the others with the reason.

    What waits for a decision, is filed or stands in an open ticket is not proposed again, under whichever of its
    findings it was known. What was rejected or suppressed stays away until its evidence changes; then it comes back
    with its past. For each of these that took a place among what is offered, the next in line is admitted.

    Args:
        found: clusters of this run.
        candidates: all of the project's candidates; of equal fingerprints the last one counts.
        suppressions: the project's standing ones.
        tickets: the project's tickets, open and closed.
    """
    memory = _remembered(candidates, suppressions, tickets)
    admitted: list[Admitted] = []
    in_line: list[Admitted] = []
    dropped: list[Cut] = []
    places = Counter[str]()
    for cluster in found:
        because, same_as, past = _judge(cluster, memory)
        if because:
            dropped.append(cut(cluster, because, same_as))
            places[cluster.lead.signal] += cluster.lead.offered
        else:
            (in_line if cluster.lead.in_line else admitted).append(Admitted(cluster=cluster, past=past))
    for one in in_line:  # what is filed and not mended yet leaves its place to the next
        lead = one.cluster.lead
        own = lead.signal if places[lead.signal] else next((name for name, free in places.items() if free), "")
        if own:
            places[own] -= 1
            admitted.append(one)
        else:
            dropped.append(cut(one.cluster, lead.because))
    return Choice(chosen=tuple(admitted), cut=tuple(dropped))


def _remembered(
    candidates: Iterable[Candidate], suppressions: Iterable[Suppression], tickets: Iterable[Ticket]
) -> _Memory:
    memory = _Memory({}, {}, [], {}, {ticket.key: ticket for ticket in tickets})
    memory.latest.update((one.fingerprint, one) for one in sorted(candidates, key=lambda c: (c.created_at, c.id)))
    for one in suppressions:
        if one.glob:
            memory.wide.append(one)
        else:
            memory.standing.setdefault(one.fingerprint, []).append(one)
    for ticket in memory.tickets.values():
        if ticket.state.is_open:
            memory.carried.update((mark, ticket.key) for mark in FINGERPRINT.findall(ticket.body))
    return memory


def cut(cluster: Cluster, because: str, same_as: str = "", *, similar: bool = False) -> Cut:
    """Return a cluster as one that is not drafted."""
    lead = cluster.lead
    return Cut(
        fingerprint=cluster.fingerprint,
        signal=lead.signal,
        subject=lead.subject,
        title=lead.story.title,
        severity=lead.severity,
        because=because,
        same_as=same_as,
        similar=similar,
    )


def last_decision(candidate: Candidate) -> Decision | None:
    """Return the last decision that says where a candidate is: no edit, no first of two yeses, nothing undone."""
    counting = reversed(standing(candidate.decisions))
    return next((one for one in counting if one.event not in {Event.EDIT, Event.APPROVE}), None)


def changes(before: Sequence[Evidence], now: Sequence[Evidence]) -> tuple[str, ...]:
    """Return what is different in the evidence, in a few lines."""
    old, new = ({(one.path, one.seen.strip()) for one in side} for side in (before, now))
    told = [
        f"{word} {inert(path)}: {inert(seen)}"
        for word, side in (("new in", new - old), ("gone from", old - new))
        for path, seen in sorted(side)
    ]
    more = len(told) - _MAX_CHANGES
    return (*told[:_MAX_CHANGES], *((f"and {more} more",) if more > 0 else ())) or ("The evidence is another one now.",)


def _judge(cluster: Cluster, memory: _Memory) -> tuple[str, str, Past | None]:
    """Return why the cluster is cut and what it is seen as, or nothing and its past."""
    if because := _unwanted(cluster, memory):
        return because, "", None
    pasts: list[Past] = []
    for mark in cluster.fingerprints:
        if mark in memory.carried:
            return "an open ticket carries it", memory.carried[mark], None
        candidate = memory.latest.get(mark)
        because, past = _after(cluster, candidate, memory.tickets) if candidate else ("", None)
        if because:
            return because, candidate.ticket or candidate.id if candidate else "", None
        past = past or _suppressed(memory.standing.get(mark, ()))
        pasts += [past] if past else []
    if not pasts and (same := _rejected_before(cluster, memory.latest.values())):
        return "rejected, and its evidence is the same", same.id, None
    return "", "", max(pasts, key=lambda one: one.on) if pasts else None


def _unwanted(cluster: Cluster, memory: _Memory) -> str:
    """Return why nobody wants to be asked about a cluster; nothing when somebody may."""
    lead = cluster.lead
    if not lead.offered and not lead.in_line:
        return lead.because or "its scout does not offer it"
    if wide := next((one for one in memory.wide if one.covers(lead.signal, cluster.paths)), None):
        return f"not wanted here ({wide.fingerprint}): {wide.reason}"
    same = (one.evidence_digest == cluster.evidence_digest for one in memory.standing.get(cluster.fingerprint, ()))
    return "rejected, and its evidence is the same" if any(same) else ""


def _rejected_before(cluster: Cluster, candidates: Iterable[Candidate]) -> Candidate | None:
    """Return what was rejected under another signal, and showed the same line with all that is seen there now."""
    if cluster.evidence[0].line is None:
        return None
    rejected = (one for one in candidates if (last := last_decision(one)) and last.event is Event.REJECT)
    return next((one for one in rejected if _places(cluster.evidence) <= _places(one.draft.evidence)), None)


def _places(evidence: Sequence[Evidence]) -> frozenset[tuple[str, str, str, str]]:
    return frozenset((one.kind, one.project, one.path, one.seen.strip()) for one in evidence)


def _suppressed(standing: Sequence[Suppression]) -> Past | None:
    if not standing:
        return None
    last = max(standing, key=lambda one: one.at)
    return Past(on=last.at.date(), because=last.reason, rejected=True, changed=("The evidence is another one now.",))


def _after(cluster: Cluster, candidate: Candidate, tickets: Mapping[str, Ticket]) -> tuple[str, Past | None]:
    last = last_decision(candidate)
    match last.event if last else Event.OFFER:
        case Event.PUBLISH | Event.VERIFY | Event.REGRESS:
            return _after_filing(candidate, tickets)
        case Event.REJECT if last and candidate.draft.evidence_digest != cluster.evidence_digest:
            changed = changes(candidate.draft.evidence, cluster.evidence)
            return "", Past(on=last.at.date(), because=last.reason, rejected=True, changed=changed)
        case event:
            return _STANDS[event], None


def _after_filing(candidate: Candidate, tickets: Mapping[str, Ticket]) -> tuple[str, Past | None]:
    ticket = tickets.get(candidate.ticket)
    if ticket is None or ticket.state.is_open:
        return "it is filed", None
    if ticket.state is TicketState.CANCELED:
        return "its ticket was closed without work", None
    closed = ticket.closed_at or candidate.created_at
    return "", Past(on=closed.date(), because=ticket.key, rejected=False)
