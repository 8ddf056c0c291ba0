"""Stopgaps that wait for something which visibly has not come, or which something else tells of."""

import re
from collections.abc import Sequence
from itertools import islice

from scout.repository import FileClass, Tree
from scout.signals._base import View
from scout.signals._pins import Pins
from scout.signals.code._commented import said
from scout.signals.code._temporary import Place

_REPOSITORY = re.compile(r"https?://[^/\s]+/(?:[\w.-]+/)+?([\w.-]+)/(?:-/)?(?:issues?|pulls?|merge_requests)/\d")
_EVERYWHERE = re.compile(
    r"\b(?:adopted|supported|available|shipped|released|implemented|works?|lands?|landed) "
    r"(?:in|by|on|across|for) (?:all|every|each|most|the (?:major|common))\b"
    r"|\b(?:all|every|most) (?:\w+ ){0,2}(?:browsers?|environments?|platforms?|runtimes?) (?:support|have|has)",
    re.IGNORECASE,
)
"""Waits for the world: nobody of the project sees it come."""
_IGNORE = re.compile(r"type:\s*ignore")
_EXPECTED = re.compile(r"@ts-expect-error")
_CHECKER = re.compile(r"^(?:\.?mypy\.ini|setup\.cfg|pyproject\.toml|tox\.ini)$")
_REPORTS = re.compile(r"^\s*(?:warn_unused_ignores|strict)\s*=\s*[Tt]rue\b", re.MULTILINE)


_TASK = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b\W*(?:\([^)]*\)\W*)?(?:to\s+)?(\w{4})\w*")
"""What is to be done first: the beginning of its verb."""
_DONE = re.compile(r"\b(?:is|are|been|gets?|got)\s+(?:\w+ly\s+)?(\w{4})\w+(?:ed|en)\b")
_GOES = re.compile(
    r"(?<!\w)(?:`(\w+)`|([A-Za-z]+(?:_[a-z0-9]+)+|[A-Za-z]*[a-z0-9]+[A-Z]\w*))(?: \w+){0,2} "
    r"(?:is|are|gets?|will be|has been|have been) (?:\w+ly |also )?(?:removed|dropped|deleted|gone|(deprecated))\b"
)
_DEPRECATED = re.compile(r"deprecat", re.IGNORECASE)
_MOST_FILES, _NEAR = 50, 3
_NAMED = re.compile(r"[`'\"](\w{4,})[`'\"]|\b([a-z]+(?:_[a-z0-9]+)+|[a-z]+[A-Z]\w*)\b")


def held_back(view: View, pins: Pins, places: Sequence[Place]) -> str:
    """Return why places that wait for the same need nobody now; empty when somebody should look."""
    first = places[0]
    if first.met or first.condition.by:
        return ""
    if _EVERYWHERE.search(first.condition.clause):
        return "it waits until something is everywhere, which nobody here will see happen"
    if any(_is_asked_for(view.tree, one) for one in places):
        return "another task in the same file still asks for what it waits for"
    if any(_is_there_yet(view, one) for one in places):
        return "what it waits for to go is still in the code, and nothing there says that it is to go"
    if all(_reported(view, one) for one in places):
        return "the type checker reports the mark as soon as it is not needed any more"
    return _at_rest(pins, first)


def _at_rest(pins: Pins, first: Place) -> str:
    for reference in first.condition.references:
        named = _REPOSITORY.match(reference)
        pin = pins.at_rest(named.group(1).lower(), first.sha) if named else None
        if pin is not None:
            return f"`{pin.path}` has the same version of {pin.name} as then, and newer ones of most others"
    return ""


def _is_asked_for(tree: Tree, place: Place) -> bool:
    """Say whether another task in the file asks for what a place waits for, by its verb and a name of the code."""
    done = _DONE.search(place.condition.clause)
    names = {one for found in _NAMED.findall(place.condition.clause) for one in found if one}
    if done is None or not names:
        return False
    text = _text(tree, place.path)
    asked = [one.text for one in said(tree, place.path, text) if place.quoted not in " ".join(one.text.split())]
    verb = done.group(1).lower()
    return any(
        verb == task.group(1).lower() and names & set(re.findall(r"\w+", whole[task.start() :]))
        for whole in asked
        for task in _TASK.finditer(whole)
    )


def _is_there_yet(view: View, place: Place) -> bool:
    """Say whether a name whose end is waited for is in code elsewhere, unless its deprecation is, and stands there."""
    goes = _GOES.search(place.condition.clause)
    if goes is None:
        return False
    name = re.compile(rf"\b{re.escape(goes.group(1) or goes.group(2))}\b".encode())
    code = view.tree.search(
        name, lambda one: one.path != place.path and view.tree.file_class(one.path) is FileClass.CODE
    )
    texts = [_text(view.tree, one.path).split("\n") for one in islice(code, _MOST_FILES)]
    around = [
        "\n".join(lines[max(0, at - _NEAR) : at + _NEAR + 1])
        for lines in texts
        for at, line in enumerate(lines)
        if name.search(line.encode())
    ]
    return bool(around) and not (goes.group(3) and any(_DEPRECATED.search(one) for one in around))


def _reported(view: View, place: Place) -> bool:
    if _EXPECTED.search(f"{place.quoted} {place.about}"):
        return True
    return _IGNORE.search(f"{place.quoted} {place.about}") is not None and view.once(_is_strict)


def _is_strict(view: View) -> bool:
    return any(_CHECKER.match(path) and _REPORTS.search(_text(view.tree, path)) for path in view.tree.files)


def _text(tree: Tree, path: str) -> str:
    return tree.text(path) or ""
