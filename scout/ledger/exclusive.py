"""One publisher at a time for each tracker: a lock that its holder's death frees at once."""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager

from filelock import FileLock, Timeout
from sqlalchemy import Engine, text

from scout.errors import StoreError, UnavailableError
from scout.ledger.connection import PUBLISH_LOCK
from scout.ledger.faults import told
from scout.ledger.place import Place


@contextmanager
def only_publisher(engine: Engine, place: Place, tracker: str, wait: float) -> Generator[None]:
    """Hold the right to publish from a ledger to a tracker, across processes and, with PostgreSQL, across machines.

    Args:
        engine: the ledger's.
        place: the ledger's.
        tracker: what is written to; empty for whatever it is.
        wait: seconds to wait for another publisher to end.

    Raises:
        UnavailableError: another process publishes for longer.
    """
    if place.path is None:
        with _advisory(engine, place, _number(tracker), wait):
            yield
        return
    of = f"-{_number(tracker) & 0xFFFFFFFF:08x}" if tracker else ""
    lock = FileLock(f"{place.path}.publishing{of}", mode=0o600)
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise _busy(place) from None
    except OSError as error:
        what = f"The lock {lock.lock_file} cannot be taken: {error.strerror}."
        raise StoreError(what, "Make the ledger's folder writable for this user.") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _advisory(engine: Engine, place: Place, number: int, wait: float) -> Generator[None]:
    with told(place):
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        with told(place):
            connection.execute(text(f"SET lock_timeout = {max(1, int(wait * 1000))}"))
        try:
            with told(place):
                connection.execute(text("SELECT pg_advisory_lock(:key, :of)"), {"key": PUBLISH_LOCK, "of": number})
        except StoreError as error:
            raise _busy(place) from error
        yield
    finally:
        connection.invalidate()  # the lock and the setting go with the session
        connection.close()


def _number(tracker: str) -> int:
    """Return a whole number of 32 bits that stands for a tracker; two that share one only wait for each other."""
    return int.from_bytes(hashlib.blake2b(tracker.encode(), digest_size=4).digest(), signed=True)


def _busy(place: Place) -> UnavailableError:
    what = f"Another process is publishing from the ledger {place.shown}."
    return UnavailableError(what, "Let it end, then run the command again.")
