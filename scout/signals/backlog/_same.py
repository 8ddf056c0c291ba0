"""Tickets that ask for the same: by links that say so, and by their words."""

import re
from collections.abc import Iterable, Iterator, Sequence

from scout.signals._words import normalised
from scout.signals.backlog._alike import Alike
from scout.signals.backlog._board import DAY, Board, natural
from scout.signals.backlog._words import references, spoken
from scout.warehouse.records import TicketRow

_LEAST = 0.6
_DENIED = re.compile(
    r"\bnot (?:a |an |the )?(?:exact )?(?:dup\w*|same)\b|\bdifferent (?:issue|problem|bug|thing)\b", re.IGNORECASE
)


def declared(board: Board, row: TicketRow) -> TicketRow | None:
    """Return the ticket of this project that a link says that a ticket repeats; None where that was denied."""
    said = [one.other for one in board.links(row.key, "duplicates")]
    said += [one.subject for one in board.links_to(row.key) if one.kind == "duplicated_by"]
    others = [board.tickets[key] for key in dict.fromkeys(said) if key in board.tickets and key != row.key]
    denied = any(_DENIED.search(spoken(one.body)) for one in board.comments(row.key))
    return others[0] if others and not denied else None


def alike(board: Board, rows: Sequence[TicketRow]) -> Iterator[tuple[TicketRow, TicketRow, float]]:
    """Give the pairs of tickets whose words say the same and that nobody has set in relation to each other."""
    words = Alike(rows)
    for first, second, figure in words.near(_LEAST):
        if words.same(first, second) and not (_known(board, first, second) or _at_one_go(board, first, second)):
            yield board.tickets[first], board.tickets[second], (figure + words.body(first, second)) / 2


def clusters(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return what hangs together by pairs, each group in natural order, the groups by their first."""
    groups: dict[str, set[str]] = {}
    for one, other in pairs:
        joined = groups.get(one, {one}) | groups.get(other, {other})
        for key in joined:
            groups[key] = joined
    unique = {tuple(sorted(group, key=natural)) for group in groups.values()}
    return sorted(unique, key=lambda group: natural(group[0]))


def _known(board: Board, first: str, second: str) -> bool:
    """Say whether links, a common whole or words have set two tickets in relation already."""
    if any(one.other == second for one in board.links(first)) or any(one.other == first for one in board.links(second)):
        return True
    one, other = board.tickets[first], board.tickets[second]
    if one.parent and one.parent == other.parent:
        return True
    return _names(board, one, second) or _names(board, other, first)


def _at_one_go(board: Board, first: str, second: str) -> bool:
    """Say whether one person wrote two tickets within a day under different titles: a plan, whose parts are alike."""
    one, other = board.tickets[first], board.tickets[second]
    if not one.author or one.author != other.author or not one.created_at or not other.created_at:
        return False
    return abs(one.created_at - other.created_at) < DAY and normalised(one.title) != normalised(other.title)


def _names(board: Board, row: TicketRow, key: str) -> bool:
    return any(key in references(text, row.url) for text in (row.body, *(one.body for one in board.comments(row.key))))
