"""What Dagster's daemon works on, with its code in this process, so that a test's clock is the sensors' clock, too."""

import logging
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import cast

import dagster as dg
import pytest
from dagster._core.remote_origin import CodeLocationOrigin, InProcessCodeLocationOrigin
from dagster._core.test_utils import create_test_daemon_workspace_context, freeze_time
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceLoadTarget
from dagster._daemon.sensor import execute_sensor_iteration  # pyright: ignore[reportUnknownVariableType]
from dagster._scheduler.scheduler import launch_scheduled_runs  # pyright: ignore[reportUnknownVariableType]

from scout import clock

LOG = logging.getLogger("daemon")
_given = clock.now


class _Here(WorkspaceLoadTarget):
    """The definitions, loaded in this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)

    def create_origins(self) -> Sequence[CodeLocationOrigin]:
        loaded = LoadableTargetOrigin(
            executable_path=sys.executable, module_name="assets.definitions", working_directory=self._folder
        )
        return [InProcessCodeLocationOrigin(loaded, location_name="scout")]


@contextmanager
def daemon_here(instance: dg.DagsterInstance, folder: Path) -> Generator[WorkspaceProcessContext]:
    """Give what Dagster's daemon works on; nothing public drives its ticks at given times."""
    with create_test_daemon_workspace_context(_Here(folder), instance) as context:
        yield context


@contextmanager
def frozen(patched: pytest.MonkeyPatch, moment: datetime) -> Generator[None]:
    """Stop the clocks of Dagster and of Scout at a moment."""

    def now(fixed: str | None = None) -> datetime:
        return moment if fixed is None else _given(fixed)

    patched.setattr(clock, "now", now)
    with freeze_time(moment):
        yield


def sensors(context: WorkspaceProcessContext) -> None:
    """Let the sensors be asked now."""
    assert not any(cast("Iterable[object]", execute_sensor_iteration(context, LOG, None, None)))


def schedules(context: WorkspaceProcessContext, moment: datetime) -> None:
    """Let the schedules be asked at a moment."""
    assert not any(launch_scheduled_runs(context, LOG, moment, {}))
