"""Dagster's own folder: made, configured and told about the projects before Dagster starts."""

import os
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
from filelock import FileLock

from assets.partitions import PROJECTS, Registration, registration
from assets.stages.outbox import WRITING
from scout.errors import StoreError, UsageError
from scout.settings import state_home

CONFIGURATION = "dagster.yaml"


def dagster_home() -> Path:
    """Return `$SCOUT_HOME/dagster`, absolute."""
    return state_home().absolute() / "dagster"


def prepare(home: Path) -> None:
    """Make Dagster's folder (mode 0700) with the repository's `dagster.yaml` in it, replaced when it has changed.

    Raises:
        StoreError: the folder cannot be made or written.
        UsageError: the repository's `dagster.yaml` is not there.
    """
    content = _configuration()
    try:
        home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
        home.chmod(0o700)
        place = home / CONFIGURATION
        if not place.is_file() or place.read_bytes() != content:
            beside = home / f".{CONFIGURATION}.{os.getpid()}"
            beside.write_bytes(content)
            beside.replace(place)
    except OSError as error:
        message = f"Dagster's folder {home} cannot be prepared: {error.strerror}."
        raise StoreError(message, "Set SCOUT_HOME to a folder that you may write.") from error


def register(home: Path, projects: Sequence[str]) -> Registration:
    """Make the partitions those of the projects, and return what had to change; give writing its one slot.

    One process at a time: two that made Dagster's databases at once would leave them broken.
    """
    with FileLock(home / "registering.lock"), dg.DagsterInstance.from_config(str(home)) as instance:
        name = str(PROJECTS.name)
        change = registration(projects, instance.get_dynamic_partitions(name))
        if change.add:
            instance.add_dynamic_partitions(name, change.add)
        for project in change.drop:
            instance.delete_dynamic_partition(name, project)
        storage = instance.event_log_storage
        if not any(one.name == WRITING and not one.from_default for one in storage.get_pool_limits()):
            storage.set_concurrency_slots(WRITING, 1)
    return change


def _configuration() -> bytes:
    package = Path(__file__).parent
    places = (package.parent / CONFIGURATION, package / CONFIGURATION)
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        message = f"There is no {CONFIGURATION} beside {package}."
        raise UsageError(message, "Clone the repository again, or restore the file from it.")
    return found.read_bytes()
