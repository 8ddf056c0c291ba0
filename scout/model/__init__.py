"""Frozen models and enums of the domain: values only, no input or output."""

from scout.model._base import Frozen, Report, digest
from scout.model.autonomy import Addressee, Autonomy, AutonomyReason, AutonomyVerdict, Question
from scout.model.candidate import (
    REFINEMENT,
    REVIEWERS,
    Candidate,
    CandidateState,
    Decision,
    Draft,
    Event,
    Suppression,
    standing,
)
from scout.model.finding import (
    IN_LINE,
    Evidence,
    EvidenceKind,
    Finding,
    Look,
    Outcome,
    Story,
    Visibility,
    WorkKind,
    own_files,
)
from scout.model.plan import Alarm, AlarmKind, Backtest, DemandForecast, KindOrder, Plan, Position, Stock
from scout.model.readiness import Passing, Readiness, Verdict
from scout.model.spending import Ceiling, Scope, Spend
from scout.model.ticket import Comment, Ticket, TicketState

__all__ = [
    "IN_LINE",
    "REFINEMENT",
    "REVIEWERS",
    "Addressee",
    "Alarm",
    "AlarmKind",
    "Autonomy",
    "AutonomyReason",
    "AutonomyVerdict",
    "Backtest",
    "Candidate",
    "CandidateState",
    "Ceiling",
    "Comment",
    "Decision",
    "DemandForecast",
    "Draft",
    "Event",
    "Evidence",
    "EvidenceKind",
    "Finding",
    "Frozen",
    "KindOrder",
    "Look",
    "Outcome",
    "Passing",
    "Plan",
    "Position",
    "Question",
    "Readiness",
    "Report",
    "Scope",
    "Spend",
    "Stock",
    "Story",
    "Suppression",
    "Ticket",
    "TicketState",
    "Verdict",
    "Visibility",
    "WorkKind",
    "digest",
    "own_files",
    "standing",
]
