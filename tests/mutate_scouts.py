"""Switch off each condition of each scout, one at a time, and see whether the scout's examples notice.

    python tests/mutate_scouts.py [SIGNAL …] [--enough | --survivors] [--processes N]

A mutant is one module of a scout, or of the private modules of its theme that it uses, with one condition changed: the
test of an `if` is turned round, a filter of a comprehension lets everything through, an operand of `and` is true, one
of `or` is false. It is caught when an example finds something else, ends in an error, or does not end.

Only the examples that come past the condition are run with it changed; where none does, the mutant survives unrun.

Exit code 1: for some scout no mutant changes what an example that fires finds, or none changes a quiet one. Then the
condition could be taken out of the scout and no test would fail. Single survivors are listed and do not fail; with
`--enough` nothing more is asked of a scout once both kinds are noticed.
"""

import argparse
import ast
import importlib
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NamedTuple

from scout.registry import plugins
from scout.signals import Example, Scout, View, watch
from scout.signals.testing import build, viewed
from tests.mutants import Mutant, helpers, mutants, source

PATIENCE = 20
"""Seconds that the examples of one scout may take with one mutant."""


class World(NamedTuple):
    """One example of a scout, what it says there, and the lines of its modules that it comes past."""

    example: Example
    view: View
    usual: "Told"
    past: frozenset[tuple[str, int]]


@dataclass
class Tally:
    """What became of a scout's mutants."""

    seconds: float = 0
    caught: int = 0
    survivors: list[str] = field(default_factory=list[str])
    fires: bool = False
    quiet: bool = False


class Told(NamedTuple):
    """What a scout says of one example."""

    outcome: str
    found: tuple[tuple[str, str, int], ...]


def main(words: Sequence[str]) -> int:
    """Judge the scouts that are named, or all; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("signals", nargs="*", metavar="SIGNAL")
    parser.add_argument("--processes", type=int, metavar="N", help="scouts judged at a time; as many as processors")
    parser.add_argument("--survivors", action="store_true", help="list each mutant that no example notices")
    parser.add_argument("--enough", action="store_true", help="leave a scout at the first that are noticed: minutes")
    given = parser.parse_args(words)
    known = plugins(Scout, "scout.signals", "scout.scouts")
    unknown = [name for name in given.signals if name not in known]
    if unknown:
        parser.error(f"no such scout: {', '.join(unknown)}")
    chosen = [name for name in given.signals or known if known[name].__module__.startswith("scout.")]
    began = time.monotonic()
    blind: list[str] = []
    with ProcessPoolExecutor(given.processes, initializer=_patiently) as workers:
        heaviest = sorted(chosen, key=_weight, reverse=True)
        waiting = {workers.submit(judged, name, enough=given.enough): name for name in heaviest}
        for number, done in enumerate(as_completed(waiting), start=1):
            name, tally = waiting[done], _result(done)
            print(
                f"{number:3} of {len(chosen)} {name:32} {tally.caught:4} of {tally.caught + len(tally.survivors):4} "
                f"mutants caught in {tally.seconds:5.1f} s; {time.monotonic() - began:4.0f} s so far",
                flush=True,
            )
            if given.survivors:
                print("".join(f"    {survivor}\n" for survivor in tally.survivors), end="", flush=True)
            if not (tally.fires and tally.quiet):
                blind.append(name)
    for name in blind:
        print(f"{name}: its condition can be taken out and no example changes", file=sys.stderr)
    return 1 if blind else 0


def judged(name: str, *, enough: bool) -> Tally:
    """Run a scout's examples with each of its mutants, or with enough of them to see that examples notice."""
    began = time.monotonic()
    scout = plugins(Scout, "scout.signals", "scout.scouts")[name]
    tally = Tally()
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        views = [
            opened.enter_context(viewed(build(folder / str(at), example.commits), example.now, example))
            for at, example in enumerate(scout.examples)
        ]
        worlds = [_world(scout, example, view) for example, view in zip(scout.examples, views, strict=True)]
        for mutant in mutants(scout.__module__):
            wanted = {True, False} - ({True} if tally.fires else set()) - ({False} if tally.quiet else set())
            reached = [world for world in worlds if not mutant.inner or (mutant.module, mutant.line) in world.past]
            kinds = noticed(scout, mutant, reached, wanted) if reached else set[bool]()
            tally.fires = tally.fires or True in kinds
            tally.quiet = tally.quiet or False in kinds
            if kinds:
                tally.caught += 1
            else:
                because = "" if reached else " (no example comes past)"
                place = f"{mutant.module.replace('.', '/')}.py:{mutant.line}"
                tally.survivors.append(f"{place}: {mutant.what}{because}")
            if enough and tally.fires and tally.quiet:
                break
    tally.seconds = time.monotonic() - began
    return tally


def _result(done: Future[Tally]) -> Tally:
    return done.result()


def _weight(name: str) -> int:
    """Return about how long a scout takes: those that take longest begin first."""
    module = plugins(Scout, "scout.signals", "scout.scouts")[name].__module__
    return sum(len(source(one)) for one in (module, *helpers(module)))


def _world(scout: type[Scout], example: Example, view: View) -> World:
    """Return what a scout says of an example, and where it comes past.

    Raises:
        RuntimeError: it says something else when its modules are imported once more.
    """
    usual = told(scout, view)
    same = Mutant(scout.__module__, 0, "nothing", ast.parse(source(scout.__module__)), inner=False)
    mine = frozenset([scout.__module__, *helpers(scout.__module__)])
    past: set[tuple[str, int]] = set()
    with replaced(scout, same) as again:
        sys.settrace(_tracing(mine, past))
        try:
            once_more = told(again, view)
        finally:
            sys.settrace(None)
    if once_more != usual:
        message = f"'{scout.id}' says something else of '{example.name}' when its modules are imported again"
        raise RuntimeError(message)
    return World(example, view, usual, frozenset(past))


def _tracing(modules: Collection[str], past: set[tuple[str, int]]) -> Callable[[FrameType, str, Any], Any]:
    """Return a trace function that notes the lines of these modules that run, as module and line."""

    def note(frame: FrameType, _event: str, _value: object) -> object:
        past.add((frame.f_globals["__name__"], frame.f_lineno))
        return note

    def enter(frame: FrameType, event: str, value: object) -> object:
        return note(frame, event, value) if frame.f_globals.get("__name__") in modules else None

    return enter


def noticed(scout: type[Scout], mutant: Mutant, worlds: Sequence[World], wanted: Collection[bool]) -> set[bool]:
    """Return which kinds of examples (true: those that fire) say something else, as far as that is still wanted."""
    kinds: set[bool] = set()
    with replaced(scout, mutant) as changed:
        for world in worlds:
            kind = bool(world.example.finds)
            if kind not in kinds and told(changed, world.view) != world.usual:
                kinds.add(kind)
                if kinds.issuperset(wanted):
                    break
    return kinds


def told(scout: type[Scout] | None, view: View) -> Told:
    """Return what a scout says of a world; a scout that cannot even be imported, or does not end, says so."""
    if scout is None:
        return Told("broken", ())
    signal.alarm(PATIENCE)
    try:
        findings, looks = watch(view, [scout(scout.settings(offer=True))])
    except TooLongError:
        return Told("endless", ())
    finally:
        signal.alarm(0)
    return Told(
        looks[0].outcome,
        tuple(
            (finding.subject, " ".join(one.locator for one in finding.evidence), finding.severity)
            for finding in findings
            if finding.offered
        ),
    )


@contextmanager
def replaced(scout: type[Scout], mutant: Mutant) -> Generator[type[Scout] | None]:
    """Give the scout as it is with a mutant in the place of one of its modules; None when it cannot be imported."""
    mine = [scout.__module__, *helpers(scout.__module__)]
    before = {name: sys.modules[name] for name in mine}
    for name in mine:
        _put(name, None)
    try:
        yield _imported(scout, mutant)
    finally:
        for name in mine:
            _put(name, before[name])


def _put(name: str, module: ModuleType | None) -> None:
    """Put a module where imports find it, also as an attribute of its package, or take it away there."""
    package, _, own = name.rpartition(".")
    if module is None:
        sys.modules.pop(name, None)
        vars(sys.modules[package]).pop(own, None)
    else:
        sys.modules[name] = module
        setattr(sys.modules[package], own, module)


def _imported(scout: type[Scout], mutant: Mutant) -> type[Scout] | None:
    made = ModuleType(mutant.module)
    made.__file__ = f"<mutant of {mutant.module}>"
    _put(mutant.module, made)
    try:
        exec(compile(mutant.tree, made.__file__, "exec"), made.__dict__)  # noqa: S102 our own module, changed
        return getattr(importlib.import_module(scout.__module__), scout.__name__)
    except Exception:  # noqa: BLE001 a mutant that breaks its module in whatever way is noticed by every example
        return None


class TooLongError(BaseException):
    """A mutant does not end; not an `Exception`, which a scout's look would contain."""


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TooLongError


def _patiently() -> None:
    signal.signal(signal.SIGALRM, _too_long)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
