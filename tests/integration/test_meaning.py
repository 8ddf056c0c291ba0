"""Duplicates are looked for by meaning, too, where the settings name a model and the project; never needed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scout.clock import now
from scout.service.run import RunReport, run
from scout.service.selecting import cut_list
from scout.service.wiring import open_workspace
from tests.oracle import Answering, Oracle, cut_off, fails, measures, oracle
from tests.rocket import NOW, Scout, rocket

TICKETS = {
    "guide": "The guide has dead links\n\n`docs/guide.md` and the README link to pages that are gone.",
    "check": "CI runs a script that is gone\n\nThe workflow calls scripts/check.sh, which nobody can find.",
    "theme": "Add a dark theme\n\nReaders ask for it in the evening.",
}
Ran = Callable[..., RunReport]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SCOUT_CONFIG", raising=False)
    place = rocket(tmp_path / "rocket", landed=4).path
    (place / "tickets").mkdir()
    for name, text in TICKETS.items():
        title, _, body = text.partition("\n\n")
        (place / "tickets" / f"{name}.md").write_text(f"# {title}\n\n{body}\n")
    return place


def settled(checkout: Path, there: Oracle, more: str = "", projects: str = '["rocket"]') -> Path:
    config = checkout.parent / "own" / "scout.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(
        f'[llm]\nbase_url = "{there.url}"\nembedding_model = "e"\nprojects = {projects}\npatience = 0\n{more}\n'
        f'[[project]]\nid = "rocket"\npath = "{checkout}"\n'
    )
    return config


def ran(checkout: Path, config: Path, at: str = NOW) -> RunReport:
    work = open_workspace(checkout, now(at), config)
    try:
        return run(work, work.project("rocket"))
    finally:
        work.close()


def test_an_unchanged_second_run_asks_nothing_and_neither_does_a_look(checkout: Path):
    with oracle(measures()) as there:
        config = settled(checkout, there)
        first = ran(checkout, config)
        asked = len(there.asked)
        assert asked == 1
        sent: list[str] = there.asked[0]["input"]
        assert any("dead links" in text for text in sent)
        assert not [note for note in first.notes if "by words alone" in note]
        ran(checkout, config, "2026-03-02T15:00:00+00:00")
        work = open_workspace(checkout, now(NOW), config)
        try:
            cut_list(work, work.project("rocket"))
            assert work.ledger.spent(now().date().isoformat()).tokens == 100
        finally:
            work.close()
        assert len(there.asked) == asked


@pytest.mark.parametrize(
    ("answer", "more", "said"),
    [
        (fails(500), "", "unavailable: The model at 127.0.0.1 gave no answer: it answered 500"),
        (fails(429, Retry_After="60"), "", "asked to wait 60 seconds"),
        (cut_off, "", "unavailable: "),
        (measures(short=1), "", "invalid: "),
        (measures(), "tokens_per_run = 10", "over budget: This run's budget"),
    ],
)
def test_whatever_fails_words_decide_and_it_is_said_once(answer: Answering, more: str, said: str, checkout: Path):
    with oracle(answer) as there:
        found = ran(checkout, settled(checkout, there, more))
    told = [note for note in found.notes if "by words alone" in note]
    assert len(told) == 1
    assert said in told[0]
    assert len(found.drafted) >= 2


def test_a_project_that_is_not_named_sends_nothing(checkout: Path):
    with oracle(measures()) as there:
        found = ran(checkout, settled(checkout, there, projects="[]"))
    assert there.asked == []
    assert not [note for note in found.notes if "by words alone" in note]


def test_the_evaluation_has_a_row_for_it_only_where_it_is_set(checkout: Path, tmp_path: Path):
    data = tmp_path / "pairs.jsonl"
    data.write_text(
        '{"id": "1", "title": "Importer stops at empty lines", "body": "a trace", "duplicates": ["2"]}\n'
        '{"id": "2", "title": "Import fails on an empty line", "body": "stack trace"}\n'
        '{"id": "3", "title": "Add a dark theme", "body": ""}\n'
    )
    scout = Scout(tmp_path / "state", checkout)
    rows = scout("eval", "duplicates", str(data), "--json", now=None).document["rankings"]
    assert [one["ranking"] for one in rows] == ["scout", "BM25", "TF-IDF"]
    with oracle(measures()) as there:
        config = str(settled(checkout, there))
        ranked = scout("eval", "duplicates", str(data), "--config", config, "--json", now=None).document["rankings"]
        assert [one["ranking"] for one in ranked] == ["scout", "BM25", "TF-IDF", "scout, and by meaning"]
        assert len(there.asked) == 1
    with oracle(fails(500)) as there:
        config = str(settled(checkout, there))
        (tmp_path / "state" / "cache" / "vectors").rename(tmp_path / "gone")
        report = scout("eval", "duplicates", str(data), "--config", config, "--json", now=None).document
    assert len(report["rankings"]) == 3
    assert "by words alone" in report["notes"][0]
