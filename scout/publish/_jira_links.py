"""Links between issues in Jira."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from scout.errors import SettingsError
from scout.publish._jira import Desk

Json = Mapping[str, Any]


def linked(desk: Desk, key: str, other: str) -> bool:
    """Whether two issues are linked, whichever way."""
    links = cast("Sequence[Json]", desk.fields(key, "issuelinks").get("issuelinks") or ())
    ends = [cast("Json", one.get(end) or {}) for one in links for end in ("inwardIssue", "outwardIssue")]
    return any(one.get("key") == other for one in ends)


def link(desk: Desk, key: str, other: str) -> dict[str, Any]:
    """Return the body of the request that links an issue with another.

    Raises:
        SettingsError: there is no such type of link.
    """
    types = cast("Sequence[Json]", desk.asked("/issueLinkType").get("issueLinkTypes") or ())
    names, wanted = [str(one["name"]) for one in types], desk.settings.link_type
    name = next((one for one in names if one.casefold() == wanted.casefold()), None)
    if name is None:
        what = f"Jira has no type of link '{wanted}'."
        raise SettingsError(what, f"Set `link_type`; there are: {', '.join(sorted(names)) or 'none'}.")
    return {"type": {"name": name}, "inwardIssue": {"key": other}, "outwardIssue": {"key": key}}
