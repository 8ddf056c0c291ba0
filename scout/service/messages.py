"""What people are told, in words: pure, from how projects stand."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from scout.model import Frozen, Plan, digest
from scout.notify import Message

_SINCE, _BETWEEN = " since ", "; "  # parts of an alarm's mark


class Standing(Frozen):
    """How a project stands.

    Attributes:
        plan: the newest; None before the first run.
        waiting: candidates that wait for a decision.
        accepted: accepted ones that are not filed.
        failed: of those, title and why the last attempt ended without a ticket.
    """

    project: str
    plan: Plan | None
    waiting: int
    accepted: int
    failed: tuple[tuple[str, str], ...] = ()


class Notice(Frozen):
    """Something that may have to be told.

    Attributes:
        key: what it is about: only one of a key holds at a time.
        mark: of what it says; empty when all is well.
        message: what is told when the mark is another one than before.
    """

    key: str
    kind: str
    mark: str
    message: Message


def daily(standings: Sequence[Standing], day: date) -> Notice:
    """Return the digest of a day: what waits for whom, what is ready; its mark changes with what it says."""
    told = [one for one in standings if one.waiting or one.accepted or one.plan]
    body = "\n".join(_line(one) for one in told)
    waiting = sum(one.waiting for one in told)
    title = f"Scout: {waiting} to decide, {sum(_ready(one) for one in told)} ready"
    mark = f"{day.isoformat()} {digest('digest', body)}" if told else ""
    return Notice(key="digest", kind="digest", mark=mark, message=Message(title=title, body=body))


def is_new(notice: Notice, before: str) -> bool:
    """Whether a notice has to be told, given the mark of what was told last: a digest once a day, and when it differs.

    That all is well is told after something else was, of alarms; of the rest nothing is said.
    """
    if notice.kind == "digest":
        day, _, said = notice.mark.partition(" ")
        return bool(notice.mark) and before.partition(" ")[0] != day and before.partition(" ")[2] != said
    if not notice.mark:
        return bool(before) and notice.kind == "alarm"
    return notice.mark != before


def alarm(one: Standing, known: Mapping[str, str] = MappingProxyType({})) -> Notice:
    """Return which alarms of a project's buffer began and which are over since it was told last, or that none holds.

    Args:
        one: the project.
        known: marks of what was told last, by key; an alarm's mark names the episodes.
    """
    key, alarms = f"alarm {one.project}", one.plan.alarms if one.plan else ()
    now = {f"{each.kind.value}{_SINCE}{each.since.isoformat()}": each for each in alarms}
    before = [episode for episode in known.get(key, "").split(_BETWEEN) if _SINCE in episode]
    over = [episode.rpartition(_SINCE) for episode in before if episode not in now]
    ends = [f"- over: {kind}, since {moment[:10]}" for kind, _, moment in over]
    if not now:
        body = "\n".join([*ends, "No alarm holds any more."])
        message = Message(title=f"{one.project}: ready work is back", body=body)
        return Notice(key=key, kind="alarm", mark="", message=message)
    began = [each for episode, each in now.items() if episode not in before]
    held = [each for episode, each in now.items() if episode in before]
    lines = [f"- **{each.kind.value}** since {each.since:%Y-%m-%d}: {each.said}" for each in began]
    lines += [*ends, *(f"- still: {each.kind.value}, since {each.since:%Y-%m-%d}" for each in held)]
    news = ", ".join(each.kind.value for each in began) or f"over: {', '.join(kind for kind, *_ in over)}"
    message = Message(title=f"{one.project}: {news}", body="\n".join(lines), grave=bool(began))
    return Notice(key=key, kind="alarm", mark=_BETWEEN.join(sorted(now)), message=message)


def failures(one: Standing) -> Notice:
    """Return what of a project was accepted and could not be filed."""
    lines = [f"- {title}: {why}" for title, why in one.failed]
    count = len(lines)
    title = f"{one.project}: {count} accepted candidate{'s' * (count != 1)} could not be filed"
    body = "\n".join([*lines, "", "They stay in the outbox: `scout publish` shows them."])
    mark = digest("failure", *sorted(lines)) if lines else ""
    message = Message(title=title, body=body, grave=True)
    return Notice(key=f"failure {one.project}", kind="failure", mark=mark, message=message)


def notices(  # noqa: PLR0913 - which of them are wanted
    standings: Sequence[Standing], day: date, known: Mapping[str, str], *, digests: bool, alarms: bool, failing: bool
) -> Iterable[Notice]:
    """Return everything that may have to be told, the worst first.

    Args:
        standings: of all projects.
        day: today, where people are.
        known: marks of what was told last, by key.
        digests: whether a digest is wanted.
        alarms: whether the buffer's alarms are.
        failing: whether failures to file are.
    """
    for one in standings:
        if alarms:
            yield alarm(one, known)
        if failing:
            yield failures(one)
    if digests:
        yield daily(standings, day)


def _line(one: Standing) -> str:
    parts = [f"{_ready(one)} ready", f"{one.waiting} to decide", f"{one.accepted} to file"]
    cover = one.plan.days_of_cover if one.plan else None
    if cover is not None:
        parts.insert(1, f"{cover:.1f} days of cover")
    return f"- **{one.project}**: {', '.join(parts)}"


def _ready(one: Standing) -> int:
    return one.plan.position.on_hand if one.plan else 0
