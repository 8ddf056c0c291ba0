"""What is needed comes first: candidates of the kinds that an order is made of, before others of more worth."""

from collections import Counter
from collections.abc import Mapping, Sequence

from scout.drafts.dedupe import Admitted
from scout.model import WorkKind


def needed_first(ranked: Sequence[Admitted], wanted: Mapping[WorkKind, int], share: int) -> tuple[Admitted, ...]:
    """Return them all: those that fill what is wanted of their kind, best first, then the others, best first.

    Where there is too little of a kind, what comes after takes its place: a wish is no reason to draft less.

    Args:
        ranked: what may be proposed, best first.
        wanted: how many of each kind; empty where nothing says so.
        share: how many one scout may have.
    """
    kinds, scouts = Counter[WorkKind](), Counter[str]()
    first: list[Admitted] = []
    others: list[Admitted] = []
    for one in ranked:
        lead = one.cluster.lead
        if kinds[lead.kind] < wanted.get(lead.kind, 0) and scouts[lead.signal] < share:
            kinds[lead.kind] += 1
            scouts[lead.signal] += 1
            first.append(one)
        else:
            others.append(one)
    return (*first, *others)
