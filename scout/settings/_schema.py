"""What `scout.toml` may say: closed tables with defaults, units and one sentence for each key."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal, cast

from pydantic import ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from scout.model import Autonomy, TicketState, Visibility, WorkKind
from scout.settings._autonomy import Restriction
from scout.settings._flow import FlowSettings
from scout.settings._llm import Llm
from scout.settings._notify import Notify
from scout.settings._publish import Publish
from scout.settings._review import ReviewSettings
from scout.settings._section import Section
from scout.settings._serve import ServeSettings
from scout.settings._signals import Ignore, SignalSettings

PROJECT_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
Cadence = Literal["hourly", "daily", "weekly"]


class Portfolio(Section):
    """What holds for all projects."""

    reaches_outside = frozenset({"ledger"})

    ledger: SecretStr | None = Field(default=None, description="URL of a shared ledger: postgresql://host/scout")
    holidays: tuple[str, ...] = Field(
        default=(), description="days nobody works, as ISO dates or spans of them: 2026-12-25, 2026-12-24/2027-01-01"
    )
    country: str | None = Field(default=None, description="whose public holidays nobody works: DE, US-CA")


class SourceSettings(Section):
    """A source of a project; each source that can be set adds keys of its own (`scout explain <source>`)."""

    type: str = Field(default="", description="a source of `scout list sources`")


class ServerSettings(SourceSettings):
    """What may be told about a server: where it is, who we are, how much we may ask."""

    reaches_outside = frozenset({"url", "token_env", "token_file", "ca_file", "proxy"})

    url: str | None = Field(default=None, repr=False, description="the API's root")
    token_env: str | None = Field(default=None, description="the environment variable that holds the token")
    token_file: str | None = Field(default=None, description="a file that holds the token; never the token itself")
    ca_file: str | None = Field(default=None, description="certificates to trust instead of the system's, PEM")
    proxy: str | None = Field(default=None, repr=False, description="proxy to use; default: what the environment says")
    concurrency: Annotated[int, Field(ge=1, le=16)] = Field(default=8, description="requests at once, at most")
    reserve: Annotated[float, Field(ge=0, lt=1)] = Field(
        default=0.2, description="share of the tracker's limits that is left for people, 0..1"
    )
    patience: Annotated[float, Field(ge=0)] = Field(
        default=120, description="seconds a run waits for a limit to end; longer waits are left to the next run"
    )
    timeout: Annotated[float, Field(gt=0)] = Field(
        default=30, description="seconds until a silent server counts as lost"
    )


class TrackerSettings(ServerSettings):
    """What every tracker on the network may be told when it is read."""

    streams: tuple[str, ...] | None = Field(default=None, description="streams to pull; default: all there are")
    states: dict[str, TicketState] = Field(
        default={}, description="Scout's state by the tracker's: {'In review' = 'started', 'label:wip' = 'started'}"
    )
    kinds: dict[str, WorkKind] = Field(default={}, description="kind of work by label or issue type")
    sweep_hours: Annotated[float, Field(ge=0)] = Field(
        default=24, description="hours between two sweeps for what was deleted or moved"
    )
    details_per_run: Annotated[int, Field(ge=0)] = Field(
        default=300, description="requests a run for details of single records (reviews, files, jobs…), newest first"
    )
    history_days: Annotated[int, Field(ge=1)] = Field(default=90, description="days of CI runs to read")
    page_size: Annotated[int, Field(ge=1, le=100)] = Field(default=100, description="records a page")


class OpenTable(Section):
    """A table with a `type`, whose other keys that plugin knows: they are checked when projects are made of settings.

    What those keys say is never shown, since nobody knows yet what they are.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str = Field(description="a source of `scout list sources`")

    @property
    def rest(self) -> dict[str, Any]:
        """The keys that this table itself does not know."""
        return dict(self.model_extra or {})

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """Name the keys of the plugin without their values."""
        known = [(name, getattr(self, name)) for name in type(self).model_fields]
        return (*known, ("rest", tuple(sorted(self.rest))))


class SourceTable(OpenTable):
    """A source of a project: `type`, and the keys that `scout explain <source>` shows."""


class Discover(OpenTable):
    """Projects that nobody has to list: what a tracker has, by pattern; other keys are those of the source."""

    include: tuple[str, ...] = Field(default=("*",), description="names to take, as patterns: `rocket-*`")
    exclude: tuple[str, ...] = Field(default=(), description="names to leave out, as patterns: `*-archive`")
    archived: bool = Field(default=False, description="take also what is archived")
    forks: bool = Field(default=False, description="take also forks")
    cadence: Cadence = Field(default="daily", description="how often each project is looked at")
    reviewers: Annotated[float, Field(ge=0, le=1000)] = Field(
        default=5, description="decisions that reviewers of each project make in a working day"
    )


class ProjectSettings(Section):
    """One project: a checkout, where its tickets live, and how many decisions its reviewers make."""

    reaches_outside = frozenset({"visibility"})

    id: str = Field(description="short name: lower-case letters, digits, '.', '-', '_'")
    path: str | None = Field(
        default=None,
        description="the checkout, from the folder of this file; default: that folder, and none at all where "
        "no source needs one",
    )
    sources: tuple[SourceTable, ...] | None = Field(
        default=None,
        description="sources that must answer, each a name or a table with `type` and its own keys; default: git, and "
        "files where there is a tickets folder",
    )
    publish: Publish = Field(default=Publish(), description="a publisher's name, or a table")
    cadence: Cadence = Field(default="daily", description="how often it is looked at")
    reviewers: Annotated[float, Field(ge=0, le=1000)] = Field(
        default=5, description="decisions that reviewers make in a working day; a number, never names"
    )
    visibility: Visibility = Field(
        default=Visibility.PRIVATE,
        description="who may see it: evidence of another project is shown here only where every reader may see both",
    )
    autonomy: Autonomy = Field(
        default=Autonomy.AGENT, description="the freest who may take its tickets; makes verdicts stricter only"
    )

    flow: FlowSettings = Field(default=FlowSettings(), description="how its flow is measured")

    @field_validator("id")
    @classmethod
    def _id_is_a_slug(cls, value: str) -> str:
        if not PROJECT_ID.fullmatch(value):
            message = "an id has lower-case letters, digits, '.', '-' or '_', at most 64"
            raise ValueError(message)
        return value

    @field_validator("sources", mode="before")
    @classmethod
    def _source_is_a_table(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return value
        given = cast("list[Any] | tuple[Any, ...]", value)
        return tuple({"type": one} if isinstance(one, str) else one for one in given)

    @field_validator("sources")
    @classmethod
    def _sources_differ(cls, value: tuple[SourceTable, ...] | None) -> tuple[SourceTable, ...] | None:
        kinds = [one.type for one in value or ()]
        if twice := sorted({kind for kind in kinds if kinds.count(kind) > 1}):
            message = f"two sources are of type '{twice[0]}'; make a project of each"
            raise ValueError(message)
        return value

    @field_validator("publish", mode="before")
    @classmethod
    def _name_means_table(cls, value: Any) -> Any:
        return {"to": value} if isinstance(value, str) else value


class Policy(Section):
    """The buffer policy's parameters."""

    service_level: Annotated[float, Field(gt=0.5, lt=1)] = Field(
        default=0.95, description="probability that ready work lasts until the next has arrived"
    )
    review_period: Annotated[float, Field(gt=0, le=60)] = Field(default=1, description="working days between two plans")
    floor: Annotated[int, Field(ge=1, le=1000)] = Field(default=3, description="smallest reorder point s, in tickets")
    lead_time: Annotated[float, Field(gt=0, le=250)] = Field(
        default=4, description="working days from a candidate drafted to a ready ticket, until measured"
    )
    yield_rate: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.6, description="ready tickets per candidate, until measured"
    )
    acceptance_floor: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.25, description="chance of a yes under which a scout is throttled to one candidate at a time"
    )
    acceptance_half_life: Annotated[float, Field(gt=0, le=3650)] = Field(
        default=90, description="days after which a decision about a scout counts half"
    )
    scout_share: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.5, description="part of an order that one scout may have when others have some, too"
    )
    autonomy: Autonomy = Field(
        default=Autonomy.AGENT, description="the freest who may take a ticket of any project; stricter only"
    )


class Settings(BaseSettings):
    """All of `scout.toml`. Unknown keys are errors; `SCOUT_<SECTION>__<KEY>` in the environment wins over the file."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix="SCOUT_", env_nested_delimiter="__")

    portfolio: Portfolio = Portfolio()
    project: tuple[ProjectSettings, ...] = ()
    discover: tuple[Discover, ...] = ()
    signals: dict[str, dict[str, Any]] = {}
    ignore: tuple[Ignore, ...] = ()
    autonomy: tuple[Restriction, ...] = ()
    policy: Policy = Policy()
    review: ReviewSettings = ReviewSettings()
    serve: ServeSettings = ServeSettings()
    llm: Llm = Llm()
    notify: Notify = Notify()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "Settings":
        ids = [project.id for project in self.project]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            message = f"two projects have the id '{twice[0]}'"
            raise ValueError(message)
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


SECTIONS: dict[str, type[Section]] = {
    "portfolio": Portfolio,
    "project": ProjectSettings,
    "discover": Discover,
    "publish": Publish,
    "flow": FlowSettings,
    "signals": SignalSettings,
    "ignore": Ignore,
    "autonomy": Restriction,
    "policy": Policy,
    "review": ReviewSettings,
    "serve": ServeSettings,
    "llm": Llm,
    "notify": Notify,
}
