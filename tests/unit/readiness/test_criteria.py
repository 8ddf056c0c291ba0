"""Every criterion keeps its own promises: its examples, its remedy, its page."""

import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.model import Passing, WorkKind
from scout.readiness import Criterion, Judged, all_criteria

CRITERIA = all_criteria()
EXAMPLES = [(one, example) for one in CRITERIA for example in one.examples]

PARAGRAPHS = [
    "The report of one month shows the totals of the month before.",
    "It should show the totals of the month that is chosen.",
    "Should we write UTC, or the zone of the user?",
    "Not sure whether this is intended.",
    "Maybe we could also make the import faster, somehow, etc.",
    "See https://lists.example.org/a/17 for the discussion in #12.",
    "Blocked by the release of the other library.",
    "Also, the import is slow.",
    "Seen with version 2.3.1 on Debian 12, at `app/export.py:41`.",
    "# Steps to reproduce\n\n1. Open it.\n2. Close it.",
    "## Expected behavior\n\nN/A",
    "**Actual:** nothing happens",
    "- [ ] one\n- [ ] two\n- [ ] three\n- [ ] four",
    "```\nTraceback (most recent call last):\nValueError: no\n```",
    "```\nnot closed",
    "> Was this not decided?",
    "<!-- describe the bug -->",
    "## What is comprised of 2 major components\n\nA client, and a plugin.",
    "We need to figure out a way. I believe I was closing it.",
    "**Describe alternatives you've considered**\nNone, really.",
    "PR: https://forge.example/o/r/pull/8",
    '<img src="a.png">',
    (
        "Der Bericht zeigt die Summen des vorigen Monats, und das ist nicht so gewollt, weil niemand damit "
        "rechnen kann, dass ein anderer Monat gezeigt wird als der, den man gerade gewählt hat."
    ),
]
BODIES = st.lists(st.sampled_from(PARAGRAPHS), max_size=8).map("\n\n".join)
COMMENTS = st.lists(
    st.sampled_from(
        [
            "What about May?",
            "Could you share a sample?",
            "PR: https://forge.example/o/r/pull/7",
            "Thanks!",
            "",
            "Can't reproduce.",
        ]
    ),
    max_size=3,
).map(tuple)
KINDS = st.sampled_from([*WorkKind, None])
JUDGED = st.builds(
    Judged.of,
    st.sampled_from(["Totals are of the wrong month", "Add UTC", "Umbrella: exports", "Is this needed?"]),
    BODIES,
    kind=KINDS,
    comments=COMMENTS,
    blocked_by=st.sampled_from([(), ("7",)]),
    generated=st.booleans(),
)


@pytest.mark.parametrize(("criterion", "example"), EXAMPLES, ids=[f"{c.id}-{e.title}" for c, e in EXAMPLES])
def test_examples_are_judged_as_they_say(criterion: Criterion, example: object):
    example = next(one for one in criterion.examples if one is example)
    verdict = criterion.judge(example.judged())
    assert verdict.passing is example.passing, verdict.reason
    assert example.low <= verdict.score <= example.high, verdict.reason


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda c: c.id)
def test_each_has_a_page_a_good_and_a_bad_example(criterion: Criterion):
    page = inspect.getdoc(type(criterion)) or ""
    for part in ("## Why it matters", "## What to do with it", "## Source"):
        assert part in page
    verdicts = {example.passing for example in criterion.examples}
    assert {Passing.PASSED, Passing.FAILED} <= verdicts


@settings(max_examples=150, deadline=None)
@given(JUDGED)
def test_every_verdict_is_complete(text: Judged):
    for criterion in CRITERIA:
        verdict = criterion.judge(text)
        assert verdict == criterion.judge(text)
        assert verdict.reason
        applies = verdict.passing is not Passing.NOT_APPLICABLE
        assert bool(verdict.remedy) == (applies and verdict.score < 1)
        assert (verdict.passing is Passing.PASSED) == (applies and verdict.score >= criterion.bar)


@settings(max_examples=150, deadline=None)
@given(
    title=st.sampled_from(
        ["Totals are of the wrong month", "Add UTC", "Is this needed?", "Umbrella: exports", "Alloy 2.0"]
    ),
    body=BODIES,
    comments=COMMENTS,
    kind=st.sampled_from(list(WorkKind)),
    generated=st.booleans(),
)
def test_doing_what_the_remedy_says_raises_the_verdict(
    title: str, body: str, comments: tuple[str, ...], kind: WorkKind, *, generated: bool
):
    blocked = ("7",) if len(body) % 2 else ()
    before = Judged.of(title, body, kind=kind, comments=comments, blocked_by=blocked, generated=generated)
    for criterion in CRITERIA:
        verdict = criterion.judge(before)
        if not verdict.remedy:
            continue
        remedy = criterion.remedy
        after = Judged.of(
            title,
            remedy.follow(body, criterion.look(before).passages),
            kind=kind,
            comments=(*comments, remedy.comment) if comments and remedy.comment else comments,
            blocked_by=() if remedy.unblock else blocked,
            generated=generated,
        )
        assert criterion.judge(after).score > verdict.score, criterion.id
