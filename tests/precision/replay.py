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
ALIKE = 0.5


def main(arguments: Sequence[str]) -> None:
    """Print the figures of one repository."""
    what, place, *rest = arguments
    number = int(rest[0]) if rest and rest[0].isdigit() else 0
    names = [name for name in rest if not name.isdigit()]
    with Repository.open(Path(place)) as repository:
        if what == "weeks":
            weeks(repository, number or WEEKS, names)
        else:
            commits(repository, number or COMMITS, names)


def commits(repository: Repository, number: int, names: Sequence[str]) -> None:
    """Print how many findings keep their fingerprint, and where others were lost."""
    line = repository.history(repository.resolve()).changes
    now = line[0].at
    lives = fixed = lost = 0
    before: dict[str, Finding] = {}
    gone: dict[str, Finding] = {}
    for change in reversed(line[:number]):
        found = {one.fingerprint: one for one in look(repository, change.sha, now, names)}
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


def weeks(repository: Repository, number: int, names: Sequence[str]) -> None:
    """Print what is offered in each week for the first time."""
    line = repository.history(repository.resolve()).changes
    end = line[0].at
    known: set[str] = set()
    for week in range(number, -1, -1):
        now = end - timedelta(weeks=week)
        newest = next(change for change in line if change.at <= now)
        offered = [one for one in look(repository, newest.sha, now, names) if one.offered]
        new = [one for one in offered if one.fingerprint not in known]
        known |= {one.fingerprint for one in offered}
        listed = ", ".join(f"{one.signal} {one.subject}" for one in new) if week < number else ""
        sys.stdout.write(f"{now:%Y-%m-%d}: {len(offered)} offered, {len(new)} for the first time {listed}\n")


def look(repository: Repository, sha: str, now: datetime, names: Sequence[str]) -> Iterator[Finding]:
    """Give what all scouts find at a commit."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    found, _ = watch(View.of(repository, sha, day), [kind() for kind in scouts(names).values()])
    yield from found


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
