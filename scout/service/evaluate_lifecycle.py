"""How well the rules of a taxonomy agree with what people said, beside two baselines that anything has to beat."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, cast

from scout.errors import UsageError
from scout.lifecycle import agreement, baselines
from scout.lifecycle.agreement import Pair
from scout.lifecycle.record import Record
from scout.lifecycle.rules import Classifier, Verdict
from scout.lifecycle.taxonomy import Taxonomy, load
from scout.model import Frozen, Report
from scout.service.classify_rows import record_of
from scout.sources._imports.pieces import Fault, pieces

_DIGITS = 4
_FEWEST = 20
"""Rows of a project that are worth figures of their own."""
FLOORS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)


class AgreementLine(Frozen):
    """One way to classify, on all labelled rows or some.

    Attributes:
        kappa: Cohen's, with the interval of 95 %; None where it has no value.
    """

    classifier: str
    rows: int
    accuracy: float | None
    macro_f1: float | None
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None


class ClassLine(Frozen):
    """One class: how often it was predicted, how often people said it, and agreement on it."""

    name: str
    predicted: int
    gold: int
    both: int
    precision: float | None
    recall: float | None
    f1: float
    kappa: float | None


class FloorLine(Frozen):
    """What is left when only verdicts of at least this confidence count."""

    floor: float
    rows: int
    coverage: float
    accuracy: float | None
    kappa: float | None


class ClassifiedRow(Frozen):
    """One row's class, so that anyone can recompute the figures."""

    id: str
    gold: str | None
    predicted: str
    confidence: float
    second: str
    reason: str
    quotation: str
    rule: str


class SkippedLine(Frozen):
    """A line that could not be read."""

    file: str
    line: int
    reason: str


class LifecycleEvaluation(Report):
    """A taxonomy's rules against what people said.

    Attributes:
        table: the rules, the half of which they are surest, large projects alone, then the baselines.
        confusion: how often each class of people (outer) was predicted as each class (inner).
        coverage: by floor of confidence.
        rows: every row, labelled or not.
    """

    schema_id: ClassVar[str] = "scout.evaluation.lifecycle/1"

    files: tuple[str, ...]
    taxonomy: str
    digest: str
    texts: int
    labelled: int
    table: tuple[AgreementLine, ...]
    classes: tuple[ClassLine, ...]
    confusion: dict[str, dict[str, int]]
    coverage: tuple[FloorLine, ...]
    skipped: tuple[SkippedLine, ...]
    rows: tuple[ClassifiedRow, ...]


def evaluate_lifecycle(files: Sequence[Path], taxonomy: str = "gtd") -> LifecycleEvaluation:
    """Classify the rows of files of JSON lines and compare with the labels that are there.

    Args:
        files: JSON lines, also packed: `id`, fields of a ticket, and `gold` where somebody has said a class.
        taxonomy: a name or a file.

    Raises:
        UsageError: a file cannot be opened.
        SettingsError: the taxonomy is wrong.
    """
    told = load(taxonomy)
    classifier = Classifier(told)
    skipped: list[SkippedLine] = []
    judged: list[tuple[Record, str | None, Verdict]] = []
    for line in _read(files):
        if isinstance(line, SkippedLine):
            skipped.append(line)
        else:
            judged.append((*line, classifier.classify(line[0])))
    labelled = [(record, gold, said) for record, gold, said in judged if gold is not None]
    pairs = [Pair(said.meaning, gold) for _, gold, said in labelled]
    return LifecycleEvaluation(
        files=tuple(path.name for path in files),
        taxonomy=told.id,
        digest=told.digest,
        texts=len(judged),
        labelled=len(labelled),
        table=tuple(_table(labelled)),
        classes=_classes(pairs, told),
        confusion=_confusion(pairs, told),
        coverage=tuple(_floor(labelled, floor) for floor in FLOORS) if labelled else (),
        skipped=tuple(skipped),
        rows=tuple(_row(*one) for one in judged),
    )


_Labelled = tuple[Record, str, Verdict]


def _table(labelled: Sequence[_Labelled]) -> Iterator[AgreementLine]:
    if not labelled:
        return
    yield _line("rules", labelled)
    surest = sorted(labelled, key=lambda one: (-one[2].confidence, one[0].id))[: (len(labelled) + 1) // 2]
    yield _line("rules, surest half", surest)
    projects = Counter(record.project for record, _, _ in labelled)
    for name in sorted(name for name, rows in projects.items() if name and _FEWEST <= rows < len(labelled)):
        yield _line(f"rules, {name}", [one for one in labelled if one[0].project == name])
    gold = [one for _, one, _ in labelled]
    texts = [baselines.words_of(record) for record, _, _ in labelled]
    yield _compared("majority class", list(map(Pair, baselines.majority(gold), gold)))
    yield _compared("bag of words", list(map(Pair, baselines.bag_of_words(texts, gold), gold)))


def _line(name: str, labelled: Sequence[_Labelled]) -> AgreementLine:
    return _compared(name, [Pair(said.meaning, gold) for _, gold, said in labelled])


def _compared(name: str, pairs: Sequence[Pair]) -> AgreementLine:
    kappa = agreement.cohen(pairs)
    return AgreementLine(
        classifier=name,
        rows=len(pairs),
        accuracy=_digits(agreement.accuracy(pairs)),
        macro_f1=_digits(agreement.macro_f1(pairs)),
        kappa=_digits(kappa.value),
        kappa_low=_digits(kappa.low),
        kappa_high=_digits(kappa.high),
    )


def _classes(pairs: Sequence[Pair], told: Taxonomy) -> tuple[ClassLine, ...]:
    return tuple(
        ClassLine(
            name=one.name,
            predicted=one.ours,
            gold=one.theirs,
            both=one.both,
            precision=_digits(one.precision),
            recall=_digits(one.recall),
            f1=round(one.f1, _DIGITS),
            kappa=_digits(one.kappa),
        )
        for one in agreement.by_class(pairs, told.names)
    )


def _confusion(pairs: Sequence[Pair], told: Taxonomy) -> dict[str, dict[str, int]]:
    names = (*told.names, *sorted({pair.theirs for pair in pairs} - set(told.names)))
    counted = {gold: {said: sum(pair == (said, gold) for pair in pairs) for said in told.names} for gold in names}
    return {gold: row for gold, row in counted.items() if any(row.values())}


def _floor(labelled: Sequence[_Labelled], floor: float) -> FloorLine:
    left = [Pair(said.meaning, gold) for _, gold, said in labelled if said.confidence >= floor]
    return FloorLine(
        floor=floor,
        rows=len(left),
        coverage=round(len(left) / len(labelled), _DIGITS),
        accuracy=_digits(agreement.accuracy(left)),
        kappa=_digits(agreement.cohen(left, interval=False).value),
    )


def _row(record: Record, gold: str | None, said: Verdict) -> ClassifiedRow:
    return ClassifiedRow(
        id=record.id,
        gold=gold,
        predicted=said.meaning,
        confidence=said.confidence,
        second=said.second,
        reason=said.reason,
        quotation=said.quotation,
        rule=said.rule,
    )


def _read(files: Sequence[Path]) -> Iterator[tuple[Record, str | None] | SkippedLine]:
    for path in files:
        try:
            for number, piece in enumerate(pieces(path), 1):
                if isinstance(piece, Fault):
                    yield SkippedLine(file=path.name, line=piece.line, reason=piece.reason)
                    continue
                value = cast("object", piece.value)
                found = record_of(value, number)
                gold = cast("Mapping[str, Any]", value).get("gold") if isinstance(value, dict) else None
                if isinstance(found, str):
                    yield SkippedLine(file=path.name, line=piece.line, reason=found)
                else:
                    yield found, gold if isinstance(gold, str) and gold else None
        except OSError as error:
            message = f"{path} cannot be read: {error.strerror or error}."
            raise UsageError(message, "Give a file of JSON lines.") from error


def _digits(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
