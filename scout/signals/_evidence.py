"""Evidence: how it is written down, and how code opens it before anybody reads it."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from scout.model import Evidence, EvidenceKind, Finding
from scout.model.names import printable
from scout.repository import Change, Ignored
from scout.settings import Ignore
from scout.signals._base import View

MOST_SEEN = 300
_HEAD_LINES = 10
_OPT_OUT = re.compile(r"scout:\s*ignore\[([\w\s,-]+)\](.*)", re.IGNORECASE)
_END_OF_COMMENT = re.compile(r"(?:--+>|\*/|-?#\}|%>|-?%\})?\s*$")
_SPACE = re.compile(r"\s+")


def seen(text: str) -> str:
    """Return what stands somewhere as one line of at most 300 characters."""
    return _SPACE.sub(" ", text).strip()[:MOST_SEEN].rstrip()


def at_line(path: str, line: int, text: str) -> Evidence:
    """Return evidence for a line of a file, counted from 1."""
    return Evidence(kind=EvidenceKind.FILE, locator=f"{path}:{line}", seen=seen(text))


def at_path(path: str, what: str) -> Evidence:
    """Return evidence for a file as a whole; `what` says what it is."""
    return Evidence(kind=EvidenceKind.FILE, locator=path, seen=seen(what))


def at_change(change: Change) -> Evidence:
    """Return evidence for a change of the first-parent line."""
    return Evidence(kind=EvidenceKind.COMMIT, locator=change.sha, seen=seen(f"{change.at:%Y-%m-%d}: {change.title}"))


def at_commit(sha: str, what: str) -> Evidence:
    """Return evidence for a commit on whatever line, by its full name; `what` says what is the case with it."""
    return Evidence(kind=EvidenceKind.COMMIT, locator=sha, seen=seen(what))


def at_ticket(key: str, what: str) -> Evidence:
    """Return evidence for a ticket; `what` says what is the case with it."""
    return Evidence(kind=EvidenceKind.TICKET, locator=key, seen=seen(what))


def at_pull_request(key: str, what: str) -> Evidence:
    """Return evidence for a change that trackers know, a pull request; `what` says what is the case with it."""
    return Evidence(kind=EvidenceKind.CHANGE, locator=key, seen=seen(what))


def at_run(key: str, what: str) -> Evidence:
    """Return evidence for a run of continuous integration; `what` says what is the case with it."""
    return Evidence(kind=EvidenceKind.RUN, locator=key, seen=seen(what))


def metric(query: str, figure: str) -> Evidence:
    """Return evidence by counting: `query` says how anybody can count again, `figure` what came out."""
    return Evidence(kind=EvidenceKind.METRIC, locator=query, seen=seen(figure))


def elsewhere(project: str, evidence: Evidence) -> Evidence:
    """Return evidence that stands in another project of the portfolio."""
    return evidence.having(project=project)


def resolved(view: View, finding: Finding) -> Finding | None:
    """Return the finding with every locator opened at the view's commit; None when one of them does not hold.

    A file's line has to exist and to say what was seen there; a path, a commit, a ticket, a pull request and a run
    have to exist. What stands in a sibling is opened there. Metrics are not opened and stay unresolved.
    """
    views = {project: view.siblings.get(project) if project else view for project in _projects(finding)}
    known = {project: _commits(there, project, finding) for project, there in views.items() if there}
    opened = tuple(
        _opened(there, one, known[one.project]) if (there := views[one.project]) else None for one in finding.evidence
    )
    if any(one is None for one in opened):
        return None
    return finding.having(evidence=tuple(one for one in opened if one is not None))


def opted_out(view: View, finding: Finding) -> Finding:
    """Return the finding without the places that an inline comment takes out; not offered when none is left.

    The comment is `scout: ignore[signal-id] reason`, on the line or on the one before; for a file as a whole, in its
    first ten lines. A finding's places are its leading locators of one form: lines, or whole files.
    """
    by_line = finding.evidence[0].line is not None
    places: list[Evidence] = []
    for one in finding.evidence:
        if one.kind is not EvidenceKind.FILE or one.project or (one.line is not None) != by_line:
            break
        places.append(one)
    reasons = {one.locator: reason for one in places if (reason := _reason(view, one, finding.signal)) is not None}
    return _without(finding, reasons, len(places), "opted out")


def ignored(finding: Finding, rules: Iterable[Ignore]) -> Finding:
    """Return the finding without the places that settings leave out; not offered when none is left."""
    mine = [(_pattern(rule.path), rule.reason) for rule in rules if not rule.signals or finding.signal in rule.signals]
    if not mine:
        return finding
    places = [one for one in finding.evidence if one.kind is EvidenceKind.FILE and not one.project]
    reasons = {one.locator: reason for one in places for pattern, reason in reversed(mine) if pattern.matches(one.path)}
    return _without(finding, reasons, len(places), "ignored by the settings")


def _without(finding: Finding, reasons: Mapping[str, str], places: int, why: str) -> Finding:
    """Return the finding without some of its places, each with the reason; not offered when no place is left."""
    if not reasons:
        return finding
    if len(reasons) == places:
        return finding.having(offered=False, because=f"{why}: {next(iter(reasons.values()))}")
    return finding.having(evidence=tuple(one for one in finding.evidence if one.locator not in reasons))


@cache
def _pattern(path: str) -> Ignored:
    return Ignored({"": path.encode()})


def hidden(view: View, finding: Finding) -> tuple[str, ...]:
    """Return the projects whose evidence not every reader of this project may see, sorted."""
    others = (project for project in _projects(finding) if project)
    return tuple(other for other in others if not view.visibility.shows(view.siblings[other].visibility))


def _projects(finding: Finding) -> tuple[str, ...]:
    return tuple(sorted({one.project for one in finding.evidence}))


def _commits(view: View, project: str, finding: Finding) -> Mapping[str, str]:
    wanted = {one.locator for one in finding.evidence if one.kind is EvidenceKind.COMMIT and one.project == project}
    return view.commits(sorted(wanted)) if wanted else {}


def _opened(view: View, one: Evidence, known: Iterable[str]) -> Evidence | None:
    match one.kind:
        case EvidenceKind.FILE:
            holds = _stands(view, one)
        case EvidenceKind.COMMIT:
            holds = one.locator in known
        case EvidenceKind.TICKET:
            return one.having(resolved=True) if one.locator in view.core.tickets else None
        case EvidenceKind.CHANGE:
            return one.having(resolved=True) if one.locator in view.core.changes else None
        case EvidenceKind.RUN:
            return one.having(resolved=True) if one.locator in view.core.runs else None
        case EvidenceKind.METRIC:
            return one
    return one.having(sha=view.tree.sha, resolved=True) if holds else None


def _stands(view: View, one: Evidence) -> bool:
    if one.line is None:
        return view.tree.exists(one.locator) or one.locator in view.once(_odd)
    lines = _lines(view, one.path)
    return one.line <= len(lines) and bool(one.seen) and one.seen in seen_whole(lines[one.line - 1])


def seen_whole(line: str) -> str:
    """Return a line with its runs of white space made single spaces, uncut."""
    return _SPACE.sub(" ", line).strip()


def _odd(view: View) -> Mapping[str, str]:
    """Return the files whose names no UTF-8 can hold, by how evidence writes them."""
    return {shown: path for path in view.tree.files if (shown := printable(path)) != path}


def _lines(view: View, path: str) -> list[str]:
    path = path if path in view.tree.files else view.once(_odd).get(path, path)
    text = view.tree.text(path) if path in view.tree.files else None
    return text.replace("\r\n", "\n").split("\n") if text is not None else []


def _reason(view: View, place: Evidence, signal: str) -> str | None:
    lines = _lines(view, place.path)
    chosen = lines[:_HEAD_LINES] if place.line is None else lines[max(0, place.line - 2) : place.line]
    for line in chosen:
        found = _OPT_OUT.search(line)
        if found and signal in {name.strip() for name in found.group(1).split(",")}:
            return _END_OF_COMMENT.sub("", found.group(2)).strip(" :-") or "no reason given"
    return None
