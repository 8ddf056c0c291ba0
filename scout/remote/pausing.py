"""Waiting that can be called off: what a pull's threads sleep in while a limit lasts."""

import time
from contextvars import ContextVar
from threading import Event


class Stopped(Exception):  # noqa: N818 - nothing went wrong: whoever asked for the result wants it no longer
    """The work this thread was doing has been called off."""


called_off: ContextVar[Event | None] = ContextVar("called_off", default=None)
"""Set by whoever runs several pieces of work and may want them to end early."""


def check() -> None:
    """Return if the work of this thread is still wanted.

    Raises:
        Stopped: it is not.
    """
    event = called_off.get()
    if event is not None and event.is_set():
        raise Stopped


def pause(seconds: float) -> None:
    """Sleep, until the end or until the work is called off.

    Raises:
        Stopped: it was called off.
    """
    event = called_off.get()
    if event is None:
        time.sleep(seconds)
    elif event.wait(seconds):
        raise Stopped
