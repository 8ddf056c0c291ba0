"""Dependencies by accident: what others rely on that nobody planned as infrastructure, as a register.

Each entry is a script, a hook, a workflow that a clock starts or a service outside: it runs, or is asked, without
anybody's doing. Nothing is judged here; the scouts `load-bearing-script` and `external-on-critical-path` do.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scout.repository import Change, FileClass
from scout.signals._callers import Call, Occasion, occasion_of
from scout.signals._changes import SOURCE
from scout.signals._ci import jobs
from scout.signals._crossed import LONG, came_first, crossed, is_main_merged_in, names_of
from scout.signals._jobs import by_itself, is_announced, is_reported, is_retried, words_for
from scout.signals._on_the_way import calls_on_the_way
from scout.signals._relied import MODES, Dependent, Failure, Relied
from scout.signals._view import View
from scout.signals.delivery._network import waits
from scout.signals.delivery._reached import REUSED, Reached, reached
from scout.signals.delivery._scripts import is_entry_point

__all__ = ["Dependent", "Failure", "Relied", "relied_on", "shared_workflows"]

_TEMPORARY = re.compile(
    rb"(?i)\b(temporar(?:y|ily)|work-?around|stop-?gap|for now|until we|remove (?:this )?(?:when|once|after)|interim)\b"
)
_TEXTS = (".md", ".rst", ".txt", ".adoc")
_MOST = 60
_SEVERAL, _MANY = 4, 5
"""How many know what a page describes, and how many something else, before it is nobody's accident."""
_PARTED = re.compile(r"[-_]")
_FALLBACK = re.compile(r"\|\||--retry|\btimeout\b|\btrap\b.*\bERR\b|\bexcept\b|\brescue\b|continue-on-error")
_CATCHES = re.compile(r"\bcatch\b|\brescue\b|\btimeout\b|\bretry\b(?!:\s*(?:0|false))")
_LOGIC = re.compile(r"\.(?:[cm]?[jt]sx?|rb|go|java|kt|php|rs|cs|swift|scala|groovy|c|cc|cpp)$")
_COMMENT = re.compile(r"(?m)^\s*(?:#|//|--).*$|\s#\s.*$")
_CLOCK = re.compile(r"(?m)^\s*-?\s*cron\s*:")
_HOOK = re.compile(
    r"(?:^|/)(?:\.husky|\.?githooks|git-hooks|hooks|bin|scripts?|tools|dev|contrib)/(?P<name>(?:pre|post)-(?:commit|merge"
    r"|checkout|push|rewrite|receive)|commit-msg|prepare-commit-msg|pre-rebase)(?:\.(?:sh|bash|py|rb))?$"
)
_BLOCKS = frozenset({"pre-commit", "pre-push", "commit-msg", "prepare-commit-msg", "pre-merge"})


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of all entries: since when each is relied on, and what tests and pages name."""

    since: Mapping[str, Change]
    named: Mapping[str, set[str]]


def relied_on(view: View) -> tuple[Relied, ...]:
    """Return the register of a commit: what is relied on by accident, then what is ordinary.

    In each part scripts come first, those with most dependents leading, then hooks, what a clock starts, and services.

    Raises:
        NotApplicable: the project has no checkout.
    """
    every = tuple(dict.fromkeys(calls_on_the_way(view.tree)))
    by_script: dict[str, list[Call]] = defaultdict(list)
    for call in every:
        if not is_entry_point(call.script) and view.tree.file_class(call.script) is not FileClass.VENDORED:
            by_script[call.script].append(call)
    chosen = sorted(by_script, key=lambda path: (-len(by_script[path]), path))[:_MOST]
    hooks = sorted(path for path in view.tree.files if _HOOK.search(path) and path not in by_script)
    clocks = _clocks(view)
    by_host = _hosts(view, every)
    callers = {path: {call.path for call in by_script[path]} for path in chosen}
    callers |= {host: {one.path for one in places} for host, places in by_host.items()}
    words = {path: {word for name in names_of(view, path) for word in words_for(name)} for path in chosen}
    words |= {host: {host} for host in by_host}
    since = crossed(view, words, callers, by_host)
    since |= {path: began for path in chosen if path in since and (began := by_itself(view, path, since[path]))}
    known = _Known(since, _named(view, [*chosen, *hooks, *clocks]))
    entries = (
        *(_script(view, path, by_script[path], known) for path in chosen),
        *(_hook(view, path, known) for path in hooks),
        *(_started(view, path, line, known) for path, line in clocks.items()),
        *(
            _service(view, host, by_host[host], known)
            for host in sorted(by_host, key=lambda one: (-len(by_host[one]), one))
        ),
    )
    told = (one.having(ordinary=_ordinary(one)) for one in entries)
    return tuple(sorted(told, key=lambda one: bool(one.ordinary)))


def _entry(view: View, path: str, kind: str, known: _Known, **told: object) -> Relied:
    """Return an entry of a file of the repository, with what its own history and text tell."""
    text, seen, began = view.tree.text(path) or "", view.history.first_seen(path), known.since.get(path)
    began = began or (seen if kind != "script" else None)
    came = came_first(view, path, seen) if seen else None
    if began is not None and came is not None and began.at - came > LONG and is_main_merged_in(began):
        began = None
    cut = view.history.shallow
    values: dict[str, object] = {
        "kind": kind,
        "name": path,
        "known_by": view.history.authors(path),
        "tested": None,
        "documented": "page" in known.named[path],
        "fallback": _is_answered(path, text),
        "since": came if seen and not cut else None,
        "infrastructure_since": max(began.at, came or began.at) if began and seen and not cut else None,
        "commit": began.sha if began else "",
        "temporary": tuple(_temporary(view, path, text)),
    }
    return Relied.model_validate(values | told)


def _script(view: View, path: str, found: Sequence[Call], known: _Known) -> Relied:
    text = view.tree.text(path) or ""
    answered = any(_FALLBACK.search(_COMMENT.sub("", call.text)) for call in found) or is_retried(text)
    return _entry(
        view,
        path,
        "script",
        known,
        dependents=tuple(Dependent(locator=f"{call.path}:{call.line}", occasion=call.occasion.value) for call in found),
        failures=tuple(sorted({_failure(view, call, text) for call in found})),
        tested="test" in known.named[path],
        fallback=answered or _is_answered(path, text),
    )


def _ordinary(entry: Relied) -> str:
    """Say why an entry is nobody's accident; empty where it may be one."""
    known = entry.known_by or 0
    if known >= _MANY:
        return f"{known} people know it"
    if entry.documented and known >= _SEVERAL:
        return f"a page describes it, and {known} people know it"
    if known > 1 and entry.tested and entry.fallback and entry.failures == (Failure.TOLD,):
        return f"{known} people know it, a test watches it, its failure is answered and reported"
    if entry.kind == "hook" and set(entry.failures) == {Failure.SILENT}:
        return "a hook that nothing waits for"
    return ""


def _failure(view: View, call: Call, text: str) -> Failure:
    """Return what stops when a script fails that somebody calls."""
    mode = MODES[call.occasion]
    heard = mode is Failure.SILENT and (is_reported(view, text) or is_announced(view, call.path))
    return Failure.TOLD if heard else mode


def _is_answered(path: str, text: str) -> bool:
    """Say whether a file answers failures; where `||` is a word of logic, only what catches them counts."""
    return (_CATCHES if _LOGIC.search(path) else _FALLBACK).search(_COMMENT.sub("", text)) is not None


def _hook(view: View, path: str, known: _Known) -> Relied:
    found = _HOOK.search(path)
    mode = Failure.COMMIT if found and found["name"] in _BLOCKS else Failure.SILENT
    told = (Dependent(locator=f"{path}:1", occasion=Occasion.HOOK.value),)
    return _entry(view, path, "hook", known, dependents=told, failures=(mode,), tested="test" in known.named[path])


def _clocks(view: View) -> dict[str, int]:
    """Return workflows that only a clock starts and that run something of their own, each with the clock's line."""
    found: dict[str, int] = {}
    for job in jobs(view.tree):
        if occasion_of(job) is Occasion.SCHEDULE and any(step.script or REUSED.match(step.uses) for step in job.steps):
            text = view.tree.text(job.path) or ""
            clock = _CLOCK.search(text)
            if clock is not None:
                found[job.path] = text.count("\n", 0, clock.end()) + 1
    return found


def _started(view: View, path: str, line: int, known: _Known) -> Relied:
    told = (Dependent(locator=f"{path}:{line}", occasion=Occasion.SCHEDULE.value),)
    mode = Failure.TOLD if is_announced(view, path) else Failure.SILENT
    return _entry(view, path, "schedule", known, dependents=told, failures=(mode,))


def _hosts(view: View, called: tuple[Call, ...]) -> dict[str, list[Reached]]:
    by_host: dict[str, list[Reached]] = defaultdict(list)
    for one in reached(view, called):
        by_host[one.host].append(one)
    for wait in waits(view):
        if all((one.path, one.line) != (wait.path, wait.line) for one in by_host[wait.host]):
            occasion = Occasion.HOOK if wait.hook else Occasion.CHECK
            by_host[wait.host].append(Reached(wait.path, wait.line, wait.host, occasion, patient=False))
    return by_host


def _service(view: View, host: str, places: Sequence[Reached], known: _Known) -> Relied:
    began = known.since.get(host)
    once = sorted({(one.path, one.line, one.occasion) for one in places})
    at = began.at if began and not view.history.shallow else None
    return Relied(
        kind="service",
        name=host,
        dependents=tuple(Dependent(locator=f"{path}:{line}", occasion=when.value) for path, line, when in once),
        failures=tuple(sorted({MODES[one.occasion] for one in places})),
        known_by=None,
        tested=None,
        documented=False,
        fallback=all(one.patient for one in places),
        since=at,
        infrastructure_since=at,
        commit=began.sha if began else "",
        temporary=(),
    )


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
    whole = f"{folder.rpartition('/')[2]}/{name}" if folder else name
    ways = [rf"(?<![\w.-]){re.escape(whole)}"]
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


def shared_workflows(view: View, project: str) -> Iterator[Dependent]:
    """Give the lines of other projects of the portfolio that use workflows or actions of this one."""
    used = re.compile(rf"/{re.escape(project)}(?:/|@)")
    for name, sibling in sorted(view.siblings.items()):
        for job in jobs(sibling.tree):
            for step in job.steps:
                if used.search(step.uses):
                    yield Dependent(locator=f"{job.path}:{step.line}", occasion=Occasion.CHECK.value, project=name)
