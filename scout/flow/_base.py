"""What a measure is: one file, one class, found by the registry."""

from abc import ABC, abstractmethod
from typing import ClassVar

from scout.flow.figures import GroupFigure, MeasureFigure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading


class Measure(ABC):
    """A figure about a project's flow. The class docstring says in one line what it answers.

    Attributes:
        id: kebab-case, unique.
        since: the version of Scout that brought it.
        unit: what `value`, `p50` and `p85` are counted in.
        definition: exactly what is counted, from when until when, and what is not.
        formula: how the figure is made of the observations.
        source: where the measure or its formula comes from.
        bias: how it misleads, known beforehand.
        order: where it stands in a list; smaller first.
    """

    id: ClassVar[str]
    since: ClassVar[str] = "0.1.0"
    unit: ClassVar[str]
    definition: ClassVar[str]
    formula: ClassVar[str]
    source: ClassVar[str]
    bias: ClassVar[str]
    order: ClassVar[int] = 50

    @abstractmethod
    def read(self, log: FlowLog) -> Reading:
        """Return what is found in a log; a reason where nothing can be."""

    def figure(self, reading: Reading) -> MeasureFigure:
        """Return a reading with what the measure says about itself."""
        return MeasureFigure(
            id=self.id,
            unit=self.unit,
            n=reading.n,
            p50=reading.p50,
            p85=reading.p85,
            value=reading.value,
            low=reading.low,
            high=reading.high,
            unavailable=reading.unavailable,
            definition=self.definition,
            formula=self.formula,
            source=self.source,
            bias=self.bias,
            left_out=dict(reading.left_out),
            notes=reading.notes,
            groups=tuple(
                GroupFigure(name=group.name, n=group.n, value=group.value, p50=group.p50, p85=group.p85)
                for group in reading.groups
            ),
        )
