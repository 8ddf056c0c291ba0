"""How well demand is forecast: eval demand."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scout import clock
from scout.cli.options import AsJson, Now, finish

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.evaluate_demand import DemandEvaluation, DemandRow


def demand(
    data: Annotated[list[Path], typer.Argument(metavar="FILE", help="Events, or counts a day; plain or as .gz.")],
    column: Annotated[
        str | None, typer.Option("--column", metavar="NAME", help="The field that holds the time; else it is found.")
    ] = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Forecast from every past day, and compare with what then came: coverage of the 95 % quantile, pinball loss.

    A file is a series: JSON lines or CSV with a date or a time on each line (one start each), the same with a `count`
    for each date, or bare counts, one a working day. The loss stands beside that of the usual forecast, the mean of
    the last 20 working days with a Poisson law: below 1 is better. Each forecast knows only the days before it.

    Examples:

        scout eval demand pulls.jsonl.gz
        scout eval demand team-a.csv team-b.csv --column opened_at --json
    """
    from scout.cli.look import progress
    from scout.service.evaluate_demand import evaluate_demand

    with progress("Forecasting") as step:
        report = evaluate_demand(data, clock.now(now).date(), column, step)
    finish(report, lambda out: _show(out, report), as_json=as_json)


def _show(out: "Console", report: "DemandEvaluation") -> None:
    from scout.cli.look import heading, plain, table

    tried = f"{report.tried} of {len(report.rows)}" if report.tried < len(report.rows) else str(report.tried)
    out.print(heading(f"{tried} series tried, from working day {report.warm_up + 1} on"))
    if report.tried:
        ahead = "/".join(report.coverage)
        columns = ("series", ">days", ">starts", "model", f"covered {ahead} d", ">loss")
        out.print(table(columns, _rows(report), flexible=0))
        out.print("\ncovered: percent of the sums that were no more than the 95 % quantile", style="dim")
        out.print("loss: pinball loss ÷ that of the 20-day mean with a Poisson law", style="dim")
    said = [(row.id, note) for row in report.rows for note in (*row.notes, *_changes(row))]
    if said:
        out.print()
    for name, note in said:
        out.print(plain(f"{name}: {note}"))


def _rows(report: "DemandEvaluation") -> list[tuple[str, ...]]:
    rows = [
        (row.id, str(row.days), str(row.starts), row.model, _covered(row.coverage), _figure(row.ratio))
        for row in report.rows
        if row.backtest
    ]
    if len(rows) > 1:
        rows.append(("mean of the series", "", "", "", _covered(report.coverage), _figure(report.ratio)))
    return rows


def _covered(shares: dict[str, float]) -> str:
    return " ".join(f"{100 * share:3.0f}" for share in shares.values())


def _changes(row: "DemandRow") -> list[str]:
    """Return the newest change of pace in words."""
    return [
        f"pace changed {f'on {one.day:%Y-%m-%d}' if one.day else f'on working day {one.place + 1}'}, "
        f"from {one.before:.2g} to {one.after:.2g} a day"
        for one in row.changes[-1:]
    ]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
