"""A whole backlog classified in one sitting: classify plan, run, status, answer, apply, undo."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import HERE, Actor, AsJson, Config, Now, finish, workspace
from scout.errors import UsageError

if TYPE_CHECKING:
    from scout.service.classify_plan import Wishes
    from scout.service.classify_run import Asker

group = typer.Typer(
    no_args_is_help=True,
    help="Give every open ticket exactly one class: in waves of workers, audited, undoable.\n\n"
    "`plan` shows slices and briefs before anything is done, `run` does it. Nothing leaves the machine, and nothing "
    "is written into a tracker.",
)

Rows = Annotated[
    list[Path] | None, typer.Argument(metavar="FILE", help="Rows of a table (.csv) or JSON lines, instead of tickets.")
]
Projects = Annotated[list[str] | None, typer.Option("--project", metavar="ID", help="A project; may be repeated.")]
Every = Annotated[bool, typer.Option("--all", help="All projects that are known.")]
TaxonomyName = Annotated[
    str, typer.Option("--taxonomy", metavar="NAME|FILE", help="gtd, change, risk, or a file ending with .toml.")
]
Waves = Annotated[str | None, typer.Option("--waves", metavar="N,N", help="Workers by wave, such as 5,4.")]
Again = Annotated[bool, typer.Option("--again", help="Also what has not changed since it was classified.")]
RunName = Annotated[str | None, typer.Argument(metavar="RUN", help="A run; the newest one by default.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(group, name="classify")


@group.command()
def plan(
    files: Rows = None,
    project: Projects = None,
    every: Every = False,
    taxonomy: TaxonomyName = "gtd",
    waves: Waves = None,
    again: Again = False,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Cut slices, write briefs, estimate time and cost; nothing is classified yet.

    The briefs lie in the run's folder: read them, change them, then start with `scout classify run`.

    Examples:

        scout classify plan

        scout classify plan --project rocket --project pad --waves 5,4

        scout classify plan requests.csv --taxonomy risk --json
    """
    from scout.cli.classify_look import show_plan
    from scout.cli.look import progress
    from scout.service.classify_plan import plan as lay_out

    work = workspace(HERE, now, config)
    with progress("Planning") as step:
        report = lay_out(work, _wishes(files, project, taxonomy, waves, every=every, again=again), step)
    finish(report, lambda out: show_plan(out, report), as_json=as_json, code=3 if report.notes else 0)


@group.command()
def run(
    files: Rows = None,
    project: Projects = None,
    every: Every = False,
    taxonomy: TaxonomyName = "gtd",
    waves: Waves = None,
    again: Again = False,
    resume: Annotated[str | None, typer.Option("--run", metavar="RUN", help="Go on with this run.")] = None,
    at_once: Annotated[int | None, typer.Option("--at-once", min=1, max=64, help="Workers at the same time.")] = None,
    patience: Annotated[
        float, typer.Option("--patience", min=0, help="Seconds after which a question that nobody answers means no.")
    ] = 600,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write every class with its reason as .csv.")
    ] = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Classify: waves of workers, an audit of each, corrections, and exactly one class for everything.

    A plan that was not run yet is run; one that was interrupted goes on. What has a class already and has not changed
    is passed over. A worker that may not go on by itself asks, here or by `scout classify answer`. Ends with exit code
    1 when the audit agrees too little, and 3 when something could not be read.

    Examples:

        scout classify run

        scout classify run --all --at-once 4

        scout classify run requests.csv --taxonomy risk --output classes.csv
    """
    from scout.cli.classify_look import show_report
    from scout.cli.look import progress
    from scout.service.classify_output import write
    from scout.service.classify_run import Workforce, classify

    work = workspace(HERE, now, config)
    force = Workforce(patience=patience, ask=_ask_here())
    if at_once:
        force = Workforce(at_once=at_once, patience=patience, ask=_ask_here())
    with progress("Classifying") as step:
        report = classify(
            work, _wishes(files, project, taxonomy, waves, every=every, again=again), force, name=resume, step=step
        )
    if output:
        write(work, report.run, output)
    code = 1 if report.stops else 3 if report.notes else 0
    finish(report, lambda out: show_report(out, report, output), as_json=as_json, code=code)


@group.command()
def status(
    name: RunName = None,
    events: Annotated[int, typer.Option("--events", min=0, help="How many of the newest events to show.")] = 12,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Show how far a run is: workers, open questions, classes, and what happened.

    Examples:

        scout classify status

        scout classify status r-2026 --events 100 --json
    """
    from scout.cli.classify_look import show_status
    from scout.service.classify_status import status as look

    report = look(workspace(HERE, now, config), name, events)
    finish(report, lambda out: show_status(out, report), as_json=as_json)


@group.command()
def answer(
    worker: Annotated[str, typer.Argument(metavar="WORKER", help="Who asks, as `scout classify status` shows.")],
    word: Annotated[str, typer.Argument(metavar="yes|no", help="The answer.")],
    name: Annotated[str | None, typer.Option("--run", metavar="RUN", help="The newest one by default.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept.")] = "",
    actor: Actor = "reviewer",
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Answer the question of a worker that may not go on by itself.

    Examples:

        scout classify answer wave-1-3 yes

        scout classify answer wave-1-3 no --reason "The taxonomy stays as it is"
    """
    from scout.cli.classify_look import show_answer
    from scout.service.classify_status import answer as decide

    if word.lower() not in {"yes", "no", "y", "n"}:
        raise UsageError(f"'{word}' is neither yes nor no.", "Answer yes or no.")
    yes = word.lower().startswith("y")
    report = decide(workspace(HERE, now, config), name, worker, yes=yes, actor=actor, reason=reason)
    finish(report, lambda out: show_answer(out, report), as_json=as_json)


@group.command()
def apply(
    name: RunName = None,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar="PROJECT|all", help="Accept this batch; may be repeated.")
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Write what is accepted; without it nothing is.")] = False,
    sure_only: Annotated[bool, typer.Option("--sure-only", help="Leave doubtful tickets out.")] = False,
    actor: Actor = "reviewer",
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Show each project's batch of labels, the doubtful on top; accept and write them, each exactly once.

    What a ticket had before is kept, so that `scout classify undo` restores exactly that. A label of another class of
    the same taxonomy goes. Ends with exit code 3 when a ticket had to be left alone.

    Examples:

        scout classify apply

        scout classify apply --accept rocket --live
    """
    from scout.cli.classify_look import show_batches
    from scout.cli.look import progress
    from scout.service.classify_apply import apply as offer

    work = workspace(HERE, now, config)
    with progress("Comparing") as step:
        report = offer(work, name, accept=accept or (), live=live, sure_only=sure_only, actor=actor, step=step)
    finish(report, lambda out: show_batches(out, report), as_json=as_json, code=3 if report.failed else 0)


@group.command()
def undo(
    name: RunName = None,
    live: Annotated[bool, typer.Option("--live", help="Write into trackers what was there before.")] = False,
    actor: Actor = "reviewer",
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Take a run back: the classes, and with --live the labels; what people changed since is left alone and told.

    Examples:

        scout classify undo

        scout classify undo r-20260301-3fa2c1 --live
    """
    from scout.cli.classify_look import show_undo
    from scout.cli.look import progress
    from scout.service.classify_undo import undo as take_back

    work = workspace(HERE, now, config)
    with progress("Restoring") as step:
        report = take_back(work, name, live=live, actor=actor, step=step)
    code = 3 if report.held else 1 if report.written and not report.live else 0
    finish(report, lambda out: show_undo(out, report), as_json=as_json, code=code)


def _wishes(
    files: list[Path] | None, projects: list[str] | None, taxonomy: str, waves: str | None, *, every: bool, again: bool
) -> "Wishes":
    from scout.service.classify_plan import Wishes

    try:
        sizes = tuple(int(one) for one in waves.split(",")) if waves else ()
    except ValueError:
        raise UsageError(f"'{waves}' are no numbers of workers.", "Give numbers such as 5,4.") from None
    return Wishes(
        projects=tuple(projects or ()),
        files=tuple(files or ()),
        every=every,
        taxonomy=taxonomy,
        waves=sizes,
        again=again,
    )


def _ask_here() -> "Asker | None":
    """Return what asks the person at the terminal; None where nobody sits there."""
    import sys

    return _Terminal() if sys.stdin.isatty() and sys.stderr.isatty() else None


class _Terminal:
    """Asks the person at the terminal."""

    def __call__(self, worker: str, about: str, wants: str, context: str) -> bool:
        """Return whether the person says yes."""
        from scout.cli.look import unsteered

        typer.echo(unsteered(f"\n{worker} asks about its {about}: {wants}"), err=True)
        if context:
            typer.echo(unsteered(f"  because {context}"), err=True)
        return typer.confirm("Yes?", default=False, err=True)
