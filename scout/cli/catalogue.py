"""What there is: list and explain."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import HERE, AsJson, Config, Now, finish, workspace
from scout.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.catalogue import CatalogueReport, Entry, Key
    from scout.service.wiring import Workspace


class Kind(StrEnum):
    """Kinds of plugins."""

    SCOUTS = "scouts"
    CRITERIA = "criteria"
    SOURCES = "sources"
    PUBLISHERS = "publishers"
    PROJECTS = "projects"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(name="list")(listing)
    app.command()(explain)


def listing(
    kind: Annotated[Kind, typer.Argument(help="What to list.")] = Kind.SCOUTS,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="For projects: ask the trackers now which ones there are.")
    ] = False,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """List scouts, criteria, sources or publishers with a line about each, or the projects.

    Projects are those of the settings, those that trackers listed for `[[discover]]` (asked by `scout run --all`, at
    most once a day), or without settings the checkout here.

    Examples:

        scout list scouts
        scout list projects --refresh --json
    """
    from scout.service.catalogue import listing as entries

    if kind is Kind.PROJECTS:
        _list_projects(workspace(HERE, now, config), refresh=refresh, as_json=as_json)
        return
    if refresh:
        raise UsageError("--refresh is for projects.", "Write: scout list projects --refresh")
    report = entries(kind)
    finish(report, lambda out: _show_list(out, report), as_json=as_json)


def explain(
    name: Annotated[str, typer.Argument(metavar="ID", help="A scout, criterion, source, publisher, taxonomy or rule.")],
    as_json: AsJson = False,
) -> None:
    """Explain a scout, criterion, source or publisher: what it does, why it matters, where the idea is from.

    A taxonomy is explained rule by rule, a rule line by line.

    Examples:

        scout explain broken-internal-link
        scout explain gtd
        scout explain open-blocker
    """
    from scout.service.catalogue import explain as page

    report = page(name)
    finish(report, lambda out: _show_entry(out, report), as_json=as_json)


def _list_projects(work: "Workspace", *, refresh: bool, as_json: bool) -> None:
    from scout.cli.look import progress
    from scout.cli.portfolio import show_projects
    from scout.service.portfolio import portfolio

    with progress("Reading") as step:
        report = portfolio(work, refresh=refresh, step=step)
    finish(report, lambda out: show_projects(out, report, work.now), as_json=as_json, code=3 if report.partial else 0)


def _show_list(out: "Console", report: "CatalogueReport") -> None:
    from scout.cli.look import table

    out.print(table((report.kind, "what it does"), [(entry.id, entry.summary) for entry in report.entries]))


def _show_entry(out: "Console", entry: "Entry") -> None:
    from rich.markdown import Markdown
    from rich.padding import Padding
    from rich.text import Text

    from scout.cli.look import table

    out.print(f"{entry.id} ({entry.kind}, since {entry.since})", style="bold")
    for name, value in entry.facts.items():
        out.print(Padding(Text(f"{name}: {value}", style="dim"), (0, 0, 0, 2), expand=False))
    out.print(Markdown(entry.page, hyperlinks=False))
    for heading, keys in (("Settings", entry.keys), ("Settings of [[discover]], beside these", entry.discovery)):
        if keys:
            out.print(Text(f"\n{heading}", style="bold"))
            out.print(table(("key", "default", "meaning"), [(one.name, one.default, _meaning(one)) for one in keys]))


def _meaning(key: "Key") -> str:
    return f"{key.meaning} ({key.type})" + (" [needs trust]" if key.trust else "")
