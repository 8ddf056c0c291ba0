"""Ask trackers which projects there are, at most once a day, and remember what they said."""

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from scout.errors import ScoutError
from scout.model import Frozen, Report
from scout.registry import plugin
from scout.service import listings, roster
from scout.service.listings import Listed, Listing
from scout.service.wiring import Workspace
from scout.settings import Discover
from scout.sources import Access, Found, Source

DAILY = timedelta(days=1)
AGAIN = timedelta(hours=1)  # after a failure
log = logging.getLogger(__name__)


class DiscoveryLine(Frozen):
    """What one table of `[[discover]]` brought.

    Attributes:
        asked: whether the tracker was asked just now.
        fetched_at: when it last answered (UTC); None when it never did.
        reason: why it did not answer the last time; empty when it did.
        found: how many it has.
        taken: ids of the projects that patterns and flags leave, those that another project reads included.
    """

    source: str
    asked: bool
    fetched_at: datetime | None
    reason: str
    found: int
    taken: tuple[str, ...]


class DiscoveryReport(Report):
    """Which projects trackers have.

    Attributes:
        partial: whether a tracker did not answer the last time, so that what it said before counts.
    """

    schema_id: ClassVar[str] = "scout.discovery/1"

    lines: tuple[DiscoveryLine, ...]
    partial: bool


def discover(
    work: Workspace,
    *,
    now: bool = False,
    patience: float | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> DiscoveryReport:
    """Ask the trackers that `[[discover]]` names, each at most once a day, and an hour after it failed.

    What could not be asked stays as it was; nothing that was listed before is lost by a failure.

    Args:
        work: the workspace; its projects are those of the new listings afterwards.
        now: ask whatever the age.
        patience: seconds to wait for a tracker's limit to end; by default as the settings say.
        step: called with a short phrase before each tracker is asked.

    Raises:
        SettingsError: a table is wrong, or its source cannot discover.
        StoreError: the state folder cannot be written.
    """
    tables = {listings.asked(table): table for table in work.loaded.settings.discover}
    hurry = {} if patience is None else {"patience": patience}
    settings = {mark: roster.discovery(table, work.loaded).model_copy(update=hurry) for mark, table in tables.items()}
    known = listings.read(work.home)
    due = [mark for mark in tables if now or _is_due(known.get(mark), work.now)]
    made: list[Listing] = []
    for mark in due:
        step(f"Asking {tables[mark].type} which projects there are")
        access = Access(home=work.home, now=work.now, settings=settings[mark], step=step)
        made.append(_listing(work, tables[mark], access, [*known.values(), *made]))
    if made:
        work.prepare()
        listings.keep(work.home, made, tables)
        work.reread()
    return discovered(work, due)


def discovered(work: Workspace, just_now: Collection[str] = ()) -> DiscoveryReport:
    """Return what trackers said the last time, without asking them.

    Args:
        work: the workspace.
        just_now: digests of the tables whose tracker was asked just now.
    """
    known = listings.read(work.home)
    marks = [(table, listings.asked(table)) for table in work.loaded.settings.discover]
    lines = tuple(_line(table, known.get(mark), asked=mark in just_now) for table, mark in marks)
    return DiscoveryReport(lines=lines, partial=any(line.reason for line in lines))


def _is_due(known: Listing | None, now: datetime) -> bool:
    if known is None:
        return True
    if known.reason:
        return abs(now - known.tried_at) >= AGAIN
    return abs(now - known.tried_at) >= DAILY


def _listing(work: Workspace, table: Discover, access: Access, known: Iterable[Listing]) -> Listing:
    mark = listings.asked(table)
    listed = {one.table: one for one in known}
    before = listed.get(mark)
    source: type[Source] = plugin(Source, "scout.sources", "scout.sources", table.type, "source")
    try:
        found = tuple(source().discover(access))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one tracker, the others are asked
        reason = str(error) if isinstance(error, ScoutError) else f"Scout itself failed: {type(error).__name__}."
        log.warning("%s did not say which projects there are: %s", table.type, reason)
        return Listing(
            table=mark,
            type=table.type,
            fetched_at=before.fetched_at if before else None,
            tried_at=work.now,
            reason=reason,
            found=before.found if before else (),
        )
    made = _listed(work, table, found, listed.values())
    return Listing(table=mark, type=table.type, fetched_at=work.now, tried_at=work.now, found=made)


def _listed(work: Workspace, table: Discover, found: tuple[Found, ...], known: Iterable[Listing]) -> tuple[Listed, ...]:
    marks = [listings.mark(table, one.keys) for one in found]
    before = {one.mark: one.id for listing in known for one in listing.found}
    checkouts = {name for name, path in work.memory.known().items() if not work.memory.is_folder(path)}
    taken = {*checkouts, *(one.id for one in work.loaded.settings.project)}
    names = zip((one.name for one in found), marks, strict=True)
    ids = listings.identified(names, before, taken)
    return tuple(
        Listed(id=id_, name=one.name, mark=mark, keys=dict(one.keys), archived=one.archived, fork=one.fork)
        for id_, mark, one in zip(ids, marks, found, strict=True)
    )


def _line(table: Discover, listing: Listing | None, *, asked: bool) -> DiscoveryLine:
    found = listing.found if listing else ()
    return DiscoveryLine(
        source=table.type,
        asked=asked,
        fetched_at=listing.fetched_at if listing else None,
        reason=listing.reason if listing else "",
        found=len(found),
        taken=tuple(one.id for one in listings.wanted(table, found)),
    )
