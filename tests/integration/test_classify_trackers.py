"""Classes become labels at GitHub and in Jira: each ticket one, once, whatever goes wrong, and back again."""

import multiprocessing
import os
import signal
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import web

from scout.publish.labels_github import MOST, GitHubLabeller
from scout.publish.labels_jira import JiraLabeller
from tests.labelling_scene import OWN, TICKETS, Backlog, Opening, classes, classified, opening, trackers
from tests.tracker_conformance import Sent
from tests.trackers import Trackers

ON_BOTH = pytest.mark.parametrize("tracker", ["github", "jira"])
LABELLERS: Mapping[str, Any] = {"github": GitHubLabeller, "jira": JiraLabeller}
__all__ = ["classified", "opening", "trackers"]


@ON_BOTH
def test_nothing_is_written_without_acceptance_and_undo_brings_everything_back(
    opening: Opening, trackers: Trackers, tracker: str
) -> None:
    backlog = opening(tracker)
    before = backlog.labels()
    (offered,) = backlog.apply(live=True).batches
    assert (offered.changes, offered.written, trackers.counters()["writes"]) == (TICKETS, 0, 0), offered.reason
    report = backlog.write()
    assert (report.written, report.failed) == (TICKETS, 0), report.batches
    after = backlog.labels()
    assert all(len(classes(labels)) == 1 for labels in after.values()), after
    assert all(set(before[key]) < set(after[key]) for key in before)
    assert backlog.write().written == 0
    undone = backlog.undo()
    assert (undone.undone, undone.held) == (TICKETS, {})
    assert backlog.labels() == before
    assert trackers.violations == {}


def each_has_one(backlog: Backlog) -> bool:
    return all(len(classes(labels)) == 1 for labels in backlog.labels().values())


@ON_BOTH
@pytest.mark.parametrize("fault", ["502-after-write", "reset-after-write", "cut-body", "500", "reset"])
def test_an_unclear_answer_is_looked_up_and_undone_like_any_other(
    opening: Opening, trackers: Trackers, tracker: str, fault: str
) -> None:
    backlog = opening(tracker)
    before = backlog.labels()
    trackers.fault(fault, "/issue", methods="PUT")
    report = backlog.write()
    assert (report.written, report.failed) == (TICKETS, 0), report.batches
    assert each_has_one(backlog)
    assert backlog.undo().held == {}
    assert backlog.labels() == before


@ON_BOTH
def test_what_stays_unclear_is_undone_when_it_was_written_after_all(
    opening: Opening, trackers: Trackers, tracker: str
) -> None:
    backlog = opening(tracker)
    before = backlog.labels()
    hidden: list[Any] = []

    def silent(sent: Sent) -> web.StreamResponse | None:
        """Show nothing of the first ticket after its label was written."""
        if sent.method == "PUT" and not hidden:
            hidden.append(backlog.key_in(sent.path))
        elif sent.method == "GET" and hidden and sent.path.endswith(f"/{hidden[0]}"):
            return web.json_response({"message": "No.", "errorMessages": ["No."]}, status=403)
        return None

    trackers.before = silent
    trackers.fault("reset-after-write", "/issue", methods="PUT")
    report = backlog.write()
    assert (report.written, report.failed) == (TICKETS - 1, 1), report.batches
    assert each_has_one(backlog)
    trackers.before = None
    undone = backlog.undo()
    assert (undone.undone, undone.held) == (TICKETS, {})
    assert backlog.labels() == before


@ON_BOTH
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_killed_process_loses_nothing_and_the_next_one_goes_on(
    opening: Opening, trackers: Trackers, tracker: str, moment: str
) -> None:
    backlog = opening(tracker)
    before = backlog.labels()
    process = multiprocessing.get_context("fork").Process(target=_killed_at_the_third, args=(backlog, moment))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert sum(len(classes(labels)) for labels in backlog.labels().values()) == (3 if moment == "after" else 2)
    assert backlog.write().failed == 0
    assert each_has_one(backlog)
    assert sum(one.method == "PUT" for one in trackers.sent) == TICKETS, "each was sent once"
    undone = backlog.undo()
    assert (undone.undone, undone.held) == (TICKETS, {})
    assert backlog.labels() == before


def _killed_at_the_third(backlog: Backlog, moment: str) -> None:
    labeller, calls = LABELLERS[backlog.name], list[str]()
    real = labeller.swap

    def swap(self: Any, ticket: str, was: Mapping[str, Any], will: Mapping[str, Any]) -> bool:
        calls.append(ticket)
        if len(calls) == 3 and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(self, ticket, was, will)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    labeller.swap = swap
    backlog.write()


@ON_BOTH
def test_what_people_changed_since_is_left_alone_by_undo_and_told(opening: Opening, tracker: str) -> None:
    backlog = opening(tracker)
    before = backlog.labels()
    backlog.write()
    one, two, three = backlog.keys[:3]
    backlog.relabel(one, ["urgent"])
    backlog.close(two)
    backlog.delete(three)
    held = backlog.undo().held["rocket"]
    assert set(held) == {str(one), str(three)}
    assert "Somebody has changed" in held[str(one)]
    assert "deleted" in held[str(three)]
    after = backlog.labels()
    assert after[str(one)] == ["urgent"]
    assert {key: before[key] for key in after if key not in held} == {
        key: labels for key, labels in after.items() if key not in held
    }


@ON_BOTH
def test_tickets_closed_deleted_or_changed_midway_are_left_alone_and_the_others_finish(
    opening: Opening, trackers: Trackers, tracker: str
) -> None:
    backlog = opening(tracker)
    chosen: list[Any] = []

    def meanwhile(sent: Sent) -> None:
        if sent.method == "PUT" and not chosen:
            chosen.extend([key for key in backlog.keys if key != backlog.key_in(sent.path)][:3])
            backlog.close(chosen[0])
            backlog.delete(chosen[1])
            backlog.relabel(chosen[2], ["urgent"])

    trackers.before = meanwhile
    (batch,) = backlog.write().batches
    assert batch.written == TICKETS - 3
    closed, deleted, changed = (batch.held[str(key)] for key in chosen)
    assert "closed" in closed
    assert "deleted" in deleted
    assert "changed" in changed
    assert backlog.labels()[str(chosen[2])] == ["urgent"]


def test_labels_are_made_only_when_that_was_asked_for(opening: Opening, trackers: Trackers) -> None:
    backlog = opening("github")
    (batch,) = backlog.apply(accept=("all",), live=True).batches
    assert batch.new == ("gtd: next-action",)
    assert len(batch.held) == TICKETS
    assert "--make-labels" in next(iter(batch.held.values()))
    assert trackers.counters()["writes"] == 0
    assert "gtd: next-action" not in trackers.github.labels
    assert backlog.apply(live=True, make_labels=True).written == TICKETS
    (made,) = [one for one in trackers.sent if one.method == "POST"]
    assert (made.path, b"gtd: next-action" in made.body) == ("/repos/acme/rocket/labels", True)


def test_a_label_that_was_renamed_is_still_the_same_and_undo_finds_it(opening: Opening, trackers: Trackers) -> None:
    backlog = opening("github")
    before = backlog.labels()
    backlog.write()
    trackers.github.labels["gtd: next-action"]["name"] = "next"
    trackers.github.labels[OWN]["name"] = "surface"
    undone = backlog.undo()
    assert (undone.undone, undone.held) == (TICKETS, {})
    assert backlog.labels() == {key: ["surface"] if labels else [] for key, labels in before.items()}


def test_a_label_renamed_while_labels_are_set_stops_the_batch(opening: Opening, trackers: Trackers) -> None:
    backlog = opening("github")
    writes: list[str] = []

    def rename(sent: Sent) -> None:
        writes.extend([sent.path] * (sent.method == "PUT"))
        if len(writes) == 2 and "gtd: next-action" in trackers.github.labels:
            label = trackers.github.labels.pop("gtd: next-action")
            trackers.github.labels["next"] = {**label, "name": "next"}

    trackers.before = rename
    (batch,) = backlog.write().batches
    assert batch.written == 2
    assert "was renamed" in next(iter(batch.held.values()))
    assert backlog.undo().held == {}


def test_a_label_that_was_deleted_is_not_made_again_by_undo(opening: Opening, trackers: Trackers) -> None:
    backlog = opening("github")
    backlog.write()
    del trackers.github.labels[OWN]
    for issue in backlog.issues.values():
        issue["labels"] = [one for one in issue["labels"] if one["name"] != OWN]
    held = backlog.undo().held["rocket"]
    assert len(held) == TICKETS // 2
    assert all("changed" in reason for reason in held.values())
    assert OWN not in trackers.github.labels


def test_the_most_labels_that_an_issue_may_have(opening: Opening) -> None:
    backlog = opening("github")
    backlog.relabel(backlog.keys[0], [f"label {number}" for number in range(MOST)])
    (batch,) = backlog.write().batches
    assert batch.written == TICKETS - 1
    assert "no more than 100" in batch.held[str(backlog.keys[0])]


def test_jira_takes_no_space_in_a_label_and_scout_knows_its_own_again(opening: Opening) -> None:
    backlog = opening("jira")
    backlog.write()
    assert all("gtd:next-action" in labels for labels in backlog.labels().values())
    with backlog.work() as work:
        from scout.service.classify_plan import Wishes
        from scout.service.classify_run import classify
        from scout.service.ingest import ingest

        ingest(work, work.project("rocket"))
        report = classify(work, Wishes(projects=("rocket",)))
    assert report.unchanged == TICKETS, "what Scout wrote is no change"


@ON_BOTH
@pytest.mark.parametrize("status", [401, 403, 404, 410, 422])
def test_a_refusal_is_told_and_written_later(opening: Opening, trackers: Trackers, tracker: str, status: int) -> None:
    backlog = opening(tracker)

    def refuse(sent: Sent) -> web.StreamResponse | None:
        body = {"message": "No.", "errorMessages": ["No."]}
        return web.json_response(body, status=status) if sent.method == "PUT" else None

    trackers.before = refuse
    (batch,) = backlog.write().batches
    assert (batch.written, len(batch.held)) == (0, TICKETS)
    assert all(reason for reason in batch.held.values())
    trackers.before = None
    assert backlog.write().written == TICKETS
    assert each_has_one(backlog)


@ON_BOTH
def test_a_limit_that_outlasts_patience_is_told_and_the_rest_is_written_later(opening: Opening, tracker: str) -> None:
    backlog = opening(tracker)
    backlog.more = f'[project.publish]\nto = "{tracker}"\nwrites_per_hour = 3\npatience = 1\n' + (
        'project = "SCT"\n' if tracker == "jira" else ""
    )
    made = 1 if tracker == "github" else 0
    (batch,) = backlog.write().batches
    assert batch.written == 3 - made
    assert len(batch.held) == TICKETS - batch.written
    assert "As much was written" in next(iter(batch.held.values()))
    backlog.more = ""
    assert backlog.write().written == len(batch.held)
    assert each_has_one(backlog)


def test_another_publisher_that_has_taken_over_stops_us(opening: Opening, trackers: Trackers) -> None:
    backlog = opening("github")

    def overtake(sent: Sent) -> None:
        if sent.method == "PUT" and not taken:
            taken.append(sent.path)
            with backlog.work() as work:
                work.ledger.fence(work.now, trackers.base)

    taken: list[str] = []
    trackers.before = overtake
    (batch,) = backlog.write().batches
    assert batch.written == 1, "what was begun is received: it was ours to send"
    assert "taken over" in next(iter(batch.held.values()))
