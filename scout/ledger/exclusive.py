"""One publisher at a time: a lock that its holder's death frees at once."""

from collections.abc import Generator
from contextlib import contextmanager

from filelock import FileLock, Timeout
from sqlalchemy import Engine, text

from scout.errors import StoreError, UnavailableError
from scout.ledger.connection import PUBLISH_LOCK
from scout.ledger.faults import told
from scout.ledger.place import Place


@contextmanager
def only_publisher(engine: Engine, place: Place, wait: float) -> Generator[None]:
    """Hold the right to publish from a ledger, across processes and, with PostgreSQL, across machines.

    Args:
        engine: the ledger's.
        place: the ledger's.
        wait: seconds to wait for another publisher to end.

    Raises:
        UnavailableError: another process publishes for longer.
    """
    if place.path is None:
        with _advisory(engine, place, wait):
            yield
        return
    lock = FileLock(f"{place.path}.publishing", mode=0o600)
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
def _advisory(engine: Engine, place: Place, wait: float) -> Generator[None]:
    with told(place):
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        with told(place):
            connection.execute(text(f"SET lock_timeout = {max(1, int(wait * 1000))}"))
        try:
            with told(place):
                connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": PUBLISH_LOCK})
        except StoreError as error:
            raise _busy(place) from error
        yield
    finally:
        connection.invalidate()  # the lock and the setting go with the session
        connection.close()


def _busy(place: Place) -> UnavailableError:
    what = f"Another process is publishing from the ledger {place.shown}."
    return UnavailableError(what, "Let it end, then run the command again.")
