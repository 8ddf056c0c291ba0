"""Settings: what `scout.toml` and the environment say, where they are found, and whether they are trusted."""

import os
import tomllib
from pathlib import Path
from typing import Any

import platformdirs
import pydantic_settings
from pydantic import BaseModel, ConfigDict, ValidationError

from scout.errors import SettingsError
from scout.settings._autonomy import Restriction
from scout.settings._faults import checked, fault
from scout.settings._flow import WEEK, FlowSettings
from scout.settings._keys import Key, keys
from scout.settings._review import Tier
from scout.settings._schema import (
    PROJECT_ID,
    SECTIONS,
    Cadence,
    Discover,
    Llm,
    Notify,
    OpenTable,
    Policy,
    Portfolio,
    ProjectSettings,
    Publish,
    ServerSettings,
    Settings,
    SourceSettings,
    SourceTable,
    TrackerSettings,
)
from scout.settings._section import Section
from scout.settings._serve import Auth, ServeSettings
from scout.settings._signals import Ignore, SignalSettings
from scout.settings._trust import accepted, digest_of, in_checkout, reaches, without_reach

__all__ = [
    "FILE_NAME",
    "PROJECT_ID",
    "SECTIONS",
    "WEEK",
    "Auth",
    "Cadence",
    "Discover",
    "FlowSettings",
    "Ignore",
    "Key",
    "Llm",
    "Loaded",
    "Notify",
    "OpenTable",
    "Policy",
    "Portfolio",
    "ProjectSettings",
    "Publish",
    "Restriction",
    "Section",
    "ServeSettings",
    "ServerSettings",
    "Settings",
    "SignalSettings",
    "SourceSettings",
    "SourceTable",
    "Tier",
    "TrackerSettings",
    "accepted",
    "checked",
    "digest_of",
    "in_checkout",
    "keys",
    "load",
    "locate",
    "reaches",
    "state_home",
    "trust_file",
]

FILE_NAME = "scout.toml"


class Loaded(BaseModel):
    """Settings with where they came from.

    Attributes:
        file: the file they were read from; None when there is none.
        base: the folder that relative paths start from.
        trusted: whether the file may reach outside.
        ignored: keys of an untrusted checkout's file that reach outside and were left at their defaults.
    """

    model_config = ConfigDict(frozen=True)

    settings: Settings
    file: Path | None
    base: Path
    trusted: bool
    ignored: tuple[str, ...] = ()


def state_home() -> Path:
    """Return the folder of all state: `$SCOUT_HOME`, else the platform's state folder for `scout`."""
    given = os.environ.get("SCOUT_HOME")
    return Path(given).expanduser().absolute() if given else platformdirs.user_state_path("scout")


def trust_file() -> Path:
    """Return where accepted settings files are remembered: JSON, path → digest of the accepted content."""
    return state_home() / "trust.json"


def locate(start: Path, given: Path | None = None) -> Path | None:
    """Return the settings file: `given`, `$SCOUT_CONFIG`, upward from `start`, the user's own, or None.

    Raises:
        SettingsError: a file was named and is not there.
    """
    named = given or (Path(os.environ["SCOUT_CONFIG"]) if os.environ.get("SCOUT_CONFIG") else None)
    if named is not None:
        if not named.is_file():
            message = f"There is no settings file at {named}."
            raise SettingsError(message, "Give another path, or write one with `scout init`.")
        return named.absolute()
    start = start.absolute()
    places = [folder / FILE_NAME for folder in (start, *start.parents)]
    places.append(platformdirs.user_config_path("scout") / FILE_NAME)
    return next((place for place in places if place.is_file()), None)


def load(file: Path | None, start: Path) -> Loaded:
    """Read the settings, leaving out what an untrusted checkout must not say.

    Args:
        file: what `locate` returned.
        start: where relative paths start from when there is no file.

    Raises:
        SettingsError: the file cannot be read, is not TOML, or says something unknown or impossible.
    """
    if file is None:
        return Loaded(settings=_validated({}, None), file=None, base=start.absolute(), trusted=True)
    content = _read(file)
    trusted = not in_checkout(file) or accepted(trust_file()).get(str(file.resolve())) == digest_of(content)
    table = _parsed(content, file)
    ignored = () if trusted else without_reach(table, file.parent)
    return Loaded(settings=_validated(table, file), file=file, base=file.parent, trusted=trusted, ignored=ignored)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        message = f"The settings file {file} cannot be read: {error.strerror}."
        raise SettingsError(message, "Check its permissions.") from error


def _parsed(content: bytes, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{file} is not valid TOML: {error}."
        raise SettingsError(message, "Mend that place; `scout init` shows a commented example.") from error


def _validated(table: dict[str, Any], file: Path | None) -> Settings:
    try:
        return Settings(**table)
    except pydantic_settings.SettingsError as error:
        message = f"The environment has settings that cannot be read: {error}."
        raise SettingsError(message, "Write lists and tables there as JSON, or unset the variable.") from None
    except ValidationError as error:
        raise fault(error, str(file) if file else "the environment", Settings) from None
