"""`answered-but-open`: a question has its answer, and the ticket is open."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, TicketState, WorkKind
from scout.signals._base import Example, Expected, NotApplicable, Reads, Scout, View
from scout.signals._evidence import at_ticket
from scout.signals.backlog._board import DAY, Board
from scout.signals.backlog._rows import moved, said, ticket
from scout.signals.backlog._words import headed, mention, name, sentences, spoken
from scout.warehouse.records import CommentRow, TicketRow

_QUESTION = re.compile(
    r"^(?:type|kind)?[\s:/_-]*(?:questions?|support|help|usage|how[- ]?to|questions?[\s/&-]+(?:and[\s-]+)?(?:help"
    r"|support|answers?)"
    r"|needs? support|user support)$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:how|why|what|where|which|when|who|is|are|can|could|does|do|should|will|would|has|question)\b.*\?\s*$",
    re.IGNORECASE,
)
_SETTLED_IT = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|great|perfect|ah|oh|yes|yep|got it|awesome|cool|nice|thanks?(?: you| a lot| so much"
    r"| very much)?|that|this|it|which|and|hi|just)"
    r"\b[\s,.!]*)*"
    r"(?:(?:that|this|it|which)?\s*(?:worked|works|solved|fixed|did the trick|helped|answers? (?:my|the) question"
    r"|resolved|clarifies|makes sense)\b(?!\s*(?:only|except|but|if|when|until))"
    r"|(?:my |the )?(?:problem|issue|question) (?:is|was|has been|seems) (?:now )?(?:solved|fixed|resolved"
    r"|answered|gone)"
    r"|(?:i(?:'ll| will| am|'m)? )?clos(?:e|ing) (?:this|it|the issue)|(?:this|it|the issue) can be closed"
    r"|(?:feel free|you can|please|ok|fine) to close"
    r"|you can close|solved\b|never ?mind\b)",
    re.IGNORECASE,
)
_HEDGED = re.compile(r"\b(?:but|however|still|until|except|unless|although|though|not)\b|\?", re.IGNORECASE)
_ASKS_BACK = re.compile(
    r"\b(?:could|can|would) you\b|\bplease (?:try|provide|share|post|test|check|let)\b|\bwhich version\b", re.IGNORECASE
)
_SHORTEST = 60
_AFTER_THANKS = 14
_AFTER_ANSWER = 60
_WORDS = "Choose 'two pages' in the menu 'File', then print as usual; it is kept."


class _Answer(NamedTuple):
    """How a question was answered, in words, and when the last word was said."""

    how: str
    at: datetime


class AnsweredButOpen(Scout):
    """An open ticket whose author says that it is settled, or a question that those who sort tickets have answered.

    Settled: the last word is the author's, in reply to somebody, says so without 'but' or a question ('that worked,
    thanks', 'this can be closed'), and 14 days have passed. Answered: a ticket with a label or type for questions,
    whose last word is an answer of 60 characters or more by somebody who sorts other people's tickets here, that asks
    nothing back, and 60 days have passed. A question without such a label counts when its title is a question. Passed
    over are started tickets and those with a kind of work, a milestone or somebody who has them, unless the author
    settled them.

    ## Why it matters
    Questions that are answered and open bury those that are not.

    ## What to do with it
    Close it; where the answer belongs into the documentation, say so in a ticket of its own.

    ## Severity
    1.

    ## Source
    GitHub's and Jira's own practice of closing questions once their author says that they are settled.
    """

    id: ClassVar[str] = "answered-but-open"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The author says that it works now",
            (),
            "2024-03-01",
            (Expected("1", "1"),),
            (
                ticket("1", "Printing fails", author="p1", kind="bug"),
                said("1", "2024-01-02", "Set the tray to A4.", author="k1"),
                said("1", "2024-01-03", "That worked, thanks!", author="p1"),
            ),
        ),
        Example(
            "A question was answered by somebody who sorts tickets",
            (),
            "2024-06-01",
            (Expected("1", "1"),),
            (
                ticket("1", "Printing two pages", author="p1", labels=["question"]),
                moved("1", "2024-01-02", "label", "question", actor="k1"),
                said(
                    "1",
                    "2024-01-02",
                    "Choose 'two pages' in the menu 'File', then print as usual; it is kept.",
                    author="k1",
                ),
            ),
        ),
        Example(
            "A hedge, nobody replied, a passer-by's answer, an answer that asks back, a bug, too early, started",
            (),
            "2024-06-01",
            (),
            (
                ticket("1", "One", author="p1"),
                said("1", "2024-01-02", "Set the tray to A4.", author="k1"),
                said("1", "2024-01-03", "That worked, but only for A4.", author="p1"),
                ticket("2", "Two", author="p1"),
                said("2", "2024-01-03", "Solved, I think.", author="p1"),
                ticket("3", "Three", author="p1", labels=["question"]),
                moved("3", "2024-01-02", "label", "question", actor="k1"),
                said(
                    "3",
                    "2024-01-02",
                    "Choose 'two pages' in the menu 'File', then print as usual; it is kept.",
                    author="p9",
                ),
                ticket("4", "Four", author="p1", labels=["question"]),
                said(
                    "4",
                    "2024-01-02",
                    "Could you tell which printer it is? We have tried it with three of them here.",
                    author="k1",
                ),
                ticket("5", "Five", author="p1", kind="bug"),
                said(
                    "5",
                    "2024-01-02",
                    "Choose 'two pages' in the menu 'File', then print as usual; it is kept.",
                    author="k1",
                ),
                ticket("6", "Six", author="p1"),
                said("6", "2024-05-29", "Set the tray to A4.", author="k1"),
                said("6", "2024-05-30", "That worked, thanks!", author="p1"),
                ticket("7", "How to print?", author="p1", labels=["question"]),
                said(
                    "7",
                    "2024-05-29",
                    "Choose 'two pages' in the menu 'File', then print as usual; it is kept.",
                    author="k1",
                ),
                ticket("8", "Eight", author="p1", state="started"),
                said("8", "2024-01-02", "Set the tray to A4.", author="k1"),
                said("8", "2024-01-03", "That worked, thanks!", author="p1"),
                ticket("9", "Nine", author="p1", labels=["question"], kind="docs"),
                said(
                    "9",
                    "2024-01-02",
                    "Choose 'two pages' in the menu 'File', then print as usual; it is kept.",
                    author="k1",
                ),
                ticket("11", "Eleven", author="p1"),
                said("11", "2024-01-02", "Set the tray to A4.", author="p1"),
                said("11", "2024-01-03", "That worked, thanks!", author="p2"),
                *(
                    one
                    for key, words, facts in (
                        ("12", "Choose 'two pages' in the menu 'File'; is that what you want to have printed?", {}),
                        ("13", "Please try the menu 'File', where 'two pages' can be chosen before you print.", {}),
                        ("14", _WORDS, {"milestone": "2.0"}),
                        ("15", _WORDS, {"claimed": True}),
                        ("16", _WORDS, {"author": "k1"}),
                    )
                    for one in (
                        ticket(key, f"Number {key}", **{"author": "p1", "labels": ["question"], **facts}),
                        said(key, "2024-01-02", words, author="k1"),
                    )
                ),
                ticket("17", "Seventeen", author="p1"),
                said("17", "2024-01-02", "Set the tray to A4.", author="k1"),
                said("17", "2024-01-03", "That worked, thanks!", author="p1"),
                moved("17", "2024-01-04", "state", "unstarted"),
                ticket("10", "Ten", author="p1", labels=["question"]),
                said("10", "2024-01-02", "In the menu 'File'.", author="k1"),
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each question that is settled.

        Raises:
            NotApplicable: the tracker tells nobody's part in what was said.
        """
        board = Board(view)
        if board.open and not any(row.author for row in board.open):
            message = "what was said does not tell authors from others"
            raise NotApplicable(message)
        for row in board.open:
            answer = _answered(board, row)
            if answer:
                yield Finding(
                    signal=self.id,
                    subject=row.key,
                    severity=1,
                    kind=self.kind,
                    story=_story(row, answer),
                    evidence=(at_ticket(row.key, f"{answer.how} on {answer.at:%Y-%m-%d}: {name(row)}"),),
                    score=0.7,
                )


def _answered(board: Board, row: TicketRow) -> _Answer | None:
    words = board.comments(row.key)
    if not words or row.state == TicketState.STARTED or not row.author:
        return None
    last = words[-1]
    if last.created_at is None or _reopened_since(board, row, last.created_at):
        return None
    silent = (board.now - last.created_at) / DAY
    replied = any(one.author != row.author for one in words)
    if replied and last.author == row.author and _settles(last) and silent >= _AFTER_THANKS:
        return _Answer("its author says that it is settled", last.created_at)
    if silent >= _AFTER_ANSWER and _is_question(row) and _is_answer(board, row, last):
        return _Answer("the question is answered", last.created_at)
    return None


def _reopened_since(board: Board, row: TicketRow, at: datetime) -> bool:
    return any(one.field == "state" and one.at and one.at > at for one in board.transitions(row.key))


def _settles(comment: CommentRow) -> bool:
    text = spoken(comment.body)
    return not _HEDGED.search(text) and any(_SETTLED_IT.match(sentence) for sentence in sentences(comment.body))


def _is_question(row: TicketRow) -> bool:
    if row.kind or row.milestone or row.claimed:
        return False
    return any(_QUESTION.match(word.strip()) for word in (*row.labels, row.native_kind)) or (
        not row.labels and _ASKS.match(row.title.strip()) is not None
    )


def _is_answer(board: Board, row: TicketRow, comment: CommentRow) -> bool:
    text = spoken(comment.body).strip()
    return (
        comment.author in board.keepers
        and comment.author != row.author
        and len(text) >= _SHORTEST
        and "?" not in text
        and not _ASKS_BACK.search(text)
    )


def _story(row: TicketRow, answer: _Answer) -> Story:
    here = mention(row.key)
    return Story(
        title=headed(f"Close {here}, which is answered: ", row),
        current=(
            f"{here} ({name(row)}) is open. On {answer.at:%Y-%m-%d} {answer.how}; nobody has said anything since."
        ),
        why="Questions that are answered and still open bury those that wait for an answer.",
        wanted=f"{here} is closed; where the answer should stand in the documentation, a ticket of its own says so.",
        acceptance=(f"{here} is closed, or says what is still to be done.",),
        scope=(here,),
        non_goals=("Answering again.",),
    )
