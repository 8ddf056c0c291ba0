"""Slices hold every ticket once, differ little in size, and the first wave is the smaller one."""

from hypothesis import given
from hypothesis import strategies as st

from scout.lifecycle.slicing import estimate, sizes, slices

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 400), max_size=8)


@given(COUNTS, st.lists(st.integers(1, 6), min_size=1, max_size=3))
def test_every_ticket_is_in_exactly_one_slice(counts: dict[str, int], waves: list[int]):
    made = slices(counts, waves)
    for name, count in counts.items():
        places = [place for wave in made for one in wave for part in one if part.project == name for place in _of(part)]
        assert sorted(places) == list(range(count))
    assert [len(wave) for wave in made] <= waves


def _of(part: object) -> range:
    return range(part.start, part.stop)  # type: ignore[attr-defined]


def test_nine_workers_in_two_waves_share_719_tickets_evenly():
    counts = {"gui": 160, "alloy": 200, "modules": 150, "daemon": 120, "a": 40, "b": 25, "c": 14, "d": 10}
    made = slices(counts, (5, 4))
    loads = [[sum(part.count for part in one) for one in wave] for wave in made]
    assert sum(map(sum, loads)) == 719
    assert max(map(max, loads)) <= 1.5 * 719 / 9
    assert sum(loads[0]) / 5 <= sum(loads[1]) / 4


def test_the_first_wave_has_fewer_workers_unless_somebody_says_otherwise():
    assert sizes(719) == (4, 5)
    assert sizes(10) == (1,)
    assert sizes(719, (5, 4)) == (5, 4)
    assert sum(sizes(100_000)) == 20


def test_an_empty_backlog_has_no_slices():
    assert slices({}, (3,)) == ()
    assert estimate(0, 1000).minutes == 0
