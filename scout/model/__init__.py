"""Frozen models and enums of the domain: values only, no input or output."""

from scout.model._base import Frozen, Report, digest
from scout.model.candidate import Candidate, CandidateState, Decision, Draft, Event, Suppression
from scout.model.finding import Evidence, EvidenceKind, Finding, Look, Outcome, Story, Visibility, WorkKind
from scout.model.plan import DemandForecast, Plan, Position
from scout.model.readiness import Passing, Readiness, Verdict
from scout.model.ticket import Comment, Ticket, TicketState

__all__ = [
    "Candidate",
    "CandidateState",
    "Comment",
    "Decision",
    "DemandForecast",
    "Draft",
    "Event",
    "Evidence",
    "EvidenceKind",
    "Finding",
    "Frozen",
    "Look",
    "Outcome",
    "Passing",
    "Plan",
    "Position",
    "Readiness",
    "Report",
    "Story",
    "Suppression",
    "Ticket",
    "TicketState",
    "Verdict",
    "Visibility",
    "WorkKind",
    "digest",
]
