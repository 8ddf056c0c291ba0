"""`unpinned-version`: what is deployed is installed in whatever version there is on the day."""

import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.repository import File, FileClass
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._paths import joined
from scout.signals._project import package_file
from scout.signals._words import counted, listed, title
from scout.signals.dependencies._unbound import Asked, asked

_MANIFEST = re.compile(
    r"(?:^|/)(?:requirements(?:[-_.](?:prod\w*|base|app|web|server))?\.txt|Gemfile|package\.json|Pipfile)$"
)
_ASIDE = re.compile(
    r"(?:^|/)\.?(?:docs?|tests?|specs?|e2e|dev|lint|examples?|samples?|demos?|benchmarks?|tools?|scripts?|hack|templates?"
    r"|[\w-]*template|ci|\.github|tutorials?|packages|plugins)(?:/|$)",
    re.IGNORECASE,
)
_LOCKS = {
    "txt": (
        "uv.lock",
        "poetry.lock",
        "pdm.lock",
        "Pipfile.lock",
        "constraints.txt",
        "requirements.lock",
        "pylock.toml",
    ),
    "Gemfile": ("Gemfile.lock",),
    "package.json": (
        "package-lock.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "npm-shrinkwrap.json",
        "bun.lock",
        "bun.lockb",
    ),
    "Pipfile": ("Pipfile.lock",),
}
_DEPLOYS = re.compile(
    r"(?:^|/)(?:[\w.-]*dockerfile[\w.-]*|containerfile|procfile|app\.ya?ml|serverless\.ya?ml|release\.sh|deploy[\w-]*\.\w+)$",
    re.IGNORECASE,
)
_INSTALLS = {
    "txt": rb"pip3?(?:[\d.]+)? install\b[^\n&|;]*(?:-r|--requirement)[ =]*\S*%b|uv pip (?:install|sync)\b[^\n&|;]*%b",
    "Gemfile": rb"\bbundle install\b",
    "package.json": rb"\b(?:npm (?:i|ci|install)|yarn(?: install)?|pnpm i(?:nstall)?)\b(?! -g)",
    "Pipfile": rb"\bpipenv (?:install|sync)\b",
}
_CONSTRAINED = re.compile(rb"pip3?(?:[\d.]+)? install\b[^\n&|;]*(?:-c|--constraint)\b")
_BUILDPACK = re.compile(rb"^(?:web|worker|release)\s*:", re.MULTILINE)
_MOST = 12


class _Place(NamedTuple):
    """A line that installs a manifest where the application runs."""

    path: str
    line: int
    text: str


class UnpinnedVersion(Scout):
    """An application is deployed with dependencies that no file gives a version: no bound, no lock.

    Looked at are requirements lists, `Gemfile`, `Pipfile` and `package.json` that an image, a Procfile or a deploy
    script installs. A dependency counts when its line has no version at all (`name`, `*`, `latest`), and neither a lock
    file beside or above the manifest, nor constraints, nor hashes say one. Passed over are packages for others to
    install, manifests for tests, documentation, development and tools, templates, and lock files that `.gitignore`
    leaves out on purpose. A manifest is one finding.

    ## Why it matters
    Two builds of one commit differ. The day a dependency releases a new major, the next deployment breaks, whatever it
    was about; and what ran last week cannot be built again.

    ## What to do with it
    Commit a lock file, or write down the versions that run today. `# scout: ignore[unpinned-version] reason` on the
    line before keeps a dependency open.

    ## Severity
    2 always: what is deployed changes by itself.

    ## Source
    Wiggins, The Twelve-Factor App, II. Dependencies (2011); OpenSSF Scorecard, check Pinned-Dependencies.
    """

    id: ClassVar[str] = "unpinned-version"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "An image installs a list of which two have no version; another service has no lock; a third a Procfile",
            (
                Commit(
                    "2024-01-10",
                    {
                        "Dockerfile": lines("FROM python:3.13", "RUN pip install -r app/requirements.txt"),
                        "app/requirements.txt": lines("django==5.2", "wall-paint  # any", "brush[soft]", "# plaster"),
                        "shop/Dockerfile": lines("FROM node:22", "RUN npm install"),
                        "shop/package.json": lines(
                            "{", '  "dependencies": {', '    "wall": "*",', '    "paint": "^2.0.0"', "  }", "}"
                        ),
                        "staff/Procfile": "web: bundle exec send\n",
                        "staff/Gemfile": lines(
                            "gem 'plaster', '~> 2'", "gem 'brush'", "group :test do", "gem 'x'", "end"
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (
                Expected("app/requirements.txt", "app/requirements.txt:2"),
                Expected("shop/package.json", "shop/package.json:3"),
                Expected("staff/Gemfile", "staff/Gemfile:2"),
            ),
        ),
        Example(
            "Locked, constrained, hashed, ignored on purpose, not deployed, for tests",
            (
                Commit(
                    "2024-01-10",
                    {
                        ".gitignore": "e/Gemfile.lock\n",
                        "a/Dockerfile": "RUN pip install -r requirements.txt\n",
                        "a/requirements.txt": "wall\n",
                        "a/uv.lock": "version = 1\n",
                        "b/Dockerfile": "RUN pip install -r requirements.txt -c limits.txt\n",
                        "b/requirements.txt": "wall\n",
                        "c/Dockerfile": "RUN pip install -r requirements.txt\n",
                        "c/requirements.txt": "wall\n--hash=sha256:0\n",
                        "d/requirements.txt": "wall\n",
                        "e/Procfile": "web: run\n",
                        "e/Gemfile": "gem 'wall'\n",
                        "f/Dockerfile": "RUN pip install -r requirements.txt\n",
                        "f/requirements.txt": "wall==1\nplaster>=2\n-r more.txt\n",
                        "tests/Dockerfile": "RUN pip install -r requirements.txt\n",
                        "tests/requirements.txt": "wall\n",
                        "g/Pipfile": '[packages]\nwall = "*"\n[dev-packages]\nx = "*"\n',
                        "g/Pipfile.lock": "{}\n",
                        "g/Dockerfile": "RUN pipenv install\n",
                    },
                ),
            ),
            "2024-02-01",
        ),
        Example(
            "A package that others install, with an image to try it",
            (
                Commit(
                    "2024-01-10",
                    {
                        "setup.py": "setup(name='fresco')\n",
                        "Dockerfile": "RUN pip install -r requirements.txt\n",
                        "requirements.txt": "wall\n",
                    },
                ),
            ),
            "2024-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each manifest.

        Raises:
            NotApplicable: nothing is deployed from here, or others install it.
        """
        if package_file(view) is not None:
            message = "a package leaves versions to those who install it"
            raise NotApplicable(message)
        for path in view.tree.files:
            name = path.rpartition("/")[2]
            if not _MANIFEST.search(path) or _ASIDE.search(path.rpartition("/")[0]) or _is_locked(view, path):
                continue
            said = asked(name, view.tree.text(path) or "") if _is_own(view, path) else Asked((), 0)
            place = _installed(view, path) if said.unbound else None
            if place is not None:
                yield Finding(
                    signal=self.id,
                    subject=path,
                    identity=view.history.origin(path),
                    severity=2,
                    kind=self.kind,
                    story=_story(path, said, place),
                    evidence=(
                        *(at_line(path, one.line, one.text) for one in said.unbound),
                        at_line(place.path, place.line, place.text),
                    ),
                    score=0.75 if said.bound else 0.65,
                )


def _is_own(view: View, path: str) -> bool:
    return view.tree.file_class(path) not in {FileClass.VENDORED, FileClass.FIXTURE, FileClass.TEST}


def _kind(path: str) -> str:
    return "txt" if path.endswith(".txt") else path.rpartition("/")[2]


def _is_locked(view: View, path: str) -> bool:
    """Say whether a lock file stands beside or above, or is left out on purpose."""
    folder = path.rpartition("/")[0]
    while True:
        beside = [f"{folder}/{lock}".strip("/") for lock in _LOCKS[_kind(path)]]
        if any(one in view.tree.files or view.tree.ignored(one) for one in beside):
            return True
        if not folder:
            return False
        folder = folder.rpartition("/")[0]


def _installed(view: View, path: str) -> _Place | None:
    """Return the line that installs a manifest where the application runs; None where there is none."""
    folder, _, name = path.rpartition("/")
    installs = re.compile(_INSTALLS[_kind(path)].replace(b"%b", re.escape(name.encode())))

    def deploys(file: File) -> bool:
        return _DEPLOYS.search(file.path) is not None and _ASIDE.search(file.path) is None

    for file in view.tree.search(installs, deploys):
        raw = view.tree.content(file.path)
        found = installs.search(raw)
        if found is None or _CONSTRAINED.search(raw) or not _is_meant(view, file.path, found.group(), path):
            continue
        line = raw.count(b"\n", 0, found.start()) + 1
        return _Place(file.path, line, (view.tree.text(file.path) or "").split("\n")[line - 1])
    procfile = f"{folder}/Procfile".strip("/")
    text = view.tree.text(procfile) if procfile in view.tree.files else None
    if text and _BUILDPACK.search(text.encode()):
        return _Place(procfile, 1, text.split("\n")[0])
    return None


def _is_meant(view: View, deploys: str, command: bytes, path: str) -> bool:
    """Say whether the command of a file means this manifest and no other of its name."""
    written = command.decode("utf-8", "replace").split()[-1].rpartition("=")[2].removeprefix("./")
    folder, name = deploys.rpartition("/")[0], path.rpartition("/")[2]
    if written.endswith(f"/{name}"):
        same = [one for one in view.tree.files if one.endswith(f"/{name}") or one == name]
        return path in {written, joined(folder, written)} or same == [path]
    while True:
        beside = f"{folder}/{name}".strip("/")
        if beside in view.tree.files or not folder:
            return beside == path
        folder = folder.rpartition("/")[0]


def _dependencies(number: int) -> str:
    return "one dependency" if number == 1 else counted(number, "dependencie")


def _story(path: str, said: Asked, place: _Place) -> Story:
    names = [f"`{one.name}`" for one in said.unbound]
    many = len(names) > 1
    others = f"; the other {_dependencies(said.bound)} are bound" if said.bound > 1 else ""
    return Story(
        title=title(f"Give versions to {_dependencies(len(names))} in ", path),
        current=(
            f"`{path}` asks for {listed(names, _MOST)} in any version{others}, and there is no lock file. "
            f"`{place.path}:{place.line}` installs it where the application runs."
        ),
        why=(
            "Two builds of one commit differ, and the day one of them releases a new major version the next deployment "
            "breaks, whatever it was about."
        ),
        wanted=f"{'They have' if many else 'It has'} a version here, or a lock file that the deployment respects does.",
        acceptance=(
            f"No line of `{path}` leaves the version open, or a lock file stands beside it.",
            "Two builds of one commit install the same versions.",
        ),
        scope=(f"`{path}`", f"`{place.path}`"),
        non_goals=("Raising versions on the way.",),
        risks=("The versions of today have to be read off what runs, not off the newest release.",),
        size="S",
    )
