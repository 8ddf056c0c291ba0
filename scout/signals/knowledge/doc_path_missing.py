"""`doc-path-missing`: documentation names a file that was deleted or moved."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.repository import FileClass
from scout.signals._base import Commit, Example, Expected, Moved, Reads, Scout, View, lines
from scout.signals._markdown import Code, Page, page
from scout.signals._pages import Pages
from scout.signals._paths import Past, is_placeholder, is_there, joined
from scout.signals._project import package_file
from scout.signals._references import Cause, Reference, causes
from scout.signals._words import counted, listed, title
from scout.signals.knowledge import _restructured

_PATH = re.compile(
    r"(?<![\w./@:~$%+-])(?:\./)?((?:\.?[A-Za-z0-9_][\w.-]*/)+[\w.-]*\w\.[A-Za-z][A-Za-z0-9]{1,7})(?![\w/*(-])"
)
_IN_URL = re.compile(r"\w+://\S*|\bgit@\S+")
_CODE_MARK = re.compile(r"`|::\s*$", re.MULTILINE)
_PAST = re.compile(
    r"\b(?:was|were|been|used to|formerly|previously|no longer|removed?|deleted?|dropped|moved|renamed?|replaced|old"
    r"|legacy|deprecated|obsolete|histor\w+|supersed\w+|create(?! a (?:pr|pull|merge|commit|branch)\b)s?|created"
    r"|generat\w+|writes?|written|produces?"
    r"|add(?:ed)? an?|new|proposed?|planned|no|not|instead of|e\.g\.|for example|for instance|such as|like)\b|~~",
    re.IGNORECASE,
)
_NEAR = 60
_MADE = re.compile(
    r"^\s*(?:touch|mkdir|cp|mv|curl|wget|echo|cat\s*>|tee|vi|vim|nano|code|git (?:add|checkout|rm))\b|>\s*\S+|\s-o\s"
)
_OUTPUT = frozenset({"diff", "patch", "log", "output", "text", "txt", "traceback", "json", "html", "xml"})
_ELSEWHERE = re.compile(
    r"\bgit clone\b|\bcd\s+\.\./"
    r"|\bin (?:the|your) (?:\S+ )?(?:repo(?:sitory)?|project|app(?:lication)?|site|fork|bucket|container)\b",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"[._-](?:old|legacy|archived?|deprecated|obsolete)\.\w+$"
    r"|(?:^|/)(?:roadmaps?|plans?|todos?|designs?|notes?|tickets?|tasks|research|superpowers|agents?)(?:/|[\w-]*\.mdx?$)|-plan\.|design\.",
    re.IGNORECASE,
)
_PLANS = re.compile(
    r"^#{1,4} .*\b(?:files? to (?:be )?(?:create|modif|change|touch)\w*"
    r"|implementation (?:plan|steps|order)|files? (?:changed|modified))\b"
    r"|^#{1,3} phase \d",
    re.IGNORECASE | re.MULTILINE,
)
"""Headings of a page that plans, or tells of, one piece of work."""
_FOR_CONTRIBUTORS = re.compile(r"contribut|develop|hack|internal|architect|maintain|releas|(?:^|/)dev/", re.IGNORECASE)
_FRONT_DOOR = re.compile(
    r"^(?:\.github/|docs/)?(?:readme|contributing|development|hacking|security)\.\w+$", re.IGNORECASE
)
_MANY = 4


class DocPathMissing(Scout):
    """A page names, in code marks, a file that was in the repository and has been moved or deleted.

    Paths with a folder and an ending count, in code spans and fences of Markdown and literals of reStructuredText,
    seen from the root, from the page's folder and from the folders above it. The path must have existed in the history;
    what never was there may be the reader's own. Passed over are: pages about the past, or with old in their names,
    plans, designs and older versions; sentences that speak of the past, of a file to be made or of an example; output,
    logs and differences; ignored paths; on a package's site, pages for its users, whose projects have files of their
    own. Paths of one page, or one path on several pages, are one finding.

    ## Why it matters
    The page sends its reader to a file that is not there. Those who know do not read the page; those who read it cannot
    know where to look instead.

    ## What to do with it
    Name the file as it is called now, or take the passage out if what it describes is gone.
    `<!-- scout: ignore[doc-path-missing] reason -->` on the line before keeps it.

    ## Severity
    2 on a README, CONTRIBUTING, DEVELOPMENT or SECURITY page at the top, or for four and more paths; else 1.

    ## Source
    Tan, Wagner and Treude, Detecting Outdated Code Element References in Software Repository Documentation (EMSE 2024).
    """

    id: ClassVar[str] = "doc-path-missing"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.DOCS
    cap: ClassVar[int | None] = 3
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A script was moved, and the README kept its old name",
            (
                Commit(
                    "2024-01-01",
                    {
                        "README.md": "# Fresco\n\nRun `scripts/load.py`, then\n\n```bash\nscripts/load.py --all\n```\n",
                        "scripts/load.py": "load = 'long enough to be found again'\n",
                        "scripts/keep.py": "x = 1\n",
                        "tests/old.py": "x = 2\n",
                        "HACKING.rst": "Fresco\n======\n\nRun ``tests/old.py`` first.\n",
                        "INSTALL.rst": "Fresco\n======\n\nRun::\n\n    python tests/former.py\n",
                        "tests/former.py": "x = 3\n",
                    },
                ),
                Commit(
                    "2024-02-01",
                    {
                        "tools/load.py": Moved("scripts/load.py"),
                        **dict.fromkeys(("tests/old.py", "tests/former.py")),
                    },
                    "Sort",
                ),
            ),
            "2024-03-01",
            (
                Expected("README.md", "README.md:3"),
                Expected("HACKING.rst", "HACKING.rst:4"),
                Expected("INSTALL.rst", "INSTALL.rst:6"),
            ),
        ),
        Example(
            "How to make a release, on a page of that name, and an example of an issue",
            (
                Commit(
                    "2024-01-01",
                    {
                        "RELEASE.md": "# Fresco\n\nCreate a PR updating `tests/old.py`, then `git tag` it.\n",
                        "docs/release.md": "# Fresco\n\nSee `tests/old.py`.\n",
                        "docs/ISSUE_EXAMPLE.md": "# It drips\n\nRun `tests/old.py`.\n",
                        "tests/old.py": "x = 2\n",
                    },
                ),
                Commit("2024-02-01", {"tests/old.py": None}),
            ),
            "2024-03-01",
            (Expected("RELEASE.md", "RELEASE.md:3"),),
        ),
        Example(
            "What never was there, is made, is past, is ignored, an example, an output, a plan, or an address",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".gitignore": "local/\n",
                        "README.md": lines(
                            "Write `app/settings.py` in your project.",
                            "",
                            "The file `old/gone.py` was removed.",
                            "",
                            "See `https://example.org/old/gone.py` and `local/old.py`.",
                            "",
                            "```bash",
                            "cp template.py old/gone.py",
                            "```",
                            "",
                            "```diff",
                            "-old/gone.py",
                            "```",
                        ),
                        "docs/roadmap.md": "Change `old/gone.py`.\n",
                        "docs/INSTALL.old.md": "Change `old/gone.py`.\n",
                        "docs/coverage.md": "# Coverage\n\n### Files to create/modify\n\nChange `old/gone.py`.\n",
                        "CHANGELOG.md": "Fix `old/gone.py`.\n",
                        "old/gone.py": "x = 1\n",
                        "local/old.py": "x = 2\n",
                    },
                ),
                Commit("2024-02-01", {"old/gone.py": None, "local/old.py": None}),
            ),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each page, or for each path that several pages name."""
        for cause in causes(_missing(view), view.history.origin):
            loud = any(_FRONT_DOOR.search(path) for path in cause.files) or len(cause.references) >= _MANY
            moved = any(one.fate and one.fate.now for one in cause.references)
            yield Finding(
                signal=self.id,
                subject=cause.subject,
                identity=cause.identity,
                severity=2 if loud else 1,
                kind=self.kind,
                story=_story(cause),
                evidence=tuple(cause.evidence()),
                score=round((0.85 if moved else 0.65) + min(0.1, len(cause.references) / 50), 3),
            )


def _missing(view: View) -> Iterator[Reference]:
    past, pages = Past(view), Pages(view.tree)
    installed = package_file(view) is not None
    for path in pages.current(restructured=True):
        if installed and not pages.on_forge(path) and not _FOR_CONTRIBUTORS.search(path):
            continue
        text = view.tree.text(path)
        if text is None or _PLAN.search(path) or _PLANS.search(text) or not _CODE_MARK.search(text):
            continue
        read = _restructured.page(text) if _restructured.is_restructured(path) else page(text)
        for code in read.code:
            if (
                code.language not in _OUTPUT
                and not _MADE.search(code.text)
                and not _is_aside(read.lines[code.line - 1], code)
            ):
                yield from _in_code(view, past, path, read, code)


def _is_aside(line: str, code: Code) -> bool:
    """Say whether the words near a code span speak of the past, of a file to be made, or of an example."""
    at = line.find(code.text) if code.fence == 0 else -1
    near = line[max(0, at - _NEAR) : at + len(code.text) + _NEAR] if at >= 0 else ""
    return _PAST.search(near.replace(code.text, "")) is not None or _ELSEWHERE.search(line) is not None


def _in_code(view: View, past: Past, path: str, read: Page, code: Code) -> Iterator[Reference]:
    for found in _PATH.finditer(_IN_URL.sub("", code.text)):
        written = found.group(1)
        if is_placeholder(written):
            continue
        targets = list(_meant(path, written))
        if any(is_there(view.tree, target) for target in targets) or _is_ending(view, written):
            continue
        fates = ((target, past.fate(target)) for target in targets)
        known = next(((target, fate) for target, fate in fates if fate is not None), None)
        if known is not None and view.tree.file_class(known[0]) is not FileClass.GENERATED:
            yield Reference(path, code.line, read.lines[code.line - 1], written, known[0], known[1])


def _meant(path: str, written: str) -> Iterator[str]:
    """Give what a written path may mean: from the root, and from the page's folder up."""
    yield written
    folder = path.rpartition("/")[0]
    while folder:
        target = joined(folder, written)
        if target:
            yield target
        folder = folder.rpartition("/")[0]


def _is_ending(view: View, written: str) -> bool:
    """Say whether a file that is there ends with the written path, as seen from a folder that the text names."""
    ending = f"/{written}"
    return any(other.endswith(ending) for other in view.tree.files)


def _story(cause: Cause) -> Story:
    number = len(cause.targets)
    now = sorted({f"`{one.fate.now}`" for one in cause.references if one.fate and one.fate.now})
    if len(cause.files) > 1:
        head = title("Stop naming ", cause.subject, f", which is gone, on {counted(len(cause.files), 'page')}")
    elif number == 1:
        head = title(f"Correct the path of {cause.targets[0].rpartition('/')[2][:40]} in ", cause.subject)
    else:
        head = title(f"Correct {counted(number, 'path')} that are gone in ", cause.subject)
    written = list(dict.fromkeys(one.written for one in cause.references))
    patterns = " ".join(f"-e '{name}'" for name in written[:5])
    return Story(
        title=head,
        current=(
            f"{listed(cause.places, 12)} {'name' if len(cause.places) > 1 else 'names'} what is not there any more. "
            + cause.fates()
        ),
        why=(
            f"Readers of `{cause.files[0]}` look for a file that they will not find, and cannot tell whether it was "
            "moved or whether what the page describes is gone."
        ),
        wanted=(
            f"The page names each file as it is called now{f' ({listed(now)})' if now else ''}; a passage about what "
            "is gone for good is taken out."
        ),
        acceptance=(
            f"`git grep -nF {patterns} -- {' '.join(cause.files[:3])}` finds nothing, or only paths that exist.",
            "Each path that the changed passages name is there.",
        ),
        scope=tuple(f"`{path}`" for path in cause.files[:8]),
        non_goals=("Rewriting the page beyond these passages.",),
        size="S",
    )
