"""Dependencies by accident: what others rely on that nobody planned as infrastructure, as a register.

Each entry is a script, a hook or a service outside that runs without being asked. Nothing is judged here; the scouts
`load-bearing-script` and `external-on-critical-path` do.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from scout.model import Frozen
from scout.repository import FileClass
from scout.signals._callers import Call, Occasion, calls
from scout.signals._ci import jobs
from scout.signals._view import View
from scout.signals.delivery._network import waits

_TEMPORARY = re.compile(
    rb"(?i)\b(temporar(?:y|ily)|work-?around|stop-?gap|for now|until we|remove (?:this )?(?:when|once|after)|interim)\b"
)
_TEXTS = (".md", ".rst", ".txt", ".adoc")
_MOST = 60
_FALLBACK = re.compile(r"\|\||--retry|\btimeout\b|\btrap\b|\bexcept\b|\brescue\b|continue-on-error")


class Failure(StrEnum):
    """What stops when it fails."""

    COMMIT = "blocks commits"
    MERGE = "blocks merges"
    RELEASE = "blocks releases"
    IMAGE = "blocks images"
    SILENT = "fails silently"


class Dependent(Frozen):
    """Who relies on it: a line that calls it."""

    locator: str
    occasion: str
    project: str = ""


class Relied(Frozen):
    """An entry of the register.

    Attributes:
        kind: `script` or `service`.
        name: path of the script, or host of the service.
        dependents: lines that call it.
        failures: what stops when it fails.
        known_by: how many people ever changed it, which is how many know it; None for a service.
        tested: whether a test names it; None for a service.
        documented: whether a page names it.
        fallback: whether a failure is answered anywhere: a retry, a limit of time, an alternative.
        since: when it came; None where the history is cut off or does not tell.
        infrastructure_since: when the first of the lines that call it came: from convenience to infrastructure.
        commit: the commit that made it so.
        temporary: places in it that call themselves temporary, each with since when.
    """

    kind: str
    name: str
    dependents: tuple[Dependent, ...]
    failures: tuple[Failure, ...]
    known_by: int | None
    tested: bool | None
    documented: bool
    fallback: bool
    since: datetime | None
    infrastructure_since: datetime | None
    commit: str
    temporary: tuple[str, ...]


_MODES = {
    Occasion.HOOK: Failure.COMMIT,
    Occasion.CHECK: Failure.MERGE,
    Occasion.DELIVERY: Failure.RELEASE,
    Occasion.IMAGE: Failure.IMAGE,
    Occasion.SCHEDULE: Failure.SILENT,
}


def relied_on(view: View) -> tuple[Relied, ...]:
    """Return the register of a commit: scripts, most dependents first, then services.

    Raises:
        NotApplicable: the project has no checkout.
    """
    by_script: dict[str, list[Call]] = defaultdict(list)
    for call in calls(view.tree):
        by_script[call.script].append(call)
    chosen = sorted(by_script, key=lambda path: (-len(by_script[path]), path))[:_MOST]
    named = _named(view, chosen)
    scripts = (_script(view, path, tuple(dict.fromkeys(by_script[path])), named) for path in chosen)
    return (*scripts, *_services(view))


def _script(view: View, path: str, found: Sequence[Call], named: dict[str, set[str]]) -> Relied:
    text = view.tree.text(path) or ""
    began = _since(view, [(call.path, call.line) for call in found])
    seen = view.history.first_seen(path)
    return Relied(
        kind="script",
        name=path,
        dependents=tuple(Dependent(locator=f"{call.path}:{call.line}", occasion=call.occasion.value) for call in found),
        failures=tuple(sorted({_MODES[call.occasion] for call in found})),
        known_by=view.history.authors(path),
        tested="test" in named[path],
        documented="page" in named[path],
        fallback=bool(_FALLBACK.search(text)) or any(_FALLBACK.search(call.text) for call in found),
        since=seen.at if seen and not view.history.shallow else None,
        infrastructure_since=began[1] if began else None,
        commit=began[0] if began else "",
        temporary=tuple(_temporary(view, path, text)),
    )


def _since(view: View, places: Sequence[tuple[str, int]]) -> tuple[str, datetime] | None:
    """Return commit and time of the oldest of some lines."""
    by_file: dict[str, list[int]] = defaultdict(list)
    for path, line in places:
        by_file[path].append(line)
    found = [one for path, lines in by_file.items() for one in view.history.text_since_many(path, lines).values()]
    return min(found, key=lambda one: one[1], default=None)


def _temporary(view: View, path: str, text: str) -> Iterator[str]:
    lines = [number for number, line in enumerate(text.split("\n"), 1) if _TEMPORARY.search(line.encode())][:3]
    since = view.history.text_since_many(path, lines)
    for line in lines:
        when = f" since {since[line][1].date().isoformat()}" if line in since else ""
        yield f"{path}:{line}{when}"


def _named(view: View, paths: Sequence[str]) -> dict[str, set[str]]:
    """Return by script whether tests and pages name its file."""
    found: dict[str, set[str]] = {path: set() for path in paths}
    names = {path: re.compile(rf"\b{re.escape(path.rpartition('/')[2].partition('.')[0])}\b") for path in paths}
    if not paths:
        return found
    every = re.compile("|".join(one.pattern for one in names.values()).encode())
    for file in view.tree.search(every, lambda file: file.path.lower().endswith(_TEXTS) or "test" in file.path.lower()):
        kind = view.tree.file_class(file.path)
        word = "test" if kind is FileClass.TEST else "page" if kind is FileClass.DOCS else ""
        text = view.tree.text(file.path) or ""
        for path, name in names.items():
            if word and file.path != path and name.search(text):
                found[path].add(word)
    return found


def _services(view: View) -> Iterator[Relied]:
    by_host: dict[str, list[tuple[str, int, bool]]] = defaultdict(list)
    for wait in waits(view):
        by_host[wait.host].append((wait.path, wait.line, wait.hook))
    for host, places in sorted(by_host.items(), key=lambda one: (-len(one[1]), one[0])):
        once = sorted(set(places))
        began = _since(view, [(path, line) for path, line, _ in once])
        modes = {Failure.COMMIT if hook else Failure.MERGE for _, _, hook in once}
        yield Relied(
            kind="service",
            name=host,
            dependents=tuple(
                Dependent(locator=f"{path}:{line}", occasion=(Occasion.HOOK if hook else Occasion.CHECK).value)
                for path, line, hook in once
            ),
            failures=tuple(sorted(modes)),
            known_by=None,
            tested=None,
            documented=False,
            fallback=False,
            since=began[1] if began else None,
            infrastructure_since=began[1] if began else None,
            commit=began[0] if began else "",
            temporary=(),
        )


def shared_workflows(view: View, project: str) -> Iterator[Dependent]:
    """Give the lines of other projects of the portfolio that use workflows or actions of this one."""
    used = re.compile(rf"/{re.escape(project)}(?:/|@)")
    for name, sibling in sorted(view.siblings.items()):
        for job in jobs(sibling.tree):
            for step in job.steps:
                if used.search(step.uses):
                    yield Dependent(locator=f"{job.path}:{step.line}", occasion=Occasion.CHECK.value, project=name)
