"""How well classes agree with what people said: eval lifecycle."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import AsJson, finish

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.evaluate_lifecycle import AgreementLine, LifecycleEvaluation


def lifecycle(
    data: Annotated[list[Path], typer.Argument(metavar="DATA", help="Files of JSON lines, plain or as .gz.")],
    taxonomy: Annotated[
        str, typer.Option("--taxonomy", metavar="NAME|FILE", help="One that Scout brings, or a file ending with .toml.")
    ] = "gtd",
    as_json: AsJson = False,
) -> None:
    """Compare classes with what people said: kappa with intervals, every class, two baselines.

    A line has `id`, `title` and `body`, and when there are any `labels`, `type`, `status`, `links`, `comments`,
    `created`, `updated` and `as_of`; its label is `gold`, the id of a class. Lines without a label are classified all
    the same; lines that cannot be read are told and left out. Nothing is fitted to the labels but the bag of words,
    which is judged by five-fold cross-validation.

    Examples:

        scout eval lifecycle dev.jsonl
        scout eval lifecycle mine.jsonl --taxonomy risk --json
    """
    from scout.cli.look import progress
    from scout.service.evaluate_lifecycle import evaluate_lifecycle

    with progress("Classifying"):
        report = evaluate_lifecycle(data, taxonomy)
    finish(report, lambda out: _show(out, report), as_json=as_json)


def _show(out: "Console", report: "LifecycleEvaluation") -> None:
    from scout.cli.look import heading, plain, table

    out.print(heading(f"{report.texts} texts, {report.labelled} labelled; taxonomy {report.taxonomy}"))
    for line in report.skipped:
        out.print(plain(f"Skipped: {line.file}, line {line.line}: {line.reason}"), style="yellow")
    if not report.labelled:
        out.print("No text has a label: there is nothing to compare with. The classes are in --json.")
        return
    rows = [
        (one.classifier, str(one.rows), _figure(one.accuracy), _figure(one.macro_f1), _kappa(one))
        for one in report.table
    ]
    out.print(table(("classifier", ">texts", ">accuracy", ">macro-F1", ">kappa"), rows, flexible=0))
    out.print("\nClasses", style="bold")
    classes = [
        (
            one.name,
            *(str(count) for count in (one.gold, one.predicted, one.both)),
            *(_figure(value) for value in (one.precision, one.recall, one.f1, one.kappa)),
        )
        for one in report.classes
    ]
    columns = ("class", ">people", ">rules", ">both", ">prec.", ">recall", ">F1", ">kappa")
    out.print(table(columns, classes, flexible=0))
    out.print("\nWhat people said (rows), and what the rules say", style="bold")
    names = [one.name for one in report.classes]
    seen = [(gold, *(str(row.get(name, 0) or "·") for name in names)) for gold, row in report.confusion.items()]
    out.print(table(("", *(f">{name}" for name in names)), seen, flexible=0))
    out.print("\nWhat is left at a floor of confidence", style="bold")
    floors = [
        (f"{one.floor:.1f}", str(one.rows), f"{one.coverage:.0%}", _figure(one.accuracy), _figure(one.kappa))
        for one in report.coverage
    ]
    out.print(table(("floor", ">texts", ">coverage", ">accuracy", ">kappa"), floors, flexible=0))


def _kappa(line: "AgreementLine") -> str:
    if line.kappa is None or line.kappa_low is None or line.kappa_high is None:
        return _figure(line.kappa)
    return f"{line.kappa:.3f} [{line.kappa_low:.2f}, {line.kappa_high:.2f}]"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
