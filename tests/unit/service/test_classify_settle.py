"""What nobody could decide is settled by people in batches; it stands, and counts against the rule that guessed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from scout import clock
from scout.cli.settling import Settling
from scout.errors import ConflictError, UsageError
from scout.service.classify_apply import apply
from scout.service.classify_plan import Wishes
from scout.service.classify_report import report
from scout.service.classify_run import classify
from scout.service.classify_runs import Run
from scout.service.classify_settle import SIZE, Unsettled, settle, unsettle, unsettled
from scout.service.classify_standing import withheld_by_class
from scout.service.wiring import Workspace, open_workspace

COUNT = 11


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "home"))
    place = tmp_path / "meadow"
    (place / ".git").mkdir(parents=True)
    (place / "tickets").mkdir()
    for number in range(COUNT):
        text = f"---\ntitle: Should we keep chapter {number}?\n---\nThe editors meet on the 3rd.\n"
        (place / "tickets" / f"t-{number:02}.md").write_text(text, "utf-8")
    (place / "tickets" / "crash.md").write_text("---\ntitle: It crashes\nkind: bug\n---\nOpen it.\n", "utf-8")
    opened = open_workspace(place, clock.now("2026-03-02"))
    classify(opened, Wishes())
    yield opened
    opened.close()


def test_batches_have_one_guess_for_one_reason_and_few_enough_tickets_to_look_at(work: Workspace):
    offered = unsettled(work)
    assert offered.tickets == COUNT == sum(len(one.tickets) for one in offered.batches)
    assert all(len(one.tickets) <= SIZE for one in offered.batches)
    assert {(one.meaning, one.project) for one in offered.batches} == {("someday", "meadow")}
    assert [one.key for one in offered.classes] == ["1", "2", "3", "4", "5"]


def test_what_is_settled_stands_and_counts_against_the_rule_that_guessed_otherwise(work: Workspace):
    first, second = unsettled(work).batches
    assert settle(work, None, [first.id], "waiting").changed == SIZE
    done = settle(work, None, [second.id])
    assert (done.changed, done.left, done.meaning) == (0, 0, "someday")
    found = report(Run(work, done.run))
    assert found.classes == {"waiting": SIZE, "someday": COUNT - SIZE, "next_action": 1}
    assert list(found.overruled.values()) == [SIZE]
    assert "open-question: someday became waiting" in found.overruled
    assert len(withheld_by_class(work, "meadow")) == COUNT
    assert classify(work, Wishes()).unchanged == COUNT + 1


def test_settling_is_taken_back_to_the_guess_and_its_doubt(work: Workspace):
    before = unsettled(work)
    one = before.batches[0].tickets[0]
    settle(work, None, [str(one.number)], "project")
    assert unsettled(work).tickets == COUNT - 1
    unsettle(work, None, [one.number])
    assert unsettled(work) == before
    with pytest.raises(UsageError, match="Nobody has settled"):
        unsettle(work, None, [one.number])


def test_a_ticket_whose_label_is_on_its_way_is_not_settled_otherwise(work: Workspace):
    apply(work, accept=("all",))
    with pytest.raises(ConflictError, match="accepted already"):
        settle(work, None, ["meadow t-03"], "waiting")


@pytest.mark.parametrize(("which", "meaning", "said"), [("b-0", "", "no batch"), ("meadow t-01", "wating", "waiting")])
def test_what_there_is_not_is_refused_with_what_there_is(work: Workspace, which: str, meaning: str, said: str):
    with pytest.raises(UsageError, match=said):
        settle(work, None, [which], meaning)


def walked(work: Workspace, keys: str) -> tuple[int, Unsettled, str]:
    pressed = iter(keys)
    out = Console(record=True, width=80, markup=False, emoji=False, highlight=False)
    made = Settling(work, out, unsettled(work), "reviewer", key=lambda: next(pressed)).go()
    return made, unsettled(work), out.export_text()


def test_one_key_settles_a_batch_and_the_walk_ends_with_the_last(work: Workspace):
    made, left, shown = walked(work, "y2")
    assert (made, left.tickets) == (COUNT, 0)
    assert "Should we keep chapter" in shown


def test_a_batch_is_taken_ticket_by_ticket_back_and_on(work: Workspace):
    made, left, shown = walked(work, "xo2ujk1yq")
    assert (made, left.tickets) == (2, COUNT - 2)
    assert "in doubt again" in shown
