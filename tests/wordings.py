"""What tests of a model's drafts share: an honest wording of one finding, lookups, the rubric, and a purse."""

from typing import Any

from scout.drafts import Brief
from scout.drafts.wording import Wording
from scout.llm import SpentError
from scout.model import Readiness, Spend, WorkKind
from scout.readiness import Judged, assess

GOOD: dict[str, Any] = {
    "answer": "draft",
    "title": "Repair the two links in `docs/guide.md` that open no page",
    "current": "`docs/guide.md` links to two pages that the repository does not have. Line 12 is `[setup](setup.md)`.",
    "why": "Who follows the guide ends on an error page, and learns nothing about the setup.",
    "wanted": "Every relative link in `docs/guide.md` opens a page of the repository.",
    "acceptance": ["Every relative link in `docs/guide.md` names a tracked file."],
    "tests": [],
    "scope": ["The links in `docs/guide.md`."],
    "non_goals": ["Links to other sites."],
    "risks": ["A link that is repaired may lead to a page that says something else."],
}


def a_wording(**changes: Any) -> Wording:
    """Return the honest wording, with some fields changed."""
    return Wording.model_validate({**GOOD, **changes})


class Here:
    """A repository of one page, and one ticket."""

    def path(self, path: str) -> bool:
        return path in {"docs", "docs/guide.md"}

    def lines(self, path: str) -> int | None:
        return 40 if path == "docs/guide.md" else None

    def symbols(self, words: frozenset[str]) -> frozenset[str]:
        return words & {"load_settings", "tracked"}

    def ticket(self, key: str) -> bool:
        return key == "17"


def by_rubric(title: str, body: str, kind: WorkKind) -> Readiness:
    """Judge a draft as a run does."""
    return assess(Judged.of(title, body, kind=kind, generated=True))


class Purse:
    """A purse that pays for so many questions and remembers what came of them."""

    def __init__(self, most: int = 1000) -> None:
        self.most = most
        self.reserved: list[Spend] = []
        self.settled: dict[int, Spend] = {}

    def reserve(self, project: str, most: Spend) -> int:
        del project
        if len(self.reserved) >= self.most:
            message = "The day's budget for the model is spent"
            raise SpentError(message)
        self.reserved.append(most)
        return len(self.reserved) - 1

    def settle(self, reservation: int, used: Spend) -> None:
        self.settled[reservation] = used

    @property
    def spent(self) -> Spend:
        """What all questions have cost, whole where nobody told."""
        total = Spend()
        for number, most in enumerate(self.reserved):
            total = total.plus(self.settled.get(number, most))
        return total


def said_of(brief: Brief) -> str:
    """Return all that a brief quotes of others."""
    return "\n".join((*(one.seen for one in brief.evidence), *(line for one in brief.excerpts for line in one.lines)))
