"""What there is: list and explain."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import AsJson, finish

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.catalogue import CatalogueReport, Entry


class Kind(StrEnum):
    """Kinds of plugins."""

    SCOUTS = "scouts"
    CRITERIA = "criteria"
    SOURCES = "sources"
    PUBLISHERS = "publishers"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(name="list")(listing)
    app.command()(explain)


def listing(
    kind: Annotated[Kind, typer.Argument(help="What to list.")] = Kind.SCOUTS,
    as_json: AsJson = False,
) -> None:
    """List scouts, criteria, sources or publishers with a line about each.

    Examples:

        scout list scouts

        scout list criteria --json
    """
    from scout.service.catalogue import listing as entries

    report = entries(kind)
    finish(report, lambda out: _show_list(out, report), as_json=as_json)


def explain(
    name: Annotated[str, typer.Argument(metavar="ID", help="A scout, criterion, source or publisher.")],
    as_json: AsJson = False,
) -> None:
    """Explain a scout, criterion, source or publisher: what it does, why it matters, where the idea is from.

    Examples:

        scout explain broken-internal-link
    """
    from scout.service.catalogue import explain as page

    report = page(name)
    finish(report, lambda out: _show_entry(out, report), as_json=as_json)


def _show_list(out: "Console", report: "CatalogueReport") -> None:
    from scout.cli.look import table

    out.print(table((report.kind, "what it does"), [(entry.id, entry.summary) for entry in report.entries]))


def _show_entry(out: "Console", entry: "Entry") -> None:
    from rich.markdown import Markdown

    out.print(f"{entry.id} ({entry.kind}, since {entry.since})", style="bold")
    for name, value in entry.facts.items():
        out.print(f"  {name}: {value}", style="dim")
    out.print(Markdown(entry.page, hyperlinks=False))
