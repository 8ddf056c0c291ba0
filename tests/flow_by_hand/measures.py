"""All measures by their ids."""

from collections.abc import Callable

from tests.flow_by_hand import changes, tickets
from tests.flow_by_hand.counting import Told
from tests.flow_by_hand.facts import Archive
from tests.flow_by_hand.forecast import forecast


def _untold(found: Archive) -> Told:
    """Return what these archives do not tell: they have no releases, and no files of changes."""
    del found
    return Told(0)


MEASURES: dict[str, Callable[[Archive], Told]] = {
    "ticket-lead-time": tickets.ticket_lead_time,
    "change-lead-time": changes.change_lead_time,
    "first-review-latency": changes.first_review_latency,
    "reopen-rate": tickets.reopen_rate,
    "throughput": changes.throughput,
    "first-person-review-latency": changes.first_person_review_latency,
    "ticket-time-to-close": tickets.ticket_time_to_close,
    "ticket-cycle-time": tickets.ticket_cycle_time,
    "change-time-to-merge": changes.change_time_to_merge,
    "review-wait": changes.review_wait,
    "first-answer": tickets.first_answer,
    "decision-latency": tickets.decision_latency,
    "approval-to-merge": changes.approval_to_merge,
    "merge-to-release": _untold,
    "work-item-age": tickets.work_item_age,
    "change-age": changes.change_age,
    "ticket-throughput": tickets.ticket_throughput,
    "arrival-against-departure": tickets.arrival_against_departure,
    "work-in-progress": tickets.work_in_progress,
    "queue-depth": changes.queue_depth,
    "flow-efficiency": changes.flow_efficiency,
    "littles-law": changes.littles_law,
    "review-rounds": changes.review_rounds,
    "changes-asked-rate": changes.changes_asked_rate,
    "revert-rate": changes.revert_rate,
    "follow-up-fixes": _untold,
    "given-up-rate": changes.given_up_rate,
    "exception-volume": tickets.exception_volume,
    "unplanned-share": tickets.unplanned_share,
    "team-load": tickets.team_load,
    "volume-against-complexity": changes.volume_against_complexity,
    "forecast": forecast,
    "blocked-time": tickets.blocked_time,
    "start-inference": tickets.start_inference,
}


def made_again(found: Archive) -> dict[str, Told]:
    """Return what each measure should say of an archive."""
    return {name: measure(found) for name, measure in MEASURES.items()}
