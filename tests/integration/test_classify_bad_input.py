"""What may go wrong around a run of classification: a clear result, and nothing half done without a way to go on."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.rocket import Scout


@pytest.fixture
def scout(tmp_path: Path) -> Scout:
    for name in ("meadow", "brook"):
        folder = tmp_path / name
        (folder / ".git").mkdir(parents=True)
        (folder / "tickets").mkdir()
        for number in range(3):
            text = f"---\ntitle: It crashes at {number}\nkind: bug\n---\nOpen it.\n"
            (folder / "tickets" / f"t-{number}.md").write_text(text, "utf-8")
    (tmp_path / "scout.toml").write_text(
        "".join(
            f'[[project]]\nid = "{name}"\npath = "{tmp_path / name}"\nsources = ["files"]\n'
            for name in ("meadow", "brook")
        ),
        "utf-8",
    )
    return Scout(tmp_path / "home", tmp_path)


def told(scout: Scout, *words: str, code: int = 0) -> dict[str, Any]:
    ran = scout("classify", *words, "--json", now="2026-03-02")
    assert ran.code == code, ran.err + ran.out
    return json.loads(ran.out)


def rewrite(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_a_ticket_that_is_closed_or_deleted_midway_is_told_and_the_others_are_written(scout: Scout, tmp_path: Path):
    told(scout, "run", "--all")
    told(scout, "apply", "--accept", "all")
    rewrite(tmp_path / "meadow" / "tickets" / "t-0.md", "kind: bug", "kind: bug\nstate: completed")
    (tmp_path / "meadow" / "tickets" / "t-1.md").unlink()
    done = told(scout, "apply", "--live", code=3)
    (meadow, brook) = done["batches"]
    assert (meadow["written"], brook["written"]) == (1, 3)
    assert set(meadow["held"]) == {"t-0", "t-1"}
    assert "gtd: next-action" in (tmp_path / "meadow" / "tickets" / "t-2.md").read_text("utf-8")
    again = told(scout, "run", "--all")
    assert again["classes"] == {}
    assert again["unchanged"] == 4


def test_a_ticket_that_is_deleted_between_plan_and_run_is_judged_as_it_was_and_gone_at_the_next(
    scout: Scout, tmp_path: Path
):
    told(scout, "plan", "--all")
    (tmp_path / "brook" / "tickets" / "t-1.md").unlink()
    assert told(scout, "run", "--all")["tickets"] == 6
    assert told(scout, "run", "--all", "--again")["tickets"] == 5


def test_a_repository_that_is_unavailable_is_told_and_the_others_finish(scout: Scout, tmp_path: Path):
    (tmp_path / "brook").rename(tmp_path / "elsewhere")
    done = told(scout, "run", "--all", code=3)
    assert (done["tickets"], list(done["projects"])) == (3, ["meadow"])
    assert any(note.startswith("brook is left out") for note in done["notes"])
    (tmp_path / "elsewhere").rename(tmp_path / "brook")
    assert told(scout, "run", "--all")["projects"] == {"brook": {"next_action": 3}}


def test_a_label_that_somebody_renamed_is_another_label_and_stays(scout: Scout, tmp_path: Path):
    told(scout, "run", "--all")
    told(scout, "apply", "--accept", "all", "--live")
    path = tmp_path / "brook" / "tickets" / "t-0.md"
    rewrite(path, "gtd: next-action", "now: next")
    renamed = path.read_bytes()
    told(scout, "run", "--all")
    undone = told(scout, "undo", "--live", code=0)
    assert undone["written"] == 0, "the second run has written nothing"
    first = told(scout, "status")["runs"]
    name = next(iter(first))
    back = told(scout, "undo", name, "--live", code=3)
    assert list(back["held"]["brook"]) == ["t-0"]
    assert path.read_bytes() == renamed


def test_two_classes_on_a_ticket_are_told_and_none_of_them_is_taken_for_a_persons_word(scout: Scout, tmp_path: Path):
    rewrite(tmp_path / "brook" / "tickets" / "t-0.md", "kind: bug", "labels: ['gtd: someday', 'gtd: waiting']")
    done = told(scout, "run", "--all")
    assert done["twice"] == ["brook t-0: waiting, someday"]
    told(scout, "apply", "--accept", "brook", "--live")
    text = (tmp_path / "brook" / "tickets" / "t-0.md").read_text("utf-8")
    assert text.count("gtd: ") == 1


CLASS = '[[class]]\nid = "{}"\nname = "{}"\ndefinition = "{}"\n'


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        ((("big", "Big", "More than a day."), ("large", "Large", "More  than a DAY")), "the same definition"),
        ((("big", "Big", "More than a day."), ("large", "big", "Less than a day.")), "the same name"),
        ((("big", "Big", "More than a day."), ("small", "Small", "")), "definition"),
        ((("big", "Big", "More than a day."),), "class"),
    ],
)
def test_a_taxonomy_with_overlapping_or_missing_definitions_is_refused_with_its_place(
    scout: Scout, tmp_path: Path, classes: tuple[tuple[str, str, str], ...], said: str
):
    path = tmp_path / "size.toml"
    path.write_text('id = "size"\nname = "Size"\n' + "".join(CLASS.format(*one) for one in classes), "utf-8")
    ran = scout("classify", "run", "--all", "--taxonomy", str(path))
    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "home" / "classify").exists()
