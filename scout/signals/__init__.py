"""Scouts: detectors that look at a repository and find what needs attention, with evidence that code has resolved."""

from scout.signals._base import Commit, Example, Expected, Moved, NotApplicable, Reads, Scout, View
from scout.signals._watch import MOST_OFFERED, watch

__all__ = ["MOST_OFFERED", "Commit", "Example", "Expected", "Moved", "NotApplicable", "Reads", "Scout", "View", "watch"]
