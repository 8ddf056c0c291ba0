"""Few, true, remembered: what was rejected, what people asked for in their own words, and whom reviewers believe."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from scout.drafts import clusters
from scout.drafts.dedupe import cut
from scout.service.attaching import attach
from scout.service.run import run
from scout.service.scan import find
from scout.service.selecting import Selection
from scout.service.upkeep import upkeep
from scout.service.wiring import open_workspace
from tests.making import Made
from tests.rocket import Scout, rocket

LATER = "2026-03-09T09:00:00+00:00"
TICKET = """---
title: The guide links to engine.md, which is gone
state: unstarted
---

In `docs/guide.md` the link to [the engine](engine.md) leads nowhere since the page was dropped.
"""


@pytest.fixture
def project(tmp_path: Path) -> Made:
    return rocket(tmp_path / "rocket")


@pytest.fixture
def scout(tmp_path: Path, project: Made) -> Scout:
    return Scout(tmp_path / "state", project.path)


def waiting(scout: Scout) -> list[dict[str, Any]]:
    return scout("inbox", "list", "--all", "--json").document["candidates"]


def about(scout: Scout, subject: str) -> dict[str, Any]:
    return next(line for line in waiting(scout) if line["subject"] == subject and line["state"] == "offered")


def left_out(scout: Scout, now: str = LATER) -> list[dict[str, Any]]:
    return scout("inbox", "list", "--cut", "--json", now=now).document["cut"]


def test_what_was_rejected_comes_back_with_the_reason_and_what_changed(scout: Scout, project: Made):
    scout("run")
    one = about(scout, "docs/guide.md")
    assert scout("inbox", "reject", one["id"], "--reason", "not ours").code == 0
    scout("run", now=LATER)
    (left,) = [line for line in left_out(scout) if line["fingerprint"] == one["fingerprint"]]
    assert left["because"] == "rejected, and its evidence is the same"

    guide = (project.path / "docs" / "guide.md").read_text("utf-8")
    project.commit({"docs/guide.md": guide + "\nSee [the wings](wings.md).\n"}, "wings", by="Ben <ben@example.org>")
    again = scout("run", "--json", now=LATER).document
    back = next(line for line in again["drafted"] if line["fingerprint"] == one["fingerprint"])
    body = scout("inbox", "show", back["id"], "--json").document["draft"]["body"]
    assert "It was rejected on 2026-03-02 because: `not ours`. What changed:" in body
    assert "new in `docs/guide.md`" in body
    assert "wings.md" in body


def test_what_a_ticket_asks_for_in_own_words_is_no_candidate_and_says_so(scout: Scout, project: Made):
    project.commit({"tickets/engine-page.md": TICKET}, "ask", by="Ben <ben@example.org>")
    drafted = scout("run", "--json").document["drafted"]
    assert not [line for line in drafted if line["subject"] == "docs/guide.md" and "link" in line["signal"]]
    (one,) = [line for line in left_out(scout) if line["because"] == "an open ticket asks for the same"]
    assert (one["same_as"], one["subject"]) == ("engine-page", "docs/guide.md")
    shown = scout("inbox", "list", "--cut").out
    assert "an open ticket asks for the same" in shown
    assert "engine-page" in shown


def test_everything_that_was_found_is_a_candidate_or_listed_with_a_reason(scout: Scout):
    report = scout("run", "--json").document
    fingerprints = {line["fingerprint"] for line in report["drafted"]}
    listed = {line["fingerprint"]: line["because"] for line in left_out(scout)}
    found = {line["fingerprint"] for line in scout("find", "--json").document["findings"]}
    assert found == {*listed} | fingerprints
    assert all(listed.values())


def test_a_scout_that_reviewers_do_not_believe_is_throttled_and_says_so(scout: Scout, project: Made):
    pages = {f"docs/page{n}.md": f"# Page {n}\n\nSee [part {n}](gone{n}.md).\n" for n in range(8)}
    project.commit(pages, "pages", by="Ben <ben@example.org>")
    settings = project.path / "scout.toml"
    settings.write_text("[policy]\nfloor = 20\nscout_share = 1.0\nacceptance_floor = 0.5\n", "utf-8")
    scout("run")
    links = [line for line in waiting(scout) if line["signal"] == "broken-internal-link"]
    assert len(links) > 2
    for line in links:
        assert scout("inbox", "reject", line["id"], "--reason", "not true").code == 0
    project.commit(
        {f"docs/new{n}.md": f"# New {n}\n\nSee [part {n}](lost{n}.md).\n" for n in range(8)},
        "more pages",
        by="Ben <ben@example.org>",
    )
    report = scout("run", "--json", now=LATER).document
    assert sum(line["signal"] == "broken-internal-link" for line in report["drafted"]) == 1
    assert [note for note in report["notes"] if note.startswith("broken-internal-link is throttled")]
    (told,) = [line for line in scout("inbox", "list", "--cut", "--json").document["scouts"] if line["throttled"]]
    assert (told["signal"], told["accepted"], told["rejected"]) == ("broken-internal-link", 0, len(links))


def test_a_second_look_at_the_same_world_writes_nothing_and_lists_the_same(scout: Scout, project: Made):
    project.commit({"tickets/engine-page.md": TICKET}, "ask", by="Ben <ben@example.org>")
    scout("run", now=LATER)
    first = left_out(scout)
    assert scout("run", "--json", now=LATER).document["drafted"] == []
    assert left_out(scout) == first


def test_before_the_first_run_nothing_was_cut(scout: Scout):
    assert scout("inbox", "list", "--cut", "--json").document["cut"] == []


def test_a_candidate_that_waits_gets_the_evidence_of_another_scout_once(
    tmp_path: Path, project: Made, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    work = open_workspace(project.path, datetime.fromisoformat(LATER))
    here = work.project()
    run(work, here)
    found = find(work, here)
    one, other = work.ledger.candidates(project=here.id)[:2]
    evidence = found.findings[0].evidence[0].having(seen="a line that nobody has seen yet", locator="README.md:1")
    new = found.findings[0].having(signal="todo-age", identity="new", evidence=(evidence,))
    more = found.having(findings=(*found.findings, new))
    seen = cut(clusters([new])[0], "a candidate asks for the same", one.id, similar=True)

    notes = attach(work, here, more, Selection((), (seen,), ()))
    assert notes == (f"{new.fingerprint} asks for the same as {one.id}, which has its evidence now.",)
    draft = work.ledger.candidate(one.id).draft
    assert (draft.number, draft.evidence[-1], draft.evidence_digest) == (2, evidence, one.draft.evidence_digest)
    assert "## Also seen by `todo-age`\n\n- `README.md:1`: `a line that nobody has seen yet`" in draft.body
    assert draft.readiness.ready
    assert work.ledger.candidate(other.id) == other
    assert attach(work, here, more, Selection((), (seen,), ())) == ()
    assert upkeep(work, here, found).revised == ()
    work.close()


def lines(path: Path) -> Path:
    texts = (
        {"id": 1, "title": "Importer stops at empty lines", "body": "The weekly import ends with a stack trace."},
        {"id": 2, "title": "Add a dark theme", "body": "For the evening."},
        {"id": 3, "title": "An empty line stops the importer", "body": "A stack trace.", "duplicate_of": 1},
        {
            "id": 4,
            "title": "Theme for the night",
            "body": "A dark one.",
            "links": [{"type": "duplicates", "target": 2}],
        },
        {"id": 5, "title": "Backup of the ledger", "body": "Nightly.", "duplicates": ["6", "5"]},
    )
    path.write_text("".join(json.dumps(one) + "\n" for one in texts) + '{"title": "x"}\n[]\n', "utf-8")
    return path


def test_duplicates_are_measured_beside_two_other_rankings(scout: Scout, tmp_path: Path):
    ran = scout("eval", "duplicates", str(lines(tmp_path / "texts.jsonl")), "--json", now=None)
    assert ran.code == 0, ran.err
    report = ran.document
    assert report["schema"] == "scout.evaluation.duplicates/1"
    assert (report["tickets"], report["queries"], len(report["skipped"])) == (5, 2, 2)
    assert [line["ranking"] for line in report["rankings"]] == ["scout", "BM25", "TF-IDF"]
    assert report["rankings"][0]["recalls"][1] == {"depth": 10, "recall": 1.0, "low": 1.0, "high": 1.0}
    by_id = {row["id"]: row for row in report["rows"]}
    assert len(by_id) == 5
    assert (by_id["3"]["predicted"], by_id["3"]["duplicates"], by_id["3"]["ranks"]["scout"]) == ("1", ["1"], 1)
    assert by_id["1"]["ranks"] == {}


def test_duplicates_of_jira_are_measured_by_its_links(scout: Scout, tmp_path: Path):
    kind = {"name": "Duplicate", "outward": "duplicates", "inward": "is duplicated by"}
    rows: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("A-1", "Importer stops at empty lines", {"inwardIssue": {"key": "A-3"}}),
        ("A-2", "Add a dark theme", {"inwardIssue": {"key": "B-1"}}),
        ("A-3", "Importer stops at an empty line", {"outwardIssue": {"key": "A-1"}}),
    )
    issues = [
        {"id": key, "key": key, "fields": {"summary": title, "description": None, "issuelinks": [{"type": kind, **to}]}}
        for key, title, to in rows
    ]
    file = tmp_path / "issues.json"
    file.write_text(json.dumps({"issues": issues}), "utf-8")
    report = scout("eval", "duplicates", str(file), "--json", now=None).document
    assert [row["id"] for row in report["rows"] if row["duplicates"]] == ["A-3"]
    assert "A-1" in scout("eval", "duplicates", str(file), now=None).out


def test_nothing_linked_and_nothing_readable_are_told_apart(scout: Scout, tmp_path: Path):
    empty = tmp_path / "none.jsonl"
    empty.write_text('{"id": 1, "title": "a", "body": "b", "links": []}\n', "utf-8")
    assert "nothing to compare with" in scout("eval", "duplicates", str(empty), now=None).out
    ran = scout("eval", "duplicates", str(tmp_path / "missing.jsonl"), now=None)
    assert ran.code == 2
    assert "cannot be read" in ran.err
