"""Whether drafts hold what they promise: each gate passed, each place, commit, line and quotation found by plain git.

Usage: `SCOUT_MIRRORS=folder python tests/precision/drafts.py [--keep FOLDER] OWNER/NAME …`. The folder holds
`owner+name/repo`, clones. What is offered of each, at its newest commit on the day after it, is drafted offline; with
`--keep` the drafts are written there to be read.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scout.drafts import clusters
from scout.model import Draft
from scout.service.drafting import drafting
from scout.service.ingest import ingest
from scout.service.scan import find
from scout.service.wiring import open_workspace

_PLACE = re.compile(
    r"^- `(?P<path>[^`]+?)(?::(?P<line>\d+))?` at `(?P<sha>[0-9a-f]{12})`(?:: `+(?P<seen>.*?)`+)?$", re.MULTILINE
)
_COMMIT = re.compile(r"`([0-9a-f]{7,40})`")
_EXCERPT = re.compile(r"^`([^`]+)` from line (\d+):\n\n(`{3,})[^\n]*\n(.*?)\n\3$", re.MULTILINE | re.DOTALL)
_SHORTENED = "…"


def main(arguments: list[str]) -> int:
    """Draft, check, print; return 1 when a claim does not hold or a gate is not passed."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--keep", type=Path)
    given.add_argument("repository", nargs="+")
    asked = given.parse_args(arguments)
    drafts = claims = wrong = 0
    for name in asked.repository:
        mirror = Path(os.environ["SCOUT_MIRRORS"]) / name.replace("/", "+") / "repo"
        made = list(drafted(mirror))
        for number, draft in enumerate(made, 1):
            held = list(checked(mirror, draft))
            faults = [*(what for what, true in held if not true), *draft.readiness.failed_gates]
            drafts, claims, wrong = drafts + 1, claims + len(held), wrong + len(faults)
            sys.stdout.write(f"{name} {draft.readiness.total:.2f} {len(held):3} claims  {draft.title}\n")
            sys.stdout.writelines(f"    wrong: {fault}\n" for fault in faults)
            if asked.keep:
                asked.keep.mkdir(parents=True, exist_ok=True)
                file = asked.keep / f"{name.replace('/', '+')}-{number:02}.md"
                file.write_text(f"# {draft.title}\n\n{draft.body}\n", "utf-8")
    sys.stdout.write(f"{drafts} drafts, {claims} claims, {wrong} wrong or gates not passed\n")
    return 1 if wrong else 0


def drafted(mirror: Path) -> Iterator[Draft]:
    """Yield a draft for each piece of work that would be offered, with a state folder that is thrown away."""
    newest = datetime.fromtimestamp(int(git(mirror, "show", "-s", "--format=%ct", "HEAD")), UTC)
    with tempfile.TemporaryDirectory() as home:
        os.environ["SCOUT_HOME"] = home
        work = open_workspace(mirror, newest + timedelta(days=1))
        project = work.project()
        ingest(work, project)
        found = find(work, project)
        with drafting(work, project, found) as drafter:
            for cluster in clusters(found.offered):
                yield drafter.draft(cluster, 1)


def checked(mirror: Path, draft: Draft) -> Iterator[tuple[str, bool]]:
    """Yield every place, quotation, excerpt and commit that a draft names, and whether plain git finds it."""
    for found in _PLACE.finditer(draft.body):
        text = shown(mirror, draft.sha, found["path"])
        yield found[0], text is not None
        if found["line"] and found["seen"] and text is not None:
            line = (text.split("\n")[int(found["line"]) - 1 :] or [""])[0]
            seen = found["seen"].rstrip(_SHORTENED).strip()
            yield f"{found['path']}:{found['line']} says {seen}", _flat(seen) in _flat(line)
    for path, first, _, code in _EXCERPT.findall(draft.body):
        text = shown(mirror, draft.sha, path) or ""
        lines = text.split("\n")[int(first) - 1 :]
        for number, line in enumerate(code.split("\n")):
            same = number < len(lines) and lines[number].rstrip("\r").startswith(line.removesuffix(_SHORTENED))
            yield f"{path}:{int(first) + number} is {line}", same
    for sha in set(_COMMIT.findall(draft.body)):
        yield f"commit {sha}", git(mirror, "cat-file", "-t", sha).strip() == "commit"


def shown(mirror: Path, sha: str, path: str) -> str | None:
    """Return a file's text at a commit; an empty one for a folder; None where there is nothing."""
    if not git(mirror, "ls-tree", "--name-only", sha, "--", path):
        return None
    return git(mirror, "show", f"{sha}:{path}")


def git(mirror: Path, *arguments: str) -> str:
    """Return what git prints; nothing when it fails."""
    command = ["git", "-C", str(mirror), "--literal-pathspecs", *arguments]
    environment = {**os.environ, "GIT_NO_LAZY_FETCH": "1"}
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _flat(text: str) -> str:
    return re.sub(r"\W+", "", text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
