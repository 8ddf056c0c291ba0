"""`temporary-old`: code that was to go when something had happened, and is still there."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import ClassVar, Literal

from scout.errors import UnavailableError
from scout.model import Finding, WorkKind
from scout.repository import File, FileClass
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._conditions import Condition, conditions, is_code, may_hold
from scout.signals._pins import Met, Pins
from scout.signals._words import normalised
from scout.signals.code._temporary import Place, evidence, story
from scout.text.comments import MAX_LENGTH, Comment, comments, may_have_comments, rough

OLD = timedelta(days=180)
_WORDS = re.compile(
    rb"\b(?:until|once|when(?:ever)?|after|as soon as|till|pending|waiting|blocked|by)\b", re.IGNORECASE
)
_DISTINCT_WORDS = 6
_MOST_QUOTED = 320
_NAMED_TASK = re.compile(r"\b(TODO|FIXME|XXX|HACK)\s*\(@?[a-z][a-z.-]*\)", re.IGNORECASE)
_MARK = re.compile(r"#|//|/?\*|--|<!--|;")


class TemporaryOld(Scout):
    """A comment says when its code can go, and the text is half a year old or older.

    Only comments found by a tokeniser count, outside tests, vendored and generated files. The comment has to give an
    order ('remove', 'can be dropped', 'TODO') or to speak of a workaround, and to name the end: a date, a version, an
    issue, or an event that somebody can check. 'Until' and 'for now' alone do not count; a date that lies ahead and a
    version that is visibly not reached don't either. The same words in several places are one finding.

    ## Why it matters
    Temporary code that outlives its reason is read, worked around and copied as if it were meant. Its author knew when
    it could go and wrote it down; after half a year nobody looks any more.

    ## What to do with it
    Check the condition. If it is met, remove the code with its comment. If it is not, say in the comment what is
    waited for now. `# scout: ignore[temporary-old] reason` on the line or the one before keeps it as it is.

    ## Severity
    2 when the condition is visibly met (the date has passed, a pin or a tag shows the version, or it waited for the
    very change that brought it in); else 1.

    ## Source
    Potdar and Shihab, An Exploratory Study on Self-Admitted Technical Debt (ICSME 2014); Maipradit et al., Wait for
    it: identifying 'On-Hold' self-admitted technical debt (EMSE 2020).
    """

    id: ClassVar[str] = "temporary-old"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A date in the comment has passed",
            (
                Commit(
                    "2023-01-10",
                    {"app/cookies.rb": "x = 1\n\n# remove after 2023-06-01, all cookies are new then\nrotate x\n"},
                ),
            ),
            "2024-02-01",
            (Expected("app/cookies.rb", "app/cookies.rb:3"),),
        ),
        Example(
            "A workaround waits for an issue elsewhere, in two places",
            (
                Commit(
                    "2023-01-10",
                    {
                        "a.go": lines(
                            "package a",
                            "",
                            "// Workaround until https://example.org/lib/issues/12 is fixed.",
                            "var a = 1",
                        ),
                        "b.go": lines(
                            "package a",
                            "",
                            "var c = 2",
                            "",
                            "// Workaround until https://example.org/lib/issues/12 is fixed.",
                            "var b = 1",
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (Expected("a.go", "a.go:3"),),
        ),
        Example(
            "The project's own floor shows that the condition is met",
            (
                Commit(
                    "2023-01-10",
                    {
                        "pyproject.toml": '[project]\nname = "fresco"\nrequires-python = ">=3.11"\n',
                        "fresco/walls.py": lines(
                            "import sys",
                            "",
                            "# TODO: use tomllib once support for Python 3.10 is dropped",
                            "import tomli",
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (Expected("fresco/walls.py", "fresco/walls.py:3"),),
        ),
        Example(
            "Comments on what the program does, a string, a test, a date ahead and a young text",
            (
                Commit(
                    "2023-01-10",
                    {
                        "a.py": lines(
                            "# Delete the key after the job is done.",
                            "x = 'TODO: remove after 2020-01-01'",
                            "# wait until released",
                        ),
                        "tests/test_a.py": "# TODO: remove once #12 is fixed\n",
                        "b.py": "# remove after 2031-01-01\ny = 1\n# for now, until later\n",
                    },
                ),
                Commit("2024-01-10", {"c.py": "# TODO: remove once #123 is fixed\nz = 1\n"}),
            ),
            "2024-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each distinct condition that is old.

        Raises:
            UnavailableError: ages cannot be told in this clone.
        """
        view.needs_ages()
        places = sorted(_places(view), key=lambda place: (_cause(view, place), place.path, place.line))
        for cause, group in groupby(places, key=lambda place: _cause(view, place)):
            same = tuple(group)
            yield Finding(
                signal=self.id,
                subject=same[0].path,
                identity=cause,
                severity=2 if same[0].met else 1,
                kind=self.kind,
                story=story(same, view.now),
                evidence=tuple(evidence(same)),
                score=_score(same, view.now),
            )


def _places(view: View) -> Iterator[Place]:
    pins = Pins(view)
    candidates = untraced = 0
    for path, found in _commented(view):
        wanted = {
            comment.line_of(condition.offset): (comment, condition)
            for comment, condition in found
            if not _is_ahead(condition, view.now)
        }
        if not wanted:
            continue
        since = view.history.text_since_many(path, tuple(wanted))
        candidates += len(wanted)
        untraced += len(wanted) - len(since)
        text = (view.tree.text(path) or "").split("\n")
        for line, (sha, at) in since.items():
            comment, condition = wanted[line]
            verdict = _verdict(condition, pins, view.now)
            if view.now - at >= OLD and verdict is not False:
                quoted, about = _quoted(comment, condition), _about(text, comment)
                yield Place(path, line, text[line - 1], quoted, about, condition, sha, at, verdict)
    if candidates and untraced == candidates:
        message = "The age of no comment could be told: contents of older commits are not in this clone."
        raise UnavailableError(message, "Use a clone with all its blobs.")


def _commented(view: View) -> Iterator[tuple[str, list[tuple[Comment, Condition]]]]:
    for file in view.tree.search(_WORDS, _is_source):
        if view.tree.file_class(file.path) not in {FileClass.CODE, FileClass.CONFIG}:
            continue
        text = view.tree.text(file.path)
        if text is None or not any(map(may_hold, rough(text))):
            continue
        said = comments(file.path, text)
        if found := [(comment, condition) for comment in said for condition in conditions(comment.text)]:
            yield file.path, found


def _is_source(file: File) -> bool:
    has_suffix = "." in file.path.rpartition("/")[2]
    return may_have_comments(file.path) or (not has_suffix and (file.size or MAX_LENGTH) < MAX_LENGTH)


def _is_ahead(condition: Condition, now: datetime) -> bool:
    return condition.by is not None and condition.by >= now.date()


def _verdict(condition: Condition, pins: Pins, now: datetime) -> Met | Literal[False] | None:
    if condition.by is not None:
        return Met(f"the day named passed {(now.date() - condition.by).days} days ago")
    if condition.on_itself:
        return Met("the change that it waits for is the one that brought it in")
    return pins.verdict(condition) if condition.versions else None


def _about(lines: list[str], comment: Comment) -> str:
    """Return the code that a comment is about: before it on its own line, or the first line of code below it."""
    first = lines[comment.line - 1].strip()
    if not comment.alone:
        return re.split(r"\s(?:#|//|/\*|--|<!--)", first, maxsplit=1)[0]
    below = (line.strip() for line in lines[comment.line + len(comment.lines) - 1 :])
    return next((line for line in below if line and not _MARK.match(line)), "")


def _cause(view: View, place: Place) -> str:
    words = normalised(place.condition.clause)
    wide = place.condition.is_hard or len(words.split()) >= _DISTINCT_WORDS
    return words if wide else f"{view.history.origin(place.path)}: {words}"


def _score(places: tuple[Place, ...], now: datetime) -> float:
    first = places[0]
    sure = 0.85 if first.met else 0.7 if first.condition.is_hard else 0.55
    years = (now - min(place.since for place in places)).days / 365
    return round(sure + min(0.1, years / 50), 3)


def _quoted(comment: Comment, condition: Condition) -> str:
    """Return what the comment says, without the name of whoever wrote it: whole when it is short, else its sentence."""
    whole = re.sub(r"\s+", " ", comment.text).strip()
    short = len(whole) <= _MOST_QUOTED and condition.sentence in whole and not any(map(is_code, comment.lines))
    return _NAMED_TASK.sub(r"\1", whole if short else condition.sentence[:_MOST_QUOTED])
