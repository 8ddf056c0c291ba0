"""`unfinished-plan`: something that was planned in writing was never finished, nor given up."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._words import counted, listed, span, title
from scout.signals.knowledge._plans import Kind, Plan, Point, plans, rows

_MOST_SHOWN = 8


class UnfinishedPlan(Scout):
    """A plan in the repository has open points that are half a year old or older, and others that were done.

    Three kinds are read: unchecked tasks (`- [ ]`) on pages of plans, road maps and designs where other tasks of the
    same page are checked; entries under 'Unreleased' in the change log that were there a month before a release that
    this history holds; several decision records of a folder whose status is still 'proposed'
    (a single one was mostly taken and not marked). It is the age of the text that counts.
    README files, templates, check lists, wish lists without a checked task, pages that say that they are done or given
    up, and points of fewer than four words are passed over. A page is one finding.

    ## Why it matters
    Somebody thought this through and began. Half of it is done, nobody remembers the other half, and readers take the
    plan for the present state.

    ## What to do with it
    For each open point: do it, make a ticket of it, or strike it out with a word on why.
    `<!-- scout: ignore[unfinished-plan] reason -->` on the line before keeps a point.

    ## Severity
    2 for released changes that the change log still calls unreleased; else 1.

    ## Source
    Keep a Changelog 1.1.0; Nygard, Documenting Architecture Decisions (2011).
    """

    id: ClassVar[str] = "unfinished-plan"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    cap: ClassVar[int | None] = 3
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A road map with a task that was never done",
            (
                Commit(
                    "2023-01-01",
                    {
                        "docs/plans/importers.md": lines(
                            "# Road map",
                            "",
                            "- [x] Write the first importer",
                            "- [ ] Import mails from old archives too",
                            "- [ ] more tests",
                        )
                    },
                ),
            ),
            "2024-03-01",
            (Expected("docs/plans/importers.md", "docs/plans/importers.md:4"),),
        ),
        Example(
            "Two decisions are still proposed after a year",
            (
                Commit(
                    "2023-01-01",
                    {
                        "docs/adr/0002-queue.md": "# 2. Use a queue\n\n## Status\n\nProposed\n\n## Context\n",
                        "docs/adr/0003-cache.md": "# 3. Use a cache\n\nStatus: Draft\n\n## Context\n",
                        "docs/adr/0001-mail.md": "# 1. Send mail\n\n## Status\n\nAccepted\n",
                    },
                ),
            ),
            "2024-03-01",
            (Expected("docs/adr", "docs/adr/0002-queue.md:5"),),
        ),
        Example(
            "An entry stayed under 'Unreleased' after the release",
            (
                Commit(
                    "2023-01-01",
                    {"CHANGELOG.md": "## [Unreleased]\n\n- Send mails at night only\n\n## 1.0.0\n\n- First\n"},
                ),
                Commit("2023-06-01", {"a.py": "a = 1\n"}, tag="v1.1.0"),
            ),
            "2024-03-01",
            (Expected("CHANGELOG.md", "CHANGELOG.md:3"),),
        ),
        Example(
            "A wish list, a template, a README, young text, a plan that is done, and a log released in time",
            (
                Commit(
                    "2023-01-01",
                    {
                        "TODO.md": "- [ ] Paint the whole house red\n",
                        "README.md": "- [x] One thing is done\n- [ ] Another thing is not done\n",
                        "docs/adr/0004-styles.md": "# 4. Use a library\n\n## Status\n\nProposed\n",
                        "docs/plans/template.md": "- [x] Say what is meant\n- [ ] Say why it is meant\n",
                        "docs/plans/old.md": "Status: done\n\n- [x] First part of it\n- [ ] The second part of it\n",
                    },
                ),
                Commit("2023-06-01", {"a.py": "a = 1\n"}, tag="v1.1.0"),
                Commit(
                    "2024-02-01",
                    {
                        "docs/plans/new.md": "- [x] First part of it\n- [ ] The second part of it\n",
                        "CHANGELOG.md": "## Unreleased\n\n- Send mails at night only\n\n## 1.1.0\n\n- First\n",
                    },
                ),
            ),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each page with open points.

        Raises:
            UnavailableError: the clone's older history is cut off.
        """
        view.needs_ages()
        for plan in plans(view):
            yield Finding(
                signal=self.id,
                subject=plan.path,
                identity=f"{plan.kind} {_origin(view, plan)}",
                severity=2 if plan.kind is Kind.RELEASED else 1,
                kind=self.kind,
                story=_story(view, plan),
                evidence=tuple(_evidence(view, plan)),
                score=_score(plan),
            )


def _origin(view: View, plan: Plan) -> str:
    """Return what names the page for good; decisions of a folder are one matter, however many they are."""
    if plan.kind is Kind.DECISION:
        return plan.points[0].path.rpartition("/")[0]
    return view.history.origin(plan.path)


def _score(plan: Plan) -> float:
    base = {Kind.RELEASED: 0.8, Kind.TASKS: 0.6, Kind.DECISION: 0.55}[plan.kind]
    return round(base + min(0.15, plan.done / 50), 3)


def _evidence(view: View, plan: Plan) -> Iterator[Evidence]:
    for point in plan.points[:_MOST_SHOWN]:
        yield at_line(point.path, point.line, rows(view, point.path)[point.line - 1])


def _quoted(points: Sequence[Point]) -> str:
    return listed([f"'{point.text[:90].rstrip('.').replace('`', '')}' (line {point.line})" for point in points], 5)


def _story(view: View, plan: Plan) -> Story:
    number, since = len(plan.points), plan.points[0].since
    age, decides = span((view.now - since).days), plan.kind is Kind.DECISION
    match plan.kind:
        case Kind.TASKS:
            head = title(f"Finish or give up {counted(number, 'open task')} of ", plan.path)
            current = (
                f"`{plan.path}` has {counted(plan.done, 'checked task')} and {number} unchecked, up to {age} old: "
                f"{_quoted(plan.points)}."
            )
            wanted = "Each open point is done, is a ticket that the page links to, or is struck out with a word on why."
            check = f"`git grep -nF '[ ]' -- {plan.path}` finds none of these points without a ticket beside it."
        case Kind.RELEASED:
            head = title(f"Move {counted(number, 'released change')} out of 'Unreleased' in ", plan.path)
            current = (
                f"`{plan.path}` has {_quoted(plan.points)} under 'Unreleased', although the text was there before "
                f"`{plan.release}`, which this history holds."
            )
            wanted = (
                f"The change log names these changes under the release that brought them, `{plan.release}` or earlier."
            )
            check = f"`{plan.path}` has under 'Unreleased' only what came after `{plan.release}`."
        case Kind.DECISION:
            head = title(f"Take {counted(number, 'decision')} that are still open in ", plan.path)
            places = listed(
                [f"`{one.path}:{one.line}` ('{one.text}' since {one.since:%Y-%m-%d})" for one in plan.points], 6
            )
            current = f"Decision records are still open after up to {age}: {places}."
            wanted = "Each record says 'accepted', 'rejected' or 'superseded', with the reason."
            check = f"The status of each record named above in `{plan.path}` is final."
    return Story(
        title=head,
        current=current,
        why=(
            "Whoever meets the question again finds it open, decides for one place, and the next one decides otherwise."
            if decides
            else "Readers take the page for the present state, and cannot know whether the rest is still wanted. What "
            "was begun and is still wanted is work that somebody has already thought through."
        ),
        wanted=wanted,
        acceptance=(check,) if decides else (check, "Nothing that is still wanted stands on this page alone."),
        scope=(f"`{plan.path}`",),
        non_goals=("Building what is decided.",) if decides else ("Doing all of it in one change.",),
        size="S",
    )
