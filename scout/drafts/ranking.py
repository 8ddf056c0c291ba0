"""Which of what may be proposed is worth a reviewer's attention now, and what is left out.

The expected value of a candidate is severity × score × the chance that a reviewer of this project says yes to that
scout: a Beta–Binomial mean, shrunk to the prior, of decisions that count less the older they are. The prior itself is
that of any scout, moved by what readers elsewhere said of this one's findings (Gelman et al., Bayesian Data Analysis,
3rd edition, 2013, chapter 5: what is known of a group is shrunk to what is known of all).
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from scout.drafts.dedupe import Admitted, Choice, Cut, cut, last_decision
from scout.drafts.needed import needed_first
from scout.model import Candidate, Event, Frozen, WorkKind, standing

PRIOR_WEIGHT = 4
"""Decisions of the project that the prior is worth, and verdicts elsewhere that a scout like any other is worth."""
_NEUTRAL = ("not now", "duplicate")
"""Reasons that say nothing about whether the scout was right: beginnings, whatever their case."""
_WAITS = frozenset({Event.OFFER, Event.DEFER})


class Attention(Frozen):
    """How a reviewer's attention is spent.

    Attributes:
        prior: chance of a yes for a scout that nobody has decided about or read, 0..1.
        priors: the same for single scouts that were read elsewhere, 0..1.
        half_life: days after which a decision counts half.
        floor: chance under which a scout is throttled, 0..1; `floors` are those of single scouts.
        share: the part of an order that one scout may have when others have some too, 0..1.
    """

    prior: Annotated[float, Field(gt=0, le=1)] = 0.6
    priors: dict[str, float] = {}
    half_life: Annotated[float, Field(gt=0)] = 90
    floor: Annotated[float, Field(ge=0, le=1)] = 0.25
    floors: dict[str, float] = {}
    share: Annotated[float, Field(gt=0, le=1)] = 0.5

    def prior_of(self, signal: str) -> float:
        """Return the chance of a yes for a scout that nobody here has decided about."""
        return self.priors.get(signal, self.prior)


class Acceptance(Frozen):
    """What reviewers of a project said about one scout.

    Attributes:
        accepted: candidates that were accepted; `rejected` those that were rejected as not true or not wanted.
        waiting: candidates that wait for a decision.
        rate: chance of a yes, 0..1: shrunk and decayed.
        floor: what it must not fall under.
    """

    signal: str
    accepted: int = 0
    rejected: int = 0
    waiting: int = 0
    rate: float
    floor: float

    @property
    def throttled(self) -> bool:
        """Whether this scout is heard one candidate at a time: for what reviewers here said, never for its prior."""
        return self.rejected > 0 and self.rate < self.floor

    @property
    def said(self) -> str:
        """Why it is throttled."""
        decided = self.accepted + self.rejected
        return f"{self.accepted} of {decided} accepted, chance of a yes {self.rate:.2f}, floor {self.floor:.2f}"


def acceptance(
    candidates: Iterable[Candidate], now: datetime, terms: Attention, unwanted: Container[str] = ()
) -> dict[str, Acceptance]:
    """Return what was said about each scout that has candidates.

    A candidate's last acceptance or rejection counts, by its age; 'not now …' and 'duplicate …' are no judgement of
    the scout and do not count.

    Args:
        candidates: of one project, with their decisions.
        now: the clock, UTC.
        terms: how attention is spent.
        unwanted: ids of those whose ticket somebody closed as not wanted: the yes to them was a no.
    """
    counts: dict[str, Counter[str]] = {}
    weights: dict[str, list[float]] = {}
    for one in candidates:
        count = counts.setdefault(one.signal, Counter())
        last = last_decision(one)
        count["waiting"] += last is None or last.event in _WAITS
        decided = next((d for d in reversed(standing(one.decisions)) if d.event in {Event.ACCEPT, Event.REJECT}), None)
        if decided is None or (decided.event is Event.REJECT and decided.reason.strip().lower().startswith(_NEUTRAL)):
            continue
        yes = decided.event is Event.ACCEPT and one.id not in unwanted
        count["accepted" if yes else "rejected"] += 1
        age = max((now - decided.at).total_seconds() / 86400, 0)
        weight = 0.5 ** (age / terms.half_life)
        sums = weights.setdefault(one.signal, [0.0, 0.0])
        sums[0] += weight * yes
        sums[1] += weight
    return {
        signal: Acceptance(
            signal=signal,
            accepted=count["accepted"],
            rejected=count["rejected"],
            waiting=count["waiting"],
            rate=_shrunk(weights.get(signal, [0.0, 0.0]), terms.prior_of(signal)),
            floor=terms.floors.get(signal, terms.floor),
        )
        for signal, count in sorted(counts.items())
    }


def _shrunk(weights: Sequence[float], prior: float) -> float:
    accepted, decided = weights
    return (accepted + prior * PRIOR_WEIGHT) / (decided + PRIOR_WEIGHT)


def value(severity: int, score: float, rate: float) -> float:
    """Return what a candidate is worth: severity (1–3) × how sure (0..1) × the chance of a yes (0..1)."""
    return severity * score * rate


def choose(
    admitted: Iterable[Admitted],
    order: int,
    record: Mapping[str, Acceptance] | None = None,
    terms: Attention | None = None,
    wanted: Mapping[WorkKind, int] | None = None,
) -> Choice:
    """Return the best `order` of them by expected value, spread over the scouts, and the rest with the reason.

    Those of the kinds that are wanted come first; others take the place of what there is too little of. No scout has
    more than its share of the order when others have some too (but one at least). A throttled one has one candidate at
    a time. Equal ones are ordered by fingerprint, so that the same world gives the same choice.

    Args:
        admitted: what may be proposed.
        order: how many the plan orders.
        record: what was said about scouts, by signal.
        terms: how attention is spent.
        wanted: how many of each kind the order is made of, where that is known.
    """
    known, terms = record or {}, terms or Attention()

    def worth(one: Admitted) -> float:
        lead = one.cluster.lead
        rate = known[lead.signal].rate if lead.signal in known else terms.prior_of(lead.signal)
        return value(lead.severity, lead.score, rate)

    ranked = sorted(admitted, key=lambda one: (-worth(one), one.cluster.fingerprint))
    several = len({one.cluster.lead.signal for one in ranked}) > 1
    share = max(1, int(order * terms.share)) if several else order
    taken: Counter[str] = Counter()
    chosen: list[Admitted] = []
    dropped: list[Cut] = []
    for one in needed_first(ranked, wanted or {}, share):
        signal = one.cluster.lead.signal
        scout = known.get(signal)
        if scout and scout.throttled and taken[signal] + scout.waiting >= 1:
            dropped.append(cut(one.cluster, f"{signal} is throttled: {scout.said}"))
        elif len(chosen) >= order:
            dropped.append(cut(one.cluster, "more than the plan orders"))
        elif taken[signal] >= share:
            dropped.append(cut(one.cluster, "its scout has its share of the order"))
        else:
            taken[signal] += 1
            chosen.append(one)
    return Choice(chosen=tuple(chosen), cut=tuple(dropped))
