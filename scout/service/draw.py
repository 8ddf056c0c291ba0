"""Write the pictures of a project as files."""

import re
from pathlib import Path
from typing import ClassVar

from scout.errors import StoreError
from scout.model import Report
from scout.service.pictures import pictures
from scout.service.wiring import Project, Workspace

_BETWEEN = re.compile(r"[^a-z0-9]+")


class DrawnReport(Report):
    """The files that were written."""

    schema_id: ClassVar[str] = "scout.pictures/1"

    project: str
    files: tuple[str, ...]


def draw(work: Workspace, project: Project, folder: Path, asked: str = "") -> DrawnReport:
    """Write what can be drawn of a project as SVG files, dark on light, named by their titles.

    Args:
        work: the workspace.
        project: the project.
        folder: where to; it is made when it is missing.
        asked: what is supposed about the days ahead; empty for things as they are.

    Raises:
        UsageError: what is supposed cannot be read.
        StoreError: a file cannot be written.
    """
    files: list[str] = []
    drawn = pictures(work, project, asked)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in drawn:
            file = folder / f"{_BETWEEN.sub('-', one.title.lower()).strip('-')}.svg"
            file.write_text(one.standalone, "utf-8")
            files.append(str(file))
    except OSError as error:
        message = f"{error.filename or folder} cannot be written: {error.strerror or error}."
        raise StoreError(message, "Give another folder.") from error
    return DrawnReport(project=project.id, files=tuple(files))
