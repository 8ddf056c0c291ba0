"""How good Scout's judgement is, on data that people have labelled: eval."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.evaluate_demand import demand
from scout.cli.evaluate_lifecycle import lifecycle
from scout.cli.evaluate_policy import policy
from scout.cli.options import HERE, AsJson, Config, ProjectName, finish, workspace

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.evaluate_duplicates import DuplicatesEvaluation, Recall
    from scout.service.evaluate_readiness import Miss, ReadinessEvaluation

_INTERVALS = "In brackets: the interval of 95 %."
_AREA = "Area: the chance that a ready text scores higher than one that is not; 0.5 is chance."

group = typer.Typer(
    no_args_is_help=True,
    help="Measure Scout's judgement on data that people have labelled.\n\n"
    "The data are JSON lines, plain or as .gz; the figures decide nothing: the exit code is 0 whatever they are.",
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group.command()(demand)
    group.command()(policy)
    group.command()(lifecycle)
    app.add_typer(group, name="eval")


@group.command()
def readiness(
    data: Annotated[list[Path], typer.Argument(metavar="DATA", help="Files of JSON lines, plain or as .gz.")],
    misses: Annotated[int, typer.Option(min=0, help="How many of the worst misses to show.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Compare readiness with what people said: area under the curve, reliability, worst misses, two baselines.

    A line has `id` (or `instance_id`), `title` and `body` (or `problem_statement`), and when there are any
    `comments`, `labels`, `links` and `repository`. Its label is `ready` (true or false), else `underspecified` (a
    rating; from 2 on it is not ready). Lines without a label are scored all the same; lines that cannot be read are
    told and left out.

    Examples:

        scout eval readiness labelled.jsonl.gz
        scout eval readiness mine.jsonl theirs.jsonl --misses 30 --json
    """
    from scout.cli.look import progress
    from scout.service.evaluate_readiness import evaluate_readiness

    with progress("Judging"):
        report = evaluate_readiness(data, misses)
    finish(report, lambda out: _show_readiness(out, report), as_json=as_json)


@group.command()
def duplicates(
    data: Annotated[list[Path], typer.Argument(metavar="DATA", help="Archives of tickets, or JSON lines; also .gz.")],
    project: ProjectName = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Look up linked duplicates among all tickets: recall beside BM25 and plain TF-IDF, and what would be merged.

    Archives are those that `scout import` takes: Jira's links of type Duplicate and GitHub's 'Duplicate of #1' count.
    A line of JSON has `id`, `title`, `body`, and `duplicates` or `duplicate_of` (keys), or `links` (`type`, `target`).
    With several files each is a project of its own. Where the settings name an `embedding_model`, and the project for
    it, a ranking more shows what it brings: texts of the data are sent there, at the cost of that project's budget.

    Examples:

        scout eval duplicates issues.jsonl.gz
        scout eval duplicates mine.jsonl --json
    """
    from scout.cli.look import progress
    from scout.service.evaluate_duplicates import evaluate_duplicates
    from scout.service.meaning import meaning

    work = workspace(HERE, None, config)
    named = work.loaded.settings.llm.embedding_model is not None
    meant = meaning(work, work.project(project)) if named else None
    with progress("Comparing"):
        report = evaluate_duplicates(data, meant)
    finish(report, lambda out: _show_duplicates(out, report), as_json=as_json)


def _show_duplicates(out: "Console", report: "DuplicatesEvaluation") -> None:
    from scout.cli.look import heading, plain, table

    out.print(heading(f"{report.tickets} tickets, {report.queries} linked as duplicates of another one of them"))
    for line in report.skipped:
        out.print(plain(f"Skipped: {line.file}, line {line.line}: {line.reason}"), style="yellow")
    if report.queries:
        rows = [
            (one.ranking, str(report.queries), *map(_recall, one.recalls), f"{one.mean_reciprocal_rank:.3f}")
            for one in report.rankings
        ]
        out.print(table(("ranking", ">n", ">recall@1", ">recall@10", ">mean reciprocal rank"), rows, flexible=0))
        out.print(plain(_INTERVALS), style="dim")
        for note in report.notes:
            out.print(plain(note), style="yellow")
    else:
        out.print("Nobody linked a duplicate: there is nothing to compare with. What is nearest is in --json.")
    linked = sum(one.linked for one in report.merges)
    said = f"{len(report.merges)} pairs would be merged (cosine {report.threshold:.2f} and up), {linked} linked"
    out.print(f"\n{said}", style="bold")
    pairs = [
        (one.one, one.other, f"{one.words:.2f}", "linked" if one.linked else "", _titles(one.title, one.other_title))
        for one in report.merges
    ]
    if pairs:
        out.print(table(("ticket", "same as", ">cosine", "", "titles"), pairs))


def _titles(one: str, other: str) -> str:
    return one if one.strip().casefold() == other.strip().casefold() else f"{one}\n{other}"


def _recall(found: "Recall") -> str:
    return f"{found.recall:.3f} [{found.low:.2f}, {found.high:.2f}]"


def _show_readiness(out: "Console", report: "ReadinessEvaluation") -> None:
    from scout.cli.look import heading, plain, table

    out.print(heading(f"{report.texts} texts, {report.labelled} labelled, {report.not_ready} of them not ready"))
    for line in report.skipped:
        out.print(plain(f"Skipped: {line.file}, line {line.line}: {line.reason}"), style="yellow")
    if not report.labelled:
        out.print("No text has a label: there is nothing to compare with. The scores are in --json.")
        return
    rows = [
        (a.scorer, _interval(a.auc, a.low, a.high), _interval(a.within, a.within_low, a.within_high))
        for a in report.areas
    ]
    out.print(table(("scorer", ">area under the curve", ">within repositories"), rows, flexible=0))
    out.print(plain(f"{_AREA} {_INTERVALS}"), style="dim")
    out.print("\nBy repository", style="bold")
    places = [
        (r.repository, str(r.rows), str(r.not_ready), _interval(r.auc, r.low, r.high)) for r in report.repositories
    ]
    out.print(table(("repository", ">texts", ">not ready", ">area"), places, flexible=0))
    out.print("\nReliability: what share was ready, by score", style="bold")
    bins = [(f"{b.low:.1f}–{b.high:.1f}", str(b.rows), f"{b.score:.2f}", f"{b.ready:.2f}") for b in report.reliability]
    out.print(table(("score", ">texts", ">mean", ">ready"), bins))
    _show_criteria(out, report)
    _show_misses(out, report.misses)


def _show_criteria(out: "Console", report: "ReadinessEvaluation") -> None:
    from scout.cli.look import table

    listed = any(one.listed for one in report.criteria)
    out.print("\nCriteria" + (", and what people found missing" if listed else ""), style="bold")
    columns = ["criterion", ">asked", ">area"]
    columns += [">failed", ">people", ">both", ">prec.", ">recall", ">kappa"] if listed else []
    rows: list[list[str]] = []
    for one in report.criteria:
        row = [one.criterion, str(one.asked), _figure(one.auc)]
        if listed:
            row += [str(one.failed), str(one.said), str(one.both)]
            row += [_figure(one.precision), _figure(one.recall), _figure(one.kappa)]
        rows.append(row)
    out.print(table(columns, rows, flexible=0))


def _show_misses(out: "Console", misses: "tuple[Miss, ...]") -> None:
    from scout.cli.look import table, under

    if not misses:
        return
    out.print("\nWorst misses, to read", style="bold")
    rows = [
        (
            one.id,
            "ready" if one.ready else "not ready",
            f"{one.score:.2f}",
            under(
                one.title + (f" (missing: {', '.join(one.missing)})" if one.missing else ""),
                "\n".join([*one.because, ""]),
            ),
        )
        for one in misses
    ]
    out.print(table(("id", "people say", ">score", "title, and what weighed most"), rows))


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _interval(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if low is None or high is None else f"{value:.3f} [{low:.2f}, {high:.2f}]"
