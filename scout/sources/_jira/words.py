"""Jira's words in Scout's vocabulary, where the settings say nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from scout.model import TicketState, WorkKind
from scout.settings import TrackerSettings

_BY_CATEGORY = {
    "new": TicketState.UNSTARTED,
    "indeterminate": TicketState.STARTED,
    "done": TicketState.COMPLETED,
}
_NAMES: dict[TicketState, tuple[str, ...]] = {
    TicketState.TRIAGE: ("triage", "new", "needs triage", "to triage", "untriaged", "inbox", "incoming"),
    TicketState.BACKLOG: ("backlog", "icebox", "product backlog", "someday", "later", "parked"),
    TicketState.UNSTARTED: ("open", "reopened", "to do", "todo", "selected for development", "ready", "planned"),
    TicketState.STARTED: ("in progress", "in development", "in review", "code review", "review", "in test", "in qa"),
    TicketState.COMPLETED: ("done", "closed", "resolved", "complete", "completed", "fixed", "released", "verified"),
    TicketState.CANCELED: ("canceled", "cancelled", "rejected", "declined", "abandoned", "won't do", "won't fix"),
}
_BY_NAME = {name: state for state, names in _NAMES.items() for name in names}
_REFINED = {  # what a name says more exactly than its category
    "new": frozenset({TicketState.TRIAGE, TicketState.BACKLOG}),
    "done": frozenset({TicketState.CANCELED}),
}
_GIVEN_UP = frozenset(
    (
        *("won't do", "won't fix", "wont do", "wont fix", "will not fix", "will not do", "duplicate", "obsolete"),
        *("cannot reproduce", "can't reproduce", "could not reproduce", "rejected", "invalid", "declined"),
        *("incomplete", "not a bug", "not our bug", "works as designed", "by design", "abandoned", "withdrawn"),
        *("canceled", "cancelled", "out of date", "not applicable", "known error"),
    )
)
_KINDS: dict[WorkKind, tuple[str, ...]] = {
    WorkKind.BUG: ("bug", "defect", "incident", "problem", "regression", "fault"),
    WorkKind.FEATURE: ("story", "user story", "feature", "new feature", "improvement", "enhancement"),
    WorkKind.CHORE: ("technical task", "technical debt", "chore", "maintenance", "support"),
    WorkKind.DOCS: ("documentation", "docs"),
    WorkKind.TESTS: ("test", "test case", "test task"),
    WorkKind.HOUSEKEEPING: ("refactoring", "cleanup", "clean-up", "housekeeping"),
}
_BY_TYPE = {name: kind for kind, names in _KINDS.items() for name in names}
_LINKS = {
    **dict.fromkeys(("blocks", "has to be done before", "is required by", "is a dependency of"), "blocks"),
    **dict.fromkeys(("is dependent of", "is depended on by", "is depended upon by", "is a prerequisite of"), "blocks"),
    **dict.fromkeys(("is blocked by", "depends on", "depends upon", "has to be done after", "requires"), "blocked_by"),
    "duplicates": "duplicates",
    "is duplicated by": "duplicated_by",
    "relates to": "relates",
    "related to": "relates",
    **dict.fromkeys(("is parent of", "parent of", "is parent task of", "contains"), "child"),
    **dict.fromkeys(("is child of", "child of", "is child task of", "is contained in"), "parent"),
}
LABEL = "label:"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the settings say about a tracker's words; names are compared without case.

    Attributes:
        states: Scout's state by status; by label with `label:` before it.
        kinds: kind of work by issue type or label.
        fields: the name to keep a field under, by its name or id in Jira.
    """

    states: Mapping[str, TicketState] = field(default_factory=dict[str, TicketState])
    kinds: Mapping[str, WorkKind] = field(default_factory=dict[str, WorkKind])
    fields: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, settings: TrackerSettings, fields: Mapping[str, str]) -> "Vocabulary":
        """Return the vocabulary that the settings mean."""
        return cls(
            {plain(name): state for name, state in settings.states.items()},
            {plain(name): kind for name, kind in settings.kinds.items()},
            {plain(name): kept for name, kept in fields.items()},
        )


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Return a name as it is compared: no case, one blank between words, straight apostrophes."""
    return " ".join(name.replace("\u2019", "'").split()).casefold()


def state_of(native: str, category: str, said: Vocabulary, *, resolution: str = "") -> TicketState | None:
    """Return the state that a status means; None where nothing tells.

    The settings win; then a name that is more exact than the category; then resolution and category; then the name.

    Args:
        native: the status by name.
        category: key of its category: `new`, `indeterminate`, `done`; empty or another where nobody says.
        said: what the settings say.
        resolution: why it was closed; counts in a closed state only.
    """
    name = plain(native)
    if name in said.states:
        return said.states[name]
    named = _BY_NAME.get(name)
    state = named if named in _REFINED.get(category, ()) else _BY_CATEGORY.get(category, named)
    if state is TicketState.COMPLETED and plain(resolution) in _GIVEN_UP:
        return TicketState.CANCELED
    return state


def kind_of(issue_type: str, labels: list[str], said: Vocabulary) -> WorkKind | None:
    """Return the kind of work that an issue type or a label means; None where neither tells."""
    if said.kinds:
        for name in (issue_type, *labels):
            if (kind := said.kinds.get(plain(name))) is not None:
                return kind
    return _BY_TYPE.get(plain(issue_type))


def link_kind(phrase: str) -> str:
    """Return the kind of link that a phrase between two issues means; the phrase itself where none of ours does."""
    name = plain(phrase)
    return _LINKS.get(name, name)
