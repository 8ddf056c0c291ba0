"""A project whose execution changes its pace while Scout runs under a real Dagster instance, by a clock of our own.

Each working day somebody starts some tickets: each is claimed through `scout next`, done, and landed as a change that
mends what the ticket was about. Reviewers accept a number of candidates a day. Nothing else happens by hand: whether
and when the line runs is for the sensor of looks that are due and the daily schedule.
"""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.events import DagsterEvent, DagsterEventType
from dagster._core.execution.api import execute_run
from dagster._core.workspace.context import WorkspaceProcessContext

from assets.definitions import defs
from assets.memory import newest
from assets.stages.inbox_snapshot import look_again
from scout.model import CandidateState, Plan
from scout.service.decide import accept
from scout.service.next_work import next_work
from scout.service.review import listing
from scout.service.wiring import Workspace, open_workspace
from scout.warehouse.tables import plans
from tests.dagster_daemon import daemon_here, frozen, schedules, sensors
from tests.making import Made
from tests.portfolio import Portfolio, portfolio

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOURS = (5, 8, 11, 14, 17)
"""When the daemon is asked whether something is due."""

STARTING, DECIDING = 9, 13
"""When work is begun, and when reviewers decide."""

LINKS, WEEKEND = 60, 5
STATE = re.compile(r"^state: unstarted$", re.MULTILINE)
PAGE = re.compile(r"docs/about\d+\.md")

SETTINGS = """
[policy]
lead_time = 2

[[project]]
id = "rocket"
path = "rocket"
cadence = "daily"
reviewers = {reviewers}

[project.publish]
live = true
"""


@dataclass
class Day:
    """What happened on one working day.

    Attributes:
        at: midnight (UTC).
        wanted: tickets that would be started.
        looks: hours of the runs.
        drafted: candidates that were new.
        gap: hours from the day's last plan to the next look.
        plan: the day's last plan.
    """

    at: datetime
    wanted: int
    started: int = 0
    accepted: int = 0
    ordered: int = 0
    drafted: int = 0
    looks: list[int] = field(default_factory=list[int])
    gap: float = 0.0
    plan: Plan | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The day as a row of a table, below `COLUMNS`."""
        plan = self.plan
        assert plan is not None
        cover = "–" if plan.days_of_cover is None else f"{plan.days_of_cover:.1f}"
        looks = ", ".join(f"{hour}:00" for hour in self.looks)
        levels = (f"{plan.demand.per_day:.2f}", str(plan.reorder_point), str(plan.order_up_to))
        stock = (str(plan.position.on_hand), f"{plan.position.on_order:.1f}", cover)
        made = (str(self.ordered), str(self.drafted), str(self.accepted))
        return (
            f"{self.at:%a %d}",
            str(self.wanted),
            str(self.started),
            *levels,
            *stock,
            *made,
            looks,
            f"{self.gap:.0f}",
        )


COLUMNS = (
    *("day", "wanted", "started", "forecast a day", "s", "S", "on hand", "on order", "days of cover"),
    *("ordered", "drafted", "accepted", "looks at", "hours to the next"),
)


@dataclass
class Tempo:
    """The project under Dagster."""

    world: Portfolio
    made: Made
    instance: dg.DagsterInstance
    daemon: WorkspaceProcessContext
    patched: pytest.MonkeyPatch
    decisions: int

    def day(self, at: datetime, wanted: int) -> Day:
        """Live through one working day on which `wanted` tickets would be started."""
        found = Day(at, wanted)
        for hour in sorted({*HOURS, STARTING, DECIDING}):
            moment = at + timedelta(hours=hour)
            with frozen(self.patched, moment):
                if hour == STARTING:
                    found.started = self._start(moment, wanted)
                elif hour == DECIDING:
                    found.accepted = self._decide(moment)
                else:
                    self._tick(moment, found)
        return found

    def _tick(self, moment: datetime, found: Day) -> None:
        schedules(self.daemon, moment)
        sensors(self.daemon)
        for run in self.instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.QUEUED])):
            found.looks.append(moment.hour)
            self._execute(run)
            told = self._facts("candidates")
            found.drafted += int(told["drafted"])
            found.ordered += int(told["ordered"])
        told = look_again(self._facts("inbox_snapshot"))
        if told is not None:
            found.gap = (told.due_at - told.planned_at).total_seconds() / 3600
            with self._work(moment).warehouse.reading() as connection:
                found.plan = plans.latest(connection, "rocket")

    def _execute(self, run: dg.DagsterRun) -> None:
        begun = DagsterEvent(event_type_value=DagsterEventType.PIPELINE_STARTING.value, job_name=run.job_name)
        self.instance.report_dagster_event(begun, run.run_id)
        ready = self.instance.get_run_by_id(run.run_id)
        assert ready is not None
        done = execute_run(InMemoryJob(defs.resolve_job_def("line")), ready, self.instance)
        assert done.success, [event.message for event in done.all_events if event.is_failure]

    def _start(self, moment: datetime, wanted: int) -> int:
        work = self._work(moment)
        served = next_work(work, work.project("rocket"), count=max(wanted, 1)).tickets[:wanted]
        for ticket in served:
            file = self.made.path / "tickets" / f"{ticket.key}.md"
            text = file.read_text("utf-8")
            done = STATE.sub("state: completed", text)
            assert done != text, text[:300]
            pages = sorted(set(PAGE.findall(ticket.body)))[:1]
            self.made.clock = moment - timedelta(days=1)
            self.made.commit({str(file.relative_to(self.made.path)): done, pages[0]: "# About\n"}, ticket.title)
        return len(served)

    def _decide(self, moment: datetime) -> int:
        work = self._work(moment)
        inbox = listing(work, "rocket", everything=True).candidates
        waiting = [one.id for one in inbox if one.state is CandidateState.OFFERED][: self.decisions]
        for candidate in waiting:
            accept(work, candidate)
        return len(waiting)

    def _work(self, moment: datetime) -> Workspace:
        return open_workspace(self.world.folder, moment)

    def _facts(self, asset: str) -> Mapping[str, Any]:
        return newest(self.instance, dg.AssetKey(asset), "rocket") or {}


@contextmanager
def tempo(folder: Path, *, decisions: int = 8, landed: int = 40, every: int = 5) -> Generator[Tempo]:
    """Open a project that has landed a change every few days until now, with sixty links to mend.

    Args:
        folder: where all of it stands.
        decisions: candidates that reviewers accept in a day.
        landed: changes before the first Monday.
        every: days from one of them to the next.
    """
    with pytest.MonkeyPatch.context() as patched:
        world = portfolio(folder, patched)
        (world.folder / "scout.toml").write_text(SETTINGS.format(reviewers=decisions), "utf-8")
        made = Made(world.folder / "rocket", clock=MONDAY - timedelta(days=every * (landed + 1)))
        pages = {f"docs/page{number}.md": "# Page\n" for number in range(LINKS)}
        links = {f"docs/about{number}.md": f"# About\n\nRead [it](page{number}.md).\n" for number in range(LINKS)}
        made.commit({"README.md": "# Rocket\n", **pages, **links}, "begin")
        made.commit({}, "drop pages", remove=tuple(pages))
        for number in range(landed):
            made.clock = MONDAY - timedelta(days=every * (landed - number) + 1, hours=-10)
            made.commit({"rocket/log.txt": f"{number}\n"}, f"change {number}", by="Ben <ben@example.org>")
        with world.dagster("rocket") as instance, daemon_here(instance, world.folder) as daemon:
            yield Tempo(world, made, instance, daemon, patched, decisions)


def working_days(count: int) -> list[datetime]:
    """Return the first working days from the Monday on."""
    days = (MONDAY + timedelta(days=number) for number in range(2 * count + 7))
    return [day for day in days if day.weekday() < WEEKEND][:count]
