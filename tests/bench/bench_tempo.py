"""A ten-fold step of execution, end to end through a real Dagster instance with a clock of our own.

Run it with `python -m tests.bench.bench_tempo [DAYS]`: a table, one row a working day, of demand, levels, stock, orders
and looks. From the fourth day on ten times as much is started as before.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.tempo import COLUMNS, Day, tempo, working_days

DAYS, STEP = 14, 3
BEFORE = (0, 1, 0, 0, 1)
"""Starts a day before the step, over and over."""

AFTER = (3, 5, 4, 4, 4)


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DAYS
    told(COLUMNS)
    told(["---"] * len(COLUMNS))
    days: list[Day] = []
    with TemporaryDirectory() as folder, tempo(Path(folder)) as world:
        for number, at in enumerate(working_days(count)):
            pace = BEFORE if number < STEP else AFTER
            days.append(world.day(at, pace[number % len(pace)]))
            told(days[-1].cells)
    after = days[STEP:]
    missed = sum(day.wanted - day.started for day in after)
    sys.stdout.write(
        f"\nwanted {sum(day.wanted for day in after)} after the step, {missed} of them not there in time\n"
    )


def told(cells: "tuple[str, ...] | list[str]") -> None:
    """Print a row."""
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
