"""`dead-flag`: a feature flag that nothing reads, or that has one value for good and still branches."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.repository import File, FileClass
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._words import counted, listed, span, title
from scout.signals.code._flag_uses import Use, branching, is_given, put_together, uses
from scout.signals.code._flags import Flag, declared

_LEAST_AGE = timedelta(days=180)
_SETTINGS = re.compile(r"(?:^|/)(?:settings(?:_\w+)?|settings/\w+|config)\.py$")
_LOCAL = re.compile(r"(?:^|/|_)(?:local|dev\w*|test\w*|ci|example|sample|docker\w*)\.py$")
_CONSTANT = re.compile(
    rb"^(?P<name>(?:FEATURE|ENABLE|DISABLE)_[A-Z0-9_]{3,}|[A-Z][A-Z0-9_]{3,}_(?:ENABLED?|FEATURE))"
    rb"(?:\s*:\s*bool)?\s*=\s*(?P<value>True|False)\b",
    re.MULTILINE,
)
_SCRIPT_VALUE = re.compile(r"[:=]\s*(?P<value>true|false)\s*,?\s*(?://.*)?$")
_OVERRIDDEN = re.compile(
    rb"^\s*(?:from|import) \.?[\w.]*(?:local|override|private|secret)\w*(?: import)?\b"
    rb"|\bexec\(|globals\(\)|\bDynaconf\b",
    re.MULTILINE,
)
_MOST_READS = 6
_MANY = 3


class _Dead(NamedTuple):
    """A flag that can go.

    Attributes:
        value: which it always has; empty for one that nothing reads.
        reads: the lines that branch on it.
        days: since the line says so.
    """

    flag: Flag
    value: str
    reads: tuple[Use, ...]
    days: int


class DeadFlag(Scout):
    """A feature flag is declared and read nowhere, or has had one value for half a year and still branches.

    Looked at are flags in a place of their own (`feature_flags.yml`, `features.py`, `feature_toggle.rb`, Flipper's
    initialiser, `featureFlags.ts`) of a project that uses Flipper, Waffle, Unleash, LaunchDarkly, Flagsmith or
    OpenFeature, or an enumeration of flags; they count when no code names them in any spelling. And constants of Python
    settings named like switches (`FEATURE_…`, `ENABLE_…`, `…_ENABLED`), and flags of scripts written out: they count
    when they are `True` or `False` in one place only, and code branches on them. The line has to be 180 days old.
    Passed over are flags whose name code puts together, settings that another file, the environment or the
    documentation mentions, and settings that local ones may override or that are for development and tests. A flag is
    one finding.

    ## Why it matters
    A flag that nothing reads is a switch that does nothing: somebody will turn it in an incident. One that never
    changes keeps a path of code alive that nobody runs or tests.

    ## What to do with it
    Take the flag out, with the branch that is never taken. `# scout: ignore[dead-flag] reason` on the line before
    keeps it.

    ## Severity
    1 for a flag that nothing reads, 2 for one that still branches in three places or more.

    ## Source
    Hodgson, Feature Toggles (martinfowler.com, 2017); Rahman et al., Feature toggles: practitioner practices and a case
    study (MSR 2016).
    """

    id: ClassVar[str] = "dead-flag"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Flags of Flipper and of Python that nothing reads, and a switch that is always off",
            (
                Commit(
                    "2024-01-10",
                    {
                        "Gemfile": "gem 'flipper'\n",
                        "config/feature_flags.yml": "new_wall: Shows the new wall\nold_wall: Shows the old wall\n",
                        "app/wall.rb": "show if Flipper.enabled?(:new_wall)\n",
                        "spec/wall_spec.rb": "Flipper.enable(:old_wall)\n",
                        "app/features.py": lines(
                            "class Flag(enum.Enum):", '    DRY = "dry-wall"', '    WET_WALL = "wet"'
                        ),
                        "app/wash.py": "if flags.enabled(Flag.WET_WALL):\n    wash()\n",
                        "conf/settings.py": "ENABLE_GILDING = False\n",
                        "app/gild.py": "if settings.ENABLE_GILDING:\n    gild()\n",
                    },
                ),
            ),
            "2024-09-01",
            (
                Expected("ENABLE_GILDING", "conf/settings.py:1"),
                Expected("old_wall", "config/feature_flags.yml:2"),
            ),
        ),
        Example(
            "A flag of an initialiser, a list of an enumeration, and flags of a script written out",
            (
                Commit(
                    "2024-01-10",
                    {
                        "config/initializers/flipper.rb": lines(
                            "# Flipper.disable :gone", "Flipper.disable :wet_wall unless Flipper.exist?(:wet_wall)"
                        ),
                        "app/flags.py": lines("class WallFlag(enum.Enum):", '    GILDED_WALL = "gilded-wall"'),
                        "web/featureFlags.ts": lines("export const FEATURE_FLAGS = {", "  hasPlaster: false,", "};"),
                        "web/wall.ts": lines(
                            "if (FEATURE_FLAGS.hasPlaster) {}",
                            "const a = FEATURE_FLAGS.hasPlaster && 1;",
                            "const b = FEATURE_FLAGS.hasPlaster ? 1 : 2;",
                        ),
                    },
                ),
            ),
            "2024-09-01",
            (
                Expected("hasPlaster", "web/featureFlags.ts:2"),
                Expected("GILDED_WALL", "app/flags.py:2"),
                Expected("wet_wall", "config/initializers/flipper.rb:2"),
            ),
        ),
        Example(
            "Read under another spelling, put together, too young, of no known system, documented, given elsewhere",
            (
                Commit(
                    "2024-01-10",
                    {
                        "Gemfile": "gem 'flipper'\n",
                        "config/feature_flags.yml": "new_wall: x\nwash_red: x\nbig_brush: x\n",
                        "web/wall.ts": "if (flags.newWall) {}\n",
                        "app/wash.rb": 'Flipper.enabled?("wash_#{colour}")\nFlipper.enabled?("#{size}_brush")\n',
                        "app/settings.py": lines(
                            "ENABLE_GILDING = False",
                            "ENABLE_LIGHT = True",
                            "ENABLE_DOORS = bool(read())",
                            "ENABLE_MAIL = True",
                            "WALL_ENABLED = True",
                        ),
                        "app/gild.py": lines(
                            "if settings.ENABLE_GILDING: pass",
                            "if settings.ENABLE_LIGHT: pass",
                            "if settings.ENABLE_DOORS: pass",
                            "print(settings.WALL_ENABLED)",
                        ),
                        "README.md": "Set `ENABLE_GILDING` to gild.\n",
                        "lib/features.py": "WALL = 'wall'\n",
                        "app/production.py": "ENABLE_LIGHT = False\n",
                        "other/settings.py": "from .local_settings import *\nENABLE_WATER = False\n",
                        "other/water.py": "if settings.ENABLE_WATER: pass\n",
                    },
                ),
                Commit(
                    "2024-08-10", {"config/feature_flags.yml": "new_wall: x\nwash_red: x\nbig_brush: x\nyoung_one: x\n"}
                ),
            ),
            "2024-09-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each flag.

        Raises:
            ShallowError: ages cannot be told.
        """
        view.needs_ages()
        for one in _old(view, [*_unread(view), *_constant(view)]):
            yield Finding(
                signal=self.id,
                subject=one.flag.names[0],
                identity=f"{view.history.origin(one.flag.path)} {one.flag.names[0]}",
                severity=2 if len(one.reads) >= _MANY else 1,
                kind=self.kind,
                story=_story(one),
                evidence=(
                    at_line(one.flag.path, one.flag.line, one.flag.text),
                    *(at_line(use.path, use.line, use.text) for use in one.reads[:_MOST_READS]),
                ),
                score=round(0.6 + min(one.days, 1500) / 10_000, 3),
            )


def _unread(view: View) -> Iterator[_Dead]:
    named = uses(view, declared(view))
    unread = [flag for flag, found in named.items() if not found]
    computed = put_together(view, unread)
    yield from (_Dead(flag, "", (), 0) for flag in unread if flag not in computed)


def _constant(view: View) -> Iterator[_Dead]:
    values = dict(_values(view))
    named = uses(view, values)
    asked = [flag for flag, found in named.items() if any(branching(found))]
    mentioned = _mentioned(view, asked)
    for flag in asked:
        found = [use for use in named[flag] if view.tree.file_class(use.path) is not FileClass.TEST]
        if flag.names[0] not in mentioned and not is_given(flag.names[0], found):
            yield _Dead(flag, values[flag], tuple(branching(found)), 0)


def _values(view: View) -> Iterator[tuple[Flag, str]]:
    """Give the switches that are written out, each with its value."""

    def is_settings(file: File) -> bool:
        return _SETTINGS.search(file.path) is not None and _LOCAL.search(file.path) is None

    overridden = {
        file.path.rpartition("/")[0]
        for file in view.tree.search(_OVERRIDDEN, lambda file: re.search(r"settings|config", file.path) is not None)
    }
    for file in view.tree.search(_CONSTANT, is_settings):
        text = view.tree.text(file.path) or ""
        if file.path.rpartition("/")[0] in overridden or view.tree.file_class(file.path) not in {
            FileClass.CODE,
            FileClass.CONFIG,
        }:
            continue
        rows = text.split("\n")
        for found in _CONSTANT.finditer(text.encode("utf-8", "replace")):
            line = text.encode("utf-8", "replace").count(b"\n", 0, found.start()) + 1
            yield Flag((found["name"].decode(),), file.path, line, rows[line - 1]), found["value"].decode()
    for flag in declared(view):
        value = _SCRIPT_VALUE.search(flag.text)
        if value and re.search(r"\.[jt]sx?$", flag.path):
            yield flag, value["value"]


def _mentioned(view: View, flags: list[Flag]) -> frozenset[str]:
    """Return the names of flags that documentation or samples mention: those are for users to set."""
    if not flags:
        return frozenset()
    pattern = re.compile(b"|".join(rf"\b{re.escape(flag.names[0])}\b".encode() for flag in flags))
    found: set[str] = set()
    for file in view.tree.search(pattern, lambda _: True):
        if view.tree.file_class(file.path) in {FileClass.DOCS, FileClass.DATA, FileClass.CONFIG, FileClass.OTHER}:
            said = {one.decode() for one in pattern.findall(view.tree.content(file.path))}
            found.update(name for name in said if (file.path, name) not in {(one.path, one.names[0]) for one in flags})
    return frozenset(found)


def _old(view: View, found: list[_Dead]) -> Iterator[_Dead]:
    by_path: dict[str, list[_Dead]] = {}
    for one in found:
        by_path.setdefault(one.flag.path, []).append(one)
    for path, several in sorted(by_path.items()):
        since = view.history.text_since_many(path, sorted({one.flag.line for one in several}))
        for one in several:
            if one.flag.line in since and view.now - since[one.flag.line][1] >= _LEAST_AGE:
                yield one._replace(days=(view.now - since[one.flag.line][1]).days)


def _story(one: _Dead) -> Story:
    name, place = one.flag.names[0], f"`{one.flag.path}:{one.flag.line}`"
    pattern = "|".join(one.flag.names)
    if not one.value:
        return Story(
            title=title("Remove the feature flag that nothing reads: ", name),
            current=(
                f"{place} declares the feature flag `{name}`, and no code, template or configuration names it, in any "
                f"spelling. The line has been there for {span(one.days)}."
            ),
            why="It looks like a switch. Whoever turns it, in a release or an incident, waits for what never happens.",
            wanted=f"`{name}` is gone from the code and from where the flags are stored.",
            acceptance=(
                f"`git grep -nE '{pattern}'` finds nothing but history and documentation of the past.",
                "The page or table that lists flags has it no more.",
            ),
            scope=(f"`{one.flag.path}`",),
            non_goals=("Other flags.",),
            risks=("Another repository may read the same flag from the same store: ask before deleting it there.",),
            size="S",
        )
    places = listed([f"`{use.path}:{use.line}`" for use in one.reads], _MOST_READS)
    return Story(
        title=title(f"Take out the flag that is always {one.value.lower()}: ", name),
        current=(
            f"{place} sets `{name}` to `{one.value}`, for {span(one.days)} now, and no other file, variable or "
            f"documentation gives it another value. {counted(len(one.reads), 'line').capitalize()} still "
            f"{'branches' if len(one.reads) == 1 else 'branch'} on it: {places}."
        ),
        why="One side of each branch never runs. It is read, reviewed and kept working, by guess, at every change.",
        wanted=f"The branch that is taken stands alone, and `{name}` is gone; or it is set where it differs.",
        acceptance=(f"`git grep -nw '{name}'` finds nothing.", "All tests pass without those of the dead branch."),
        scope=tuple(dict.fromkeys(f"`{path}`" for path in (one.flag.path, *(use.path for use in one.reads[:5])))),
        non_goals=("Other settings.",),
        risks=("Deployments may override the value from outside the repository: ask those who run it.",),
        size="S" if len(one.reads) <= _MANY else "M",
    )
