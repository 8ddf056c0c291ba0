"""`fixed-elsewhere`: a sibling has repaired this code, and here it stands as it was."""

from collections import defaultdict
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._changes import told
from scout.signals._evidence import at_change, at_line, elsewhere
from scout.signals._words import counted, listed, title
from scout.signals.portfolio._lines import telling
from scout.signals.portfolio._living import FEWEST_REMOVED, Place, places

_OLD = (
    "def fetch(url, target):",
    "    archive = tarfile.open(download(url))",
    "    members = archive.getmembers()",
    "    archive.extractall(target, members)",
    "    return [member.name for member in members]",
)
_NEW = (
    "def fetch(url, target):",
    "    with tarfile.open(download(url)) as archive:",
    "        archive.extractall(target, filter='data')",
    "        return archive.getnames()",
)
_STEPS = ("width = paper.width - 2 * margin", "height = paper.height - 2 * margin", "area = product(width, height)")
_CALLS = ("value = compute_first(3)", "other = compute_second(4)", "third = both(value, other)")
_ROUNDED = "    return round(sum(rows), digits=2)"
_HEAD = ("import tarfile", "", "")


class FixedElsewhere(Scout):
    """Code that another project of the portfolio has repaired stands here unrepaired.

    A repair is a change of the last two years whose title says so (a fix of behaviour, or security), with at most
    eight files, by people. What it took out counts when three distinctive lines of it stand here in the same order
    without a gap, or fewer with lines around them, five distinctive ones in all. Passed over are imports, comments and
    brackets, code that the sibling has brought back, files that hold the repaired lines as well, what stands here in
    more than three places (an idiom, not a copy), and tests, migrations, fixtures, vendored and generated files.

    ## Why it matters
    Somebody has found out that this code is wrong, and how to mend it. Here, the same fault waits to be found again;
    and where it was one of security, the published fix tells everybody how to use it.

    ## What to do with it
    Read the fix in the sibling and carry it over, or move the code to one place that both use.
    `# scout: ignore[fixed-elsewhere] reason` on the line before keeps it.

    ## Severity
    3 when the fix's title speaks of security, else 2.

    ## Source
    Li, Ernst, CBCD: cloned buggy code detector, ICSE 2012; Kim et al., VUDDY: a scalable approach for vulnerable code
    clone discovery, IEEE S&P 2017.
    """

    id: ClassVar[str] = "fixed-elsewhere"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY, Reads.PORTFOLIO})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A sibling has stopped unpacking archives without a check",
            (Commit("2023-01-01", {"app/fetching.py": lines(*_HEAD, *_OLD)}),),
            "2024-06-01",
            (Expected("app/fetching.py", "app/fetching.py:5"),),
            siblings={
                "meadow": (
                    Commit("2023-01-01", {"src/load.py": lines(*_HEAD, "LIMIT = 3", "", *_OLD)}),
                    Commit("2024-03-01", {"src/load.py": lines(*_HEAD, "LIMIT = 3", "", *_NEW)}, "Fix path traversal"),
                )
            },
        ),
        Example(
            "One line was wrong, and the lines around it are the same",
            (
                Commit(
                    "2023-01-01",
                    {
                        "jobs.py": lines(
                            "def send(message, queue):",
                            "    payload = json.dumps(message)",
                            "    connection = queue.connect(timeout=None)",
                            "    channel = connection.channel(prefetch=1)",
                            "    channel.publish(payload, persistent=True)",
                        )
                    },
                ),
            ),
            "2024-06-01",
            (Expected("jobs.py", "jobs.py:3"),),
            siblings={
                "meadow": tuple(
                    Commit(
                        day,
                        {
                            "tasks.py": lines(
                                "def send(message, queue):",
                                "    payload = json.dumps(message)",
                                f"    connection = queue.connect(timeout={seconds})",
                                "    channel = connection.channel(prefetch=1)",
                                "    channel.publish(payload, persistent=True)",
                            )
                        },
                        message,
                    )
                    for day, seconds, message in (
                        ("2023-01-01", None, "Send"),
                        ("2024-03-01", 30, "Fix hanging workers"),
                    )
                )
            },
        ),
        Example(
            "Repaired here too, changed for another reason, one line alone, a test, a migration, and brought back",
            (
                Commit(
                    "2023-01-01",
                    {
                        "fixed.py": lines(*_HEAD, *_OLD, "", *_NEW),
                        "style.py": lines(*_STEPS),
                        "one.py": lines("class Bill:", "    def total(self):", _ROUNDED, "", "bill = Bill()"),
                        "tests/test_old.py": lines(*_OLD),
                        "app/migrations/0002_old.py": lines(*_OLD),
                        "back.py": lines(*_CALLS),
                    },
                ),
            ),
            "2024-06-01",
            siblings={
                "meadow": (
                    Commit(
                        "2023-01-01",
                        {
                            "load.py": lines(*_OLD),
                            "style.py": lines(*_STEPS),
                            "one.py": lines("def total(rows):", _ROUNDED),
                            "back.py": lines(*_CALLS),
                        },
                    ),
                    Commit("2024-01-01", {"load.py": lines(*_NEW)}, "Fix path traversal"),
                    Commit("2024-02-01", {"style.py": lines("area = paper.area(margin=2)")}, "Shorten area"),
                    Commit("2024-02-02", {"one.py": lines("def total(rows):", "    return exact(rows)")}, "Fix totals"),
                    Commit("2024-03-01", {"back.py": lines("value = all_in_one(3, 4)")}, "Fix crash with big values"),
                    Commit("2024-04-01", {"back.py": lines(*_CALLS)}, "Take it back"),
                )
            },
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each fix of a sibling that has not arrived here."""
        for fix, found in _causes(view):
            secures = any(place.fix.secures for place in found)
            own = list(dict.fromkeys((place.path, place.line) for place in found))
            whole = len(found[0].block.removed) >= FEWEST_REMOVED
            yield Finding(
                signal=self.id,
                subject=own[0][0],
                identity=fix,
                severity=3 if secures else 2,
                kind=self.kind,
                story=_story(found, secures=secures),
                evidence=(*(at_line(path, line.number, line.text) for path, line in own), *_there(view, found)),
                score=0.9 if whole else 0.75,
            )


def _causes(view: View) -> Iterator[tuple[str, list[Place]]]:
    """Give each fix, as its commit's name, with the places that lack it, the most telling first.

    Where several siblings have repaired the same text, the first of them is the fix.
    """
    texts: dict[tuple[str, ...], list[Place]] = defaultdict(list)
    for place in places(view):
        texts[place.block.removed].append(place)
    causes: dict[str, list[Place]] = defaultdict(list)
    for same in texts.values():
        first = min(same, key=lambda place: (place.fix.change.at, place.fix.change.sha))
        causes[first.fix.change.sha] += same
    for fix, found in sorted(causes.items()):
        yield fix, sorted(found, key=_place_order)


def _place_order(place: Place) -> tuple[int, str, int, str]:
    return (-len(place.block.removed), place.path, place.line.number, place.sibling)


def _there(view: View, found: list[Place]) -> Iterator[Evidence]:
    """Give the fixes, and for each the first line that took the place of what was removed, where it still stands."""
    told_of: set[tuple[str, str]] = set()
    for place in found:
        if (place.sibling, place.fix.change.sha) in told_of:
            continue
        told_of.add((place.sibling, place.fix.change.sha))
        yield elsewhere(place.sibling, at_change(place.fix.change))
        tree, path = view.siblings[place.sibling].tree, place.fix.path
        text = tree.text(path) if path in tree.files else None
        for row in telling(text or ""):
            if row.key in place.block.added:
                yield elsewhere(place.sibling, at_line(path, row.number, row.text))
                break


def _story(found: list[Place], *, secures: bool) -> Story:
    own = list(dict.fromkeys(f"`{place.path}:{place.line.number}`" for place in found))
    number = max(len(place.block.removed) for place in found)
    paths = listed(list(dict.fromkeys(f"`{place.path}`" for place in found)))
    made = listed(list(dict.fromkeys(f"{told(place.fix.change)} in {place.sibling}" for place in found)))
    first = found[0]
    return Story(
        title=title(f"Carry the fix of {first.sibling} over to ", first.path),
        current=(
            f"{listed(own)} still {'has' if len(own) == 1 else 'have'} code that {made} replaced: "
            f"{counted(number, 'line')} at the first {'is' if number == 1 else 'are'} as in `{first.fix.path}` before."
        ),
        why=(
            "The fault is known, and so is its repair; both can be read in the sibling's history. "
            + ("Whoever reads that fix knows how to attack this project." if secures else "Here it is still there.")
        ),
        wanted="The code here has the same repair, or both projects use one copy of it.",
        acceptance=(
            f"The lines that the fix removed no longer stand in {paths}.",
            "A test shows the case that the fix is about.",
        ),
        scope=tuple(dict.fromkeys(f"`{place.path}`" for place in found)),
        non_goals=("Other differences between the projects.",),
        risks=("The code around may differ: read the whole fix before carrying it over.",),
        size="S",
    )
