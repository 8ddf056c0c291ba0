"""What happens to findings while a repository goes on: `replay.py commits|weeks MIRROR [NUMBER] [SIGNAL…]`.

`commits` looks at each of the last 200 commits of the first-parent line, with one clock for all. A finding that is gone
at a commit while another of the same signal appears there that says the same has lost its fingerprint though its
subject lives; one that comes back later was lost in between. `weeks` looks at the newest commit of each of the last
eight weeks, with that week's clock, and counts what is offered for the first time.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from scout.model import Finding
from scout.repository import Change, Repository
from scout.service.scan import scouts
from scout.signals import View, watch

COMMITS = 200
WEEKS = 8
TOGETHER = 10
ALIKE = 0.5


def main(arguments: Sequence[str]) -> None:
    """Print the figures of one repository."""
    what, place, *rest = arguments
    number = int(rest[0]) if rest and rest[0].isdigit() else 0
    names = [name for name in rest if not name.isdigit()]
    if what == "weeks":
        weeks(Path(place), number or WEEKS, names)
    else:
        commits(Path(place), number or COMMITS, names)


def commits(place: Path, number: int, names: Sequence[str]) -> None:
    """Print how many findings keep their fingerprint, and where others were lost."""
    line = changes(place)
    now = line[0].at
    lives = fixed = lost = 0
    before: dict[str, Finding] = {}
    gone: dict[str, Finding] = {}
    for change, findings in looks(place, [(change, now) for change in reversed(line[:number])], names):
        found = {one.fingerprint: one for one in findings}
        new = [one for name, one in found.items() if name not in before]
        lives += len(new)
        for name in before.keys() - found.keys():
            twin = next((one for one in new if same(one, before[name])), None)
            if twin is None:
                fixed += 1
                gone[name] = before[name]
            else:
                lost += 1
                told(change, "another fingerprint", before[name])
        for name in found.keys() - before.keys():
            if name in gone:
                lost += 1
                told(change, "came back", gone.pop(name))
        before = found

    kept = 1 - lost / max(1, lives)
    sys.stdout.write(
        f"{number} commits: {lives} findings, {fixed} gone at a commit, {lost} renamed or back: {kept:.1%} kept\n"
    )


def weeks(place: Path, number: int, names: Sequence[str]) -> None:
    """Print what is offered in each week for the first time."""
    line = changes(place)
    ends = [line[0].at - timedelta(weeks=week) for week in range(number, -1, -1)]
    newest = [(next(change for change in line if change.at <= end), end) for end in ends]
    known: set[str] = set()
    for week, (_, findings) in enumerate(looks(place, newest, names)):
        offered = [one for one in findings if one.offered]
        new = [one for one in offered if week and one.fingerprint not in known]
        known |= {one.fingerprint for one in offered}
        listed = ", ".join(f"{one.signal} {one.subject}" for one in new)
        sys.stdout.write(f"{ends[week]:%Y-%m-%d}: {len(offered)} offered, {len(new)} for the first time {listed}\n")
        sys.stdout.flush()


def changes(place: Path) -> Sequence[Change]:
    """Return the first-parent line, newest first."""
    with Repository.open(place) as repository:
        return repository.history(repository.resolve()).changes


def looks(
    place: Path, line: Sequence[tuple[Change, datetime]], names: Sequence[str]
) -> Iterator[tuple[Change, tuple[Finding, ...]]]:
    """Give what all scouts find at each commit and moment; what is kept of a repository is let go now and then."""
    for start in range(0, len(line), TOGETHER):
        with Repository.open(place) as repository:
            for change, now in line[start : start + TOGETHER]:
                day = now.replace(hour=0, minute=0, second=0, microsecond=0)
                view = View.of(repository, change.sha, day)
                yield change, watch(view, [kind() for kind in scouts(names).values()])[0]


def same(one: Finding, other: Finding) -> bool:
    """Say whether two findings are about the same thing, by signal and by what is seen."""
    words, others = seen(one), seen(other)
    return one.signal == other.signal and len(words & others) >= ALIKE * max(1, min(len(words), len(others)))


def seen(finding: Finding) -> set[str]:
    """Return what stands at a finding's places."""
    return {one.seen for one in finding.evidence}


def told(change: Change, what: str, finding: Finding) -> None:
    """Print a finding that did not keep its identity."""
    sys.stdout.write(f"{change.sha[:10]} {what}: {finding.fingerprint} {finding.subject}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
