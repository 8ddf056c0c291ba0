"""Words for titles, subjects and identities."""

import re

_WORD = re.compile(r"[^\W_]+(?:[.'][^\W_]+)*", re.UNICODE)
_NUMBER = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
MOST_TITLE = 90
_TWO_MONTHS = 60
_TWO_YEARS = 730


def normalised(text: str) -> str:
    """Return the words of a text in lower case: punctuation, case and line breaks don't make another text."""
    return " ".join(_WORD.findall(text.lower()))


def counted(number: int, noun: str) -> str:
    """Return 'one link', 'two links', '12 links'."""
    return f"{_NUMBER.get(number, str(number))} {noun}{'' if number == 1 else 's'}"


def title(start: str, name: str, end: str = "") -> str:
    """Return `start name end` in at most 90 characters, with the front of the name left out where it is too long."""
    room = MOST_TITLE - len(start) - len(end)
    short = name if len(name) <= room else "…" + name[-(max(room, 12) - 1) :]
    return f"{start}{short}{end}"[:MOST_TITLE]


def listed(names: list[str], most: int = 4) -> str:
    """Return 'a, b and c', or 'a, b, c and 5 more'."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


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
