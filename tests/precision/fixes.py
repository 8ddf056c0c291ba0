"""Whether `scout verify` sees real fixes: `SCOUT_MIRRORS=folder python tests/precision/fixes.py [OWNER/NAME …]`.

`fixes.jsonl` lists commits of public histories that fixed what a scout finds at their first parent. For each the
command is run as a user runs it, with the day of the fix for today: it has to end with 1 (still there) at the parent
and with 0 (gone) at the fix. The folder holds `owner+name/repo`, clones of the repositories. Ends with 1 when a fix
is not seen so.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

LISTED = Path(__file__).with_name("fixes.jsonl")
STILL_THERE, GONE = 1, 0


class Fix(NamedTuple):
    """A commit that fixed a finding.

    Attributes:
        parent: the first parent of the fix, where the finding is there.
        day: of the fix, taken for today.
    """

    repository: str
    signal: str
    subject: str
    fingerprint: str
    parent: str
    fix: str
    day: str


def main(names: list[str]) -> None:
    """Print one line for each fix, of the repositories named or of all; end with 1 when one is not seen."""
    mirrors = os.environ.get("SCOUT_MIRRORS", "")
    if not mirrors:
        sys.stdout.write("SCOUT_MIRRORS does not name a folder of clones: nothing was checked.\n")
        return
    fixes = [one for one in listed() if not names or one.repository in names]
    with tempfile.TemporaryDirectory() as home:
        seen = sum(is_seen(Path(mirrors), one, home) for one in fixes)
    sys.stdout.write(f"{seen} of {len(fixes)}\n")
    sys.exit(seen < len(fixes))


def listed() -> list[Fix]:
    """Return the fixes of the list."""
    return [Fix(**json.loads(line)) for line in LISTED.read_text("utf-8").splitlines()]


def is_seen(mirrors: Path, fix: Fix, home: str) -> bool:
    """Verify at the parent and at the fix, print how that ended, and say whether it is as it should be."""
    codes = [verified(mirrors, fix, at, home) for at in (fix.parent, fix.fix)]
    told = " → ".join(map(str, codes))
    sys.stdout.write(f"{fix.repository} {fix.parent[:10]}..{fix.fix[:10]} {fix.signal} {fix.subject}: {told}\n")
    sys.stdout.flush()
    return codes == [STILL_THERE, GONE]


def verified(mirrors: Path, fix: Fix, at: str, home: str) -> int:
    """Return the exit code of `scout verify` at a commit."""
    place = mirrors / fix.repository.replace("/", "+") / "repo"
    told = [fix.fingerprint, str(place), "--seen", fix.parent, "--at", at, "--now", fix.day]
    command = [sys.executable, "-m", "scout", "verify", *told]
    return subprocess.run(command, env={**os.environ, "SCOUT_HOME": home}, capture_output=True, check=False).returncode


if __name__ == "__main__":
    main(sys.argv[1:])
