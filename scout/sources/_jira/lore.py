"""What a Jira says about itself that its issues do not: categories of statuses, names and roles of custom fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scout.sources._jira.shape import Json, part, word

CUSTOM = "customfield_"
_PERSON_FIELDS = frozenset({"assignee", "reporter", "creator"})
_ROLES = {
    "com.pyxis.greenhopper.jira:gh-sprint": "sprint",
    "com.pyxis.greenhopper.jira:gh-epic-link": "epic",
}


@dataclass(frozen=True, slots=True)
class Lore:
    """How to read issues of one Jira.

    Attributes:
        categories: key of the category, by status id and by name; ids win.
        names: names of custom fields by id.
        roles: what a custom field of a known type is, by id: `sprint`, `epic`.
        people: ids and names (lower case) of fields that hold people.
    """

    categories: Mapping[str, str] = field(default_factory=dict[str, str])
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    roles: Mapping[str, str] = field(default_factory=dict[str, str])
    people: frozenset[str] = _PERSON_FIELDS

    @classmethod
    def of(cls, statuses: Iterable[Json], fields: Iterable[Json]) -> "Lore":
        """Return what the lists of statuses and of fields say."""
        known = [one for one in statuses if word(part(one, "statusCategory"), "key")]
        by_name = {word(one, "name"): word(part(one, "statusCategory"), "key") for one in known}
        by_id = {word(one, "id"): word(part(one, "statusCategory"), "key") for one in known}
        listed = list(fields)
        custom = [one for one in listed if word(one, "id").startswith(CUSTOM)]
        kinds = {word(one, "id"): word(part(one, "schema"), "custom") for one in custom}
        personal = [one for one in listed if "user" in {word(part(one, "schema"), key) for key in ("type", "items")}]
        return cls(
            by_name | by_id,
            {word(one, "id"): word(one, "name") for one in custom},
            {key: _ROLES[kind] for key, kind in kinds.items() if kind in _ROLES},
            _PERSON_FIELDS | {word(one, name).lower() for one in personal for name in ("id", "name")},
        )

    @property
    def has_sprints(self) -> bool:
        """Whether issues can be in sprints."""
        return "sprint" in self.roles.values()

    def is_person(self, change: Json) -> bool:
        """Return whether an entry of a changelog is about people."""
        return any(word(change, name).lower() in self.people for name in ("field", "fieldId"))
