"""The reviewer's door: look at candidates, decide, take back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import HERE, Actor, AsJson, Config, Now, ProjectName, finish, workspace
from scout.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console

    from scout.service.review import CandidateReport, DecisionReport, InboxReport
    from scout.service.wiring import Workspace

Id = Annotated[str, typer.Argument(metavar="ID", help="The candidate's id, or its beginning.")]
Reason = Annotated[str, typer.Option("--reason", "-r", metavar="TEXT", help="Why; kept in the ledger.")]

group = typer.Typer(
    name="inbox",
    rich_markup_mode="markdown",
    invoke_without_command=True,
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(group)


@group.callback()
def inbox(
    context: typer.Context,
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Decide about candidates; without a subcommand the inbox is listed.

    Examples:

        scout inbox

        scout inbox accept c-3f9a
    """
    if context.invoked_subcommand is None:
        listing(project=project, as_json=as_json, now=now, config=config)
    elif project or as_json or now or config:
        message = "Options of a subcommand stand after it."
        raise UsageError(message, f"Write: scout inbox {context.invoked_subcommand} … --json")


@group.command("list")
def listing(
    project: ProjectName = None,
    everything: Annotated[bool, typer.Option("--all", help="Beyond today's portion, and what is decided.")] = False,
    cut: Annotated[bool, typer.Option("--cut", help="What was found and is no candidate, with the reasons.")] = False,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """List what waits for a decision, most valuable first, today's portion.

    Examples:

        scout inbox list

        scout inbox list --all --json

        scout inbox list --cut
    """
    from scout.service.review import listing as waiting

    work = workspace(HERE, now, config)
    if cut:
        _list_cut(work, project, as_json=as_json)
        return
    report = waiting(work, project, everything=everything)
    finish(report, lambda out: _show_inbox(out, report), as_json=as_json)


def _list_cut(work: "Workspace", project: str | None, *, as_json: bool) -> None:
    from scout.cli.cut import show_cut
    from scout.service.selecting import cut_list

    report = cut_list(work, work.project(project))
    finish(report, lambda out: show_cut(out, report), as_json=as_json)


@group.command()
def show(
    candidate: Id,
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Show a candidate whole: text, evidence, readiness with reasons, history.

    Examples:

        scout inbox show c-3f9a
    """
    from scout.service.review import show as whole

    report = whole(workspace(HERE, now, config), candidate, project)
    finish(report, lambda out: _show_candidate(out, report), as_json=as_json)


@group.command()
def accept(
    candidate: Id,
    reason: Reason = "",
    actor: Actor = "reviewer",
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Accept a candidate as it is; it is filed by the next `scout publish --live`.

    Examples:

        scout inbox accept c-3f9a

        scout inbox accept c-3f9a --reason "breaks the weekly import"
    """
    from scout.service.review import accept as decide

    report = decide(workspace(HERE, now, config), candidate, project, reason=reason, actor=actor)
    finish(report, lambda out: _show_decision(out, report), as_json=as_json)


@group.command()
def edit(
    candidate: Id,
    file: Annotated[
        str | None, typer.Option("--file", "-f", metavar="FILE", help="The new text; - for standard input.")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="The new title.")] = None,
    reason: Reason = "",
    actor: Actor = "reviewer",
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Change a candidate's text as a new revision; readiness is judged again. Without --file, $EDITOR opens.

    Examples:

        scout inbox edit c-3f9a

        scout inbox edit c-3f9a --title "Mend the link to the style guide" --file -
    """
    from scout.service.review import edit as revise
    from scout.service.review import show as whole

    work = workspace(HERE, now, config)
    body = _text(file) if file is not None or title is not None else _edited(whole(work, candidate, project).draft.body)
    report = revise(work, candidate, project, title=title, body=body, reason=reason, actor=actor)
    finish(report, lambda out: _show_decision(out, report), as_json=as_json)


@group.command()
def reject(
    candidate: Id,
    reason: Annotated[str, typer.Option("--reason", "-r", metavar="TEXT", help="Why; it will not be asked again.")],
    actor: Actor = "reviewer",
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Reject a candidate; it never comes back unless its evidence changes.

    Examples:

        scout inbox reject c-3f9a --reason "not ours: the script belongs to the vendor"
    """
    from scout.service.review import reject as decide

    report = decide(workspace(HERE, now, config), candidate, project, reason=reason, actor=actor)
    finish(report, lambda out: _show_decision(out, report), as_json=as_json)


@group.command()
def defer(
    candidate: Id,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="When to ask again, ISO 8601.")],
    reason: Reason = "",
    actor: Actor = "reviewer",
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Put a candidate aside until a date.

    Examples:

        scout inbox defer c-3f9a --until 2027-01-15 --reason "after the release"
    """
    from scout.service.review import defer as decide

    report = decide(workspace(HERE, now, config), candidate, project, until=_moment(until), reason=reason, actor=actor)
    finish(report, lambda out: _show_decision(out, report), as_json=as_json)


def _moment(text: str) -> "datetime":
    from scout import clock

    return clock.now(text)


def _text(file: str | None) -> str | None:
    if file is None:
        return None
    from scout.service.assess import read_content

    return read_content(file).decode("utf-8-sig", "replace")


def _edited(body: str) -> str:
    """Return the text as it was saved in the user's editor ($VISUAL, $EDITOR, else vi)."""
    import os
    import shlex
    import shutil
    import sys
    import tempfile

    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("vi" if sys.stdin.isatty() else "")
    try:
        editor = shlex.split(named)
    except ValueError:  # a quotation mark without its other half
        editor = []
    if not editor or shutil.which(editor[0]) is None:
        message = f"The editor '{named}' cannot be started." if named else "There is no terminal for an editor."
        raise UsageError(message, "Set EDITOR, or give --file or --title.")
    with tempfile.TemporaryDirectory(prefix="scout-") as folder:
        file = Path(folder) / "candidate.md"
        file.write_text(body, "utf-8")
        process = os.posix_spawnp(editor[0], [*editor, str(file)], os.environ)
        if os.waitpid(process, 0)[1] != 0:
            message = f"The editor '{editor[0]}' did not end well."
            raise UsageError(message, "Set EDITOR, or give --file or --title.")
        return file.read_text("utf-8", "replace")


def _show_inbox(out: "Console", report: "InboxReport") -> None:
    from scout.cli.look import plain, table

    if not report.candidates:
        out.print("Nothing waits for a decision.")
        return
    rows = [
        (line.id, line.state, str(line.severity), f"{line.readiness:.2f}", line.size, line.title)
        for line in report.candidates
    ]
    out.print(table(("id", "state", ">sev", ">ready", "size", "title"), rows))
    if report.beyond:
        out.print(plain(f"\n{report.beyond} more beyond today's portion: scout inbox list --all"), style="dim")
    out.print("\nscout inbox show ID, then accept, edit, reject or defer it.", style="dim")


def _show_candidate(out: "Console", report: "CandidateReport") -> None:
    from rich.markdown import Markdown
    from rich.rule import Rule

    from scout.cli.look import plain, table, unsteered

    out.print(plain(report.draft.title), style="bold")
    facts = f"{report.id}  {report.state}  {report.project}  severity {report.severity}  revision {report.draft.number}"
    out.print(plain(facts), style="dim")
    out.print(Rule(style="dim"))
    out.print(Markdown(unsteered(report.draft.body), hyperlinks=False))
    out.print(Rule(style="dim"))
    readiness = report.draft.readiness
    out.print(f"Readiness {readiness.total:.2f}, {'ready' if readiness.ready else 'not ready'}", style="bold")
    rows = [(v.criterion, v.passing, f"{v.score:.2f}", v.remedy or v.reason) for v in readiness.verdicts]
    out.print(table(("criterion", "verdict", ">score", "reason or remedy"), rows))
    for one in report.decisions:
        out.print(plain(f"{one.at:%Y-%m-%d %H:%M}  {one.event}  {one.actor}  {one.reason}"), style="dim")


def _show_decision(out: "Console", report: "DecisionReport") -> None:
    from scout.cli.look import plain

    out.print(plain(f"{report.candidate}: {report.event}, now {report.state}. {report.next}"))
