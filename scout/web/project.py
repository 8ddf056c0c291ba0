"""One project's page: its card, its pictures, what waits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scout.model import Frozen
from scout.service.ages import SourceAge
from scout.service.inbox_line import InboxLine
from scout.service.links import Link
from scout.service.pictures import Picture
from scout.service.shelf import Shelf
from scout.web.cards import Card, card

_MOST = 20
"""Candidates that are shown here; the inbox has the others."""


class ProjectPage(Frozen):
    """A project whole.

    Attributes:
        waiting: the first of what waits for a decision, in the order to decide it.
        beyond: how many more wait.
        states: how many candidates are in which state.
        stocks: how many tickets are published of each stock.
        pictures: each with the table behind it.
        links: where Dagster shows it; empty where the settings name no Dagster.
        asked: what was supposed about the days ahead.
    """

    card: Card
    waiting: tuple[InboxLine, ...]
    beyond: int
    states: dict[str, int]
    stocks: dict[str, int]
    pictures: tuple[Picture, ...]
    links: tuple[Link, ...] = ()
    asked: str = ""


def page(  # noqa: PLR0913 - keyword-only facts
    name: str,
    content: Mapping[str, Any] | None,
    *,
    found: Shelf,
    stocks: Mapping[str, int],
    ages: tuple[SourceAge, ...],
    pictures: tuple[Picture, ...],
    now: datetime,
) -> ProjectPage:
    """Return a project's page; `found` are its candidates."""
    known: dict[str, Any] = {one["id"]: one for one in (content or {}).get("projects", ())}
    return ProjectPage(
        card=card(known.get(name, {"id": name}), len(found.waiting), ages, now),
        waiting=found.waiting[:_MOST],
        beyond=max(0, len(found.waiting) - _MOST),
        states=found.states,
        stocks=dict(stocks),
        pictures=pictures,
    )
