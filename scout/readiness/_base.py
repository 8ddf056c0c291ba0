"""A criterion: one question about a text, answered with a score, a reason and a remedy."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Self

from scout.model import Addressee, Passing, Verdict, WorkKind, digest
from scout.readiness.forms import NOTHING, Untouched, untouched_lines
from scout.readiness.kinds import kind_of
from scout.readiness.reading import Reading
from scout.text.markdown import parse
from scout.text.tree import Document

_QUOTE_LENGTH = 100
_QUOTED = re.compile(r'"([^"]+)"')
_TICKED = re.compile(r"`[^`]*`")


@dataclass(frozen=True)
class Judged:
    """A text as the rubric sees it; make it with `of`.

    Attributes:
        title: one line.
        document: the body as a tree.
        comments: what was said afterwards, oldest first, as trees.
        kind: what kind of work it asks for; None when neither the tracker nor the text says.
        blocked_by: keys of open tickets that have to be finished first.
        generated: whether Scout wrote it: generated work must have acceptance criteria.
        digest: of exactly what is judged (not of the rubric).
        untouched: lines of the repository's templates, which say nothing.
    """

    title: str
    document: Document
    comments: tuple[Document, ...]
    kind: WorkKind | None
    blocked_by: tuple[str, ...]
    generated: bool
    digest: str
    untouched: Untouched = NOTHING

    @classmethod
    def of(  # noqa: PLR0913 - keyword-only facts, one for each field
        cls,
        title: str,
        body: str,
        *,
        kind: WorkKind | None = None,
        comments: tuple[str, ...] = (),
        blocked_by: tuple[str, ...] = (),
        generated: bool = False,
        templates: tuple[str, ...] = (),
    ) -> Self:
        """Return the text ready to be judged; a kind that is not given is inferred from the words.

        Args:
            title: one line of plain text.
            body: Markdown.
            kind: what the tracker says it is.
            comments: Markdown, oldest first.
            blocked_by: keys of open tickets that have to be finished first.
            generated: whether Scout wrote it.
            templates: the repository's issue forms and templates as they are stored; what they say is not content.
        """
        document = parse(body)
        untouched = untouched_lines(templates) if templates else NOTHING
        return cls(
            title=" ".join(title.split()),
            document=document,
            comments=tuple(parse(comment) for comment in comments),
            kind=kind or kind_of(title, Reading(document, untouched)),
            blocked_by=blocked_by,
            generated=generated,
            digest=digest(title, body, kind, comments, sorted(blocked_by), generated, sorted(untouched)),
            untouched=untouched,
        )

    @property
    def headline(self) -> str:
        """The title without what stands in backticks."""
        return _TICKED.sub("…", self.title)

    @cached_property
    def reading(self) -> Reading:
        """The body as a careful reader takes it in."""
        return Reading(self.document, self.untouched)

    @cached_property
    def talk(self) -> tuple[Reading, ...]:
        """The comments that say something likewise."""
        readings = (Reading(comment, comment=True) for comment in self.comments)
        return tuple(said for said in readings if any(part.filled or part.name for part in said.parts))


@dataclass(frozen=True)
class Example:
    """A text and what the criterion must say about it; both documentation and test.

    Attributes:
        low: the least score that is right; `high` the greatest.
        passing: what the verdict must say.
    """

    title: str
    body: str
    low: float
    high: float
    passing: Passing
    kind: WorkKind | None = None
    comments: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    generated: bool = False

    def judged(self) -> Judged:
        """Return the text ready to be judged."""
        return Judged.of(
            self.title,
            self.body,
            kind=self.kind,
            comments=self.comments,
            blocked_by=self.blocked_by,
            generated=self.generated,
        )


@dataclass(frozen=True)
class Remedy:
    """An edit that a person can make, as data: a form to fill in, shown filled in.

    Attributes:
        advice: what to do, an imperative sentence.
        append: Markdown to add at the end of the body.
        comment: a comment to add where there are comments already.
        replace: what stands in place of every passage the answer names.
        unblock: whether the tickets that block this one have to be finished or unlinked.
    """

    advice: str
    append: str = ""
    comment: str = ""
    replace: str = ""
    unblock: bool = False

    def follow(self, body: str, passages: tuple[str, ...] = ()) -> str:
        """Return the body with the edit made, for previews and for tests of the promise that it helps."""
        for passage in passages if self.replace else ():
            body = re.sub(rf"\b{re.escape(passage)}\b", lambda _: self.replace, body, flags=re.IGNORECASE)
        if not self.append:
            return body
        longer = f"{body.rstrip()}\n\n{self.append}\n"
        swallowed = len(parse(longer).blocks) <= len(parse(body).blocks)  # by a fence or a comment that is not closed
        return f"{self.append}\n\n***\n\n{body}" if swallowed else longer


@dataclass(frozen=True)
class Answer:
    """What a criterion found, before it becomes a verdict.

    Attributes:
        score: 0..1.
        reason: why, quoting the text it rests on.
        passages: the words that a remedy would replace.
    """

    score: float
    reason: str
    passages: tuple[str, ...] = ()


class Criterion(ABC):
    """One question of the rubric; a subclass in a module of `scout.readiness.criteria` is all it takes.

    The class docstring is the user's page: a summary line, `## Why it matters`, `## What to do with it`, `## Source`.
    """

    id: ClassVar[str]
    since: ClassVar[str]
    version: ClassVar[int] = 1
    gate: ClassVar[bool] = False
    weight: ClassVar[float]
    bar: ClassVar[float] = 0.5
    """The score from which the verdict is 'passed'."""
    needs_english: ClassVar[bool] = False
    """Whether it knows English words only: structured texts in other languages then reach the bar."""
    kinds: ClassVar[frozenset[WorkKind | None]] = frozenset({*WorkKind, None})
    """The kinds of work it has something to say about; None is 'not known'."""
    missing: ClassVar[str] = ""
    """What raters call it when a text lacks it, where that is not the id."""
    asks: ClassVar[Addressee] = Addressee.REPORTER
    """Who can say what is missing; of an open question in the text itself, its words tell."""
    question: ClassVar[str] = ""
    """What to ask them; the remedy's advice where it is empty."""
    remedy: ClassVar[Remedy]
    examples: ClassVar[tuple[Example, ...]]

    @abstractmethod
    def look(self, text: Judged) -> Answer:
        """Return what the text says about the question; pure."""

    def gates(self, text: Judged) -> bool:
        """Return whether this text must pass."""
        del text
        return self.gate

    def judge(self, text: Judged) -> Verdict:
        """Return the verdict on a text; pure, never fails."""
        asked = text.kind in self.kinds
        answer = self._across_languages(self.look(text), text) if asked else _not_asked(text.kind)
        score = round(min(1.0, max(0.0, answer.score)), 3)
        passing = Passing.PASSED if score >= self.bar else Passing.FAILED
        return Verdict(
            criterion=self.id,
            gate=asked and self.gates(text),
            weight=self.weight,
            score=score,
            passing=passing if asked else Passing.NOT_APPLICABLE,
            reason=answer.reason,
            remedy=self.remedy.advice if asked and score < 1 else "",
            version=self.version,
        )

    def _across_languages(self, answer: Answer, text: Judged) -> Answer:
        if text.reading.english:
            return answer
        reason = f"Not English: judged by structure only. {answer.reason}"
        helped = self.needs_english and text.reading.structured
        return replace(answer, reason=reason, score=max(answer.score, self.bar) if helped else answer.score)


def _not_asked(kind: WorkKind | None) -> Answer:
    return Answer(0, f"Not asked of {kind.value} work." if kind else "Asked only when the kind of work is known.")


def quote(text: str) -> str:
    """Return a passage in quotation marks, on one line and shortened."""
    flat = " ".join(text.split()).replace('"', "'")
    return f'"{flat}"' if len(flat) <= _QUOTE_LENGTH else f'"{flat[: _QUOTE_LENGTH - 1].rstrip()}…"'


def quoted(reason: str) -> str:
    """Return the first passage that `quote` put into a reason, or nothing."""
    found = _QUOTED.search(reason)
    return found.group(1) if found else ""
