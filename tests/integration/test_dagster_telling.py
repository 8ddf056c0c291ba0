"""People are told after runs, by Dagster: what is new, once, and nothing at night."""

from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from aiohttp import web

from assets.definitions import defs
from assets.resources import ScoutResource
from assets.stages.outbox import WRITING
from assets.telling import news
from scout import clock
from scout.ledger import AttemptOutcome
from scout.service.decide import accept
from scout.service.review import listing
from scout.service.run import run
from scout.service.wiring import open_workspace
from tests.portfolio import Portfolio, portfolio
from tests.trackers import listening

pytestmark = pytest.mark.slow
JOB = defs.resolve_job_def("telling")


class Post:
    """Somebody to tell, on loopback."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.status = 200

    async def __call__(self, request: web.Request) -> web.Response:
        self.got.append((await request.json())["title"])
        return web.json_response({}, status=self.status)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def base(post: Post) -> Generator[str]:
    app = web.Application()
    app.router.add_post("/", post)
    with listening(app) as address:
        yield address


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    found = portfolio(tmp_path, monkeypatch)
    found.make("rocket", landed=5)
    found.write(rocket="daily")
    work = open_workspace(found.folder, clock.now())
    run(work, work.project("rocket"))
    work.close()
    return found


def settings(world: Portfolio, address: str, more: str = "") -> None:
    world.write(rocket="daily")
    file = world.folder / "scout.toml"
    target = address.replace("http://", "json://")
    file.write_text(f'{file.read_text("utf-8")}\n[notify]\ntargets = ["{target}/"]\n{more}', "utf-8")


def looked(instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    context = dg.build_sensor_context(instance, resources={"scout": ScoutResource()})
    found = news(context)
    assert isinstance(found, dg.RunRequest | dg.SkipReason)
    return found


def passed_over(instance: dg.DagsterInstance) -> str:
    found = looked(instance)
    assert isinstance(found, dg.SkipReason)
    return found.skip_message or ""


def told(instance: dg.DagsterInstance) -> bool:
    return JOB.execute_in_process(instance=instance, raise_on_error=False).success


def test_news_are_told_once_and_then_there_is_silence(world: Portfolio, post: Post, base: str) -> None:
    settings(world, base)
    with world.dagster("rocket") as instance:
        asked = looked(instance)
        assert isinstance(asked, dg.RunRequest)
        assert asked == looked(instance), "asking twice asks for one run"
        assert told(instance)
        assert len(post.got) == 2
        assert post.got[0].startswith("rocket: ")
        assert post.got[1].startswith("Scout: ")
        assert passed_over(instance) == "Nothing is new."
        assert told(instance)
        assert len(post.got) == 2


def test_a_failure_to_file_is_told_when_it_happens(world: Portfolio, post: Post, base: str) -> None:
    settings(world, base)
    with world.dagster("rocket") as instance:
        told(instance)
        work = open_workspace(world.folder, clock.now())
        accept(work, listing(work, "rocket").candidates[0].id)
        (intent,) = work.ledger.intents("rocket")
        for outcome, detail in ((AttemptOutcome.STARTED, ""), (AttemptOutcome.FAILED, "The repository is archived.")):
            work.ledger.attempt(intent.key, outcome, at=work.now, detail=detail)
        work.close()
        assert isinstance(looked(instance), dg.RunRequest)
        assert told(instance)
        assert post.got[2:] == ["rocket: 1 accepted candidate could not be filed"]
        assert isinstance(looked(instance), dg.SkipReason)


def test_nothing_is_told_at_quiet_hours_and_it_is_told_afterwards(world: Portfolio, post: Post, base: str) -> None:
    now = clock.now()
    span = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"
    settings(world, base, f'quiet = "{span}"\n')
    with world.dagster("rocket") as instance:
        assert "Quiet hours: 2 messages" in passed_over(instance)
        assert told(instance)
        assert post.got == []
        settings(world, base)
        assert isinstance(looked(instance), dg.RunRequest)
        assert told(instance)
        assert len(post.got) == 2


def test_what_cannot_be_delivered_fails_well_and_is_told_later(world: Portfolio, post: Post, base: str) -> None:
    settings(world, base)
    post.status = 500
    with world.dagster("rocket") as instance:
        assert not told(instance)
        assert isinstance(looked(instance), dg.RunRequest)
        post.status = 200
        assert told(instance)
        assert isinstance(looked(instance), dg.SkipReason)


def test_without_targets_nothing_runs(world: Portfolio) -> None:
    with world.dagster("rocket") as instance:
        assert "names no targets" in passed_over(instance)


def test_what_writes_to_trackers_has_one_slot_that_a_person_may_widen(world: Portfolio) -> None:
    def slots() -> int:
        with world.dagster("rocket") as instance:
            return next(one.limit for one in instance.event_log_storage.get_pool_limits() if one.name == WRITING)

    assert slots() == 1
    with world.dagster("rocket") as instance:
        instance.event_log_storage.set_concurrency_slots(WRITING, 3)
    assert slots() == 3
