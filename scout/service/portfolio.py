"""Which projects there are, where they come from, and how old what is known of them is."""

from collections.abc import Callable
from enum import StrEnum
from typing import ClassVar

from scout.model import Frozen, Report
from scout.service.ages import SourceAge, ages
from scout.service.discover import DiscoveryLine, discover, discovered
from scout.service.wiring import Workspace, checkout_of


class Origin(StrEnum):
    """Why a project is one."""

    SETTINGS = "settings"
    DISCOVERED = "discovered"
    CHECKOUT = "checkout"
    SEEN = "seen"


class PortfolioLine(Frozen):
    """One project.

    Attributes:
        origin: named by the settings, listed by a tracker, the checkout here, or seen before.
        path: the checkout; empty for a project without one.
        sources: what it is read from, with ages.
    """

    project: str
    origin: Origin
    path: str
    cadence: str
    sources: tuple[SourceAge, ...]


class PortfolioReport(Report):
    """All projects.

    Attributes:
        discoveries: what each table of `[[discover]]` brought.
    """

    schema_id: ClassVar[str] = "scout.projects/1"

    projects: tuple[PortfolioLine, ...]
    discoveries: tuple[DiscoveryLine, ...]

    @property
    def partial(self) -> bool:
        """Whether a tracker did not answer the last time, so that what it said before counts."""
        return any(one.reason for one in self.discoveries)


def portfolio(
    work: Workspace, *, refresh: bool = False, step: Callable[[str], None] = lambda _: None
) -> PortfolioReport:
    """List the projects, those included that trackers listed; with `refresh` the trackers are asked first.

    Raises:
        SettingsError: the settings are wrong.
        UsageError: there are no projects.
    """
    found = discover(work, now=True, step=step) if refresh else discovered(work)
    configured = {one.id for one in work.loaded.settings.project}
    listed = {one.id for one in work.listed}
    here = Origin.SEEN if checkout_of(work.start) is None else Origin.CHECKOUT
    lines = tuple(
        PortfolioLine(
            project=one.id,
            origin=Origin.SETTINGS if one.id in configured else Origin.DISCOVERED if one.id in listed else here,
            path=str(one.path) if one.has_checkout else "",
            cadence=one.cadence,
            sources=ages(work, one),
        )
        for one in work.projects
    )
    return PortfolioReport(projects=lines, discoveries=found.lines)
