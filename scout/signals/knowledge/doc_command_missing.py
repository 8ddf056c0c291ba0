"""`doc-command-missing`: documentation tells people to type a command that the project does not have."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._commands import Known, Missing
from scout.signals._evidence import at_path
from scout.signals._pages import Pages
from scout.signals._references import Cause, Reference, causes
from scout.signals._words import counted, listed, sentence, title
from scout.signals.knowledge._typed_here import commands_here, pages_with_commands

_FOR_CONTRIBUTORS = re.compile(
    r"contribut|develop|hack|test|build|local|set-?up|install|getting[-_]started|readme", re.IGNORECASE
)
_FRONT_DOOR = re.compile(r"^(?:\.github/|docs/)?(?:readme|contributing|development|hacking)\.\w+$", re.IGNORECASE)
_MOST_TARGETS = 12


class DocCommandMissing(Scout):
    """A page tells people to type a `make` target, an `npm run` script or a `manage.py` command that does not exist.

    Commands are read at the start of a line of a fence or literal block, or of a code span, on pages in Markdown and
    reStructuredText that speak about this project as it
    is now. A target counts as missing when no Makefile of the repository has it and the one that is meant can be read
    whole (no computed targets, no foreign includes); a `manage.py` command when it was there once, or when a function
    has taken its name. Commands in another checkout, in older versions of the documentation, in release notes and in
    user guides of a tool are passed over. Commands of one page, or one command on several pages, are one finding.

    ## Why it matters
    Instructions that fail at the first try cost newcomers the most; they cannot know whether they or the page are
    wrong. Operators meet the same page in a hurry.

    ## What to do with it
    Say how it is done now, or take the passage out.
    `<!-- scout: ignore[doc-command-missing] reason -->` on the line before keeps it.

    ## Severity
    2 on a README or CONTRIBUTING page at the top, or when three or more commands share the page; else 1.

    ## Source
    Field study of 28 public repositories: 8 of 9 findings true after these filters, 27 % before them.
    """

    id: ClassVar[str] = "doc-command-missing"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.DOCS
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The README names a target that the Makefile does not have",
            (
                Commit(
                    "2024-01-01",
                    {
                        "Makefile": "test:\n\ttrue\n\nlint:\n\ttrue\n",
                        "README.md": "# Fresco\n\n```bash\nmake lint\nmake bootstrap\n```\n",
                        "CONTRIBUTING.rst": "Type ``make lint``, then::\n\n    $ make walls\n\n.. make doors\n",
                        "tools/README.md": "Do\n\n    make image --file Makefile\n    make lint -f ../other.mk\n",
                    },
                ),
            ),
            "2024-03-01",
            (
                Expected("CONTRIBUTING.rst", "CONTRIBUTING.rst:3"),
                Expected("README.md", "README.md:5"),
                Expected("tools/README.md", "tools/README.md:3"),
            ),
        ),
        Example(
            "Management commands were turned into tasks",
            (
                Commit(
                    "2024-01-01",
                    {
                        "manage.py": "import django\n",
                        "app/management/commands/publish_pending.py": "class Command: pass\n",
                        "docs/ops.md": lines(
                            "# Operations",
                            "",
                            "Run this:",
                            "",
                            "```bash",
                            "python manage.py publish_pending --limit 5",
                            "python manage.py migrate",
                            "```",
                        ),
                    },
                ),
                Commit(
                    "2024-02-01",
                    {
                        "app/management/commands/publish_pending.py": None,
                        "app/tasks.py": "def publish_pending():\n    return 1\n",
                    },
                ),
            ),
            "2024-03-01",
            (Expected("docs/ops.md", "docs/ops.md:6"),),
        ),
        Example(
            "The Makefile is gone, and with it one of the targets that the page names; the other was never there",
            (
                Commit("2024-01-01", {"Makefile": "up:\n\ttrue\n", "README.md": "Type `make up`.\n"}),
                Commit("2024-01-02", {"docs/else.md": "In the other checkout, `make world.up`.\n"}),
                Commit("2024-02-01", {"Makefile": None}),
            ),
            "2024-03-01",
            (Expected("README.md", "README.md:1"),),
        ),
        Example(
            "Blocks for another checkout: by a step out of this one, up to the next heading, and by a sentence",
            (
                Commit(
                    "2024-01-01",
                    {
                        "Makefile": "test:\n\ttrue\n",
                        "pyproject.toml": '[project]\nname = "fresco"\n',
                        "CONTRIBUTING.rst": lines(
                            "Tests of walls",
                            "--------------",
                            "In another terminal::",
                            "",
                            "    cd ../walls",
                            "    git pull",
                            "",
                            "Then::",
                            "",
                            "    make test-walls",
                            "",
                            "Tests of fresco",
                            "---------------",
                            "::",
                            "",
                            "    make test-fresco",
                        ),
                        "docs/build.md": lines(
                            *("# Build", "", "From your scaffold repo run", "", "```", "make ladder", "make test"),
                            *("```", "", "Then in the yard directory", "", "```", "make hoist", "```", ""),
                            *("From your fresco repo run", "", "```", "make roof", "```"),
                        ),
                        "docs/inside.md": "```\ncd docs\ncd ../docs\ncd ~/it\n```\n\nThen\n\n```\nmake cellar\n```\n",
                        "docs/clone.md": lines(
                            *("```", "git clone https://example.org/fresco", "cd fresco", "make door", "make test"),
                            *("```", "In the cloned repo run", "", "```", "make attic", "```"),
                        ),
                    },
                ),
            ),
            "2024-03-01",
            (
                Expected("CONTRIBUTING.rst", "CONTRIBUTING.rst:16"),
                Expected("docs/build.md", "docs/build.md:19"),
                Expected("docs/clone.md", "docs/clone.md:4"),
                Expected("docs/inside.md", "docs/inside.md:10"),
            ),
        ),
        Example(
            "Targets that exist, are computed, or of another checkout; prose; commands of installed packages",
            (
                Commit(
                    "2024-01-01",
                    {
                        "manage.py": "import django\n",
                        "app/tasks.py": "def update_rates():\n    call_command('update_rates')\n",
                        "docs/rates.md": "!!! note\n\n    make ends meet\n\n`manage.py update_rates`\n",
                        "Makefile": "test:\n\ttrue\n",
                        "other/Makefile": "include $(ROOT)/rules.mk\n",
                        "other/README.md": "`make anything`\n",
                        "package.json": '{"scripts": {"build": "x"}}\n',
                        "README.md": lines(
                            "`make test`, `make sure`, `npm run build`, `python manage.py rqworker`",
                            "",
                            "```bash",
                            "git clone https://example.org/else",
                            "cd else",
                            "make world",
                            "```",
                            "",
                            "make believe",
                        ),
                        "docs/v1.2/old.md": "`make vanished`\n",
                        "release notes/next.md": "`make believers`\n",
                        "notes/v0.36.0.md": "`make believable`\n",
                    },
                ),
            ),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each page with missing commands, or for each command that several pages miss."""
        known = Known(view)
        missing: dict[Reference, Missing] = {}
        pages = Pages(view.tree)
        for path, content in pages_with_commands(view, pages):
            ours = pages.on_forge(path) or _FOR_CONTRIBUTORS.search(path) is not None
            for code, command in commands_here(view, known, content):
                found = known.missing(command, path)
                if found is not None and (ours or found.fate or found.hint):
                    line = content.lines[code.line - 1]
                    missing[Reference(path, code.line, line, command.words, command.words, found.fate, found.hint)] = (
                        found
                    )
        for cause in causes(missing, view.history.origin):
            facts = [missing[one] for one in cause.references]
            loud = any(_FRONT_DOOR.search(path) for path in cause.files) or len(cause.targets) >= 3  # noqa: PLR2004 see Severity
            yield Finding(
                signal=self.id,
                subject=cause.subject,
                identity=cause.identity,
                severity=2 if loud else 1,
                kind=self.kind,
                story=_story(cause, facts),
                evidence=(*cause.evidence(), *_declarations(facts)),
                score=0.9 if any(one.fate or one.hint for one in facts) else 0.7,
            )


def _declarations(facts: list[Missing]) -> Iterator[Evidence]:
    for path in sorted({one.declared_in for one in facts if one.declared_in}):
        others = next((one.others for one in facts if one.declared_in == path), ())
        yield at_path(path, f"has {', '.join(others[:40])}" if others else "has a function of that name")


def _story(cause: Cause, facts: list[Missing]) -> Story:
    number = len(cause.targets)
    if number > 1:
        head = title(f"Replace {counted(number, 'command')} that do not exist in ", cause.subject)
    elif len(cause.files) > 1:
        head = title("Replace ", cause.targets[0], f", which does not exist, on {counted(len(cause.files), 'page')}")
    else:
        head = title(f"Replace {cause.targets[0][:40]}, which does not exist, in ", cause.files[0])
    patterns = " ".join(f"-e '{target}'" for target in cause.targets[:6])
    told = (
        f"{listed(cause.places, 12)} {'tell' if len(cause.places) > 1 else 'tells'} readers to type "
        f"{listed([f'`{target}`' for target in cause.targets], 10)}."
    )
    return Story(
        title=head,
        current=" ".join((told, *(sentence(fate) for fate in _fates(cause)), *_has(facts))),
        why=(
            f"Whoever follows `{cause.files[0]}` gets an error instead of the result it promises, and has to read "
            f"{'the Makefile' if cause.targets[0].startswith('make') else 'the code'} to learn how it is done now."
        ),
        wanted=(
            "The page says how each of these things is done now, by a command that works in a fresh checkout, or no "
            "longer mentions it. If the command was dropped by mistake, it is back."
        ),
        acceptance=(
            f"`git grep -nF {patterns} -- {' '.join(cause.files[:3])}` finds nothing, or only commands that exist.",
            "Every command in the changed passages has been run once.",
        ),
        scope=tuple(f"`{path}`" for path in cause.files[:8]),
        non_goals=("Other passages of the page.", "New commands for what nobody needs any more."),
        size="S" if number <= 6 else "M",  # noqa: PLR2004 six commands are two hours
    )


def _has(facts: list[Missing]) -> Iterator[str]:
    declared = {one.declared_in: one.others for one in facts if one.declared_in and one.others}
    for path, others in sorted(declared.items()):
        yield f"`{path}` has {listed([f'`{name}`' for name in others], _MOST_TARGETS)}."


def _fates(cause: Cause) -> Iterator[str]:
    for names, one in cause.by_fate():
        what = listed([f"`{name}`" for name in names], 6)
        if one.fate is not None:
            yield f"What {what} ran {one.fate.told}"
        elif one.hint:
            yield f"There is no {what}; {one.hint}"
