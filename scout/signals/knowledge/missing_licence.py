"""`missing-licence`: a public repository says nowhere under which terms its code may be used."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import ClassVar

from scout.model import Finding, Story, Visibility, WorkKind
from scout.repository import FileClass
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View
from scout.signals._evidence import at_path
from scout.signals._words import listed

_LICENCE = re.compile(
    r"(?:^|/)(?:[\w.-]*[-_.])?(?:licen[cs]es?|copying|unlicen[cs]e|notice|copyright)(?:[-_.][\w.-]+)?$|^LICENSES?/",
    re.IGNORECASE,
)
_README = re.compile(r"^(?:\.github/|docs/)?readme(?:\.\w+)?$", re.IGNORECASE)
_MANIFEST = re.compile(
    r"^(?:pyproject\.toml|setup\.(?:py|cfg)|package\.json|Cargo\.toml|composer\.json|[\w.-]+\.gemspec)$"
)
_STATED = re.compile(
    r"\blicen[cs]e[sd]?\b|\bpublic domain\b|\bCC[ -]BY\b|\bCC0\b|\ball rights reserved\b|\bSPDX-License", re.IGNORECASE
)
_DECLARED = re.compile(r"\blicen[cs]e\b[\"']?\s*[:=]|License ::", re.IGNORECASE)
_UNLICENSED = re.compile(r"\"private\"\s*:\s*true|UNLICENSED|Private ::", re.IGNORECASE)
_PUBLIC = re.compile(
    r"img\.shields\.io|badge\.svg|badge\.fury|codecov\.io|readthedocs|github\.com/[\w.-]+/[\w.-]+|gitlab\.com/[\w.-]+/|"
    r"\bcontribut(?:e|ing|ions|ors?)\b|\bopen[- ]source\b|\bfork\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\.(?:py|rb|go|rs|[jt]sx?|java|kt|swift|c|cc|cpp|h|cs|php|sh|sql|R|jl|scala|ex)$")
_FEWEST_CODE = 3


class MissingLicence(Scout):
    """A public repository with code has no licence file, and neither its README nor its metadata names a licence.

    Files are looked for at the root, in `.github`, `docs` and `LICENSES`. A README or a manifest that speaks of a
    licence is enough to stay silent. Whether the repository is public is taken from its tracker; where no tracker is
    known, from a README that addresses the public (links to the forge, badges, contributions). Manifests that say
    'private' and repositories with fewer than three files of code are passed over.

    ## Why it matters
    Without a licence nobody but the authors may use, change or share the code, whatever they meant. Companies and
    distributions have to stay away from it.

    ## What to do with it
    Choose a licence together with everybody who holds rights, add its text as `LICENSE`, and name it in the metadata.

    ## Severity
    2.

    ## Source
    Open Source Guides, The Legal Side of Open Source. Field study: 2 of 2 findings true.
    """

    id: ClassVar[str] = "missing-licence"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE})
    kind: ClassVar[WorkKind] = WorkKind.DOCS
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A public project without any word about a licence",
            (
                Commit(
                    "2024-01-01",
                    {
                        "README.md": "# Fresco\n\nContributions are welcome.\n",
                        "a.py": "a = 1\n",
                        "b.py": "b = 1\n",
                        "c.py": "c = 1\n",
                    },
                ),
            ),
            "2024-03-01",
            (Expected(".", "a.py"),),
        ),
        Example(
            "A README names the licence",
            (
                Commit(
                    "2024-01-01",
                    {
                        "README.md": "# Fresco\n\nContributions are welcome. Licensed under MIT.\n",
                        "a.py": "a = 1\n",
                        "b.py": "b = 1\n",
                        "c.py": "c = 1\n",
                    },
                ),
            ),
            "2024-03-01",
        ),
        Example(
            "A licence file is there",
            (
                Commit(
                    "2024-01-01",
                    {
                        "README.md": "# Fresco\n\nContributions are welcome.\n",
                        "LICENSE-MIT": "Terms.\n",
                        "a.py": "a = 1\n",
                        "b.py": "b = 1\n",
                        "c.py": "c = 1\n",
                    },
                ),
            ),
            "2024-03-01",
        ),
        Example(
            "Nothing says that it is public",
            (Commit("2024-01-01", {"README.md": "# Ours\n", "a.py": "a = 1\n", "b.py": "b\n", "c.py": "c\n"}),),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding where nothing names a licence.

        Raises:
            NotApplicable: the repository is not known to be public.
        """
        readme = next((path for path in view.tree.files if _README.match(path)), None)
        if readme is None or not _is_public(view, readme):
            message = "nothing says that the repository is public"
            raise NotApplicable(message)
        if _is_licensed(view):
            return
        named = (path for path in view.tree.files if _CODE.search(path))
        code = list(islice((path for path in named if view.tree.file_class(path) is FileClass.CODE), _FEWEST_CODE))
        if len(code) == _FEWEST_CODE:
            yield Finding(
                signal=self.id,
                subject=".",
                severity=2,
                kind=self.kind,
                story=_story(readme, code),
                evidence=(at_path(code[0], "code without a licence"), at_path(readme, "names no licence")),
                score=0.8,
            )


def _is_public(view: View, readme: str) -> bool:
    manifests = (view.tree.text(path) or "" for path in view.tree.files if _MANIFEST.match(path))
    if any(_UNLICENSED.search(text) for text in manifests):
        return False
    return view.visibility is Visibility.PUBLIC or _PUBLIC.search(view.tree.text(readme) or "") is not None


def _is_licensed(view: View) -> bool:
    for path in view.tree.files:
        near = path.count("/") == 0 or path.startswith((".github/", "docs/", "doc/", "LICENSES/", "licenses/"))
        if near and _LICENCE.search(path):
            return True
        if _README.match(path) and _STATED.search(view.tree.text(path) or ""):
            return True
        if _MANIFEST.match(path.rpartition("/")[2]) and _DECLARED.search(view.tree.text(path) or ""):
            return True
    return any(_LICENCE.search(path) and "/" not in path for path in view.tree.links)


def _story(readme: str, code: list[str]) -> Story:
    return Story(
        title="Name the licence of this repository",
        current=(
            f"No licence file is tracked at the root, in `.github`, `docs` or `LICENSES`, and neither `{readme}` nor a "
            f"package's metadata names one. There is code to use, such as {listed([f'`{path}`' for path in code])}."
        ),
        why=(
            "Code without a licence may not be used, changed or shared by anybody but those who wrote it, so users and "
            "contributors take a risk that nobody meant them to take."
        ),
        wanted="A file `LICENSE` at the root has the text of the chosen licence, and README and metadata name it.",
        acceptance=(
            "`git ls-files | grep -iE '^(licen[cs]e|copying)'` finds the file.",
            "The forge shows the licence beside the repository.",
        ),
        scope=("`LICENSE`", f"`{readme}`", "Metadata of the package"),
        non_goals=("Licence headers in every file.",),
        risks=("Everybody who holds rights in the code has to agree.",),
        size="S",
    )
