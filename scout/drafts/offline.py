"""The drafter that needs nothing: a finding's own words, composed with its evidence into an issue. Pure."""

import re
from collections.abc import Iterable, Iterator

from scout.drafts.brief import Brief, Excerpt
from scout.model import Evidence, EvidenceKind, Frozen, Story, WorkKind
from scout.text.render import code_span, fence
from scout.text.sanitise import inert, sanitise, sanitise_title

_SHORT_SHA = 12
_SIZES = {"S": "under two hours", "M": "under a day", "L": "more than a day: split it before it is taken"}
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,8})$")


class Drafted(Frozen):
    """The words of an issue.

    Attributes:
        title: one line.
        body: Markdown, sanitised.
        size: S, M or L.
    """

    title: str
    body: str
    kind: WorkKind
    size: str


def draft(brief: Brief) -> Drafted:
    """Return the issue for a brief; the same brief always gives the same words."""
    lead = brief.cluster.lead
    sections = "\n\n".join(f"## {title}\n\n{text}" for title, text in _sections(brief) if text)
    body = f"{sections}\n\n***\n\n{_footer(brief)}"
    return Drafted(
        title=sanitise_title(lead.story.title),
        body=sanitise(body, brief.links.prefixes if brief.links else ()),
        kind=lead.kind,
        size=lead.story.size,
    )


def _sections(brief: Brief) -> Iterator[tuple[str, str]]:
    story = brief.cluster.lead.story
    yield "Why this is here again", _past(brief)
    yield "What is seen", "\n\n".join(filter(None, (_prose(story.current), _places(brief), *_excerpts(brief))))
    yield "Steps to reproduce", _steps(brief)
    yield "Why it matters", _prose(story.why)
    yield "Wanted outcome", _prose(story.wanted)
    yield "Acceptance criteria", _listed((*story.acceptance, f"`{_verify(brief)}` exits with 0"), "- [ ] ")
    yield "Tests", _listed(story.tests)
    yield "Scope and non-goals", _scope(story)
    yield "Risks", _listed(story.risks)
    yield "How to verify", fence(_verify(brief), "sh")
    yield "Size", f"{story.size}: {_SIZES[story.size]}."


def _past(brief: Brief) -> str:
    past = brief.past
    if past is None:
        return ""
    if past.rejected:
        said = f"It was rejected on {past.on.isoformat()} because: {inert(past.because) or 'no reason was given'}."
    else:
        said = f"It was filed as {inert(past.because)}, closed by {past.on.isoformat()}, and is seen again."
    return said if not past.changed else f"{said} What changed:\n\n{_listed(past.changed)}"


def _places(brief: Brief) -> str:
    places = [_place(one, brief) for one in brief.evidence]
    if brief.more:
        places.append(f"- and {brief.more} more of the same cause")
    return "\n".join(places)


def _place(evidence: Evidence, brief: Brief) -> str:
    shown = code_span(evidence.locator)
    address = brief.links.of(evidence) if brief.links and not evidence.project else ""
    sha = "" if address or evidence.kind is not EvidenceKind.FILE else f" at {code_span(evidence.sha[:_SHORT_SHA])}"
    owner = f"{code_span(evidence.project)}: " if evidence.project else ""
    where = f"[{shown}](<{address}>)" if address else f"{owner}{shown}{sha}"
    seen = inert(evidence.seen)
    return f"- {where}: {seen}" if seen else f"- {where}"


def _steps(brief: Brief) -> str:
    """Return how to see a defect; other kinds of work have nothing to reproduce."""
    opened = (one for one in brief.evidence if one.kind is EvidenceKind.FILE and not one.project)
    first = next(opened, None)
    if brief.cluster.lead.kind is not WorkKind.BUG or first is None:
        return ""
    return (
        f"1. Check out commit {code_span(brief.sha[:_SHORT_SHA])}.\n"
        f"2. Look at {code_span(first.locator)}, or run `{_verify(brief)}`: it exits with 1 while this is so."
    )


def _excerpts(brief: Brief) -> Iterator[str]:
    for excerpt in brief.excerpts:
        if any(line.strip() for line in excerpt.lines):
            yield f"{code_span(excerpt.path)} from line {excerpt.first}:\n\n{_code(excerpt)}"


def _code(excerpt: Excerpt) -> str:
    suffix = _SUFFIX.search(excerpt.path)
    return fence("\n".join(excerpt.lines), suffix.group(1) if suffix else "")


def _scope(story: Story) -> str:
    out = [f"Not part of it: {line}" for line in story.non_goals]
    return _listed((*story.scope, *out))


def _verify(brief: Brief) -> str:
    return f"scout verify {brief.cluster.fingerprint} --seen {brief.sha or 'HEAD'}"


def _footer(brief: Brief) -> str:
    lead = brief.cluster.lead
    commit = f" at commit {code_span(brief.sha[:_SHORT_SHA])}" if brief.sha else ""
    return (
        f"Seen by the scout {code_span(lead.signal)} on {brief.seen_on.isoformat()}{commit}; "
        f"severity {lead.severity} of 3; `{brief.cluster.fingerprint}`."
    )


def _prose(text: str) -> str:
    # Sanitised on its own first, so that a fence left open in it does not swallow what follows.
    return sanitise(text) if text.strip() else ""


def _listed(lines: Iterable[str], mark: str = "- ") -> str:
    written = (sanitise(" ".join(line.split())) for line in lines if line.strip())
    return "\n".join(mark + text.replace("\n", "\n  ") for text in written)
