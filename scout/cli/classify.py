"""A whole backlog classified in one sitting: classify plan, run, status, answer, apply, undo."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli import classify_people as people
from scout.cli import classify_why
from scout.cli.classify_people import asker
from scout.cli.options import HERE, Actor, AsJson, Config, Now, finish, workspace
from scout.errors import UsageError

if TYPE_CHECKING:
    from scout.service.classify_plan import Wishes
    from scout.service.classify_report import ClassificationReport

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
    people.add_to(group)
    classify_why.add_to(group)
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
    from os import cpu_count

    from scout.cli.classify_live import board
    from scout.cli.classify_look import show_report
    from scout.service.classify_output import write
    from scout.service.classify_run import Workforce, classify
    from scout.service.classify_status import watching

    work = workspace(HERE, now, config)
    with board() as shown:
        asks, turn, count = asker(shown.silent), watching(shown.show), at_once or cpu_count() or 1
        force = Workforce(at_once=count, patience=patience, ask=asks, turn=turn)
        wanted = _wishes(files, project, taxonomy, waves, every=every, again=again)
        report = classify(work, wanted, force, name=resume, step=shown.step)
    if output:
        write(work, report.run, output)
    finish(report, lambda out: show_report(out, report, output), as_json=as_json, code=_ended(report))


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
def apply(
    name: RunName = None,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar="PROJECT|all", help="Accept this batch; may be repeated.")
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Write what is accepted; without it nothing is.")] = False,
    sure_only: Annotated[bool, typer.Option("--sure-only", help="Leave doubtful tickets out.")] = False,
    make_labels: Annotated[bool, typer.Option("--make-labels", help="Make labels that the tracker lacks.")] = False,
    actor: Actor = "reviewer",
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Show each project's batch of labels, the doubtful on top; accept and write them, each exactly once.

    What a ticket had before is kept, so that `scout classify undo` restores exactly that. A label of another class of
    the same taxonomy goes. Labels that a tracker lacks are made only with --make-labels, or when the question here is
    answered with yes. Ends with exit code 3 when a ticket had to be left alone.

    Examples:

        scout classify apply
        scout classify apply --accept rocket --live
    """
    from scout.cli.classify_look import show_batches
    from scout.cli.look import progress
    from scout.service.classify_apply import apply as offer

    work = workspace(HERE, now, config)
    with progress("Comparing") as step:
        report = offer(
            work,
            name,
            accept=accept or (),
            live=live,
            sure_only=sure_only,
            make_labels=make_labels,
            actor=actor,
            step=step,
        )
    if live and not make_labels and _agreed([label for one in report.batches if one.held for label in one.new]):
        with progress("Labelling") as step:
            report = offer(work, name, live=True, make_labels=True, actor=actor, step=step)
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


def _ended(report: "ClassificationReport") -> int:
    return 1 if report.stops else 3 if report.notes else 0


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


def _agreed(labels: list[str]) -> bool:
    """Ask the person at the terminal whether labels may be made; nobody there means no."""
    import sys

    if not labels or not sys.stdin.isatty() or not sys.stderr.isatty():
        return False
    return typer.confirm(f"Make the labels {', '.join(dict.fromkeys(labels))}?", default=False, err=True)
