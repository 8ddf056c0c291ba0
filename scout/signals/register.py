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
from scout.signals._changes import SOURCE
from scout.signals._ci import jobs
from scout.signals._view import View
from scout.signals.delivery._network import waits
from scout.signals.delivery._scripts import is_entry_point

_TEMPORARY = re.compile(
    rb"(?i)\b(temporar(?:y|ily)|work-?around|stop-?gap|for now|until we|remove (?:this )?(?:when|once|after)|interim)\b"
)
_TEXTS = (".md", ".rst", ".txt", ".adoc")
_MOST = 60
_PARTED = re.compile(r"[-_]")
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
        if not is_entry_point(call.script):
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
        infrastructure_since=max(began[1], seen.at) if began and seen else began and began[1],
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
    names = {path: _mention(path) for path in paths}
    if not paths:
        return found
    every = re.compile("|".join(one.pattern for one in names.values()))
    inside = view.tree.search(re.compile(every.pattern.encode()), lambda file: _may_tell(file.path.lower()))
    telling = [file.path for file in inside]
    telling += [path for path in view.tree.files if _may_tell(path.lower()) and every.search(path)]
    for place in dict.fromkeys(telling):
        kind = view.tree.file_class(place)
        is_test = kind is FileClass.TEST and SOURCE.search(place)
        word = "test" if is_test else "page" if kind is FileClass.DOCS else ""
        text = f"{place}\n{view.tree.text(place) or ''}" if word else ""
        for path, name in names.items():
            if place != path and name.search(text):
                found[path].add(word)
    return found


def _may_tell(path: str) -> bool:
    """Say whether a file may be a page or a test, by its name in lower case."""
    return path.endswith(_TEXTS) or "test" in path or "spec" in path


def _mention(path: str) -> re.Pattern[str]:
    """Return what names a script: its path's end, its file in a word of more than one part, its class, its test."""
    folder, _, name = path.rpartition("/")
    stem, dot, _ = name.partition(".")
    ways = [re.escape(f"{folder.rpartition('/')[2]}/{name}") if folder else re.escape(name)]
    if dot or _PARTED.search(stem):
        ways.append(rf"(?<![\w./-]){re.escape(name)}")
    if _PARTED.search(stem):
        ways += [
            rf"(?<![\w-]){re.escape(stem)}(?![\w-])",
            rf"{re.escape(stem)}_(?:spec|test)",
            rf"test_{re.escape(stem)}",
        ]
        ways.append("".join(part.capitalize() for part in _PARTED.split(stem)))
    return re.compile(rf"(?:{'|'.join(ways)})(?!\w)")


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
