"""Twenty reviewers who decide about the same 1,000 candidates: exactly one decision each, and the others are told.

Run it with `python -m tests.bench.bench_deciding [CANDIDATES]`; with PostgreSQL installed on both databases.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from scout.clock import now
from scout.service.wiring import Workspace, open_workspace
from tests.busy import busy
from tests.deciding import decide_at_once
from tests.postgres import programs, running
from tests.rocket import NOW

REVIEWERS = 20
CANDIDATES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000


def main() -> None:
    """Print the figures; end with 1 when a candidate has another number of decisions than one."""
    good = [_measured("SQLite", "")]
    binaries = programs()
    if binaries is None:
        told("PostgreSQL is not installed: not measured")
    else:
        with running(binaries) as server:
            good.append(_measured("PostgreSQL", server.new_database()))
    sys.exit(not all(good))


def _measured(name: str, ledger: str) -> bool:
    with TemporaryDirectory() as root, patch.dict(os.environ, {"SCOUT_HOME": f"{root}/state"}):
        os.environ["XDG_CONFIG_HOME"] = f"{root}/config"
        place, _ = busy(Path(root), CANDIDATES, 1000, ledger)

        def opening() -> Workspace:
            return open_workspace(place, now(NOW))

        names = [f"c-{number:010x}" for number in range(CANDIDATES)]
        crowd = decide_at_once(opening, names, REVIEWERS)
    told(
        f"{name}: {REVIEWERS} reviewers, {CANDIDATES} candidates, {crowd.seconds:.0f} s: {crowd.made} decisions made, "
        f"{crowd.told} times told of another's; candidates by number of decisions {dict(crowd.decisions)}, "
        f"{crowd.unlike} with another decision than was said"
    )
    told_all = crowd.told == (REVIEWERS - 1) * CANDIDATES
    return crowd.made == CANDIDATES and told_all and dict(crowd.decisions) == {1: CANDIDATES} and not crowd.unlike


def told(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
