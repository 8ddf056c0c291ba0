"""Asked, and nothing was ready: the truest sign that a project starves, between two plans, too."""

from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple

from scout.ledger import Request
from scout.model import Alarm, AlarmKind, Plan
from scout.service.wiring import Project, Workspace

_ENOUGH = 2  # readings that say so before it is believed


class Vain(NamedTuple):
    """Who asked for work and got none, since the last one who did.

    Attributes:
        since: when the first of them asked (UTC).
        asked: the most that was asked for at a time.
        times: how often.
    """

    since: datetime
    asked: int
    times: int


def in_vain(requests: Iterable[Request]) -> Vain | None:
    """Return what the last requests asked for in vain; None where the last one of them was served.

    Args:
        requests: oldest first.
    """
    wanting = [one for one in requests if one.asked > 0]
    last = list(takewhile(lambda one: one.available == 0, reversed(wanting)))
    if not last:
        return None
    return Vain(last[-1].at, max(one.asked for one in last), len({one.at for one in last}))


def asked_in_vain(work: Workspace, project: Project, since: datetime) -> Vain | None:
    """Return what was asked for in vain after a moment and before now."""
    return in_vain(one for one in work.ledger.requests(project.id, since) if since < one.at <= work.now)


def with_what_was_asked(work: Workspace, project: Project, plan: Plan) -> Plan:
    """Return a kept plan with the alarm that nothing is ready, where people asked in vain since it was made.

    It is believed when the plan found nothing either, or when they asked more than once.
    """
    vain = asked_in_vain(work, project, plan.at)
    if vain is None or plan.position.blind or AlarmKind.EMPTY in {one.kind for one in plan.alarms}:
        return plan
    if (plan.position.on_hand == 0) + vain.times < _ENOUGH:
        return plan
    times = "once" if vain.times == 1 else f"{vain.times} times"
    said = f"nothing is ready, and work was asked for {times} since {vain.since:%H:%M} UTC"
    return plan.having(alarms=(Alarm(kind=AlarmKind.EMPTY, since=vain.since, said=said), *plan.alarms))
