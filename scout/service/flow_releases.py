"""Which tags are releases, and whether a change log tells of them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

import numpy as np

from scout.errors import ScoutError
from scout.flow.log import Table
from scout.repository import Repository, Tag, Tree
from scout.service.wiring import Project, Workspace
from scout.warehouse.tables.flow import PATHS

_FULL = re.compile(
    r"^(?P<line>[A-Za-z][A-Za-z_-]*[-_@]?)??(?:v|V|[Rr]el(?:ease)?[-_])?(?P<version>\d+(?:[._]\d+)+)"
    r"(?:[-.]?(?:final|ga|post\d+|p\d+))?$"
)
_CHANGELOG, _FOREIGN = re.compile(PATHS["changelog"]), re.compile(PATHS["foreign"])
_TESTS = re.compile(PATHS["tests"])
_NAMED = re.compile(
    r"^[^\w\n]{0,12}(?:[A-Za-z][\w -]{0,40}?[\s_-])??[^\w\n]{0,3}[vV]?(\d+(?:\.\d+)+)(?![\w.]*\w)", re.MULTILINE
)
_AGAIN = timedelta(days=1)
_DEEP, _LOGS = 2, 4
_KEPT, _BYPASSED, _UNKNOWN = 1, 0, -1


def full_releases(tags: Iterable[Tag]) -> list[Tag]:
    """Return the tags that are full releases of the project's main product, oldest first.

    A full release is named by a version and nothing behind it: no candidate, no nightly. Of several products, or lines
    of names, the main one is that with the most releases; tags of folders (`sdk/v1.2`) belong to none.
    """
    named = [(found["line"] or "", tag) for tag in tags if (found := _FULL.match(tag.name))]
    if not named:
        return []
    main, _ = Counter(line for line, _ in named).most_common(1)[0]
    return [tag for line, tag in named if line == main]


def releases(work: Workspace, project: Project, known: Table) -> Table:
    """Return the releases of a project: of a checkout with tags those, with whether they are told; else as they come.

    Args:
        work: for the present moment and caches.
        project: with or without a checkout.
        known: what trackers and tags tell: `at`.

    Returns:
        `at`, and of a checkout `name` and `noted`: 1 where a change log names the version, 0 where none does, -1 where
        nobody can tell. Releases from which on there is no change log are left out.
    """
    if not project.has_checkout:
        return known
    try:
        with Repository.open(project.checkout, work.home / "cache" / "repositories") as repository:
            tags = [tag for tag in full_releases(repository.tags()) if tag.at <= work.now]
            rows = list(_told(repository, tags))
    except ScoutError:  # the checkout is gone or empty; what is known otherwise is still there
        return known
    if not tags:
        return known
    return {
        "at": np.array([tag.at.timestamp() for tag, _ in rows], dtype=np.float64),
        "name": np.array([tag.name for tag, _ in rows], dtype=object),
        "noted": np.array([noted for _, noted in rows], dtype=np.int64),
    }


def _told(repository: Repository, tags: Sequence[Tag]) -> Iterator[tuple[Tag, int]]:
    """Give the releases whose tree, or that of now, has a change log, each with whether that tells of them."""
    head = repository.resolve()
    now = repository.tree(head)
    logs = _logs(now)
    named = _versions(now.text(path) or "" for path in logs)
    ours = repository.history(head).holds(tag.sha for tag in tags)
    last: Tag | None = None
    for tag in tags:
        again = last is not None and tag.at - last.at < _AGAIN
        last = tag
        if _version(tag) in named:
            yield tag, _KEPT
            continue
        texts = [content for path in logs or _usual() if (content := repository.objects.read(f"{tag.sha}:{path}"))]
        if _version(tag) in _versions(text.decode("utf-8", "replace") for text in texts):
            yield tag, _KEPT
        elif texts:
            yield tag, _UNKNOWN if again or tag.sha not in ours else _BYPASSED


def _logs(tree: Tree) -> list[str]:
    """Return the project's own change logs, the outermost first."""
    found = [
        path
        for path in tree.files
        if path.count("/") < _DEEP and _CHANGELOG.search(path) and not _FOREIGN.search(path) and not _TESTS.search(path)
    ]
    return sorted(found, key=lambda path: (path.count("/"), path))[:_LOGS]


def _usual() -> tuple[str, ...]:
    """Return where change logs stand usually, for projects that have none any more."""
    return "CHANGELOG.md", "CHANGES.md", "CHANGELOG.rst", "CHANGES.rst", "HISTORY.md"


def _version(tag: Tag) -> tuple[int, ...]:
    found = _FULL.match(tag.name)
    return _plain(found["version"].replace("_", ".")) if found else ()


def _plain(version: str) -> tuple[int, ...]:
    """Return a version as numbers, without noughts at the end: 1.4 is 1.4.0."""
    numbers = [int(one) for one in version.split(".")]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _versions(texts: Iterable[str]) -> frozenset[tuple[int, ...]]:
    """Return the versions with which lines of change logs begin."""
    return frozenset(_plain(found) for text in texts for found in _NAMED.findall(text))
