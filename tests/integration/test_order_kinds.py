"""An order says which kinds of work it is made of, and drafting keeps to it as far as there is something to draft."""

from pathlib import Path

from tests.rocket import Scout, rocket

DONE = """---
title: Done {number}
kind: {kind}
state: completed
closed: 2026-02-20T00:00:00Z
---

Done.
"""


def test_an_order_follows_what_is_started(tmp_path: Path):
    made = rocket(tmp_path / "rocket", landed=5)
    pages = {f"docs/page{number}.md": "# Page\n" for number in range(9)}
    links = {f"docs/about{number}.md": f"# About\n\nRead [it](page{number}.md).\n" for number in range(9)}
    made.commit({**pages, **links}, "write pages")
    made.commit({}, "drop pages", remove=tuple(pages))
    (tmp_path / "rocket/tickets").mkdir()
    for number in range(12):
        text = DONE.format(number=number, kind="docs" if number < 3 else "bug")
        (tmp_path / f"rocket/tickets/t{number}.md").write_text(text, "utf-8")
    scout = Scout(tmp_path / "state", tmp_path / "rocket")
    ran = scout("run", "--json").document
    plan = ran["plan"]
    assert {one["kind"]: one["count"] for one in plan["kinds"]} == {"bug": 7, "docs": 2}
    assert plan["order"] == 9
    assert "By kind: 7 bug (75% of starts, 0 there), 2 docs (25% of starts, 0 there)." in plan["reason"]
    drafted = [(one["kind"], one["signal"]) for one in ran["drafted"]]
    assert drafted[0][0] == "bug"
    signals = [signal for _, signal in drafted]
    assert max(map(signals.count, signals)) <= 9 // 2, "no scout has more than half"
    assert len(drafted) > 2, "where there are no more bugs, others take their place"
    shown = " ".join(scout("buffer").out.split())
    assert "by kind" not in shown, "nothing is ordered any more"
