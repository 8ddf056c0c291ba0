"""A reviewer's attention goes where a yes is likely and matters, and everything that is left out is counted."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.drafts import Acceptance, Admitted, Attention, acceptance, choose, clusters
from scout.model import Candidate, Event, WorkKind
from tests.unit.drafts.stories import NOON, candidate_of, finding

SHARED = "its scout has its share of the order"
BEYOND = "more than the plan orders"


def many(signal: str, count: int, severity: int = 2, score: float | None = None) -> list[Admitted]:
    found = (
        finding(signal, subject=f"{signal}-{n}.md", severity=severity, score=n / 100 if score is None else score)
        for n in range(count)
    )
    return [Admitted(cluster=cluster) for cluster in clusters(found)]


def decided(signal: str, *events: Event, reason: str = "not true", days: int = 0) -> list[Candidate]:
    made = [candidate_of(finding(signal, subject=f"{n}.md"), event) for n, event in enumerate(events)]
    at = NOON - timedelta(days=days)
    return [one.having(decisions=(one.decisions[0].having(reason=reason, at=at),)) for one in made]


def rate(candidates: list[Candidate], **terms: float) -> float:
    (found,) = acceptance(candidates, NOON, Attention.model_validate(terms)).values()
    return found.rate


def signals(admitted: tuple[Admitted, ...]) -> list[str]:
    return [one.cluster.lead.signal for one in admitted]


def test_the_best_come_first_and_no_scout_takes_more_than_half():
    choice = choose([*many("temporary-old", 9, severity=3), *many("broken-internal-link", 9, severity=1)], 6)
    assert signals(choice.chosen) == ["temporary-old"] * 3 + ["broken-internal-link"] * 3
    assert choice.reasons == {SHARED: 6, BEYOND: 6} or sum(choice.reasons.values()) == 12


@pytest.mark.parametrize("order", [2, 3, 4, 5, 7, 9])
def test_half_of_an_odd_order_is_less_than_half_and_one_is_always_allowed(order: int):
    choice = choose([*many("temporary-old", 9, severity=3), *many("broken-internal-link", 9)], order)
    taken = signals(choice.chosen)
    assert max(map(taken.count, taken)) == max(1, order // 2)


def test_the_share_is_a_setting():
    choice = choose([*many("a", 9), *many("b", 9)], 8, terms=Attention(share=0.25))
    assert [signals(choice.chosen).count(name) for name in "ab"] == [2, 2]


def test_what_is_needed_comes_first_and_others_fill_what_is_left():
    bugs = [
        Admitted(cluster=cluster)
        for cluster in clusters(
            finding("flaky", subject=f"{n}.py", severity=1, score=n / 100, kind=WorkKind.BUG) for n in range(3)
        )
    ]
    both = [*many("temporary-old", 9, severity=3), *many("broken-internal-link", 9, severity=2), *bugs]
    wanted = {WorkKind.BUG: 5, WorkKind.DOCS: 1}
    choice = choose(both, 6, wanted=wanted)
    assert signals(choice.chosen)[0] == "temporary-old", "one of the kind that one is wanted of"
    assert signals(choice.chosen).count("flaky") == 3, "all that there are"
    assert len(choice.chosen) == 6, "too little of a kind is no reason to draft less"
    assert signals(choose(both, 4, wanted=wanted).chosen).count("flaky") == 2, "and no scout has more than half"
    assert choose(both, 6, wanted={}) == choose(both, 6)


def test_a_scout_that_is_alone_may_take_the_whole_order():
    assert len(choose(many("temporary-old", 9), 6).chosen) == 6


def test_nothing_is_chosen_beyond_the_order():
    assert choose(many("temporary-old", 3), 0).reasons == {BEYOND: 3}


def test_a_scout_that_people_believe_comes_before_a_graver_one_that_they_do_not():
    record = acceptance(
        [*decided("believed", *[Event.ACCEPT] * 9), *decided("doubted", *[Event.REJECT] * 4)], NOON, Attention(floor=0)
    )
    both = [*many("doubted", 1, severity=3, score=0.5), *many("believed", 1, severity=2, score=0.5)]
    assert signals(choose(both, 1).chosen) == ["doubted"]
    assert signals(choose(both, 1, record).chosen) == ["believed"]


def test_nobody_has_decided_yet_means_the_prior():
    assert rate([candidate_of(finding())], prior=0.7) == pytest.approx(0.7)


def test_few_decisions_move_the_chance_little_and_many_move_it_far():
    one = rate(decided("s", Event.REJECT))
    many_of_them = rate(decided("s", *[Event.REJECT] * 30))
    assert one == pytest.approx(0.6 * 4 / 5)
    assert many_of_them < 0.1


@pytest.mark.parametrize("reason", ["not now", "Not now: after the release", "duplicate of 17"])
def test_what_does_not_judge_the_scout_does_not_count(reason: str):
    assert rate(decided("s", *[Event.REJECT] * 9, reason=reason)) == pytest.approx(0.6)


@pytest.mark.parametrize("reason", ["not true", "not ours", "too small", "wrong approach", "no, nothing now"])
def test_every_other_rejection_counts(reason: str):
    assert rate(decided("s", *[Event.REJECT] * 9, reason=reason)) < 0.25


def test_old_decisions_fade_by_half_in_a_half_life():
    fresh, old = (rate(decided("s", *[Event.REJECT] * 4, days=days), half_life=30) for days in (0, 30))
    assert fresh == pytest.approx(2.4 / 8)
    assert old == pytest.approx(2.4 / 6)
    assert rate(decided("s", *[Event.REJECT] * 4, days=3000), half_life=30) == pytest.approx(0.6)


def test_a_clock_that_went_back_counts_a_decision_once():
    assert rate(decided("s", *[Event.REJECT] * 4, days=-9)) == pytest.approx(2.4 / 8)


def test_a_scout_under_its_floor_is_heard_one_candidate_at_a_time_and_it_says_so():
    record = acceptance(decided("s", *[Event.REJECT] * 9), NOON, Attention())
    choice = choose(many("s", 5), 5, record)
    assert len(choice.chosen) == 1
    ((because, count),) = choice.reasons.items()
    assert count == 4
    assert because == "s is throttled: 0 of 9 accepted, chance of a yes 0.18, floor 0.25"

    waiting = acceptance([*decided("s", *[Event.REJECT] * 9), candidate_of(finding("s"))], NOON, Attention())
    assert choose(many("s", 5), 5, waiting).chosen == ()


def test_each_scout_may_have_a_floor_of_its_own():
    life = decided("s", *[Event.REJECT] * 9)
    assert acceptance(life, NOON, Attention())["s"].throttled
    assert not acceptance(life, NOON, Attention(floors={"s": 0.1}))["s"].throttled


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3), st.floats(0, 1)), max_size=20),
    st.integers(0, 8),
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
)
def test_everything_is_chosen_or_cut_and_order_of_arrival_does_not_matter(
    rows: list[tuple[str, int, float]], order: int, rates: list[float]
):
    found = [finding(signal, subject=f"s{n}", severity=sev, score=score) for n, (signal, sev, score) in enumerate(rows)]
    admitted = [Admitted(cluster=cluster) for cluster in clusters(found)]
    record = {name: Acceptance(signal=name, rate=one, floor=0.25) for name, one in zip("abc", rates, strict=True)}
    choice = choose(admitted, order, record)
    assert len(choice.chosen) <= order
    assert len(choice.chosen) + len(choice.cut) == len(admitted)
    assert choice == choose(reversed(admitted), order, record)
    taken = signals(choice.chosen)
    several = len({one.cluster.lead.signal for one in admitted}) > 1
    assert not several or all(taken.count(name) <= max(1, order // 2) for name in taken)


def test_what_was_read_elsewhere_moves_the_first_chance_and_decisions_replace_it():
    terms = Attention(priors={"good": (20 + 4 * 0.6) / 24, "bad": 4 * 0.6 / 24})
    assert terms.prior_of("unread") == 0.6
    both = [*many("bad", 1, severity=3, score=0.5), *many("good", 1, severity=1, score=0.5)]
    assert signals(choose(both, 1).chosen) == ["bad"]
    assert signals(choose(both, 1, terms=terms).chosen) == ["good"]
    said = [*decided("bad", *[Event.ACCEPT] * 12), *decided("good", *[Event.REJECT] * 12)]
    assert signals(choose(both, 1, acceptance(said, NOON, terms), terms).chosen) == ["bad"]


def test_nobody_is_throttled_for_what_was_said_elsewhere():
    terms = Attention(priors={"s": 0.1}, floor=0.25)
    assert not acceptance([candidate_of(finding("s"))], NOON, terms)["s"].throttled
    assert acceptance(decided("s", Event.REJECT), NOON, terms)["s"].throttled


def test_a_yes_whose_ticket_was_closed_as_not_wanted_was_a_no():
    said = [one.having(id=f"{n}") for n, one in enumerate(decided("s", *[Event.ACCEPT] * 4))]
    (found,) = acceptance(said, NOON, Attention(), {said[0].id, "unheard of"}).values()
    assert (found.accepted, found.rejected) == (3, 1)
    assert found.rate < rate(said)
