"""Pulling a project's sources: whole, in part or not at all, and what is kept of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import orjson
import pytest

from scout.errors import UnavailableError
from scout.model import Outcome
from scout.remote.failure import LimitedError
from scout.service import ingest as verb
from scout.service.ingest import IngestReport, SourceReport, ingest
from scout.service.project import Project, SourceChoice
from scout.service.wiring import Workspace, open_workspace
from scout.settings import SourceSettings
from scout.sources import Pull, Sink, Source, SourceContext, StreamState, Wanted
from scout.sources._records import RecordSink
from scout.warehouse.records import CoreRow, LabelRow, Record
from tests.fakes import Nothing

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
RECORDS = "SELECT key FROM raw.record ORDER BY key"
LABELS = "SELECT name FROM core.label ORDER BY name"


class Scripted(Source):
    """A tracker of labels that does what a test says."""

    id: ClassVar[str] = "scripted"
    since: ClassVar[str] = "0.2"
    streams: ClassVar[tuple[str, ...]] = ("label",)
    keys: ClassVar[Sequence[str]] = ()
    ends: ClassVar[Pull | UnavailableError] = Pull(Outcome.PRESENT, cursor={"n": 1})
    version: ClassVar[str] = "1"
    seen: ClassVar[list[tuple[SourceContext, Mapping[str, Any] | None]]] = []

    def pull(self, project: str, at: SourceContext, cursor: Mapping[str, Any] | None, sink: Sink) -> Pull:
        self.seen.append((at, cursor))
        records = RecordSink(project, self.id, at.now, sink)
        for key in self.keys:
            payload = orjson.dumps({"name": key})
            records.add(Record("label", key, payload, details=("more",), core=tuple(self.core("label", payload, at))))
        records.flush()
        if isinstance(self.ends, UnavailableError):
            raise self.ends
        return self.ends

    def basis(self, at: SourceContext) -> str:
        del at
        return self.version

    def core(self, stream: str, payload: bytes, at: SourceContext) -> Iterable[CoreRow]:
        del stream, at
        yield LabelRow(f"{orjson.loads(payload)['name']} v{self.version}", "")


def only(kind: type[Source]) -> Callable[..., type[Source]]:
    """A registry of one source."""

    def plugin(*_: object) -> type[Source]:
        return kind

    return plugin


@pytest.fixture
def project(own: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(verb, "plugin", only(Scripted))
    for name in ("keys", "ends", "version"):
        monkeypatch.setattr(Scripted, name, getattr(Scripted, name))
    monkeypatch.setattr(Scripted, "seen", [])
    choice = SourceChoice("scripted", SourceSettings(type="scripted"), named=True)
    return replace(opened(own).adopt("demo"), sources=(choice,))


def opened(folder: Path, *, later: timedelta = timedelta()) -> Workspace:
    return open_workspace(folder, NOW + later)


def run(own: Path, project: Project, *, later: int = 0) -> tuple[IngestReport, SourceReport]:
    report = ingest(opened(own, later=timedelta(days=later)), project)
    return report, report.sources[0]


def asked(own: Path, sql: str) -> list[Any]:
    with opened(own).warehouse.reading() as connection:
        return [row[0] for row in connection.execute(sql).fetchall()]


def test_a_tracker_is_pulled_for_a_project_without_a_checkout(own: Path, project: Project):
    Scripted.keys = ("a", "b")
    whole, source = run(own, project)
    assert (whole.partial, source.outcome, source.rows) == (False, Outcome.PRESENT, {"label": 2})
    at, cursor = Scripted.seen[0]
    assert (at.repository, at.sha, at.named, cursor) == (None, "", True, None)
    assert (at.home, at.settings.type) == (opened(own).home, "scripted")
    assert asked(own, RECORDS) == ["a", "b"]


def test_the_next_pull_goes_on_where_the_last_ended(own: Path, project: Project):
    run(own, project)
    run(own, project)
    assert Scripted.seen[1][1] == {"n": 1}


def test_what_arrived_of_a_partial_answer_is_kept_and_the_project_is_partial(own: Path, project: Project):
    Scripted.keys = ("a",)
    streams = {
        "label": StreamState(Outcome.PRESENT),
        "run": StreamState(Outcome.UNAVAILABLE, "locked", required=True),
    }
    until = NOW + timedelta(hours=1)
    Scripted.ends = Pull(Outcome.UNAVAILABLE, "run: locked", cursor={"n": 5}, streams=streams, until=until)
    whole, source = run(own, project)
    assert (whole.partial, source.outcome, source.rows, source.fetched_at) == (
        *(True, Outcome.UNAVAILABLE, {"label": 1}),
        None,
    )
    assert asked(own, RECORDS) == ["a"]
    state = opened(own).freshness.states("demo")["scripted"]
    assert (state.outcome, state.reason, state.until, state.fetched_at) == (
        *(Outcome.UNAVAILABLE, "run: locked", until),
        None,
    )
    assert (state.streams["label"].fetched_at, state.streams["run"].fetched_at) == (NOW, None)
    assert state.streams["run"].reason == "locked"
    run(own, project)
    assert Scripted.seen[1][1] == {"n": 5}


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        (UnavailableError("No answer.", "Wait."), "No answer. Wait."),
        (Pull(Outcome.UNAVAILABLE, "No answer."), "No answer."),
    ],
    ids=["raised", "told"],
)
def test_a_pull_without_a_cursor_keeps_nothing_and_forgets_nothing(
    own: Path, project: Project, ends: Pull | UnavailableError, reason: str
):
    Scripted.keys = ("a",)
    Scripted.ends = Pull(Outcome.PRESENT, cursor={"n": 1}, streams={"label": StreamState(Outcome.PRESENT)})
    run(own, project)
    Scripted.keys, Scripted.ends = ("b",), ends
    whole, source = run(own, project, later=1)
    assert (whole.partial, source.outcome, source.reason) == (True, Outcome.UNAVAILABLE, reason)
    assert (source.fetched_at, asked(own, RECORDS)) == (NOW, ["a"])
    stream = opened(own).freshness.states("demo")["scripted"].streams["label"]
    assert (stream.outcome, stream.reason, stream.fetched_at) == (Outcome.UNAVAILABLE, reason, NOW)


def test_a_limit_that_ends_a_whole_source_says_until_when(own: Path, project: Project):
    until = NOW + timedelta(hours=1)
    Scripted.ends = LimitedError("The limit is reached.", "Run again after that.", until=until)
    _, source = run(own, project)
    assert source.reason == "The limit is reached. Run again after that."
    assert opened(own).freshness.states("demo")["scripted"].until == until


def test_nothing_new_writes_only_that_it_was_looked(own: Path, project: Project):
    Scripted.keys = ("a",)
    run(own, project)
    before = opened(own).warehouse.path.stat().st_mtime_ns
    streams = {"label": StreamState(Outcome.PRESENT)}
    Scripted.ends = Pull(Outcome.PRESENT, cursor={"n": 9}, unchanged=True, streams=streams)
    _, source = run(own, project, later=1)
    assert (source.unchanged, source.rows, source.fetched_at) == (True, {}, NOW + timedelta(days=1))
    assert opened(own).warehouse.path.stat().st_mtime_ns == before
    state = opened(own).freshness.states("demo")["scripted"]
    assert state.streams["label"].fetched_at == NOW + timedelta(days=1)


def test_pages_are_kept_until_they_are_merged(own: Path, project: Project):
    pages = opened(own).home / "staging" / "pages" / "demo" / "scripted"
    other = pages.with_name("other")
    for folder in (pages, other):
        folder.mkdir(parents=True)
        (folder / "pages.spool").write_bytes(b"x")
    Scripted.ends = Pull(Outcome.UNAVAILABLE, "wait", cursor={"n": 1})
    run(own, project)
    assert (pages / "pages.spool").exists()
    Scripted.ends = Pull(Outcome.PRESENT, cursor={"n": 2})
    run(own, project)
    assert not pages.exists()
    assert (other / "pages.spool").exists()


def test_core_is_made_anew_without_the_tracker_when_its_basis_changed(own: Path, project: Project):
    Scripted.keys = ("a", "b")
    run(own, project)
    raw = asked(own, "SELECT (record) FROM raw.record AS record ORDER BY key")
    Scripted.version = "2"
    Scripted.ends = Pull(Outcome.UNAVAILABLE, "offline")
    run(own, project, later=1)
    assert asked(own, LABELS) == ["a v2", "b v2"]
    assert asked(own, "SELECT (record) FROM raw.record AS record ORDER BY key") == raw
    assert Scripted.seen[-1][1] == {"n": 1}
    assert opened(own).freshness.states("demo")["scripted"].fetched_at == NOW
    before = opened(own).warehouse.path.stat().st_mtime_ns
    run(own, project, later=2)
    assert opened(own).warehouse.path.stat().st_mtime_ns == before


def test_a_source_may_ask_what_is_known_of_it(own: Path, project: Project):
    Scripted.keys = ("a", "b")
    run(own, project)
    known = Scripted.seen[0][0].known
    assert not isinstance(known, Nothing)
    assert known.absent("label", ["b", "c"]) == ["a"]
    assert known.absent("other", ["b"]) == []
    assert known.wanting("more", 5) == [Wanted("b", None), Wanted("a", None)]
    assert Scripted.seen[0][0].known.wanting("less", 5) == []


def test_before_the_first_run_nothing_is_known(own: Path, project: Project):
    answers: list[Any] = []

    class Asking(Scripted):
        def pull(self, project: str, at: SourceContext, cursor: Mapping[str, Any] | None, sink: Sink) -> Pull:
            answers.extend([at.known.absent("label", ["a"]), at.known.wanting("more", 5)])
            return super().pull(project, at, cursor, sink)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(verb, "plugin", only(Asking))
        run(own, project)
    assert [list(answer) for answer in answers] == [[], []]
