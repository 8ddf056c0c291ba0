"""How precise scouts are: figures that `make precision` took by comparing offered findings with what people read."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from pages.markdown import table

FRESH = Path(__file__).parents[2] / "tests" / "precision" / "fresh"
MEASURED = Path(__file__).parents[2] / "tests" / "precision" / "measured.json"
INTRODUCTION = """# Precision

Findings that a first run offers on public repositories, each read by hand as their maintainer would: *T* is true and
worth a ticket, *t* is true but not worth one, *F* is false, *unread* nobody has judged yet. Precision is T of what was
read. The labels stand in `tests/precision/`, one finding a line; `make precision` compares them with what is found
today. Signals of trackers were read in public archives, which no clone has.

**Read the figures by signal as an upper bound.** The scouts were mended while these very repositories were read, and
most verdicts are of one reader: expect a lower share elsewhere. Where few findings were read, the share is a
direction."""
FRESHLY = """Each round took repositories that nobody had looked at with Scout, and readers who had not written the
scouts judged everything that was offered, before anything was mended. What they found false or not worth a ticket was
mended after that, so that each round measures other scouts than the one before."""


def measured() -> dict[str, Any] | None:
    """Return the figures, or None where nobody has taken any."""
    return json.loads(MEASURED.read_text("utf-8")) if MEASURED.is_file() else None


def page() -> str | None:
    """Return the page, or None without figures."""
    found = measured()
    if found is None:
        return None
    signals = [
        (f"[{name}](scouts/{name}.md)", *_counts(row), _share(row), str(row["repositories"]))
        for name, row in found["signals"].items()
    ]
    total = {name: sum(row[name] for row in found["signals"].values()) for name in ("T", "t", "F", "unread")}
    signals.append(("**all**", *_counts(total), _share(total), str(len(found["looked_at"]))))
    rows = [
        (one["repository"], f"`{one['sha']}`", one["now"], str(_read(one) + one["unread"]), *_counts(one)[1:])
        for one in found["looked_at"]
    ]
    return "\n\n".join(
        (
            INTRODUCTION,
            "## Read by fresh eyes",
            FRESHLY,
            table(("round", "repositories", "read", "T", "t", "F", "precision", "false"), _rounds()),
            "## By signal",
            table(("signal", "read", "T", "t", "F", "unread", "precision", "repositories"), signals),
            "## By repository",
            table(("repository", "commit", "looked at on", "offered", "T", "t", "F", "unread"), rows),
        )
    )


def fact(signal: str) -> str:
    """Return the precision of one scout in words; empty where nothing was read."""
    row = (measured() or {"signals": {}})["signals"].get(signal)
    if row is None or not _read(row):
        return ""
    return f"{_share(row)} of {_read(row)} read in {row['repositories']} repositories ([all figures](../precision.md))"


def _rounds() -> list[tuple[str, ...]]:
    """Return a row for each file of verdicts by fresh readers."""
    return [_round(file) for file in sorted(FRESH.glob("*.jsonl"))]


def _round(file: Path) -> tuple[str, ...]:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    counts = Counter(row["verdict"] for row in rows)
    shares = (f"{100 * counts[verdict] / len(rows):.0f} %" for verdict in ("T", "F"))
    many = (len({row["repository"] for row in rows}), len(rows), *(counts[verdict] for verdict in ("T", "t", "F")))
    return file.stem.removeprefix("round-"), *map(str, many), *shares


def _read(row: dict[str, int]) -> int:
    return row["T"] + row["t"] + row["F"]


def _counts(row: dict[str, int]) -> tuple[str, ...]:
    return tuple(map(str, (_read(row), row["T"], row["t"], row["F"], row["unread"])))


def _share(row: dict[str, int]) -> str:
    return f"{100 * row['T'] / _read(row):.0f} %" if _read(row) else ""
