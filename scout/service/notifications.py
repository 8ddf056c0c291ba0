"""Tell people what has changed: once a day what waits, when ready work runs low, what could not be filed.

What was told is remembered by its content, so that an unchanged world stays silent; what could not be delivered, or
fell into quiet hours, is told the next time.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

from scout.model import CandidateState, Event, Plan, Report
from scout.notify import is_quiet, send, targets
from scout.review.transitions import accepted_revision, state
from scout.service.messages import Standing, is_new, notices
from scout.service.vain import with_what_was_asked
from scout.service.wiring import Project, Workspace
from scout.warehouse.freshness import replace_file
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import plans

FILE_NAME = "notified.json"


class Told(Report):
    """One message.

    Attributes:
        kind: `digest`, `alarm` or `failure`.
        sent: whether it was delivered just now.
    """

    schema_id: ClassVar[str] = "scout.message/1"

    kind: str
    title: str
    body: str
    sent: bool


class NotifyReport(Report):
    """What there was to tell; nothing when nothing changed.

    Attributes:
        targets: how many addresses there are.
        quiet: whether nothing may be sent at this hour.
    """

    schema_id: ClassVar[str] = "scout.notifications/1"

    messages: tuple[Told, ...]
    targets: int
    quiet: bool


def notify(work: Workspace, *, live: bool) -> NotifyReport:
    """Tell what is new since it was told last.

    Args:
        work: the workspace.
        live: send and remember; without it the messages are only shown.

    Raises:
        SettingsError: an address is none.
        UnavailableError: a message could not be delivered; it is told again the next time.
        StoreError: what was told cannot be remembered.
    """
    settings = work.loaded.settings.notify
    addresses = targets(settings, work.loaded.base)
    local = work.now.astimezone(ZoneInfo(settings.zone))
    quiet = is_quiet(settings.hours, local)
    sending = live and not quiet and bool(addresses)
    known = dict(_remembered(work.home / FILE_NAME))
    wanted = {"digests": settings.digest, "alarms": settings.alarm, "failing": settings.failures}
    told: list[Told] = []
    for one in notices([standing(work, each) for each in work.projects], local.date(), known, **wanted):
        before = known.get(one.key, "")
        new = is_new(one, before)
        if new:
            if sending:
                send(one.message, addresses)
            told.append(Told(kind=one.kind, title=one.message.title, body=one.message.body, sent=sending))
        if sending and one.mark != before and (new or not one.mark):
            known[one.key] = one.mark
            _remember(work, known)
    return NotifyReport(messages=tuple(told), targets=len(addresses), quiet=quiet)


def standing(work: Workspace, project: Project) -> Standing:
    """Return how a project stands."""
    lives = work.ledger.candidates(project=project.id)
    states = [state(one.decisions, work.now) for one in lives]
    titles = {one.id: one.draft.title for one in lives if one.tried is Event.FAIL}
    failed = [
        (titles[intent.candidate], max(intent.attempts, key=lambda each: each.number).detail)
        for intent in work.ledger.intents(project.id)
        if intent.candidate in titles and intent.attempts
    ]
    return Standing(
        project=project.id,
        plan=_plan(work, project),
        waiting=states.count(CandidateState.OFFERED),
        accepted=sum(accepted_revision(one.decisions, work.now) is not None for one in lives),
        failed=tuple(sorted(failed)),
    )


def _plan(work: Workspace, project: Project) -> Plan | None:
    try:
        with work.warehouse.reading() as connection:
            kept = plans.latest(connection, project.id)
    except NoWarehouseError:
        return None
    return kept and with_what_was_asked(work, project, kept)


def _remembered(path: Path) -> Mapping[str, str]:
    """Return what was told; a memory that cannot be read is as good as none: everything is told once more."""
    try:
        known: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {str(key): str(mark) for key, mark in cast("dict[Any, Any]", known).items()}


def _remember(work: Workspace, known: Mapping[str, str]) -> None:
    work.prepare()
    replace_file(work.home / FILE_NAME, json.dumps(known, sort_keys=True).encode())
