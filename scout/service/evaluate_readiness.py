"""How well readiness agrees with what people said about texts, beside two baselines that anything has to beat."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from scout.model import Frozen, Passing, Readiness, Report, Verdict
from scout.readiness import Criterion, Judged, all_criteria, assess, rubric_digest
from scout.readiness.baselines import headings, length
from scout.readiness.figures import Area, Scored, agreement, area, bins
from scout.service.labelled import BadLine, LabelledText, read

MISSES = 10
_SHOWN_DIGITS = 4


class AreaLine(Frozen):
    """One scorer's area under the curve over all pairs and over pairs of one repository; None where there are none.

    Attributes:
        low: end of the interval of 95 %; `high` the other; likewise `within_low` and `within_high`.
    """

    scorer: str
    auc: float | None
    low: float | None
    high: float | None
    within: float | None
    within_low: float | None
    within_high: float | None


class RepositoryLine(Frozen):
    """The area under the curve in one repository."""

    repository: str
    rows: int
    not_ready: int
    auc: float | None
    low: float | None
    high: float | None


class BinLine(Frozen):
    """One bin of the reliability curve: mean score and share of ready texts of `rows` texts in [low, high)."""

    low: float
    high: float
    rows: int
    score: float
    ready: float


class CriterionLine(Frozen):
    """One criterion against people.

    Attributes:
        asked: of how many labelled texts it was asked.
        auc: of its score alone against ready or not.
        listed: rows with a list of what is missing, of which it was asked; 0 without such lists.
        failed: how often it failed among those; `said` how often people missed it; `both` how often both.
        precision: share of its failures that people missed, too; `recall` share of what people missed that it found.
        kappa: agreement beyond chance.
    """

    criterion: str
    gate: bool
    asked: int
    auc: float | None
    listed: int
    failed: int
    said: int
    both: int
    precision: float | None
    recall: float | None
    kappa: float | None


class Miss(Frozen):
    """A text that people and rubric judge most differently.

    Attributes:
        rank: 0..1, its place among all by score: a ready one near 0 and another near 1 are the worst.
        because: the verdicts that weighed most in the wrong direction.
    """

    id: str
    ready: bool
    score: float
    rank: float
    title: str
    missing: tuple[str, ...]
    because: tuple[str, ...]


class ScoredRow(Frozen):
    """One text's score, so that anyone can recompute the figures."""

    id: str
    repository: str
    score: float
    ready: bool | None
    length: float
    headings: float
    failed_gates: tuple[str, ...]


class SkippedLine(Frozen):
    """A line that could not be read."""

    file: str
    line: int
    reason: str


class ReadinessEvaluation(Report):
    """Readiness against what people said.

    Attributes:
        labelled: rows with a label, `not_ready` of them (the positive class of 'underspecified').
        areas: the rubric first, then the baselines.
        rows: every text with its score, labelled or not.
    """

    schema_id: ClassVar[str] = "scout.evaluation.readiness/1"

    files: tuple[str, ...]
    rubric: str
    texts: int
    labelled: int
    not_ready: int
    areas: tuple[AreaLine, ...]
    repositories: tuple[RepositoryLine, ...]
    reliability: tuple[BinLine, ...]
    criteria: tuple[CriterionLine, ...]
    misses: tuple[Miss, ...]
    skipped: tuple[SkippedLine, ...]
    rows: tuple[ScoredRow, ...]


@dataclass(frozen=True)
class _Judgement:
    """A labelled text and what the rubric says."""

    text: LabelledText
    readiness: Readiness

    @cached_property
    def verdicts(self) -> Mapping[str, Verdict]:
        return {one.criterion: one for one in self.readiness.verdicts}


def evaluate_readiness(files: Sequence[Path], misses: int = MISSES) -> ReadinessEvaluation:
    """Judge the texts of files of JSON lines and compare the scores with the labels that are there.

    Args:
        files: JSON lines, also packed.
        misses: how many of the worst misses to tell.

    Raises:
        UsageError: a file cannot be opened.
    """
    lines = list(read(files))
    judged = [_Judgement(one, _assessed(one)) for one in lines if isinstance(one, LabelledText)]
    labelled = [one for one in judged if one.text.ready is not None]
    return ReadinessEvaluation(
        files=tuple(path.name for path in files),
        rubric=rubric_digest(),
        texts=len(judged),
        labelled=len(labelled),
        not_ready=sum(not one.text.ready for one in labelled),
        areas=tuple(_area_line(name, labelled, score) for name, score in _SCORERS.items()),
        repositories=_repositories(labelled),
        reliability=tuple(BinLine(**one._asdict()) for one in bins(_scored(labelled, _total))),
        criteria=tuple(_criterion_line(one, labelled) for one in all_criteria()),
        misses=_misses(labelled, misses),
        skipped=tuple(SkippedLine(**one._asdict()) for one in lines if isinstance(one, BadLine)),
        rows=tuple(_row(one) for one in judged),
    )


def _assessed(text: LabelledText) -> Readiness:
    return assess(Judged.of(text.title, text.body, kind=text.kind, comments=text.comments, blocked_by=text.blocked_by))


def _total(one: _Judgement) -> float:
    return one.readiness.total


_SCORERS: dict[str, Callable[[_Judgement], float]] = {
    "rubric": _total,
    "text length": lambda one: length(one.text.title, one.text.body),
    "section headings": lambda one: headings(one.text.title, one.text.body),
}


def _scored(judged: Sequence[_Judgement], score: Callable[[_Judgement], float]) -> list[Scored]:
    return [Scored(one.text.group, score(one), bool(one.text.ready)) for one in judged]


def _area_line(name: str, judged: Sequence[_Judgement], score: Callable[[_Judgement], float]) -> AreaLine:
    rows = _scored(judged, score)
    whole, within = _rounded(area(rows)), _rounded(area(rows, within=True))
    return AreaLine(
        scorer=name,
        auc=whole.value,
        low=whole.low,
        high=whole.high,
        within=within.value,
        within_low=within.low,
        within_high=within.high,
    )


def _repositories(judged: Sequence[_Judgement]) -> tuple[RepositoryLine, ...]:
    lines: list[RepositoryLine] = []
    for name in sorted({one.text.group for one in judged}):
        rows = [row for row in _scored(judged, _total) if row.group == name]
        found = _rounded(area(rows))
        not_ready = sum(not row.ready for row in rows)
        lines.append(
            RepositoryLine(
                repository=name, rows=len(rows), not_ready=not_ready, auc=found.value, low=found.low, high=found.high
            )
        )
    return tuple(sorted(lines, key=lambda line: (-line.rows, line.repository)))


def _criterion_line(criterion: Criterion, judged: Sequence[_Judgement]) -> CriterionLine:
    asked = [one for one in judged if one.verdicts[criterion.id].passing is not Passing.NOT_APPLICABLE]
    word = criterion.missing or criterion.id.replace("-", "_")
    flags = [
        (one.verdicts[criterion.id].passing is Passing.FAILED, word in one.text.missing)
        for one in asked
        if one.text.missing is not None
    ]
    found = agreement(flags)
    alone = area(_scored(asked, lambda one: one.verdicts[criterion.id].score), interval=False)
    return CriterionLine(
        criterion=criterion.id,
        gate=criterion.gate,
        asked=len(asked),
        auc=_rounded(alone).value,
        listed=found.rows,
        failed=found.ours,
        said=found.theirs,
        both=found.both,
        precision=_digits(found.precision),
        recall=_digits(found.recall),
        kappa=found.kappa,
    )


def _misses(judged: Sequence[_Judgement], count: int) -> tuple[Miss, ...]:
    ordered = sorted(judged, key=_total)
    ranked = [(at / max(len(ordered) - 1, 1), one) for at, one in enumerate(ordered)]
    worst = sorted(ranked, key=lambda pair: abs(float(bool(pair[1].text.ready)) - pair[0]), reverse=True)
    return tuple(_miss(one, rank) for rank, one in worst[:count])


def _miss(one: _Judgement, rank: float) -> Miss:
    ready = bool(one.text.ready)
    counted = [verdict for verdict in one.readiness.verdicts if verdict.passing is not Passing.NOT_APPLICABLE]
    wrong = sorted(counted, key=lambda verdict: verdict.weight * (verdict.score if not ready else verdict.score - 1))
    weighed = wrong[:3] if ready else wrong[:-4:-1]
    return Miss(
        id=one.text.id,
        ready=ready,
        score=one.readiness.total,
        rank=round(rank, 3),
        title=one.text.title,
        missing=one.text.missing or (),
        because=tuple(f"{verdict.criterion} {verdict.score:.2f}: {verdict.reason}" for verdict in weighed),
    )


def _row(one: _Judgement) -> ScoredRow:
    return ScoredRow(
        id=one.text.id,
        repository=one.text.group,
        score=one.readiness.total,
        ready=one.text.ready,
        length=length(one.text.title, one.text.body),
        headings=headings(one.text.title, one.text.body),
        failed_gates=one.readiness.failed_gates,
    )


def _digits(value: float | None) -> float | None:
    return None if value is None else round(value, _SHOWN_DIGITS)


def _rounded(found: Area) -> Area:
    return Area(_digits(found.value), _digits(found.low), _digits(found.high), found.pairs)
