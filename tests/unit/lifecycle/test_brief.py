"""A brief is a file: nothing that stands in it can become a command, and it comes back as it was written."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scout.errors import UsageError
from scout.lifecycle import brief as briefs
from scout.lifecycle.brief import Brief, Case, Example
from scout.lifecycle.taxonomy import Rule, load

NASTY = st.sampled_from(
    ("it's", '"quoted"', "$(touch pwned)", "`touch pwned`", "a\nb\r\nc", "\0", "🦔", "; rm -rf .", "%s {x}")
)
WORDS = st.lists(NASTY | st.text(max_size=20), min_size=1, max_size=6).map("".join)


def a_brief(reason: str, title: str) -> Brief:
    rule = Rule(id="case-1", weight=2, reason=reason or "x", phrases=("vendor",))
    example = Example(meaning="waiting", ticket=title, title=title, reason=reason)
    return Brief(
        run="r-1",
        worker="wave-1-1",
        counts={"rocket": 3},
        count=3,
        taxonomy=load(),
        cases=(Case(meaning="waiting", rule=rule),),
        examples=(example,),
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORDS, WORDS)
def test_whatever_stands_in_a_brief_comes_back(tmp_path: Path, reason: str, title: str):
    written = a_brief(reason, title)
    briefs.write(written, tmp_path)
    assert briefs.read(tmp_path) == written
    assert briefs.read(tmp_path).digest == written.digest
    assert "\0" not in (tmp_path / briefs.WRITTEN).read_text("utf-8")


@pytest.mark.parametrize("name", ["it's", "$(touch pwned)", "a b", "semi;colon", "🦔", "new\nline", '"'])
def test_a_worker_in_a_folder_of_any_name_works_by_its_brief_and_runs_nothing_else(tmp_path: Path, name: str):
    folder = tmp_path / name
    briefs.write(a_brief("the vendor's `touch pwned` $(touch pwned)", "x' ; touch pwned"), folder)
    (folder / "slice.jsonl").write_text('0\t{"id": "1", "title": "The vendor has it; $(touch pwned)"}\n', "utf-8")
    done = subprocess.run([sys.executable, "-P", "-m", "scout.lifecycle.worker", str(folder)], cwd=folder, check=False)
    assert done.returncode == 0
    assert (folder / "verdicts.sqlite").exists()
    assert not list(tmp_path.rglob("pwned"))


def test_a_brief_says_what_counts_what_to_leave_alone_and_every_class():
    text = briefs.text(a_brief("the vendor's lawyers have it", "Sign"))
    for part in ("exactly one class", "What counts as done", "What to leave alone", "Corner cases", "vendor's lawyers"):
        assert part in text
    assert all(one.definition in text for one in load().classes)


def test_a_folder_without_a_brief_is_told(tmp_path: Path):
    with pytest.raises(UsageError, match="cannot be read"):
        briefs.read(tmp_path)
