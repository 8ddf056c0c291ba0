"""Many pieces of work at once, in bounded memory."""

import contextvars
from collections.abc import Callable, Generator, Iterable
from queue import SimpleQueue
from threading import Event, Thread
from typing import Generic, NamedTuple, TypeVar

from scout.remote.pausing import Stopped, called_off

T = TypeVar("T")

WAITING = 2
"""Results that wait to be taken, at most, for each worker."""


class _Done(NamedTuple, Generic[T]):
    result: list[T]
    """One result; none where it failed."""
    error: BaseException | None


def gathered(work: Iterable[Callable[[], T]], workers: int) -> Generator[T]:
    """Return results as they come, in the order in which they end.

    `work` is read in the caller's thread, no further ahead than `workers` in flight and twice as many results waiting.
    The first error stops the rest; it is raised when what is in flight has ended. Closing the iterator stops early:
    threads that wait for a limit are woken. Threads see the caller's context variables.

    Args:
        work: what is to be done; called in other threads.
        workers: how many at once, at least 1.

    Raises:
        BaseException: the first one that `work` raised.
    """
    crew = _Crew[T](workers)
    try:
        for one in work:
            if crew.busy >= workers * (1 + WAITING):
                yield crew.next()
            crew.give(one)
        while crew.busy:
            yield crew.next()
    except Exception:
        crew.stop(wait=True)
        raise
    except GeneratorExit:
        crew.stop(wait=True)
        raise
    except BaseException:
        crew.stop(wait=False)  # Ctrl-C: the threads are daemons and end with the process
        raise
    crew.stop(wait=True)


class _Crew(Generic[T]):
    """Threads that take work from one queue and put results into another."""

    def __init__(self, workers: int) -> None:
        self.busy = 0
        self._workers = max(workers, 1)
        self._threads: list[Thread] = []
        self._work: SimpleQueue[Callable[[], T] | None] = SimpleQueue()
        self._done: SimpleQueue[_Done[T]] = SimpleQueue()
        self._off = Event()

    def give(self, one: Callable[[], T]) -> None:
        self.busy += 1
        self._work.put(one)
        if len(self._threads) < min(self._workers, self.busy):
            context = contextvars.copy_context()
            thread = Thread(target=context.run, args=(self._run,), name="scout-remote", daemon=True)
            self._threads.append(thread)
            thread.start()

    def next(self) -> T:
        done = self._done.get()
        self.busy -= 1
        if done.error is not None:
            raise done.error
        return done.result[0]

    def stop(self, *, wait: bool) -> None:
        self._off.set()
        for _ in self._threads:
            self._work.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _run(self) -> None:
        called_off.set(self._off)
        while (one := self._work.get()) is not None:
            if self._off.is_set():
                continue
            try:
                self._done.put(_Done([one()], None))
            except Stopped:
                continue
            except BaseException as error:  # noqa: BLE001 - it is raised again in the caller's thread
                self._done.put(_Done([], error))
