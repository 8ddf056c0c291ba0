"""Learn from a project's closed tickets what a readiness total is worth there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic import ValidationError

from scout.model import Frozen, Passing, Report
from scout.readiness import Factors, Judged, all_criteria, assess, rubric_digest
from scout.readiness.calibration import (
    BINS,
    ENOUGH,
    ENOUGH_OF_EACH,
    Calibration,
    Chance,
    calibrate,
    chance,
    outcome,
)
from scout.readiness.effects import Effect, Past
from scout.service import snapshot
from scout.service.outcomes import lessons
from scout.service.wiring import Project, Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import endings as table

MOST = 2_000
"""Closed tickets that are judged, the newest: what was true years ago says little about today."""
GROWTH = 0.1
"""Share by which the history has to grow before it is learned anew: weights that change every day explain nothing."""
_TODAY = "The texts are those of today, without comments, but for what Scout has filed: there it is the text as filed."


@dataclass(frozen=True)
class Learned:
    """What is known of a project's history and of the others'; empty before anything was learned."""

    own: Calibration | None = None
    others: tuple[Calibration, ...] = ()

    @property
    def factors(self) -> Factors:
        """What is left of weights."""
        return self.own.factors if self.own else ()

    def chance(self, total: float) -> Chance:
        """Return the chance that a ticket with this total is finished without being sent back."""
        return chance(total, self.own, self.others)


class CurvePoint(Frozen):
    """A tenth of the scale: `low` ≤ total < `high`, how its tickets ended, and the chance that follows."""

    low: float
    high: float
    tickets: int
    done: int
    chance: Chance


class CalibrationReport(Report):
    """What readiness is worth in a project.

    Attributes:
        tickets: how many closed tickets have an end that says something about their text.
        done: how many of them were finished without being sent back.
        enough: whether weights follow this history.
        curve: by score, from 0; totals are those by learned weights.
        effects: of each criterion among texts of like length; `total` and `length` likewise.
        notes: what a reader should know.
    """

    schema_id: ClassVar[str] = "scout.calibration/1"

    project: str
    tickets: int
    done: int
    enough: bool
    curve: tuple[CurvePoint, ...]
    effects: tuple[Effect, ...]
    total: Effect
    length: Effect
    notes: tuple[str, ...]


def learned(work: Workspace, project: Project) -> Learned:
    """Return what was learned last; it costs one short read."""
    try:
        with work.warehouse.reading() as connection:
            kept = table.calibrations(connection)
    except NoWarehouseError:
        return Learned()
    return _of(project, {name: payload for name, (_, payload) in kept.items()})


def published(work: Workspace, project: Project) -> Learned:
    """Return what was learned when the last run published it: for decisions, which never wait for a run.

    Raises:
        StoreError: the snapshot cannot be read.
    """
    return _of(project, {name: part.get("taught") for name, part in snapshot.by_project(work).items()})


def _of(project: Project, taught: Mapping[str, object]) -> Learned:
    """Return what is known to a project of calibrations by project, as JSON; what is none is passed over."""
    known = {name: made for name, one in taught.items() if isinstance(one, str) and (made := _read(one)) is not None}
    return Learned(known.get(project.id), tuple(one for name, one in known.items() if name != project.id))


def learn(work: Workspace, project: Project) -> Learned:
    """Learn anew when the rubric has changed or the history has grown by a tenth; return what is known then."""
    with work.warehouse.reading() as connection:
        closed = table.closed(connection, project.id)
        before = table.calibrations(connection).get(project.id)
    if not _due(before, closed):
        return learned(work, project)
    made = _calibration(work, project)
    with work.warehouse.writing() as connection:
        table.replace(connection, project.id, made.rubric, closed, made.model_dump_json())
    return learned(work, project)


def calibration(work: Workspace, project: Project) -> CalibrationReport:
    """Return what readiness is worth in a project, learned now from what was pulled; nothing is written.

    Raises:
        StoreError: nothing was ever pulled.
    """
    known = Learned(_calibration(work, project), learned(work, project).others)
    own = known.own or calibrate((), (), rubric_digest())
    points = (
        CurvePoint(
            low=at / BINS,
            high=(at + 1) / BINS,
            tickets=tenth.tickets,
            done=tenth.done,
            chance=known.chance((at + 0.5) / BINS),
        )
        for at, tenth in enumerate(own.tenths)
    )
    return CalibrationReport(
        project=project.id,
        tickets=own.tickets,
        done=own.done,
        enough=own.enough,
        curve=tuple(points),
        effects=own.effects,
        total=own.total,
        length=own.length,
        notes=tuple(_notes(own, known.others)),
    )


def _calibration(work: Workspace, project: Project) -> Calibration:
    """Return what the history says, totals counted by the weights that it leaves."""
    with work.warehouse.reading() as connection:
        ended = table.endings(connection, project.id, MOST)
    names, rubric = [criterion.id for criterion in all_criteria()], rubric_digest()
    ours = _ours(work, project)
    texts: list[tuple[Judged, int, bool]] = []
    for one in ended:
        done = outcome(one.state, one.resolution, one.labels, sent_back=one.sent_back)
        title, body, end = ours.get(one.key, (one.title, one.body, done))
        if end is not None:
            texts.append((Judged.of(title, body, kind=one.kind), len(title) + len(body), end))
    made = calibrate([_past(*text) for text in texts], names, rubric)
    if not made.factors:
        return made
    again = calibrate([_past(*text, calibration=made) for text in texts], names, rubric)
    return made.having(tenths=again.tenths, total=again.total)


def _ours(work: Workspace, project: Project) -> dict[str, tuple[str, str, bool | None]]:
    """Return by ticket the text that Scout filed, and whether it was finished: what stands there now may be another."""
    lives = [one for one in work.ledger.candidates(project=project.id) if one.ticket and not one.refines]
    told = lessons(work, project, lives)
    return {one.ticket: (one.draft.title, one.draft.body, told[one.id].done) for one in lives if one.id in told}


def _past(text: Judged, length: int, done: bool, calibration: Calibration | None = None) -> Past:  # noqa: FBT001 - a fact
    judged = assess(text, calibration.factors if calibration else ())
    asked = {one.criterion: one.score for one in judged.verdicts if one.passing is not Passing.NOT_APPLICABLE}
    return Past(total=judged.total, length=length, scores=asked, done=done)


def _due(before: tuple[int, str] | None, closed: int) -> bool:
    if before is None:
        return closed > 0
    tickets, payload = before
    known = _read(payload)
    return known is None or closed >= tickets * (1 + GROWTH) + 1


def _read(payload: str) -> Calibration | None:
    """Return a calibration that was learned by today's rubric; None for any other."""
    try:
        known = Calibration.model_validate_json(payload)
    except ValidationError:  # of another version of Scout: learned anew
        return None
    return known if known.rubric == rubric_digest() else None


def _notes(own: Calibration, others: tuple[Calibration, ...]) -> Iterator[str]:
    yield _TODAY
    back = own.tickets - own.done
    if not own.enough:
        yield (
            f"Weights stay as they are: {own.tickets} tickets with a known end, {back} of them sent back; at least "
            f"{ENOUGH} are needed, and {ENOUGH_OF_EACH} of each end."
        )
    if others:
        yield f"Where there is little, the history of {len(others)} other projects stands in."
    if own.total.low is not None and own.total.low <= 1 / 2:
        yield "Among texts of like length the total does not tell, in this history, which were finished."
