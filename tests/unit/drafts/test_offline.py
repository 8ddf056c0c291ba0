"""A draft without a model passes every gate, shows its evidence, and nothing hostile in it comes alive."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.drafts import Excerpt, Past, draft
from scout.model import Evidence, EvidenceKind, Readiness, Story, WorkKind
from scout.readiness import Judged, assess
from scout.text.markdown import parse
from scout.text.sanitise import sanitise
from scout.text.tree import Code, SpanKind, entries, inline, plain, walk
from tests.unit.drafts.stories import DAY, GITHUB, SHA, STORIES, brief_of, finding

HOSTILE = [
    "@octo fixes #1",
    "``` @octo",
    "````\n@octo\n````",
    "` @octo `` @octo",
    "<img src=https://evil.example/x.png>",
    "<!-- @octo -->",
    "[x](https://evil.example) ![y](https://evil.example/z.png)",
    "a \u202e@octo\u202c \u200b",
    "\n\n# Heading\n\n- [ ] @octo",
    "| @octo | closes org/repo#2 |",
    "/close",
    "[a]: https://evil.example\n[a]",
    "data:text/html;base64,AAAA",
]


def _assessed(title: str, body: str, kind: WorkKind) -> Readiness:
    return assess(Judged.of(title, body, kind=kind, generated=True))


@pytest.mark.parametrize("kind", list(WorkKind))
@pytest.mark.parametrize("signal", STORIES)
@pytest.mark.parametrize("links", [GITHUB, None], ids=["forge", "no forge"])
def test_every_draft_passes_all_gates(signal: str, kind: WorkKind, links: object):
    made = draft(brief_of(finding(signal, kind=kind), links=links, excerpts=()))
    readiness = _assessed(made.title, made.body, made.kind)
    assert readiness.failed_gates == (), [v for v in readiness.verdicts if v.criterion in readiness.failed_gates]
    assert readiness.ready
    assert readiness.total > 0.85


def test_a_draft_reads_like_an_issue():
    body = draft(brief_of(finding("temporary-old"))).body
    titles = [section.title for section in parse(body).sections()]
    assert titles == [
        "What is seen",
        "Why it matters",
        "Wanted outcome",
        "Acceptance criteria",
        "Tests",
        "Scope and non-goals",
        "Risks",
        "How to verify",
        "Size",
    ]


def test_sections_that_would_be_empty_are_left_out():
    titles = [section.title for section in parse(draft(brief_of(finding("ci-reference-missing"))).body).sections()]
    assert not {"Tests", "Scope and non-goals", "Risks"} & set(titles)


def test_evidence_is_linked_at_its_commit():
    body = draft(brief_of(finding())).body
    targets = [span.target for spans in inline(parse(body).blocks) for span in spans if span.target]
    assert targets == [
        f"https://github.com/demo/demo/blob/{SHA}/docs/guide.md?plain=1#L12",
        f"https://github.com/demo/demo/commit/{SHA}",
    ]


def test_without_a_forge_evidence_is_named_by_path_line_and_short_commit():
    body = draft(brief_of(finding(), links=None)).body
    assert f"`docs/guide.md:12` at `{SHA[:12]}`: `[setup](setup.md)`" in body


def test_the_last_acceptance_check_is_scout_verify():
    one = finding()
    tasks = [entry for entry in entries(parse(draft(brief_of(one)).body).blocks) if entry.done is False]
    last = next(iter(inline(tasks[-1].blocks)))
    assert plain(last) == f"scout verify {one.fingerprint} --seen {SHA} exits with 0"


def test_the_footer_names_signal_day_and_fingerprint():
    one = finding()
    footer = draft(brief_of(one)).body.splitlines()[-1]
    assert "`broken-internal-link`" in footer
    assert "2026-03-01" in footer
    assert one.fingerprint in footer


def test_code_around_is_shown_in_a_fence():
    codes = [block for block in walk(parse(draft(brief_of(finding())).body).blocks) if isinstance(block, Code)]
    assert codes[0].text == "Read\n[setup](setup.md)\nfirst."
    assert codes[0].language == "md"


def test_what_is_too_much_is_counted():
    places = tuple(Evidence(kind=EvidenceKind.FILE, locator=f"a{n}.md:1", seen=f"s{n}") for n in range(30))
    one = finding(evidence=places)
    body = draft(brief_of(one, evidence=places[:12], more=18)).body
    assert "and 18 more of the same cause" in body
    assert "a12.md" not in body


def test_what_was_rejected_says_so_when_it_comes_back():
    past = Past(on=DAY, because="not @now", rejected=True, changed=("new in `b.md`: `x`",))
    body = draft(brief_of(finding(), past=past)).body
    assert "It was rejected on 2026-03-01 because: `not @now`. What changed:\n\n- new in `b.md`: `x`" in body
    assert _assessed("Repair links", body, WorkKind.DOCS).ready


def test_what_was_filed_and_finished_says_so_when_it_comes_back():
    body = draft(brief_of(finding(), past=Past(on=DAY, because="17", rejected=False))).body
    assert "It was filed as `17`, closed by 2026-03-01, and is seen again." in body


def test_the_same_brief_gives_the_same_words():
    assert draft(brief_of(finding())) == draft(brief_of(finding()))


def _calm(body: str) -> None:
    prefixes = GITHUB.prefixes if GITHUB else ()
    assert sanitise(body, prefixes) == body
    for spans in inline(parse(body).blocks):
        shown = plain(spans, code=False)
        assert "@" not in shown
        assert "evil.example" not in shown
        assert all(span.target.startswith(prefixes) for span in spans if span.target)
        assert not any(span.kind in {SpanKind.IMAGE, SpanKind.MARKUP} for span in spans)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_evidence_never_comes_alive(text: str):
    one = finding(seen=text, subject=f"docs/{text}.md")
    made = draft(brief_of(one, excerpts=(Excerpt(path=text, first=1, lines=tuple(text.splitlines())),)))
    _calm(made.body)
    assert "\n" not in made.title
    assert _assessed(made.title, made.body, made.kind).failed_gates == ()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_in_a_story_never_come_alive(text: str):
    story = STORIES["broken-internal-link"]
    broken = Story(
        title=f"Repair {text}",
        current=f"{story.current} {text}",
        why=f"{text} {story.why}",
        wanted=story.wanted,
        acceptance=(text, *story.acceptance),
        non_goals=(text,),
    )
    made = draft(brief_of(finding(story=broken)))
    _calm(made.body)
    assert {"Wanted outcome", "Acceptance criteria", "Size"} <= {s.title for s in parse(made.body).sections()}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=20), max_size=5).map("".join))
def test_no_evidence_changes_a_gate(text: str):
    subject = f"docs/{text}" if text.strip() else "docs"
    made = draft(
        brief_of(finding(seen=text, subject=subject), excerpts=(Excerpt(path=subject, first=1, lines=(text,)),))
    )
    _calm(made.body)
    assert _assessed(made.title, made.body, made.kind).failed_gates == ()
