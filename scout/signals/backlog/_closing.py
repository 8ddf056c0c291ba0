"""Proof that a ticket is done: a merged change that closes it, or a commit or change that a person names as its fix."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from scout.model import Evidence
from scout.repository import Change
from scout.signals._base import View
from scout.signals._evidence import at_change, at_pull_request
from scout.signals.backlog._board import Board
from scout.signals.backlog._words import mention, name, quotes, references, sentences
from scout.warehouse.records import ChangeBranchRow, ChangeRow, LinkRow, TicketRow

_DONE = r"(?:fixed|done|implemented|resolved|addressed|landed|merged|completed|solved|closed|added|shipped|delivered)"
_FIXED_BY = re.compile(
    r"^\W*(?:(?:this|that|it|issue|ticket|should|is|was|has|been|have|be|now|already|got|finally|i think|i believe"
    rf"|ok|okay|yes)\b[\s,]*)*{_DONE}"
    r"\s+(?:in|by|via|with|as (?:part|of)|through|as)\b(?P<what>.*)",
    re.IGNORECASE,
)
_SHA = re.compile(r"\b[0-9a-f]{7,40}\b")
_PARTLY = re.compile(
    r"\b(?:part(?:ly|s|ial(?:ly)?)?|half|first step|step towards?|preparat\w+|prerequisite|follow-?ups?|remaining"
    r"|not (?:yet|fully|complete\w*)"
    r"|mostly|some of|one of|except|only|upstream|another|wip|draft)\b",
    re.IGNORECASE,
)
_COMMIT_CLOSES = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:#(\d+)|([A-Z][A-Z0-9]+-\d+))\b", re.IGNORECASE
)
_CONTRARY = re.compile(
    r"\b(?:still|again|re-?open\w*|not (?:fixed|resolved|solved|done|work\w*|enough)|doesn't|does not|didn't"
    r"|did not|isn't|won't|persists?"
    r"|same (?:issue|problem|error)|revert\w*|remain\w*|left|follow-?up|keep (?:this|it) open|todo|regress\w*"
    r"|broken?|as well|also)\b",
    re.IGNORECASE,
)
_LONG_BRANCHES = frozenset({"main", "master", "trunk", "develop", "development", "dev"})


class Proof(NamedTuple):
    """What shows that a ticket is done.

    Attributes:
        what: what it was, in words.
        at: when it landed.
    """

    what: str
    at: datetime
    evidence: Evidence


class Landed:
    """Everything of a project that landed and says, or is said, to close tickets."""

    def __init__(self, board: Board, view: View) -> None:
        self._board = board
        self._view = view
        self._bases = {row.change: row.base for row in view.core.of(ChangeBranchRow)}
        self._closing: dict[str, list[ChangeRow]] = {}
        for link in view.core.of(LinkRow):
            change = board.changes.get(link.subject)
            if change and link.kind == "closes":
                self._closing.setdefault(link.other, []).append(change)
        self._commits: dict[str, list[Change]] = {}
        for commit in view.history.changes if view.checkout else ():
            for match in _COMMIT_CLOSES.finditer(commit.subject):
                self._commits.setdefault(match[1] or match[2], []).append(commit)

    def proof(self, row: TicketRow) -> Proof | None:
        """Return what shows that a ticket is done and nothing says the contrary; None where nothing does."""
        if any(change.state == "open" for change in self._closing.get(row.key, ())):
            return None
        found = [*self._by_changes(row), *self._by_commits(row), *self._by_words(row)]
        newest = max(found, key=lambda one: (one.at, one.what), default=None)
        return newest if newest and not self._contradicted(row, newest.at) else None

    def _by_changes(self, row: TicketRow) -> Iterator[Proof]:
        for change in self._closing.get(row.key, ()):
            base = self._bases.get(change.key, "")
            if (
                change.state == "merged"
                and change.merged_at
                and (not base or base in self._main)
                and _whole(change, row)
            ):
                yield _merged(change, change.merged_at)

    def _by_commits(self, row: TicketRow) -> Iterator[Proof]:
        for commit in self._commits.get(row.key, ()):
            if commit.at <= self._view.now and (row.created_at is None or commit.at > row.created_at):
                yield Proof(
                    f"`{commit.sha[:10]}` of {commit.at:%Y-%m-%d} says that it closes it", commit.at, at_change(commit)
                )

    def _by_words(self, row: TicketRow) -> Iterator[Proof]:
        for comment in self._board.comments(row.key):
            if comment.created_at is None or (self._board.keepers and comment.author not in self._board.keepers):
                continue
            for sentence in () if quotes(comment.body) else sentences(comment.body):
                clause = _FIXED_BY.match(sentence)
                if clause and not _PARTLY.search(sentence) and "?" not in sentence:
                    yield from self._named(row, clause["what"], comment.created_at)

    def _named(self, row: TicketRow, what: str, at: datetime) -> Iterator[Proof]:
        for key in references(what, row.url)[:1]:
            change = self._board.changes.get(key)
            if change and change.state == "merged" and change.merged_at:
                yield _merged(change, max(change.merged_at, at), "a comment says that it is done by")
        for short in _SHA.findall(what)[:1]:
            sha = self._view.commits([short]).get(short, "")
            commit = next((one for one in self._view.history.changes if one.sha == sha), None) if sha else None
            if commit:
                yield Proof(
                    f"a comment names `{sha[:10]}` as what did it, and it has landed",
                    max(commit.at, at),
                    at_change(commit),
                )

    def _contradicted(self, row: TicketRow, at: datetime) -> bool:
        later = [one for one in self._board.comments(row.key) if one.created_at and one.created_at > at]
        reopened = [one for one in self._board.transitions(row.key) if one.field == "state" and one.at and one.at > at]
        return bool(reopened) or any(_CONTRARY.search(one.body) or "?" in one.body for one in later)

    @property
    def _main(self) -> frozenset[str]:
        counts: dict[str, int] = {}
        for base in self._bases.values():
            counts[base] = counts.get(base, 0) + 1
        usual = max(sorted(counts), key=lambda base: counts[base], default="")
        return _LONG_BRANCHES | {usual}


def _whole(change: ChangeRow, row: TicketRow) -> bool:
    """Say whether a change means to do all of a ticket: no word about parts near the words that close it."""
    said = [one for one in sentences(f"{change.title}\n{change.body}") if row.key in references(one, row.url)]
    return not any(_PARTLY.search(one) for one in said) and not change.title.lower().startswith("revert")


def _merged(change: ChangeRow, at: datetime, how: str = "it is closed by the text of") -> Proof:
    title = name(change, 60)
    what = f"{how} the pull request {mention(change.key)} ({title}), merged on {change.merged_at:%Y-%m-%d}"
    return Proof(what, at, at_pull_request(change.key, f"merged: {title}"))
