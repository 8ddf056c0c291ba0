"""What a model is told about a project before it is asked what should come next: bounded, and all of it quotable."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from scout.model import Evidence
from scout.repository import Change, FileClass
from scout.signals._base import View
from scout.signals._changes import bare_title, units
from scout.signals._evidence import at_change, at_line, at_ticket, seen
from scout.warehouse.records import IterationRow

_MOST_OF_ONE = 8_000
_MOST = 40_000
_MOST_PAGES = 8
_MOST_CHANGES = 40
_MOST_TICKETS = 40
_MOST_MILESTONES = 12
_FEWEST_QUOTED = 12
_PAGES = (
    re.compile(r"^readme\.(?:md|markdown|rst|txt)$", re.IGNORECASE),
    re.compile(r"^(?:docs/)?(?:road-?map|todo|plans?|next[-_]steps|vision)\.(?:md|markdown|rst|txt)$", re.IGNORECASE),
    re.compile(r"^(?:docs/)?(?:changelog|changes|history|news)\.(?:md|markdown|rst|txt)$", re.IGNORECASE),
    re.compile(
        r"^docs/(?:[\w-]+/)?[\w-]*(?:road-?map|plan|limitations|open-questions|faq)[\w-]*\.(?:md|rst)$", re.IGNORECASE
    ),
    re.compile(r"^docs/(?:index|architecture|overview)\.(?:md|rst)$", re.IGNORECASE),
)
_SPACE = re.compile(r"\s+")
_CLOSED = frozenset({"completed", "canceled"})


class Claim(NamedTuple):
    """What a model says stands somewhere: in a document of the brief, by its name, these words."""

    document: str
    quotation: str


def brief(view: View) -> str:
    """Return the brief: pages, changes of the last time, and what trackers have, each under its name."""
    parts: list[str] = []
    room = _MOST
    for name, text in (*_pages(view), *_lists(view)):
        part = f"== document {name}\n{text[: min(_MOST_OF_ONE, room)]}\n"
        room -= len(part)
        if room <= 0:
            break
        parts.append(part)
    return "\n".join(parts)


def resolved(view: View, claim: Claim) -> Evidence | None:
    """Return the evidence for a claim: the line, change or ticket where exactly these words stand; None without one."""
    words = _plain(claim.quotation)
    if len(words) < _FEWEST_QUOTED:
        return None
    name = _today(view, claim.document.strip().strip("`"))
    if name in view.tree.files:
        rows = (view.tree.text(name) or "").replace("\r\n", "\n").split("\n")
        return next((at_line(name, line, row) for line, row in enumerate(rows, 1) if words in seen(row)), None)
    if ticket := view.core.tickets.get(name):
        return at_ticket(name, ticket.title) if words in _plain(ticket.title) else None
    for change in _changes(view):
        if len(name) >= len("1234567") and change.sha.startswith(name):
            return at_change(change) if words in _plain(change.title) else None
    return None


def _today(view: View, name: str) -> str:
    """Return what a page is called now, by the name that it may have had when the answer was given."""
    if name in view.tree.files:
        return name
    return next((path for path in view.tree.files if view.history.origin(path) == name), name)


def _pages(view: View) -> Iterator[tuple[str, str]]:
    own = (FileClass.DOCS, FileClass.OTHER)
    found = [path for pattern in _PAGES for path in view.tree.files if pattern.search(path)]
    for path in list(dict.fromkeys(found))[:_MOST_PAGES]:
        if view.tree.file_class(path) in own and (text := view.tree.text(path)):
            yield path, text


def _lists(view: View) -> Iterator[tuple[str, str]]:
    changes = [f"{change.sha[:10]} {bare_title(change.title)}" for change in _changes(view)]
    yield "(each line is a change that was merged lately; its document is its first word)", "\n".join(changes)
    ended = [row for row in view.core.of(IterationRow) if row.state == "closed" and row.closed_at]
    newest = sorted(ended, key=lambda row: (str(row.closed_at), row.key), reverse=True)[:_MOST_MILESTONES]
    if newest:
        yield "(milestones that were closed lately)", "\n".join(row.name for row in newest)
    rows = sorted(view.core.tickets.values(), key=lambda row: (str(row.updated_at), row.key), reverse=True)
    still = [f"{row.key} {row.title}" for row in rows if row.state not in _CLOSED][:_MOST_TICKETS]
    if still:
        yield "(each line is an open ticket; its document is its first word)", "\n".join(still)


def _changes(view: View) -> tuple[Change, ...]:
    return view.once(_latest)


def _latest(view: View) -> tuple[Change, ...]:
    return tuple(islice(units(view), _MOST_CHANGES))


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
