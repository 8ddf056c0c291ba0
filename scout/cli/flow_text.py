"""How a project's flow looks in a terminal."""

from typing import TYPE_CHECKING

from rich.text import Text

from scout.cli.look import heading, plain, table, under

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from scout.service.flow import FlowReport, MeasureFigure

_ROWS, _REASONS = 8, 5
_HUNDREDS, _TENS, _TENTHS = 100, 10, 0.1


def show(out: "Console", report: "FlowReport") -> None:
    """Show the report, a section for each part that has something to say."""
    said = [f"{report.tickets} tickets", f"{report.changes} changes", f"{report.landings} landed"]
    if report.data_from and report.data_to:
        said.append(f"{report.data_from:%Y-%m-%d} to {report.data_to:%Y-%m-%d}")
    out.print(heading(f"{report.project}: {', '.join(said)}"))
    for section in (
        _measures,
        _standings,
        _handoffs,
        _shifts,
        _decisions,
        _controls,
        _register,
        _repeats,
        _gone,
        _notes,
    ):
        section(out, report)


def _measures(out: "Console", report: "FlowReport") -> None:
    rows = [
        (under(one.id, one.unit), str(one.n), number(one.value), _range(one), number(one.p85))
        for one in report.measures
        if one.value is not None
    ]
    if rows:
        out.print()
        out.print(table(("measure", ">n", ">value", ">95 %", ">p85"), rows, flexible=0))


def _standings(out: "Console", report: "FlowReport") -> None:
    rows = [
        (
            one.kind,
            one.state,
            f"{one.share:.0%}",
            number(one.wait),
            "1–4" if one.standing is None else str(one.standing),
        )
        for one in report.standings[:_ROWS]
    ]
    _section(
        out,
        "Where days are spent (last 182 days of data)",
        ("", "state", ">share of days", ">median days", ">there now"),
        rows,
        1,
    )


def _handoffs(out: "Console", report: "FlowReport") -> None:
    rows = [
        (
            one.kind,
            f"{one.origin} → {one.target}",
            str(one.volume),
            number(one.wait),
            "" if one.returns is None else f"{one.returns:.0%}",
        )
        for one in report.handoffs[:_ROWS]
    ]
    _section(out, "Handoffs", ("", "from → to", ">volume", ">median wait", ">comes back"), rows, 1)


def _shifts(out: "Console", report: "FlowReport") -> None:
    lines = [one.sentence for one in report.shifts]
    for made in report.comparisons:
        moved = [
            f"{one.state} ({one.kind}) {number(one.before)} → {number(one.after)} days, {one.verdict}"
            for one in made.burdens
            if one.verdict != "unclear"
        ]
        lines.append(f"{made.date.isoformat()}, {made.because}: {'; '.join(moved) or 'no wait changed for sure'}.")
    if lines:
        out.print()
        out.print(heading("What changed"))
        for line in lines:
            out.print(plain(f"  {line}"))
    if report.comparisons:
        out.print(plain(f"  {report.comparisons[0].warning}"), style="dim")


def _decisions(out: "Console", report: "FlowReport") -> None:
    rows = [
        (
            under(one.step, one.question) if one.question else plain(one.step),
            one.role,
            str(one.n),
            number(one.wait),
            f"{one.changed:.0%}",
        )
        for one in report.decisions
    ]
    _section(out, "Decisions", ("step", "role", ">n", ">median days", ">changed something"), rows, 0)


def _controls(out: "Console", report: "FlowReport") -> None:
    rows = [
        (
            under(one.id, one.finding) if one.finding else plain(one.id),
            str(one.kept + one.bypassed),
            f"{one.rate:.0%}",
            f"{one.tempo.slow_rate:.0%} / {one.tempo.fast_rate:.0%}" if one.tempo else "",
        )
        for one in report.controls
        if one.rate is not None
    ]
    _section(out, "Controls (the last year)", ("control", ">seen", ">bypassed", ">slow / fast weeks"), rows, 0)
    for one in report.controls:
        if one.rate is None and one.chart:
            out.print(plain(f"  {one.id}: {one.unavailable}"), style="dim")


def _register(out: "Console", report: "FlowReport") -> None:
    told = [one for one in report.relied_on.entries if not one.ordinary]
    rows = [
        (
            under(one.name, one.told),
            str(len(one.dependents)),
            "" if one.known_by is None else str(one.known_by),
            f"{one.infrastructure_since:%Y-%m}" if one.infrastructure_since else "",
        )
        for one in told
    ]
    _section(out, "Dependencies by accident", ("others rely on", ">callers", ">know it", "since"), rows, 0)
    others = len(report.relied_on.entries) - len(told)
    if others:
        also = "and " * bool(told)
        out.print(plain(f"  {also}{others} that are relied on, but in order: --json says why"), style="dim")


def _repeats(out: "Console", report: "FlowReport") -> None:
    rows = [
        (
            one.name,
            str(len(one.members)),
            f"{one.first:%Y-%m} to {one.last:%Y-%m}",
            number(one.waited),
            " ".join(one.members[:5]),
        )
        for one in report.recurrences[:_ROWS]
    ]
    _section(out, "What repeats", ("in their words", ">times", "when", ">days waited", "newest"), rows, 4)


def _gone(out: "Console", report: "FlowReport") -> None:
    if report.disappearing:
        names = ", ".join(f"{one.kind} {one.name}" for one in report.disappearing[:_ROWS])
        more = len(report.disappearing) - _ROWS
        out.print()
        out.print(heading("What could go"))
        out.print(plain(f"  {names}{f' and {more} more' if more > 0 else ''}"))


def _notes(out: "Console", report: "FlowReport") -> None:
    out.print()
    unseen = [one for one in report.controls if not one.chart]
    lacking = [one for one in (*report.measures, *unseen) if one.unavailable]
    for one in lacking[:_REASONS]:
        out.print(plain(f"Unavailable: {one.id} ({one.unavailable})"), style="dim")
    if more := ", ".join(one.id for one in lacking[_REASONS:]):
        out.print(plain(f"Unavailable, too, with reasons in --json: {more}"), style="dim")
    for note in report.notes:
        out.print(plain(f"Note: {note}"), style="yellow")
    if report.exported:
        out.print(plain(f"Written: {', '.join(report.exported)}"))


def _section(
    out: "Console", title: str, columns: tuple[str, ...], rows: "Sequence[tuple[str | Text, ...]]", flexible: int
) -> None:
    if rows:
        out.print()
        out.print(heading(title))
        out.print(table(columns, rows, flexible=flexible))


def _range(one: "MeasureFigure") -> str:
    return "" if one.low is None or one.high is None else f"{number(one.low)}–{number(one.high)}"


def number(value: float | None) -> str:
    """Return a figure with three digits, which say enough; empty for none."""
    if value is None:
        return ""
    size = abs(value)
    if size >= _HUNDREDS or value == round(value):
        return f"{value:,.0f}"
    if size >= _TENS:
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= _TENTHS else f"{value:.2g}"
