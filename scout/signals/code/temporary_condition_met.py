"""`temporary-condition-met`: code that was to go when something had happened, and that has visibly happened."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals.code._waiting import Share, findings


class TemporaryConditionMet(Scout):
    """A comment says what its code waits for, and the repository itself shows that it is there.

    A condition counts as met when a pin, a lock file or the project's supported floor has the version it names,
    when a release tag of the project from after the text has it, or when it waited for the very change that brought
    it in ('once this is deployed', in a comment that names no issue) and half a year has passed. An upgrade without
    a name is one of what the text before names with a version. Only comments found by a tokeniser count, outside
    tests, vendored and generated files; the text is half a year old or older. The same words in several places are
    one finding.

    ## Why it matters
    Temporary code that outlives its reason is read, worked around and copied as if it were meant. Its author wrote down
    when it could go; that moment is over, and nothing reminds anybody.

    ## What to do with it
    Remove the code with its comment. `# scout: ignore[temporary-condition-met] reason` on the line or the one before
    keeps it as it is.

    ## Severity
    2 always: the code is known to be superfluous.

    ## Source
    Maipradit et al., Wait for it: identifying 'On-Hold' self-admitted technical debt (EMSE 2020).
    """

    id: ClassVar[str] = "temporary-condition-met"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The project's own floor shows that the condition is met",
            (
                Commit(
                    "2023-01-10",
                    {
                        "pyproject.toml": '[project]\nname = "fresco"\nrequires-python = ">=3.11"\n',
                        "fresco/walls.py": lines(
                            "import sys",
                            "",
                            "# TODO: use tomllib once support for Python 3.10 is dropped",
                            "import tomli",
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (Expected("fresco/walls.py", "fresco/walls.py:3"),),
        ),
        Example(
            "It waited for the change that brought it in",
            (
                Commit(
                    "2023-01-10",
                    {"app/jobs.py": lines("a = 1", "", "# TODO: remove the fallback once this is deployed.", "b = 2")},
                ),
            ),
            "2024-02-01",
            (Expected("app/jobs.py", "app/jobs.py:3"),),
        ),
        Example(
            "A release is out, and the image runs the version",
            (
                Commit(
                    "2022-01-10",
                    {
                        "Dockerfile": "FROM python:3.13-slim\n",
                        "walls/store.go": lines("package walls", "", "// COMPAT: Remove after 0.11", "var parents = 1"),
                        "walls/batch.py": lines(
                            "a = 1",
                            "",
                            "# remove once we upgrade past python 3.12 and use the one of itertools",
                            "def batched(): pass",
                        ),
                    },
                ),
                Commit("2023-01-10", {"a.txt": "1\n"}, tag="v0.11.0"),
                Commit("2023-02-10", {"a.txt": "2\n"}, tag="v1.0.0"),
            ),
            "2024-02-01",
            (
                Expected("walls/batch.py", "walls/batch.py:3"),
                Expected("walls/store.go", "walls/store.go:3"),
            ),
        ),
        Example(
            "Upgrades of what the sentence before names with its version, and of what lock files spell otherwise",
            (
                Commit(
                    "2022-01-10",
                    {
                        "Gemfile.lock": lines(
                            "GEM",
                            "  specs:",
                            *("    paint (1.57.2)", "    walls (8.1.3)", "    doors (1.9.0)"),
                            "    good_job (4.1.2)",
                        ),
                        "package-lock.json": '{\n    "node_modules/@doors/big-hinge": {\n      "version": "5.2.0",\n',
                        "app/d.rb": "# TODO: remove || execution after GoodJob 4 upgrade\nd = 1\n",
                        "app/e.js": "// TODO: remove this after BigHinge 5 upgrade\nlet e = 1;\n",
                        "app/a.rb": lines(
                            "# There is a bug in the Paint 0.48 parser. This should be removed once it is possible",
                            "# to upgrade to 0.49 or above.",
                            "a = 1",
                        ),
                        "app/b.rb": lines(
                            "# This alerts on methods that aren't introduced until walls 6.0",
                            "# it should be removed when we upgrade.",
                            "b = 1",
                        ),
                        "app/c.rb": lines(
                            "# This alerts on methods that aren't introduced until doors 2.0",
                            "# it should be removed when we upgrade.",
                            "c = 1",
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (
                Expected("app/a.rb", "app/a.rb:1"),
                Expected("app/b.rb", "app/b.rb:2"),
                Expected("app/d.rb", "app/d.rb:1"),
                Expected("app/e.js", "app/e.js:1"),
            ),
        ),
        Example(
            "What is not needed after an upgrade, and what goes while upgrading; the lock file has both",
            (
                Commit(
                    "2022-01-10",
                    {
                        "Gemfile.lock": "GEM\n  specs:\n    walls (6.1.7)\n    roller (7.2.1)\n",
                        "config/roller.rb": lines(
                            "# this shouldn't be needed anymore once we upgrade to Roller 7", "preload!"
                        ),
                        "lib/paint.rb": "# TODO: Remove .dup when upgrading to Walls 6.x.\npaint.dup\n",
                        "lib/later.rb": "# TODO: Remove .tap when upgrading to Walls 7.x.\npaint.tap\n",
                    },
                ),
            ),
            "2024-02-01",
            (Expected("config/roller.rb", "config/roller.rb:1"), Expected("lib/paint.rb", "lib/paint.rb:1")),
        ),
        Example(
            "A release that was there before the text can't be what the text waits for",
            (
                Commit("2021-01-10", {"a.txt": "1\n"}, tag="3.1.2"),
                Commit(
                    "2022-01-10",
                    {"walls/new.js": lines("// We can remove this file when we reach 2.3.0", "paint(1)")},
                ),
            ),
            "2024-02-01",
        ),
        Example(
            "A floor that is not reached, issues that nobody can look up here, and a date",
            (
                Commit(
                    "2023-01-10",
                    {
                        "pyproject.toml": '[project]\nname = "fresco"\nrequires-python = ">=3.9"\n',
                        "a.py": lines(
                            "# TODO: use tomllib once support for Python 3.10 is dropped",
                            "x = 1",
                            "# TODO: remove once https://example.org/issues/12 is fixed",
                            "y = 1",
                            "# remove after 2023-06-01",
                            "z = 1",
                            "# Fix for https://example.org/pages/pull/1123, remove after this is merged and in use.",
                            "w = 1",
                        ),
                    },
                ),
                Commit("2024-01-20", {"b.py": "# TODO: remove the fallback once this is deployed.\nb = 2\n"}),
            ),
            "2024-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each distinct condition that is visibly met.

        Raises:
            UnavailableError: ages cannot be told in this clone.
        """
        yield from findings(view, self.id, Share.MET, 2)
