"""Whether what was found is asked for already in other words: near texts are looked up, then names decide."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from scout.drafts.brief import Past
from scout.drafts.cluster import Cluster
from scout.drafts.dedupe import Admitted, Choice, Cut, changes, cut, last_decision
from scout.model import Candidate, Event, Evidence, EvidenceKind, Ticket, TicketState, WorkKind
from scout.text.sanitise import inert
from scout.text.words import Words

if TYPE_CHECKING:
    from scout.text.similarity import Embed, Near

RECENT = timedelta(days=90)
"""How long after its closing a ticket still answers for what it asked."""
LOOKED_AT = 10
"""How many of the nearest texts are compared with what was found."""
LEAST = 0.15
"""Cosine of words under which names that agree are chance."""

_REJECTED = "the same was rejected"
_STANDING = {
    Event.OFFER: "a candidate asks for the same",
    Event.DEFER: "a deferred candidate asks for the same",
    Event.ACCEPT: "an accepted candidate asks for the same",
}
_NAME = re.compile(r"[\w#@./:+-]*\w")
_TELLING = re.compile(r"[a-z][A-Z]|\w[./@_:#-]+\w|[A-Z]{2,}-\d|\d\.\w")
_FEWEST_LETTERS = 3


class _Text(NamedTuple):
    """A text that something may be the same as: a ticket's or a candidate's."""

    words: Words
    ticket: Ticket | None = None
    candidate: Candidate | None = None


def unlike(
    admitted: Sequence[Admitted],
    candidates: Iterable[Candidate],
    tickets: Iterable[Ticket],
    now: datetime,
    embed: "Embed | None" = None,
) -> Choice:
    """Return what nothing asks for yet in other words, and the rest with what it is seen as.

    Compared are tickets that are open or were closed in the last 90 days, and candidates of other signals that wait,
    are accepted or were rejected. A ticket is the same when its words are, or when it names the same file and what
    was seen there. What a recently finished ticket asked for, or a rejected candidate showed otherwise, comes back
    with its past. Work on tickets themselves is left alone: it is about what it resembles.

    Args:
        admitted: what `admit` let through.
        candidates: all of the project's.
        tickets: all of the project's.
        now: the clock, UTC.
        embed: vectors of texts, from a model, or None; without them words and characters rank alone.
    """
    known = [*_of_tickets(tickets, now), *_of_candidates(candidates)] if any(map(_comparable, admitted)) else []
    if not known:
        return Choice(chosen=tuple(admitted), cut=())
    from scout.text.similarity import Index

    asked = [one for one in admitted if _comparable(one)]
    queries = [_words_of(one.cluster) for one in asked]
    found = Index([text.words for text in known], embed).nearest(queries, LOOKED_AT)
    judged = {
        one.cluster.fingerprint: _judged(one, words, [(known[near.place], near) for near in some])
        for one, words, some in zip(asked, queries, found, strict=True)
    }
    all_judged = [judged.get(one.cluster.fingerprint, one) for one in admitted]
    return Choice(
        chosen=tuple(one for one in all_judged if isinstance(one, Admitted)),
        cut=tuple(one for one in all_judged if isinstance(one, Cut)),
    )


def noted(body: str, signal: str, evidence: Sequence[Evidence]) -> str:
    """Return a draft's text with what another scout saw of the same, before its footer where it has one."""
    places = "\n".join(f"- {inert(one.locator)}: {inert(one.seen)}" for one in evidence)
    section = f"## Also seen by `{signal}`\n\n{places}"
    head, rule, footer = body.rpartition("\n\n***\n\n")
    return f"{head}\n\n{section}{rule}{footer}" if rule else f"{body}\n\n{section}\n"


def _comparable(one: Admitted) -> bool:
    lead = one.cluster.lead
    about_tickets = any(evidence.kind is EvidenceKind.TICKET for evidence in lead.evidence)
    return lead.kind is not WorkKind.HOUSEKEEPING and not about_tickets


def _of_tickets(tickets: Iterable[Ticket], now: datetime) -> Iterable[_Text]:
    for ticket in tickets:
        if ticket.state.is_open or (ticket.closed_at and now - RECENT <= ticket.closed_at <= now):
            yield _Text(Words(ticket.title, ticket.body), ticket=ticket)


def _of_candidates(candidates: Iterable[Candidate]) -> Iterable[_Text]:
    for one in candidates:
        last = last_decision(one)
        if last is None or last.event in _STANDING or last.event is Event.REJECT:
            yield _Text(Words(one.draft.title, one.draft.body), candidate=one)


def _words_of(cluster: Cluster) -> Words:
    story = cluster.lead.story
    said = (story.current, story.wanted, *(evidence.seen for evidence in cluster.evidence))
    return Words(story.title, "\n".join(said))


def _judged(one: Admitted, words: Words, near: Sequence[tuple[_Text, "Near"]]) -> Admitted | Cut:
    """Return the cut, or what may be proposed, with its past where something like it has one."""
    past = one.past
    for text, how in near:
        if text.ticket is not None and _asks_for(text.ticket, one.cluster, words, how):
            ticket = text.ticket
            if ticket.state.is_open:
                return cut(one.cluster, "an open ticket asks for the same", ticket.key, similar=True)
            if ticket.state is TicketState.CANCELED:
                return cut(
                    one.cluster, "a ticket that asked for the same was closed without work", ticket.key, similar=True
                )
            if past is None and ticket.closed_at:
                past = Past(on=ticket.closed_at.date(), because=ticket.key, rejected=False)
        elif text.candidate is not None and _is_told_by(text.candidate, one.cluster, text.words, words, how):
            last = last_decision(text.candidate)
            if last is None or last.event is not Event.REJECT:
                because = _STANDING[last.event if last else Event.OFFER]
                return cut(one.cluster, because, text.candidate.id, similar=True)
            changed = changes(text.candidate.draft.evidence, one.cluster.evidence)
            past = past or Past(on=last.at.date(), because=last.reason, rejected=True, changed=changed)
    return one.having(past=past)


def _asks_for(ticket: Ticket, cluster: Cluster, words: Words, near: "Near") -> bool:
    """Whether a ticket asks for what was found; one that names another finding of that scout asks for that."""
    from scout.text.sameness import same

    if f"{cluster.lead.signal}:" in ticket.body:
        return False
    return same(words, Words(ticket.title, ticket.body), near) or (
        near.words >= LEAST and _names_it(f"{ticket.title}\n{ticket.body}", cluster)
    )


def _is_told_by(candidate: Candidate, cluster: Cluster, theirs: Words, words: Words, near: "Near") -> bool:
    """Whether a candidate of another signal says the same; a scout tells its own subjects apart by itself."""
    from scout.text.sameness import same

    return candidate.signal != cluster.lead.signal and same(words, theirs, near)


def _names_it(text: str, cluster: Cluster) -> bool:
    """Whether a text names the file of the first evidence, and half or more of what has a name there."""
    first = cluster.evidence[0]
    if first.kind is not EvidenceKind.FILE or first.project:
        return False
    place = first.path.rpartition("/")[2]
    said = {name.strip("./:#-").lower() for name in _NAME.findall(text)}
    parts = said | {name.rpartition("/")[2] for name in said}
    seen = _names(first.seen) - {place.lower(), first.path.lower()}
    return "." in place and place.lower() in parts and bool(seen) and 2 * len(seen & parts) >= len(seen)


def _names(seen: str) -> frozenset[str]:
    """Return what a line names: paths, addresses, versions, identifiers; no plain words."""
    found = (name.strip("./:#-") for name in _NAME.findall(seen) if _TELLING.search(name))
    return frozenset(name.lower() for name in found if len(name) >= _FEWEST_LETTERS)
