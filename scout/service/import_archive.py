"""Take in files of tickets and changes: recognise them, keep them, read them into the warehouse."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, NamedTuple

from scout.errors import UnavailableError, UsageError
from scout.model import Frozen, Report
from scout.service.ingest import ingest
from scout.service.wiring import Project, Workspace
from scout.sources.imports import Archive, Shelf, Survey, recognised, survey

SOURCE = "imports"
COUNTED = ("tickets", "changes", "comments", "events", "reviews", "remarks")


class Manner(NamedTuple):
    """How files are to be read.

    Attributes:
        shape: what they are; None lets each tell.
        columns: names of columns by part of a ticket, for sheets.
    """

    shape: str | None = None
    columns: Mapping[str, Sequence[str]] = {}


AS_THEY_TELL = Manner()


class SkippedLine(Frozen):
    """A part of a file that could not be read.

    Attributes:
        line: where it ends, from 1; 0 where nobody knows.
    """

    file: str
    line: int
    reason: str


class ImportedFile(Frozen):
    """What one file holds.

    Attributes:
        shape: what it was taken for.
        new: whether it was not there before, or is read in another way now.
        rows: how many tickets, changes, comments, events, reviews and remarks it holds.
        skipped: how many of its parts could not be read.
    """

    file: str
    shape: str
    new: bool
    rows: dict[str, int]
    skipped: int


class ImportReport(Report):
    """What was imported.

    Attributes:
        rows: what the files hold together: `tickets`, `changes` (pull requests), `comments`, `events`, `reviews`,
            `remarks` (comments on lines of a change).
        unchanged: whether all of it was there already.
        skipped: the first parts of each file that could not be read.
        partial: whether there were any.
    """

    schema_id: ClassVar[str] = "scout.import/1"

    project: str
    files: tuple[ImportedFile, ...]
    rows: dict[str, int]
    unchanged: bool
    skipped: tuple[SkippedLine, ...]
    partial: bool


def import_archive(
    work: Workspace,
    name: str,
    files: Sequence[Path],
    manner: Manner = AS_THEY_TELL,
    step: Callable[[str], None] = lambda _: None,
) -> ImportReport:
    """Import files into a project, which is made when nobody knows it. Nothing happens unless all can be imported.

    Args:
        work: the workspace.
        name: the project's id.
        files: plain or packed.
        manner: how to read them.
        step: takes a short phrase about progress.

    Raises:
        UsageError: a file is none, has no known shape or nothing in it, or belongs to another repository than what
            the project has; or the project does not read imports.
        UnavailableError: the files were kept, but could not be read into the warehouse.
        StoreError: the state folder cannot be written.
    """
    archives = [recognised(path, path.name, manner.shape, manner.columns) for path in dict.fromkeys(files)]
    surveys: list[Survey] = []
    for archive in archives:
        step(f"Looking through {archive.name}")
        surveys.append(_surveyed(archive))
    project = work.adopt(name)
    if not project.takes_imports:
        message = f"The project {name} is read from a tracker, which says the same things."
        raise UsageError(message, f"Add '{SOURCE}' to its `sources` in the settings, or give --project another name.")
    shelf = Shelf(work.home, project.id)
    _check_repositories(project, shelf, archives, surveys)
    work.prepare()
    new = [
        shelf.put(archive, next(iter(found.repositories), ""), work.now)
        for archive, found in zip(archives, surveys, strict=True)
    ]
    work.reread()  # what has imports reads them from now on
    _read(work, work.project(name), step)
    return _report(project, archives, surveys, new)


def _surveyed(archive: Archive) -> Survey:
    found = survey(archive)
    if not found.rows.total():
        reason = f" Its line {found.skipped[0].line}: {found.skipped[0].reason}." if found.skipped else ""
        raise UsageError(f"{archive.name} has nothing that can be imported.{reason}", "Give a file with tickets.")
    return found


def _check_repositories(project: Project, shelf: Shelf, archives: Sequence[Archive], surveys: Sequence[Survey]) -> None:
    """Refuse two repositories in one project: both number their issues from 1.

    Raises:
        UsageError: there would be two.
    """
    known = {card.repository: f"{project.id} already" for card in shelf.cards() if card.repository}
    for archive, found in zip(archives, surveys, strict=True):
        for repository in sorted(found.repositories):
            other = next((one for one in known if one != repository), None)
            if other is not None:
                message = f"{archive.name} is about {repository}, and {known[other]} has issues of {other}."
                raise UsageError(message, "Import each repository into a project of its own.")
            known[repository] = archive.name


def _read(work: Workspace, project: Project, step: Callable[[str], None]) -> None:
    only = replace(project, sources=tuple(one for one in project.sources if one.id == SOURCE))
    report = ingest(work, only, step)
    for source in report.sources:
        if source.outcome.value not in {"present", "absent"}:
            message = f"The files were kept, but not read: {source.reason.removesuffix('.')}."
            raise UnavailableError(message, f"Mend that, then `scout run --project {project.id}`.")


def _report(
    project: Project, archives: Sequence[Archive], surveys: Sequence[Survey], new: Sequence[bool]
) -> ImportReport:
    lines = tuple(
        ImportedFile(
            file=archive.name,
            shape=archive.shape,
            new=is_new,
            rows={name: found.rows[name] for name in COUNTED},
            skipped=found.faults,
        )
        for archive, found, is_new in zip(archives, surveys, new, strict=True)
    )
    total = sum((found.rows for found in surveys), Counter[str]())
    skipped = (one for found in surveys for one in found.skipped)
    return ImportReport(
        project=project.id,
        files=lines,
        rows={name: total[name] for name in COUNTED},
        unchanged=not any(new),
        skipped=tuple(SkippedLine(file=one.file, line=one.line, reason=one.reason) for one in skipped),
        partial=any(found.faults for found in surveys),
    )
