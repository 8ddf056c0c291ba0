"""One run of a project at a time, whoever starts it: a terminal, a schedule, a second machine's copy of the folder."""

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from filelock import FileLock, Timeout

from scout.errors import StoreError
from scout.service.wiring import Project, Workspace

PATIENCE = 1800.0

whose: ContextVar[str] = ContextVar("whose", default="")
"""Project and run that the present work belongs to, for lines of a log."""


@contextmanager
def turn(work: Workspace, project: Project) -> Generator[None]:
    """Wait for other runs of the project to end, and keep others waiting; a killed one leaves at once.

    Raises:
        StoreError: another run did not end within half an hour.
    """
    work.prepare()
    folder = work.home / "locks"
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = FileLock(folder / f"{project.id}.lock", timeout=PATIENCE)
    try:
        lock.acquire()
    except Timeout as error:
        message = f"Another run of {project.id} has not ended for {PATIENCE / 60:.0f} minutes."
        raise StoreError(message, "Wait for it, or end that process.") from error
    token = whose.set(f"{project.id}/{secrets.token_hex(4)}")
    try:
        yield
    finally:
        whose.reset(token)
        lock.release()
