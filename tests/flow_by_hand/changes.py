"""Measures of changes, each from its definition."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

from tests.flow_by_hand import counting
from tests.flow_by_hand.counting import FEW, Part, Row, Told, known, lasting, left_after, of_growing, percentile, span
from tests.flow_by_hand.facts import Archive, Thing, elapsed
from tests.flow_by_hand.tickets import HALF_YEAR, NINETY, of_ages, per_working_day
from tests.flow_by_hand.turns import rounds, stays
from tests.flow_by_hand.wording import REVERT

TWO_HOURS, HALF_HOUR = timedelta(hours=2), 0.5 / 24
MANY, SHORTEST = 10, 28


def _people(found: Archive) -> list[Thing]:
    return [one for one in found.changes if not one.bot]


def change_lead_time(found: Archive) -> Told:
    """Opened → merged."""
    merged = [(one, one.merged) for one in found.changes if one.merged]
    return counting.of_durations(known((one.key, span(one.created, end, found.now)) for one, end in merged))


def first_review_latency(found: Archive) -> Told:
    """Opened → first review or remark by somebody else."""
    seen = [(one, min(one.seen())) for one in found.changes if one.seen()]
    return counting.of_durations(known((one.key, span(one.created, at, found.now)) for one, at in seen))


def first_person_review_latency(found: Archive) -> Told:
    """Opened by a person → first review or remark by another person."""
    seen = [(one, min(one.seen(people=True))) for one in _people(found) if one.seen(people=True)]
    return counting.of_durations(known((one.key, span(one.created, at, found.now)) for one, at in seen))


def throughput(found: Archive) -> Told:
    """Merged per working day."""
    merged = [one.merged for one in found.changes if one.merged]
    if len(merged) < FEW:
        return Told(len(merged))
    days = [at.date() for at in merged if at <= found.now]
    return per_working_day(counting.by_working_day(days, counting.window(found, NINETY)))


def change_time_to_merge(found: Archive) -> Told:
    """Ready → merged, others counted."""
    rows = _merging(found)
    sizes = {one.key: one.size for one in found.changes}
    return of_growing(rows, {key: _size(sizes[key]) for key in rows})


def _size(lines: int | None) -> str:
    return "" if lines is None else "size S" if lines <= 50 else "size M" if lines <= 250 else "size L"


def _merging(found: Archive) -> dict[str, Row]:
    return known((one.key, lasting(one.asked, one.merged, found.now, one.closed)) for one in _people(found))


def review_wait(found: Archive) -> Told:
    """Ready → first word of another person."""
    rows: dict[str, Row | None] = {}
    for one in _people(found):
        said = one.seen(people=True) + [each.at for each in one.words if one.is_other(each.who) and not each.bot]
        answer = max(min(said), one.asked) if said else None
        rows[one.key] = lasting(one.asked, answer, found.now, one.ended)
    return of_growing(known(rows.items()))


def approval_to_merge(found: Archive) -> Told:
    """First approval → merged."""
    rows: dict[str, Row | None] = {}
    for one in found.changes:
        said = [each.at for each in one.reviews if each.verdict == "approved" and one.is_other(each.who)]
        if said:
            rows[one.key] = lasting(min(said), one.merged, found.now, one.closed)
    return of_growing(known(rows.items()))


def change_age(found: Archive) -> Told:
    """Now − ready."""
    ages = {one.key: elapsed(one.asked, found.now) for one in _people(found) if one.open and not one.draft}
    return of_ages(ages, _merging(found))


def queue_depth(found: Archive) -> Told:
    """Open tickets by state, and changes by whose turn it is."""
    n = sum(one.open for one in found.tickets)
    if not found.tickets and not found.changes:
        return Told(0)
    spent: dict[str, list[Row]] = {}
    for one in found.tickets if found.has_history else ():
        for state, row in _ticket_stays(one, found):
            spent.setdefault(state, []).append(row)
    parts = _depths(Counter(one.native for one in found.tickets if one.open), spent)
    waiting, waited = Counter[str](), dict[str, list[Row]]()
    for one in found.changes:
        for turn in stays(one):
            name = f"change waits: {turn.state}"
            row = lasting(turn.since, turn.until, found.now)
            waited.setdefault(name, []).extend([row] if row else [])
            waiting[name] += turn.until is None
    return Told(n, n, parts=parts + _depths(waiting, waited))


def _ticket_stays(one: Thing, found: Archive) -> list[tuple[str, Row]]:
    """Return how long a ticket was open, each time; where it only ever was closed, nobody knows in which state."""
    turns = sorted((each.at, each.name) for each in one.events if each.name in {"closed", "reopened"})
    if not turns and not one.open:
        return []
    found_rows: list[tuple[str, Row]] = []
    since = one.created
    is_open = not turns or turns[0][1] == "closed"
    for at, name in turns:
        row = lasting(since, at, found.now)
        found_rows += [(one.native, row)] if is_open and row else []
        since, is_open = at, name == "reopened"
    row = lasting(since, None if one.open else one.closed, found.now)
    return found_rows + ([(one.native, row)] if is_open and row else [])


def _depths(counts: Counter[str], spent: dict[str, list[Row]]) -> list[Part]:
    parts: list[Part] = []
    for name, n in counts.items():
        rows = spent.get(name, [])
        told = sum(not row.grows for row in rows) >= FEW
        middle, slow = (left_after(rows, 0.5), left_after(rows, 0.15)) if told else (None, None)
        parts += [Part(name, n, n, middle, slow)] if n >= FEW else []
    few = sum(n for n in counts.values() if n < FEW)
    return parts + ([Part("other states", few, few)] if few >= FEW else [])


def flow_efficiency(found: Archive) -> Told:
    """Touched ÷ elapsed."""
    touched, taken, rows = 0.0, 0.0, dict[str, Row]()
    for one in _people(found):
        row = span(one.created, one.merged, found.now) if one.merged else None
        if row is not None:
            touch = min(_sat(one, found), row.value)
            touched, taken = touched + touch, taken + row.value
            rows[one.key] = Row(touch / row.value if row.value else 1.0)
    if len(rows) < FEW or not taken:
        return Told(len(rows))
    shares = [row.value for row in rows.values()]
    return Told(len(rows), touched / taken, percentile(shares, 0.5), percentile(shares, 0.85), rows)


def _sat(one: Thing, found: Archive) -> float:
    """Return the days of all sittings, half an hour added to each."""
    end = one.ended or found.now
    acts = [one.created, *one.commits]
    acts += [each.at for each in (*one.words, *one.reviews, *one.remarks) if not each.bot]
    acts += [each.at for each in one.events if each.name == "head_ref_force_pushed" and not each.bot]
    inside = sorted(at for at in acts if one.created <= at <= end)
    total = HALF_HOUR
    for before, after in pairwise(inside):
        total += elapsed(before, after) if after - before <= TWO_HOURS else HALF_HOUR
    return total


def littles_law(found: Archive) -> Told:
    """What the law expects ÷ what was measured."""
    days = counting.window(found, HALF_YEAR)
    ended = [(one, one.ended) for one in found.changes if not one.open and one.ended]
    inside = [(one, at) for one, at in ended if days[0] <= at.date() <= days[-1] and at >= one.created]
    n = len(inside)
    if n < FEW or len(days) < SHORTEST:
        return Told(n)
    standing = sum(counting.at_day_ends(found.changes, days)) / len(days)
    taken = sum(elapsed(one.created, at) for one, at in inside) / n
    return Told(n, standing / (n / len(days)) / taken if taken else None)


def review_rounds(found: Archive) -> Told:
    """Times a reviewed and merged change came to wait for review again."""
    rows = {one.key: Row(float(rounds(one))) for one in _people(found) if one.merged and one.seen(people=True)}
    if len(rows) < FEW:
        return Told(len(rows))
    found_rounds = [row.value for row in rows.values()]
    mean = sum(found_rounds) / len(rows)
    return Told(len(rows), mean, percentile(found_rounds, 0.5), percentile(found_rounds, 0.85), rows)


def changes_asked_rate(found: Archive) -> Told:
    """Of reviewed changes those that were sent back."""
    verdicts = {one.key: [each.verdict for each in one.reviews if one.is_other(each.who)] for one in _people(found)}
    return counting.of_share({key: "changes_requested" in said for key, said in verdicts.items() if said})


def revert_rate(found: Archive) -> Told:
    """Of merged changes those that take another one back."""
    merged = [one for one in found.changes if one.merged and one.merged <= found.now]
    return counting.of_share({one.key: bool(REVERT.match(one.title)) for one in merged})


def given_up_rate(found: Archive) -> Told:
    """Of ended changes those that were not merged."""
    return counting.of_share({one.key: one.merged is None for one in _people(found) if not one.open and one.ended})


def volume_against_complexity(found: Archive) -> Told:
    """Spearman's ρ of lines and days."""
    pairs: list[tuple[float, float]] = []
    for one in _people(found):
        row = span(one.created, one.merged, found.now) if one.merged else None
        pairs += [(float(one.size), row.value)] if row and one.size is not None else []
    if len(pairs) < MANY:
        return Told(len(pairs))
    sizes, days = (_ranks(list(side)) for side in zip(*pairs, strict=True))
    middle = (len(pairs) + 1) / 2
    together = sum((size - middle) * (day - middle) for size, day in zip(sizes, days, strict=True))
    alone = [sum((rank - middle) ** 2 for rank in ranks) for ranks in (sizes, days)]
    return Told(len(pairs), together / (alone[0] * alone[1]) ** 0.5)


def _ranks(values: list[float]) -> list[float]:
    """Return ranks from 1, means for ties."""
    first, counts = dict[float, int](), Counter(values)
    for place, value in enumerate(sorted(values), start=1):
        first.setdefault(value, place)
    return [first[value] + (counts[value] - 1) / 2 for value in values]
