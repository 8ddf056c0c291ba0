"""A proposed rewrite of a ticket that is not ready: the author's words whole, what code checked, what is open. Pure.

Nothing is invented: what is missing is either a fact with the commit and the day of its check, or a question to whoever
can answer it. Since the questions stand in the text, it is not ready before they are answered.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from scout.model import Evidence, Frozen, Question, digest
from scout.text.markdown import parse
from scout.text.render import code_span
from scout.text.sanitise import inert, sanitise

_SHORT_SHA = 12
_MOST_QUESTIONS = 7
_CHECKED = re.compile(r"^(?P<claim>.*) \(checked (?P<on>\d{4}-\d\d-\d\d)\)$", re.DOTALL)
_ASKS = "For whoever can answer: write the answer into the text above, and delete the question; at last, this part."
_TOLD = "What Scout could check, each with the day and the commit of its check."


class Fact(Frozen):
    """Something about a ticket that code checked.

    Attributes:
        evidence: where; `sha` is the commit of the check, or the digest of a ticket's text.
        claim: what is so there, plain text with code in backticks.
        on: the day of the check.
    """

    evidence: Evidence
    claim: str
    on: date

    @classmethod
    def of(cls, evidence: Evidence, claim: str, on: date) -> "Fact":
        """Return a fact whose evidence carries it whole, so that it can be read back from a draft."""
        return cls(evidence=evidence.having(seen=f"{claim} (checked {on.isoformat()})"), claim=claim, on=on)

    @classmethod
    def read(cls, evidence: Evidence) -> "Fact | None":
        """Return the fact that a draft's evidence carries; None when it carries none."""
        found = _CHECKED.match(evidence.seen)
        if found is None:
            return None
        return cls(evidence=evidence, claim=found["claim"], on=date.fromisoformat(found["on"]))

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes it the same fact, whenever it was checked."""
        return self.evidence.kind.value, self.evidence.locator, self.claim

    @property
    def line(self) -> str:
        """The fact as it stands in the text, without its mark of a list."""
        sha = f", {code_span(self.evidence.sha[:_SHORT_SHA])}" if self.evidence.sha else ""
        return f"{code_span(self.evidence.locator)} {self.claim} (checked {self.on.isoformat()}{sha})"


class Settled(Frozen):
    """Facts after they were checked again.

    Attributes:
        standing: those that hold, each with its first check.
        struck: those that held before and do not now.
    """

    standing: tuple[Fact, ...]
    struck: tuple[Fact, ...]


def settle(before: Iterable[Fact], now: Iterable[Fact]) -> Settled:
    """Return what holds now: a fact that held before keeps its first check, so that nothing changes while it holds."""
    known = {fact.identity: fact for fact in before}
    current = {fact.identity: fact for fact in now}
    return Settled(
        standing=tuple(known.get(identity, fact) for identity, fact in current.items()),
        struck=tuple(fact for identity, fact in known.items() if identity not in current),
    )


def refined(body: str, facts: Settled, questions: Sequence[Question], sha: str, on: date) -> str:
    """Return the ticket's text with what was checked and what is open added after it.

    The author's words stay as they are. A fact of an earlier refinement that stands in them is struck where it stands
    when it does not hold any more, and is not repeated when it does; nor is a question that is asked already.

    Args:
        body: the ticket's Markdown.
        facts: what was checked.
        questions: what is open, the most blocking first.
        sha: the commit of this check; empty where there is none.
        on: its day.
    """
    kept = _with_struck(body, facts.struck, sha, on)
    added = "\n\n".join(_sections(kept, facts, questions, sha, on))
    if not added:
        return kept
    longer = f"{kept.rstrip()}\n\n***\n\n{added}\n" if kept.strip() else f"***\n\n{added}\n"
    swallowed = len(parse(longer).blocks) <= len(parse(kept).blocks)  # by a fence or a comment that is not closed
    return f"{added}\n\n***\n\n{kept}" if swallowed and kept.strip() else longer


def refinement_digest(base: str, facts: Iterable[Fact], questions: Iterable[Question]) -> str:
    """Return what changes when there is something else to propose: the text, a fact, a question; never a day alone."""
    asked = [(one.to, one.text) for one in questions]
    return digest(base, sorted(fact.identity for fact in facts), asked[:_MOST_QUESTIONS])


def text_digest(title: str, body: str) -> str:
    """Return the digest of a ticket's text, by which it is known whether somebody has changed it since."""
    return digest(title, body, length=40)


def _sections(body: str, facts: Settled, questions: Sequence[Question], sha: str, on: date) -> Iterator[str]:
    lines = [f"- {fact.line}" for fact in facts.standing if fact.line not in body]
    gone = ((fact, _gone(fact, sha, on)) for fact in facts.struck)
    lines += [f"- {told}" for fact, told in gone if fact.line not in body]
    if lines:
        yield sanitise(f"## Checked\n\n{_TOLD}\n\n" + "\n".join(lines))
    asked = [line for one in questions[:_MOST_QUESTIONS] if (line := _asked(one)) not in body]
    if asked:
        yield sanitise(f"## Open questions\n\n{_ASKS}\n\n" + "\n".join(f"- {line}" for line in asked))


def _asked(question: Question) -> str:
    """Return a question with its addressee; words of the ticket are shown as code: anybody may have written them."""
    who = question.to.value.capitalize()
    if question.passage and question.passage.strip() == question.text:
        return f"{who}: {inert(question.passage)}"
    about = f" (the text says {inert(question.passage)})" if question.passage else ""
    return f"{who}: {question.text}{about}"


def _with_struck(body: str, struck: Iterable[Fact], sha: str, on: date) -> str:
    for fact in struck:
        body = body.replace(f"- {fact.line}", f"- {_gone(fact, sha, on)}")
    return body


def _gone(fact: Fact, sha: str, on: date) -> str:
    at = f" at {code_span(sha[:_SHORT_SHA])}" if sha else ""
    return f"~~{fact.line}~~ Not so any more{at} ({on.isoformat()})."
