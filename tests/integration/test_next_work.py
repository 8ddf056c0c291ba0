"""A model is asked about a project that consented, once while nothing changes, and what it invents is dropped."""

from pathlib import Path
from typing import Any

import pytest

from scout.clock import now
from scout.model import Outcome
from scout.service.scan import FindingsReport, find
from scout.service.wiring import open_workspace
from scout.signals import Commit
from tests.oracle import Oracle, fails, oracle, says
from tests.plugins.building import add, build

PROMISE = "An export to CSV will follow soon."
README = f"# Orchard\n\nCounts apples with token ghp_{'a1' * 18}.\n{PROMISE}\n"


def proposal(quotation: str = PROMISE) -> dict[str, Any]:
    return {
        "title": "Export the counts, see https://pages.example and @somebody",
        "current": "There is none.",
        "why": "Users copy.",
        "wanted": "It is there.",
        "checks": ["A file is written."],
        "paths": [],
        "kind": "feature",
        "size": "hours",
        "claims": [{"document": "README.md", "quotation": quotation}],
    }


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SCOUT_CONFIG", raising=False)
    return build(tmp_path / "orchard", (Commit("2026-01-01", {"README.md": README}),))


def settings(folder: Path, there: Oracle, projects: str = '["orchard"]') -> Path:
    file = folder / "scout.toml"
    file.write_text(
        f'[llm]\nbase_url = "{there.url}"\nmodel = "m"\nprojects = {projects}\npatience = 0\n'
        f'[[project]]\nid = "orchard"\npath = "{folder.parent / "orchard"}"\n'
    )
    return file


def looked(checkout: Path, config: Path | None, day: str = "2026-03-04") -> FindingsReport:
    work = open_workspace(checkout, now(day), config)
    return find(work, work.project("orchard"), signals=["next-work"])


def test_a_proposal_with_a_true_quotation_is_a_finding(checkout: Path, tmp_path: Path):
    answer = {"proposals": [proposal(), proposal("An export to PDF will follow soon.")]}
    (tmp_path / "own").mkdir()
    with oracle(says(answer)) as there:
        config = settings(tmp_path / "own", there)
        report = looked(checkout, config)
        assert looked(checkout, config) == report
        later = looked(checkout, config, "2026-03-05")
        assert len(there.asked) == 1
        add(checkout, Commit("2026-03-01", {"README.md": README + "\nMore.\n"}))
        looked(checkout, config)

    assert len(there.asked) == 2
    assert "ghp_" not in there.words
    (finding,) = report.offered
    assert finding.evidence[0].locator == "README.md:4"
    assert finding.evidence[0].resolved
    assert finding.story.title == "Export the counts, see and somebody"
    assert [one.fingerprint for one in later.findings] == [finding.fingerprint]


@pytest.mark.parametrize("projects", ["[]", '["another"]'])
def test_nothing_is_sent_about_a_project_that_is_not_named(projects: str, checkout: Path, tmp_path: Path):
    (tmp_path / "own").mkdir()
    with oracle(says({"proposals": []})) as there:
        report = looked(checkout, settings(tmp_path / "own", there, projects))

    assert there.asked == []
    assert report.looks[0].outcome is Outcome.NOT_APPLICABLE
    assert report.looks[0].reason == "no model is set for this project"


def test_a_checkout_cannot_send_itself_anywhere(checkout: Path):
    with oracle(says({"proposals": []})) as there:
        (checkout / "scout.toml").write_text(
            f'[llm]\nbase_url = "{there.url}"\nmodel = "m"\nprojects = ["orchard"]\n[[project]]\nid = "orchard"\n'
        )
        report = looked(checkout, None)

    assert there.asked == []
    assert report.looks[0].outcome is Outcome.NOT_APPLICABLE


def test_a_model_that_is_down_is_asked_by_the_next_run(checkout: Path, tmp_path: Path):
    (tmp_path / "own").mkdir()
    with oracle(fails(503), says({"proposals": [proposal()]})) as there:
        config = settings(tmp_path / "own", there)
        down = looked(checkout, config)
        up = looked(checkout, config)

    assert down.looks[0].outcome is Outcome.UNAVAILABLE
    assert down.findings == ()
    assert len(up.offered) == 1


def test_an_unknown_path_and_too_many_proposals_are_dropped(checkout: Path, tmp_path: Path):
    many = [{**proposal(), "paths": ["src/none.py"]}, *[proposal("No such words stand there.")] * 9, proposal()]
    (tmp_path / "own").mkdir()
    with oracle(says({"proposals": many})) as there:
        report = looked(checkout, settings(tmp_path / "own", there))

    assert report.findings == ()
