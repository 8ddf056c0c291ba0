"""What there is: scouts, criteria, sources and publishers, explained by their own files."""

import inspect
from typing import Any, ClassVar, cast

from scout.errors import UsageError
from scout.model import Report
from scout.model.names import nearest
from scout.registry import plugins
from scout.settings import Discover, Key, Policy, Section, SignalSettings, keys


class Entry(Report):
    """One plugin.

    Attributes:
        kind: `scout`, `criterion`, `source`, `publisher`, `taxonomy`, or `rule of` one.
        summary: the first line of its page.
        page: its whole page, Markdown.
        facts: what it declares beside its page, by name.
        keys: for a source, its keys in `scout.toml`; for a scout, those that others do not have.
        discovery: for a source that can discover projects, its further keys under `[[discover]]`.
    """

    schema_id: ClassVar[str] = "scout.plugin/1"

    id: str
    kind: str
    since: str
    summary: str
    page: str
    facts: dict[str, str]
    keys: tuple[Key, ...] = ()
    discovery: tuple[Key, ...] = ()


class CatalogueReport(Report):
    """All plugins of one kind."""

    schema_id: ClassVar[str] = "scout.catalogue/1"

    kind: str
    entries: tuple[Entry, ...]


def kinds() -> dict[str, tuple[type[Any], str, str, str]]:
    """Return the kinds of plugins by plural: base class, package, entry-point group, singular."""
    from scout.publish import Publisher
    from scout.readiness import Criterion
    from scout.signals import Scout
    from scout.sources import Source

    return {
        "scouts": (Scout, "scout.signals", "scout.scouts", "scout"),
        "criteria": (Criterion, "scout.readiness.criteria", "scout.criteria", "criterion"),
        "sources": (Source, "scout.sources", "scout.sources", "source"),
        "publishers": (Publisher, "scout.publish", "scout.publishers", "publisher"),
    }


def listing(kind: str) -> CatalogueReport:
    """Return the plugins of one kind, by id.

    Raises:
        UsageError: there is no such kind.
    """
    known = kinds()
    if kind not in known:
        near = nearest(kind, known)
        message = f"There are no '{kind}'."
        raise UsageError(message, f"Did you mean '{near}'?" if near else f"Known: {', '.join(known)}.")
    base, package, group, singular = known[kind]
    found = plugins(base, package, group)
    return CatalogueReport(kind=kind, entries=tuple(_entry(plugin, singular) for plugin in found.values()))


def explain(name: str) -> Entry:
    """Return the page of the plugin, taxonomy or rule called `name`; of a source and a publisher, the source's.

    `publisher github` names the other one, `rule of change unfinished` that of another taxonomy than the first.

    Raises:
        UsageError: there is none; the nearest one is named.
    """
    from scout.service.classify_explain import entries as of_lifecycle

    found = [*(entry for kind in kinds() for entry in listing(kind).entries), *of_lifecycle()]
    entries = {f"{entry.kind} {entry.id}": entry for entry in found} | {entry.id: entry for entry in reversed(found)}
    if name not in entries:
        near = nearest(name, entries)
        message = f"Nothing is called '{name}'."
        raise UsageError(message, f"Did you mean '{near}'?" if near else "`scout list scouts` shows what there is.")
    return entries[name]


def _entry(plugin: type[Any], kind: str) -> Entry:
    page = inspect.cleandoc(plugin.__doc__ or "")
    facts = {
        name: _shown(getattr(plugin, name)) for name in ("reads", "cap", "gate", "weight") if hasattr(plugin, name)
    }
    if kind == "scout":
        facts["first chance of a yes"] = _first_chance(plugin.id)
        if trial := _on_trial(plugin.id):
            facts["offered"] = trial
    return Entry(
        id=plugin.id,
        kind=kind,
        since=plugin.since,
        summary=page.splitlines()[0] if page else "",
        page=page,
        facts=facts,
        keys=_keys(getattr(plugin, "settings", None)),
        discovery=_further(plugin),
    )


def _first_chance(signal: str) -> str:
    """Return how likely a yes to a scout is taken to be before anybody here has decided, and what that rests on."""
    from scout.signals import fresh_reading

    prior, reading = Policy().yield_rate, fresh_reading()
    known = reading.signals.get(signal)
    if known is None:
        return f"{prior:.2f}, as for any scout: fresh readers have met no finding of it"
    chance = known.chance(prior)
    count = f"{known.read} finding{'s' * (known.read > 1)}"
    return f"{chance:.2f}, by what fresh readers said of {count} up to {reading.until}; decisions replace it"


def _on_trial(signal: str) -> str:
    from scout.signals import on_trial

    return on_trial(signal)


def _keys(section: type[Section] | None) -> tuple[Key, ...]:
    """Return what a plugin may be told, without what is the same for all of its kind: `type`, and a scout's caps."""
    if section is None:
        return ()
    common = SignalSettings.model_fields if issubclass(section, SignalSettings) else {"type"}
    return tuple(key for key in keys(section) if key.name not in common)


def _further(plugin: type[Any]) -> tuple[Key, ...]:
    section: type[Section] | None = getattr(plugin, "discovery", None)
    if section is None:
        return ()
    known = plugin.settings.model_fields
    own = (key for key in keys(section) if key.name not in known)
    return (*(key for key in keys(Discover) if key.name not in known), *own)


def _shown(value: Any) -> str:
    match value:
        case frozenset() | set():
            return ", ".join(sorted(str(one) for one in cast("frozenset[Any]", value)))
        case True | False:
            return "yes" if value else "no"
        case None:
            return "none"
        case _:
            return str(value)
