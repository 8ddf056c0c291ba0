"""The table of what fresh readers said, `scout/signals/acceptance.toml`, from their verdicts beside this file.

Usage: `python tests/precision/acceptance.py`; `make precision` and `make docs` do it, too.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FRESH = Path(__file__).parent / "fresh"
TABLE = ROOT / "scout" / "signals" / "acceptance.toml"
WORTH = "T"
HALF = 0.5
"""What a verdict counts for each round after its own: what was found false was mended before the next one."""


def rounds(folder: Path = FRESH) -> list[list[dict[str, Any]]]:
    """Return the verdicts, oldest round first: files are `round-<number>.jsonl`."""
    named = {int(file.stem.removeprefix("round-")): file for file in folder.glob("round-*.jsonl")}
    return [[json.loads(line) for line in named[at].read_text("utf-8").splitlines()] for at in sorted(named)]


def table(read: Sequence[Sequence[dict[str, Any]]]) -> str:
    """Return the table as TOML; the same verdicts give the same text."""
    counts, wanted = Counter[str](), Counter[str]()
    weights, worth = Counter[str](), Counter[str]()
    for age, verdicts in enumerate(reversed(read)):
        for one in verdicts:
            counts[one["signal"]] += 1
            wanted[one["signal"]] += one["verdict"] == WORTH
            weights[one["signal"]] += HALF**age  # pyright: ignore[reportArgumentType] - counters take any number
            worth[one["signal"]] += HALF**age * (one["verdict"] == WORTH)  # pyright: ignore[reportArgumentType]
    rows = [
        f"{name} = {{ read = {counts[name]}, wanted = {wanted[name]}, "
        f"weight = {weights[name]:.4g}, worth = {worth[name]:.4g} }}"
        for name in sorted(counts)
    ]
    until = max((str(one["now"])[: len("2026-03-04")] for verdicts in read for one in verdicts), default="")
    head = (
        "# What readers who had not written the scouts said of findings in repositories that nobody had looked at.\n"
        "# Made from tests/precision/fresh/*.jsonl by `make precision`. DO NOT EDIT: add a round there.\n"
        "# read: findings; wanted: those true and worth a ticket; weight, worth: the same, half for each later round.\n"
    )
    facts = f'rounds = {len(read)}\nread = {counts.total()}\nuntil = "{until}"\n'
    return f"{head}{facts}\n[signals]\n" + "".join(f"{row}\n" for row in rows)


def main() -> int:
    """Write the table, and say so where it has changed."""
    written = table(rounds())
    if not TABLE.is_file() or TABLE.read_text("utf-8") != written:
        TABLE.write_text(written, "utf-8")
        sys.stdout.write(f"written: {TABLE.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
