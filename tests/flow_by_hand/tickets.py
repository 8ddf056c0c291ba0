"""Measures of tickets, each from its definition."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from tests.flow_by_hand import counting
from tests.flow_by_hand.counting import FEW, Part, Row, Told, known, lasting, left_after, of_growing, percentile, span
from tests.flow_by_hand.facts import Archive, Thing, elapsed
from tests.flow_by_hand.wording import ASKS, BLOCKED, HOT, REVERT, SIZE, STARTED, URGENT, closed_by, says

WEEKS, SHORT, NINETY, HALF_YEAR = 26, 12, 90, 182


def ticket_lead_time(found: Archive) -> Told:
    """Created → closed."""
    ended = [(one, one.closed) for one in found.tickets if not one.open and one.closed]
    return counting.of_durations(known((one.key, span(one.created, end, found.now)) for one, end in ended))


def reopen_rate(found: Archive) -> Told:
    """Of closed tickets those that came back."""
    if not found.has_history and any(not one.open for one in found.tickets):
        return Told(0)
    names = {one.key: {each.name for each in one.events} for one in found.tickets}
    ever = [one.key for one in found.tickets if not one.open or names[one.key] & {"closed", "reopened"}]
    return counting.of_share({key: "reopened" in names[key] for key in ever})


def _not_together(found: Archive) -> list[Thing]:
    imported = counting.created(found)[1]
    return [one for one in found.tickets if one.key not in imported]


def _untold(one: Thing) -> bool:
    return not one.open and one.closed is None


def ticket_time_to_close(found: Archive) -> Told:
    """Created → closed, open ones counted."""
    rows = _closing(found)
    return of_growing(rows, {one.key: one.kind for one in found.tickets if one.key in rows})


def _closing(found: Archive) -> dict[str, Row]:
    asked = [one for one in _not_together(found) if not _untold(one)]
    return known((one.key, lasting(one.created, one.closed, found.now)) for one in asked)


def _starts(found: Archive) -> dict[str, tuple[datetime | None, datetime | None]]:
    """Return when each ticket started: as the tracker tells, and as it is inferred."""
    linked: dict[str, datetime] = {}
    for change in found.changes:
        for key in closed_by(change.body, found.home) if change.created <= found.now else ():
            linked[key] = min(change.created, linked.get(key, change.created))
    made: dict[str, tuple[datetime | None, datetime | None]] = {}
    for one in found.tickets:
        told = [each.at for each in one.events if each.name == "labeled" and says(each.label, STARTED)]
        first = linked.get(one.key)
        assigned = min((each.at for each in one.events if each.name == "assigned"), default=None)
        made[one.key] = min(told, default=None), max(first, one.created) if first else assigned
    return made


def ticket_cycle_time(found: Archive) -> Told:
    """Started → closed, open ones counted."""
    starts = {key: told or inferred for key, (told, inferred) in _starts(found).items()}
    begun = [(one, at) for one in found.tickets if (at := starts[one.key]) and not _untold(one)]
    rows = known((one.key, lasting(at, one.closed, found.now)) for one, at in begun)
    of = {one.key: one for one in found.tickets}
    made = of_growing(rows, {key: of[key].kind for key in rows})
    made.parts += of_growing(rows, {key: _size(of[key].labels) for key in rows}).parts
    return made


def _size(labels: Iterable[str]) -> str:
    sizes = [match[1].upper() for one in labels if (match := SIZE.fullmatch(one))]
    return f"size {min(sizes)}" if sizes else ""


def start_inference(found: Archive) -> Told:
    """Inferred start − told start."""
    both = {key: Row(elapsed(told, late)) for key, (told, late) in _starts(found).items() if told and late}
    return counting.of_durations(both)


def first_answer(found: Archive) -> Told:
    """Created → first comment by another person."""
    rows: dict[str, Row | None] = {}
    for one in _not_together(found):
        said = [
            each.at
            for each in one.words
            if each.who != one.author and not each.bot and one.created <= each.at <= found.now
        ]
        if not one.bot and (said or not _untold(one)):
            rows[one.key] = lasting(one.created, min(said, default=None), found.now, one.closed)
    return of_growing(known(rows.items()))


def decision_latency(found: Archive) -> Told:
    """Asked by a label → decided."""
    rows: dict[str, Row | None] = {}
    for one in found.tickets:
        asked = min(
            ((each.at, each.label) for each in one.events if each.name == "labeled" and ASKS.search(each.label)),
            default=None,
        )
        if asked is None:
            continue
        ends = [
            each.at
            for each in one.events
            if each.at >= asked[0] and (each.name == "closed" or (each.name, each.label) == ("unlabeled", asked[1]))
        ]
        late = max(one.closed, asked[0]) if not one.open and one.closed else None
        rows[one.key] = lasting(asked[0], min(ends, default=late), found.now)
    return of_growing(known(rows.items()))


def work_item_age(found: Archive) -> Told:
    """Now − created."""
    ages = {one.key: elapsed(one.created, found.now) for one in _not_together(found) if one.open}
    return of_ages(ages, _closing(found))


def of_ages(ages: dict[str, float], history: dict[str, Row]) -> Told:
    """Return the median of ages as value, and how many are older than percentiles of what was before."""
    ages = {key: age for key, age in ages.items() if age >= 0}
    if len(ages) < FEW:
        return Told(len(ages))
    middle = percentile(ages.values(), 0.5)
    made = Told(len(ages), middle, middle, percentile(ages.values(), 0.85))
    made.rows = {key: Row(age, grows=True) for key, age in ages.items()}
    for level in (50, 70, 85, 95) if sum(not row.grows for row in history.values()) >= FEW else ():
        limit = left_after(history.values(), 1 - level / 100)
        older = 0 if limit is None else sum(age > limit for age in ages.values())
        made.parts += [Part(f"older than {level} % of the history", older, limit)] if older >= FEW else []
    return made


def ticket_throughput(found: Archive) -> Told:
    """Closed per working day."""
    total = sum(not one.open for one in found.tickets)
    return Told(total) if total < FEW else per_working_day(closed_by_day(found))


def closed_by_day(found: Archive) -> dict[date, int]:
    """Return how many tickets went on each working day of the last 90 days of data."""
    return counting.by_working_day(counting.closed(found), counting.window(found, NINETY))


def per_working_day(counts: dict[date, int]) -> Told:
    """Return the mean of counts of working days."""
    n, values = sum(counts.values()), list(counts.values())
    if len(values) < FEW:
        return Told(n)
    rows = {day.isoformat(): Row(float(count)) for day, count in counts.items()}
    return Told(n, n / len(values), percentile(values, 0.5), percentile(values, 0.85), rows)


def arrival_against_departure(found: Archive) -> Told:
    """Created per closed in whole weeks."""
    first, last = counting.data_days(found)
    days = counting.window(found, (last - first).days + 1)
    came = dict(list(counting.by_week(counting.created(found)[0], days).items())[-WEEKS:])
    went = dict(list(counting.by_week(counting.closed(found), days).items())[-WEEKS:])
    if len(came) < SHORT or sum(went.values()) < FEW:
        return Told(sum(went.values()))
    rows = {week.isoformat(): Row(float(came[week] - went[week])) for week in came}
    value = sum(came.values()) / sum(went.values())
    return Told(sum(came.values()), value, percentile(came.values(), 0.5), percentile(came.values(), 0.85), rows)


def work_in_progress(found: Archive) -> Told:
    """Started tickets and open changes, what is both once."""
    if not found.tickets and not found.changes:
        return Told(0)
    starts = _starts(found)
    begun = {one.key for one in found.tickets if one.open and (one.started or any(starts[one.key]))}
    changes = [one for one in found.changes if one.open]
    shared = set[str]().union(*(closed_by(one.body, found.home) for one in changes))
    n = len(begun - shared) + len(changes)
    counts = counting.at_day_ends(found.changes, counting.window(found, NINETY))
    parts = [Part(name, size, size) for name, size in (("tickets", len(begun)), ("changes", len(changes)))]
    return Told(
        n, n, percentile(counts, 0.5), percentile(counts, 0.85), parts=[part for part in parts if part.n >= FEW]
    )


def exception_volume(found: Archive) -> Told:
    """Reverts, hot fixes and urgent tickets per week."""
    bad = [one.merged.date() for one in found.changes if one.merged and _is_bad(one.title)]
    bad += [one.created.date() for one in found.tickets if any(URGENT.search(name) for name in one.labels)]
    counts = counting.by_week(bad, counting.window(found, HALF_YEAR))
    n, values = sum(counts.values()), list(counts.values())
    if len(values) < FEW:
        return Told(n)
    rows = {week.isoformat(): Row(float(count)) for week, count in counts.items()}
    return Told(n, n / len(values), percentile(values, 0.5), percentile(values, 0.85), rows)


def _is_bad(title: str) -> bool:
    return bool(REVERT.match(title) or HOT.search(title))


def unplanned_share(found: Archive) -> Told:
    """Of closed tickets bugs and what is urgent."""
    days = counting.window(found, HALF_YEAR)
    ended = [one for one in found.tickets if not one.open and one.closed and days[0] <= one.closed.date() <= days[-1]]
    if ended and not any(one.kind for one in ended):
        return Told(0)
    return counting.of_share(
        {one.key: one.kind == "bug" or any(URGENT.search(name) for name in one.labels) for one in ended}
    )


def blocked_time(found: Archive) -> Told:
    """Days marked as blocked."""
    rows: dict[str, Row] = {}
    for one in found.tickets:
        marks = [each for each in one.events if "label" in each.name and BLOCKED.search(each.label)]
        total, since = 0.0, None
        for each in sorted(marks, key=lambda mark: (mark.at, mark.name == "labeled")):
            total += elapsed(since, each.at) if since else 0.0
            since = each.at if each.name == "labeled" else None
        total += max(elapsed(since, one.closed or found.now), 0.0) if since else 0.0
        if total > 0:
            rows[one.key] = Row(total)
    return counting.of_durations(rows)


def team_load(found: Archive) -> Told:
    """Open tickets by label; these archives tell no folders of changes."""
    people: dict[str, set[str]] = {}
    for one in found.tickets:
        for label in one.labels:
            people.setdefault(label, set()).update({one.author} if one.author and not one.bot else set())
    open_now = Counter(label for one in found.tickets if one.open for label in set(one.labels))
    parts = [Part(f"label {label}", n, n) for label, n in open_now.items() if n >= FEW and len(people[label]) >= FEW]
    if not parts:
        return Told(0)
    return Told(sum(part.n for part in parts), max(part.n for part in parts), parts=parts)
