"""Why a ticket has its class, and what people changed since."""

from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import HERE, AsJson, Config, Now, finish, workspace

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.classify_drift import DriftReport
    from scout.service.classify_explain import WhyReport

TaxonomyName = Annotated[str, typer.Option("--taxonomy", metavar="NAME|FILE", help="gtd, change, risk, or a file.")]


def add_to(group: typer.Typer) -> None:
    """Add these commands."""
    group.command("why")(_why)
    group.command("drift")(_drift)


def _why(
    key: Annotated[str, typer.Argument(metavar="KEY", help="An open ticket.")],
    project: Annotated[str | None, typer.Option("--project", metavar="ID", help="Its project.")] = None,
    taxonomy: TaxonomyName = "gtd",
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Show which rules hold for a ticket, line by line, and the class that follows.

    Examples:

        scout classify why 17
        scout classify why MOON-4 --project pad --json
    """
    from scout.service.classify_explain import why

    work = workspace(HERE, now, config)
    report = why(work, work.project(project), key, taxonomy)
    finish(report, lambda out: _show_why(out, report), as_json=as_json)


def _drift(taxonomy: TaxonomyName = "gtd", as_json: AsJson = False, now: Now = None, config: Config = None) -> None:
    """Show which classes people changed after the fact, which rules they overruled, and what to change in those.

    Examples:

        scout classify drift
    """
    from scout.service.classify_drift import drift

    report = drift(workspace(HERE, now, config), taxonomy)
    finish(report, lambda out: _show_drift(out, report), as_json=as_json)


def _show_why(out: "Console", report: "WhyReport") -> None:
    from scout.cli.look import heading, plain, table, under

    out.print(heading(f"{report.project} {report.key}: {report.meaning} ({report.confidence:.2f})"))
    out.print(plain(report.title))
    if report.stands:
        doubt = f", in doubt: {report.doubt}" if report.doubt else ""
        out.print(plain(f"It is {report.stands} by {report.by}{doubt}."), style="dim")
    rows = [(one.rule, one.meaning, f"{one.weight:+.1f}", under(one.reason, one.quotation)) for one in report.rules]
    out.print(table(("rule", "class", ">weight", "reason, and what it rests on"), rows) if rows else "No rule holds.")
    out.print(plain(", ".join(f"{name} {chance:.2f}" for name, chance in report.chances.items())), style="dim")
    out.print("Each rule in full: scout explain RULE", style="dim")


def _show_drift(out: "Console", report: "DriftReport") -> None:
    from scout.cli.look import heading, plain, table, under

    out.print(heading(f"{report.classed} tickets have a class ({report.taxonomy}), {report.doubtful} are in doubt"))
    if not report.rules:
        out.print("People have changed no class so far.")
        return
    out.print(table(("was", "is", ">times"), [(one.was, one.now, str(one.count)) for one in report.moved], flexible=1))
    out.print("\nRules that people overruled", style="bold")
    rows = [
        (
            one.rule,
            f"{one.overruled} of {one.decided}",
            "–" if one.weight is None else f"{one.weight:g}",
            "–" if one.proposed is None else f"{one.proposed:g}",
            under(one.remedy, ", ".join(f"{name} {count}" for name, count in one.became.items())),
        )
        for one in report.rules
    ]
    out.print(table(("rule", ">overruled", ">weight", ">proposed", "what to change, and what they became"), rows))
    out.print(plain("Rules are data: copy the taxonomy, change them there, and give it with --taxonomy."), style="dim")
