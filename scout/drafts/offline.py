"""The drafter that needs nothing: a finding's own words, composed with its evidence into an issue. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from scout.drafts.background import Occurrence, Touch
from scout.drafts.brief import Brief, Excerpt
from scout.model import Evidence, EvidenceKind, Frozen, Story, WorkKind
from scout.text.render import code_span, fence
from scout.text.sanitise import inert, sanitise, sanitise_title

_SHORT_SHA = 12
_TELLING_SHA = 7
_DAY = 24
_TOLD_BY = "This looks at the places above again, and exits with 0 once nothing of it is left:"
_MOST_OTHERS = 8
_SIZES = {"S": "under two hours", "M": "under a day", "L": "more than a day: split it before it is taken"}
_SUFFIX = re.compile(r"(?<=[^/])\.(?!lock$)([A-Za-z0-9]{1,8})$")
_DOCKERFILE = re.compile(r"(?:^|/)(?:[\w.-]+\.)?(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$")
_COUNTED = re.compile(r"\bchange[sd]?\b.* (?:times|in twelve months)\b|\b\d+ changes\b")


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
    stories = (story, *(one.story for one in brief.cluster.others))
    checks = [_verify(brief, name) for name in brief.cluster.fingerprints]
    accepted = _each(one.acceptance for one in stories)
    yield "Why this is here again", _past(brief)
    seen = "\n\n".join(_prose(one.current) for one in stories)
    yield "What is seen", "\n\n".join(filter(None, (seen, _places(brief), *_excerpts(brief))))
    yield "Steps to reproduce", _steps(brief)
    yield "Why it matters", _prose(story.why)
    yield "Background", _listed(background(brief))
    yield "Part of a wider cause", _wider(brief)
    yield "Wanted outcome", "\n\n".join(_prose(one.wanted) for one in stories)
    yield "Acceptance criteria", _listed((*accepted, *(f"`{one}` exits with 0" for one in checks)), "- [ ] ")
    yield "Tests", _listed(_each(story.tests for story in stories))
    yield "Scope and non-goals", _scope(stories)
    yield "Risks", _listed(_each(story.risks for story in stories))
    yield "How to verify", f"{_TOLD_BY}\n\n{fence(chr(10).join(checks), 'sh')}"
    yield "Size", _size(brief)


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


def background(brief: Brief) -> Iterator[str]:
    """Yield what is known of the work's surroundings, a sentence each."""
    about = brief.background
    told = brief.cluster.lead.story.current
    since = about.since
    if since and since.sha[:_TELLING_SHA] not in told and since != about.last:
        place = code_span(brief.evidence[0].locator)
        yield f"{place} has stood there like this since {since.on.isoformat()} ({_touch(since)})."
    if last := about.last:
        often = {0: "and not", 1: "once", 2: "twice"}.get(about.in_a_year, f"{about.in_a_year} times")
        in_a_year = "" if _COUNTED.search(told) else f", {often} in the year before this look"
        yield f"{code_span(about.path)} was changed last on {last.on.isoformat()} ({_touch(last)}){in_a_year}."
    for ticket in about.related:
        state = "open" if ticket.open else "closed"
        yield f"{code_span(ticket.key)} ({state}) names it: {inert(ticket.title)}"


def _wider(brief: Brief) -> str:
    """Return where else the same cause stands, and which issue is the parent of all."""
    parent, elsewhere = brief.background.parent, brief.background.elsewhere
    if not elsewhere:
        return ""
    said = [f"Other projects of the portfolio have the same cause, {code_span(brief.cluster.lead.subject)}."]
    if parent is None:
        said.append("This issue is the parent of theirs.")
    else:
        said.append(f"Parent: {_occurrence(parent)}, seen there first, on {parent.on.isoformat()}.")
        said.append("This issue is the part of this project.")
    if others := [one for one in elsewhere if one != parent]:
        said.append(f"The same is found in {_among(others)}.")
    return " ".join(said)


def _among(occurrences: Sequence[Occurrence]) -> str:
    shown = [_occurrence(one) for one in occurrences[:_MOST_OTHERS]]
    more = len(occurrences) - len(shown)
    return ", ".join((*shown, *([f"and {more} more"] if more else ())))


def _occurrence(one: Occurrence) -> str:
    return f"{code_span(one.ticket or one.candidate)} of the project {code_span(one.where)}"


def _touch(touch: Touch) -> str:
    return f"{code_span(touch.sha[:_SHORT_SHA])}: {inert(touch.title)}"


def _excerpts(brief: Brief) -> Iterator[str]:
    for excerpt in brief.excerpts:
        if any(line.strip() for line in excerpt.lines):
            yield f"{code_span(excerpt.path)} from line {excerpt.first}:\n\n{_code(excerpt)}"


def _code(excerpt: Excerpt) -> str:
    suffix = _SUFFIX.search(excerpt.path)
    language = "dockerfile" if _DOCKERFILE.search(excerpt.path) else suffix.group(1) if suffix else ""
    return fence("\n".join(excerpt.lines), language)


def _scope(stories: Sequence[Story]) -> str:
    """Return what belongs to the work and what does not; that tests belong to it is said under `Tests`."""
    tests = {line for story in stories for line in story.tests}
    part = [line for line in _each(story.scope for story in stories) if line not in tests]
    return _listed((*part, *(f"Not part of it: {line}" for line in _each(story.non_goals for story in stories))))


def _each(lines: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return all lines, each once."""
    return tuple(dict.fromkeys(chain.from_iterable(lines)))


def _size(brief: Brief) -> str:
    size = max((one.story.size for one in brief.cluster.findings), key="SML".index)
    took = brief.background.comparable
    if took is None:
        return f"{size}: {_SIZES[size]}."
    many = f"up to {took.files} files" if took.over == 0 else f"{took.over + 1} to {took.files} files"
    return (
        f"{size}: {_SIZES[size]}. {took.changes} merged changes of {many} in this repository took {_hours(took.hours)} "
        "in the middle, from opening to merge."
    )


def _hours(hours: float) -> str:
    return f"{hours:.0f} hours" if hours < 2 * _DAY else f"{hours / _DAY:.0f} days"


def _verify(brief: Brief, fingerprint: str = "") -> str:
    return f"scout verify {fingerprint or brief.cluster.fingerprint} --seen {brief.sha or 'HEAD'}"


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
