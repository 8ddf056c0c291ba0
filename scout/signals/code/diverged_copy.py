"""`diverged-copy`: a file and its copy were changed apart, and one has not got what the other has."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._changes import kind, told
from scout.signals._evidence import at_change, at_line, at_path
from scout.signals._words import counted, listed, title
from scout.signals.code._copies import Copies, copies

_MOST = 4
_MEANT = "none of the changes was a fix: the difference may be meant"


def _cart(price: str, *more: str, rows: int = 40) -> str:
    """Return a file of over 40 lines, for the examples."""
    return lines(
        "def total(cart):", f"    {price}", *(f"    cart.add_row({row}, 'of the cart')" for row in range(rows)), *more
    )


class DivergedCopy(Scout):
    """Two files of one name that are alike were changed apart: one still says what was replaced in the other.

    Looked at are files of code of 40 lines and more, with the same name in two folders and in no third, 60 to 99 % of
    whose lines are the same. One counts when a change of the last two years touched the other alone and replaced a line
    that still stands here. Offered are fixes; what else differs may be meant, and is kept as evidence. Passed over are
    migrations, numbered, old and deprecated versions, the pages of administrators, vendored and generated files, tests,
    translations, sweeps and programs' changes. The copies of two folders are one finding.

    ## Why it matters
    Whoever repaired the one file did not know of the other. The same fault is still there, and everybody who changes
    the one from now on has to know that there are two.

    ## What to do with it
    Bring the change over, or give both one home. If they are meant to differ, rename one or say so:
    `# scout: ignore[diverged-copy] reason` on the line before keeps it.

    ## Severity
    2 when one of the changes was a fix; else 1.

    ## Source
    Krinke, A Study of Consistent and Inconsistent Changes to Code Clones (WCRE 2007); field study of 28 public
    repositories: 8 of 14 pairs were worth a ticket before the replaced line was asked for.
    """

    id: ClassVar[str] = "diverged-copy"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The price was repaired in one of two carts",
            (
                Commit(
                    "2024-01-01",
                    {
                        "web/till.py": _cart("price = cart.unit_price"),
                        "app/till.py": _cart("price = cart.unit_price", ""),
                    },
                ),
                Commit(
                    "2024-03-01",
                    {"web/till.py": _cart("price = cart.unit_price * cart.quantity")},
                    "Fix the price of several",
                ),
            ),
            "2024-06-01",
            (Expected("app/till.py", "app/till.py:2"),),
        ),
        Example(
            "Changed together, long ago, on purpose, brought over since, three of a name, too short, too little alike",
            (
                Commit(
                    "2021-01-01",
                    {
                        **{f"{at}/both.py": _cart("price = cart.unit_price", f"x = '{at}'") for at in "ab"},
                        **{f"{at}/then.py": _cart("price = cart.unit_price", f"x = '{at}'") for at in "ab"},
                        **{f"{at}/over.py": _cart("price = cart.unit_price", f"x = '{at}'") for at in "ab"},
                        **{f"{at}/many.py": _cart("price = cart.unit_price", f"x = '{at}'") for at in "abc"},
                        **{f"{at}/few.py": _cart("price = cart.unit_price", f"x = '{at}'", rows=30) for at in "ab"},
                        "a/other.py": _cart("price = cart.unit_price"),
                        "b/other.py": _cart("price = cart.unit_price", *(f"other = {at}" for at in range(70))),
                        **{f"{at}/new.py": _cart("price = cart.unit_price", f"x = '{at}'") for at in "ab"},
                        **{f"{at}/kept.py": _cart("price = cart.unit_price", f"x = '{at}'") for at in ("a", "old")},
                        **{f"{at}/page.py": _cart("price = cart.unit_price", f"x = '{at}'") for at in ("a", "a/admin")},
                    },
                ),
                Commit(
                    "2021-03-01", {"a/then.py": _cart("price = cart.unit_price * cart.quantity", "x = 'a'")}, "Fix it"
                ),
                Commit(
                    "2024-03-01",
                    {f"{at}/both.py": _cart("price = cart.unit_price * cart.quantity", f"x = '{at}'") for at in "ab"},
                    "Fix both",
                ),
                Commit(
                    "2024-03-02",
                    {
                        "a/over.py": _cart("price = cart.unit_price * cart.quantity", "x = 'a'"),
                        "a/many.py": _cart("price = cart.unit_price * cart.quantity", "x = 'a'"),
                        "a/few.py": _cart("price = cart.unit_price * cart.quantity", "x = 'a'", rows=30),
                        "a/other.py": _cart("price = cart.unit_price * cart.quantity"),
                        "a/kept.py": _cart("price = cart.unit_price * cart.quantity", "x = 'a'"),
                        "a/page.py": _cart("price = cart.unit_price * cart.quantity", "x = 'a'"),
                    },
                    "Fix the price",
                ),
                Commit(
                    "2024-03-03",
                    {"b/over.py": _cart("price = cart.unit_price * cart.quantity", "x = 'b'")},
                    "Fix it, too",
                ),
            ),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each pair of folders."""
        by_folders: dict[tuple[str, str], list[Copies]] = {}
        for one in copies(view):
            folders = (one.left.rpartition("/")[0], one.changed.rpartition("/")[0])
            by_folders.setdefault(folders, []).append(one)
        for (left, changed), found in by_folders.items():
            missed = [miss for one in found for miss in one.missed]
            fixes = any(kind(miss.change.title).is_fix for miss in missed)
            first = found[0]
            finding = Finding(
                signal=self.id,
                subject=first.left if len(found) == 1 else left or ".",
                identity=" ".join(sorted(view.history.origin(path) for path in (first.left, first.changed))),
                severity=2 if fixes else 1,
                kind=self.kind if fixes else WorkKind.CHORE,
                story=_story(found, left, changed),
                evidence=(
                    *(at_line(one.left, miss.line, miss.text) for one in found for miss in one.missed[:_MOST]),
                    *(at_path(one.changed, f"{one.alike:.0%} the same lines") for one in found),
                    *(at_change(change) for change in {miss.change.sha: miss.change for miss in missed}.values()),
                ),
                score=round(0.4 + 0.2 * fixes + 0.2 * first.alike, 3),
            )
            yield finding if fixes else finding.having(offered=False, because=_MEANT)


def _story(found: list[Copies], left: str, changed: str) -> Story:
    first = found[0]
    miss = first.missed[0]
    name = first.left if len(found) == 1 else left or "."
    pairs = listed([f"`{one.left}` and `{one.changed}` ({one.alike:.0%} the same lines)" for one in found], 6)
    return Story(
        title=title("Bring over what its copy has got to ", name),
        current=(
            f"{pairs} are copies. {told(miss.change)} touched `{first.changed}` alone and replaced what still "
            f"stands at `{first.left}:{miss.line}`"
            + (
                f"; {counted(sum(len(one.missed) for one in found) - 1, 'other change')} likewise."
                if _is_more(found)
                else "."
            )
        ),
        why=(
            "Whoever made the change did not know of the copy, which still has what was replaced; the next change will "
            "miss it as well."
        ),
        wanted=(
            f"`{left or '.'}` has what `{changed or '.'}` has got, or both read one file; where they are meant to "
            "differ, a comment says so."
        ),
        acceptance=tuple(
            f"`{one.left}` has no `{miss.text.strip()[:80].replace('`', chr(39))}` any more, or a comment says why."
            for one in found[:3]
            for miss in one.missed[:1]
        ),
        tests=("A test of the copy like the one that came with the change.",),
        scope=tuple(f"`{path}`" for one in found[:4] for path in (one.left, one.changed)),
        non_goals=("Lines that differ since long, and on purpose.",),
        size="S" if len(found) == 1 else "M",
    )


def _is_more(found: list[Copies]) -> bool:
    return sum(len(one.missed) for one in found) > 1
