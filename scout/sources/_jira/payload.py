"""A record from an issue as it came: people replaced, worklogs summed, in one order whatever way it was fetched."""

import hashlib
import re
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple, cast

import orjson

from scout.remote.reading import dumped, parsed
from scout.sources._jira.lore import Lore
from scout.sources._jira.shape import Json, part, parts, read, unsayable, word
from scout.sources._people import People

_OURS = frozenset({"lastViewed"})
"""Fields that say something about the reader (us), not about the issue."""
_WORKLOG = frozenset({"timespent", "worklogid", "worklogtimespent"})
"""Changes that say who worked for how long; the sum stays in the fields."""
_REPLACED = frozenset({"items", "historyMetadata"})
"""Of an entry of the changelog: what is looked at piece by piece, and what names whoever set a rule off."""
_NAMED = re.compile(rb'"(?:mention"|accountId"|displayName"|email)')
"""What documents have that name somebody; outside of documents everybody has been replaced by then."""
_WIKI = b"[~"
_WIKI_MENTION = re.compile(rb'\[~(?:accountid:)?([^\]"\[]{1,255})\]')
_PLAIN = frozenset({str, int, float, bool})
_COMMENT, _NONE = frozenset({"comment"}), frozenset[str]()
_PERSON = re.compile(r"[^\[\],\s]+")


def kept(issue: Json) -> dict[str, Any]:
    """Return what of an issue is kept: null is the same as missing, so that a new field changes no old issue."""
    fields = {name: value for name, value in part(issue, "fields").items() if value is not None and name not in _OURS}
    if "comment" in fields:
        said = parts(fields["comment"], "comments")
        fields["comment"] = {"comments": _in_order(said), "total": _total(fields["comment"], said)}
    if "worklog" in fields:
        fields["worklog"] = _summed(fields)
    listed = part(issue, "changelog")
    histories = parts(listed, "histories")
    changelog = {"histories": _in_order(histories), "total": _total(listed, histories)}
    named = {name: issue.get(name) for name in ("id", "key", "self")}
    return {**named, "fields": fields, "changelog": changelog}


def digest_of(issue: Json) -> str:
    """Return a digest of what is kept, to see whether it came again as it was."""
    try:
        text = orjson.dumps(issue)
    except TypeError:  # nested too deeply, or with half a character: when it was changed has to do
        text = dumped([issue.get("id"), part(issue, "fields").get("updated")])
    return hashlib.blake2b(text, digest_size=8).hexdigest()


class Stored(NamedTuple):
    """An issue as it is stored.

    Attributes:
        payload: JSON.
        value: the same, read.
    """

    payload: bytes
    value: Json


def stored(issue: Json, lore: Lore, people: People) -> Stored:
    """Return what to store of what `kept` returned, with what core rows need from elsewhere beside it.

    Nobody is named in it: people become pseudonyms wherever they stand. Most objects are parts of documents, which
    have none; a look at the bytes tells whether one does.
    """
    histories, statuses = _changes(part(issue, "changelog"), lore, people)
    value: Json = {
        **issue,
        "fields": _fields(part(issue, "fields"), people),
        "changelog": {**part(issue, "changelog"), "histories": histories},
        "lore": _lore(issue, statuses, lore),
    }
    try:
        text = orjson.dumps(value)
    except TypeError:  # half a character, a huge number, or a document nested more deeply than anybody reads: cut
        text = dumped(people.without(value))
        value = part(parsed(text))
    if _NAMED.search(text):
        text = dumped(value := _unnamed(people.without(value), people))
    if b"~" in text and _WIKI in text:  # one byte is found many times faster than two
        text = _WIKI_MENTION.sub(lambda found: b"[~%s]" % people.id(_name(found[1])).encode(), text)
        value = read(text)
    return Stored(text, read(text) if unsayable(text) else value)


def _fields(fields: Json, people: People) -> dict[str, Any]:
    """Return fields without people, documents and texts as they are."""
    said = fields.get("comment")
    if said is None:
        return _unpeopled(fields, people)
    comments = [_unpeopled(comment, people) for comment in parts(said, "comments")]
    return {**_unpeopled(fields, people, _COMMENT), "comment": {**part(said), "comments": comments}}


def _unpeopled(value: Json, people: People, without: AbstractSet[str] = _NONE) -> dict[str, Any]:
    """Return the members of an object but some, without people, documents and texts as they are."""
    made = dict[str, Any]()
    for name, member in value.items():
        if name in without:
            continue
        as_it_is = type(member) in _PLAIN or part(member).get("type") == "doc"
        made[name] = member if as_it_is else people.without(member)
    return made


def _changes(changelog: Json, lore: Lore, people: People) -> tuple[list[Json], dict[str, str]]:
    """Return the changelog without names and worklogs, and the categories of the statuses in it."""
    histories, statuses = list[Json](), dict[str, str]()
    for history in parts(changelog, "histories"):
        items = list[Json]()
        for change in parts(history, "items"):
            field = word(change, "field").lower()
            if field == "status":
                statuses |= _categories(lore, change, ("from", "fromString"), ("to", "toString"))
            if field not in _WORKLOG:
                items.append(_anonymous(change, people) if lore.is_person(change) else change)
        histories.append({**_unpeopled(history, people, _REPLACED), "items": items})
    return histories, statuses


def _categories(lore: Lore, value: Json, *places: tuple[str, str]) -> dict[str, str]:
    """Return the categories of statuses whose id and name stand in these places."""
    said = ((word(value, key), word(value, name)) for key, name in places)
    known = (next((one for one in pair if one in lore.categories), "") for pair in said)
    return {one: lore.categories[one] for one in known if one}


def _lore(issue: Json, statuses: dict[str, str], lore: Lore) -> dict[str, Any]:
    """Return only what this issue uses: it must not change with what it has nothing to do with."""
    status = part(issue, "fields", "status")
    if not part(status, "statusCategory"):
        statuses = statuses | _categories(lore, status, ("id", "name"))
    custom = sorted(name for name in part(issue, "fields") if name in lore.names)
    return {
        "names": {name: lore.names[name] for name in custom},
        "roles": {name: lore.roles[name] for name in custom if name in lore.roles},
        "statuses": dict(sorted(statuses.items())),
    }


def _anonymous(change: Json, people: People) -> dict[str, Any]:
    before, after = (" ".join(map(people.id, _PERSON.findall(word(change, side)))) for side in ("from", "to"))
    return {**change, "from": before or None, "fromString": None, "to": after or None, "toString": None}


def _summed(fields: Json) -> dict[str, Any]:
    listed = parts(fields["worklog"], "worklogs")
    spent = fields.get("timespent")
    seconds = spent if isinstance(spent, int) else sum(_seconds(one) for one in listed)
    return {"total": _total(fields["worklog"], listed), "timeSpentSeconds": seconds}


def _seconds(worklog: Json) -> int:
    spent = worklog.get("timeSpentSeconds")
    return spent if isinstance(spent, int) else 0


def _total(page: Any, listed: list[Json]) -> int:
    total = part(page).get("total")
    return total if isinstance(total, int) and not isinstance(total, bool) else len(listed)


def _in_order(listed: list[Json]) -> list[Json]:
    return sorted(listed, key=age) if len(listed) > 1 else listed


def age(one: Json) -> tuple[int, str, str]:
    """Return what orders comments and changes: their numbers, which grow, else their times."""
    key = word(one, "id")
    return int(key) if key.isascii() and key.isdigit() else 0, word(one, "created"), key


def _name(said: bytes) -> str:
    return said.decode("utf-8", "replace")


def _unnamed(value: Any, people: People) -> Any:
    if isinstance(value, list):
        return [_unnamed(one, people) for one in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    node = cast("dict[str, Any]", value)
    if node.get("type") == "mention" and isinstance(node.get("attrs"), dict):
        who = people.id(word(part(node, "attrs"), "id"))
        return {"type": "mention", "attrs": {"id": who, "text": f"@{who}"}}
    return {name: _unnamed(one, people) for name, one in node.items()}
