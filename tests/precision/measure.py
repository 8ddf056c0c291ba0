"""How many of the findings that would be offered are true: what was read by hand against what is found today.

Usage: `SCOUT_MIRRORS=folder python tests/precision/measure.py [OWNER/NAME …]`. The folder holds `owner+name/repo`,
clones of the repositories that the labels name. Without repositories named it writes `measured.json`, which the
reference shows; with some, it prints their figures alone.

Labels are the lines of `*.jsonl` beside this file, one finding each: `repository`, `sha`, `now`, `signal`, `subject`,
`locator`, `fingerprint`, `verdict` (T true and worth a ticket, t true but not worth one, F false) and a `note`. A label
of a finding that is not offered any more counts for nothing; what is offered without a label is unread. Labels without
a `sha` were read in an archive of a tracker, which no clone has: they count as they were read.
"""

import json
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scout.clock import now
from scout.errors import ScoutError
from scout.model import Finding
from scout.service.scan import find
from scout.service.wiring import open_workspace

HERE = Path(__file__).parent
MEASURED = HERE / "measured.json"
FIXES = "fixes.jsonl"
VERDICTS = ("T", "t", "F")
UNREAD = "unread"


@dataclass(frozen=True)
class Label:
    """One finding as it was read."""

    repository: str
    sha: str
    now: str
    signal: str
    locator: str
    fingerprint: str
    verdict: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Label":
        """Return a label from its JSON object."""
        fields = {name: str(row[name]) for name in cls.__dataclass_fields__}
        if fields["verdict"] not in VERDICTS:
            raise ValueError(f"'{fields['verdict']}' is no verdict")
        return cls(**{**fields, "now": fields["now"][: len("2026-03-04")]})


@dataclass(frozen=True)
class State:
    """A repository at a commit, looked at on a day."""

    repository: str
    sha: str
    now: str


@dataclass(frozen=True)
class Judged:
    """An offered finding with its verdict, or `unread`."""

    repository: str
    signal: str
    verdict: str


def labels(folder: Path = HERE) -> list[Label]:
    """Return all labels, by file and line.

    Raises:
        ValueError: a line is no label; the text names it.
    """
    found: list[Label] = []
    for file in labelled(folder):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            try:
                found.append(Label.of(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{file.name}:{number}: {error}") from error
    return found


def labelled(folder: Path = HERE) -> list[Path]:
    """Return the files of labels; the list of fixes beside them holds none."""
    return [file for file in sorted(folder.glob("*.jsonl")) if file.name != FIXES]


def judged(state: State, offered: Iterable[Finding], known: Iterable[Label]) -> list[Judged]:
    """Return offered findings with their verdicts: by fingerprint, else by signal and place at the same commit."""
    mine = sorted((one for one in known if one.repository == state.repository), key=lambda one: one.now)
    by_fingerprint = {one.fingerprint: one.verdict for one in mine}
    by_place = {(one.signal, one.locator): one.verdict for one in mine if one.sha == state.sha}
    found: list[Judged] = []
    for finding in offered:
        place = (finding.signal, finding.evidence[0].locator)
        verdict = by_fingerprint.get(finding.fingerprint) or by_place.get(place) or UNREAD
        found.append(Judged(state.repository, finding.signal, verdict))
    return found


def offered(mirror: Path, state: State) -> list[Finding]:
    """Return what would be offered of a repository, with a state folder that is thrown away.

    Raises:
        ScoutError: it cannot be looked at.
    """
    with tempfile.TemporaryDirectory() as home:
        os.environ["SCOUT_HOME"] = home
        work = open_workspace(mirror, now(state.now))
        return list(find(work, work.project(), at=state.sha).offered)


def figures(found: Sequence[Judged], states: Iterable[State], archives: Iterable[Label]) -> dict[str, Any]:
    """Return counts by signal and by repository, in a fixed order, for the reference."""
    every = [*found, *(Judged(one.repository, one.signal, one.verdict) for one in archives)]
    by_signal: dict[str, list[Judged]] = defaultdict(list)
    for one in every:
        by_signal[one.signal].append(one)
    looked = sorted(states, key=lambda state: (state.repository.lower(), state.now))
    by_repository = {
        state.repository: Counter(j.verdict for j in found if j.repository == state.repository) for state in looked
    }
    return {
        "looked_at": [
            {
                "repository": one.repository,
                "sha": one.sha[:12],
                "now": one.now,
                **_counts(by_repository[one.repository]),
            }
            for one in looked
        ],
        "signals": {
            name: {
                **_counts(Counter(one.verdict for one in rows)),
                "repositories": len({one.repository for one in rows}),
            }
            for name, rows in sorted(by_signal.items())
        },
    }


def _counts(verdicts: Mapping[str, int]) -> dict[str, int]:
    return {name: verdicts.get(name, 0) for name in (*VERDICTS, UNREAD)}


def states_of(known: Iterable[Label]) -> list[State]:
    """Return one state for each repository: that of most labels, the newest of equals."""
    counts: dict[str, Counter[State]] = defaultdict(Counter)
    for one in known:
        if one.sha:
            counts[one.repository][State(one.repository, one.sha, one.now)] += 1
    chosen = (max(states.items(), key=lambda one: (one[1], one[0].now))[0] for states in counts.values())
    return sorted(chosen, key=lambda state: state.repository.lower())


def main(names: list[str]) -> int:
    """Measure, and write or print; return the exit code."""
    folder = os.environ.get("SCOUT_MIRRORS", "")
    if not Path(folder).is_dir() or not folder:
        sys.stdout.write("Precision is not measured: SCOUT_MIRRORS names no folder of clones (owner+name/repo).\n")
        return 0
    known = labels()
    found: list[Judged] = []
    looked: list[State] = []
    for state in states_of(known):
        mirror = Path(folder) / state.repository.replace("/", "+") / "repo"
        if names and state.repository not in names:
            continue
        try:
            mine = judged(state, offered(mirror, state), known)
        except ScoutError as error:
            sys.stdout.write(f"{state.repository}: left out: {error}\n")
            continue
        found += mine
        looked.append(state)
        said = ", ".join(
            f"{count} {verdict}" for verdict, count in sorted(Counter(one.verdict for one in mine).items())
        )
        sys.stdout.write(f"{state.repository}: {len(mine)} offered: {said or 'none'}\n")
    content = figures(found, looked, [] if names else [one for one in known if not one.sha])
    if names:
        sys.stdout.write(json.dumps(content["signals"], indent=1) + "\n")
    else:
        MEASURED.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
