"""`conflict-marker`: a conflict of a merge was committed with its markers."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Evidence, EvidenceKind, Finding, Story, WorkKind
from scout.repository import FileClass
from scout.signals import Commit, Example, Expected, Reads, Scout, View

START = re.compile(rb"^<{7} \S", re.MULTILINE)
WHOLE = re.compile(r"^<{7} \S.*\n(?:.*\n)*?={7}\r?\n(?:.*\n)*?>{7} \S", re.MULTILINE)
PASSED_OVER = frozenset({FileClass.VENDORED, FileClass.FIXTURE, FileClass.TEST, FileClass.DOCS, FileClass.BINARY})
CONFLICT = "x = 1\n<<<<<<< ours\ny = 1\n=======\ny = 2\n>>>>>>> theirs\n"


class ConflictMarker(Scout):
    """A file holds both sides of a conflict, with the markers of the merge around them.

    A conflict counts when all three of its markers stand in one file in their order. Tests, fixtures, documentation
    and files of third parties, which show such markers on purpose, are passed over.

    ## Why it matters
    One of the two sides is wrong, and most languages cannot read such a file at all.

    ## What to do with it
    Choose a side, or join both, and remove the markers.

    ## Severity
    3: what is in the file does not work.

    ## Source
    The markers are described in git's manual, `git help merge`, section 'How conflicts are presented'.
    """

    id: ClassVar[str] = "conflict-marker"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Both sides were committed",
            (Commit("2024-01-01", {"app.py": CONFLICT}),),
            "2024-02-01",
            (Expected("app.py", "app.py:2"),),
        ),
        Example(
            "A fixture with a conflict, a heading that looks like half of one",
            (Commit("2024-01-01", {"tests/fixtures/app.py": CONFLICT, "notes.py": "Title\n=======\n"}),),
            "2024-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each file."""
        for file in view.tree.search(START, lambda _: True):
            text = view.tree.text(file.path)
            if text is None or view.tree.file_class(file.path) in PASSED_OVER:
                continue
            lines = [text.count("\n", 0, found.start()) + 1 for found in WHOLE.finditer(text)]
            if lines:
                yield self._finding(view, file.path, text.split("\n"), lines)

    def _finding(self, view: View, path: str, text: list[str], lines: list[int]) -> Finding:
        return Finding(
            signal=self.id,
            subject=path,
            identity=f"file {view.history.origin(path)}",
            severity=3,
            kind=self.kind,
            story=Story(
                title=f"Resolve the conflict that was committed in {path[-50:]}",
                current=f"`{path}:{lines[0]}` begins a conflict whose markers and both sides were committed.",
                why="One of the two sides is wrong, and what reads the file stops at the markers.",
                wanted="The file says what it is meant to say, without markers.",
                acceptance=(f"`git grep -n '^<<<<<<< ' -- {path}` prints nothing.",),
            ),
            evidence=tuple(
                Evidence(kind=EvidenceKind.FILE, locator=f"{path}:{line}", seen=text[line - 1].strip())
                for line in lines
            ),
            score=0.9,
        )
