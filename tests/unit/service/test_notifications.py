"""People hear what is new, once, and nothing at night."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from scout.errors import SettingsError, UnavailableError
from scout.model import Alarm, AlarmKind, Plan
from scout.notify import Message, is_quiet, send
from scout.service import notifications
from scout.service.messages import Standing, alarm, daily, failures, is_new
from scout.service.notifications import notify
from scout.service.wiring import Workspace
from scout.settings import load
from tests.trackers import listening

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def with_alarms(*kinds: AlarmKind) -> Standing:
    plan = Plan.model_construct(alarms=tuple(Alarm(kind=one, since=NOW, said="2 ready, s is 3") for one in kinds))
    return Standing.model_construct(project="rocket", plan=plan, waiting=0, accepted=0, failed=())


def test_an_alarm_is_told_when_it_begins_and_when_it_ends():
    below, nothing = alarm(with_alarms(AlarmKind.BELOW)), alarm(with_alarms())
    assert below.message.title == "rocket: below s"
    assert below.message.body == "- **below s** since 2026-03-02: 2 ready, s is 3"
    assert is_new(below, "")
    assert not is_new(below, below.mark)
    assert is_new(nothing, below.mark)
    assert not is_new(nothing, "")


def test_a_failure_is_told_until_it_changes():
    one = Standing(project="rocket", plan=None, waiting=0, accepted=1, failed=(("Mend it", "archived"),))
    told = failures(one)
    assert told.message.title == "rocket: 1 accepted candidate could not be filed"
    assert "- Mend it: archived" in told.message.body
    assert is_new(told, "")
    assert not is_new(told, told.mark)
    assert not is_new(failures(one.having(failed=())), told.mark)


def test_a_digest_comes_once_a_day_and_only_with_news():
    one = Standing(project="rocket", plan=None, waiting=2, accepted=1)
    today = daily([one], date(2026, 3, 2))
    assert today.message.title == "Scout: 2 to decide, 0 ready"
    assert today.message.body == "- **rocket**: 0 ready, 2 to decide, 1 to file"
    assert is_new(today, "")
    assert not is_new(daily([one.having(waiting=3)], date(2026, 3, 2)), today.mark)
    assert not is_new(daily([one], date(2026, 3, 3)), today.mark)
    assert is_new(daily([one.having(waiting=3)], date(2026, 3, 3)), today.mark)
    assert not is_new(daily([one.having(waiting=0, accepted=0)], date(2026, 3, 4)), today.mark)


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        (None, time(3), False),
        ((time(22), time(7)), time(23), True),
        ((time(22), time(7)), time(6, 59), True),
        ((time(22), time(7)), time(7), False),
        ((time(12), time(13)), time(12), True),
        ((time(12), time(13)), time(13), False),
    ],
)
def test_quiet_hours_go_over_midnight(hours: tuple[time, time] | None, at: time, *, quiet: bool):
    assert is_quiet(hours, datetime.combine(date(2026, 3, 2), at)) is quiet


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []

    def keep(message: object, _: object) -> int:
        found.append(getattr(message, "title", ""))
        return 1

    monkeypatch.setattr(notifications, "send", keep)
    return found


def test_an_unchanged_world_is_silent_and_quiet_hours_put_off(tmp_path: Path, received: list[str]):
    def work(at: datetime) -> Workspace:
        file = tmp_path / "scout.toml"
        file.write_text('[[project]]\nid = "rocket"\n[notify]\ntargets = ["json://localhost"]\nquiet = "22:00-07:00"\n')
        return Workspace(loaded=load(file, tmp_path), start=tmp_path, home=tmp_path / "state", now=at)

    def standing(*_: object) -> Standing:
        return Standing(project="rocket", plan=None, waiting=2, accepted=0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notifications, "standing", standing)
        assert [one.sent for one in notify(work(NOW), live=False).messages] == [False]
        assert notify(work(NOW.replace(hour=23)), live=True).quiet
        assert received == []
        assert [one.sent for one in notify(work(NOW), live=True).messages] == [True]
        assert notify(work(NOW), live=True).messages == ()
        assert notify(work(NOW + timedelta(days=1)), live=True).messages == ()
    assert received == ["Scout: 2 to decide, 0 ready"]


def test_apprise_delivers_and_tells_when_it_cannot():
    came: list[dict[str, object]] = []

    async def take(request: web.Request) -> web.Response:
        came.append(await request.json())
        return web.Response(status=500 if len(came) > 1 else 200)

    app = web.Application()
    app.add_routes([web.post("/", take)])
    with listening(app) as base:
        address = base.replace("http://", "json://") + "/"
        message = Message(title="rocket: below s", body="- **below s**", grave=True)
        assert send(message, [address]) == 1
        assert came[0]["title"] == "rocket: below s"
        assert came[0]["type"] == "warning"
        with pytest.raises(UnavailableError, match="could not be delivered"):
            send(message, [address])


def test_an_address_that_is_none_is_not_shown():
    with pytest.raises(SettingsError) as told:
        send(Message(title="t", body="b"), ["nothing-like-it"])
    assert "nothing-like-it" not in str(told.value)
    assert send(Message(title="t", body="b"), []) == 0


def test_each_alarm_is_told_when_it_begins_and_when_it_is_over_and_the_others_are_not_told_again():
    both = alarm(
        with_alarms(AlarmKind.BELOW, AlarmKind.EMPTY), {"alarm rocket": alarm(with_alarms(AlarmKind.BELOW)).mark}
    )
    assert both.message.title == "rocket: empty"
    assert both.message.body == "- **empty** since 2026-03-02: 2 ready, s is 3\n- still: below s, since 2026-03-02"
    one = alarm(with_alarms(AlarmKind.BELOW), {"alarm rocket": both.mark})
    assert one.message.title == "rocket: over: empty"
    assert one.message.body == "- over: empty, since 2026-03-02\n- still: below s, since 2026-03-02"
    assert not one.message.grave
    none = alarm(with_alarms(), {"alarm rocket": one.mark})
    assert none.message.body == "- over: below s, since 2026-03-02\nNo alarm holds any more."
    assert is_new(none, one.mark)
    assert (
        alarm(with_alarms(AlarmKind.BELOW), {"alarm rocket": "a mark of another day"}).message.title
        == "rocket: below s"
    )
