"""What reviewers accepted reaches GitHub and Jira once, whatever goes wrong, and nothing else does."""

from typing import Any

import pytest
from aiohttp import web

from scout.clock import now
from scout.errors import ScoutError, StoreError
from scout.ledger import Ledger, backup
from scout.service import decide, review
from scout.service.publish import Filed, PublishReport
from scout.service.publishers import publisher_for
from tests import publishing
from tests.publishing import Desk
from tests.publishing_scene import LINKS, Opening, opening, prepared, trackers
from tests.tracker_conformance import Sent
from tests.trackers import Trackers

ON_BOTH = pytest.mark.parametrize("tracker", ["github", "jira"])
__all__ = ["opening", "prepared", "trackers"]


def outcomes(report: PublishReport) -> list[Filed]:
    return [one.outcome for one in report.entries]


def new(trackers: Trackers, tracker: str) -> int:
    return len(trackers.github.issues if tracker == "github" else trackers.jira.issues) - 3


@ON_BOTH
def test_a_dry_run_shows_every_payload_and_writes_nothing(opening: Opening, trackers: Trackers, tracker: str) -> None:
    report = opening(tracker).publish(live=False)
    assert outcomes(report) == [Filed.WOULD_FILE] * LINKS
    assert all('"Repair the link to gone' in one.payload for one in report.entries)
    assert trackers.counters()["writes"] == 0


@ON_BOTH
def test_each_is_filed_once_and_found_by_another_ledger(opening: Opening, trackers: Trackers, tracker: str) -> None:
    desk = opening(tracker)
    publishing.copied(desk.root, desk.root.parent / "twin")
    assert outcomes(desk.publish()) == [Filed.FILED] * LINKS
    assert desk.publish().entries == ()
    twin = Desk(desk.root.parent / "twin", desk.table)
    assert outcomes(twin.publish()) == [Filed.FOUND] * LINKS
    assert new(trackers, tracker) == LINKS
    assert trackers.violations == {}


@ON_BOTH
@pytest.mark.parametrize("fault", ["502-after-write", "reset-after-write", "cut-body"])
def test_an_unclear_answer_is_waited_out_and_looked_up(
    opening: Opening, trackers: Trackers, tracker: str, fault: str
) -> None:
    desk = opening(tracker, most=2, listing_lag=0.4)
    trackers.set(listing_lag_s=0.2, search_lag_s=0.2)
    trackers.fault(fault, "/issues?$", methods="POST")
    assert sorted(outcomes(desk.publish())) == [Filed.FILED, Filed.FOUND]
    assert new(trackers, tracker) == 2


@ON_BOTH
@pytest.mark.parametrize("status", ["500", "502"])
def test_what_did_not_arrive_is_sent_again_after_looking(
    opening: Opening, trackers: Trackers, tracker: str, status: str
) -> None:
    desk = opening(tracker, most=1)
    trackers.fault(status, "/issues?$", methods="POST")
    assert outcomes(desk.publish()) == [Filed.FILED]
    assert new(trackers, tracker) == 1


@ON_BOTH
def test_a_marker_that_somebody_else_wrote_counts_for_nothing(
    opening: Opening, trackers: Trackers, tracker: str
) -> None:
    desk = opening(tracker, most=1)
    desk.publish()

    def disown() -> None:
        newest = list((trackers.github if tracker == "github" else trackers.jira).issues.values())[-1]
        if tracker == "github":
            newest["user"] = {**newest["user"], "id": 1, "login": "mallory"}
        else:
            newest["fields"]["creator"] = {"name": "mallory", "key": "mallory", "displayName": "Mallory"}
        (trackers.github if tracker == "github" else trackers.jira).version += 1

    trackers.change(disown)
    twin = publishing.copied(desk.root, desk.root.parent / "twin")
    (twin / "state" / "ledger.sqlite").unlink()
    assert new(trackers, tracker) == 1
    with desk.work() as work:
        receipt = work.ledger.receipts("rocket")[0]
        publisher = publisher_for(work, work.project("rocket"))
        assert publisher.find(receipt.key) is None
        publisher.close()


@ON_BOTH
def test_limits_that_end_soon_are_waited_for(opening: Opening, trackers: Trackers, tracker: str) -> None:
    desk = opening(tracker, most=1)
    trackers.fault("429", "/issues?$", methods="POST", retry_after=1)
    assert outcomes(desk.publish()) == [Filed.FAILED]
    assert outcomes(desk.publish()) == [Filed.FILED]
    assert new(trackers, tracker) == 1


@ON_BOTH
@pytest.mark.parametrize("status", [401, 403, 404, 409, 410, 422])
def test_a_refusal_is_told_and_the_candidate_stays(
    opening: Opening, trackers: Trackers, tracker: str, status: int
) -> None:
    desk = opening(tracker, most=1)

    def refuse(sent: Sent) -> web.StreamResponse | None:
        body = {"message": "No.", "errorMessages": ["No."]}
        return web.json_response(body, status=status) if sent.method == "POST" else None

    trackers.before = refuse
    (entry,) = desk.publish().entries
    assert entry.outcome is Filed.FAILED
    assert "rocket" in entry.reason or "SCT" in entry.reason or "127.0.0.1" in entry.reason
    trackers.before = None
    assert outcomes(desk.publish()) == [Filed.FILED]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"archived": True}, "is archived"),
        ({"has_issues": False}, "Issues are switched off"),
        ({"full_name": "acme/comet"}, "is called acme/comet now"),
        (404, "no repository"),
        (301, "has moved"),
    ],
)
def test_a_repository_that_takes_nothing_is_told_before_anything_is_sent(
    opening: Opening, trackers: Trackers, change: dict[str, Any] | int, words: str
) -> None:
    desk = opening("github", most=1)

    def answer(sent: Sent) -> web.StreamResponse | None:
        if sent.path != "/repos/acme/rocket":
            return None
        if isinstance(change, int):
            return web.json_response({"message": "No."}, status=change, headers={"Location": f"{trackers.base}/x"})
        return web.json_response({"full_name": "acme/rocket", "private": False, "has_issues": True, **change})

    trackers.before = answer
    with pytest.raises(ScoutError, match=words):
        desk.publish()
    assert trackers.counters()["writes"] == 0


def test_nothing_of_a_private_project_is_filed_where_everybody_reads(opening: Opening, trackers: Trackers) -> None:
    desk = opening("github", most=1)
    desk.visibility = "private"
    (entry,) = desk.publish().entries
    assert entry.outcome is Filed.HELD
    assert "The tracker is public, and the project private" in entry.reason
    assert trackers.counters()["writes"] == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"issue_type": "Chore"}, "no issue type 'Chore'"),
        ({"fields": {"Team": "Core"}}, "no field 'Team'"),
        ({"project": "NOPE"}, "no project NOPE"),
    ],
)
def test_what_jira_does_not_have_is_told_before_anything_is_sent(
    opening: Opening, trackers: Trackers, more: dict[str, Any], words: str
) -> None:
    desk = opening("jira", most=1, **more)
    with pytest.raises(ScoutError, match=words):
        desk.publish()
    assert trackers.counters()["writes"] == 0


def test_a_required_field_of_jira_is_asked_for_in_the_settings(opening: Opening, trackers: Trackers) -> None:
    desk = opening("jira", most=1)
    rows: list[dict[str, Any]] = [
        {"fieldId": name, "key": name, "name": name.title(), "required": name == "customfield_7", "schema": {}}
        for name in ("summary", "labels", "customfield_7")
    ]

    def form(sent: Sent) -> web.StreamResponse | None:
        if "/issuetypes/" not in sent.path:
            return None
        start = int(dict(sent.query)["startAt"])
        return web.json_response({"startAt": start, "total": 3, "fields": rows[start : start + 2]})

    trackers.before = form
    with pytest.raises(ScoutError, match="customfield_7") as told:
        desk.publish()
    assert "fields" in told.value.remedy
    assert trackers.counters()["writes"] == 0
    desk.table += '\nfields = {customfield_7 = "x"}\n'
    assert outcomes(desk.publish()) == [Filed.FILED]


@ON_BOTH
def test_after_a_restore_nothing_is_filed_before_the_tracker_was_swept(
    opening: Opening, trackers: Trackers, tracker: str
) -> None:
    desk = opening(tracker, most=2)
    with desk.work() as work:
        backup.backup(work.ledger, desk.root / "kept")
    desk.publish()
    with desk.work() as work:
        place = work.ledger_place
    backup.restore(place, desk.root / "kept", now(desk.now))
    trackers.fault("500", "issues|search", methods="GET", times=9)
    with pytest.raises(ScoutError):
        desk.publish()
    trackers.forget()
    report = desk.publish()
    assert report.swept
    assert new(trackers, tracker) == 2
    assert trackers.counters()["writes"] == 0
    with desk.work() as work:
        assert len(work.ledger.receipts("rocket")) == 2


@ON_BOTH
def test_a_ledger_on_a_full_disk_files_nothing_twice(
    opening: Opening, trackers: Trackers, tracker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = opening(tracker, most=1)

    def full(*_: object, **__: object) -> bool:
        raise StoreError("The disk is full.", "Make room.")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "receive", full)
        (entry,) = desk.publish().entries
    assert entry.outcome is Filed.FAILED
    assert outcomes(desk.publish()) == [Filed.FOUND]
    assert new(trackers, tracker) == 1


@ON_BOTH
def test_a_ledger_that_cannot_be_written_sends_nothing(
    opening: Opening, trackers: Trackers, tracker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = opening(tracker, most=1)

    def full(*_: object, **__: object) -> int:
        raise StoreError("The disk is full.", "Make room.")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "attempt", full)
        (entry,) = desk.publish().entries
    assert (entry.outcome, entry.reason) == (Filed.FAILED, "The disk is full. Make room.")
    assert trackers.counters()["writes"] == 0
    assert outcomes(desk.publish()) == [Filed.FILED]


def test_a_project_that_is_archived_in_jira_is_told_before_anything_is_sent(
    opening: Opening, trackers: Trackers
) -> None:
    desk = opening("jira", most=1)

    def archived(sent: Sent) -> web.StreamResponse | None:
        shown = {"id": "10000", "key": "SCT", "name": "Rocket", "archived": True}
        return web.json_response(shown) if sent.path.endswith("/project/SCT") else None

    trackers.before = archived
    with pytest.raises(ScoutError, match="SCT is archived in Jira"):
        desk.publish()
    assert trackers.counters()["writes"] == 0
    with desk.work() as work:
        assert len(work.ledger.intents("rocket")) == 1, "it stays in the outbox"


def test_what_is_cut_leads_to_the_page_where_the_settings_say_where_it_is(opening: Opening) -> None:
    desk = opening("github", most=0)
    desk.sources = ""
    long = "It is *gone* again.\n\n" * 9000
    with desk.work() as work:
        name = review.listing(work, everything=True).candidates[0].id
        decide.edit(work, name, body=work.ledger.candidate(name).draft.body + long)
        decide.accept(work, name)
    desk.table += '[serve]\npage = "https://scout.example"\n'
    (entry,) = desk.publish(live=False).entries
    assert f"(https://scout.example/candidates/{name})" in entry.payload
    assert "Cut here" in entry.payload
