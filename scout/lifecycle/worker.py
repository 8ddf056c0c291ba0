"""A worker: a process of its own that knows its folder and nothing else. `python -m scout.lifecycle.worker FOLDER`.

In the folder are the brief and the slice; it writes verdicts, a heartbeat and, where it may not go on by itself, a
question. It has no credentials and no settings. However it ends, what it has saved is kept.
"""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from scout.lifecycle import brief as briefs
from scout.lifecycle.brief import Brief, Case
from scout.lifecycle.record import Record, loaded
from scout.lifecycle.rules import Verdict
from scout.lifecycle.sheet import TRIES, Sheet, opened, row_of
from scout.model import Frozen

SLICE, HEARTBEAT, QUESTION, ANSWER = "slice.jsonl", "heartbeat", "question.json", "answer.json"
ASKS = 75
"""Exit code of a worker that has a question (EX_TEMPFAIL: try again later)."""
SAVED = 0.5
"""Seconds of work that may be lost with a worker."""
_MEGABYTE = 1 << 20
_DIGITS = 12

Judge = Callable[[Record], Verdict]


class Question(Frozen):
    """What a worker may not do by itself.

    Attributes:
        about: `brief`, `taxonomy`, `settings` or `tracker`.
        wants: a sentence that can be answered with yes or no.
        context: why.
        case: the corner case that a yes puts into the brief.
    """

    about: str
    wants: str
    context: str = ""
    case: Case | None = None


class Answer(Frozen):
    """What somebody has decided about a question."""

    yes: bool
    reason: str = ""


class AsksError(Exception):
    """A worker has to stop and ask."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.wants)
        self.question = question


class Heart:
    """Shows which line of the slice is being worked on; one small write in place."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / HEARTBEAT, os.O_WRONLY | os.O_CREAT, 0o600)

    def beat(self, line: int) -> None:
        """Say that a line, from 0, is begun."""
        os.pwrite(self._file, f"{line:0{_DIGITS}d}\n".encode(), 0)


def at_line(folder: Path) -> int | None:
    """Return the line that a worker was last at; None before it began."""
    try:
        return int((folder / HEARTBEAT).read_text("ascii"))
    except (OSError, ValueError):
        return None


def answer(folder: Path) -> Answer | None:
    """Return the answer that lies in a worker's folder."""
    try:
        return Answer.model_validate_json((folder / ANSWER).read_text("utf-8"))
    except (OSError, ValidationError):
        return None


def main(arguments: list[str], judge: Callable[[Brief], Judge] | None = None) -> int:
    """Do the work that lies in a folder and return the exit code.

    Args:
        arguments: the folder.
        judge: what makes the verdicts of a brief; by default its rules.
    """
    (place,) = arguments
    folder = Path(place)
    told = briefs.read(folder)
    most = told.megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    try:
        work(folder, told, (judge or by_rules)(told))
    except AsksError as asks:
        (folder / QUESTION).write_text(asks.question.model_dump_json(), "utf-8")
        return ASKS
    return 0


def by_rules(told: Brief) -> Judge:
    """Return what makes verdicts by the rules of a brief."""
    return told.classifier().classify


def work(folder: Path, told: Brief, judge: Judge) -> None:
    """Give every record of the slice a verdict that has none; a record that cannot be judged is noted, and it goes on.

    Raises:
        AsksError: the judge may not go on by itself; what is done is kept.
    """
    heart, parent = Heart(folder), os.getppid()
    with opened(folder) as sheet:
        done = sheet.done() | set(told.skip)
        failed = {name: len(reasons) for name, reasons in sheet.failures().items()}
        saved = time.monotonic()
        for number, line in enumerate(lines(folder)):
            if (name := _name(line)) in done:
                continue
            heart.beat(number)
            while name not in done and failed.get(name, 0) < TRIES:
                if not _judged(sheet, judge, name, _dated(told, line)):
                    failed[name] = failed.get(name, 0) + 1
                    continue
                done.add(name)
            if time.monotonic() - saved > SAVED:
                sheet.save()
                saved = time.monotonic()
                if os.getppid() != parent:  # nobody waits for this any more
                    return


def lines(folder: Path) -> Iterator[str]:
    """Return the lines of a slice: the ticket's name, a tab, the record."""
    with (folder / SLICE).open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.rstrip("\n")


def line_of(name: str, record: str) -> str:
    """Return the line of a slice for a ticket."""
    return f"{name}\t{record}\n"


def _dated(told: Brief, line: str) -> Callable[[], Record]:
    def record() -> Record:
        found = loaded(line.partition("\t")[2])
        return found if found.seen_at or told.seen_at is None else replace(found, seen_at=told.seen_at)

    return record


def _judged(sheet: Sheet, judge: Judge, name: str, record: Callable[[], Record]) -> bool:
    try:
        sheet.put(row_of(name, judge(record())))
    except AsksError:
        sheet.save()
        raise
    except Exception as error:  # noqa: BLE001 - one ticket never stops the slice; what was wrong is kept
        sheet.fail(name, f"{type(error).__name__}: {error}"[:300])
        return False
    return True


def _name(line: str) -> str:
    return line.partition("\t")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
