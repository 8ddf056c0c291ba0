"""One pull: what to read of each stream, what that leaves open, what is gone, and what hangs on single records."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from scout.model import Outcome
from scout.remote.failure import RemoteError
from scout.sources._base import Pull, SourceContext
from scout.sources._github.details import TIMELINE, Wishes, detailed
from scout.sources._github.door import Door
from scout.sources._github.listings import Read, Reading, one_by_one
from scout.sources._github.missing import MOST, between, singles
from scout.sources._github.outcomes import DETAILS_OFF, ISSUES_OFF, Endings
from scout.sources._github.place import Place, stamp
from scout.sources._github.plans import Question, closing, plan_of
from scout.sources._github.position import Position
from scout.sources._github.resolve import Home, same_repository
from scout.sources._github.settings import GitHubSettings
from scout.sources._github.shape import moment
from scout.sources._github.sheet import Sheet, digest_of, joined
from scout.sources._github.stream import Paged, Stream
from scout.sources._github.streams import STREAMS, chosen
from scout.sources._github.sweep import swept
from scout.sources._github.together import Plan, concerns_all, together
from scout.sources._records import RecordSink
from scout.warehouse.records import Record, Tombstone, TransitionRow

_READERS = 2
"""Threads beyond the requests that may be under way: while they read what came, as many requests are."""
_TOLD = 50
"""Pages between two words about progress."""
_CONVERTED = "converted_to_discussion"
_APART = frozenset({Paged.ONE, Paged.DETAIL})


class Pulling:
    """One pull of one repository.

    Args:
        at: where and when.
        settings: what to read.
        home: which repository it is.
        door: how to ask it.
        position: where the last pull ended.
        records: takes what comes.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a pull is about
        self,
        at: SourceContext,
        settings: GitHubSettings,
        home: Home,
        door: Door,
        position: Position,
        records: RecordSink,
    ) -> None:
        self._at = at
        self._settings = settings
        self._home = home
        self._door = door
        self._records = records
        self._streams = {stream.name: stream for stream in chosen(settings.streams)}
        fresh = not same_repository(position.places.get("repository"), home.place)
        self._position = Position() if fresh else position
        self._sweeping = self._position.sweep_due(at.now, settings.sweep_hours)
        self._endings = Endings(self._position.places)
        self._reads: dict[str, Read] = {}
        self._wishes = Wishes(settings.details_per_run)
        self._workers = settings.concurrency + _READERS
        self._converted = set[str]()
        self._replaced = set[str]()
        self._notes: list[str] = []
        self._wrote = False
        self._pages = 0
        self._over: RemoteError | None = None

    def run(self, cursor: Mapping[str, Any] | None) -> Pull:
        """Read what is new, and say how that ended.

        Args:
            cursor: what this pull began with.

        Raises:
            StoreError: the state folder cannot be read or written.
        """
        self._repository()
        self._listings()
        swept = False
        if self._over is None:
            self._pull_requests()
            self._closing()
            self._latecomers()
            swept = self._over is None and self._swept()
        self._details()
        self._records.flush()
        swept_at = self._at.now if swept else self._position.swept_at
        after = Position(self._endings.places, swept_at).json(self._home.name)
        return self._endings.pull(
            after, wrote=self._wrote, before=cursor, replaced=frozenset(self._replaced), notes=tuple(self._notes)
        )

    def _repository(self) -> None:
        stream = STREAMS["repository"]
        if self._home.value and (record := self._door.recorder.record(stream, self._home.value)):
            self._add(record)
        self._endings.read(stream, self._home.place)
        if self._home.name.lower() != self._settings.repository.lower():
            self._notes.append(f"{self._settings.repository} is called {self._home.name} now: correct the settings.")

    def _listings(self) -> None:
        """Read all streams that are lists of the repository's, side by side."""
        plans = dict[str, Reading]()
        since = self._at.now - timedelta(days=self._settings.history_days)
        checked = "issue" in self._streams and self._home.has_issues
        for name, stream in self._streams.items():
            if stream.paged in _APART or self._is_left_out(stream):
                continue
            place = self._position.places.get(name)
            again = self._sweeping or (place is not None and bool(place.refused_at))
            checks = checked and (again or self._position.places.get("issue") is None)
            plans[name] = plan_of(Question(self._door, stream, None if again else place, since, checks))
        self._finish(self._ended(plans))

    def _is_left_out(self, stream: Stream) -> bool:
        place = self._position.places.get(stream.name)
        if stream.name == "issue" and not self._home.has_issues:
            self._endings.off(stream, ISSUES_OFF)
        elif (stream.extra or stream.paged is Paged.DETAIL) and not self._settings.details_per_run:
            self._endings.off(stream, DETAILS_OFF)
        elif place and place.rests(self._at.now):
            self._endings.rests(stream, place)
        else:
            return False
        return True

    def _finish(self, ended: Mapping[str, Read | RemoteError]) -> None:
        for name, read in ended.items():
            stream = self._streams[name]
            if isinstance(read, RemoteError):
                self._reads.pop(name, None)
                self._endings.failed(stream, read, self._at.now)
                continue
            self._reads[name] = read
            self._endings.read(stream, read.place)
            if read.records is not None:
                self._replaced.add(name)
                self._add(*read.records)

    def _pull_requests(self) -> None:
        """Fetch the pull requests that the issues tell of and the listing did not show."""
        read = self._reads.get("pull")
        if read is None or read.sure or read.keys is None:
            return
        stream, issues = self._streams["pull"], self._reads.get("issue")
        told = issues.changes if issues else None
        missing = sorted(set(told or ()).difference(read.keys))
        if told is None or len(missing) > MOST:
            self._finish(self._ended({"pull": one_by_one(self._door, stream, again=True)}))
            return
        found = self._ended({"pull": singles(self._door, stream, missing)})["pull"]
        if isinstance(found, RemoteError):
            self._finish({"pull": found})
        else:
            self._reads["pull"] = replace(read, keys=joined([read.keys, found.keys or read.keys[:0]]), sure=True)

    def _closing(self) -> None:
        """Look at the newest changes of issues again, and if there were any meanwhile, of what else was read."""
        whole = [name for name, read in self._reads.items() if read.keys is not None and self._moves(name)]
        asked = [name for name in whole if name == "issue"]
        if asked:
            self._close(asked)
        if "issue" not in self._reads or self._reads["issue"].newest > self._began():
            self._close([name for name in whole if name != "issue"])

    def _moves(self, name: str) -> bool:
        return self._streams[name].paged in {Paged.ENDS, Paged.AGE, Paged.CHANGED}

    def _began(self) -> str:
        """Return the newest change of anything when this pull began."""
        return max((read.began for read in self._reads.values()), default="")

    def _close(self, names: Iterable[str]) -> None:
        plans = {name: closing(self._door, self._streams[name], self._reads[name].place) for name in names}
        for name, read in self._ended(plans).items():
            if isinstance(read, RemoteError):
                self._notes.append(f"{name}: what changed during this pull is read by the next one ({read})")
                continue
            before = self._reads[name]
            newest = max(before.newest, read.newest)
            keys = joined([before.keys or read.seen, read.seen])
            self._reads[name] = replace(before, place=read.place, keys=keys, newest=newest)
            self._endings.read(self._streams[name], read.place)

    def _latecomers(self) -> None:
        """Ask for issues whose numbers have been given out, and that no listing has shown."""
        read = self._reads.get("issue")
        if read is None:
            return
        seen = read.seen if read.keys is None else read.keys
        top = read.place.top
        if numbers := between(top, seen):
            self._ended({"issue": singles(self._door, self._streams["issue"], numbers)})
        self._endings.places["issue"] = replace(read.place, top=max(top, *seen, 0) if seen else top)

    def _swept(self) -> bool:
        """Look for what is gone; return whether all that is required was looked through."""
        keys = {name: read.keys for name, read in self._reads.items() if read.sure and read.keys is not None}
        absent: dict[str, list[str]] = {}
        for name in keys if self._sweeping else ():
            absent[name] = self._absent(name, set(keys[name]))
        if "issue" in self._streams:
            absent["issue"] = list(dict.fromkeys([*absent.get("issue", ()), *sorted(self._converted)]))
        converted = frozenset(self._converted)
        plans: dict[str, Plan[Sheet, list[Tombstone]]] = {
            name: swept(self._door, self._streams[name], gone, converted) for name, gone in absent.items() if gone
        }
        ended = together(plans, self._workers, self._take)
        for name, found in ended.items():
            if isinstance(found, RemoteError):
                self._notes.append(f"{name}: what is gone could not be looked for ({found})")
                continue
            for tombstone in found:
                self._records.gone(tombstone)
                self._wrote = True
        failed = any(isinstance(found, RemoteError) for found in ended.values())
        required = {name for name, stream in self._streams.items() if stream.required and not self._is_off(name)}
        return self._sweeping and not failed and required <= keys.keys()

    def _absent(self, name: str, present: set[int]) -> list[str]:
        """Return the keys that are stored and were not shown; where none should be stored, without telling all."""
        if name in self._position.places:
            return list(self._at.known.absent(name, map(str, present)))
        return [key for key in self._at.known.absent(name, ()) if not (key.isdecimal() and int(key) in present)]

    def _is_off(self, name: str) -> bool:
        state = self._endings.states.get(name)
        return state is not None and state.outcome is Outcome.NOT_APPLICABLE

    def _details(self) -> None:
        """Fetch what hangs on single records."""
        streams = [one for one in self._streams.values() if one.paged is Paged.DETAIL and not self._is_left_out(one)]
        before = self._position.places.get(TIMELINE)
        for number, at in before.known.items() if before else ():
            self._wishes.stir(number, moment(at) or self._at.now)
        plans = detailed(self._door, streams, self._wishes, self._at.known)
        if self._wishes.dropped and streams:
            self._notes.append("some details are still to be fetched: more than details_per_run")
        for name, read in self._ended(plans).items():
            if isinstance(read, RemoteError):
                self._endings.failed(self._streams[name], read, self._at.now)
            else:
                self._endings.read(self._streams[name], read.place)
        if TIMELINE in self._streams and "event" in self._position.places:  # or the warehouse knows that none are there
            left = {number: stamp(at) for number, at in self._wishes.stirred.items()}
            self._endings.places[TIMELINE] = replace(self._endings.places.get(TIMELINE, Place()), known=left)

    def _ended(self, plans: Mapping[str, Reading]) -> dict[str, Read | RemoteError]:
        if self._over is not None:
            return dict.fromkeys(plans, self._over)
        ended = together(plans, self._workers, self._take)
        self._over = next((one for one in ended.values() if concerns_all(one)), None)
        return ended

    def _take(self, sheet: Sheet) -> None:
        self._pages += 1
        if self._pages % _TOLD == 0:
            self._at.step(f"{self._pages:,} pages of {self._home.name}")
        self._add(*sheet.records)
        sheet.records.clear()

    def _happened(self, event: Record) -> None:
        number = event.parent.partition("/")[2]
        if TIMELINE in self._streams and number and event.changed_at and self._is_news(event):
            self._wishes.stir(number, event.changed_at)
        for row in event.core:
            if isinstance(row, TransitionRow) and row.field == _CONVERTED:
                self._converted.add(row.subject)

    def _is_news(self, record: Record) -> bool:
        """Return whether a record changed since the last pull; of the others the warehouse knows what it lacks."""
        place = self._position.places.get(record.stream)
        if not self._sweeping or place is None or record.changed_at is None:
            return True
        return stamp(record.changed_at) >= place.floor and place.edge.get(record.key) != digest_of(record)

    def _add(self, *records: Record) -> None:
        for record in records:
            self._records.add(record)
            if record.details and self._is_news(record):
                self._wishes.note(record)
            if record.stream == "event":
                self._happened(record)
        self._wrote = self._wrote or bool(records)
