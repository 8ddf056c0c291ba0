"""`review-bypass`: changes are merged without review, where review was the rule."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from scout.errors import UnavailableError
from scout.model import Evidence, Finding, Story, WorkKind
from scout.signals._base import Example, Expected, NotApplicable, Reads, Scout, View, row
from scout.signals._evidence import at_pull_request, metric
from scout.signals._words import listed
from scout.signals.governance._reviews import Quarter, count, quarters, surprise
from scout.warehouse.records import ChangeCommitRow, ChangeRow, CommentRow, ReviewRow

_ADOPTED = 0.1
_FEWEST_BEFORE = 40
_FEWEST_NOW = 20
_FEWEST_PEOPLE = 3
_GROWN = 0.1
_LEAST = 0.2
_SURE = 2.5
_BEFORE, _NOW = 8, 2


def _merged(key: int, at: str, *, reviewed: bool = True) -> tuple[ChangeRow, *tuple[ReviewRow, ...]]:
    """Return a change that was merged, with its review, for examples."""
    change = row(
        ChangeRow,
        key=str(key),
        title=f"Change {key}",
        state="merged",
        author=f"p{key % 4}",
        created_at=at,
        merged_at=f"{at}T12:00",
    )
    review = row(ReviewRow, change=str(key), key=f"r{key}", verdict="approved", reviewer="k1", at=f"{at}T10:00")
    return (change, review) if reviewed else (change,)


def _review(key: int, at: str = "", **facts: object) -> ReviewRow:
    """Return a further review of an example's change, on the day of its merge unless another is given."""
    day = at or f"2024-05-{key - 99:02}"
    given = {"reviewer": "k1", **facts}
    return row(ReviewRow, change=str(key), key=f"s{key}", verdict="approved", at=f"{day}T11:00", **given)


_HABIT = tuple(
    one for number in range(60) for one in _merged(number, f"2023-{number % 12 + 1:02}-{number // 4 + 1:02}")
)


class ReviewBypass(Scout):
    """Pull requests are merged that nobody but their author looked at, where that hardly ever happened before.

    Review has to be the rule: in the eight quarters before the last two, at most 10 % of 40 or more merged pull
    requests had none. Then it shows when 20 % or more of the last two quarters' (20 or more) had none, 10 points more
    than before, and more than chance brings (z of 2.5). A review is one by another person before the merge, or a
    comment of another that approves ('LGTM', 'ACK'). Changes of programs don't count. Quarters are those of the
    calendar, the running one included. Only pull requests whose details are read count. Without reviews in the data
    nothing can be told, nor where fewer than three people bring changes.

    ## Why it matters
    The team decided that nothing goes in unseen; what is bypassed under haste is what nobody will understand later.

    ## What to do with it
    Decide: hold to the rule (a protected branch enforces it), or say for which changes it does not hold.

    ## Severity
    3 when half of them had none, else 2.

    ## Source
    Field study of 28 public repositories: a bypass says something only where the control was adopted, and only the
    provider's own records tell a push from a rebased request.
    """

    id: ClassVar[str] = "review-bypass"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.CHANGES})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "All were reviewed for a year, and half are not in spring",
            (),
            "2024-06-01",
            (Expected(".", "merged pull requests without a review by somebody else, by quarter"),),
            (
                *_HABIT,
                *(
                    one
                    for key in range(100, 130)
                    for one in _merged(key, f"2024-05-{key - 99:02}", reviewed=key % 2 == 0)
                ),
            ),
        ),
        Example(
            "Reviews by the author, by programs and after the merge are none: 7 of 30 bypass",
            (),
            "2024-06-01",
            (Expected(".", "merged pull requests without a review by somebody else, by quarter"),),
            (
                *_HABIT,
                *(
                    one
                    for key in range(100, 130)
                    for one in _merged(key, f"2024-05-{key - 99:02}", reviewed=key // 107 > 0)
                ),
                *(_review(key, reviewer=f"p{key % 4}") for key in range(100, 103)),
                *(_review(key, by_bot=True) for key in range(103, 105)),
                *(_review(key, at="2024-05-20") for key in range(105, 107)),
            ),
        ),
        Example(
            "Nineteen in the last quarters are too few to tell",
            (),
            "2024-06-01",
            (),
            (
                *_HABIT,
                *(one for key in range(100, 119) for one in _merged(key, f"2024-05-{key - 99:02}", reviewed=False)),
            ),
        ),
        Example(
            "Half were never reviewed here, and now none is",
            (),
            "2024-06-01",
            (),
            (
                *(
                    one
                    for key in range(60)
                    for one in _merged(key, f"2023-{key % 12 + 1:02}-{key // 4 + 1:02}", reviewed=key % 2 == 0)
                ),
                *(one for key in range(100, 130) for one in _merged(key, f"2024-05-{key - 99:02}", reviewed=False)),
            ),
        ),
        Example(
            "Few are bypassed, programs merge, and words of others approve",
            (),
            "2024-06-01",
            (),
            (
                *_HABIT,
                *(
                    one
                    for key in range(100, 125)
                    for one in _merged(key, f"2024-05-{key - 99:02}", reviewed=key % 9 > 0)
                ),
                *(
                    one._replace(by_bot=True)
                    for key in range(200, 225)
                    for one in _merged(key, f"2024-05-{key - 199:02}", reviewed=False)
                    if isinstance(one, ChangeRow)
                ),
                *(one for key in range(300, 310) for one in _merged(key, f"2024-05-{key - 299:02}", reviewed=False)),
                *(
                    row(
                        CommentRow,
                        subject=str(key),
                        key=f"c{key}",
                        kind="comment",
                        body="LGTM",
                        author="k1",
                        created_at=f"2024-05-{key - 299:02}",
                    )
                    for key in range(300, 310)
                ),
            ),
        ),
        Example(
            "The reviews of the last quarters are not read yet",
            (),
            "2024-06-01",
            (),
            (
                *_HABIT,
                *(row(ChangeCommitRow, change=str(key), sha=f"{key:040x}") for key in range(60)),
                *(one for key in range(100, 130) for one in _merged(key, f"2024-05-{key - 99:02}", reviewed=False)),
            ),
        ),
        Example(
            "Only two people bring changes",
            (),
            "2024-06-01",
            (),
            tuple(
                one._replace(author=f"p{int(one.key) % 2}") if isinstance(one, ChangeRow) else one
                for one in (
                    *_HABIT,
                    *(one for key in range(100, 130) for one in _merged(key, f"2024-05-{key - 99:02}", reviewed=False)),
                )
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding where review is bypassed more than it was.

        Raises:
            UnavailableError: no reviews are known.
            NotApplicable: review was never the rule, or too few people or changes are there to have one.
        """
        last = quarters(view, _BEFORE + _NOW)
        now, before = last[-_NOW:], last[:-_NOW]
        old, new = count(before), count(now)
        if sum(old) < _FEWEST_BEFORE or sum(new) < _FEWEST_NOW:
            message = "too few pull requests were merged to tell a habit"
            raise NotApplicable(message)
        if len({change.author for one in now for change in one.merged}) < _FEWEST_PEOPLE:
            message = "fewer than three people bring changes"
            raise NotApplicable(message)
        if not view.core.of(ReviewRow):
            message = "No reviews of pull requests are known."
            raise UnavailableError(message, "Pull them with the pull requests' details.")
        habit, share = old[0] / sum(old), new[0] / sum(new)
        if habit > _ADOPTED:
            message = f"review was no rule here: {100 * habit:.0f} % were merged without"
            raise NotApplicable(message)
        if share >= max(_LEAST, habit + _GROWN) and surprise(old, new) >= _SURE:
            yield Finding(
                signal=self.id,
                subject=".",
                identity="review",
                severity=3 if share >= 0.5 else 2,  # noqa: PLR2004 as the page says
                kind=self.kind,
                story=_story(last, habit, share),
                evidence=tuple(_evidence(last, now)),
                score=min(0.9, 0.6 + share / 2),
            )


def _evidence(last: Sequence[Quarter], now: Sequence[Quarter]) -> Iterator[Evidence]:
    figures = ", ".join(f"{one.name}: {len(one.bypassed)} of {len(one.merged)}" for one in last if one.merged)
    yield metric("merged pull requests without a review by somebody else, by quarter", figures)
    newest = [change for one in now for change in one.bypassed][::-1]
    for change in newest[:15]:
        yield at_pull_request(change.key, f"merged on {change.merged_at:%Y-%m-%d} without review")


def _story(last: Sequence[Quarter], habit: float, share: float) -> Story:
    now = last[-_NOW:]
    keys = [f"#{change.key}" for one in now for change in one.bypassed][::-1]
    figures = ", ".join(f"{one.name}: {len(one.bypassed)} of {len(one.merged)}" for one in last if one.merged)
    return Story(
        title=f"Decide whether review before merge still holds ({100 * share:.0f} % go without)",
        current=(
            f"Counted are merged pull requests without a review by somebody else, by quarter: {figures}. It was "
            f"{100 * habit:.0f} % before, and is {100 * share:.0f} % in the last two quarters; the newest are "
            f"{listed(keys, 8)}."
        ),
        why="The rule was kept until then; what goes in unseen under haste is what nobody else understands later.",
        wanted="The rule holds again, or it is written down for which changes it does not hold.",
        acceptance=(
            "The contributing guide says which changes need a review, and the default branch is protected accordingly.",
            "In the next quarter at most 10 % of the pull requests that need one are merged without a review.",
        ),
        scope=("The contributing guide", "Protection of the default branch"),
        non_goals=("Counting by person.",),
        risks=("Reviews that happen elsewhere, in pairs or in calls, are not seen.",),
    )
