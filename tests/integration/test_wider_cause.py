"""One cause in several projects becomes an issue in each, linked by a parent, and never across visibility."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scout.clock import now
from scout.model import Candidate
from scout.service import decide, review
from scout.service.decisions import Said
from scout.service.publish import publish
from scout.service.run import run
from scout.service.wiring import Workspace, open_workspace
from tests.integration.test_model_drafts import words
from tests.making import Made
from tests.oracle import oracle

DAYS = ("2026-03-02T09:00:00+00:00", "2026-03-03T09:00:00+00:00", "2026-03-04T09:00:00+00:00")
COMPOSE = "services:\n  db:\n    image: postgres:11\n"
SUBJECT = "PostgreSQL 11"
"""Its support ended on 2023-11-09."""

Settle = Callable[..., Callable[[str], Workspace]]


@pytest.fixture
def settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settle:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SCOUT_CONFIG", raising=False)

    def settle(model: str = "", **visibilities: str) -> Callable[[str], Workspace]:
        tables = [f'[llm]\nbase_url = "{model}"\nmodel = "m"\nprojects = ["orchard"]\npatience = 0\n'] if model else []
        for name, visibility in visibilities.items():
            if not (tmp_path / name).exists():
                Made(tmp_path / name).commit({"compose.yml": COMPOSE, "app.py": f"NAME = '{name}'\n"}, "begin")
            tables.append(f'[[project]]\nid = "{name}"\npath = "{name}"\nvisibility = "{visibility}"\n')
        (tmp_path / "scout.toml").write_text("\n".join(tables))
        return lambda at: open_workspace(tmp_path, now(at), tmp_path / "scout.toml")

    return settle


def found(at: Callable[[str], Workspace], name: str, day: str) -> Candidate:
    """Run a project, and return its candidate of the cause."""
    work = at(day)
    try:
        run(work, work.project(name))
        (one,) = (one for one in work.ledger.candidates(project=name) if one.subject == SUBJECT)
        return one
    finally:
        work.close()


def test_the_later_project_names_the_earlier_one_as_parent(settled: Settle):
    at = settled(meadow="internal", orchard="internal", quarry="internal")
    first = found(at, "meadow", DAYS[0])
    assert "Part of a wider cause" not in first.draft.body
    second = found(at, "orchard", DAYS[1])
    said = f"Parent: `{first.id}` of the project `meadow`, seen there first, on 2026-03-02."
    told = f"## Part of a wider cause\n\nOther projects of the portfolio have the same cause, `{SUBJECT}`."
    assert told in second.draft.body
    assert said in second.draft.body
    assert second.draft.readiness.ready
    third = found(at, "quarry", DAYS[2])
    assert said in third.draft.body
    assert f"The same is found in `{second.id}` of the project `orchard`." in third.draft.body
    work = at(DAYS[2])
    try:
        shown = review.show(work, third.id)
        assert shown.parent is not None
        assert (shown.parent.where, [one.where for one in shown.elsewhere]) == ("meadow", ["meadow", "orchard"])
        parent = review.show(work, first.id)
        assert (parent.parent, [one.where for one in parent.elsewhere]) == (None, ["orchard", "quarry"])
    finally:
        work.close()


def test_the_parent_is_named_by_its_ticket_once_it_has_one(settled: Settle):
    at = settled(meadow="public", orchard="internal")
    first = found(at, "meadow", DAYS[0])
    work = at(DAYS[0])
    try:
        decide.accept(work, first.id)
        publish(work, work.project("meadow"), live=True)
        ticket = work.ledger.candidate(first.id).ticket
    finally:
        work.close()
    assert ticket
    assert f"Parent: `{ticket}` of the project `meadow`" in found(at, "orchard", DAYS[1]).draft.body


def test_what_was_rejected_is_no_parent(settled: Settle):
    at = settled(meadow="internal", orchard="internal")
    first = found(at, "meadow", DAYS[0])
    work = at(DAYS[0])
    try:
        decide.reject(work, first.id, said=Said(reason="not ours"))
    finally:
        work.close()
    assert "wider cause" not in found(at, "orchard", DAYS[1]).draft.body


@pytest.mark.parametrize(
    ("there", "here", "shown"),
    [
        ("private", "internal", False),
        ("private", "private", False),
        ("internal", "public", False),
        ("internal", "private", True),
        ("public", "public", True),
    ],
)
def test_nothing_of_a_project_is_said_where_not_all_readers_may_see_it(
    settled: Settle, there: str, here: str, *, shown: bool
):
    at = settled(meadow=there, orchard=here)
    first = found(at, "meadow", DAYS[0])
    second = found(at, "orchard", DAYS[1])
    assert (first.id in second.draft.body) is shown
    assert ("meadow" in second.draft.body) is shown
    work = at(DAYS[1])
    try:
        assert bool(review.show(work, second.id).elsewhere) is shown
    finally:
        work.close()


def test_names_of_a_projects_own_are_not_one_cause(settled: Settle, tmp_path: Path):
    at = settled(meadow="internal", orchard="internal")
    for name in ("meadow", "orchard"):
        Made(tmp_path / name).commit({"docs/guide.md": "See [the map](map.md).\n"}, "guide")
    for name, day in zip(("meadow", "orchard"), DAYS, strict=False):
        found(at, name, day)
    work = at(DAYS[1])
    try:
        links = [one for one in work.ledger.candidates() if one.signal == "broken-internal-link"]
        assert len({one.fingerprint for one in links}) == 1
        assert len(links) == 2
        assert all("wider cause" not in one.draft.body for one in links)
    finally:
        work.close()


def test_a_models_draft_has_it_too(settled: Settle):
    with oracle(words) as there:
        at = settled(there.url, meadow="internal", orchard="internal")
        first = found(at, "meadow", DAYS[0])
        second = found(at, "orchard", DAYS[1])
    assert f"Parent: `{first.id}`" in second.draft.body
    assert first.id in there.words
    assert second.draft.drafter == "llm"
