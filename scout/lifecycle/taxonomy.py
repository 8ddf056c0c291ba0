"""Taxonomies: classes with definitions, examples and rules, as data in TOML; three are built in."""

import re
import tomllib
from collections.abc import Iterable
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import ConfigDict, Field, ValidationError, model_validator

from scout.errors import SettingsError, UsageError
from scout.model import Frozen, digest
from scout.model.names import nearest

BUILT_IN = "gtd"
LARGEST = 1 << 20
"""Bytes of a taxonomy's file."""

Place = Literal[
    "title", "opening", "body", "comments", "recent", "last", "last_other", "last_reporter", "fields", "any"
]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
MOST_WEIGHT = 6.0


class _Told(Frozen):
    """Part of a taxonomy's file, with its digest."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class Rule(_Told):
    """One reason for or against a class. What is given has to hold together; of a list, one is enough.

    Attributes:
        weight: weight of evidence in natural log-odds (Good, Probability and the Weighing of Evidence, 1950): 0.5 a
            hint, 1 a sign, 2 strong, 3 and more says so; negative speaks against.
        reason: a clause that a person reads.
        facts: names of facts of `scout.lifecycle.facts`.
        labels: patterns of a whole label in lower case, its theme (`status:`) left out.
        kinds: patterns of the tracker's kind of work, likewise; labels count as kinds, too.
        states: patterns of the tracker's state.
        priorities: patterns of the priority.
        phrases: patterns of words in lower case.
        where: in which texts phrases are looked for.
        fields: patterns by column; all have to match.
    """

    id: Identifier
    weight: Annotated[float, Field(ge=-MOST_WEIGHT, le=MOST_WEIGHT)]
    reason: Annotated[str, Field(min_length=1)]
    facts: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    where: tuple[Place, ...] = ("title", "body")
    fields: dict[str, str] = {}
    unless: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_when(self) -> "Rule":
        patterns = (*self.labels, *self.kinds, *self.states, *self.priorities, *self.phrases, *self.fields.values())
        if not patterns and not self.facts:
            message = f"the rule '{self.id}' says nothing about when it holds"
            raise ValueError(message)
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                message = f"the rule '{self.id}' has the pattern '{pattern}', which is none: {error}"
                raise ValueError(message) from error
        return self


class Meaning(_Told):
    """One class.

    Attributes:
        definition: a sentence; no two classes have the same.
        question: what to ask of a ticket, where the classes are asked in order.
        prior: log-odds of the answer yes before anything is read.
        near_misses: what looks like it and is another class, with the reason.
        label: what it is called in a tracker; by default `<taxonomy>: <class>`.
        trackers: another label or field by tracker (`jira = "Backlog"`).
    """

    id: Identifier
    name: str
    definition: Annotated[str, Field(min_length=8)]
    question: str = ""
    prior: float = 0.0
    examples: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()
    label: str = ""
    trackers: dict[str, str] = {}
    rules: tuple[Rule, ...] = ()


class Taxonomy(_Told):
    """Classes of which everything gets exactly one.

    Attributes:
        choice: `first`: classes are asked in their order, the first yes wins, the last class is what remains; `best`:
            the class with most evidence wins.
        floor: confidence below which a verdict is doubtful: a model or a person is asked.
        tie_breaks: sentences on how to decide where two classes fit.
        version: raised when its meaning changes.
    """

    id: Identifier
    name: str
    purpose: str = ""
    source: str = ""
    version: int = 1
    choice: Literal["first", "best"] = "best"
    floor: Annotated[float, Field(ge=0, le=1)] = 0.55
    tie_breaks: tuple[str, ...] = ()
    classes: Annotated[tuple[Meaning, ...], Field(min_length=2, max_length=40, alias="class")]

    @model_validator(mode="after")
    def _classes_are_apart(self) -> "Taxonomy":
        for what in ("id", "name", "definition", "label"):
            said = [_bare(str(getattr(one, what))) for one in self.classes]
            twice = next((word for word in said if word and said.count(word) > 1), None)
            if twice:
                message = f"two classes have the same {what}: '{twice[:60]}'"
                raise ValueError(message)
        rules = [rule.id for one in self.classes for rule in one.rules]
        if twice := next((rule for rule in rules if rules.count(rule) > 1), None):
            message = f"two rules are called '{twice}'"
            raise ValueError(message)
        return self

    @cached_property
    def digest(self) -> str:
        """Digest of all it says."""
        return digest(self.model_dump(mode="json"))

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of the classes in their order."""
        return tuple(one.id for one in self.classes)

    @property
    def fallback(self) -> str:
        """The class of what nothing speaks about."""
        return self.names[-1] if self.choice == "first" else max(self.classes, key=lambda one: one.prior).id

    def meaning(self, name: str) -> Meaning:
        """Return a class by its id.

        Raises:
            KeyError: there is none.
        """
        return next((one for one in self.classes if one.id == name), None) or _missing(name)

    def classes_of(self, labels: Iterable[str], tracker: str = "") -> tuple[str, ...]:
        """Return the classes whose labels are among these, in the order of the taxonomy."""
        there = {plain(one) for one in labels}
        return tuple(name for name in self.names if plain(self.label(name, tracker)) in there)

    def label(self, name: str, tracker: str = "") -> str:
        """Return what a class is called in a tracker."""
        one = self.meaning(name)
        return one.trackers.get(tracker) or one.label or f"{self.id}: {name.replace('_', '-')}"


def plain(label: str) -> str:
    """Return a label as it compares: capitals do not count, nor do spaces, for which some trackers have hyphens."""
    return re.sub(r"[\s-]+", "", label).casefold()


def built_in() -> tuple[str, ...]:
    """Return the names of the taxonomies that Scout brings, GTD first."""
    found = sorted(one.name.removesuffix(".toml") for one in files("scout.lifecycle").joinpath("taxonomies").iterdir())
    return (BUILT_IN, *(name for name in found if name != BUILT_IN))


def load(name: str = BUILT_IN) -> Taxonomy:
    """Return a taxonomy that Scout brings, or that of a file whose name ends with `.toml`.

    Raises:
        UsageError: there is none of that name, or the file cannot be read.
        SettingsError: it contradicts itself, or lacks something; the message says what and where.
    """
    if name.endswith(".toml"):
        return parsed(_content(Path(name)), name)
    if name not in built_in():
        near = nearest(name, built_in())
        remedy = f"Did you mean '{near}'?" if near else f"Give a file ending with .toml, or: {', '.join(built_in())}."
        raise UsageError(f"There is no taxonomy called '{name}'.", remedy)
    return parsed(files("scout.lifecycle").joinpath("taxonomies", f"{name}.toml").read_bytes(), name)


def parsed(content: bytes, name: str) -> Taxonomy:
    """Return the taxonomy that a file's content is.

    Raises:
        SettingsError: it is none.
    """
    try:
        return Taxonomy.model_validate(_flat(tomllib.loads(content.decode("utf-8"))))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The taxonomy {name} is no TOML: {error}.", "Mend that place.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = " → ".join(map(str, first["loc"]))
        what = first["msg"].removeprefix("Value error, ")
        raise SettingsError(
            f"The taxonomy {name} is wrong{f' at {where}' if where else ''}: {what}.", "Mend that."
        ) from error


def _flat(given: dict[str, Any]) -> dict[str, Any]:
    """Return a taxonomy with the rules of each class under `rules`, which TOML's tables call `rule`."""
    classes = given.get("class")
    if not isinstance(classes, list):
        return given
    renamed: list[object] = []
    for one in cast("list[object]", classes):
        if not isinstance(one, dict):
            return given
        table = dict(cast("dict[str, object]", one))
        if "rule" in table:
            table["rules"] = table.pop("rule")
        renamed.append(table)
    return {**given, "class": renamed}


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"The taxonomy {path} cannot be read: {error.strerror}.", "Give a file of TOML.") from error
    if len(content) > LARGEST:
        raise UsageError(f"The taxonomy {path} is larger than {LARGEST:,} bytes.", "Give a smaller one.")
    return content


def _bare(text: str) -> str:
    return " ".join(re.sub(r"\W+", " ", text.lower()).split())


def _missing(name: str) -> Meaning:
    raise KeyError(name)
