"""What repeats: which of it is an exception rather than a wish, and which of it others tell of already."""

import re
from collections.abc import Sequence

from scout.signals._base import View
from scout.signals._flow import Member

_EXCEPTIONS = frozenset({"revert", "hot fix", "fix", "failed job"})
_LABEL = re.compile(r"\b(?:bug|incident|defect|regression|crash|failure|outage|hotfix|flak\w*)\b", re.IGNORECASE)
_FAILURE = re.compile(
    r"\b(?:fail(?:s|ed|ing|ures?)?|errors?|broken|breaks?|crash\w*|exceptions?|hangs?|stuck|regression|timed? ?-?outs?"
    r"|wrong(?:ly)?|corrupt\w*|leaks?|flak\w+|outages?|panics?|segfaults?|deadlocks?|tracebacks?|(?:can(?:not|'t)|does"
    r" ?n[o']t|doesn't|unable to|not) (?:work\w*|start|load\w*|open|connect|build\w*)|\w+Error|\w+Exception)\b",
    re.IGNORECASE,
)
_MOSTLY = 0.5


def is_exception(view: View, one: Member) -> bool:
    """Say whether something was a failure or its repair, by its kind, its labels and type, or its words."""
    if one.kind in _EXCEPTIONS:
        return True
    ticket = view.core.tickets.get(one.locator)
    marks = " ".join([*ticket.labels, ticket.kind or "", ticket.native_kind]) if ticket else ""
    return _LABEL.search(marks) is not None or _FAILURE.search(one.text) is not None


def told_already(view: View, members: Sequence[Member]) -> bool:
    """Say whether the tracker links most of some tickets as duplicates of each other: others tell of these."""
    keys = {one.locator for one in members}
    linked = sum(
        any("duplicate" in link.kind and link.other in keys for link in view.core.links.get(key, ())) for key in keys
    )
    return linked > _MOSTLY * len(members)
