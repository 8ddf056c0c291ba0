"""One open ledger for a process that answers many requests: connections and compiled queries are made once."""

import threading
from collections.abc import Callable

from scout.ledger import Ledger
from scout.service.wiring import Workspace


class Sharing:
    """Opens workspaces that share one ledger; threads may open them at once.

    Args:
        opening: opens a workspace anew, with the settings and the clock of that moment.
    """

    def __init__(self, opening: Callable[[], Workspace]) -> None:
        self._opening = opening
        self._lock = threading.Lock()
        self._known: tuple[object, Ledger] | None = None

    def __call__(self) -> Workspace:
        """Return a workspace of this moment; another file in the ledger's place is opened as another ledger."""
        work = self._opening()
        with self._lock:
            if self._known is None or self._known[0] != _mark(work):
                if self._known is not None:
                    self._known[1].close()
                ledger = work.ledger
                self._known = (_mark(work), ledger)
            work.borrow(self._known[1])
        return work


def _mark(work: Workspace) -> object:
    place = work.ledger_place
    if isinstance(place, str):
        return place
    return (place, place.stat().st_ino) if place.exists() else None
