"""Small worlds: what a scout's examples are made of. They run as tests and stand on the scout's page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar, get_type_hints

from scout.model import Visibility
from scout.signals._flow import FlowFacts
from scout.warehouse.records import CoreRow

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Commit:
    """One commit of an example's repository.

    Attributes:
        at: author and committer date, ISO 8601.
        files: content by path (text or bytes), None to delete, `Moved` to rename.
        author: a label; equal labels are the same person.
        tag: a lightweight tag on it; none when empty.
    """

    at: str
    files: Mapping[str, "str | bytes | Moved | None"]
    message: str = "Change things"
    author: str = "first"
    tag: str = ""


def lines(*rows: str) -> str:
    """Return a file's text from its lines."""
    return "".join(f"{row}\n" for row in rows)


class Moved(NamedTuple):
    """The file comes from another path, unchanged."""

    path: str


class Expected(NamedTuple):
    """A finding that an example must bring: its subject and its first locator."""

    subject: str
    locator: str


@dataclass(frozen=True)
class Example:
    """A small world and what the scout has to say about it.

    Attributes:
        name: what the example shows, a short sentence without a full stop.
        now: the clock, ISO 8601.
        finds: expected findings that are offered, in order; none for a quiet example.
        core: rows of trackers, made with `row`.
        siblings: the commits of other projects of the portfolio by id; they are `internal`, as the project itself.
        visibility: who may see the project.
        answer: what the model answers, whatever it is asked; None is a project without a model.
        flow: what measuring its flow found.
        flows: the same of siblings, by id.
    """

    name: str
    commits: tuple[Commit, ...]
    now: str
    finds: tuple[Expected, ...] = ()
    core: tuple[CoreRow, ...] = ()
    siblings: Mapping[str, tuple[Commit, ...]] = field(default_factory=dict[str, tuple[Commit, ...]])
    visibility: Visibility = Visibility.INTERNAL
    answer: Mapping[str, Any] | None = None
    flow: FlowFacts = field(default_factory=FlowFacts)
    flows: Mapping[str, FlowFacts] = field(default_factory=dict[str, FlowFacts])


def row(kind: type[_Row], /, **facts: Any) -> _Row:
    """Return a row of a core table that says what is given, and nothing else: `row(TicketRow, key="7", title="…")`.

    Times are given as ISO 8601. What is not given is empty, `false`, or null where the column may be.
    """
    hints = get_type_hints(kind)
    unknown = facts.keys() - hints.keys()
    if unknown:
        message = f"{kind.__name__} has no {', '.join(sorted(unknown))}"
        raise TypeError(message)
    return kind(*(_value(hint, facts.get(name)) for name, hint in hints.items()))


def _value(hint: Any, given: Any) -> Any:
    if given is not None:
        is_time = isinstance(given, str) and hint == datetime | None
        return datetime.fromisoformat(given).replace(tzinfo=UTC) if is_time else given
    empty: dict[Any, Any] = {str: "", bool: False, list[str]: []}
    return empty.get(hint)
