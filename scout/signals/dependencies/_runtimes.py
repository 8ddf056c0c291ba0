"""Where a project says with which version of a runtime it runs: images, CI, tool files, manifests and locks."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from scout.repository import FileClass
from scout.signals._base import View
from scout.signals.dependencies import _images, _workflows
from scout.signals.dependencies._manifests import declared, may_declare

_DOCKERFILE = re.compile(r"(?:^|/)(?:dockerfile|containerfile)[\w.-]*$|\.dockerfile$", re.IGNORECASE)
_FROM = re.compile(r"^\s*FROM\s+(?:--\S+\s+)*(?P<image>\S+)", re.IGNORECASE)
_ARG = re.compile(r"^\s*(?:ARG|ENV)\s+(?P<name>\w+)[= ][\"']?(?P<value>[\w.-]+)[\"']?\s*$", re.IGNORECASE)
_NODESOURCE = re.compile(r"^[^#]*\bdeb\.nodesource\.com/(?:node|setup)_(?P<version>[\w${}]+)\.x\b")
_YAML_IMAGE = re.compile(r"^\s*(?:-\s*)?(?:image|container)\s*:\s*[\"']?(?P<image>[^\s\"'#]+)")
_JSON_IMAGE = re.compile(r"\"image\"\s*:\s*\"(?P<image>[^\"]+)\"")
_YAML = re.compile(r"\.ya?ml$")
_CI = re.compile(r"^\.github/|(?:^|/)\.gitlab|^\.circleci/|^\.travis|^\.?azure-pipelines|^\.buildkite/|^\.woodpecker")
_DEVCONTAINER = re.compile(r"(?:^|/)\.?devcontainer[\w.-]*(?:/|\.json$)|(?:^|/)\.gitpod")
_BUILDS = re.compile(r"\.(?:ya?ml|hcl|mk|sh)$|(?:^|/)(?:makefile|justfile|gnumakefile)$", re.IGNORECASE)
_ASIDE = re.compile(
    r"(?:^|/)(?:examples?|samples?|demos?|tutorials?|templates?|docs?|benchmarks?|e2e|archive)/", re.IGNORECASE
)
_PASSED_OVER = frozenset({FileClass.VENDORED, FileClass.GENERATED, FileClass.FIXTURE, FileClass.DOCS, FileClass.TEST})
_NEAR = 300
_FEW_TESTS = 3
_CODE = re.compile(r"\.(?:py|go|rb|[jt]sx?|java|rs|php)$")
_TEST = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*(?:[._-](?:test|spec)s?|Test))\.\w+$")
_GIVES_ARGUMENTS = re.compile(rb"--build-arg|\bbuild[-_]?args\b|\bargs\s*[:=]", re.IGNORECASE)
_GIVEN = re.compile(rb"(?<![\w$])([A-Za-z_]\w*)\"?\s*[:=]")
_SUSPECT = re.compile(rb"(?i)^[^\S\n]*FROM\s|image\"?\s*:|container\s*:", re.MULTILINE)


class Role(StrEnum):
    """What a version is declared for, the most telling first."""

    IMAGE = "image"
    SERVICE = "service"
    TOOL = "tool"
    MANIFEST = "manifest"
    LOCK = "lock"
    CI = "ci"
    MATRIX = "matrix"
    DEVELOPMENT = "development"


ASIDE = frozenset({Role.CI, Role.MATRIX, Role.DEVELOPMENT})
"""What neither ships nor runs in production."""


@dataclass(frozen=True, slots=True)
class Use:
    """A place that says which version of a runtime is used.

    Attributes:
        runtime: as the table of ends calls it.
        written: the version or range; of a matrix, all its versions as alternatives.
        line: counted from 1.
        text: the line.
    """

    runtime: str
    written: str
    role: Role
    path: str
    line: int
    text: str

    @property
    def place(self) -> str:
        """Where it stands, as a locator."""
        return f"{self.path}:{self.line}"


def uses(view: View) -> Iterator[Use]:
    """Give all places of a tree that name a runtime's version, by path and line; not docs, tests and examples."""
    found = [*_in_images(view), *_in_workflows(view), *_in_manifests(view)]
    yield from sorted(set(found), key=lambda use: (use.path, use.line, use.runtime, use.written))


def is_own(view: View, path: str) -> bool:
    """Say whether a file belongs to the project itself, not to its documentation, tests or examples."""
    outside = _ASIDE.search(path) or view.tree.file_class(path) in _PASSED_OVER
    return not outside and path.rpartition("/")[0] not in view.once(_folders_of_tests)


def _folders_of_tests(view: View) -> frozenset[str]:
    """Return the folders, and all below, whose own code is tests for the most part: what they hold serves these."""
    code, tests = Counter[str](), Counter[str]()
    below: set[str] = set()
    for path in view.tree.files:
        folder = path.rpartition("/")[0]
        below.add(folder)
        if _CODE.search(path):
            code[folder] += 1
            tests[folder] += _TEST.search(path) is not None
    found = [f"{one}/" for one, number in tests.items() if one and number >= _FEW_TESTS and number * 2 > code[one]]
    return frozenset(one for one in below if any(f"{one}/".startswith(folder) for folder in found))


def _in_images(view: View) -> Iterator[Use]:
    def may_name(path: str) -> bool:
        return bool(_DOCKERFILE.search(path) or _YAML.search(path) or _DEVCONTAINER.search(path))

    for file in view.tree.search(_SUSPECT, lambda one: may_name(one.path)):
        if not is_own(view, file.path) or (text := view.tree.text(file.path)) is None:
            continue
        rows = text.split("\n")
        named = _from_lines(view, rows) if _DOCKERFILE.search(file.path) else _image_lines(rows)
        for line, image in named:
            role = _role(file.path)
            for runtime, version in _images.runtimes(image):
                yield Use(runtime, version, role, file.path, line, rows[line - 1])


def _from_lines(view: View, rows: list[str]) -> Iterator[tuple[int, str]]:
    """Give the images that stages start from, and what they install of a vendor's own packages, as if it were one.

    Left out is where a default stands in for what every build is given.
    """
    variables: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        if argument := _ARG.match(row):
            variables[argument["name"]] = argument["value"]
            continue
        image = ""
        if found := _FROM.match(row):
            image = found["image"]
        elif installed := _NODESOURCE.match(row):
            image = f"node:{installed['version']}"
        used = [name for name in variables if _images.filled(image, {name: "0"}) != image]
        if image and not any(name in view.once(_given) for name in used):
            yield number, _images.filled(image, variables)


def _given(view: View) -> frozenset[str]:
    """Return the names of build arguments that files of the repository give when they build an image."""
    found: set[str] = set()
    for file in view.tree.search(_GIVES_ARGUMENTS, lambda one: _BUILDS.search(one.path) is not None):
        content = (view.tree.text(file.path) or "").encode()
        for marker in _GIVES_ARGUMENTS.finditer(content):
            found.update(name.decode() for name in _GIVEN.findall(content[marker.end() : marker.end() + _NEAR]))
    return frozenset(found)


def _image_lines(rows: list[str]) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(rows, start=1):
        if found := _YAML_IMAGE.match(row) or _JSON_IMAGE.search(row):
            yield number, _images.filled(found["image"], {})


def _role(path: str) -> Role:
    if _DEVCONTAINER.search(path):
        return Role.DEVELOPMENT
    if _DOCKERFILE.search(path):
        return Role.IMAGE
    return Role.CI if _CI.search(path) else Role.SERVICE


def _in_workflows(view: View) -> Iterator[Use]:
    for path in view.tree.files:
        if _workflows.is_workflow(path) and (text := view.tree.text(path)) is not None:
            rows = text.split("\n")
            for runtime, written, line, is_matrix in _workflows.versions(text):
                yield Use(runtime, written, Role.MATRIX if is_matrix else Role.CI, path, line, rows[line - 1])


def _in_manifests(view: View) -> Iterator[Use]:
    for path in view.tree.files:
        if not may_declare(path) or not is_own(view, path) or (text := view.tree.text(path)) is None:
            continue
        rows = text.split("\n")
        for runtime, written, line, role in declared(path, text):
            yield Use(runtime, written, Role(role), path, line, rows[line - 1])
