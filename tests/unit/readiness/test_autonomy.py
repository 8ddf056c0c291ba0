"""Who may take work is judged by rules with reasons, apart from readiness, and settings make it stricter only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.model import Addressee, Autonomy, AutonomyReason, Question
from scout.readiness import Judged, assess
from scout.readiness.autonomy import Place, Site, entrust
from scout.readiness.questions import addressee, open_questions

SAFE = Site(seen=True, controls=(".github/workflows/ci.yml",), places=(Place("app/export.py", test="tests/test_x.py"),))
TEXTS = st.lists(
    st.sampled_from(
        (
            "The export writes the wrong zone in `app/export.py`.",
            "Users cannot log in after the upgrade.",
            "Delete the old tables.",
            "The licence text has to be in the footer.",
            "Should we keep the old format?",
            "Deploy it to the cluster.",
            "Rename the option of the command-line flag.",
        )
    ),
    max_size=4,
).map(" ".join)


def level(body: str, site: Site = SAFE, title: str = "Export in UTC") -> Autonomy:
    return entrust(Judged.of(title, body), site).level


def test_an_agent_alone_where_a_mistake_would_be_noticed_and_nothing_delicate_is_touched():
    verdict = entrust(Judged.of("Export in UTC", "`app/export.py` must write UTC."), SAFE)
    assert verdict.level is Autonomy.AGENT
    assert "app/export.py" in verdict.because
    assert ".github/workflows/ci.yml" in verdict.because


@pytest.mark.parametrize(
    ("body", "rule", "wanted"),
    [
        ("Change the licence to MIT.", "legal", Autonomy.OWNER),
        ("This is a breaking change of the protocol.", "breaking", Autonomy.OWNER),
        ("Users stay logged in, though their password was changed.", "security", Autonomy.PERSON),
        ("Round the invoices to cents.", "money", Autonomy.PERSON),
        ("Purge the customer data older than a year.", "irreversible", Autonomy.PERSON),
        ("Deploy the new image to the cluster.", "deployment", Autonomy.PERSON),
        ("Try it with a screen reader.", "hands", Autonomy.PERSON),
        ("Add a schema migration for the index.", "migration", Autonomy.REVIEWED),
        ("Skip the flaky tests in the CI workflow.", "controls", Autonomy.REVIEWED),
        ("Add a command-line option for the zone.", "interface", Autonomy.REVIEWED),
        ("Bump lxml from 4.9 to 5.1.", "dependency", Autonomy.REVIEWED),
    ],
)
def test_what_is_touched_decides_and_the_reason_quotes_it(body: str, rule: str, wanted: Autonomy):
    verdict = entrust(Judged.of("Do it", body), SAFE)
    reason = next(one for one in verdict.reasons if one.rule == rule)
    assert verdict.level is wanted
    assert reason.level is wanted
    quoted = reason.because.partition('"')[2].rpartition('"')[0].strip("…")
    assert quoted
    assert quoted in body


def test_a_path_that_is_named_counts_like_a_word():
    site = SAFE._replace(places=(Place("app/auth/session.py", test="tests/test_session.py"),))
    verdict = entrust(Judged.of("Do it", "See `app/auth/session.py`."), site)
    assert (verdict.level, verdict.reasons[0].rule) == (Autonomy.PERSON, "security")
    assert '"app/auth/session.py"' in verdict.because


@pytest.mark.parametrize(
    ("site", "rule"),
    [
        (Site(), "unseen"),
        (SAFE._replace(controls=()), "no-controls"),
        (SAFE._replace(places=()), "no-place"),
        (SAFE._replace(places=(Place("app/export.py"),)), "untested"),
        (SAFE._replace(places=(Place("app/export.py", test="tests/x.py", owned="app/*"),)), "owned"),
    ],
)
def test_what_nobody_but_a_reviewer_would_notice_needs_a_review(site: Site, rule: str):
    verdict = entrust(Judged.of("Export in UTC", "`app/export.py` must write UTC."), site)
    assert verdict.level is Autonomy.REVIEWED
    assert rule in {one.rule for one in verdict.reasons}


def test_documentation_needs_no_test():
    assert level("`docs/zones.md` is out of date.", SAFE._replace(places=(Place("docs/zones.md", docs=True),))) is (
        Autonomy.AGENT
    )


def test_an_open_decision_is_the_owners_and_a_question_a_persons():
    owner = Question(to=Addressee.OWNER, text="Should we?", criterion="no-open-decision", passage="Should we?")
    asked = owner.having(to=Addressee.REPORTER, passage="Which version?")
    text = Judged.of("Export in UTC", "`app/export.py` must write UTC.")
    assert entrust(text, SAFE, [asked, owner]).level is Autonomy.OWNER
    assert entrust(text, SAFE, [asked]).level is Autonomy.PERSON
    assert '"Which version?"' in entrust(text, SAFE, [asked]).because


@given(body=TEXTS, limit=st.sampled_from(list(Autonomy)), seen=st.booleans())
def test_settings_only_make_it_stricter(body: str, limit: Autonomy, seen: bool):  # noqa: FBT001 - drawn
    site = SAFE._replace(seen=seen)
    text = Judged.of("Export in UTC", body)
    free = entrust(text, site)
    limited = entrust(text, site, limits=[AutonomyReason(rule="settings", level=limit, because="So it is.")])
    assert limited.level.rank == max(free.level.rank, limit.rank)
    assert {one.because for one in free.reasons} - {one.because for one in limited.reasons if one.rule != "free"} <= {
        one.because for one in free.reasons if one.rule == "free"
    }
    assert all(one.because for one in limited.reasons)
    assert limited.reasons[0].level is limited.level


@pytest.mark.parametrize(
    ("passage", "who"),
    [
        ("Should we write UTC or the user's zone?", Addressee.OWNER),
        ("Could you share a sample?", Addressee.REPORTER),
        ("Which version do you use?", Addressee.REPORTER),
        ("Where is the zone set in the code?", Addressee.MAINTAINER),
        ("TBD", Addressee.OWNER),
    ],
)
def test_a_question_goes_to_the_role_that_can_answer(passage: str, who: Addressee):
    assert addressee(passage) is who


def test_the_most_blocking_question_comes_first_and_is_not_invented():
    readiness = assess(Judged.of("Zones in exports", "Should we write UTC or the user's zone?"))
    first, *rest = open_questions(readiness)
    assert (first.to, first.text) == (Addressee.OWNER, "Should we write UTC or the user's zone?")
    assert first.criterion == "no-open-decision"
    assert all(one.text for one in rest)
    assert [one.criterion for one in open_questions(readiness)].index("no-open-decision") == 0
