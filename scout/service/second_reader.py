"""A model reads a ticket after the rubric: it may move what is weighed, with the ticket's own words as proof.

A gate that code closed stays closed, and one that it opened stays open, whatever a model says.
"""

import inspect
import json
import logging
from collections.abc import Iterator
from typing import Literal

from scout.drafts.prompts import prompt
from scout.llm import ModelError
from scout.model import Frozen, Passing, Readiness, Ticket, Verdict, digest
from scout.readiness import all_criteria, concluded, quote
from scout.service.asking import Asking, asking
from scout.service.wiring import Project, Workspace
from scout.text.characters import visible

log = logging.getLogger(__name__)
_FEWEST = 12
"""Characters that a quotation has at least: shorter ones stand in any text."""
_MET, _OPEN = 0.75, 0.25
_MOST_COMMENTS, _MOST_CHARACTERS = 30, 20_000
_REMEDY = "Say what the quoted words leave open."


class ReadingLine(Frozen):
    """What a model says about one criterion, with the words of the ticket that it rests on."""

    criterion: str
    met: Literal["yes", "no", "unclear"]
    quotation: str


class SecondReading(Frozen):
    """What a model says about a ticket."""

    answers: tuple[ReadingLine, ...]


class SecondReader:
    """Reads the tickets whose gates are all open: of the others nothing that it could say would make them ready.

    What it said once about a text is remembered and holds for everybody; asked anew it is only where somebody may wait
    for it. While there is no answer, the rubric's word stands.

    Args:
        asking: the model.
        most: tickets that are read anew, at most; the others have their turn another time.
    """

    def __init__(self, asking: Asking, most: int) -> None:
        self._asking, self._left = asking, most

    def read(self, ticket: Ticket, readiness: Readiness) -> Readiness:
        """Return a ticket's readiness after a model has read it too.

        Raises:
            StoreError: what it costs cannot be written down.
        """
        asked = [one for one in readiness.verdicts if _is_weighed(one)]
        if readiness.failed_gates or not asked:
            return readiness
        question = (prompt("reader").text, _brief(ticket, asked), SecondReading)
        reading = self._asking.recall(*question)
        if reading is None and self._left > 0:
            self._left -= 1
            try:
                reading = self._asking(*question)
            except ModelError as error:
                log.info("%s: %s", ticket.key, error.what)
        return readiness if reading is None else second(readiness, reading, _words(ticket))


def second_reader(work: Workspace, project: Project, most: int) -> SecondReader | None:
    """Return who reads a project's tickets after the rubric; None unless the settings name a model for it."""
    ask = asking(work, project)
    return None if ask is None else SecondReader(ask, most)


def second(readiness: Readiness, reading: SecondReading, text: str) -> Readiness:
    """Return a readiness with those answers taken in that prove what they say. Pure.

    An answer counts when its quotation stands in the text word for word, and proves no other answer: one sentence that
    claims everything moves one criterion.

    Args:
        readiness: what the rubric says.
        reading: what the model says.
        text: all that it was about.
    """
    proven = {one.criterion: one for one in reversed(tuple(_proven(reading, _flat(text))))}
    verdicts = tuple(
        _moved(one, proven[one.criterion]) if one.criterion in proven and _is_weighed(one) else one
        for one in readiness.verdicts
    )
    if verdicts == readiness.verdicts:
        return readiness
    told = sorted((one.criterion, one.met, one.quotation) for one in proven.values())
    found = concluded(verdicts, digest(readiness.digest, told), readiness.rubric)
    return found.model_copy(update={"autonomy": readiness.autonomy, "question": readiness.question})


def _proven(reading: SecondReading, text: str) -> Iterator[ReadingLine]:
    used: list[str] = []
    for one in reading.answers:
        words = _flat(one.quotation)
        if one.met == "unclear" or len(words) < _FEWEST or words not in text:
            continue
        if not any(words in other or other in words for other in used):
            used.append(words)
            yield one


def _is_weighed(verdict: Verdict) -> bool:
    return not verdict.gate and verdict.passing is not Passing.NOT_APPLICABLE


def _moved(verdict: Verdict, answer: ReadingLine) -> Verdict:
    shown = quote(answer.quotation)
    if answer.met == "yes":
        if verdict.score >= _MET:
            return verdict
        reason = f"A second reader finds it in {shown}."
        return verdict.having(score=_MET, passing=Passing.PASSED, reason=reason)
    if verdict.score <= _OPEN:
        return verdict
    reason = f"A second reader finds it open in {shown}."
    return verdict.having(score=_OPEN, passing=Passing.FAILED, reason=reason, remedy=verdict.remedy or _REMEDY)


def _brief(ticket: Ticket, asked: list[Verdict]) -> str:
    questions = {one.id: (inspect.getdoc(type(one)) or "").partition("\n")[0] for one in all_criteria()}
    told = {
        "ticket": {
            "title": ticket.title,
            "body": ticket.body[:_MOST_CHARACTERS],
            "comments": [one.body[:_MOST_CHARACTERS] for one in ticket.comments[-_MOST_COMMENTS:]],
        },
        "criteria": [
            {"id": one.criterion, "question": questions.get(one.criterion, ""), "answer": one.reason} for one in asked
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _words(ticket: Ticket) -> str:
    return "\n".join((ticket.title, ticket.body, *(one.body for one in ticket.comments)))


def _flat(text: str) -> str:
    return " ".join(visible(text).split())
