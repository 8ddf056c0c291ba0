"""`guards-after-the-fact`: checks are added again and again only after what they would have caught has happened."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar, NamedTuple

from scout.model import Evidence, Finding, Story, WorkKind
from scout.repository import Change, FileClass
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View
from scout.signals._changes import bare_title, kind, touches, units
from scout.signals._evidence import at_change
from scout.signals._words import counted, listed

_PERIOD, _SOON, _SPREAD = timedelta(days=730), timedelta(days=14), timedelta(days=60)
_FEWEST, _GRAVE = 3, 6
_SHOWN = 6
_GUARD = re.compile(
    r"^(?:[\w()/.-]+:\s*)?(?:add|introduce|enable|run|make|let|have)?\s*(?:an? |some |the |more )?(?:[\w./-]+ ){0,3}?"
    r"(?:guards?|checks?|assertions?|safeguards?|validat\w+|gates?|pre-?commit|lint rules?|smoke tests?"
    r"|regression tests?|ci (?:jobs?|steps?|checks?))\b"
    r"|^(?:[\w()/.-]+:\s*)?(?:guard|prevent|protect|forbid|disallow|refuse|fail (?:early|loudly|the build|ci|when|if)"
    r"|ensure|make sure|enforce|check (?:that|for|if|whether)|test that|verify (?:that|if))\b",
    re.IGNORECASE,
)
_HARM = re.compile(
    r"\b(?:hot-?fix|revert|roll(?:ed)? ?back|back(?:ed)? ?out|regression|outage|incident|broken|crash\w*)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:don't|do not|never|no longer|not|stop) (?:revert|roll|crash)", re.IGNORECASE)
_WORD = re.compile(r"[a-z][a-z0-9_]{3,}")
_SAYS_LITTLE = """
with from when that this into also only make sure check guard prevent ensure added test fail failed error issue broken
fixe hotfix revert rollback regression validate validation enforce verify code update
"""
_SMALL = frozenset(_SAYS_LITTLE.split())
_CODE = (FileClass.CODE, FileClass.CONFIG, FileClass.OTHER, FileClass.TEST)


def _pair(month: int, harm: str, guard: str, path: str = "app/till.py", day: int = 4) -> tuple[Commit, Commit]:
    return (
        Commit(f"2024-{month:02}-01", {path: f"a = {month}\n"}, harm),
        Commit(f"2024-{month:02}-{day:02}", {path: f"a = {month}\nassert a\n"}, guard),
    )


_FIRST = Commit("2023-12-01", {"app/till.py": "a = 0\n", "app/cart.py": "b = 0\n"}, "Add till and cart")
_FOUND = Expected(".", "31af9b8b42a3d2dcc30c939f078e63a185c3c64b")


class GuardsAfterTheFact(Scout):
    """Three or more times in two years, a check was added within two weeks after what it would have caught.

    A change of the main line whose title says that it guards, prevents, ensures, forbids or checks something, follows
    within two weeks a revert, a hot fix or a repair of what was broken, that touches one of the same files and shares
    a telling word of the title. Not those of programs, sweeps, types and spelling, nor what was taken back and is
    put on the main line again. At least two months lie between the first and the last. One finding for the repository.
    Guards in merged migrations belong to `migration-guard-after-merge`.

    ## Why it matters
    Each guard is right, and each came too late. Together they say that this is how rules are made here: one incident
    at a time, and the next one is of a kind that nobody has met yet.

    ## What to do with it
    Read the pairs: what kind of failure do they share, and which check before the merge would have met most of them?

    ## Severity
    3 with six or more, else 2.

    ## Source
    Leveson, Engineering a Safer World (2011), on constraints that come after accidents; Beyer et al., Site
    Reliability Engineering (2016), chapter 15.
    """

    id: ClassVar[str] = "guards-after-the-fact"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Three times something broke, and a check for it came days later",
            (
                _FIRST,
                *_pair(1, "Hotfix: negative prices crash the till", "Check that prices are not negative"),
                *_pair(3, 'Revert "Round totals of bills"', "Guard against rounded totals of bills"),
                *_pair(5, "Hotfix: empty basket crashes", "Prevent an empty basket at the till"),
            ),
            "2024-08-01",
            (_FOUND,),
        ),
        Example(
            "Twice, three weeks later, about something else, and by hand in other files",
            (
                _FIRST,
                *_pair(1, "Hotfix: negative prices crash the till", "Check that prices are not negative"),
                *_pair(3, 'Revert "Round totals of bills"', "Guard against rounded totals of bills"),
                *_pair(5, "Hotfix: empty basket crashes", "Prevent an empty basket at the till", day=22),
                *_pair(6, "Hotfix: orders crash", "Ensure names have capitals", "app/cart.py"),
                *_pair(8, 'Revert "Ensure baskets have a colour"', "Ensure baskets have a colour"),
                *_pair(9, "Never revert prices of the night", "Check prices of the night"),
                Commit("2024-07-01", {"app/till.py": "a = 70\n"}, "Hotfix: printers crash"),
                Commit("2024-07-04", {"app/cart.py": "b = 70\n"}, "Check that printers are there"),
            ),
            "2024-10-01",
        ),
        Example(
            "Three times within a month",
            (
                _FIRST,
                *(
                    Commit(f"2024-01-{day:02}", {"app/till.py": f"a = {day}\n"}, title)
                    for day, title in enumerate(
                        (
                            "Hotfix: negative prices crash the till",
                            "Check that prices are not negative",
                            'Revert "Round totals of bills"',
                            "Guard against rounded totals of bills",
                            "Hotfix: empty basket crashes",
                            "Prevent an empty basket at the till",
                        ),
                        start=1,
                    )
                ),
            ),
            "2024-08-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for the repository.

        Raises:
            UnavailableError: the clone's older history is cut off.
            NotApplicable: hardly anything changed in two years.
        """
        view.needs_ages()
        changes = [one for one in units(view, view.now - _PERIOD) if touches(view, one, *_CODE)]
        if len(changes) < _FEWEST:
            message = "hardly anything changed in two years"
            raise NotApplicable(message)
        found = tuple(_pairs(changes))
        if len(found) >= _FEWEST and found[0].guard.at - found[-1].guard.at >= _SPREAD:
            yield Finding(
                signal=self.id,
                subject=".",
                identity="guards after the fact",
                severity=3 if len(found) >= _GRAVE else 2,
                kind=self.kind,
                story=_story(found),
                evidence=tuple(_evidence(found)),
                score=round(min(0.9, 0.5 + len(found) / 20), 3),
            )


class _Late(NamedTuple):
    """A guard, and what had happened before it."""

    guard: Change
    harm: Change


def _pairs(changes: list[Change]) -> Iterator[_Late]:
    """Give guards, newest first, each with the newest harm before it; a harm counts once."""
    used: set[str] = set()
    for place, guard in enumerate(changes):
        if not _is_guard(guard):
            continue
        for harm in changes[place + 1 :]:
            if guard.at - harm.at > _SOON:
                break
            if harm.sha not in used and _is_harm(harm) and _alike(guard, harm):
                used.add(harm.sha)
                yield _Late(guard, harm)
                break


def _is_guard(change: Change) -> bool:
    plain = bare_title(change.title)
    return _GUARD.search(plain) is not None and not kind(plain).is_polish and not _is_harm(change)


def _is_harm(change: Change) -> bool:
    if _NEGATED.search(change.title):
        return False
    return kind(change.title).is_revert or _HARM.search(bare_title(change.title)) is not None


def _alike(guard: Change, harm: Change) -> bool:
    if bare_title(guard.title).lower() in bare_title(harm.title).lower():
        return False  # what was taken back is put on the main line again
    same = {file.path for file in guard.files} & {file.path for file in harm.files}
    return bool(same) and bool(_telling(guard) & _telling(harm))


def _telling(change: Change) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall(bare_title(change.title).lower())} - _SMALL


def _evidence(found: tuple[_Late, ...]) -> Iterator[Evidence]:
    for one in found:
        yield at_change(one.guard)
        yield at_change(one.harm)


def _told(one: _Late) -> str:
    days = (one.guard.at - one.harm.at).days
    guard, harm = (bare_title(each.title)[:70].replace("`", "'") for each in one)
    when = "on the same day as" if not days else f"{counted(days, 'day')} after"
    return f"`{one.guard.sha[:10]}` ({guard}) {when} `{one.harm.sha[:10]}` ({harm})"


def _story(found: tuple[_Late, ...]) -> Story:
    number = counted(len(found), "check")
    return Story(
        title=f"Ask what would have been caught before the merge: {number} came after the fact",
        current=(
            f"In two years {number} were added within two weeks after something had broken in the same files: "
            f"{listed([_told(one) for one in found], _SHOWN)}."
        ),
        why=(
            "Each of them is right, and each came too late. Rules that are made one incident at a time meet the last "
            "failure, not the next one."
        ),
        wanted="What these failures have in common is known, and a check before the merge meets that kind.",
        acceptance=(
            "A note says for each pair what had broken, and what would have shown it before the merge.",
            "The check that would have met most of them runs on every change.",
        ),
        scope=("Checks before the merge: tests, types, linters, a look at the schema.",),
        non_goals=("Blaming a change or who made it.",),
        size="M",
    )
