"""Logs: one line an event on stderr, with the project and run it belongs to."""

import logging
import time


class _Line(logging.Formatter):
    """Time (UTC), level, project and run, and what happened."""

    converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        from scout.service.turn import whose

        record.whose = whose.get() or record.name
        return super().format(record)


def configure(*, verbose: bool) -> None:
    """Send Scout's events of level info (or, without `verbose`, warning) and above to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Line("%(asctime)sZ %(levelname)-7s %(whose)s: %(message)s", "%Y-%m-%dT%H:%M:%S"))
    log = logging.getLogger("scout")
    log.handlers = [handler]
    log.setLevel(logging.INFO if verbose else logging.WARNING)
    log.propagate = False
