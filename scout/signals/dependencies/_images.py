"""Versions of runtimes in the names of container images."""

import re
from collections.abc import Iterator, Mapping

from scout.repository import Tree

_NAMES = {
    **dict.fromkeys(("python", "node", "ruby", "php", "mysql", "mariadb", "redis", "elasticsearch"), ""),
    **dict.fromkeys(("debian", "ubuntu", "alpine", "centos"), ""),
    "golang": "go",
    "go": "go",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "postgis": "postgresql",
    "mongo": "mongodb",
    "mongodb": "mongodb",
    "javascript-node": "node",
    "typescript-node": "node",
    **dict.fromkeys(("openjdk", "eclipse-temurin", "amazoncorretto"), "java"),
}
_OWNERS = frozenset(
    {"", "library", "docker/library", "bitnami", "bitnamilegacy", "cimg", "circleci", "postgis", "elasticsearch"}
    | {"devcontainers", "vscode/devcontainers", "sclorg"}
)
_CODENAMES = {
    "wheezy": "7",
    "jessie": "8",
    "stretch": "9",
    "buster": "10",
    "bullseye": "11",
    "bookworm": "12",
    "trixie": "13",
}
_UBUNTUS = {
    "precise": "12.04",
    "trusty": "14.04",
    "xenial": "16.04",
    "bionic": "18.04",
    "focal": "20.04",
    "jammy": "22.04",
    "noble": "24.04",
}
_IMAGE = re.compile(
    r"^(?:(?P<host>[\w-]+(?:\.[\w-]+)+(?::\d+)?|localhost)/)?(?:(?P<owner>[\w./-]+)/)?(?P<name>[\w.-]+)"
    r":(?P<tag>[\w.-]+)(?:@sha256:\w+)?$"
)
_VERSION = re.compile(r"^(?:\d-)?v?(?P<version>\d+(?:\.\d+)*)(?=$|[-_.a-z])")
_ALPINE = re.compile(r"alpine(\d+\.\d+)")
_TAKEN = re.compile(r"^[^\S\n]*(?:COPY|ADD)[^\S\n]+((?:[^\n\\]|\\\n)+)", re.MULTILINE | re.IGNORECASE)
_MANIFEST = re.compile(
    r"requirements[\w.-]*\.txt$|\.(?:toml|lock|json|mod|cfg|gemspec)$|Gemfile|Pipfile|pom\.xml|setup\.py$"
)
_VARIABLE = re.compile(r"\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)")


def runtimes(image: str) -> Iterator[tuple[str, str]]:
    """Give runtime and version of an image's name: of what it is for, then of the system below it."""
    found = _IMAGE.match(image)
    if found is None or found["name"] not in _NAMES or (found["owner"] or "") not in _OWNERS:
        return
    name, tag = found["name"], found["tag"]
    runtime = _NAMES[name] or name
    named = {"debian": _CODENAMES, "ubuntu": _UBUNTUS}.get(runtime, {}).get(tag.partition("-")[0])
    version = _VERSION.match(tag)
    if named or version:
        yield runtime, named or (version["version"] if version else "")
    if runtime in {"debian", "ubuntu"}:
        return
    parts = tag.split("-")
    yield from (("debian", _CODENAMES[part]) for part in parts if part in _CODENAMES)
    yield from (("ubuntu", _UBUNTUS[part]) for part in parts if part in _UBUNTUS)
    if below := _ALPINE.search(tag):
        yield "alpine", below.group(1)


def filled(text: str, variables: Mapping[str, str]) -> str:
    """Return a text with its variables replaced by what is known of them; unknown ones stay."""

    def value(found: re.Match[str]) -> str:
        name = found.group(1) or found.group(3)
        return variables.get(name) or found.group(2) or found.group()

    return _VARIABLE.sub(value, text)


def is_tool(tree: Tree, path: str) -> bool:
    """Say whether a Dockerfile below the root takes nothing but single files of its own folder, none a manifest.

    Such an image holds a tool beside the product, which has versions of its own.
    """
    folder = path.rpartition("/")[0]
    taken = [one for row in _TAKEN.findall(tree.text(path) or "") for one in row.split()[:-1] if one[:2] != "--"]
    own = all(f"{folder}/{one.removeprefix('./')}" in tree.files for one in taken)
    return bool(folder and taken) and own and not any(map(_MANIFEST.search, taken))
