"""Pages of scouts, criteria, sources and publishers, made from their own files."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from pages import precision
from pages.markdown import code, demoted, fenced, table
from pages.settings import keys_table
from scout.readiness import Criterion
from scout.readiness import Example as Judgement
from scout.registry import plugins
from scout.service.catalogue import Entry, kinds, listing
from scout.signals import Commit, Example, Moved, Scout
from scout.warehouse.records import TABLES, CoreRow

MOST_SHOWN = 6
"""Commits of an example, files of a commit, rows of a tracker: what is more is counted."""
MOST_LINES = 40
"""Lines of a file likewise; of longer ones the ends are shown."""


def scouts_index() -> str:
    """Return the list of scouts."""
    rows = [(f"[{one.id}]({one.id}.md)", one.summary, one.facts.get("reads", "")) for one in _entries("scouts")]
    introduction = (
        "# Scouts\n\nA scout looks for one kind of condition in a repository at one commit. "
        "`scout find` runs them all, `scout explain ID` shows the page of one.\n\n"
    )
    return introduction + table(("scout", "what it finds", "reads"), rows)


def scout_pages() -> dict[str, str]:
    """Return the page of each scout by its id."""
    known = plugins(Scout, *kinds()["scouts"][1:3])
    return {entry.id: _scout(entry, known[entry.id]) for entry in _entries("scouts")}


def criteria_page() -> str:
    """Return the page of the rubric."""
    known = plugins(Criterion, *kinds()["criteria"][1:3])
    entries = sorted(_entries("criteria"), key=lambda one: (not known[one.id].gate, -known[one.id].weight, one.id))
    rows = [
        (f"[{one.id}](#{one.id})", one.summary, "gate" if known[one.id].gate else "", f"{known[one.id].weight:g}")
        for one in entries
    ]
    introduction = (
        "# Readiness criteria\n\nThe total is the weighted mean of the verdicts that apply. A text is ready when it "
        "passes every gate and the total reaches the bar; no eloquence makes up for a gate.\n\n"
    )
    sections = [_criterion(one, known[one.id]) for one in entries]
    return introduction + "\n\n".join((table(("criterion", "question", "", "weight"), rows), *sections))


def sources_and_publishers_page() -> str:
    """Return the page of what is read and where accepted candidates go."""
    parts = ["# Sources and publishers", "## Sources", *map(_plain, _entries("sources"))]
    return "\n\n".join((*parts, "## Publishers", *map(_plain, _entries("publishers"))))


def _entries(kind: str) -> tuple[Entry, ...]:
    return listing(kind).entries


def _plain(entry: Entry) -> str:
    parts = [f"### {entry.id}", demoted(entry.page, 2), _facts(entry, ())]
    if entry.keys:
        parts += [f"#### Settings of {entry.id}", keys_table(entry.keys)]
    if entry.discovery:
        told = f'`[[discover]]` with `type = "{entry.id}"` has these, and those above but for what it finds:'
        parts += [f"#### Discovery with {entry.id}", told, keys_table(entry.discovery)]
    return "\n\n".join(parts)


def _facts(entry: Entry, more: Iterable[tuple[str, str]]) -> str:
    facts = [("since", entry.since), *entry.facts.items(), *more]
    return "\n".join(f"- {name}: {value}" for name, value in facts)


def _scout(entry: Entry, scout: type[Scout]) -> str:
    measured = [("precision", figure)] if (figure := precision.fact(entry.id)) else []
    facts = _facts(entry, [("kind of work", scout.kind.value), *measured])
    shown = "\n\n".join(_example(example) for example in scout.examples)
    examples = f"## Examples\n\nEach of these is also a test.\n\n{shown}"
    told = f"`[signals.{entry.id}]` may say what [every scout](../settings.md) may be told"
    settings = f"## Settings\n\n{told}, and:\n\n{keys_table(entry.keys)}" if entry.keys else f"## Settings\n\n{told}."
    return f"# {entry.id}\n\n{entry.page}\n\n## Facts\n\n{facts}\n\n{settings}\n\n{examples}"


def _example(example: Example) -> str:
    said = "Fires on" if example.finds else "Stays quiet on"
    expected = [f"- {code(found.subject)}, at {code(found.locator)}" for found in example.finds]
    findings = "\n\nFinds:\n\n" + "\n".join(expected) if expected else ""
    parts = [f"### {said}: {example.name}", f"Looked at on {example.now}.", *_commits(example.commits)]
    if example.core:
        parts += ["Trackers say:", "\n".join(_ends([_row(row) for row in example.core], "- and {} more like these"))]
    for name, commits in example.siblings.items():
        parts += [f"The project {code(name)} of the same portfolio:", *_commits(commits)]
    if example.answer is not None:
        parts += ["The model answers:", fenced(json.dumps(example.answer, indent=2), "json")]
    return "\n\n".join(parts) + findings


def _row(row: CoreRow) -> str:
    told = ((name, value) for name, value in row._asdict().items() if value not in (None, "", False, []))
    return f"- {code(TABLES[type(row)])}: {', '.join(f'{name} {_fact(value)}' for name, value in told)}"


def _fact(value: object) -> str:
    return code(f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value))


def _commits(commits: Sequence[Commit]) -> list[str]:
    return _ends([_commit(commit) for commit in commits], "… {} more commits like these …")


def _commit(commit: Commit) -> str:
    files = [_file(path, content) for path, content in commit.files.items()]
    return f"{commit.at}, {code(commit.message)}:\n\n" + "\n\n".join(_ends(files, "… {} more files like these …"))


def _ends(shown: Sequence[str], between: str) -> list[str]:
    """Return what a reader needs to see of many things of a kind: the first ones, how many follow, and the last."""
    if len(shown) <= MOST_SHOWN:
        return list(shown)
    half = MOST_SHOWN // 2
    return [*shown[:half], between.format(len(shown) - 2 * half), *shown[-half:]]


def _file(path: str, content: str | bytes | Moved | None) -> str:
    match content:
        case None:
            return f"{code(path)} is deleted."
        case bytes():
            return f"{code(path)}, {len(content)} bytes."
        case Moved(old):
            return f"{code(old)} becomes {code(path)}."
        case "":
            return f"{code(path)}, empty."
        case str():
            lines = _ends(content.splitlines(), "… {} more lines …") if content.count("\n") > MOST_LINES else [content]
            shown = "\n".join(lines)
            return f"{code(path)}:\n\n{fenced(shown)}"


def _criterion(entry: Entry, criterion: type[Criterion]) -> str:
    everything = frozenset(kind.value if kind else "unknown" for kind in Criterion.kinds)
    kinds_asked = frozenset(kind.value if kind else "unknown" for kind in criterion.kinds)
    asked = "all kinds of work" if kinds_asked == everything else ", ".join(sorted(kinds_asked))
    facts = _facts(entry, [("passes from", f"{criterion.bar:g}"), ("asked of", asked)])
    remedy = f"### Remedy\n\n{criterion.remedy.advice}"
    examples = "\n\n".join(_judgement(example) for example in criterion.examples)
    return f"## {entry.id}\n\n{demoted(entry.page)}\n\n{facts}\n\n{remedy}\n\n### Examples\n\n{examples}"


def _judgement(example: Judgement) -> str:
    low, high = f"{example.low:g}", f"{example.high:g}"
    score = low if low == high else f"{low} to {high}"
    text = f"{example.title}\n\n{example.body}".strip()
    return f"{example.passing.value.replace('_', ' ').capitalize()}, score {score}:\n\n{fenced(text, 'markdown')}"
