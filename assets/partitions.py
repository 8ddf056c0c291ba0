"""Projects as partitions: every asset has one partition a project, named by the project's id."""

from collections.abc import Iterable

import dagster as dg

from scout.model import Frozen

PROJECTS = dg.DynamicPartitionsDefinition(name="project")


class Registration(Frozen):
    """What has to change so that the partitions are the projects of the settings.

    Attributes:
        add: projects that are not registered yet, in the order of the settings.
        drop: partitions whose project is not configured any more; what was materialized for them stays on record.
    """

    add: tuple[str, ...]
    drop: tuple[str, ...]


def registration(configured: Iterable[str], registered: Iterable[str]) -> Registration:
    """Compare the ids of the configured projects with the partitions that are registered."""
    wanted, known = dict.fromkeys(configured), dict.fromkeys(registered)
    return Registration(
        add=tuple(name for name in wanted if name not in known),
        drop=tuple(name for name in known if name not in wanted),
    )
