"""What is published of flow: findings, files, documents and metadata; and that nobody's name is in any of it."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import duckdb
import pyarrow.parquet
import pytest

from assets.stages.flow import facts_of
from scout.model import Finding
from scout.service.flow import flow
from scout.service.flow_document import FlowDocument
from scout.service.flow_publish import FlowPublished, folder_of, publish_flow, read_document
from scout.service.flow_shown import portfolio_flow, rows_file
from scout.service.import_archive import import_archive
from scout.service.run import run
from scout.service.scan import find
from scout.service.wiring import Workspace, open_workspace
from tests.archives import lines
from tests.flow_town import NOW, PEOPLE, town

PARQUET = cast("Any", pyarrow.parquet)  # no types
WORDS = {"title", "body", "payload"}
"""Columns of what people wrote themselves: their words are theirs, and no figure stands there."""


class Town:
    """A project that was read, run and published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work: Workspace = open_workspace(folder, NOW)
        import_archive(self.work, "town", [lines(folder / "rows.jsonl", town())])
        project = self.work.project("town")
        run(self.work, project)
        self.findings: tuple[Finding, ...] = find(self.work, project).findings
        self.published: FlowPublished = publish_flow(self.work, project)
        document = read_document(folder_of(self.work.home, "town"))
        assert document is not None
        self.document: FlowDocument = document
        flow(self.work, "town", folder=folder / "tables")


@pytest.fixture(scope="module", name="there")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCOUT_HOME", str(folder / "home"))
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        made = Town(folder)
        yield made
        made.work.close()


def test_what_is_worth_a_ticket_is_a_finding_like_all_others(there: Town):
    by_signal = {one.signal: one for one in there.findings}
    assert {"control-theatre", "growing-queue", "recurring-exception"} <= by_signal.keys()
    assert by_signal["control-theatre"].subject == "review-before-merge"
    repeated = by_signal["recurring-exception"]
    members = next(one for one in there.document.recurrences if one.name == repeated.subject).members
    assert [one.locator for one in repeated.evidence] == list(members)
    assert all(one.resolved for one in repeated.evidence)


def test_the_same_world_gives_the_same_findings_and_publishes_nothing_anew(there: Town):
    again = open_workspace(there.folder, NOW)
    project = again.project("town")
    for entry in (again.home / "cache" / "findings").glob("*.json"):
        entry.unlink()
    assert find(again, project).findings == there.findings
    before = {file.name: file.stat().st_mtime_ns for file in folder_of(again.home, "town").iterdir()}
    assert publish_flow(again, project).changed is False
    assert before == {file.name: file.stat().st_mtime_ns for file in folder_of(again.home, "town").iterdir()}
    again.close()


def test_every_picture_says_how_sure_it_is_and_leads_to_its_rows(there: Town):
    shown = {one.id for one in there.document.figures}
    assert {"cumulative-flow", "ticket-times", "change-times", "queues", "change-handoffs"} <= shown
    assert "control-review-before-merge" in shown
    for one in there.document.figures:
        assert one.sure.endswith(".")
        assert one.picture.definition
        place = rows_file(there.work, "town", f"{one.id}.parquet")
        table = PARQUET.read_table(place)
        assert table.num_rows == there.document.rows[one.id]
        assert table.column_names == list(one.picture.columns)
        text = rows_file(there.work, "town", f"{one.id}.csv").read_text(encoding="utf-8")
        assert len(text.splitlines()) == table.num_rows + 1


def test_the_page_and_the_portfolio_say_what_stands_out(there: Town):
    (line,) = portfolio_flow(there.work).lines
    assert line.grows.startswith("More comes than goes since")
    assert line.bypassed == ("review-before-merge",)
    assert there.document.returns.n >= 5
    assert {("closed", "open again")} <= {edge[:2] for edge in there.document.returns.edges}


def test_no_name_and_no_pseudonym_gets_out_of_any_table_file_page_or_metadata(there: Town):
    hidden = (*PEOPLE, *_pseudonyms(there.work))
    places = dict(_everything(there))
    assert len(places) > 60, sorted(places)
    for place, text in places.items():
        found = [name for name in hidden if name in text]
        assert not found, f"{place} names {found[0]}"


def test_no_part_is_smaller_than_five(there: Town):
    document = there.document
    assert all(part.n >= 5 for one in document.measures for part in one.groups)
    assert all(one.n >= 5 for one in document.measures if one.value is not None and one.low is not None and one.p50)
    assert all(one.standing is None or one.standing == 0 or one.standing >= 5 for one in document.standings)
    assert all(point.opportunities >= 5 for one in document.controls for point in one.chart)
    assert all(n >= 5 for _, _, n in document.returns.edges)
    assert all(one.tickets >= 5 for one in document.returns.missing)
    edges = [row for one in document.figures if one.id.endswith("handoffs") for row in one.picture.rows]
    assert edges
    assert all(int(row[2] or 0) >= 5 for row in edges)


def _everything(there: Town) -> Iterator[tuple[str, str]]:
    """Give every place in which something about the project can be read, with what stands there."""
    home = there.work.home
    for folder in (home / "flow" / "town", there.folder / "tables", home / "cache" / "flow"):
        for file in sorted(folder.iterdir()):
            if file.suffix == ".parquet":
                table = PARQUET.read_table(file)
                yield f"{folder.name}/{file.name}", str(table.to_pylist())
            else:
                yield f"{folder.name}/{file.name}", file.read_text(encoding="utf-8")
    yield "snapshot.json", (home / "snapshot.json").read_text(encoding="utf-8")
    yield "metadata of the asset", json.dumps({name: str(one) for name, one in facts_of(there.published).items()})
    for finding in there.findings:
        if finding.signal in {"control-theatre", "growing-queue", "recurring-exception", "unused-labels"}:
            yield f"finding {finding.signal}", finding.model_dump_json()
    yield from _stages(home / "warehouse.duckdb")
    yield from _ledger(home / "ledger.sqlite")


def _stages(warehouse: Path) -> Iterator[tuple[str, str]]:
    """Give the tables of the warehouse that hold figures; what the tracker said has pseudonyms beside words only."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema = 'stage' ORDER BY ALL"
        ).fetchall()
        for schema, name in tables:
            columns = [row[0] for row in connection.execute(f'DESCRIBE "{schema}"."{name}"').fetchall()]
            kept = ", ".join(f'"{column}"' for column in columns if column not in WORDS)
            yield f"{schema}.{name}", str(connection.execute(f'SELECT {kept} FROM "{schema}"."{name}"').fetchall())  # noqa: S608 names of tables


def _ledger(file: Path) -> Iterator[tuple[str, str]]:
    with sqlite3.connect(file) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
            kept = [column for column in columns if column not in WORDS | {"draft", "brief", "text"}]
            chosen = ", ".join(f'"{column}"' for column in kept)
            yield f"ledger {name}", str(connection.execute(f'SELECT {chosen} FROM "{name}"').fetchall())  # noqa: S608 names of tables


def _pseudonyms(work: Workspace) -> list[str]:
    with duckdb.connect(str(work.home / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "SELECT DISTINCT author FROM core.ticket UNION SELECT reviewer FROM core.review"
        ).fetchall()
    return [name for (name,) in found if name]
