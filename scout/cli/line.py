"""The line itself: run, find, verify."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.buffer import show_cover
from scout.cli.options import HERE, AsJson, Config, Now, ProjectName, Where, finish, workspace
from scout.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from scout.model import Look
    from scout.service.run import RunReport
    from scout.service.scan import FindingsReport
    from scout.service.verify import VerifyReport
    from scout.service.wiring import Workspace


MOST_EVIDENCE = 4
UNFINISHED = frozenset({"unavailable", "error"})


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (run, find, verify):
        app.command()(command)


def run(
    path: Where = HERE,
    project: ProjectName = None,
    everything: Annotated[bool, typer.Option("--all", help="Every project, one after another.")] = False,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Carry the whole line out once: look, plan, draft, and say what to do next.

    Nothing leaves the machine unless publishing is live in trusted settings. With --all every project has its turn,
    those included that trackers list; what goes wrong with one never stops the rest. Ends with exit code 3 when
    something could not be read.

    Examples:

        scout run
        scout run ~/src/rocket --json
        scout run --all
    """
    from scout.cli.look import progress
    from scout.service.run import run as carry_out

    work = workspace(path, now, config)
    if everything:
        _run_all(work, project, as_json=as_json)
        return
    with progress("Starting") as step:
        report = carry_out(work, work.project(project), step)
    finish(report, lambda out: _show_run(out, report), as_json=as_json, code=3 if report.partial else 0)


def _run_all(work: "Workspace", project: str | None, *, as_json: bool) -> None:
    from scout.cli.look import progress
    from scout.cli.portfolio import show_run
    from scout.service.run_all import run_all

    if project is not None:
        message = "--all and --project say different things."
        raise UsageError(message, "Leave one of them out.")
    with progress("Starting") as step:
        report = run_all(work, step)
    finish(report, lambda out: show_run(out, report), as_json=as_json, code=0 if report.whole else 3)


def find(
    path: Where = HERE,
    signal: Annotated[
        list[str] | None, typer.Option("--signal", metavar="ID", help="Only these scouts; may be repeated.")
    ] = None,
    at: Annotated[str, typer.Option("--at", metavar="SHA", help="The commit to look at.")] = "HEAD",
    project: ProjectName = None,
    everything: Annotated[bool, typer.Option("--all", help="Show also what would not be offered, and why.")] = False,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Show findings only; writes nothing but caches.

    Examples:

        scout find
        scout find ~/src/rocket --signal broken-internal-link --at v1.2 --json
    """
    from scout.cli.look import progress
    from scout.service.scan import find as look

    work = workspace(path, now, config)
    with progress("The scouts are looking"):
        report = look(work, work.project(project), signals=signal or (), at=at)
    code = 3 if any(look.outcome == "error" for look in report.looks) else 0
    finish(report, lambda out: _show_findings(out, report, everything=everything), as_json=as_json, code=code)


def verify(
    fingerprint: Annotated[str, typer.Argument(metavar="SIGNAL:HASH", help="The finding, as its ticket names it.")],
    path: Where = HERE,
    *,
    seen: Annotated[str, typer.Option("--seen", metavar="SHA", help="A commit at which it was there.")],
    at: Annotated[str, typer.Option("--at", metavar="SHA", help="The commit to look at now.")] = "HEAD",
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Say whether a finding is gone (exit code 0) or still there (1).

    It is first found again at the commit where it was seen; where that fails the answer is unknown (3).

    Examples:

        scout verify broken-internal-link:5f1c0e9d2b7a4c33 --seen 4c1d2e8
    """
    from scout.cli.look import progress
    from scout.service.verify import verify as look_again

    work = workspace(path, now, config)
    with progress("Looking again"):
        report = look_again(work, work.project(project), fingerprint, seen=seen, at=at)
    finish(report, lambda out: _show_verdict(out, report), as_json=as_json, code=report.exit_code)


def _show_findings(out: "Console", report: "FindingsReport", *, everything: bool) -> None:
    from scout.cli.look import plain

    shown = report.findings if everything else report.offered
    where = f"{report.project} @ {report.sha[:12]}" if report.sha else f"{report.project}, which has no checkout"
    out.print(plain(f"{len(report.offered)} findings to offer of {len(report.findings)}, {where}"))
    for finding in shown:
        out.print()
        mark = "" if finding.offered else f"  (not offered: {finding.because})"
        out.print(plain(finding.story.title + mark), style="bold")
        out.print(plain(f"  {finding.fingerprint}  severity {finding.severity}  {finding.subject}"), style="dim")
        for evidence in finding.evidence[:MOST_EVIDENCE]:
            out.print(plain(f"  {evidence.locator}  {evidence.seen}"))
        if len(finding.evidence) > MOST_EVIDENCE:
            out.print(f"  … and {len(finding.evidence) - MOST_EVIDENCE} more places")
    out.print()
    _show_looks(out, report.looks, everything=everything)


def _show_looks(out: "Console", looks: "tuple[Look, ...]", *, everything: bool = False) -> None:
    """Show the scouts that found something or could not finish, and how many others there are."""
    from scout.cli.look import plain, table

    silent = Counter(look.outcome.value for look in looks if not look.findings)
    same = Counter((look.outcome.value, look.reason) for look in looks if look.outcome.value in UNFINISHED)
    rows: list[tuple[str, str, str, str]] = []
    for look in looks:
        outcome, reason = look.outcome.value, look.reason
        others = 0 if everything else same.pop((outcome, reason), 0) - 1
        if everything or look.findings or others >= 0:
            rows.append(
                (f"{look.signal} + {others}" if others > 0 else look.signal, outcome, str(look.findings), reason)
            )
    if rows:
        out.print(table(("scout", "outcome", ">findings", "why"), rows))
    if not everything:
        quiet = f"{silent['absent']} scouts found nothing, {silent['not_applicable']} have no meaning here"
        out.print(plain(f"{quiet}: `scout find --all` shows each."), style="dim")


def _show_verdict(out: "Console", report: "VerifyReport") -> None:
    from scout.cli.look import plain

    said = {"gone": "Gone", "still_there": "Still there", "unknown": "Unknown"}[report.presence]
    out.print(plain(f"{said}: {report.subject or report.fingerprint} @ {report.looked_at[:12]}"), style="bold")
    for locator in report.where:
        out.print(plain(f"  {locator}"))
    if report.reason:
        out.print(plain(f"  {report.reason}"))


def _show_run(out: "Console", report: "RunReport") -> None:
    from scout.cli.look import heading, plain, table, under

    if report.sha:
        out.print(plain(f"{report.project} @ {report.sha[:12]}"), style="bold")
    else:
        out.print(plain(f"{report.project}, without a checkout: {report.tickets} open tickets"), style="bold")
    _show_looks(out, report.looks)
    out.print()
    out.print(heading(f"New candidates: {len(report.drafted)}"))
    if report.drafted:
        lines = [
            (one.id, str(one.severity), f"{one.readiness:.2f}", one.size, under(one.title, one.evidence))
            for one in report.drafted
        ]
        out.print(table(("id", ">sev", ">ready", "size", "title and first evidence"), lines))
    for cause, count in report.cut.items():
        out.print(plain(f"  {count} not drafted: {cause}"), style="dim")
    if report.refined:
        out.print(plain(f"  {len(report.refined)} tickets with a proposed rewrite: {', '.join(report.refined)}"))
    if report.cut:
        out.print("  scout inbox list --cut shows each.", style="dim")
    for withdrawn in report.withdrawn:
        out.print(plain(f"  withdrawn, its finding is gone: {withdrawn}"), style="dim")
    out.print()
    show_cover(out, report.plan)
    for note in report.notes:
        out.print(plain(f"Note: {note}"), style="yellow")
    out.print()
    out.print(heading("Next"))
    for following in report.next_steps:
        out.print(plain(f"  {following}"))
