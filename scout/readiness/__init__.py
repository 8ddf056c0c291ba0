"""Readiness: whether a text says enough to start the work and to know when it is done."""

from scout.readiness._base import Answer, Criterion, Example, Judged, Remedy, first, quote
from scout.readiness.reading import Part, Reading
from scout.readiness.rubric import READY_FROM, all_criteria, assess, rubric_digest
from scout.readiness.topics import Topic

__all__ = [
    "READY_FROM",
    "Answer",
    "Criterion",
    "Example",
    "Judged",
    "Part",
    "Reading",
    "Remedy",
    "Topic",
    "all_criteria",
    "assess",
    "first",
    "quote",
    "rubric_digest",
]
