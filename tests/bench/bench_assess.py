"""How many tickets are judged in a second by one core: real ones with their comments, each only once.

Run it with `python -m tests.bench.bench_assess`. It reads the shared data (`SCOUT_SHARED` says where they are).
"""

import time
from itertools import cycle, islice

from scout.readiness import Judged, assess
from tests.real_texts import RealText, real_texts
from tests.trackers import shared

TICKETS = 10_000


def main() -> None:
    """Print the figure."""
    texts = list(real_texts(shared("data")))
    made = [one._replace(body=f"{one.body}\n\nSeen {number} times.") for number, one in enumerate(_many(texts))]
    characters = sum(len(one.title) + len(one.body) + sum(map(len, one.comments)) for one in made)
    began = time.process_time()
    ready = sum(assess(Judged.of(one.title, one.body, comments=one.comments)).ready for one in made)
    seconds = time.process_time() - began
    print(
        f"readiness of {len(made):,} tickets ({characters / 1e6:.0f} MB with comments): "
        f"{len(made) / seconds:.0f} tickets/s on one core ({seconds:.1f} s; {ready:,} ready)"
    )


def _many(texts: list[RealText]) -> list[RealText]:
    return list(islice(cycle(texts), TICKETS))


if __name__ == "__main__":
    main()
