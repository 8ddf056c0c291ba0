"""The words for temporary code that outlived its condition."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from scout.model import Evidence, EvidenceKind, Story
from scout.signals._conditions import Condition
from scout.signals._evidence import at_line
from scout.signals._pins import Met
from scout.signals._vocabulary import REFERENCE, TRACKED
from scout.signals._words import MOST_TITLE, listed, near_lines, searched, span, title
from scout.text.render import code_span

_MOST_PATH = 32
_FEW_WORDS = 4
_MOST_ADDRESS = 24
_FEW_PLACES = 3
_MOST_PLACES = 12
_DONE = "What the comment asks for is done, and the comment is gone"
_ADDRESS = re.compile(r"https?://\S+")
_VAGUE = re.compile(r"^\w+ (?:it|this|that|these|they|available|released|done|ready|fixed|resolved)\b", re.IGNORECASE)
_TASK_MARK = re.compile(r"^.*?\b(?:TODO|FIXME|XXX|HACK)\b\s*(?:\([^)]*\))?\W*")
_GOES = re.compile(
    r"\b(?:remov|delet|drop|revert|rid of|clean|no longer|needed|necessary|kill|retir|undo|unpin|enabl|go away"
    r"|temporar|work-?around|hack|compat|legacy|old|deprecat|obsolete|expire|replac|pin)",
    re.IGNORECASE,
)
"""Words of a comment whose code is to go; without them, something is to be made of it."""
_COMES_BACK = re.compile(r"\b(?:un-?comment|(?:re-?)?enable|restore|bring back|(?:switch|turn) on)", re.IGNORECASE)
"""Orders after which code is there that is not there now."""
_FIX = re.compile(r"\b(?:fix\w*|bug|issue|merged?|resolv\w+|land(?:s|ed)|closed|upstream|patch)\b", re.IGNORECASE)
"""What an issue that the comment names can bring."""
_COMPATIBLE = re.compile(r"\b(?:backwards?|compat\w*|legacy|migrat\w+|cached|old)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A comment with an end condition, and since when its text stands there.

    Attributes:
        text: the line on which the condition begins.
        quoted: what the comment says.
        about: the code that it is about, its first line; empty when there is none.
        sha: the commit that brought the text.
        since: its time (UTC).
        met: how it can be seen that the condition is met; None when nothing shows it.
    """

    path: str
    line: int
    text: str
    quoted: str
    about: str
    condition: Condition
    sha: str
    since: datetime
    met: Met | None


def evidence(places: tuple[Place, ...]) -> Iterator[Evidence]:
    """Give the places, the commit that brought the oldest text, and what shows that the condition is met."""
    for place in places[:_MOST_PLACES]:
        yield at_line(place.path, place.line, place.text)
    oldest, met = _oldest(places), places[0].met
    seen = f"{oldest.since:%Y-%m-%d}: the text is there since this commit"
    yield Evidence(kind=EvidenceKind.COMMIT, locator=oldest.sha, seen=seen)
    if met and met.pin:
        yield at_line(met.pin.path, met.pin.line, met.pin.text)
    if met and met.sha and met.sha != oldest.sha:
        yield Evidence(kind=EvidenceKind.COMMIT, locator=met.sha, seen=met.why)


def story(places: tuple[Place, ...], now: datetime) -> Story:
    """Return the words for places with the same condition, at a moment (UTC)."""
    first, met, oldest = places[0], places[0].met, _oldest(places)
    where = listed([f"`{place.path}:{place.line}`" for place in places], _MOST_PLACES)
    alike = len({place.quoted for place in places}) == 1
    says = "says" if len(places) == 1 else "say" if alike else "wait for the same; the first says"
    about = f" It is about `{first.about[:100].rstrip()}`." if first.about else ""
    paths = " ".join(sorted({place.path for place in places})[:3])
    state = f"The condition is met: {met.why}." if met else _unsettled(first)
    return Story(
        title=_title(first),
        current=(
            f"{where} {says}: {code_span(first.quoted.rstrip('. '))}.{about} "
            f"The text has been there since {oldest.since:%Y-%m-%d} (`{oldest.sha[:10]}`), "
            f"{span((now - oldest.since).days)} ago. {state}"
        ),
        why=_why(first),
        wanted=(
            f"{'The temporary code is gone together with its comment' if _goes(first) else _DONE}. Where it turns out "
            "to be needed for good, the comment says so and why; where it still waits, it names what it waits for now."
        ),
        acceptance=(
            f"`git grep -nF {_literal(first)} -- {paths}` finds nothing, or a condition that still lies ahead.",
            "The test suite passes.",
        ),
        scope=near_lines([(place.path, place.line) for place in places]),
        non_goals=("Other TODO comments in these files.", "Code that the comment is not about."),
        risks=_risks(first),
        size="S" if len(places) <= _FEW_PLACES else "M",
    )


def _goes(place: Place) -> bool:
    """Say whether code is to go at last; if not, the comment asks for a change that had to wait."""
    order = place.condition.sentence.replace(place.condition.clause, " ")
    return not _COMES_BACK.search(order) and (place.met is None or _GOES.search(order) is not None)


def _oldest(places: tuple[Place, ...]) -> Place:
    return min(places, key=lambda place: (place.since, place.path, place.line))


def _unsettled(place: Place) -> str:
    named = list(place.condition.references)
    if not named and _FIX.search(place.condition.clause):
        named = [one for one in REFERENCE.findall(place.quoted) if TRACKED.search(one)]
    if named:
        return f"Whether {listed(named, 2)} {'is' if len(named) == 1 else 'are'} settled has to be looked up."
    return "Whether that has happened can't be seen from the files; somebody of the project knows."


def _why(place: Place) -> str:
    if place.met:
        return (
            f"The author named the moment at which this could {'go' if _goes(place) else 'be done'}, and that moment "
            f"is over. What stays is code that every reader of `{place.path}` has to understand and every change has "
            "to carry, for a case that is gone."
        )
    if place.condition.references:
        return (
            f"Nothing in the project reminds anybody when {place.condition.references[0]} is settled, so the stopgap "
            f"in `{place.path}` stays although looking it up takes a minute."
        )
    if not _goes(place):
        return (
            "It was left for later, and nothing reminds anybody of it. Until it is checked, readers of "
            f"`{place.path}` cannot tell whether it could be done now."
        )
    return (
        "It was written to be removed, with a condition, and nothing reminds anybody of it. Until it is checked, "
        f"readers of `{place.path}` cannot tell whether they may rely on this code or should avoid it."
    )


def _risks(place: Place) -> tuple[str, ...]:
    if _COMPATIBLE.search(place.quoted):
        return ("Old data, clients or cached values may still need the old path: check before removing it.",)
    return ()


def _title(place: Place) -> str:
    overdue = "Remove overdue code in " if _goes(place) else "Do what is overdue in "
    start = (
        overdue if place.met else "Settle temporary code in " if _goes(place) else "Settle what was left for later in "
    )
    condition = place.condition
    vague = len(condition.clause.split()) < _FEW_WORDS or _VAGUE.search(condition.clause)
    said = _TASK_MARK.sub("", condition.sentence) if vague and not condition.references else condition.clause
    clause = _ADDRESS.sub(_short_address, _told(condition, said))
    room = MOST_TITLE - len(start) - min(len(place.path), _MOST_PATH) - 4
    cut = clause if len(clause) <= room else f"{clause[: room - 1].rpartition(' ')[0]}…"
    return title(start, place.path, f': "{cut.rstrip(".,;: (")}"')


def _told(condition: Condition, said: str) -> str:
    """Return what is waited for with the issue that it means, where it only points at it."""
    beside = condition.references[0] if condition.references else ""
    return f"{said.rstrip('.,:; ')} ({beside})" if beside and beside not in said else said


def _short_address(found: re.Match[str]) -> str:
    parts = [part for part in found.group().split("/") if part]
    return "/".join(parts[-2:]).rstrip(".,;:")[-_MOST_ADDRESS:]


def _literal(place: Place) -> str:
    """Return words of the condition that stand on the comment's line, quoted for a shell."""
    word = place.condition.clause.partition(" ")[0].lower()
    found = re.search(rf"\b{re.escape(word)}\b", place.text.lower())
    start = found.start() if found else 0
    text = place.text[start:]
    address = _ADDRESS.search(text)
    if address is None:
        return shlex.quote(searched(text))
    before = searched(text[: address.start()])
    return shlex.quote(before if len(before.split()) >= _FEW_WORDS else address.group().rstrip(".,;:)"))
