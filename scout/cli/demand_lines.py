"""Demand, lead time and yield as lines of text."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scout.model import Backtest, DemandForecast
    from scout.service.plan import PlanReport

_TOLD = 3  # scouts whose yield is told


def demand_lines(report: "PlanReport") -> list[tuple[str, str]]:
    """Return heading and text of what is known about demand."""
    demand = report.plan.demand
    lines = [
        ("demand", f"{demand.per_day:.2f} starts a working day: {demand.basis}, {demand.days} working days"),
        ("forecast", _forecast(demand)),
        ("tried", _tried(demand)),
    ]
    if report.changes:
        last = report.changes[-1]
        since = f"since {last.day:%Y-%m-%d}" if last.day else "lately"
        lines.append(("pace changed", f"{since}: from {last.before:.2g} to {last.after:.2g} starts a working day"))
    return lines


def supply_lines(report: "PlanReport") -> list[tuple[str, str]]:
    """Return heading and text of what is known about lead time and yield."""
    made = report.plan
    lead = f"{made.lead_time:.1f} working days; review every {made.review_period:g}"
    lines = [("lead time", lead), ("yield", f"{made.yield_rate:.2f} ready tickets per candidate")]
    whole = report.stages[-1].time if report.stages else None
    if whole and whole.arrived + whole.waiting:
        quantiles = ", ".join(f"P{float(p) * 100:g} {days:.1f}" for p, days in whole.quantiles.items())
        said = f"{lead}; {quantiles} from {whole.arrived} filed and {whole.waiting} still waiting or rejected"
        lines[0] = ("lead time", said)
    scouts = sorted(report.yields.by_scout if report.yields else (), key=lambda one: -one.decided)
    if scouts:
        shown = ", ".join(f"{one.scout} {one.expected:.2f} ({one.accepted} of {one.decided})" for one in scouts[:_TOLD])
        lines[1] = ("yield", f"{lines[1][1]}: {shown}{', …' if len(scouts) > _TOLD else ''}")
    return lines


def _forecast(demand: "DemandForecast") -> str:
    quantiles = ", ".join(f"P{float(p) * 100:g} {count}" for p, count in demand.quantiles.items())
    by = f", by the {demand.model} model" if demand.model else ""
    return f"{quantiles} over {demand.interval:.1f} working days{by}" if quantiles else "none"


def _tried(demand: "DemandForecast") -> str:
    if not demand.backtest:
        return "not on the past: the history is too short" if demand.days else "not on the past: there is no history"
    nearest: Backtest = min(demand.backtest, key=lambda one: abs(one.horizon - demand.interval))
    loss = "" if nearest.ratio is None else f"; loss {nearest.ratio:.2f} of that of a 20-day mean"
    return (
        f"on {nearest.forecasts} past days: {100 * nearest.covered:.0f} % of the sums over {nearest.horizon} working "
        f"days were within P95{loss}"
    )
