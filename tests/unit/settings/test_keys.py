"""What a reader is told of a table's keys is made from its class."""

from typing import Annotated, Literal

from pydantic import Field

from scout.model import TicketState
from scout.settings import ProjectSettings, Section, TrackerSettings, keys


class Odd(TrackerSettings):
    """A table with a key of each kind."""

    count: Annotated[int, Field(ge=1, le=9)] = Field(default=3, description="how many")
    mode: Literal["a", "b"] | None = None
    names: tuple[str, ...] = ("x",)
    words: dict[str, TicketState] = {}
    deep: Section | None = None
    wanted: str
    on: bool = False


def test_every_kind_of_key_is_put_into_words():
    told = {key.name: (key.type, key.default) for key in keys(Odd)}
    assert told["count"] == ("whole number, from 1 to 9", "3")
    assert told["mode"] == ('"a", "b"', "")
    assert told["names"] == ("list of text", '["x"]')
    assert told["words"][0].startswith('table of "triage", "backlog"')
    assert told["deep"] == ("table", "")
    assert told["wanted"] == ("text", "required")
    assert told["on"] == ("true or false", "false")
    assert told["reserve"] == ("number, from 0 below 1", "0.2")


def test_what_is_its_own_comes_first_and_what_reaches_outside_is_marked():
    found = keys(Odd)
    assert [key.name for key in found][:3] == ["type", "count", "mode"]
    assert {key.name for key in found if key.trust} == set(TrackerSettings.reaches_outside)
    assert found[1].meaning == "How many"


def test_a_source_is_text_or_a_table():
    told = {key.name: key.type for key in keys(ProjectSettings)}
    assert told["sources"] == "list of text or table"
    assert told["publish"] == "text or table"
