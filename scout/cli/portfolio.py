"""How a portfolio looks: its projects with ages, and how a run of all of them ended."""

from datetime import datetime
from typing import TYPE_CHECKING

from rich.text import Text

from scout.cli.look import heading, plain, table, under
from scout.clock import ago

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.ages import SourceAge
    from scout.service.portfolio import PortfolioReport
    from scout.service.run_all import PortfolioRunReport, ProjectLine

LONGEST = 300
STYLES = {"complete": "green", "partial": "yellow", "failed": "red"}


def show_projects(out: "Console", report: "PortfolioReport", now: datetime) -> None:
    """Show the projects, where they come from, and how old what is known of each source is."""
    rows = [
        (under(one.project, one.path or "no checkout"), f"{one.origin.value}\n{one.cadence}", _ages(one.sources, now))
        for one in report.projects
    ]
    out.print(table(("project", "from", "sources"), rows, flexible=0))
    for line in report.discoveries:
        asked = f"{line.source} said {ago(line.fetched_at, now)}" if line.fetched_at else f"{line.source} never said"
        counts = f": {line.found} found, {len(line.taken)} taken" if line.fetched_at else " which projects there are"
        out.print(plain(f"{asked}{counts}"), style="dim")
        if line.reason:
            out.print(plain(f"  {line.reason}"), style="yellow")


def show_run(out: "Console", report: "PortfolioRunReport") -> None:
    """Show how the runs of all projects ended: a line each, then what to know about those that are not whole."""
    columns = ("project", "outcome", ">tickets", ">ready", ">cover", ">new", ">to decide")
    out.print(table(columns, [_row(line) for line in report.projects], flexible=0))
    out.print()
    for line in report.projects:
        if line.reason:
            out.print(Text(f"{line.project}: ", style="bold").append(plain(_short(line.reason))))
            if line.remedy:
                out.print(plain(f"  {line.remedy}"))
    for note in report.notes:
        out.print(plain(f"Note: {_short(note)}"), style="yellow")
    counts = (f"{report.complete} complete", f"{report.partial} partial", f"{report.failed} failed")
    out.print(heading(f"{len(report.projects)} projects: {', '.join(counts)}"))


def _row(line: "ProjectLine") -> tuple[str | Text, ...]:
    outcome = Text(line.outcome.value, style=STYLES[line.outcome.value])
    if line.outcome.value == "failed":
        return (line.project, outcome, "", "", "", "", "")
    cover = "–" if line.days_of_cover is None else f"{line.days_of_cover:.1f}"
    return (line.project, outcome, str(line.tickets), str(line.ready), cover, str(line.drafted), str(line.waiting))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… (whole with --json)"


def _ages(sources: "tuple[SourceAge, ...]", now: datetime) -> Text:
    """Return a line for each source with its age; what is old or could not be read stands out."""
    return Text("\n").join(_age(one, now) for one in sources)


def _age(one: "SourceAge", now: datetime) -> Text:
    if one.outcome == "not_applicable":
        return plain(f"{one.source} not applicable")
    marks = [word for word, holds in (("unavailable", one.unread), ("old", one.old)) if holds]
    shown = plain(f"{one.source} {ago(one.fetched_at, now)}")
    return shown.append(f" {', '.join(marks)}", style="red") if marks else shown
