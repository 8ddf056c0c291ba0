"""Words for titles, subjects and identities."""

import re

_WORD = re.compile(r"[^\W_]+(?:[.'][^\W_]+)*", re.UNICODE)
_NUMBER = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
MOST_TITLE = 90
_TWO_MONTHS = 60
_TWO_YEARS = 730
_TELLING_TAIL = 8


def normalised(text: str) -> str:
    """Return the words of a text in lower case: punctuation, case and line breaks don't make another text."""
    return " ".join(_WORD.findall(text.lower()))


def counted(number: int, noun: str) -> str:
    """Return 'one link', 'two links', '12 links'."""
    return f"{_NUMBER.get(number, str(number))} {noun}{'' if number == 1 else 's'}"


def title(start: str, name: str, end: str = "") -> str:
    """Return `start name end` in at most 90 characters, with the front of the name left out where it is too long."""
    room = MOST_TITLE - len(start) - len(end)
    return f"{start}{name if len(name) <= room else _tail(name, max(room, 12) - 1)}{end}"[:MOST_TITLE]


def _tail(name: str, room: int) -> str:
    """Return the end of a name, from a whole folder on where that leaves enough to know it by."""
    end = name[-room:]
    whole = end[end.find("/") :] if "/" in end else ""
    return f"…{whole if len(whole) >= _TELLING_TAIL else end}"


def listed(names: list[str], most: int = 4) -> str:
    """Return 'a, b and c', or 'a, b, c and 5 more'."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def either(names: list[str]) -> str:
    """Return 'a, b or c'."""
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def near_lines(places: list[tuple[str, int]], most: int = 6) -> tuple[str, ...]:
    """Return for each file where in it the work is: 'around line 4', 'around lines 4 and 9'."""
    rows: dict[str, list[str]] = {}
    for path, line in places[:most]:
        rows.setdefault(path, []).append(str(line))
    return tuple(f"`{path}`, around line{'s' if len(at) > 1 else ''} {listed(at, most)}" for path, at in rows.items())


def searched(text: str, most: int = 60) -> str:
    """Return the beginning of a text to search for: whole words, and no address that is cut."""
    bare = text.rstrip(" -*>/")
    return bare if len(bare) <= most else (bare[: most + 1].rpartition(" ")[0] or bare[:most]).rstrip(" -*>/,;:(")


def sentence(text: str) -> str:
    """Return a text with a capital at its start and one full stop at its end."""
    bare = text.strip().rstrip(".;,:")
    return f"{bare[:1].upper()}{bare[1:]}." if bare else ""


def span(days: int) -> str:
    """Return '40 days', 'about 18 months' or 'about 6 years'."""
    if days < _TWO_MONTHS:
        return f"{days} days"
    if days < _TWO_YEARS:
        return f"about {round(days / 30.4)} months"
    return f"about {round(days / 365.25)} years"
