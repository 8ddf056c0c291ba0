"""What a careful reader concludes from what was said, in the text and afterwards."""

import pytest

from scout.model import WorkKind
from scout.readiness import Judged, assess

BODY = """The export (`app/export.py`, version 2.3.1) writes the zone of the server.

## Steps to reproduce

1. Set the zone of the server to Asia/Tokyo.
2. Run `demo export`.

## Expected behaviour

Every row has its date in UTC.
"""
PR = "PR: https://forge.example/o/r/pull/7"


def gates(*comments: str, title: str = "Export writes the wrong zone", body: str = BODY) -> tuple[str, ...]:
    return assess(Judged.of(title, body, kind=WorkKind.BUG, comments=comments)).failed_gates


def test_a_good_report_passes():
    assert gates() == ()


@pytest.mark.parametrize(
    "comments",
    [
        (PR,),
        ("PR done: https://forge.example/o/r/pull/7",),
        ("Improved it here https://forge.example/o/r/pull/7",),
        ("Mind reviewing #38?",),
        ("I'm working on this.",),
        ("Could you please provide a sample?",),
        ("Is this still happening with 2.4?",),
        ("Which version of the SDK do you use?", "", "  "),
        ("Putting it on hold until the release is available.",),
    ],
)
def test_what_is_taken_or_was_asked_back_waits(comments: tuple[str, ...]):
    assert "not-blocked" in gates(*comments)


@pytest.mark.parametrize(
    "comments",
    [
        (PR, "Merged. It is not enough for rows without a date."),
        (PR, "The pull request was closed."),
        ("See https://forge.example/o/r/pull/7 for a similar change of the import.",),
        ("I have been working on exports for years.",),
        ("Could you provide a sample?", "Here it is: `a;b;c`."),
    ],
)
def test_what_has_landed_or_was_answered_does_not_wait(comments: tuple[str, ...]):
    assert "not-blocked" not in gates(*comments)


def test_what_somebody_could_not_see_is_not_reproducible_until_somebody_can():
    assert "reproduction" in gates("I can't reproduce it with 2.4.", "Thanks for looking.")
    assert "reproduction" not in gates("I can't reproduce it with 2.4.", "I can reproduce it with 2.3.1 only.")


def test_objections_keep_a_decision_open_until_it_is_taken():
    said = ("I don't see any sense in this.", "I'd rather have a setting.", "Instead we could ask the user.")
    one, three = (
        next(
            v.score
            for v in assess(Judged.of("Export", BODY, comments=comments)).verdicts
            if v.criterion == "no-open-decision"
        )
        for comments in (said[:1], said)
    )
    assert three < one < 1
    assert "no-open-decision" not in gates(*said, "Decision: UTC, without a setting.")


@pytest.mark.parametrize(
    "sentence",
    [
        "We need to figure out a way to expose the zone.",
        "There are two options: UTC, or the zone of the user.",
        "We should either write UTC or the zone of the user.",
        "The format is still TBD.",
        "Is this intended?",
    ],
)
def test_open_options_close_the_gate(sentence: str):
    assert "no-open-decision" in gates(body=f"{BODY}\n## Notes\n\n{sentence}\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "RFC 3339 asks for it.",
        "I'm not sure what other versions it exists on.",
        "It takes either a date or a time.",
        "pattern = re.compile(r'^(?:(?P<days>-?\\d+) (days?, )?)?",
        "It adds two options to the parser.",
    ],
)
def test_what_only_looks_like_a_question_does_not(sentence: str):
    assert "no-open-decision" not in gates(body=f"{BODY}\n## Notes\n\n{sentence}\n")


def test_alternatives_that_were_considered_are_no_open_question():
    body = f"{BODY}\n**Describe alternatives you've considered**\nA setting for the zone of each user.\n"
    assert "no-open-decision" not in gates(body=body)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Alloy 2.0", "It should be the next generation of the compiler, with all that belongs to it."),
        ("Command line", "This is comprised of 2 major components: a client and a plugin. It should be fast."),
        ("Umbrella: exports", "- [ ] dates\n- [ ] zones\n- [ ] names\n- [ ] sizes\n"),
    ],
)
def test_what_has_parts_is_more_than_one_deliverable(title: str, body: str):
    assert "one-deliverable" in assess(Judged.of(title, body)).failed_gates


def test_of_a_crash_the_absence_is_wanted_and_of_a_wrong_result_the_right_one_has_to_be_said():
    crash = "The export crashes when a row has no date, each time, with version 2.3.1 on Debian."
    wrong = "The dates of the export are wrong when a row has no zone, each time, with version 2.3.1."
    assert "wanted-outcome" not in gates(title="Export", body=crash)
    assert "wanted-outcome" in gates(title="Export", body=wrong)
    assert "wanted-outcome" not in gates(title="Rows without a zone should be in UTC", body=wrong)
