"""Who words the drafts of a project: a model where the settings name one for it, and the offline drafter always."""

import re
from collections import Counter
from functools import cached_property

from scout.drafts import Brief, Drafted, draft
from scout.drafts.critic import Judge
from scout.errors import UnavailableError
from scout.repository import Tree
from scout.service.asking import Asking, asking
from scout.service.tickets import known_tickets
from scout.service.wiring import Project, Workspace

_MOST_WORDS = 200


class Writer:
    """Words drafts at one commit, and remembers where the model's words could not be taken."""

    def __init__(self, work: Workspace, project: Project, tree: Tree | None, judge: Judge) -> None:
        self._ask: Asking | None = asking(work, project)
        self._judge = judge
        self._lookups = ProjectLookups(work, project, tree)
        self._fallbacks: Counter[tuple[str, str]] = Counter()

    def words(self, brief: Brief) -> tuple[Drafted, str]:
        """Return the words of an issue and the drafter they are from, `llm` or `offline`.

        Raises:
            StoreError: what the model costs cannot be written down.
        """
        if self._ask is None:
            return draft(brief), "offline"
        from scout.drafts.llm import DraftOutcome, attempt  # here: most projects name no model

        made = attempt(brief, self._ask, self._judge, self._lookups)
        if made.outcome is DraftOutcome.DRAFTED:
            return made.words, "llm"
        self._fallbacks[made.outcome.value, made.reason] += 1
        return made.words, "offline"

    @property
    def notes(self) -> tuple[str, ...]:
        """Why drafts are not in the model's words, each reason once."""
        return tuple(
            f"{many} draft{'s' * (many > 1)} without the model's words: {outcome.replace('_', ' ')}: {reason}"
            for (outcome, reason), many in sorted(self._fallbacks.items())
        )


class ProjectLookups:
    """Answers what a draft claims: from the repository at one commit, and from the tickets as they were pulled."""

    def __init__(self, work: Workspace, project: Project, tree: Tree | None) -> None:
        self._work, self._project, self._tree = work, project, tree

    def path(self, path: str) -> bool:
        """Whether there is a file or folder of this name; the root does not count, for nothing is said with it."""
        return self._tree is not None and bool(path.strip("./")) and self._tree.exists(path)

    def lines(self, path: str) -> int | None:
        """Return how many lines a file has; None where it is none, or cannot be read."""
        content = self._text(path)
        return None if content is None else len(content.split("\n"))

    def symbols(self, words: frozenset[str]) -> frozenset[str]:
        """Return those of the words that stand in the files of the commit; the whole tree is read at most once."""
        wanted = sorted(words, key=lambda word: (-len(word), word))[:_MOST_WORDS]
        if not wanted or self._tree is None:
            return frozenset()
        pattern = re.compile(rb"\b(?:%s)\b" % b"|".join(re.escape(word.encode("utf-8", "replace")) for word in wanted))
        found = set[str]()
        for file in self._tree.search(pattern, lambda _: True):
            text = self._text(file.path) or ""
            found.update(word for word in wanted if word not in found and re.search(rf"\b{re.escape(word)}\b", text))
            if len(found) == len(wanted):
                break
        return frozenset(found)

    def ticket(self, key: str) -> bool:
        """Whether there is a ticket of this key."""
        return key in self._tickets

    @cached_property
    def _tickets(self) -> frozenset[str]:
        return frozenset(one.key for one in known_tickets(self._work, self._project))

    def _text(self, path: str) -> str | None:
        if self._tree is None or path not in self._tree.files:
            return None
        try:
            return self._tree.text(path)
        except UnavailableError:
            return None
