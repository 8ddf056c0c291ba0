"""Readiness: whether a text says enough to start the work and to know when it is done."""

from scout.readiness._base import Answer, Criterion, Example, Judged, Remedy, quote
from scout.readiness.phrases import Phrase, first
from scout.readiness.reading import Part, Reading
from scout.readiness.rubric import READY_FROM, Factors, all_criteria, assess, concluded, rubric_digest
from scout.readiness.topics import Topic

__all__ = [
    "READY_FROM",
    "Answer",
    "Criterion",
    "Example",
    "Factors",
    "Judged",
    "Part",
    "Phrase",
    "Reading",
    "Remedy",
    "Topic",
    "all_criteria",
    "assess",
    "concluded",
    "first",
    "quote",
    "rubric_digest",
]
