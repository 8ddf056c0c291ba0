"""Dependencies by accident: what others rely on that nobody planned as infrastructure, as a register.

Each entry is a script, a hook, a workflow that a clock starts or a service outside: it runs, or is asked, without
anybody's doing. Nothing is judged here; the scouts `load-bearing-script` and `external-on-critical-path` do.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scout.repository import Change, FileClass
from scout.signals._accident import judged
from scout.signals._answered import is_answered, is_patient
from scout.signals._callers import Call
from scout.signals._ci import jobs
from scout.signals._crossed import LONG, came_first, crossed, is_main_merged_in
from scout.signals._jobs import by_itself, is_announced, is_reported, is_tried_again, words_for
from scout.signals._leftover import leftovers
from scout.signals._mentions import named
from scout.signals._occasion import Occasion, Occasions, occasion_of
from scout.signals._on_the_way import calls_on_the_way
from scout.signals._relied import MODES, Dependent, Failure, Relied
from scout.signals._temporary import places
from scout.signals._view import View
from scout.signals.delivery._network import PIPED, waits
from scout.signals.delivery._reached import REUSED, Reached, reached
from scout.signals.delivery._scripts import is_entry_point

__all__ = ["Dependent", "Failure", "Relied", "relied_on", "shared_workflows"]

_MOST = 60
_CLOCK = re.compile(r"(?m)^\s*-?\s*cron\s*:")
_HOOK = re.compile(
    r"(?:^|/)(?:\.husky|\.?githooks|git-hooks|hooks|bin|scripts?|tools|dev|contrib)/(?P<name>(?:pre|post)-(?:commit|merge"
    r"|checkout|push|rewrite|receive)|commit-msg|prepare-commit-msg|pre-rebase)(?:\.(?:sh|bash|py|rb))?$"
)
_FORGES = frozenset({"github.com", "gitlab.com", "bitbucket.org", "codeberg.org"})
_FLOWS = re.compile(r"^\.github/workflows/")
_SELDOM = frozenset({Occasion.DELIVERY, Occasion.SCHEDULE})
_WAITING = frozenset({Failure.MERGE, Failure.RELEASE, Failure.COMMIT})
_BLOCKS = frozenset({"pre-commit", "pre-push", "commit-msg", "prepare-commit-msg", "pre-merge"})


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of all entries: since when each is relied on, and what tests and pages name."""

    since: Mapping[str, Change]
    named: Mapping[str, frozenset[str]]


def relied_on(view: View) -> tuple[Relied, ...]:
    """Return the register of a commit: what is relied on by accident and worth telling, then what is ordinary.

    What is told begins with what hurts most. Of the ordinary, scripts come first, those with most dependents leading,
    then hooks, what a clock starts, and services.

    Raises:
        NotApplicable: the project has no checkout.
    """
    when = Occasions(view.tree, view.once(leftovers))
    every = tuple(dict.fromkeys(calls_on_the_way(view.tree, when)))
    by_script: dict[str, list[Call]] = defaultdict(list)
    for call in every:
        if not is_entry_point(call.script) and view.tree.file_class(call.script) is not FileClass.VENDORED:
            by_script[call.script].append(call)
    chosen = sorted(by_script, key=lambda path: (-len(by_script[path]), path))[:_MOST]
    hooks = sorted(path for path in view.tree.files if _HOOK.search(path) and path not in by_script)
    clocks = _clocks(view)
    by_host = _hosts(view, every, when)
    run = {
        path: [call.path for call in by_script[path] if call.occasion in _SELDOM and _FLOWS.search(call.path)]
        for path in chosen
    }
    known = _Known(
        _since(view, by_script, chosen, by_host), named(view, {**run, **dict.fromkeys([*hooks, *clocks], ())})
    )
    entries = (
        *(_script(view, path, by_script[path], known) for path in chosen),
        *(_hook(view, path, known) for path in hooks),
        *(_started(view, path, line, known) for path, line in clocks.items()),
        *(
            _service(view, host, by_host[host], known)
            for host in sorted(by_host, key=lambda one: (-len(by_host[one]), one))
        ),
    )
    return judged(view, entries)


def _since(
    view: View, by_script: Mapping[str, Sequence[Call]], chosen: Sequence[str], by_host: Mapping[str, Sequence[Reached]]
) -> Mapping[str, Change]:
    """Return since when each script and service is relied on."""
    callers = {path: {call.path for call in by_script[path]} for path in chosen}
    callers |= {host: {one.path for one in places} for host, places in by_host.items()}
    words = {path: {word for name in view.history.names(path) for word in words_for(name)} for path in chosen}
    words |= {host: {host} for host in by_host}
    since = crossed(view, words, callers, by_host)
    return since | {path: began for path in chosen if path in since and (began := by_itself(view, path, since[path]))}


def _entry(view: View, path: str, kind: str, known: _Known, **told: object) -> Relied:
    """Return an entry of a file of the repository, with what its own history and text tell."""
    seen, began = view.history.first_seen(path), known.since.get(path)
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
        "fallback": is_answered(view, path),
        "since": came if seen and not cut else None,
        "infrastructure_since": max(began.at, came or began.at) if began and seen and not cut else None,
        "commit": began.sha if began else "",
        "temporary": tuple(_temporary(view, path)),
    }
    return Relied.model_validate(values | told)


def _script(view: View, path: str, found: Sequence[Call], known: _Known) -> Relied:
    text = view.tree.text(path) or ""
    answered = all(call.forgiven or is_patient(call.text) for call in found) or is_tried_again(view, text)
    return _entry(
        view,
        path,
        "script",
        known,
        dependents=tuple(Dependent(locator=f"{call.path}:{call.line}", occasion=call.occasion.value) for call in found),
        failures=tuple(sorted({_failure(view, call, text) for call in found})),
        tested="test" in known.named[path] or _is_tried(view, path, found),
        fallback=answered or is_answered(view, path),
    )


def _is_tried(view: View, path: str, found: Sequence[Call]) -> bool:
    """Say whether a job runs a script to test it, as its name tells."""
    stem = re.sub(r"[-_]", "", path.rpartition("/")[2].partition(".")[0]).lower()
    callers = {call.path for call in found}
    names = [re.sub(r"[-_ ]", "", job.name).lower() for job in jobs(view.tree) if job.path in callers]
    return any(name in {f"{stem}test", f"{stem}tests", f"test{stem}"} for name in names)


def _failure(view: View, call: Call, text: str) -> Failure:
    """Return what stops when a script fails that somebody calls."""
    mode = MODES[call.occasion]
    if mode is Failure.SILENT:
        return Failure.TOLD if is_reported(view, text) or is_announced(view, call.path) else mode
    return Failure.SHOWN if call.forgiven else mode


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


def _hosts(view: View, called: tuple[Call, ...], when: Occasions) -> dict[str, list[Reached]]:
    by_host: dict[str, list[Reached]] = defaultdict(list)
    for one in reached(view, called, when):
        by_host[one.host].append(one)
    for wait in waits(view):
        if all((one.path, one.line) != (wait.path, wait.line) for one in by_host[wait.host]):
            occasion = Occasion.HOOK if wait.hook else Occasion.CHECK
            piped = PIPED.search(wait.text) is not None
            by_host[wait.host].append(Reached(wait.path, wait.line, wait.host, occasion, patient=False, piped=piped))
    return by_host


def _service(view: View, host: str, places: Sequence[Reached], known: _Known) -> Relied:
    began = known.since.get(host)
    once = sorted({(one.path, one.line, one.occasion) for one in places})
    at = began.at if began and not view.history.shallow else None
    risky = [one for one in places if not one.pinned and one.used and (one.piped or host not in _FORGES)]
    hard = [one for one in risky if not one.patient and MODES[one.occasion] in _WAITING]
    return Relied(
        kind="service",
        name=host,
        pinned=all(one.pinned for one in places),
        piped=any(one.piped for one in places),
        awaited=bool(hard),
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


def _temporary(view: View, path: str) -> Iterator[str]:
    lines = [said.line for said in places(view, path)][:3]
    since = view.history.text_since_many(path, lines)
    for line in lines:
        when = f" since {since[line][1].date().isoformat()}" if line in since else ""
        yield f"{path}:{line}{when}"


def shared_workflows(view: View, project: str) -> Iterator[Dependent]:
    """Give the lines of other projects of the portfolio that use workflows or actions of this one."""
    used = re.compile(rf"/{re.escape(project)}(?:/|@)")
    for name, sibling in sorted(view.siblings.items()):
        for job in jobs(sibling.tree):
            for step in job.steps:
                if used.search(step.uses):
                    yield Dependent(locator=f"{job.path}:{step.line}", occasion=Occasion.CHECK.value, project=name)
