"""Precision of what would be merged, on pairs that were read: `SCOUT_MIRRORS=folder python duplicates.py [OPTIONS]`.

Every text of the shared archives, and of two that stand in clones in the folder of mirrors (tickets, and pull requests
where an archive has them), is compared with all others of its archive, and pairs that `scout.text.sameness` takes for
the same are looked up in `pairs/duplicates.jsonl`: T, both ask for the same; F, they do not. Verdicts are locators
only. `--unread` lists pairs that nobody has read yet. `--large` compares the 15,813 issues and the 14,837 pull requests
of brson/rust-issue-archive instead, each with their own kind: two to three minutes.
"""

import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scout.service.linked import read
from scout.text.sameness import same
from scout.text.similarity import Index
from scout.text.words import Words

VERDICTS = Path(__file__).parent / "pairs" / "duplicates.jsonl"
SHARED = Path(os.environ.get("SCOUT_SHARED") or Path(__file__).parents[3] / "shared") / "data"
LARGE = "brson+rust-issue-archive"
MIRRORED = ("tlswg+tls13-spec", "tlswg+dtls13-spec")
NEAREST = 10
Pair = tuple[str, str, str]


class Figures(NamedTuple):
    """How many pairs are merged, how many of them were read, and how many of those ask for the same."""

    merged: int
    read: int
    right: int
    unread: tuple[Pair, ...] = ()

    @property
    def precision(self) -> float:
        """Share of what was read that is right."""
        return self.right / max(1, self.read)


class Archive(NamedTuple):
    """Texts by key; `tickets` are those that are no pull requests."""

    name: str
    texts: dict[str, Words]
    tickets: frozenset[str]


def main(arguments: Sequence[str]) -> None:
    """Print the precision, and the pairs that were not read when asked."""
    if not SHARED.is_dir():
        sys.stdout.write("There is no shared data here: nothing was compared.\n")
        return
    every, tickets = measured(large() if "--large" in arguments else archives())
    for what, found in (("pairs", every), ("pairs of tickets", tickets)):
        sys.stdout.write(
            f"{found.merged} {what} merged, {found.read} read, {found.right} right: precision {found.precision:.3f}\n"
        )
    if "--unread" in arguments:
        for archive, one, other in every.unread:
            sys.stdout.write(f"{archive} {one} {other}\n")


def measured(compared: Iterable["Archive"] | None = None) -> tuple[Figures, Figures]:
    """Merge what archives hold, by default those of `archives`, and compare with what was read: all, and of tickets."""
    known = verdicts()
    every: list[Pair] = []
    tickets: list[Pair] = []
    for archive in archives() if compared is None else compared:
        found = list(merges(archive))
        every += found
        tickets += [pair for pair in found if {*pair[1:]} <= archive.tickets]
    return _figures(every, known), _figures(tickets, known)


def _figures(merged: Sequence[Pair], known: Mapping[Pair, str]) -> Figures:
    seen = [known[pair] for pair in merged if pair in known]
    return Figures(len(merged), len(seen), seen.count("T"), tuple(pair for pair in merged if pair not in known))


def verdicts() -> dict[Pair, str]:
    """Return what was read, by archive and the two keys."""
    rows = [json.loads(line) for line in VERDICTS.read_text("utf-8").splitlines()]
    return {(row["archive"], row["one"], row["other"]): row["verdict"] for row in rows}


def merges(archive: Archive) -> Iterator[Pair]:
    """Yield the pairs of an archive that are taken for the same, each once."""
    keys, said = list(archive.texts), list(archive.texts.values())
    done: set[frozenset[int]] = set()
    for at, found in enumerate(Index(said).nearest(said, NEAREST, range(len(said)))):
        for near in found:
            pair = frozenset((at, near.place))
            if pair not in done and same(said[at], said[near.place], near):
                done.add(pair)
                first, second = sorted(pair)
                yield archive.name, keys[first], keys[second]


def archives() -> Iterator[Archive]:
    """Yield the shared archives, and those of clones where there are any."""
    jira = read([SHARED / "jira-tidev" / "issues.jsonl.gz"]).texts
    yield Archive("jira-tidev", {key: Words(*text) for key, text in jira.items()}, frozenset(jira))
    issues, pulls = (list(_lines(SHARED / "github-gui" / f"{name}.jsonl.gz")) for name in ("issues", "pulls"))
    yield _archive("github-gui", [one["issue"] for one in issues], [one["pull"] for one in pulls])
    for path in sorted((SHARED / "ietf").glob("*.json.gz")):
        whole = json.loads(gzip.decompress(path.read_bytes()))
        yield _archive(path.name.removesuffix(".json.gz"), whole["issues"], whole["pulls"])
    for name in MIRRORED:
        clone = Path(os.environ.get("SCOUT_MIRRORS", "")) / name / "repo"
        if clone.is_dir():
            command = ["git", "-C", str(clone), "show", "gh-pages:archive.json"]
            whole = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            yield _archive(name, whole["issues"], whole["pulls"])


def large() -> Iterator[Archive]:
    """Yield the issues, and then the pull requests, of an archive that has a file for each."""
    clone = Path(os.environ["SCOUT_MIRRORS"]) / LARGE / "repo"
    listed = subprocess.run(
        ["git", "-C", str(clone), "ls-tree", "-r", "HEAD", "items/"], check=True, capture_output=True
    )
    shas = [line.split()[2] for line in listed.stdout.splitlines() if line.endswith(b"-main.json")]
    command = ["git", "-C", str(clone), "cat-file", "--batch=%(objectsize)"]
    whole = subprocess.run(command, input=b"\n".join(shas), check=True, capture_output=True).stdout
    rows: list[dict[str, Any]] = []
    stream = io.BytesIO(whole)
    while size := stream.readline().strip():
        rows.append(json.loads(stream.read(int(size))))
        stream.read(1)
    yield _archive(LARGE, [row for row in rows if not row.get("pull_request")], [])
    yield _archive(LARGE, [], [row for row in rows if row.get("pull_request")])


def _archive(name: str, issues: Sequence[Mapping[str, Any]], pulls: Sequence[Mapping[str, Any]]) -> Archive:
    texts = {str(row["number"]): Words(row.get("title") or "", row.get("body") or "") for row in (*issues, *pulls)}
    return Archive(name, texts, frozenset(str(row["number"]) for row in issues))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


if __name__ == "__main__":
    main(sys.argv[1:])
