"""A credential stands where its owner put it, and nowhere else, whatever goes wrong."""

import base64
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dagster as dg
import duckdb
import pytest

from assets.definitions import defs
from tests.portfolio import portfolio
from tests.rocket import NOW, Scout
from tests.tracker_clock import quickened
from tests.tracker_doors import app_key, proxy
from tests.tracker_pulls import settings
from tests.trackers import REPOSITORY, Trackers, served, small_world

pytestmark = pytest.mark.slow
SECRET = "gh-s3cr3t/Zx+42"  # noqa: S105 - made up, and looked for afterwards
USER = "quiet.owner@example.org"


@dataclass(frozen=True)
class Placed:
    """A place in which a credential may stand.

    Attributes:
        keys: what the source's table says.
        environment: variables.
    """

    keys: dict[str, Any]
    environment: dict[str, str] = field(default_factory=dict[str, str])


def in_variable(folder: Path, base: str, through: str) -> Placed:
    del folder, through
    return Placed({"url": base, "token_env": "QUIET"}, {"QUIET": SECRET})


def in_file(folder: Path, base: str, through: str) -> Placed:
    del through
    (folder / "quiet").write_text(f"{SECRET}\n")
    return Placed({"url": base, "token_file": str(folder / "quiet")})


def in_address(folder: Path, base: str, through: str) -> Placed:
    del folder, through
    return Placed({"url": with_secret(base)})


def in_proxy(folder: Path, base: str, through: str) -> Placed:
    del folder
    return Placed({"url": base, "proxy": with_secret(through)})


def with_secret(address: str) -> str:
    return address.replace("://", f"://me:{quote(SECRET, safe='')}@")


PLACES = [in_variable, in_file, in_address, in_proxy]
FAULTS = ["500", "403-secondary", "garbage", "cut-body", "reset"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("tracker", ["github", "jira"])
@pytest.mark.parametrize("token", [SECRET, "another"], ids=["right", "wrong"])
def test_nothing_that_is_written_or_said_has_the_credential(place: Any, tracker: str, token: str, tmp_path: Path):
    with served(small_world(20, 20), token=token, conforming=False) as trackers, proxy() as (through, _):
        placed = place(tmp_path, trackers.base, through)
        stumbling(trackers)
        said = told(tmp_path, tracker, placed)
    assert said
    assert found(SECRET, tmp_path / "state", said) == []


def test_a_user_and_the_key_of_an_app_are_secrets_too(tmp_path: Path):
    key = app_key()
    (tmp_path / "app.pem").write_text(key)
    with served(small_world(20, 20), conforming=False) as trackers:
        app = {"app_id": "17", "installation_id": 99, "private_key_file": str(tmp_path / "app.pem")}
        said = told(tmp_path, "github", Placed({"url": trackers.base, **app}))
        said += told(tmp_path, "jira", Placed({"url": trackers.base}, {"JIRA_USER": USER, "JIRA_TOKEN": SECRET}))
    inside = "".join(key.splitlines()[1:3])
    for secret in (SECRET, USER, inside, inside[:40]):
        assert found(secret, tmp_path / "state", said) == []


def test_dagster_is_told_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    world = portfolio(tmp_path, monkeypatch)
    quickened(monkeypatch)  # a limit without a time is waited for, a minute at first
    monkeypatch.setenv("QUIET", SECRET)
    with served(small_world(20, 20), token=SECRET, conforming=False) as trackers, proxy() as (there, asked):
        good = {"type": "jira", "url": trackers.base, "projects": ["SCT"], "token_env": "QUIET", "auth": "pat"}
        bad = {**good, "proxy": with_secret(there)}
        (world.folder / "scout.toml").write_text(settings({"rocket": (good,), "lantern": (bad,)}))
        stumbling(trackers)
        with world.dagster("rocket", "lantern") as instance:
            for project in ("rocket", "lantern"):
                run_under_dagster(instance, project)
            events = [repr(instance.all_logs(run.run_id)) for run in instance.get_runs()]
        assert trackers.faults_left == 0
    assert asked
    assert len(events) == 2
    assert found(SECRET, tmp_path / "state", "\n".join(events)) == []


@pytest.mark.parametrize("form", [SECRET, quote(SECRET, safe=""), base64.b64encode(f"me:{SECRET}".encode()).decode()])
def test_a_credential_that_stands_somewhere_is_found(form: str, tmp_path: Path):
    with duckdb.connect(tmp_path / "warehouse.duckdb") as connection:
        connection.execute("CREATE TABLE told AS SELECT ? AS words", [f"Bearer {form}."])
    (tmp_path / "log").write_text(f"authorization: {form}\n")
    assert len({"main.told", str(tmp_path / "log"), "what was said"} & {*found(SECRET, tmp_path, f"({form})")}) == 3


def run_under_dagster(instance: dg.DagsterInstance, project: str) -> None:
    """Carry the line out for a partition, whatever comes of it."""
    defs.resolve_job_def("line").execute_in_process(instance=instance, partition_key=project, raise_on_error=False)


def stumbling(trackers: Trackers) -> None:
    """Let each kind of fault happen to the first requests."""
    for kind in FAULTS:
        trackers.fault(kind, retry_after=0)


def told(folder: Path, tracker: str, placed: Placed) -> str:
    """Return everything that Scout says in a few commands with such a credential."""
    own = {"github": {"repository": REPOSITORY}, "jira": {"projects": ["SCT"]}}[tracker]
    work = folder / "work"
    work.mkdir(exist_ok=True)
    config = folder / "scout.toml"
    config.write_text(settings({"rocket": ({"type": tracker, "patience": 1, "timeout": 2, **own, **placed.keys},)}))
    scout = Scout(folder / "state", work)
    said: list[str] = []
    for words in (("run", "--project", "rocket", "--json"), ("doctor",)):
        environment = scout.environment(**placed.environment)
        command = [*scout.command(now=None), "-v", *words, "--config", str(config), "--now", NOW]
        done = subprocess.run(
            command, cwd=work, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert "Traceback" not in done.stderr, done.stderr
        said += [done.stdout, done.stderr]
    return "\n".join(said)


def found(secret: str, home: Path, said: str) -> list[str]:
    """Return where a secret stands, plain or in one of the forms in which it travels."""
    raw = secret.encode()
    forms = {
        raw,
        quote(secret, safe="").encode(),
        base64.b64encode(raw),
        base64.b64encode(b"me:" + raw),
        raw.hex().encode(),
    }
    forms |= {base64.b64encode(USER.encode() + b":" + raw)}
    places = {"what was said": said.encode(), **dict(written(home))}
    return [name for name, content in places.items() if any(form in content for form in forms)]


def written(home: Path) -> Iterator[tuple[str, bytes]]:
    """Return every file of the state folder, and every value of the warehouse, which DuckDB may keep compressed."""
    for file in home.rglob("*"):
        if file.is_file():
            yield os.fspath(file), file.read_bytes()
    warehouse = home / "warehouse.duckdb"
    if warehouse.exists():
        with duckdb.connect(warehouse, read_only=True) as connection:
            names = connection.execute(
                "SELECT table_schema || '.' || table_name FROM information_schema.tables"
            ).fetchall()
            for (name,) in names:
                yield name, repr(connection.execute(f"FROM {name}").fetchall()).encode()
