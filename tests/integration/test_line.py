"""The whole line, as a user walks it: run, decide, file, take up, and what never comes back."""

from pathlib import Path

import pytest

from tests.making import Made
from tests.rocket import Scout, rocket

LATER = "2026-03-03T09:00:00+00:00"


@pytest.fixture
def project(tmp_path: Path) -> Made:
    return rocket(tmp_path / "rocket")


@pytest.fixture
def scout(tmp_path: Path, project: Made) -> Scout:
    return Scout(tmp_path / "state", project.path)


def inbox(scout: Scout, now: str | None = None) -> list[str]:
    arguments = {"now": now} if now else {}
    return [line["id"] for line in scout("inbox", "list", "--json", **arguments).document["candidates"]]


def test_a_run_finds_drafts_and_plans_without_settings(scout: Scout):
    ran = scout("run", "--json")
    assert ran.code == 0, ran.err
    report = ran.document
    assert report["schema"] == "scout.run/1"
    assert {look["outcome"] for look in report["looks"]} <= {"present", "absent", "not_applicable"}
    assert 0 < len(report["drafted"]) <= report["plan"]["order"]
    assert all(one["ready"] for one in report["drafted"])
    assert "proxy" in report["plan"]["demand"]["basis"]
    assert report["waiting"] == len(report["drafted"])
    assert any("scout inbox" in step for step in report["next_steps"])


def test_a_second_run_of_the_same_world_writes_nothing(scout: Scout):
    scout("run")
    before = contents(scout.home)
    again = scout("run", "--json").document
    assert again["drafted"] == []
    after = contents(scout.home)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed <= {"sources.json"}, changed


def contents(home: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(home)): file.read_bytes()
        for file in home.rglob("*")
        if file.is_file() and not file.name.endswith((".lock", "-shm", "-wal"))
    }


def test_findings_are_the_same_bytes_every_time(scout: Scout, tmp_path: Path, project: Made):
    first = scout("find", "--at", project.head(), "--json")
    other = Scout(tmp_path / "other-state", project.path)("find", "--at", project.head(), "--json")
    assert first.code == 0
    assert first.out == other.out
    assert first.document["schema"] == "scout.findings/1"
    for finding in first.document["findings"]:
        assert finding["subject"]
        assert finding["severity"] in {1, 2, 3}
        assert finding["evidence"]
        assert finding["fingerprint"].startswith(finding["signal"] + ":")


def test_what_is_accepted_is_filed_once_and_can_be_taken_up(scout: Scout, project: Made):
    scout("run")
    chosen = inbox(scout)[0]
    assert scout("inbox", "accept", chosen, "--json").document["state"] == "accepted"

    dry = scout("publish", "--json").document
    assert dry["entries"][0]["outcome"] == "would file"
    assert not (project.path / "tickets").exists(), "without --live nothing is written"

    live = scout("publish", "--live", "--json").document
    assert live["filed"] == 1
    assert scout("publish", "--live", "--json").document["entries"] == []
    (ticket,) = (project.path / "tickets").glob("*.md")
    assert ticket.read_text("utf-8") == dry["entries"][0]["payload"], "what was shown is what was written"

    served = scout("next", "--claim", "bench-1", "--json")
    assert served.code == 0
    assert served.document["tickets"][0]["key"] == ticket.stem
    assert scout("next", "--claim", "bench-2", "--json").code == 1, "nobody else gets it"

    scout("run", now=LATER)
    assert chosen not in inbox(scout, LATER)


def test_a_rejected_idea_stays_away_until_its_evidence_changes(scout: Scout, project: Made):
    scout("run")
    listed = scout("inbox", "list", "--json").document["candidates"]
    one = next(line for line in listed if line["signal"] == "broken-internal-link")
    assert scout("inbox", "reject", one["id"], "--reason", "not ours").code == 0

    assert one["fingerprint"] not in fingerprints(scout("run", "--json", now=LATER).document)
    project.commit({"rocket/log.txt": "more\n"}, "unrelated", by="Ben <ben@example.org>")
    assert one["fingerprint"] not in fingerprints(scout("run", "--json", now=LATER).document)


def fingerprints(report: dict[str, list[dict[str, str]]]) -> set[str]:
    return {line["fingerprint"] for line in report["drafted"]}


def test_a_deferred_candidate_comes_back_on_its_day(scout: Scout):
    scout("run")
    chosen = inbox(scout)[0]
    assert scout("inbox", "defer", chosen, "--until", "2026-03-10").code == 0
    assert chosen not in inbox(scout)
    assert chosen in inbox(scout, "2026-03-10T00:00:01+00:00")


def test_an_edit_is_a_new_revision_and_judged_again(scout: Scout):
    scout("run")
    chosen = inbox(scout)[0]
    edited = scout("inbox", "edit", chosen, "--file", "-", "--json", stdin="Do something, maybe?")
    assert edited.code == 0
    assert edited.document["revision"] == 2
    shown = scout("inbox", "show", chosen, "--json").document
    assert shown["draft"]["drafter"] == "reviewer"
    assert not shown["draft"]["readiness"]["ready"]


def test_a_candidate_whose_finding_is_gone_is_withdrawn(scout: Scout, project: Made):
    scout("run")
    listed = scout("inbox", "list", "--all", "--json").document["candidates"]
    one = next(line for line in listed if line["signal"] == "ci-reference-missing")
    project.commit({"scripts/check.sh": "echo back\n"}, "bring it back", by="Cleo <cleo@example.org>")
    assert one["id"] in scout("run", "--json", now=LATER).document["withdrawn"]


def test_what_is_gone_before_filing_goes_back_to_the_inbox(scout: Scout, project: Made):
    scout("run")
    listed = scout("inbox", "list", "--all", "--json").document["candidates"]
    one = next(line for line in listed if line["signal"] == "ci-reference-missing")
    scout("inbox", "accept", one["id"])
    project.commit({"scripts/check.sh": "echo back\n"}, "bring it back", by="Cleo <cleo@example.org>")
    entry = scout("publish", "--live", "--json").document["entries"][0]
    assert entry["outcome"] == "returned"
    assert "gone" in entry["reason"]
    assert not (project.path / "tickets").exists()


def test_verify_goes_from_one_to_zero_at_the_fix(scout: Scout, project: Made):
    seen = project.head()
    found = scout("find", "--signal", "ci-reference-missing", "--json").document["findings"][0]
    assert scout("verify", found["fingerprint"], "--seen", seen).code == 1
    project.commit({"scripts/check.sh": "echo back\n"}, "bring it back", by="Cleo <cleo@example.org>")
    assert scout("verify", found["fingerprint"], "--seen", seen).code == 0
    assert scout("verify", "ci-reference-missing:0000000000000000", "--seen", seen).code == 3


def test_what_cannot_be_read_is_neither_gone_nor_withdrawn(scout: Scout, project: Made):
    seen = project.head()
    scout("run")
    listed = scout("inbox", "list", "--all", "--json").document["candidates"]
    one = next(line for line in listed if line["signal"] == "broken-internal-link" and line["subject"] == "README.md")
    project.commit({"README.md": "# Rocket\n\nNothing is linked here.\n"}, "rewrite", by="Ben <ben@example.org>")
    project.forget("HEAD:README.md")
    assert scout("verify", one["fingerprint"], "--seen", seen).code == 3
    assert one["id"] not in scout("run", "--json", now=LATER).document["withdrawn"]


def test_the_warehouse_can_be_deleted_and_the_ledger_keeps_the_decisions(scout: Scout):
    first = scout("run", "--json").document
    chosen = inbox(scout)[0]
    scout("inbox", "reject", chosen, "--reason", "too small")
    (scout.home / "warehouse.duckdb").unlink()
    second = scout("run", "--json").document
    assert second["plan"]["demand"] == first["plan"]["demand"]
    assert second["findings"] == first["findings"]
    shown = scout("inbox", "show", chosen, "--json").document
    assert shown["state"] == "rejected"


def test_assess_says_what_is_missing(scout: Scout):
    ran = scout("assess", "-", "--json", stdin="# Make it faster\n\nIt should be better somehow.\n")
    report = ran.document
    assert ran.code == 1
    assert report["schema"] == "scout.assessment/1"
    assert report["ready"] is False
    assert report["failed_gates"]
    assert report["remedies"]
    assert 0 <= report["readiness"] <= 1


def test_tickets_of_the_folder_count_and_are_served(scout: Scout, project: Made):
    scout("run")
    chosen = inbox(scout)[0]
    scout("inbox", "accept", chosen)
    scout("publish", "--live")
    (ticket,) = (project.path / "tickets").glob("*.md")
    assert scout("assess", str(ticket)).code == 0
    assert scout("run", "--json", now=LATER).document["plan"]["position"]["on_hand"] == 1
    ticket.write_text("---\ntitle: Something\nstate: unstarted\n---\n\nWhich way? TBD\n", "utf-8")
    report = scout("next", "--json", now=LATER).document
    assert report["tickets"] == []
    assert "→" in report["withheld"][ticket.stem], "the verdict that changed is named"


def test_backup_and_restore_keep_what_was_decided(scout: Scout, tmp_path: Path):
    scout("run")
    chosen = inbox(scout)[0]
    scout("inbox", "reject", chosen, "--reason", "not now")
    copy = tmp_path / "copy.sqlite"
    assert scout("backup", str(copy)).code == 0
    other = inbox(scout)[0]
    scout("inbox", "reject", other, "--reason", "after the copy")
    assert scout("restore", str(copy)).code == 0
    assert scout("inbox", "show", chosen, "--json").document["state"] == "rejected"
    assert scout("inbox", "show", other, "--json").document["state"] == "offered"
