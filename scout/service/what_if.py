"""What if demand or reviewers were others: the next working days, simulated from where the project stands."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import ClassVar

from scout.buffer.demand import daily, tempo
from scout.buffer.simulate import Circumstance, World
from scout.buffer.what_if import DAYS, Course, Supposed, course, supposed
from scout.model import Plan, Report
from scout.service.calendars import calendar_of
from scout.service.plan import forecast, terms_of
from scout.service.starts import history_of
from scout.service.wiring import Project, Workspace

_LEARNED = 120  # working days of demand that the policy is given to learn from


class WhatIfReport(Report):
    """Days of cover as things are, and as they would be.

    Attributes:
        asked: what was supposed, as it was written.
        days: the working days that are looked ahead, the first of them today or the next one.
        as_it_is: how it would go on.
        what_if: how it would go.
    """

    schema_id: ClassVar[str] = "scout.what-if/1"

    project: str
    asked: str
    days: tuple[date, ...]
    as_it_is: Course
    what_if: Course


def what_if(
    work: Workspace, project: Project, asked: str, step: Callable[[str], None] = lambda _: None
) -> WhatIfReport:
    """Simulate the next working days under what is supposed; writes nothing.

    Args:
        work: the workspace.
        project: the project.
        asked: such as `demand=10x,reviewers=2`.
        step: called with a short phrase as it goes on.

    Raises:
        UsageError: what is supposed cannot be read.
        StoreError: nothing was ever pulled.
    """
    now = forecast(work, project).plan
    with work.warehouse.reading() as connection:
        history = history_of(work, project, connection)
    return simulated(work, project, now, history.asked, asked=asked, step=step)


def simulated(  # noqa: PLR0913 - where the project stands, and what is supposed
    work: Workspace,
    project: Project,
    now: Plan,
    starts: Sequence[tuple[date, int]],
    *,
    asked: str,
    step: Callable[[str], None] = lambda _: None,
) -> WhatIfReport:
    """Simulate from a plan and from the days with starts that it rests on; reads nothing.

    Raises:
        UsageError: what is supposed cannot be read.
    """
    as_it_is = Supposed(
        demand=now.demand.per_day, reviewers=project.reviewers, yield_rate=now.yield_rate, lead=now.lead_time
    )
    case = supposed(asked, as_it_is) if asked else as_it_is
    calendar, today = calendar_of(work, project.id), work.now.date()
    asked_before = daily(starts, today, calendar)[-_LEARNED:]
    dispersion = tempo(starts, today, calendar).dispersion
    start = World(
        (), Circumstance(0), now.position.on_hand, queued=now.position.undecided, accepted=now.position.accepted
    )

    def lived(one: Supposed, what: str) -> Course:
        return course(
            one,
            start,
            asked_before,
            terms_of(work, project),
            dispersion=dispersion,
            step=lambda done, of: step(f"{what}: {done} of {of} lives"),
        )

    usual = lived(as_it_is, "As it is")
    ahead = calendar.days(today, calendar.after(work.now, 2 * DAYS).date())[:DAYS]
    return WhatIfReport(
        project=project.id,
        asked=asked,
        days=tuple(ahead),
        as_it_is=usual,
        what_if=lived(case, f"With {asked}") if asked else usual,
    )
