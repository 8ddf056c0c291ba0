"""How runs of the lifecycle fan-out look in a terminal."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from scout.cli.look import heading, plain, table, under

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.classify_apply import ApplyReport, Batch, Change
    from scout.service.classify_plan import ClassificationPlan
    from scout.service.classify_report import ClassificationReport
    from scout.service.classify_settle import SettleReport, Unsettled
    from scout.service.classify_status import AnswerReport, ClassificationStatus, OpenQuestion
    from scout.service.classify_undo import UndoReport

_PROJECTS = 12
_SHOWN = 10


def show_plan(out: "Console", report: "ClassificationPlan") -> None:
    """Show slices, waves and what they may take."""
    passed = f", {report.unchanged} have not changed and are passed over" if report.unchanged else ""
    out.print(heading(f"{report.tickets} tickets to classify ({report.taxonomy}){passed}"))
    _notes(out, report.notes)
    _notes(out, tuple(f"Several classes on {one}" for one in report.twice))
    if not report.tickets:
        out.print("There is nothing to do.")
        return
    rows = [(one.worker, str(one.wave), str(one.tickets), _counts(one.projects)) for one in report.slices]
    out.print(table(("worker", ">wave", ">tickets", "of"), rows))
    minutes = "less than a minute" if report.minutes < 1 else f"about {report.minutes:.0f} minutes"
    asks = f"; a model is asked about {report.asked} of them: {report.tokens:,} tokens, {report.money:g} money"
    out.print(plain(f"\n{minutes}{asks if report.asked else ', no model is asked'}"))
    out.print(plain(f"Briefs: {report.folder}/workers/*/brief.md"), style="dim")
    out.print("Start with: scout classify run", style="dim")


def show_report(out: "Console", report: "ClassificationReport", output: Path | None = None) -> None:
    """Show what came of a run."""
    passed = f", {report.unchanged} unchanged and passed over" if report.unchanged else ""
    out.print(heading(f"{report.run}: {report.phase}, {report.tickets} tickets, each with one class{passed}"))
    _notes(out, report.notes)
    _notes(out, tuple(f"Several classes on {one}" for one in report.twice))
    if report.tickets:
        names = sorted(report.classes, key=lambda name: -report.classes[name])
        lines = [("all", *(str(report.classes[name]) for name in names))] if len(report.projects) != 1 else []
        by_size = sorted(report.projects.items(), key=lambda one: -sum(one[1].values()))
        lines += [(name, *(str(counts.get(one, 0)) for one in names)) for name, counts in by_size[:_PROJECTS]]
        out.print(table(("project", *(f">{name}" for name in names)), lines, flexible=0))
    _show_asked(out, report)
    _show_audit(out, report)
    if report.shown:
        out.print(f"\nThe least sure of {report.doubtful} that somebody should look at", style="bold")
        rows = [
            (one.key, one.meaning, one.second, f"{one.confidence:.2f}", under(one.title, f"{one.doubt}; {one.reason}"))
            for one in report.shown[:_SHOWN]
        ]
        out.print(table(("ticket", "class", "or", ">sure", "title, and why"), rows))
        out.print("Settle them: scout classify settle", style="dim")
    if report.stops:
        out.print(plain(f"\nNothing is offered for application: {report.stops}."), style="bold yellow")
    if output:
        out.print(plain(f"\nWritten: {output}"), style="dim")


def show_status(out: "Console", report: "ClassificationStatus") -> None:
    """Show how far a run is."""
    _questions(out, report.questions)
    show_report(out, report.outcome)
    unfinished = [one for one in report.workers if not one.finished]
    if unfinished:
        out.print("\nWorkers that have not finished", style="bold")
        out.print(table(("worker", ">at", ">of"), [(one.worker, str(one.at), str(one.tickets)) for one in unfinished]))
    if report.events:
        out.print("\nWhat happened", style="bold")
        rows = [
            (one.at[11:19], one.verb, one.worker, " ".join(filter(None, (one.subject, _details(one.details)))))
            for one in report.events
        ]
        out.print(table(("at", "what", "who", "about"), rows))


def show_answer(out: "Console", report: "AnswerReport") -> None:
    """Show a question with its answer."""
    out.print(plain(f"{report.worker}: {'yes' if report.yes else 'no'}: {report.wants}"))


def show_unsettled(out: "Console", report: "Unsettled") -> None:
    """Show what waits for a person, batch by batch."""
    out.print(heading(f"{report.run}: {report.tickets} tickets in doubt"))
    for batch in report.batches[:_PROJECTS]:
        out.print(
            plain(f"\n{batch.id}  {batch.project}: {batch.meaning}, or {batch.second}? ({batch.why})"), style="bold"
        )
        rows = [(one.key, f"{one.confidence:.2f}", under(one.title, one.doubt)) for one in batch.tickets]
        out.print(table(("ticket", ">sure", "title, and why it is in doubt"), rows))
    if len(report.batches) > _PROJECTS:
        out.print(plain(f"\n… and {len(report.batches) - _PROJECTS} more batches"), style="dim")
    if report.batches:
        out.print("\nSettle them with one key each, in a terminal: scout classify settle", style="dim")


def show_settled(out: "Console", report: "SettleReport") -> None:
    """Show what was settled."""
    out.print(plain(f"{len(report.tickets)} settled as {report.meaning}, {report.changed} otherwise than was guessed."))
    out.print(plain(f"{report.left} are left: scout classify settle" if report.left else "None is left."), style="dim")


def show_undo(out: "Console", report: "UndoReport") -> None:
    """Show what was taken back."""
    if report.written and not report.live:
        out.print(heading(f"{report.run} has written {report.written} labels"))
        out.print("Nothing was changed. Take them back with: scout classify undo --live", style="dim")
        return
    out.print(heading(f"{report.run} was taken back"))
    if report.written:
        out.print(plain(f"{report.undone} of {report.written} tickets have the labels they had before."))
    out.print(plain(f"{report.restored} tickets have the class they had before, {report.cleared} had none."))
    if report.skipped:
        out.print(plain(f"{report.skipped} got another class since and were left alone."), style="yellow")
    for project, held in report.held.items():
        _held(out, project, held)


def show_batches(out: "Console", report: "ApplyReport") -> None:
    """Show what a run offers to trackers, the doubtful first."""
    for batch in report.batches:
        out.print(heading(f"{batch.project}: {batch.changes} of {batch.changes + batch.same} tickets would change"))
        if batch.reason:
            out.print(plain(f"Not offered: {batch.reason}"), style="yellow")
            continue
        _batch(out, batch)
        _held(out, batch.project, batch.held)
    if report.live:
        out.print(plain(f"{report.written} written, {report.failed} left alone."), style="bold")
    else:
        out.print(
            "Nothing was written. Accept and write with: scout classify apply --accept PROJECT --live", style="dim"
        )


def _batch(out: "Console", batch: "Batch") -> None:
    labels = ", ".join(f"{name} {count}" for name, count in batch.labels.items())
    out.print(plain(f"Labels: {labels}" if labels else "Every ticket has its label already."))
    if batch.new:
        out.print(plain(f"To be made first: {', '.join(batch.new)}"))
    if batch.lost:
        out.print(plain(f"{batch.lost} are closed or gone by now."), style="yellow")
    rows = [*_changes(batch.doubtful[:_SHOWN]), *_changes(batch.sample)]
    if rows:
        out.print(table(("ticket", "label", ">sure", "title, and why"), rows))
    if len(batch.doubtful) > _SHOWN:
        out.print(plain(f"… and {len(batch.doubtful) - _SHOWN} more that are doubtful"), style="dim")
    if batch.accepted:
        out.print(plain(f"{batch.accepted} accepted, {batch.written} written."))


def _changes(changes: "Iterable[Change]") -> list[tuple[str, str, str, Text]]:
    return [
        (
            one.ticket,
            one.label + (f" (not {', '.join(one.gone)})" if one.gone else ""),
            f"{one.confidence:.2f}",
            under(one.title, "; ".join(filter(None, (one.doubt, one.reason)))),
        )
        for one in changes
    ]


def _held(out: "Console", project: str, held: "dict[str, str]") -> None:
    together: dict[str, list[str]] = {}
    for ticket, why in held.items():
        together.setdefault(why, []).append(ticket)
    for why, tickets in list(together.items())[:_SHOWN]:
        named = ", ".join(tickets[:_SHOWN]) + (f" and {len(tickets) - _SHOWN} more" if len(tickets) > _SHOWN else "")
        out.print(plain(f"{project} {named} left alone: {why}"), style="yellow")
    if len(together) > _SHOWN:
        out.print(plain(f"… and {sum(map(len, list(together.values())[_SHOWN:]))} more"), style="yellow")


def _show_audit(out: "Console", report: "ClassificationReport") -> None:
    if report.agreement is None:
        return
    found = report.agreement
    kappa = "–" if found.kappa is None else f"{found.kappa:.2f}"
    if found.low is not None and found.high is not None:
        kappa += f" [{found.low:.2f}, {found.high:.2f}]"
    said = (
        f"\nAudited {found.audited}, {found.blind} of them blindly: kappa {kappa}; {report.corrected} corrected, "
        f"{report.disputed} disputed; {report.restarts} workers started again, {len(report.set_aside)} tickets aside"
    )
    out.print(plain(said))
    for one in report.corrections:
        out.print(plain(f"  {one.count} × {one.first} was {one.second}: {one.case}"))
    for rule, count in report.overruled.items():
        out.print(plain(f"  people overruled {rule}, {count} ×"), style="yellow")
    took = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report.seconds.items())
    out.print(plain(took), style="dim")


def _show_asked(out: "Console", report: "ClassificationReport") -> None:
    if (asked := report.asked) is None:
        return
    said = f"A model was asked about {asked.tickets} tickets and decided {asked.answered}"
    said += f", {asked.differs} of them not as the rules lean; {asked.checked} were asked about twice"
    out.print(plain(said))
    for why, count in asked.unanswered.items():
        out.print(plain(f"  {count} × {why.replace('_', ' ')}"))


def _questions(out: "Console", asked: "tuple[OpenQuestion, ...]") -> None:
    for one in asked:
        out.print(plain(f"{one.worker} asks about its {one.about}: {one.wants}"), style="bold yellow")
        if one.context:
            out.print(plain(f"  because {one.context}"))
        out.print(plain(f"  scout classify answer {one.worker} yes|no --run {one.run}\n"), style="dim")


def _notes(out: "Console", notes: "tuple[str, ...]") -> None:
    for note in notes:
        out.print(plain(note), style="yellow")


def _counts(counts: "dict[str, int]") -> str:
    ordered = sorted(counts.items(), key=lambda one: -one[1])
    return ", ".join(f"{name} {count}" for name, count in ordered)


def _details(details: "dict[str, str]") -> str:
    return "; ".join(f"{name} {value}" for name, value in details.items())
