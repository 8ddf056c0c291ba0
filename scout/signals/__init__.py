"""Scouts: detectors that look at a project and find what needs attention, with evidence that code has resolved."""

from scout.signals._acceptance import fresh_reading, on_trial
from scout.signals._base import Commit, Example, Expected, Moved, NotApplicable, Reads, Scout, View, lines, row
from scout.signals._core import Core
from scout.signals._evidence import at_change, at_line, at_path, at_pull_request, at_run, at_ticket, elsewhere, metric
from scout.signals._fence import fenced
from scout.signals._flow import (
    ControlQuarter,
    ControlSeen,
    FlowFacts,
    Growing,
    Habit,
    Member,
    Recurring,
    Unneeded,
)
from scout.signals._given_way import given_way
from scout.signals._view import Ask, tables_of
from scout.signals._watch import MOST_OFFERED, Seen, looking, watch

__all__ = [
    "MOST_OFFERED",
    "Ask",
    "Commit",
    "ControlQuarter",
    "ControlSeen",
    "Core",
    "Example",
    "Expected",
    "FlowFacts",
    "Growing",
    "Habit",
    "Member",
    "Moved",
    "NotApplicable",
    "Reads",
    "Recurring",
    "Scout",
    "Seen",
    "Unneeded",
    "View",
    "at_change",
    "at_line",
    "at_path",
    "at_pull_request",
    "at_run",
    "at_ticket",
    "elsewhere",
    "fenced",
    "fresh_reading",
    "given_way",
    "lines",
    "looking",
    "metric",
    "on_trial",
    "row",
    "tables_of",
    "watch",
]
