"""Many reviewers at once, each with a workspace of their own, who all decide about the same candidates."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from scout.errors import ConflictError
from scout.ledger import Ledger
from scout.model import Decision
from scout.service import decide
from scout.service.decisions import Said
from scout.service.wiring import Workspace


@dataclass(frozen=True)
class Crowd:
    """How it went.

    Attributes:
        made: decisions that a reviewer was told stand.
        told: reviewers' decisions that were not taken because another one had been.
        decisions: by candidate, how many the ledger has.
        unlike: candidates whose decision in the ledger is not the one that its reviewer was told stands.
    """

    made: int
    told: int
    decisions: Counter[int]
    unlike: int
    seconds: float


def decide_at_once(opening: Callable[[], Workspace], names: Sequence[str], reviewers: int) -> Crowd:
    """Let so many reviewers decide about all of these candidates, each in an order and with verbs of their own."""

    def reviewed(number: int) -> tuple[dict[str, str], int]:
        """Return what this reviewer decided, and how often they were told of somebody else's decision."""
        chance = random.Random(number)  # noqa: S311 - an order, and no secret
        mine: dict[str, str] = {}
        told = 0
        work = opening()
        for name in chance.sample(names, len(names)):
            verb = chance.choice((_accept, _reject, _defer))
            try:
                verb(work, name, Said(reason=f"not now: reviewer {number}", actor=f"reviewer-{number}", seen=0))
                mine[name] = f"reviewer-{number}"
            except ConflictError as error:
                told += "reviewer-" in str(error)
        work.close()
        return mine, told

    began = time.perf_counter()
    with ThreadPoolExecutor(reviewers) as pool:
        ended = list(pool.map(reviewed, range(reviewers)))
    seconds = time.perf_counter() - began
    stands = _stand(opening().ledger, names)
    claimed = [(name, actor) for mine, _ in ended for name, actor in mine.items()]
    return Crowd(
        made=len(claimed),
        told=sum(told for _, told in ended),
        decisions=Counter(len(of) for of in stands.values()),
        unlike=sum([one.actor for one in stands[name]] != [actor] for name, actor in claimed),
        seconds=seconds,
    )


def _stand(ledger: Ledger, names: Sequence[str]) -> dict[str, tuple[Decision, ...]]:
    return {one.id: one.decisions for one in ledger.lives(names)}


def _accept(work: Workspace, name: str, said: Said) -> None:
    decide.accept(work, name, said=said)


def _reject(work: Workspace, name: str, said: Said) -> None:
    decide.reject(work, name, said=said)


def _defer(work: Workspace, name: str, said: Said) -> None:
    decide.defer(work, name, said=said, until=work.now + timedelta(days=9))
