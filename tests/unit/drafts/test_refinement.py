"""A refinement keeps the author's words, adds what was checked, asks what is open, and invents nothing."""

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from scout.drafts.refinement import Fact, refined, refinement_digest, settle
from scout.model import Addressee, Evidence, EvidenceKind, Question
from scout.readiness import Judged, assess
from scout.text.markdown import parse

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
OLD, NEW = "a" * 40, "b" * 40
VERSION = Question(to=Addressee.REPORTER, text="Which version, and on which system?", criterion="environment")
ZONE = Question(
    to=Addressee.OWNER,
    text="UTC or @everyone's zone?",
    criterion="no-open-decision",
    passage="UTC or @everyone's zone?",
)
BODIES = st.one_of(
    st.text(max_size=200),
    st.sampled_from(("", "```\nopen", "<!-- open", "> quote", "- a\n- b", "| a |\n|---|\n| b |", "Text.\n\n***")),
)


def fact(path: str = "app/export.py", sha: str = OLD, on: date = MONDAY) -> Fact:
    return Fact.of(Evidence(kind=EvidenceKind.FILE, locator=path, seen="", sha=sha, resolved=True), "is there", on)


@given(body=BODIES)
@example(body="\n0")
def test_the_authors_words_are_whole(body: str):
    text = refined(body, settle((), (fact(),)), [VERSION, ZONE], NEW, TUESDAY)
    assert body.rstrip() in text
    assert "Which version" in text
    assert len(parse(text).blocks) > len(parse(body).blocks)


@given(body=BODIES)
def test_what_is_not_answered_keeps_it_from_being_ready(body: str):
    text = refined(body, settle((), ()), [VERSION], NEW, TUESDAY)
    assert not assess(Judged.of("Export in UTC", text)).ready


def test_facts_carry_commit_and_day_and_are_read_back_from_evidence():
    text = refined("It is wrong.", settle((), (fact(),)), [], NEW, TUESDAY)
    assert f"- `app/export.py` is there (checked 2026-03-02, `{OLD[:12]}`)" in text
    assert Fact.read(fact().evidence) == fact()
    assert Fact.read(fact().evidence.having(seen="somebody's words")) is None


def test_a_fact_that_holds_keeps_its_first_check_and_one_that_is_gone_is_struck():
    before = (fact("app/export.py"), fact("app/gone.py"))
    settled = settle(before, (fact("app/export.py", NEW, TUESDAY), fact("app/new.py", NEW, TUESDAY)))
    assert [(one.evidence.locator, one.on) for one in settled.standing] == [
        ("app/export.py", MONDAY),
        ("app/new.py", TUESDAY),
    ]
    text = refined("It is wrong.", settled, [], NEW, TUESDAY)
    assert f"- ~~`app/gone.py` is there (checked 2026-03-02, `{OLD[:12]}`)~~ Not so any more at `{NEW[:12]}`" in text


def test_a_fact_that_stands_in_the_ticket_is_struck_there_and_not_repeated():
    written = refined("It is wrong.", settle((), (fact(), fact("app/gone.py"))), [VERSION], OLD, MONDAY)
    again = refined(written, settle((fact(), fact("app/gone.py")), (fact(),)), [VERSION], NEW, TUESDAY)
    assert again.count("`app/export.py` is there") == 1
    assert again.count("app/gone.py") == 1
    assert "~~`app/gone.py` is there" in again
    assert again.count("Which version") == 1


def test_words_of_the_ticket_come_alive_nowhere():
    text = refined("", settle((), ()), [ZONE], "", MONDAY)
    assert "`UTC or @everyone's zone?`" in text


def test_a_day_alone_is_nothing_new():
    def said(one: Fact, base: str = "b") -> str:
        return refinement_digest(base, [one], [VERSION])

    assert said(fact()) == said(fact(sha=NEW, on=TUESDAY))
    assert said(fact()) != said(fact("app/other.py"))
    assert said(fact()) != said(fact(), "c")
    assert said(fact()) != refinement_digest("b", [fact()], [VERSION, ZONE])
