"""What `scout.toml` may say: closed tables with defaults, units and one sentence for each key."""

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PROJECT_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class Section(BaseModel):
    """A closed table of settings; `reaches_outside` names the keys that a checkout may set only when trusted."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    reaches_outside: ClassVar[frozenset[str]] = frozenset()


class Portfolio(Section):
    """What holds for all projects."""

    reaches_outside = frozenset({"ledger"})

    ledger: SecretStr | None = Field(default=None, description="URL of a shared ledger: postgresql://host/scout")
    holidays: tuple[str, ...] = Field(default=(), description="days nobody works, as ISO dates: 2026-12-25")


class Publish(Section):
    """Where accepted candidates are filed."""

    reaches_outside = frozenset({"live"})

    to: str = Field(default="files", description="a publisher of `scout list publishers`")
    folder: str = Field(default="tickets", description="folder of Markdown tickets, from the project's path")
    live: bool = Field(default=False, description="file accepted candidates at the end of every run")


class ProjectSettings(Section):
    """One project: a checkout, where its tickets live, and how many decisions its reviewers make."""

    id: str = Field(description="short name: lower-case letters, digits, '.', '-', '_'")
    path: str = Field(default=".", description="the checkout, from the folder of this file")
    sources: tuple[str, ...] | None = Field(
        default=None, description="sources that must answer; default: git, and files where there is a tickets folder"
    )
    publish: Publish = Field(default=Publish(), description="a publisher's name, or a table")
    cadence: Literal["hourly", "daily", "weekly"] = Field(default="daily", description="how often it is looked at")
    reviewers: Annotated[float, Field(ge=0, le=1000)] = Field(
        default=5, description="decisions that reviewers make in a working day; a number, never names"
    )

    @field_validator("id")
    @classmethod
    def _id_is_a_slug(cls, value: str) -> str:
        if not PROJECT_ID.fullmatch(value):
            message = "an id has lower-case letters, digits, '.', '-' or '_', at most 64"
            raise ValueError(message)
        return value

    @field_validator("publish", mode="before")
    @classmethod
    def _name_means_table(cls, value: Any) -> Any:
        return {"to": value} if isinstance(value, str) else value


class Llm(Section):
    """A model for drafting; read by versions that have a model drafter, this one drafts offline."""

    reaches_outside = frozenset({"base_url", "model", "api_key_file"})

    base_url: str | None = Field(default=None, description="an endpoint that speaks the OpenAI protocol")
    model: str | None = Field(default=None, description="the model's name there")
    api_key_file: str | None = Field(default=None, description="a file that holds the key; never the key itself")


class Notify(Section):
    """Where to tell about alarms; read by versions that notify."""

    reaches_outside = frozenset({"targets"})

    targets: tuple[str, ...] = Field(default=(), description="notification addresses")


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


class Settings(BaseSettings):
    """All of `scout.toml`. Unknown keys are errors; `SCOUT_<SECTION>__<KEY>` in the environment wins over the file."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix="SCOUT_", env_nested_delimiter="__")

    portfolio: Portfolio = Portfolio()
    project: tuple[ProjectSettings, ...] = ()
    policy: Policy = Policy()
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
    "publish": Publish,
    "policy": Policy,
    "llm": Llm,
    "notify": Notify,
}
