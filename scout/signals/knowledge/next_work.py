"""`next-work`: what a model proposes to do next, as far as its reasons stand in the repository."""

import re
from collections.abc import Iterator
from typing import ClassVar, Literal

from scout.errors import UnavailableError
from scout.model import Evidence, Finding, Frozen, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._evidence import seen
from scout.signals._words import MOST_TITLE, normalised, sentence
from scout.signals.knowledge._brief import Claim, brief, resolved

_INSTRUCTION = """
You read about a software project and propose what its maintainers should do next: at most five pieces of work that its
own words ask for, each small enough for a few days, none that is visibly done, merged or in the list of open tickets.
A piece needs one to four claims. A claim names a document of the material by its name and quotes it word for word: at
least twelve characters of one line, nothing left out. Prefer what a page promises, plans, calls missing or a
limitation, and what merged changes left open. `paths` names files of the repository that the work changes, only where
the material shows their names; else it stays empty. Write short plain sentences, without links, names of people and
Markdown. If nothing is asked for, give an empty list.
"""
_LINK = re.compile(r"(?:https?|ftp)://\S+|\bwww\.\S+", re.IGNORECASE)
_FORBIDDEN = re.compile(r"[`<>\[\]@]|[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_MOST_CHARACTERS = 600
_MOST_CLAIMS = 4
_MOST_CHECKS = 5
_MOST_PROPOSALS = 5
_SIZES: dict[str, Literal["S", "M", "L"]] = {"hours": "S", "a day": "M", "days": "L"}


class _Said(Frozen):
    document: str
    quotation: str


class _Proposal(Frozen):
    title: str
    current: str
    why: str
    wanted: str
    checks: tuple[str, ...]
    paths: tuple[str, ...]
    kind: Literal["bug", "feature", "chore", "docs", "tests"]
    size: Literal["hours", "a day", "days"]
    claims: tuple[_Said, ...]


class _Proposals(Frozen):
    proposals: tuple[_Proposal, ...]


class NextWork(Scout):
    """A model has read what the project says about itself, and proposes a piece of work with quotations.

    It is asked only where the settings name a model, and this project among those whose texts may be sent there. It
    reads the README, roadmap, change log and a few pages of the documentation, the titles of the last forty changes,
    closed milestones and open tickets, at most 40,000 characters, without what looks like a secret. A proposal is
    dropped unless each of its quotations stands word for word where it says, and each of its paths exists. The same
    brief is asked about once.

    ## Why it matters
    What a project promised in its own words, and then forgot, is the work that its users wait for.

    ## What to do with it
    Judge the proposal as you would one of a newcomer who has read all pages: the quotations are real, the conclusion
    may not be. Without a model, `unfinished-plan` finds what is visibly open.

    ## Severity
    1: nothing is known to be broken.

    ## Source
    Menick et al., Teaching language models to support answers with verified quotes, arXiv:2203.11147 (2022).
    """

    id: ClassVar[str] = "next-work"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY, Reads.MODEL})
    welcomes: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.FEATURE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A page promises an export that nothing makes",
            (
                Commit(
                    "2024-01-01",
                    {
                        "README.md": lines("# Orchard", "", "Counts apples.", "An export to CSV will follow soon."),
                        "orchard.py": "def count():\n    return 3\n",
                    },
                ),
            ),
            "2024-06-01",
            (Expected("README.md", "README.md:4"),),
            answer={
                "proposals": [
                    {
                        "title": "Export the counts to CSV",
                        "current": "The page promises an export, and there is none.",
                        "why": "Users copy the numbers by hand.",
                        "wanted": "A command writes the counts to a CSV file",
                        "checks": ["The command writes a header and one row for each tree."],
                        "paths": ["orchard.py"],
                        "kind": "feature",
                        "size": "a day",
                        "claims": [{"document": "README.md", "quotation": "An export to CSV will follow soon."}],
                    }
                ]
            },
        ),
        Example(
            "A quotation that stands nowhere, one that is too short, a path that is not there, and no claim at all",
            (Commit("2024-01-01", {"README.md": lines("# Orchard", "", "An export to CSV will follow soon.")}),),
            "2024-06-01",
            answer={
                "proposals": [
                    {
                        "title": name,
                        "current": "Something is missing.",
                        "why": "It is.",
                        "wanted": "It is there.",
                        "checks": ["It is there."],
                        "paths": paths,
                        "kind": "feature",
                        "size": "hours",
                        "claims": claims,
                    }
                    for name, paths, claims in (
                        ("Invent", [], [{"document": "README.md", "quotation": "An export to PDF will follow soon."}]),
                        ("Guess", [], [{"document": "README.md", "quotation": "CSV"}]),
                        ("Elsewhere", [], [{"document": "PLAN.md", "quotation": "An export to CSV will follow soon."}]),
                        (
                            "Path",
                            ["src/export.py"],
                            [{"document": "README.md", "quotation": "An export to CSV will follow soon."}],
                        ),
                        ("Nothing", [], []),
                    )
                ]
            },
        ),
        Example(
            "No model",
            (Commit("2024-01-01", {"README.md": "# Orchard\n\nAn export to CSV will follow soon.\n"}),),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each proposal whose claims all hold.

        Raises:
            NotApplicable: the settings name no model for this project.
            UnavailableError: the model gives no answer now.
        """
        if view.model is None:
            message = "no model is set for this project"
            raise NotApplicable(message)
        material = brief(view)
        if not material:
            message = "There is nothing to read about this project."
            raise UnavailableError(message, "Write a README.")
        said = view.model(_INSTRUCTION.strip(), material, _Proposals)
        for proposal in said.proposals[:_MOST_PROPOSALS]:
            evidence = _evidence(view, proposal)
            if evidence and all(path in view.tree.files for path in proposal.paths):
                yield self._finding(view, proposal, evidence)

    def _finding(self, view: View, proposal: _Proposal, evidence: tuple[Evidence, ...]) -> Finding:
        first = evidence[0]
        where = view.history.origin(first.path) if first.line is not None else first.locator
        return Finding(
            signal=self.id,
            subject=first.path if first.line is not None else ".",
            identity=f"{where}: {normalised(first.seen)}",
            severity=1,
            kind=WorkKind(proposal.kind),
            story=_story(proposal, evidence),
            evidence=evidence,
            score=round(min(0.6, 0.4 + len(evidence) / 20), 3),
        )


def _evidence(view: View, proposal: _Proposal) -> tuple[Evidence, ...]:
    """Return what the claims point at, lines first; nothing when one of them does not hold."""
    found = [resolved(view, Claim(one.document, one.quotation)) for one in proposal.claims[:_MOST_CLAIMS]]
    there = [one for one in found if one is not None]
    if len(there) < len(found) or len(proposal.claims) > _MOST_CLAIMS:
        return ()
    return tuple(sorted(dict.fromkeys(there), key=lambda one: one.line is None))


def _story(proposal: _Proposal, evidence: tuple[Evidence, ...]) -> Story:
    quoted = [f"`{one.locator[:60]}` says \u2018{_calm(one.seen)}\u2019" for one in evidence]
    return Story(
        title=_calm(proposal.title)[:MOST_TITLE].rstrip(" .") or "Settle what was announced",
        current=f"{'; '.join(quoted)}. {_sentences(proposal.current)}",
        why=_sentences(proposal.why),
        wanted=_sentences(proposal.wanted),
        acceptance=tuple(_sentences(one) for one in proposal.checks[:_MOST_CHECKS] if _calm(one))
        or ("What the quoted lines announce is there, or the lines are gone.",),
        scope=tuple(f"`{path}`" for path in proposal.paths),
        non_goals=("More than the quoted lines ask for.",),
        risks=("A model proposed this from its reading: the quotations are checked, the conclusion is not.",),
        size=_SIZES[proposal.size],
    )


def _sentences(text: str) -> str:
    return sentence(_calm(text)) or "See the quoted lines."


def _calm(text: str) -> str:
    """Return words of others as plain text: no markup, mentions, links and control characters."""
    return seen(_FORBIDDEN.sub(" ", _LINK.sub(" ", text)))[:_MOST_CHARACTERS]
