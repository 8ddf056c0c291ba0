"""Speed and memory of telling what is asked for already: `bench_dedupe.py [--full]`.

500 pieces of work against 50,000 tickets with `--full`, in at most 60 s and 2 GB; 100 against 10,000 without, in a
tenth of the time. Words are drawn as often as Zipf says, so that rows of the matrix are as full as those of real
tickets.
"""

import random
import resource
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import accumulate

from scout.drafts import Admitted, clusters, unlike
from scout.model import Evidence, EvidenceKind, Finding, Story, Ticket, WorkKind

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FULL, QUICK = (500, 50_000), (100, 10_000)
MOST_SECONDS, MOST_MEGABYTES = 60, 2048
WORDS, IN_TITLE, IN_BODY = 40_000, 8, 120


def main(arguments: Sequence[str]) -> None:
    """Print the figures; end with 1 when the full ones are missed."""
    found, known = FULL if "--full" in arguments else QUICK
    chance = random.Random(5)  # noqa: S311 - made-up words, no secret
    words = [_word(chance) for _ in range(WORDS)]
    weights = list(accumulate(1 / rank for rank in range(1, WORDS + 1)))
    tickets = [_ticket(number, words, weights, chance) for number in range(known)]
    admitted = [_admitted(number, words, weights, chance, tickets) for number in range(found)]
    before = _megabytes()
    began = time.perf_counter()
    choice = unlike(admitted, (), tickets, NOW)
    seconds = time.perf_counter() - began
    print(
        f"{found} candidates against {known:,} tickets: {seconds:.1f} s, peak {_megabytes():.0f} MB "
        f"(of which {before:.0f} MB for the tickets), {len(choice.cut)} seen as a ticket of {found // 10} copied"
    )
    if "--full" in arguments and (seconds > MOST_SECONDS or _megabytes() > MOST_MEGABYTES):
        sys.exit(1)


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(chance.randint(2, 5)))


def _said(words: Sequence[str], weights: Sequence[float], chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(words, cum_weights=weights, k=count))


def _ticket(number: int, words: Sequence[str], weights: Sequence[float], chance: random.Random) -> Ticket:
    return Ticket(
        project="demo",
        key=str(number),
        source="files",
        title=_said(words, weights, chance, IN_TITLE),
        body=_said(words, weights, chance, IN_BODY),
    )


def _admitted(
    number: int, words: Sequence[str], weights: Sequence[float], chance: random.Random, tickets: Sequence[Ticket]
) -> Admitted:
    """Return work of its own; every tenth is a ticket's, word for word."""
    twin = chance.choice(tickets) if number % 10 == 0 else None
    title = twin.title if twin else _said(words, weights, chance, IN_TITLE)
    said = twin.body if twin else _said(words, weights, chance, IN_BODY)
    place = Evidence(kind=EvidenceKind.FILE, locator=f"src/part{number}.py:{number + 1}", seen="", sha="0" * 40)
    finding = Finding(
        signal="todo-age",
        subject=f"src/part{number}.py",
        severity=1,
        kind=WorkKind.CHORE,
        story=Story(title=title, current=said, why="", wanted="", acceptance=()),
        evidence=(place,),
    )
    return Admitted(cluster=clusters([finding])[0])


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
