"""Rows for the examples of the backlog's scouts."""

from typing import Any

from scout.signals._base import row
from scout.warehouse.records import CommentRow, LinkRow, TicketRow, TransitionRow


def ticket(key: str, title: str, **facts: Any) -> TicketRow:
    """Return a ticket that is open and not started, of 2024-01-01, unless facts say otherwise."""
    given = {"state": "unstarted", "native_state": "open", "created_at": "2024-01-01", **facts}
    return row(TicketRow, key=key, title=title, **given)


def done(key: str, title: str, at: str, **facts: Any) -> TicketRow:
    """Return a ticket that was completed."""
    return ticket(
        key, title, **{"state": "completed", "native_state": "closed", "closed_at": at, "updated_at": at, **facts}
    )


def crowd(number: int, first: int = 100, **facts: Any) -> tuple[TicketRow, ...]:
    """Return open tickets about nothing in particular, so that a backlog has grown."""
    words = (
        "amber",
        "birch",
        "cedar",
        "dune",
        "elm",
        "fern",
        "gorse",
        "heath",
        "ivy",
        "juniper",
        "kelp",
        "larch",
        "moss",
    )
    return tuple(
        ticket(str(first + place), f"The {words[place % 13]} page {words[(place * 5 + 3) % 13]} breaks", **facts)
        for place in range(number)
    )


def said(subject: str, at: str, body: str, author: str = "p1", **facts: Any) -> CommentRow:
    """Return a comment."""
    return row(
        CommentRow,
        subject=subject,
        key=f"{subject}-{at}",
        kind="comment",
        body=body,
        author=author,
        created_at=at,
        **facts,
    )


def moved(subject: str, at: str, field: str, after: str, actor: str = "k1", **facts: Any) -> TransitionRow:
    """Return a transition."""
    return row(TransitionRow, subject=subject, field=field, after=after, actor=actor, at=at, **facts)


def linked(subject: str, kind: str, other: str, state: str = "") -> LinkRow:
    """Return a link."""
    return row(LinkRow, subject=subject, kind=kind, other=other, native_kind=kind, other_state=state)
