"""`stale-pull-request`: pull requests wait for somebody's turn far longer than they do here."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from scout.errors import UnavailableError
from scout.model import Finding, Story, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View, row
from scout.signals._evidence import at_pull_request
from scout.signals._words import counted, listed, title
from scout.signals.delivery._pulls import Pulls, Turn, Waiting
from scout.warehouse.records import ChangeCommitRow, ChangeRow, CommentRow, ReviewRow

_FEWEST_DAYS = 30
_USUAL = 0.9
_FEWEST_MERGED = 10
_ABANDONED = 3
_TITLE_ROOM = 60
_TOLD = 8
_WHAT: dict[Turn, tuple[str, str, str]] = {
    Turn.REVIEW: (
        "Review or close",
        "wait for a review or a decision",
        "Contributions that nobody looks at drive people away, and they get harder to merge with every week.",
    ),
    Turn.MERGE: (
        "Merge or close",
        "are approved and not merged",
        "The work is done and reviewed, and nobody has it; conflicts grow until it has to be done again.",
    ),
    Turn.AUTHOR: (
        "Take over or close",
        "wait for their author",
        "They look like work in motion and keep others from doing the same.",
    ),
}
_MERGED = tuple(
    row(
        ChangeRow,
        key=str(number),
        title=f"Page {number}",
        state="merged",
        author="p1",
        created_at="2024-01-01",
        merged_at="2024-01-11",
    )
    for number in range(20, 32)
)


def _pull(key: str, at: str, **facts: object) -> ChangeRow:
    return row(
        ChangeRow, **{"key": key, "title": f"Change {key}", "state": "open", "author": "p1", "created_at": at, **facts}
    )


class StalePullRequest(Scout):
    """Open pull requests for which it has been one role's turn for far longer than it takes here.

    Whose turn it is: the author's when the newest review asks for changes, a label says so, continuous integration
    failed for the newest commit, or somebody else asked for something or remarked on a line since; who may merge when
    it is approved and nobody had doubts since; a reviewer's otherwise. Long is longer than nine in ten merged pull
    requests took here from beginning to end, and 30 days at least, with nothing from anybody since. Drafts and pull
    requests of programs are passed over, and so are projects with fewer than ten merged ones. One finding for each
    role; people are never named.

    ## Why it matters
    A pull request is work that is nearly done; it loses its worth while it waits, and its author the wish to do more.

    ## What to do with it
    Review, merge, take over, or close with thanks.

    ## Severity
    2 when approved ones or three others wait, else 1.

    ## Source
    Yu et al., Wait for it: Determinants of pull request evaluation latency on GitHub (MSR 2015).
    """

    id: ClassVar[str] = "stale-pull-request"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.CHANGES})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "One waits for a review, one for its author, one is approved",
            (),
            "2024-06-01",
            (
                Expected("waiting to be merged", "3"),
                Expected("waiting for the author", "2"),
                Expected("waiting for a review", "1"),
            ),
            (
                *_MERGED,
                _pull("1", "2024-03-01"),
                _pull("2", "2024-03-01"),
                row(ReviewRow, change="2", key="r1", verdict="changes_requested", reviewer="k1", at="2024-03-02"),
                _pull("3", "2024-03-01"),
                row(ReviewRow, change="3", key="r2", verdict="approved", reviewer="k1", at="2024-03-02"),
            ),
        ),
        Example(
            "Drafts, programs' ones, talked about, and new ones",
            (),
            "2024-06-01",
            (),
            (
                *_MERGED,
                _pull("1", "2024-03-01", draft=True),
                _pull("2", "2024-03-01", by_bot=True),
                _pull("3", "2024-03-01"),
                row(
                    CommentRow,
                    subject="3",
                    key="c1",
                    kind="comment",
                    body="Next week.",
                    author="k1",
                    created_at="2024-05-20",
                ),
                _pull("4", "2024-05-20"),
            ),
        ),
        Example(
            "It takes half a year here",
            (),
            "2024-06-01",
            (),
            (
                *(one._replace(created_at=one.created_at.replace(year=2023)) for one in _MERGED if one.created_at),
                _pull("1", "2024-03-01"),
            ),
        ),
        Example(
            "Its reviews are not read yet, those of others are",
            (),
            "2024-06-01",
            (),
            (*_MERGED, _pull("1", "2024-03-01"), row(ChangeCommitRow, change="20", sha="1" * 40)),
        ),
        Example("Too few were merged to tell", (), "2024-06-01", (), (*_MERGED[:9], _pull("1", "2024-03-01"))),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each role whose turn it has been for too long.

        Raises:
            UnavailableError: the reviews of most are not read yet.
        """
        pulls = Pulls(view)
        took = pulls.days_to_merge
        if len(took) < _FEWEST_MERGED:
            return
        usual = took[int(_USUAL * len(took))]
        least = max(_FEWEST_DAYS, usual)
        known = [change for change in pulls.open if pulls.read(change)]
        if len(known) < len(pulls.open) / 2:
            message = (
                f"The reviews of {len(pulls.open) - len(known)} of {len(pulls.open)} open pull requests are "
                "not read yet."
            )
            raise UnavailableError(message, "`scout run` reads more of them each time.")
        waiting = [pulls.waiting(change) for change in known]
        late = [one for one in waiting if (view.now - pulls.last_sign(one.change)).days > least]
        for turn in (Turn.MERGE, Turn.REVIEW, Turn.AUTHOR):
            mine = sorted((one for one in late if one.turn is turn), key=lambda one: (one.since, one.change.key))
            if mine:
                yield Finding(
                    signal=self.id,
                    subject=_SUBJECT[turn],
                    identity=f"turn {turn.value}",
                    severity=2 if turn is Turn.MERGE or len(mine) >= _ABANDONED else 1,
                    kind=self.kind,
                    story=_story(view, turn, mine, usual),
                    evidence=tuple(at_pull_request(one.change.key, _said(one)) for one in mine[:20]),
                    score=0.75 if turn is Turn.MERGE else 0.7 if turn is Turn.AUTHOR else 0.65,
                )


_WHO = ("This pull request", "These pull requests")
_ONE = {
    Turn.REVIEW: "waits for a review or a decision",
    Turn.MERGE: "is approved and not merged",
    Turn.AUTHOR: "waits for its author",
}
_SUBJECT = {
    Turn.REVIEW: "waiting for a review",
    Turn.AUTHOR: "waiting for the author",
    Turn.MERGE: "waiting to be merged",
}


def _bare(change: ChangeRow) -> str:
    text = " ".join(change.title.replace("@", "").replace("`", "'").split())
    return text if len(text) <= _TITLE_ROOM else f"{text[: _TITLE_ROOM - 1]}…"


def _said(one: Waiting) -> str:
    return f"{_SUBJECT[one.turn]} since {one.since:%Y-%m-%d}: {_bare(one.change)}"


def _story(view: View, turn: Turn, mine: Sequence[Waiting], usual: float) -> Story:
    verb, verbs, why = _WHAT[turn]
    number = len(mine)
    what = verbs if number > 1 else _ONE[turn]
    keys = [f"#{one.change.key}" for one in mine]
    parts = [f"#{one.change.key} ({_bare(one.change)}, since {one.since:%Y-%m-%d})" for one in mine[:_TOLD]]
    return Story(
        title=title(f"{verb} {counted(number, 'pull request')} {_SUBJECT[turn]}: ", listed(keys, 2)),
        current=(
            f"{_WHO[number > 1]} {what}, and nobody has said or done anything for longer than "
            f"{round(max(_FEWEST_DAYS, usual))} "
            f"days by {view.now:%Y-%m-%d}: "
            f"{'; '.join(parts)}{f' and {number - _TOLD} more' if number > _TOLD else ''}. Nine in "
            f"ten merged ones took {usual:.0f} days at most here."
        ),
        why=why,
        wanted="Each is merged, closed with thanks and a reason, taken over, or has a word on what happens next.",
        acceptance=tuple(f"{key} is closed or merged, or has a new word." for key in keys[:_TOLD]),
        scope=tuple(keys[:12]),
        non_goals=("Saying who is slow.",),
        size="M",
    )
