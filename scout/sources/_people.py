"""People as pseudonyms: what a tracker says about somebody becomes a keyed digest, for counting only."""

import hashlib
from typing import Any

DEEPEST = 64
"""Levels of nesting that are kept; what lies deeper becomes null. No tracker nests half as deep, hostile input does."""

_REMEMBERED = 100_000
_OBJECT: Any = dict
_ARRAY: Any = list
_ADDRESSES = frozenset({"email", "emailAddress", "notification_email"})


class People:
    """Makes pseudonyms with the secret key of one state folder; shared freely between threads.

    The same person has the same pseudonym in all projects of a state folder, and another one in every other.

    Args:
        salt: the secret key, at most 64 bytes.
    """

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._ids = dict[str, str]()

    def id(self, *names: object) -> str:
        """Return the pseudonym (16 hex digits) of whoever is known by the first of `names` that says anything.

        Capitals and surrounding blanks make no difference. Without any name the result is empty: nobody.
        """
        first = names[0] if names else None
        if isinstance(first, str) and (known := self._ids.get(first)) is not None:
            return known
        name = next((text for name in names if isinstance(name, str) and (text := name.strip())), "")
        if not name:
            return ""
        known = self._ids.get(name)
        if known is None:
            if len(self._ids) >= _REMEMBERED:
                self._ids.clear()
            plain = name.casefold().encode("utf-8", "surrogatepass")
            known = self._ids[name] = hashlib.blake2b(plain, key=self._salt, digest_size=8).hexdigest()
        return known

    def without(self, value: Any) -> Any:
        """Return a JSON value in which nobody is named; what names nobody is the same object as before.

        Objects that describe a person become `{"person": pseudonym, "bot": bool}`: those with a `login` (GitHub), with
        an `accountId` (Jira Cloud), with a `displayName` beside a `name` or a `key` (Jira Server), with an `email`
        beside a `name` (git; its `date` stays). E-mail addresses elsewhere are dropped. Texts stay as they are.
        """
        if type(value) is _OBJECT:
            return self._object(value, DEEPEST)
        return self._array(value, DEEPEST) if type(value) is _ARRAY else value

    # Types are compared by identity, and each level loops by itself: this runs for every value there is.

    def _array(self, value: list[Any], deeper: int) -> list[Any] | None:
        if not deeper:
            return None
        made = value
        for position, part in enumerate(value):
            if type(part) is _OBJECT:
                other = self._object(part, deeper - 1)
            elif type(part) is _ARRAY:
                other = self._array(part, deeper - 1)
            else:
                continue
            if other is not part:
                made = value.copy() if made is value else made
                made[position] = other
        return made

    def _object(self, value: dict[str, Any], deeper: int) -> dict[str, Any] | None:
        if not deeper:
            return None
        if "login" in value or "accountId" in value or "displayName" in value or "email" in value:
            person = self._person(value)
            if person is not None:
                return person
        made = value
        for name, part in value.items():
            if type(part) is _OBJECT:
                other = self._object(part, deeper - 1)
            elif type(part) is _ARRAY:
                other = self._array(part, deeper - 1)
            else:
                continue
            if other is not part:
                made = value.copy() if made is value else made
                made[name] = other
        if "email" in made or "emailAddress" in made or "notification_email" in made:
            return {name: part for name, part in made.items() if name not in _ADDRESSES}
        return made

    def _person(self, value: dict[str, Any]) -> dict[str, Any] | None:
        if "login" in value:
            login = value["login"]
            program = value.get("type") == "Bot" or (isinstance(login, str) and login.endswith("[bot]"))
            return {"person": self.id(login), "bot": program}
        if "accountId" in value:
            return {"person": self.id(value["accountId"]), "bot": value.get("accountType") == "app"}
        if "displayName" in value and ("name" in value or "key" in value):
            known_by = (value.get("key"), value.get("name"), value["displayName"])
            return {"person": self.id(*known_by), "bot": False}
        if "email" in value and "name" in value:
            when = {"date": value["date"]} if "date" in value else {}
            return {"person": self.id(value["email"], value["name"]), "bot": False, **when}
        return None


def person(value: Any) -> tuple[str, bool]:
    """Return pseudonym and whether it is a program, of what `People.without` put in a person's place; ('', False)."""
    if not isinstance(value, _OBJECT):
        return "", False
    name = value.get("person")
    return (name if isinstance(name, str) else ""), value.get("bot") is True
