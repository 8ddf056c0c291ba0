"""Decide about candidates: accept, edit, reject, defer, merge; take back; what is not asked about any more."""

from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import HERE, Actor, AsJson, CandidateId, Config, Now, ProjectName, finish, workspace

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console

    from scout.service.decisions import DecisionReport
    from scout.service.suppress import SuppressionsReport

Reason = Annotated[str, typer.Option("--reason", "-r", metavar="TEXT", help="Why; kept in the ledger.")]
Owner = Annotated[bool, typer.Option("--owner/--no-owner", help="Whether an owner of the project decides.")]


def add_to(group: typer.Typer) -> None:
    """Add these commands."""
    for command in (accept, edit, reject, defer, merge, undo, suppressions, lift):
        group.command()(command)


def accept(
    candidate: CandidateId,
    reason: Reason = "",
    actor: Actor = "reviewer",
    owner: Owner = True,
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Accept a candidate as it is; it is filed by the next `scout publish --live`.

    Settings may ask for two reviewers or an owner, by kind of work (`[review]`, `tiers`).

    Examples:

        scout inbox accept c-3f9a
        scout inbox accept c-3f9a --reason "breaks the weekly import"
    """
    from scout.service import decide
    from scout.service.decisions import Said

    said = Said(reason=reason, actor=actor, owner=owner)
    _told(decide.accept(workspace(HERE, now, config), candidate, project, said), as_json=as_json)


def edit(
    candidate: CandidateId,
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
    from scout.cli.editor import content, edited
    from scout.service import decide
    from scout.service.decisions import Said
    from scout.service.review import show as whole

    work = workspace(HERE, now, config)
    if file is not None or title is not None:
        body = content(file)
    else:
        body = edited(whole(work, candidate, project).draft.body)
    said = Said(reason=reason, actor=actor)
    _told(decide.edit(work, candidate, project, said, title=title, body=body), as_json=as_json)


def reject(
    candidate: CandidateId,
    reason: Annotated[str, typer.Option("--reason", "-r", metavar="TEXT", help="Why; it will not be asked again.")],
    scope: Annotated[
        str, typer.Option("--scope", metavar="SCOPE", help="this, path (its folder), scout, or a pattern of paths.")
    ] = "this",
    preview: Annotated[bool, typer.Option("--preview", help="Show what it would hide, and decide nothing.")] = False,
    actor: Actor = "reviewer",
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Reject a candidate; it never comes back unless its evidence changes.

    With a wider scope nothing that this scout finds there is asked about any more, until `scout inbox lift`.

    Examples:

        scout inbox reject c-3f9a --reason "not ours: the script belongs to the vendor"
        scout inbox reject c-3f9a --reason "not now: rewritten in spring" --scope path --preview
    """
    from scout.service import decide
    from scout.service.decisions import Said

    work = workspace(HERE, now, config)
    if preview:
        report = decide.preview(work, candidate, project, scope=scope)
    else:
        said = Said(reason=reason, actor=actor)
        report = decide.reject(work, candidate, project, said, scope=scope)
    _told(report, as_json=as_json)


def defer(
    candidate: CandidateId,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="When to ask again, ISO 8601.")] = None,
    closed: Annotated[
        str, typer.Option("--until-closed", metavar="TICKET", help="Ask again when this ticket is closed.")
    ] = "",
    reason: Reason = "",
    actor: Actor = "reviewer",
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Put a candidate aside until a date, or until a ticket is closed; whichever comes first.

    Examples:

        scout inbox defer c-3f9a --until 2027-01-15 --reason "after the release"
        scout inbox defer c-3f9a --until-closed 212
    """
    from scout.service import decide
    from scout.service.decisions import Said

    work, said = workspace(HERE, now, config), Said(reason=reason, actor=actor)
    end = _moment(until) if until else None
    _told(decide.defer(work, candidate, project, said, until=end, closed=closed), as_json=as_json)


def merge(
    candidate: CandidateId,
    into: Annotated[str, typer.Option("--into", metavar="ID|KEY", help="The candidate or ticket that stays.")],
    reason: Reason = "",
    actor: Actor = "reviewer",
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Merge a candidate into another one, or into a ticket, that asks for the same.

    Examples:

        scout inbox merge c-3f9a --into c-77b0
        scout inbox merge c-3f9a --into 212
    """
    from scout.service import decide
    from scout.service.decisions import Said

    said = Said(reason=reason, actor=actor)
    _told(decide.merge(workspace(HERE, now, config), candidate, project, said, into=into), as_json=as_json)


def undo(
    candidate: CandidateId,
    reason: Reason = "",
    actor: Actor = "reviewer",
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Take the last decision about a candidate back; possible until it is on its way to a tracker.

    Examples:

        scout inbox undo c-3f9a
    """
    from scout.service import decide
    from scout.service.decisions import Said

    said = Said(reason=reason, actor=actor)
    _told(decide.undo(workspace(HERE, now, config), candidate, project, said), as_json=as_json)


def suppressions(
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """List what is not asked about any more, with the reasons.

    Examples:

        scout inbox suppressions
    """
    from scout.service.suppress import listing

    work = workspace(HERE, now, config)
    report = listing(work, work.project(project))
    finish(report, lambda out: _show_suppressions(out, report), as_json=as_json)


def lift(
    fingerprint: Annotated[str, typer.Argument(metavar="FINGERPRINT", help="As `scout inbox suppressions` shows it.")],
    reason: Reason = "",
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Ask again about what was suppressed: the next run may offer it.

    Examples:

        scout inbox lift "todo-age:docs/*" --reason "the guide is ours again"
    """
    from scout.cli.look import plain
    from scout.service.suppress import lift as again

    work = workspace(HERE, now, config)
    report = again(work, work.project(project), fingerprint, reason)
    finish(report, lambda out: out.print(plain(f"{report.fingerprint} may be offered again.")), as_json=as_json)


def _moment(text: str) -> "datetime":
    from scout import clock

    return clock.now(text)


def _told(report: "DecisionReport", *, as_json: bool) -> None:
    finish(report, lambda out: _show_decision(out, report), as_json=as_json)


def _show_decision(out: "Console", report: "DecisionReport") -> None:
    from scout.cli.look import plain

    out.print(plain(f"{report.candidate}: {report.event}, now {report.state}. {report.next}"))
    for one in report.hidden:
        out.print(plain(f"  {one.candidate or one.fingerprint}  {one.title}"), style="dim")


def _show_suppressions(out: "Console", report: "SuppressionsReport") -> None:
    from scout.cli.look import plain, table

    if not report.suppressions:
        out.print("Nothing is suppressed.")
        return
    rows = [(one.fingerprint, f"{one.at:%Y-%m-%d}", one.reason) for one in report.suppressions]
    out.print(table(("fingerprint or pattern", "since", "reason"), rows))
    out.print(plain("\nscout inbox lift FINGERPRINT asks about it again."), style="dim")
