"""One project's page: its card, its pictures, what waits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scout.model import Frozen
from scout.service.ages import SourceAge
from scout.service.inbox_line import InboxLine
from scout.service.pictures import Picture
from scout.service.review import InboxReport
from scout.web.cards import Card, card
from scout.web.views import inbox


class ProjectPage(Frozen):
    """A project whole.

    Attributes:
        waiting: what waits for a decision, in the order to decide it.
        states: how many candidates are in which state.
        pictures: each with the table behind it.
        asked: what was supposed about the days ahead.
    """

    card: Card
    waiting: tuple[InboxLine, ...]
    states: dict[str, int]
    pictures: tuple[Picture, ...]
    asked: str = ""


def page(
    content: Mapping[str, Any] | None,
    everything: InboxReport,
    ages: Mapping[str, tuple[SourceAge, ...]],
    pictures: tuple[Picture, ...],
    now: datetime,
) -> ProjectPage:
    """Return a project's page; `everything` is its inbox whole."""
    (name,) = everything.projects
    known: dict[str, Any] = {one["id"]: one for one in (content or {}).get("projects", ())}
    waiting = inbox(everything).waiting
    return ProjectPage(
        card=card(known.get(name, {"id": name}), waiting, ages.get(name, ()), now),
        waiting=waiting,
        states=everything.states,
        pictures=pictures,
    )
