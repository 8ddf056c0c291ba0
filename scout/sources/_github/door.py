"""How to ask one repository: questions as other threads can carry them out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from scout.remote.call import Answer, Call, Page
from scout.remote.caller import Caller
from scout.remote.failure import RefusedError
from scout.remote.reading import parsed
from scout.sources._github.recorder import Recorder
from scout.sources._github.shape import parts
from scout.sources._github.sheet import Known, Sheet, held_sheet, read_sheet
from scout.sources._github.stream import Stream

Params = Mapping[str, str]
NEWEST_CHANGE: Params = {"sort": "updated", "direction": "desc"}
BY_BIRTH: Params = {"sort": "created", "direction": "asc"}
LATEST_BIRTH: Params = {"sort": "created", "direction": "desc"}
ALL = Known()
OK = 200
FORBIDDEN = 403
HIDDEN = frozenset({FORBIDDEN, 404, 410})
MOVED = frozenset({301, 302, 307, 308})


@dataclass(frozen=True, slots=True)
class Door:
    """One repository, as plans ask it.

    Attributes:
        kept: asks, and takes pages from the spool if it has them.
        fresh: asks in any case: for what may have become another answer during this pull.
        root: path of the repository.
        recorder: makes records.
        size: records a page.
    """

    kept: Caller
    fresh: Caller
    root: str
    recorder: Recorder
    size: int

    def sheet(  # noqa: PLR0913 - what to ask, and what to make of it
        self,
        stream: Stream,
        params: Params,
        *,
        known: Known = ALL,
        etag: str = "",
        again: bool = False,
        watch: bool = False,
        alone: bool = False,
    ) -> Callable[[], Sheet]:
        """Return the question for a page.

        Args:
            stream: what to list.
            params: which page of it, in which order.
            known: what need not be written again.
            etag: of the page one has.
            again: whether it was asked for before in this pull, so that what was kept may be old.
            watch: whether to remember the digests of what is written.
            alone: whether to write nothing if there are more pages.
        """
        call = Call(f"{self.root}{stream.path}", {**stream.params, **params}, etag=etag)
        caller = self.fresh if again else self.kept

        def ask() -> Sheet:
            sheet = read_sheet(caller(call, stream.fits), stream, self.recorder, known, watch=watch)
            if alone and sheet.next is not None:
                sheet.records.clear()
            return sheet

        return ask

    def page(self, stream: Stream, number: int, order: Params, **more: Any) -> Callable[[], Sheet]:
        """Return the question for a page by its number; `more` goes to `sheet`."""
        return self.sheet(stream, {**order, **numbered(number, self.size)}, **more)

    def held(self, stream: Stream, params: Params, *, etag: str = "", again: bool = False) -> Callable[[], Sheet]:
        """Return the question for a page whose rows are kept as they came."""
        call = Call(f"{self.root}{stream.path}", {**stream.params, **params}, etag=etag)
        caller = self.fresh if again else self.kept
        return lambda: held_sheet(caller(call, stream.fits), stream)

    def inside(self, stream: Stream, key: str) -> Callable[[], Sheet]:
        """Return the question for what a listing leaves out of a record; an empty sheet where we may not see it."""
        call = Call(f"{self.root}{stream.inside.replace('{key}', quote(key, safe=''))}")

        def ask() -> Sheet:
            try:
                return Sheet(held=parts([self.kept(call).body]))
            except RefusedError as error:
                if error.status not in HIDDEN:
                    raise
                return Sheet()

        return ask

    def one(self, stream: Stream, key: str) -> Callable[[], Sheet]:
        """Return the question for a single record; answered by an empty sheet where it is not there any more."""

        def ask() -> Sheet:
            answer = self.look(stream, key)
            rows = [parsed(answer.body)] if answer.status == OK else []
            return read_sheet(Page(rows), stream, self.recorder, ALL)

        return ask

    def look(self, stream: Stream, key: str) -> Answer:
        """Return whatever the server answers about a single record now."""
        return self.fresh.raw(Call(f"{self.root}{stream.each.replace('{key}', quote(key, safe=''))}"))


def numbered(number: int, size: int) -> Params:
    """Return the parameters of a page by its number."""
    return {"page": str(number), "per_page": str(size)}
