"""The reviewer's door: look at candidates, decide, take back."""

from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli import deciding
from scout.cli.options import HERE, Actor, AsJson, CandidateId, Config, Now, ProjectName, finish, workspace
from scout.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.log import LogReport
    from scout.service.review import CandidateReport, InboxReport
    from scout.service.wiring import Workspace


group = typer.Typer(
    name="inbox",
    rich_markup_mode="markdown",
    invoke_without_command=True,
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    deciding.add_to(group)
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
        if not as_json and _wants_to_walk():
            walk(project=project, now=now, config=config)
    elif project or as_json or now or config:
        message = "Options of a subcommand stand after it."
        raise UsageError(message, f"Write: scout inbox {context.invoked_subcommand} … --json")


def _wants_to_walk() -> bool:
    """Ask in a terminal for the next key; elsewhere nobody is there to press one."""
    import sys

    if not sys.stdin.isatty() or not sys.stdout.isatty():
        return False
    typer.echo("\n[w] decide them one by one  any other key: leave")
    return typer.getchar().lower() == "w"


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
def walk(
    actor: Actor = "reviewer",
    everything: Annotated[bool, typer.Option("--all", help="Beyond today's portion.")] = False,
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Go through today's portion in this terminal, one key for each decision.

    Examples:

        scout inbox walk
        scout inbox walk --as lead --all
    """
    import sys

    from rich.console import Console

    from scout.cli.walk import Walk, asked_key, asked_line
    from scout.service.decisions import WalkReport
    from scout.service.review import listing as waiting

    if not sys.stdin.isatty():
        message = "There is no terminal to ask for keys."
        raise UsageError(message, "Use scout inbox list, accept, edit, reject, defer and merge.")
    work, out = workspace(HERE, now, config), Console(stderr=as_json)
    lines = waiting(work, project, everything=everything).candidates
    names = tuple(one.id for one in lines if one.state == "offered")
    made = Walk(work, out, names, actor, key=asked_key, line=asked_line).go()
    report = WalkReport(decided=made, left=max(0, len(names) - made))
    said = f"{report.decided} decided, {report.left} left. File what was accepted: scout publish --live"
    finish(report, lambda last: last.print(said), as_json=as_json)


@group.command()
def show(
    candidate: CandidateId,
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

    work = workspace(HERE, now, config)
    report = whole(work, candidate, project)
    finish(report, lambda out: show_whole(out, work, report), as_json=as_json)


@group.command()
def log(
    before: Annotated[str, typer.Option("--before", metavar="WHEN", help="Only what was decided before that.")] = "",
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """List what was decided, newest first; never by whom.

    Examples:

        scout inbox log
        scout inbox log --before 2026-11-01 --json
    """
    from scout.service.log import decisions

    report = decisions(workspace(HERE, now, config), before=before)
    finish(report, lambda out: _show_log(out, report), as_json=as_json)


def show_whole(out: "Console", work: "Workspace", report: "CandidateReport") -> None:
    """Print a candidate with all that stands around it."""
    from scout.cli.around import show_around
    from scout.service.surroundings import surroundings

    show_candidate(out, report)
    out.print(f"Who says yes: {report.tier}", style="dim")
    show_around(out, surroundings(work, report.id))


def _show_log(out: "Console", report: "LogReport") -> None:
    from scout.cli.look import plain, table

    if not report.lines:
        out.print("Nothing has been decided yet. What waits: scout inbox")
        return
    rows = [(f"{one.at:%Y-%m-%d %H:%M}", one.event, one.candidate, one.title, one.reason) for one in report.lines]
    out.print(table(("when, UTC", "what", "candidate", "title", "why"), rows))
    if report.more:
        out.print(plain(f"\nEarlier ones: scout inbox log --before '{report.more}'"), style="dim")


def _show_inbox(out: "Console", report: "InboxReport") -> None:
    from scout.cli.look import plain, table

    if not report.candidates:
        out.print("Nothing waits for a decision.")
        return
    several = len({line.project for line in report.candidates}) > 1
    rows = [
        (
            line.id,
            *[line.project] * several,
            line.state,
            str(line.severity),
            f"{line.readiness:.2f}",
            line.size,
            line.title,
        )
        for line in report.candidates
    ]
    out.print(table(("id", *["project"] * several, "state", ">sev", ">ready", "size", "title"), rows))
    if report.beyond:
        out.print(plain(f"\n{report.beyond} more beyond today's portion: scout inbox list --all"), style="dim")
    told = "scout inbox walk: one key each. Or scout inbox show ID, then accept, edit, reject, defer, merge or undo."
    out.print(f"\n{told}", style="dim")


def show_candidate(out: "Console", report: "CandidateReport") -> None:
    """Print a candidate whole."""
    from rich.markdown import Markdown
    from rich.rule import Rule

    from scout.cli.look import plain, unsteered
    from scout.cli.verdicts import show_remedies, show_verdicts

    out.print(plain(report.draft.title), style="bold")
    facts = f"{report.id}  {report.state}  {report.project}  severity {report.severity}  revision {report.draft.number}"
    out.print(plain(facts), style="dim")
    for one in report.elsewhere:
        role = "parent" if one == report.parent else "same cause"
        filed = f", filed as {one.ticket}" if one.ticket else ""
        out.print(plain(f"{role}: {one.candidate} of {one.where}, since {one.on.isoformat()}{filed}"), style="dim")
    out.print(Rule(style="dim"))
    out.print(Markdown(unsteered(report.draft.body), hyperlinks=False))
    out.print(Rule(style="dim"))
    readiness = report.draft.readiness
    out.print(f"Readiness {readiness.total:.2f}, {'ready' if readiness.ready else 'not ready'}", style="bold")
    show_verdicts(out, readiness.verdicts)
    show_remedies(out, readiness.verdicts)
    for one in report.decisions:
        out.print(plain(f"{one.at:%Y-%m-%d %H:%M}  {one.event}  {one.actor}  {one.reason}"), style="dim")
