"""Tickets: assess their readiness, file accepted candidates."""

from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.next_work import next_work
from scout.cli.options import HERE, AsJson, Config, Now, ProjectName, finish, workspace
from scout.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.assess import AssessmentReport
    from scout.service.publish import PublishReport
    from scout.service.refinements import RefinementReport
    from scout.service.wiring import Workspace


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(assess)
    app.command(name="next")(next_work)
    app.command()(publish)


def assess(
    text: Annotated[
        str | None, typer.Argument(metavar="FILE|-|KEY", help="A Markdown file, standard input, or a ticket.")
    ] = None,
    calibration: Annotated[
        bool, typer.Option("--calibration", help="Show what scores are worth in the project instead.")
    ] = False,
    refine: Annotated[
        bool, typer.Option("--refine", help="Show the ticket rewritten: what can be checked, and what is to be asked.")
    ] = False,
    offer: Annotated[bool, typer.Option("--offer", help="With --refine: put it into the inbox.")] = False,
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Judge how ready a text or ticket is, and who may take it: verdicts with reasons, failed gates, remedies.

    Of a ticket it tells, too, how likely it is finished without being sent back, by the project's closed tickets;
    --calibration shows what that rests on, and which criteria had an effect. Ends with exit code 1 when the text is
    not ready.

    --refine proposes a rewrite of a ticket that is not ready: the author's words whole, facts that were checked at
    the newest commit, and the open questions with who can answer them. With --offer it waits in the inbox; the
    ticket is never changed without a decision there.

    Examples:

        scout assess tickets/mend-the-import.md

        pbpaste | scout assess - --json
        scout assess --calibration --project rocket
        scout assess mend-the-import --refine --offer
    """
    from scout.service.assess import assess as judge

    work = workspace(HERE, now, config)
    if calibration:
        _calibration(work, text, project, as_json=as_json)
        return
    if text is None:
        raise UsageError("There is nothing to assess.", "Give a file, '-', a ticket's key, or --calibration.")
    if refine or offer:
        _refinement(work, text, project, offer=offer, as_json=as_json)
        return
    report = judge(work, text, project)
    finish(report, lambda out: _show_assessment(out, report), as_json=as_json, code=0 if report.ready else 1)


def publish(
    live: Annotated[bool, typer.Option("--live", help="Write; without it only the exact payloads are shown.")] = False,
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """File accepted candidates, each exactly once; without --live show what would be filed.

    Examples:

        scout publish
        scout publish --live
    """
    from scout.cli.look import progress
    from scout.service.publish import publish as file_accepted

    work = workspace(HERE, now, config)
    with progress("Filing" if live else "Composing"):
        report = file_accepted(work, work.project(project), live=live)
    finish(report, lambda out: _show_filed(out, report), as_json=as_json, code=3 if report.failed else 0)


def _calibration(work: "Workspace", text: str | None, project: str | None, *, as_json: bool) -> None:
    from scout.cli.calibration import show
    from scout.cli.look import progress
    from scout.service.calibrate import calibration

    if text is not None:
        raise UsageError("--calibration is of a project.", "Leave the text away, or the option.")
    with progress("Judging closed tickets"):
        report = calibration(work, work.project(project))
    finish(report, lambda out: show(out, report), as_json=as_json)


def _refinement(work: "Workspace", key: str, project: str | None, *, offer: bool, as_json: bool) -> None:
    from scout.service.refinements import refine

    report = refine(work, work.project(project), key, offer=offer)
    finish(report, lambda out: _show_refinement(out, report), as_json=as_json)


def _show_refinement(out: "Console", report: "RefinementReport") -> None:
    from scout.cli.look import plain

    out.print(plain(f"{report.ticket}: {report.title}"), style="bold")
    out.print(plain(f"{report.readiness:.2f} as it stands; it fails {', '.join(report.failed_gates) or 'no gate'}\n"))
    out.print(plain(report.text))
    if report.candidate:
        out.print(plain(f"It waits for a decision: scout inbox show {report.candidate}"), style="dim")
    else:
        out.print("Nothing was written. Put it into the inbox with --offer.", style="dim")


def _show_assessment(out: "Console", report: "AssessmentReport") -> None:
    from scout.cli.look import plain
    from scout.cli.verdicts import show_remedies, show_verdicts

    said = "ready" if report.ready else "not ready"
    out.print(plain(f"{report.readiness:.2f}  {said}  {report.title}"), style="bold")
    if report.chance:
        out.print(plain(f"P(done without being sent back) = {report.chance}"))
    if report.autonomy:
        out.print(plain(f"Who may take it: {report.autonomy.level.words}. {report.autonomy.because}"))
    if report.question and not (report.autonomy and report.question.text in report.autonomy.because):
        out.print(plain(f"To ask first, of the {report.question.to}: {report.question.text}"))
    for change in report.changed:
        out.print(plain(f"Changed since it was last judged: {change}"), style="yellow")
    show_verdicts(out, report.verdicts)
    show_remedies(out, report.verdicts)


def _show_filed(out: "Console", report: "PublishReport") -> None:
    from scout.cli.look import plain

    if not report.entries and not report.related:
        out.print("Nothing is waiting to be filed. Accepted candidates are: scout inbox list")
    for entry in report.entries:
        out.print(plain(f"{entry.outcome}  {entry.candidate}  {entry.title}"), style="bold")
        out.print(plain(f"  {entry.target}" + (f": {entry.reason}" if entry.reason else "")))
        if not report.live:
            if entry.payload:
                out.print(plain(f"  {entry.differs or 'Title and text are as they were accepted'}; exactly this:"))
            out.print(plain(entry.payload), soft_wrap=True)
    for one in report.related:
        said = one.reason or one.payload or "made part of it"
        out.print(plain(f"{one.ticket}, of the same cause as {one.parent}: {said}"), soft_wrap=True)
    if (report.entries or report.related) and not report.live:
        out.print("Nothing was written. File it with: scout publish --live", style="dim")
