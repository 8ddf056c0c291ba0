"""All issues of some projects, read in ranges at once, whole even while the world moves on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from typing import NamedTuple

from scout.remote.failure import RefusedError
from scout.remote.parallel import gathered
from scout.sources._jira.jql import one_of, query, quoted
from scout.sources._jira.making import Batch
from scout.sources._jira.moments import moment
from scout.sources._jira.ranges import Range, between, ranges, width
from scout.sources._jira.server import ALL, KEY, Jira, number_of
from scout.sources._jira.shape import Json, part, word

_BAD_QUERY = 400
_GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Scope:
    """What is read of a Jira.

    Attributes:
        projects: keys; at least one.
        restriction: a clause that all issues must meet; empty for none.
        workers: requests at once.
    """

    projects: tuple[str, ...]
    restriction: str
    workers: int

    def query(self, *clauses: str, order: str, projects: Sequence[str] = ()) -> str:
        """Return the query for issues of these projects (default: all of them)."""
        return query(one_of("project", projects or self.projects), *clauses, self.restriction, order=order)


def newest(jira: Jira, scope: Scope) -> datetime | None:
    """Return when the last change happened, by the server's clock; None where there are no issues.

    Raises:
        RemoteError: the server does not say.
    """
    found = jira.search(scope.query(order="updated DESC"), fields="updated", size=1)
    changes = (moment(part(issue, "fields").get("updated")) for issue in found.issues)
    return next(changes, None)


def keys(jira: Jira, scope: Scope, projects: Sequence[str] = ()) -> Iterator[Json]:
    """Return id and key of all issues, thousands a page.

    Raises:
        RemoteError: the list is not whole.
    """
    pages = jira.pages(scope.query(order="key ASC", projects=projects), fields=KEY, size=jira.keys_at_once)
    return chain.from_iterable(page.issues for page in pages)


class _Top(NamedTuple):
    """The issues of a project with the highest keys.

    Attributes:
        below: ranges of the keys below them.
        total: how many the project has; 0 where the server does not say.
    """

    project: str
    batch: Batch
    below: list[Range]
    total: int


class _Part(NamedTuple):
    """Some issues of a project."""

    project: str
    batch: Batch


@dataclass(frozen=True, slots=True)
class FullPull:
    """Reads every issue once, or more often.

    Attributes:
        jira: where to ask.
        scope: what to read.
        make: a batch from issues as they came.
    """

    jira: Jira
    scope: Scope
    make: Callable[[list[Json]], Batch]

    def batches(self) -> Iterator[Batch]:
        """Return all issues, batch by batch, in no order.

        Raises:
            RemoteError: some are missing.
        """
        work = (partial(self._top, project) for project in self.scope.projects)
        tops = list(gathered(work, self.scope.workers))
        yield from (top.batch for top in tops)
        yield from self._by_range(tops) if self.jira.cloud else self._by_number(tops)

    def _top(self, project: str) -> _Top:
        found = self.jira.search(self.scope.query(order="key DESC", projects=(project,)))
        numbers = [number for issue in found.issues if (number := number_of(issue))]
        low, high = min(numbers, default=1), max(numbers, default=1)
        wide = width(len(numbers), high - low + 1, size=self.jira.size)
        below = Range(project, 1, 0 if found.last else low - 1)
        return _Top(project, self.make(found.issues), ranges(below, wide), found.total or 0)

    def _by_range(self, tops: Sequence[_Top]) -> Iterator[Batch]:
        """Return the issues below the highest keys: in ranges of keys, which nothing that happens meanwhile shifts.

        A server that knows no key at the end of a range refuses it; then the keys that exist are listed, and what it
        still refuses is read as one chain.
        """
        refused = list[Range]()
        yield from self._ranges([span for top in tops for span in top.below], refused)
        again, refused = self._existing(refused), list[Range]()
        yield from self._ranges(again, refused)
        for project in dict.fromkeys(span.project for span in refused):
            for page in self.jira.pages(self.scope.query(order="created ASC", projects=(project,))):
                yield self.make(page.issues)

    def _ranges(self, spans: Sequence[Range], refused: list[Range]) -> Iterator[Batch]:
        for one in gathered((partial(self._range, span) for span in spans), self.scope.workers):
            if isinstance(one, Range):
                refused.append(one)
            else:
                yield one

    def _range(self, span: Range) -> Batch | Range:
        """Return the issues of a range of keys, or the range if the server refuses it."""
        ends = (f"key {sign} {quoted(f'{span.project}-{end}')}" for sign, end in ((">=", span.low), ("<=", span.high)))
        batch = Batch()
        try:
            for page in self.jira.pages(self.scope.query(*ends, order="key ASC", projects=(span.project,))):
                batch.join(self.make(page.issues))
        except RefusedError as error:
            if error.status != _BAD_QUERY:
                raise
            return span
        return batch

    def _existing(self, refused: Sequence[Range]) -> list[Range]:
        """Return ranges for what was refused that begin and end with issues that exist."""
        made = list[Range]()
        for project in dict.fromkeys(span.project for span in refused):
            spans = [span for span in refused if span.project == project]
            numbers = list(map(number_of, keys(self.jira, self.scope, (project,))))
            wanted = [one for one in numbers if any(span.low <= one <= span.high for span in spans)]
            made += between(project, wanted, size=self.jira.size)
        return made

    def _by_number(self, tops: Sequence[_Top]) -> Iterator[Batch]:
        """Return the issues below the highest keys: by their place, lowest key first, for new ones come at the end.

        What is deleted meanwhile shifts the others to places that have been read already: if fewer came than there
        were, the keys are listed and what is missing is fetched one by one.
        """
        seen = {top.project: set(top.batch.ids) for top in tops}
        for project, batch in gathered((work for top in tops for work in self._places(top)), self.scope.workers):
            seen[project].update(batch.ids)
            yield batch
        for top in tops:
            if len(seen[top.project]) < top.total:
                listed = (word(issue, "id") for issue in keys(self.jira, self.scope, (top.project,)))
                missing = [key for key in listed if key not in seen[top.project]]
                yield from gathered((partial(self._one, key) for key in missing), self.scope.workers)

    def _places(self, top: _Top) -> Iterator[Callable[[], _Part]]:
        size = self.jira.size
        below = top.total - len(top.batch.ids)
        for start in range(0, below, size):
            yield partial(self._place, top.project, start, min(size, below - start))

    def _place(self, project: str, start: int, size: int) -> _Part:
        query = self.scope.query(order="key ASC", projects=(project,))
        return _Part(project, self.make(self.jira.search(query, start=start, size=size).issues))

    def _one(self, key: str) -> Batch:
        """Return one issue, or nothing if it is gone by now."""
        try:
            return self.make([self.jira.get(f"/issue/{key}", {"fields": ALL, "expand": "changelog"}).body])
        except RefusedError as error:
            if error.status in _GONE:
                return Batch()
            raise
