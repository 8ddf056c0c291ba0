"""Many questions at once: each stream's plan says what it wants to know next, threads find out."""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from typing import Any, Generic, NamedTuple, TypeGuard, TypeVar

from scout.remote.failure import RemoteError
from scout.remote.parallel import gathered
from scout.remote.pausing import Stopped

_WAITING = 4
"""Questions that wait for a worker: one that is done finds the next at once."""
T = TypeVar("T")
A = TypeVar("A")
Ask = Callable[[], A]
"""A question: called in another thread, it asks the server and reads the answer."""
Plan = Generator[Sequence[Ask[A]], list[A], T]
"""What to ask for one stream: yields questions that may be asked at once, is sent their answers in the same order, and
returns how it ended. A question that fails is raised where it was yielded."""


def together(plans: Mapping[str, Plan[A, T]], workers: int, take: Callable[[A], None]) -> dict[str, T | RemoteError]:
    """Follow all plans at once, and return how each ended: what it returned, or why it could not go on.

    A plan that fails does not stop the others, unless the reason concerns all: a credential that counts no longer, a
    limit that lasts, a server that is down. Then nothing more is asked. Questions are begun in turns, so that a plan
    that has to ask one after the other is not kept waiting by those that have many.

    Args:
        plans: by name.
        workers: how many questions at once.
        take: is given every answer as it comes, in the caller's thread, before its plan is.
    """
    crowd = _Crowd(plans, workers, take)
    for _ in gathered(crowd.work(), workers):
        pass
    return crowd.ended


def concerns_all(error: object) -> TypeGuard[RemoteError]:
    """Return whether nothing else will be answered either."""
    return isinstance(error, RemoteError) and error.everywhere


class _Answer(NamedTuple):
    name: str
    place: int
    batch: int
    value: Any
    error: Exception | None


@dataclass(slots=True)
class _Turn(Generic[A, T]):
    """A plan on its way.

    Attributes:
        waiting: questions that nobody has begun to ask, with their places.
        answers: to the questions of the batch, by place.
        open: how many questions of the batch have no answer yet.
        batch: counts batches, so that late answers of one that failed are known as such.
    """

    plan: Plan[A, T]
    waiting: deque[tuple[int, Ask[A]]] = field(default_factory=deque[Any])
    answers: list[Any] = field(default_factory=list[Any])
    open: int = 0
    batch: int = 0


class _Crowd(Generic[A, T]):
    def __init__(self, plans: Mapping[str, Plan[A, T]], workers: int, take: Callable[[A], None]) -> None:
        self.ended: dict[str, T | RemoteError] = {}
        self._most = workers + _WAITING
        self._take = take
        self._turns = {name: _Turn[A, T](plan) for name, plan in plans.items()}
        self._done: SimpleQueue[_Answer] = SimpleQueue()
        self._over: RemoteError | None = None

    def work(self) -> Iterator[Callable[[], None]]:
        """Yield questions as plans come up with them; in the caller's thread, which deals with answers in between."""
        for name in tuple(self._turns):
            self._go_on(name, None)
        under_way = 0
        while self._turns:
            ready = deque(name for name, turn in self._turns.items() if turn.waiting)
            while ready and under_way < self._most:
                turn = self._turns[name := ready.popleft()]
                place, ask = turn.waiting.popleft()
                under_way += 1
                yield partial(self._answer, name, place, turn.batch, ask)
                if turn.waiting:
                    ready.append(name)
            self._settle(self._done.get())
            under_way -= 1
        while under_way:
            self._settle(self._done.get())
            under_way -= 1

    def _answer(self, name: str, place: int, batch: int, ask: Ask[A]) -> None:
        if self._over is not None:
            self._done.put(_Answer(name, place, batch, None, self._over))
            return
        try:
            self._done.put(_Answer(name, place, batch, ask(), None))
        except Stopped:
            raise
        except Exception as error:  # noqa: BLE001 - it is raised again in the caller's thread
            if concerns_all(error):
                self._over = error
            self._done.put(_Answer(name, place, batch, None, error))

    def _settle(self, answer: _Answer) -> None:
        if answer.error is None:
            self._take(answer.value)
        turn = self._turns.get(answer.name)
        if answer.error is not None and not isinstance(answer.error, RemoteError):
            raise answer.error
        if turn is None or turn.batch != answer.batch:
            return
        if answer.error is not None:
            self._go_on(answer.name, answer.error)
            return
        turn.answers[answer.place] = answer.value
        turn.open -= 1
        if not turn.open:
            self._go_on(answer.name, None)

    def _go_on(self, name: str, error: RemoteError | None) -> None:
        """Let a plan say what it wants to know next, until it wants something or ends."""
        turn = self._turns[name]
        answers, asks = turn.answers, ()
        try:
            while not asks:
                if error is not None:
                    asks, error = turn.plan.throw(error), None
                else:
                    asks = turn.plan.send(answers) if turn.batch else next(turn.plan)
                turn.batch += 1
                answers = []
        except StopIteration as end:
            self.ended[name] = end.value
            del self._turns[name]
            return
        except RemoteError as failed:
            self.ended[name] = failed
            del self._turns[name]
            return
        turn.waiting = deque(enumerate(asks))
        turn.answers = [None] * len(asks)
        turn.open = len(asks)


def abreast(plans: Sequence[Plan[A, None]]) -> Plan[A, None]:
    """Follow several parts of a plan at once, in step: the next questions of all are one batch."""
    asks = {place: next(plan, ()) for place, plan in enumerate(plans)}
    while asks := {place: batch for place, batch in asks.items() if batch}:
        answers = iter((yield [ask for batch in asks.values() for ask in batch]))
        given = {place: [next(answers) for _ in batch] for place, batch in asks.items()}
        asks = {place: _next(plans[place], some) for place, some in given.items()}


def _next(plan: Plan[A, None], answers: list[A]) -> Sequence[Ask[A]]:
    try:
        return plan.send(answers)
    except StopIteration:
        return ()
