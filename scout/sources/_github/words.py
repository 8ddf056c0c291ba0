"""GitHub's words in Scout's vocabulary, where the settings say nothing else.

GitHub knows only open and closed; what teams add to that, they say by labels, issue types and the status in a project.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar, cast

from scout.model import TicketState, WorkKind
from scout.settings import TrackerSettings
from scout.sources._github.shape import Json, part, text

T = TypeVar("T")
LABEL = "label:"
"""What stands before a label in the settings' `states`, to tell it from a status."""

_STATES: dict[TicketState, tuple[str, ...]] = {  # where several labels speak, the first of these counts
    TicketState.STARTED: (
        *("in progress", "inprogress", "wip", "work in progress", "doing", "started", "in development", "developing"),
        *("in review", "under review", "needs review", "review", "in qa", "in test", "in testing"),
    ),
    TicketState.BACKLOG: ("backlog", "icebox", "someday", "later", "parked", "deferred", "on ice"),
    TicketState.TRIAGE: (
        *("triage", "needs triage", "need triage", "to triage", "untriaged", "awaiting triage", "pending triage"),
        *("inbox", "status new"),
    ),
}
_STATUSES: dict[TicketState, tuple[str, ...]] = {
    **_STATES,
    TicketState.TRIAGE: (*_STATES[TicketState.TRIAGE], "new"),
    TicketState.UNSTARTED: ("todo", "to do", "ready", "planned", "up next", "next", "selected", "open"),
    TicketState.COMPLETED: ("done", "closed", "complete", "completed", "shipped", "released", "merged", "resolved"),
    TicketState.CANCELED: ("canceled", "cancelled", "won't do", "wont do", "rejected", "not planned", "abandoned"),
}
_KINDS: dict[WorkKind, tuple[str, ...]] = {  # likewise
    WorkKind.BUG: ("bug", "bugs", "bug report", "defect", "regression", "crash", "confirmed bug", "bugfix"),
    WorkKind.DOCS: ("documentation", "docs", "doc"),
    WorkKind.TESTS: ("test", "tests", "testing", "flaky test", "flaky tests"),
    WorkKind.CHORE: (
        *("chore", "chores", "maintenance", "refactor", "refactoring", "cleanup", "clean up", "tech debt"),
        *("technical debt", "dependencies", "ci", "build", "task", "housekeeping", "internal", "tooling"),
    ),
    WorkKind.FEATURE: ("enhancement", "feature", "features", "feature request", "new feature", "improvement", "story"),
}
_LABELLED = {name: state for state, names in _STATES.items() for name in names}
_BY_STATUS = {name: state for state, names in _STATUSES.items() for name in names}
_BY_KIND = {name: kind for kind, names in _KINDS.items() for name in names}
_STATE_RANK = {
    state: rank for rank, state in enumerate((*_STATES, *(one for one in TicketState if one not in _STATES)))
}
_KIND_RANK = {kind: rank for rank, kind in enumerate((*_KINDS, *(one for one in WorkKind if one not in _KINDS)))}
_CANCELED = frozenset({"not_planned", "duplicate"})
_PRIORITY = re.compile(
    r"(?:p|prio|priority|severity|sev)[\s:/_-]*([0-9]|critical|urgent|high|medium|normal|low)|critical|urgent"
)
_THEME = re.compile(r"^[^:/]*[:/]\s*")
_REMEMBERED = 10_000
_Labels = dict[str, tuple[TicketState | None, WorkKind | None]]
_BETWEEN = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the settings say about a tracker's words; names are compared without case.

    Attributes:
        states: Scout's state by status in a project; by label with `label:` before it.
        kinds: kind of work by issue type or label.
    """

    states: Mapping[str, TicketState] = field(default_factory=dict[str, TicketState])
    kinds: Mapping[str, WorkKind] = field(default_factory=dict[str, WorkKind])
    _labels: _Labels = field(default_factory=_Labels, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, settings: TrackerSettings) -> "Vocabulary":
        """Return the vocabulary that the settings mean."""
        return cls(
            {_plain(name): state for name, state in settings.states.items()},
            {_plain(name): kind for name, kind in settings.kinds.items()},
        )

    def label_state(self, label: str) -> TicketState | None:
        """Return the state that a label stands for; None for most labels."""
        return self._label(label)[0]

    def status_state(self, status: str) -> TicketState | None:
        """Return the state that a status in a project stands for; None where nobody knows."""
        return self.states.get(_plain(status)) or _said(status, _BY_STATUS)

    def kind(self, name: str) -> WorkKind | None:
        """Return the kind of work that a label or an issue type stands for; None for most labels."""
        return self._label(name)[1]

    def _label(self, name: str) -> tuple[TicketState | None, WorkKind | None]:
        found = self._labels.get(name)
        if found is None:
            if len(self._labels) >= _REMEMBERED:
                self._labels.clear()
            plain = _plain(name)
            state = self.states.get(LABEL + plain) or _said(name, _LABELLED)
            found = self._labels[name] = state, self.kinds.get(plain) or _said(name, _BY_KIND)
        return found


def labels_of(value: Json) -> list[str]:
    """Return the names of an issue's labels, which old servers give as texts."""
    found = value.get("labels")
    if not isinstance(found, list):
        return []
    names = [text(part(one).get("name")) or text(one) for one in cast("list[Any]", found)]
    return [name for name in names if name]


def issue_state(issue: Json, labels: Iterable[str], said: Vocabulary) -> TicketState:
    """Return the state of an issue: labels speak only while it is open. Being assigned is not being started."""
    if text(issue.get("state")) == "closed":
        return closed_state(text(issue.get("state_reason")))
    spoken = [state for label in labels if (state := said.label_state(label))]
    return min(spoken, key=_STATE_RANK.__getitem__, default=TicketState.UNSTARTED)


def closed_state(reason: str) -> TicketState:
    """Return the state of an issue that was closed for a reason, which old ones do not have."""
    return TicketState.CANCELED if reason in _CANCELED else TicketState.COMPLETED


def issue_kind(issue: Json, labels: Iterable[str], said: Vocabulary) -> tuple[WorkKind | None, str]:
    """Return the kind of work, and the tracker's word for it: its issue type, else the label that says most."""
    native = text(part(issue, "type").get("name"))
    if native and (kind := said.kind(native)):
        return kind, native
    found = [(kind, label) for label in labels if (kind := said.kind(label))]
    kind, label = min(found, key=lambda one: _KIND_RANK[one[0]], default=(None, ""))
    return kind, native or label


def priority(labels: Iterable[str]) -> str:
    """Return the label that says how urgent it is; empty without one."""
    return next((label for label in labels if _is_priority(label)), "")


@lru_cache(maxsize=4096)
def _is_priority(label: str) -> bool:
    return bool(_PRIORITY.fullmatch(label.strip().lower()))


def _plain(name: str) -> str:
    return name.strip().casefold()


def _words(name: str) -> tuple[str, str]:
    """Return a name's words, and those without the theme before them: `status: in-progress`, `kind/bug`."""
    plain = _plain(name)
    return _BETWEEN.sub(" ", plain).strip(), _BETWEEN.sub(" ", _THEME.sub("", plain)).strip()


def _said(name: str, known: Mapping[str, T]) -> T | None:
    whole, end = _words(name)
    return known.get(whole) or known.get(end)
