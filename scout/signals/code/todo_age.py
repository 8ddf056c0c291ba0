"""`todo-age`: a task in a comment that matters and that nobody has done for a year."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from scout.errors import UnavailableError
from scout.model import Evidence, EvidenceKind, Finding, Story, WorkKind
from scout.repository import Change
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_change, at_line
from scout.signals._words import near_lines, normalised, searched, span, title
from scout.signals.code._commented import commented
from scout.signals.code._fixed import fix_of, numbers_in, own_home
from scout.signals.code._tasks import Task, is_own, may_weigh, tasks
from scout.text.comments import rough
from scout.text.render import code_span
from scout.text.syntax import language_of

_OLD = timedelta(days=365)
_LEAST = 3
_DISTINCT_WORDS = 6
_MOST_QUOTED = 300
_MOST_TRACED = 40
_WORDS = re.compile(rb"\b(?:TODO|FIXME|XXX|HACK|BUG)\b")
_ADDRESS = re.compile(r"https?://\S*?([^/\s]+/[^/\s]+)(?=\s|$)")
_EVER = datetime.min.replace(tzinfo=UTC)
_MARKED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|BUG)\b")


@dataclass(frozen=True, slots=True)
class _Place:
    path: str
    line: int
    text: str
    task: Task
    sha: str
    since: datetime
    fix: Change | None

    @property
    def worth(self) -> int:
        """How telling the task is; one whose issue was fixed since is stale or forgotten."""
        return self.task.worth if self.fix is None else max(self.task.worth, _LEAST + 1)


class TodoAge(Scout):
    """A TODO or FIXME names an issue or a harm, and its text is a year old or older.

    Only comments found by a tokeniser count, outside tests, vendored and generated files. Most tasks in comments are
    wishes, so each one is weighed: a stopgap for an issue or a change of another project 3, another reference to such
    2, another address and the project's own issues 1 (somebody wrote them down already), a word of harm (leak, race,
    wrong) 2, one more for grave harm and for FIXME, XXX, HACK or BUG with a harm, one less for a question, for a few
    words and for what is about tests, nothing for what would be nice, for names, for one line of displeasure without a
    how or when, and where the rest of the comment names an issue of the project. Those of weight 3 and above are found,
    and those whose own issue a change says it fixed since; the three weightiest are offered. Comments that name an end
    belong to `temporary-old`, `temporary-condition-met` and `expiry-date-passed`. The same words are one finding.

    ## Why it matters
    Somebody saw a fault, or a reason to come back, and left a note in place of a ticket. Nobody who plans work reads it
    there, so the fault stays known and unfixed.

    ## What to do with it
    Look the reference up or the harm: do it, make a ticket of it, or delete the note when it is no longer true.
    `# scout: ignore[todo-age] reason` on the line or the one before keeps it as it is.

    ## Severity
    2 when it names grave harm (security, lost or corrupt data, race conditions, deadlocks, crashes); else 1.

    ## Source
    Potdar and Shihab, An Exploratory Study on Self-Admitted Technical Debt (ICSME 2014). Field study of 28 public
    repositories: 79 % of findings true with these weights, 20 % by age alone.
    """

    id: ClassVar[str] = "todo-age"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A race that is known, an issue elsewhere, and a fault that was seen",
            (
                Commit(
                    "2022-01-10",
                    {
                        "app/pay.py": lines(
                            "def pay(order):",
                            "    # FIXME: there is a race condition here, two workers can charge the same order.",
                            "    charge(order)",
                        ),
                        "app/list.go": lines(
                            "package app",
                            "",
                            "// TODO: a workaround for pages, see https://example.org/lib/issues/12",
                            "var all = list() // FIXME: it was losing pages when two were read at a time",
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (
                Expected("app/pay.py", "app/pay.py:2"),
                *(Expected("app/list.go", f"app/list.go:{line}") for line in (3, 4)),
            ),
        ),
        Example(
            "An issue of the project itself that was fixed since",
            (
                Commit("2022-01-10", {"app/list.py": "# TODO: this is a stopgap for all the walls, see #123\nx = 1\n"}),
                Commit("2022-02-10", {"app/z.py": "# XXX: this is wrong where no price is known at all\nz = 1\n"}),
                Commit("2022-03-10", {"app/walls.py": "y = 1\n"}, "Paint the walls in order, fixes #123"),
            ),
            "2024-02-01",
            (Expected("app/list.py", "app/list.py:1"), Expected("app/z.py", "app/z.py:1")),
        ),
        Example(
            "What its own tracker knows, a name of a class, a bad name, what may come, what is about tests",
            (
                Commit(
                    "2022-01-10",
                    {
                        "README.md": "Report faults to https://github.com/walls/fresco/issues/new.\n",
                        "app/a.py": lines(
                            "# TODO: rename this field as https://github.com/walls/fresco/issues/1284 says",
                            "a = 1",
                            "# TODO: the logic of a SecurityPolicy is written in another place too",
                            "b = 1",
                            "# FIXME: this setting is now named incorrectly for what it does",
                            "c = 1",
                            "# TODO: If we do this in any other place, mind that blank choices are incorrect there",
                            "d = 1",
                            "# FIXME: I wasn't able to mock this properly, and it fails when it is saved",
                            "i = 1",
                            "# FIXME: there is a race condition between the walls",
                            "#",
                            "# Issue: https://github.com/walls/fresco/issues/800",
                            "j = 1",
                            "# FIXME: it is broken, mend it somehow or just make it more broken",
                            "k = 1",
                            "# HACK: the walls were sending duplicates of a colour, this is for the speed of the brush",
                            "# XXX: `COATS` must be hardcoded to the number of walls",
                            "# FIXME: Debugging tests failing on other machines",
                            "e = 1",
                            "# TODO: use the paged call for this list, see https://example.org/lib/issues/12",
                            "g = 1",
                            "# FIXME: we are leaking domain knowledge of the walls into this module",
                            "h = 1",
                            "# TODO: https://example.org/lib/issues/12",
                            "f = 1",
                        ),
                    },
                ),
            ),
            "2024-02-01",
        ),
        Example(
            "Wishes, questions, strings, tests, a named end and a young text",
            (
                Commit(
                    "2022-01-10",
                    {
                        "app/a.py": lines(
                            "# TODO: add more colours to the palette of the walls",
                            "x = '# FIXME: race condition, see https://example.org/issues/12'",
                            "# TODO: is this slow?",
                            "y = 1",
                            "# TODO: remove once https://example.org/issues/12 is fixed",
                            "z = 2",
                        ),
                        "tests/test_a.py": "# FIXME: race condition, see https://example.org/issues/12\n",
                    },
                ),
                Commit(
                    "2023-10-10", {"app/b.py": "# FIXME: race condition, see https://example.org/issues/13\nb = 1\n"}
                ),
            ),
            "2024-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each task that is old and weighty enough.

        Raises:
            UnavailableError: ages cannot be told in this clone.
        """
        view.needs_ages()
        same: dict[str, list[_Place]] = {}
        for place in _places(view):
            same.setdefault(_cause(view, place), []).append(place)
        for cause, places in same.items():
            worth = max(place.worth for place in places)
            years = (view.now - min(place.since for place in places)).days / 365
            yield Finding(
                signal=self.id,
                subject=places[0].path,
                identity=cause,
                severity=2 if any(place.task.grave for place in places) else 1,
                kind=self.kind,
                story=_story(places, view.now),
                evidence=(
                    *(at_line(one.path, one.line, one.text) for one in places),
                    _brought(places),
                    *_fixing(places),
                ),
                score=round(min(0.95, 0.4 + worth / 20 + min(years, 10) / 50), 3),
            )


def _cause(view: View, place: _Place) -> str:
    words = normalised(place.task.said)
    return words if len(words.split()) >= _DISTINCT_WORDS else f"{view.history.origin(place.path)}: {words}"


def _places(view: View) -> Iterator[_Place]:
    wanted: dict[str, dict[int, Task]] = {}
    files = list(commented(view, _WORDS, _is_worth_tokenising))
    own = own_home(view, (text for _, text, _ in files))
    for path, _, comments in files:
        for comment in comments:
            for task in tasks(comment, own):
                if task.worth >= _LEAST or fix_of(view, _numbers(task, own), _EVER):
                    wanted.setdefault(path, {})[comment.line_of(task.offset)] = task
    chosen = sorted(wanted, key=lambda path: (-max(task.worth for task in wanted[path].values()), path))[:_MOST_TRACED]
    untraced = 0
    for path in sorted(chosen):
        since = view.history.text_since_many(path, tuple(wanted[path]))
        untraced += not since
        rows = (view.tree.text(path) or "").split("\n")
        for line, (sha, at) in since.items():
            task = wanted[path][line]
            fix = fix_of(view, _numbers(task, own), at)
            if view.now - at >= _OLD and (task.worth >= _LEAST or fix):
                yield _Place(path, line, rows[line - 1], task, sha, at, fix)
    if chosen and untraced == len(chosen):
        message = "The age of no comment could be told: contents of older commits are not in this clone."
        raise UnavailableError(message, "Use a clone with all its blobs.")


def _is_worth_tokenising(path: str, text: str) -> bool:
    return _MARKED.search(text) is not None and (language_of(path) != "" or any(map(may_weigh, rough(text))))


def _numbers(task: Task, own: str) -> frozenset[str]:
    return numbers_in(" ".join(one for one in task.references if is_own(one, own.rpartition("/")[2])))


def _fixing(places: list[_Place]) -> Iterator[Evidence]:
    fix = places[0].fix
    if fix is not None and fix.sha != min(places, key=lambda place: (place.since, place.line)).sha:
        yield at_change(fix)


def _brought(places: list[_Place]) -> Evidence:
    oldest = min(places, key=lambda place: (place.since, place.line))
    seen = f"{oldest.since:%Y-%m-%d}: the text is there since this commit"
    return Evidence(kind=EvidenceKind.COMMIT, locator=oldest.sha, seen=seen)


def _story(places: list[_Place], now: datetime) -> Story:
    first, oldest = places[0], min(place.since for place in places)
    said = first.task.said
    quoted = said if len(said) <= _MOST_QUOTED else said[:_MOST_QUOTED].rpartition(" ")[0] + " …"
    where = ", ".join(f"`{place.path}:{place.line}`" for place in places[:6])
    known = f" It refers to {', '.join(first.task.references[:3])}." if first.task.references else ""
    fixed = f" That issue was fixed in `{first.fix.sha[:10]}` of {first.fix.at:%Y-%m-%d}." if first.fix else ""
    short = " ".join(_ADDRESS.sub(r"\1", said).split()[:6])[:40].rstrip(".,;:( ")
    return Story(
        title=title(f"Settle the {first.task.mark} in ", first.path, f': "{short}…"' if short else ""),
        current=(
            f"{where} {'say' if len(places) > 1 else 'says'}: {code_span(f'{first.task.mark}: {quoted}')}. The text "
            f"has been there since {oldest:%Y-%m-%d}, {span((now - oldest).days)} ago.{known}{fixed}"
        ),
        why=(
            f"It describes a known fault or debt of `{first.path}`, and a comment is in nobody's plan: whoever works "
            "there meets it unprepared, and nobody decides whether it is worth mending."
        ),
        wanted=(
            "What the note asks for is done and the note is gone; or it is no longer true and only the note is gone; "
            "or it is worth a ticket of its own, whose number the note then carries."
        ),
        acceptance=(_gone(first), "The test suite passes, with a test for the behaviour where it was changed."),
        scope=near_lines([(place.path, place.line) for place in places]),
        non_goals=("Other notes in this file.",),
        size="M",
    )


def _gone(place: _Place) -> str:
    note = searched(place.text[found.start() if (found := _MARKED.search(place.text)) else 0 :])
    is_told = " " in note
    said = f"`git grep -nF {shlex.quote(note)}` finds nothing" if is_told else f"The note is gone from `{place.path}`"
    return f"{said}, or {'a note with' if is_told else 'names'} an open ticket."
