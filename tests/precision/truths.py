"""Whether known truths are found and known traps stay silent: `SCOUT_MIRRORS=folder python tests/precision/truths.py`.

The list is that of the field study: truths by place (all of them in findings of the signal), traps by a signal and the
beginning of a place that must not be offered. Ends with 1 when one of them does not hold.
"""

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from scout.service.scan import FindingsReport, find
from scout.service.wiring import open_workspace


class Known(NamedTuple):
    """What is known about one signal in one repository.

    Attributes:
        places: locators (a file's line, a path, a commit or its beginning) that a finding has to name.
        silent: beginnings of locators that no offered finding may have.
    """

    repository: str
    day: str
    signals: tuple[str, ...]
    places: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


WAITING = ("expiry-date-passed", "temporary-condition-met", "temporary-old")
EDITED, GUARDED = "migration-edited-after-merge", "migration-guard-after-merge"
MIGRATIONS = ("migration-heads", "migration-number", "migration-parent", EDITED)
TAGS = "kitsune/tags/migrations/0002_auto_20241115_0241.py"
KNOWN = (
    Known("lobsters/lobsters", "2026-08-03", WAITING, ("config/initializers/cookie_rotator.rb:6",)),
    Known(
        "mathesar-foundation/mathesar",
        "2026-05-20",
        (EDITED,),
        ("mathesar/migrations/0007_form_formfield.py", "f5e700fe85"),
    ),
    Known("mozilla/kitsune", "2026-08-21", (EDITED,), (TAGS, "812e80d6e1", "439b819cba", "036966b5e4", "24c17a583a")),
    Known("mozilla/kitsune", "2026-08-21", ("doc-command-missing",), ("docs/l10n-system.md:204",)),
    Known("rubyforgood/casa", "2026-08-20", (GUARDED,), ("db/migrate/20230610153139_", "8b533a347f")),
    Known("chaoss/augur", "2026-03-12", ("ci-reference-missing",), tuple(f"Makefile:{line}" for line in (42, 45, 48))),
    Known(
        "chaoss/augur",
        "2026-03-12",
        ("codeowners-invalid",),
        tuple(f".github/CODEOWNERS:{line}" for line in (8, 24, 26, 57, 58, 59)),
    ),
    Known(
        "freelawproject/courtlistener",
        "2026-08-21",
        ("eol-runtime",),
        tuple(f"docker/courtlistener/docker-compose.yml:{line}" for line in (43, 88)),
    ),
    Known(
        "fluxcd/flux2",
        "2026-08-07",
        WAITING,
        tuple(f"pkg/bootstrap/bootstrap_provider.go:{line}" for line in (356, 429)),
    ),
    Known("hotosm/tasking-manager", "2026-05-06", ("release-drift",), ("v4.8",)),
    Known("nextstrain/ncov-ingest", "2026-07-23", ("broken-internal-link",), ("README.md:119",)),
    Known("cosmicpython/code", "2025-06-10", ("eol-runtime",), ("docker-compose.yml:54",)),
    Known("mozilla/kitsune", "2026-08-21", ("migration-number", "migration-parent"), silent=("kitsune/",)),
    Known("freelawproject/courtlistener", "2026-08-21", MIGRATIONS, silent=("cl/recap_rss/migrations/0002",)),
    Known("meltano/meltano", "2026-08-07", ("broken-internal-link",), silent=("docs/docs/", "docs/src/")),
    Known("opensafely/job-server", "2021-01-29", ("ci-action-retired",), silent=("",)),
    Known("simonw/til", "2026-07-13", ("todo-age", "temporary-old", "swallowed-exception"), silent=("",)),
    Known("chaoss/augur", "2026-03-12", MIGRATIONS, silent=("augur/application/schema/alembic/versions/10_",)),
    Known(
        "HypothesisWorks/hypothesis",
        "2026-08-16",
        ("skipped-test",),
        silent=("hypothesis-python/tests/pytest/test_skipping",),
    ),
    Known("simonw/sqlite-utils", "2026-08-13", (*MIGRATIONS, "schema-drift", "model-without-migration"), silent=("",)),
)


def main() -> None:
    """Print one line for each truth or trap; end with 1 when one does not hold."""
    mirrors = Path(os.environ.get("SCOUT_MIRRORS", ""))
    if not os.environ.get("SCOUT_MIRRORS"):
        sys.stdout.write("SCOUT_MIRRORS does not name a folder of clones: nothing was checked.\n")
        return
    wrong = sum(not holds(mirrors, one) for one in KNOWN)
    sys.stdout.write(f"{len(KNOWN) - wrong} of {len(KNOWN)} hold\n")
    sys.exit(wrong > 0)


def holds(mirrors: Path, known: Known) -> bool:
    """Look, print what is missing or should not be there, and say whether it is as it should be."""
    report = looked(mirrors / known.repository.replace("/", "+") / "repo", known)
    said = [f"{one.locator} {one.seen}" for finding in report.findings for one in finding.evidence]
    offered = [one.locator for finding in report.offered for one in finding.evidence]
    missing = [place for place in known.places if not any(place in one for one in said)]
    loud = [one for one in offered if known.silent and one.startswith(known.silent)]
    verdict = f"missing {', '.join(missing)}" if missing else f"not silent: {', '.join(loud)}" if loud else "holds"
    sys.stdout.write(f"{known.repository} {'/'.join(known.signals)}: {verdict}\n")
    return not missing and not loud


def looked(place: Path, known: Known) -> FindingsReport:
    """Return what the scouts of some signals find, in a state folder of its own."""
    day = datetime.fromisoformat(known.day).replace(tzinfo=UTC)
    with tempfile.TemporaryDirectory() as home:
        os.environ["SCOUT_HOME"] = home
        work = open_workspace(place, day)
        return find(work, work.project(), signals=known.signals)


if __name__ == "__main__":
    main()
