"""The total explains itself: gates decide, weights order, and anything can be judged."""

import base64
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.model import Passing, WorkKind
from scout.readiness import READY_FROM, Judged, all_criteria, assess, rubric_digest
from scout.text import adf, wiki

GOOD = """## Current behaviour

The export (`app/export.py:41`, version 2.3.1) writes the server's zone, because `zone()` is never called there.

```text
$ demo export
2026-03-01T09:00+09:00
```

## Expected behaviour

Every row has its date in UTC.

## Steps to reproduce

1. Set the server's zone to Asia/Tokyo.
2. Run `demo export`.

## Why it matters

Reports of two offices cannot be compared.

## Acceptance criteria

- [ ] Every row of `demo export` ends in `Z`.
- [ ] `pytest tests/test_export.py` passes with `TZ=Asia/Tokyo`.

## Scope

Only the export; the import is a ticket of its own.

## How to verify

```sh
TZ=Asia/Tokyo pytest tests/test_export.py
```

## Size

S: under two hours.
"""


def test_a_good_ticket_is_ready():
    readiness = assess(Judged.of("Export writes the wrong zone", GOOD, kind=WorkKind.BUG))
    assert readiness.ready
    assert readiness.failed_gates == ()
    assert readiness.total > 0.9


@pytest.mark.parametrize(
    ("gate", "title", "body"),
    [
        ("real-content", "Export in UTC", ""),
        ("current-state", "Dark theme", "A picture would be nice."),
        ("wanted-outcome", "Dates", "The export has dates of the server's zone in it. They differ between offices."),
        ("no-open-decision", "Export in UTC", f"{GOOD}\n\nShould the import do the same?"),
        ("no-open-decision", "Export in UTC", f"{GOOD}\n\nFormat: TBD"),
        ("not-blocked", "Export in UTC", f"{GOOD}\n\nBlocked by the release of the other library."),
        (
            "one-deliverable",
            "Umbrella: exports",
            f"- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d\n\n{GOOD.replace('Scope', 'Notes')}",
        ),
    ],
)
def test_each_gate_closes(gate: str, title: str, body: str):
    readiness = assess(Judged.of(title, body, kind=WorkKind.FEATURE))
    assert gate in readiness.failed_gates
    assert not readiness.ready
    assert readiness.total < READY_FROM


def test_a_defect_needs_a_reproduction_and_a_feature_does_not():
    body = "The totals are wrong sometimes. They should be right, and everybody should be able to rely on them."
    assert "reproduction" in assess(Judged.of("Totals", body, kind=WorkKind.BUG)).failed_gates
    feature = assess(Judged.of("Totals", body, kind=WorkKind.FEATURE))
    verdict = next(v for v in feature.verdicts if v.criterion == "reproduction")
    assert verdict.passing is Passing.NOT_APPLICABLE


def test_what_scout_wrote_needs_acceptance_criteria_and_what_people_wrote_does_not():
    body = GOOD.replace("## Acceptance criteria", "## Notes")
    assert assess(Judged.of("Export", body, kind=WorkKind.BUG)).ready
    assert assess(Judged.of("Export", body, kind=WorkKind.BUG, generated=True)).failed_gates == ("acceptance",)


def test_questions_in_code_and_quotes_are_nobodys_open_question():
    body = f"{GOOD}\n\n> Should we?\n\n```\nwhy? TBD\n```\n\nCalled `is it ok?` in the code."
    assert assess(Judged.of("Export writes the wrong zone", body, kind=WorkKind.BUG)).ready


def test_a_question_in_the_comments_closes_the_gate_until_it_is_decided():
    asked = ("Should it be local time after all?",)
    assert assess(Judged.of("Export", GOOD, comments=asked)).failed_gates == ("no-open-decision",)
    assert assess(Judged.of("Export", GOOD, comments=(*asked, "Decision: UTC."))).ready


def test_invisible_characters_do_not_hide_an_open_decision():
    body = f"{GOOD}\n\nFormat: T\u200bB\u2060D"
    assert assess(Judged.of("Export", body, kind=WorkKind.BUG)).failed_gates == ("no-open-decision",)


def test_untouched_forms_have_no_content():
    form = "### What happened?\n\n_No response_\n\n### Steps to reproduce\n\nN/A\n\n<!-- be precise -->\n"
    assert "real-content" in assess(Judged.of("Bug", form)).failed_gates


def test_other_languages_are_judged_by_structure_and_the_verdict_says_so():
    body = (
        "Der Bericht zeigt die Summen des vorigen Monats, wenn der Monat zweimal gewechselt wird.\n\n"
        "Niemand kann damit rechnen, dass ein anderer Monat gezeigt wird als der gewählte, "
        "weil die Liste den richtigen Monat nennt."
    )
    readiness = assess(Judged.of("Falsche Summen", body, kind=WorkKind.CHORE))
    judged = [v for v in readiness.verdicts if v.passing is not Passing.NOT_APPLICABLE]
    assert all(v.reason.startswith("Not English") for v in judged)
    assert "wanted-outcome" not in readiness.failed_gates


def test_a_ticket_that_was_moved_as_one_quotation_is_read():
    quoted = "\n".join(f"> {line}" for line in GOOD.splitlines())
    assert assess(Judged.of("Export", f"Moved from elsewhere.\n\n{quoted}", kind=WorkKind.BUG)).total > 0.5


def test_the_digest_is_of_exactly_what_was_judged():
    one = Judged.of("Export", GOOD)
    same = Judged.of("Export", GOOD)
    others = [
        Judged.of("Export!", GOOD),
        Judged.of("Export", f"{GOOD}."),
        Judged.of("Export", GOOD, comments=("a",)),
        Judged.of("Export", GOOD, blocked_by=("7",)),
        Judged.of("Export", GOOD, generated=True),
        Judged.of("Export", GOOD, kind=WorkKind.DOCS),
    ]
    assert assess(one).digest == assess(same).digest
    assert len({assess(text).digest for text in (one, *others)}) == 1 + len(others)
    assert assess(one).rubric == rubric_digest()


def test_gates_come_first_and_every_criterion_once():
    found = all_criteria()
    assert [one.gate for one in found] == sorted((one.gate for one in found), reverse=True)
    assert len({one.id for one in found}) == len(found) == 17


def _nested_adf() -> dict[str, object]:
    node: dict[str, object] = {"type": "text", "text": "a"}
    for level in range(10_000):
        node = {"type": ("blockquote", "bulletList", "listItem", "mystery")[level % 4], "content": [node]}
    return node


HOSTILE = {
    "empty": "",
    "base64 in one line": base64.b64encode(bytes(range(256)) * 3_000).decode(),
    "a megabyte of words": "should we do this? " * 60_000,
    "nested quotes": ">" * 10_000 + " a",
    "nested lists": "\n".join("  " * level + "- a" for level in range(1_000)),
    "broken table": "|a|b\n|-|\n" * 50_000,
    "dots and slashes": "a/b.c-" * 200_000,
    "dashes": "a-" * 500_000,
    "underscores": "_" * 500_000 + "x",
    "blank lines": "\n" * 500_000 + "a",
    "spaces": "a" + " " * 500_000 + "b",
    "surrogates": "\ud800\udfff" * 1_000,
    "labels": "**Expected:** a\n" * 50_000,
    "ideographs": "日本語" * 100_000,
    "lists 10,000 deep": "- " * 10_000 + "a",
    "quotes by lines": "\n".join(">" * level + " a" for level in range(0, 10_000, 50)),
    "a wide broken table": "|" * 10_000 + "\n" + "|-" * 10_000 + "\n" + "|a" * 10_000,
    "pull requests": "PR " * 300_000 + "https://x.example/pull/1",
    "open brackets": "[\n" * 300_000,
    "open HTML": "<img " * 200_000,
    "open comments": "<!-- " * 200_000,
    "doubts": "not really sure " * 60_000,
    "options": "we either " * 100_000,
    "code without a fence": "a = b(c) {d} ? " * 60_000,
    "release titles": "Alloy " * 100_000,
    "tasks": "- [ ] a\n" * 100_000,
    "pull addresses": "a b c d e f g h i j k https://x.example/pull/" * 20_000,
    "invalid UTF-8": bytes(range(128, 256)).decode("utf-8", "replace") * 2_000,
    "wiki lists": wiki.markdown("*" * 10_000 + " a\n" * 100),
    "wiki macros": wiki.markdown("{code}{quote}{panel}" * 5_000),
    "unknown ADF": adf.markdown(
        {"type": "doc", "content": [{"type": "?", "content": [{"type": "!", "text": "a"}]}] * 999}
    ),
    "nested ADF": adf.markdown(_nested_adf()),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_gets_a_verdict_with_a_reason_in_time(body: str):
    started = time.process_time()
    readiness = assess(Judged.of(body[:300], body, comments=(body[:50_000],)))
    assert time.process_time() - started < 10
    assert all(verdict.reason and len(verdict.reason) < 1_000 for verdict in readiness.verdicts)
    assert not readiness.ready


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.text(max_size=50))
def test_any_characters_can_be_judged(body: str, title: str):
    readiness = assess(Judged.of(title, body, comments=(body,)))
    assert 0 <= readiness.total <= 1
    assert readiness.ready == (not readiness.failed_gates and readiness.total >= READY_FROM)


def test_judging_does_no_input_or_output():
    touched: list[str] = []
    watching = True

    def watch(event: str, _: tuple[object, ...]) -> None:
        if watching and event.split(".", maxsplit=1)[0] in {"open", "socket", "subprocess", "os"}:
            touched.append(event)

    assess(Judged.of("warm", GOOD))
    sys.addaudithook(watch)
    assess(Judged.of("Export", GOOD))
    watching = False
    assert touched == []
