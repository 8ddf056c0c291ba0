"""The classes of a run as a sheet that other programs read."""

import csv
from pathlib import Path

from scout.errors import UsageError
from scout.lifecycle import register
from scout.service.classify_runs import run_called
from scout.service.wiring import Workspace

COLUMNS = ("project", "id", "title", "class", "confidence", "reason", "quotation", "rule", "second", "doubt")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(work: Workspace, name: str, path: Path) -> int:
    """Write every ticket with its class and reason as comma-separated values; return how many.

    Raises:
        UsageError: the file cannot be written.
    """
    run = run_called(work, name)
    try:
        with register.opened(run.folder) as kept, path.open("w", encoding="utf-8", newline="") as file:
            sheet = csv.writer(file)
            sheet.writerow(COLUMNS)
            count = 0
            for one in kept.entries():
                told = (one.meaning, one.confidence, one.reason, one.quotation, one.rule, one.second, one.doubt)
                sheet.writerow([_inert(value) for value in (one.project, one.key, one.title, *told)])
                count += 1
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}."
        raise UsageError(message, "Give another file.") from error
    return count


def _inert(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
