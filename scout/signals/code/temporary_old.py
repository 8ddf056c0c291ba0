"""`temporary-old`: code that was to go when something had happened, and is still there."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals.code._waiting import Share, findings

_THEN = "// TODO: enable after names were added to walls.yml."


class TemporaryOld(Scout):
    """A comment says when its code can go, and the text is half a year old or older.

    Only comments found by a tokeniser count, outside tests, vendored and generated files. The comment has to give
    an order ('remove', 'can be dropped', 'TODO') or to speak of a workaround, and to name the end: a version, an
    issue, or an event that somebody can check. 'Until' and 'for now' alone do not count, and neither does a version
    that is visibly not reached, what another task of the file still asks for, a sentence about what goes on again and
    again ('when they connect, they should'), a plan of the project's own that its issue tracks ('we should use',
    without a word of stopgap), or the removal of a name that the file still has. Places that wait for the same are one
    finding. Comments whose day has passed belong to `expiry-date-passed`, those whose condition is visibly met to
    `temporary-condition-met`.

    ## Why it matters
    Temporary code that outlives its reason is read, worked around and copied as if it were meant. Its author knew when
    it could go and wrote it down; after half a year nobody looks any more.

    ## What to do with it
    Check the condition. If it is met, remove the code with its comment. If it is not, say in the comment what is
    waited for now. `# scout: ignore[temporary-old] reason` on the line or the one before keeps it as it is.

    ## Severity
    1 always: whether the condition is met has to be looked up.

    ## Source
    Potdar and Shihab, An Exploratory Study on Self-Admitted Technical Debt (ICSME 2014); Maipradit et al., Wait for
    it: identifying 'On-Hold' self-admitted technical debt (EMSE 2020).
    """

    id: ClassVar[str] = "temporary-old"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 5
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A workaround waits for an issue elsewhere, in two places",
            (
                Commit(
                    "2023-01-10",
                    {
                        "a.go": lines(
                            "package a",
                            "",
                            "// Workaround until https://example.org/lib/issues/12 is fixed.",
                            "var a = 1",
                        ),
                        "b.go": lines(
                            "package a",
                            "",
                            "var c = 2",
                            "",
                            "// Workaround until https://example.org/lib/issues/12 is fixed.",
                            "var b = 1",
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (Expected("a.go", "a.go:3"),),
        ),
        Example(
            "Two places wait for one issue, in other words",
            (
                Commit(
                    "2023-01-10",
                    {
                        "walls/home.py": lines(
                            "a = 1",
                            "# The cast is needed, see https://example.org/ticket/16055",
                            "# Once the issue is resolved, this query can be removed.",
                            "b = 2",
                        ),
                        "walls/report.py": lines(
                            "# TODO: drop the cast once https://example.org/ticket/16055 is fixed",
                            "c = 3",
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (Expected("walls/home.py", "walls/home.py:3"),),
        ),
        Example(
            "One event that several files wait for, in words that differ by the first",
            (
                Commit(
                    "2023-01-10",
                    {
                        "walls/labels.py": lines(
                            "# TODO: remove the else branch once v3 migration is complete", "a = 1"
                        ),
                        "walls/urls.py": lines("# TODO: compatible; remove after v3 migration is complete", "b = 1"),
                        "walls/a.py": lines(
                            "# TODO: delete this after the v3 migration is complete", "# manage paint", "c = 1"
                        ),
                        "walls/t.ts": lines(_THEN, "// wall_name: `${w}1`,", "p()", _THEN, "// hue_name: `${h}2`,", ""),
                    },
                ),
            ),
            "2024-02-01",
            (Expected("walls/a.py", "walls/a.py:1"), Expected("walls/t.ts", "walls/t.ts:1")),
        ),
        Example(
            "A task of the same file is about another name, or asks for something else; an event of software",
            (
                Commit(
                    "2023-01-10",
                    {
                        "walls/c.py": lines(
                            "# TODO: hide 'wallNumber' from painters.",
                            "a = 1",
                            "# TODO: remove this when wall['wallNumber'] is converted to a key",
                            "b = wall['wallNumber']",
                        ),
                        "walls/d.py": lines(
                            "# TODO: convert 'hueNumber' to a key.",
                            "a = 1",
                            "# TODO: remove this when hue['wallNumber'] is converted to text",
                            "b = hue['wallNumber']",
                        ),
                        "walls/e.py": "# When we upgrade to Walls 5, we should remove this.\ne = 1\n",
                    },
                ),
            ),
            "2024-02-01",
            (
                Expected("walls/e.py", "walls/e.py:1"),
                Expected("walls/c.py", "walls/c.py:3"),
                Expected("walls/d.py", "walls/d.py:3"),
            ),
        ),
        Example(
            "An order in the second sentence, one for when all are done, and one whose address stands apart",
            (
                Commit(
                    "2023-01-10",
                    {
                        "walls/all.py": "# TODO: Remove once all walls are painted from the plan\na = 1\n",
                        "walls/some.py": "# Remove it once all walls are painted from the plan.\na = 1\n",
                        "walls/hooks.rb": lines(
                            "# TODO: old walls ask for this page. Remove this page once most walls are updated",
                            "def page; end",
                        ),
                        "walls/client.go": lines(
                            "package walls",
                            "",
                            "// We opt in, see https://example.org/paint/issues/14275",
                            "//",
                            "// TODO: Enable gloss when upstream issues with paint are fixed.",
                            "var gloss = 0",
                        ),
                        "walls/gloss.go": lines(
                            "package walls",
                            "",
                            "// TODO: Enable gloss when upstream issues with paint are fixed.",
                            "var gloss = 0",
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (
                Expected("walls/client.go", "walls/client.go:5"),
                Expected("walls/all.py", "walls/all.py:1"),
                Expected("walls/hooks.rb", "walls/hooks.rb:1"),
            ),
        ),
        Example(
            "A mark in capitals, and a condition of which a version that came is an example",
            (
                Commit(
                    "2023-01-10",
                    {
                        "walls/index.py": "# DEPRECATED - remove in a migration once the page was updated\ni = 1\n",
                        "walls/walls.py": lines(
                            "# This can be removed when we properly support wide walls, e.g. after Python 3.11 update.",
                            "w = 1",
                        ),
                        "pyproject.toml": '[project]\nrequires-python = ">=3.11"\n',
                    },
                ),
            ),
            "2024-02-01",
            (Expected("walls/walls.py", "walls/walls.py:1"), Expected("walls/index.py", "walls/index.py:1")),
        ),
        Example(
            "A release from before the text shows nothing: the version is another's",
            (
                Commit("2021-01-10", {"a.txt": "1\n"}, tag="3.1.2"),
                Commit(
                    "2022-01-10",
                    {"walls/new.js": lines("// We can remove this file when we reach 2.3.0", "paint(1)")},
                ),
            ),
            "2024-02-01",
            (Expected("walls/new.js", "walls/new.js:1"),),
        ),
        Example(
            "What is to be removed first stands right below",
            (
                Commit(
                    "2023-01-10",
                    {
                        "walls/client.go": lines(
                            "package walls",
                            "",
                            "// TODO: remove this struct when PaintOptional option will be removed.",
                            "type Client struct {",
                            "\tPaintOptional bool",
                            "}",
                        ),
                        "walls/routes.rb": "# Redirect, remove when 0.6 support is removed\nget 'api/0.6/walls'\n",
                        "compose.yml": "# TODO: remove this when wallAddress is deprecated\na: 1\n",
                        "walls/address.go": "package walls\n\nvar wallAddress = 1\n",
                    },
                ),
            ),
            "2024-02-01",
        ),
        Example(
            "Comments on what the program does, a string, a test, a date, a met condition, a young text, plans that the"
            " project's own issues track, and a version that the lock file is behind",
            (
                Commit(
                    "2023-01-10",
                    {
                        "a.py": lines(
                            "# Delete the key after the job is done.",
                            "x = 'TODO: remove after 2020-01-01'",
                            "# wait until released",
                        ),
                        "tests/test_a.py": "# TODO: remove once #12 is fixed\n",
                        "b.py": "# remove after 2023-03-01\ny = 1\n# for now, until later\n",
                        "c.py": "# TODO: remove this once Python 3.9 is dropped\nc = 1\n",
                        "pyproject.toml": '[project]\nrequires-python = ">=3.11"\n',
                        "hint.yml": "# TODO: remove this once the host is 127.0.0.1 everywhere\nh: 1\n",
                        "hints.yml": "# When they paint this, they should use a brush that was released.\nh: 1\n",
                        "same.py": "# Remove walls that would be the same after we've merged this\ns = 1\n",
                        "file.go": "package a\n\n// Use custom file when available.\nvar f = 1\n",
                        "walls.scss": lines(
                            "// The file is read twice (once to build, once to dry) which makes it hard to use paint",
                            "// that has the name of a wall. https://example.org/lib/issues/1350",
                            "$a: 1;",
                        ),
                        "tidy.rb": "# If a copy made a second file, remove it after migration\nt = 1\n",
                        "cut.py": "# When we migrate the branch, it is replaced by the column of this code.\nc = 1\n",
                        "asked.py": lines(
                            "# TODO: convert 'wallNumber' to a key.",
                            "a = 1",
                            "# TODO: remove this when wall['wallNumber'] is converted to a key",
                            "b = a['wallNumber']",
                        ),
                        "d.rb": "# When given an array, it will merge this code and drop the rest.\nd = 1\n",
                        "maps.js": "// Enable maps when not in production mode\nlet debug = !inProduction;\n",
                        "plan.py": "# This check can be removed when we introduce several walls.\np = 1\n",
                        "wish.py": "# TODO: Once we have support for more walls, drop the cast and paint them\nw = 1\n",
                        "more.py": "# TODO: remove this when more walls have been converted to paint\nw = 0\n",
                        "some.py": "# TODO: remove this code if/when we do a full backfill of the walls\nw = 5\n",
                        "want.py": "# TODO: this can be removed once we can reliably detect merged walls\nw = 2\n",
                        "real.py": "# A hack, it should be removed once we have a real release in place.\nw = 3\n",
                        "paint/__init__.py": "# TODO: Remove this in Paint 4.0 when old walls are deprecated\nw = 4\n",
                        "walls/migrations/0001_walls.py": "# TODO: remove once #12 is fixed\nm = 1\n",
                        "go.mod": "module go.example.org/murals\n",
                        "Gemfile.lock": "GEM\n  specs:\n    good_paint (3.99.1)\n",
                        "type.go": lines(
                            "package walls",
                            "",
                            "// TODO: when we resolve https://example.org/old/murals/issues/883, we should use types",
                            "var t = 1",
                        ),
                        "tag.go": "package walls\n\n// TODO: refactor out of here when #1321 lands\nvar g = 1\n",
                        "stats.rb": "# TODO: remove || execution after GoodPaint 4 upgrade\ns = 1\n",
                    },
                ),
                Commit("2024-01-10", {"d.py": "# TODO: remove once #123 is fixed\nz = 1\n"}, tag="3.8.7"),
            ),
            "2024-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each distinct condition that is old and of which nothing shows whether it is met.

        Raises:
            UnavailableError: ages cannot be told in this clone.
        """
        yield from findings(view, self.id, Share.OPEN, 1)
