"""What tests and pages name of what machines run: by its file, its class, the recipe or the workflow that runs it."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scout.repository import FileClass
from scout.signals._changes import SOURCE
from scout.signals._checks import scripts_of
from scout.signals._makefile import parse
from scout.signals._view import View

_TEXTS = (".md", ".mdx", ".markdown", ".rst", ".txt", ".adoc", ".asciidoc", ".org")
_CHRONICLE = re.compile(
    r"(?:^|/)(?:change-?log|changes|history|news|whats-?new|releases?(?:[-_]?notes?)?)(?:[-_.][^/]*)?$"
    r"|(?:^|/)(?:change-?logs?|newsfragments|changes|release[-_]notes?)/|(?:^|/)licen[cs]e",
    re.IGNORECASE,
)
"""Pages that tell what happened, not what there is."""
_BADGE = re.compile(r"\[!\[[^\]\n]*\]\([^)\n]*\)\]\([^)\n]*\)|!\[[^\]\n]*\]\([^)\n]*\)")
_PARTED = re.compile(r"[-_]")
_RECIPES = re.compile(r"(?:^|/)(?:GNU)?[Mm]akefile$|\.mk$")
_PACKAGE = re.compile(r"(?:^|/)package\.json$")
_JUST = re.compile(r"(?:^|/)\.?[Jj]ustfile$|(?:^|/)Taskfile\.ya?ml$")
_HEAD = re.compile(r"^\s{0,4}([\w-]+)(?:\s[^:=\n]*)?:(?!=)")
_TITLE = re.compile(r"^name:\s*[\"']?(?P<title>[^\"'\n#]+)", re.MULTILINE)
_TELLING = 10


@dataclass(frozen=True, slots=True)
class _Names:
    """What names a file: wherever it stands, on pages alone, and only near the file or beside its folder's name."""

    sure: re.Pattern[str]
    near: re.Pattern[str] | None
    on_pages: re.Pattern[str] | None
    folder: str


def named(view: View, callers: Mapping[str, Collection[str]]) -> Mapping[str, frozenset[str]]:
    """Return for each file which of `test` and `page` name it.

    Args:
        view: of a commit.
        callers: by file the workflows that run it at a release or by a clock: a page that names one describes it.
    """
    found: dict[str, set[str]] = {path: set() for path in callers}
    if not callers:
        return {}
    common = Counter(path.rpartition("/")[2] for path in view.tree.files)
    recipes = _recipes(view, callers)
    names = {
        path: _names(view, path, recipes[path], workflows, alone=common[path.rpartition("/")[2]] == 1)
        for path, workflows in callers.items()
    }
    patterns = [one for name in names.values() for one in (name.sure, name.near, name.on_pages) if one is not None]
    every = re.compile("|".join(one.pattern for one in patterns))
    inside = view.tree.search(re.compile(every.pattern.encode()), lambda file: _may_tell(file.path.lower()))
    telling = [file.path for file in inside]
    telling += [path for path in view.tree.files if _may_tell(path.lower()) and every.search(path)]
    for place in dict.fromkeys(telling):
        word = _says(view, place)
        text = f"{place}\n{_BADGE.sub('', view.tree.text(place) or '')}" if word else ""
        for path, name in names.items():
            if word and place != path and word not in found[path] and _tells(name, place, text, word):
                found[path].add(word)
    return {path: frozenset(words) for path, words in found.items()}


def _says(view: View, place: str) -> str:
    kind = view.tree.file_class(place)
    if kind is FileClass.TEST:
        return "test" if SOURCE.search(place) or place.endswith((".bats", ".sh")) else ""
    is_page = kind is FileClass.DOCS or place.lower().endswith(_TEXTS[:3])
    return "page" if is_page and not _CHRONICLE.search(place) else ""


def _tells(name: _Names, place: str, text: str, word: str) -> bool:
    if name.sure.search(text):
        return True
    if word == "page" and name.on_pages is not None and name.on_pages.search(text):
        return True
    if name.near is None or not name.near.search(text):
        return False
    home, own = place.rpartition("/")[0], name.folder.rpartition("/")[2]
    beside = bool(home) and (name.folder == home or name.folder.startswith(f"{home}/"))
    return not name.folder or beside or re.search(rf"\b{re.escape(own)}\b", text, re.IGNORECASE) is not None


def _may_tell(path: str) -> bool:
    """Say whether a file may be a page or a test, by its name in lower case."""
    return path.endswith(_TEXTS) or "test" in path or "spec" in path or "contributing" in path


def _names(view: View, path: str, recipes: Sequence[str], workflows: Collection[str], *, alone: bool) -> _Names:
    """Return what names a script: its path's end, its file in a word of more than one part, its class, its test."""
    folder, _, name = path.rpartition("/")
    stem, dot, _ = name.partition(".")
    whole = f"{folder.rpartition('/')[2]}/{name}" if folder else name
    bare = rf"(?<![\w./-])(?:\./)?{re.escape(name)}"
    tested = rf"(?:test[-_]{re.escape(stem)}|{re.escape(stem)}[-_.](?:spec|test))(?=\.)"
    sure = [rf"(?<![\w.-]){re.escape(whole)}", rf"(?:^|[\s`(])(?:/?[\w-]+/)*{tested}"]
    if (dot or _PARTED.search(stem)) and alone:
        sure.append(bare)
    if _PARTED.search(stem):
        sure += [rf"(?<![\w-]){re.escape(stem)}(?![\w-])", rf"{re.escape(stem)}_(?:spec|test)"]
        sure += [rf"test_{re.escape(stem)}", "".join(part.capitalize() for part in _PARTED.split(stem) if part)]
    else:
        sure.append(
            rf"\bimport {re.escape(stem)}\b|\bfrom (?:[\w.]+\.)?{re.escape(stem)} import\b|/{re.escape(stem)}[\"']"
        )
    title = _TITLE.search(view.tree.text(path) or "") if path.endswith((".yml", ".yaml")) else None
    on_pages = [rf"(?<![\w.-]){re.escape(one.rpartition('/')[2])}" for one in sorted(workflows)]
    on_pages += [rf"\b{re.escape(one)}" for one in recipes]
    on_pages += [rf"`{re.escape(one)}`" for one in {said.rpartition(" ")[2] for said in recipes} if _PARTED.search(one)]
    if title and len(title["title"].strip()) >= _TELLING and " " in title["title"].strip():
        on_pages.append(rf"(?i:{re.escape(title['title'].strip())})")
    near = re.compile(rf"{bare}(?!\w)") if dot and not alone else None
    return _Names(_any(sure), near, _any(on_pages) if on_pages else None, folder)


def _any(ways: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(ways)})(?!\w)")


def _recipes(view: View, paths: Collection[str]) -> Mapping[str, list[str]]:
    """Return by file how people say the recipes and package scripts that run it, such as `make lint`."""
    found: dict[str, list[str]] = {path: [] for path in paths}
    ends = {path: re.compile(rf"(?<![\w.-]){re.escape(path.rpartition('/')[2])}(?![\w-])") for path in paths}
    for place in view.tree.files:
        for spoken, script in _spoken(view, place):
            for path, end in ends.items():
                if end.search(script):
                    found[path].append(spoken)
    return found


def _spoken(view: View, place: str) -> Iterator[tuple[str, str]]:
    text = (view.tree.text(place) or "") if any(one.search(place) for one in (_RECIPES, _PACKAGE, _JUST)) else ""
    if _RECIPES.search(place) and text:
        for rule in parse(text).rules:
            recipe = "\n".join(line for _, line in rule.recipe)
            yield from ((f"make {one}", recipe) for one in rule.targets if not one.startswith("."))
    elif _PACKAGE.search(place):
        for name, script in scripts_of(text).items():
            yield from ((f"{tool} {name}", script) for tool in ("npm run", "yarn", "yarn run", "pnpm", "pnpm run"))
    elif text:
        name = ""
        for line in text.split("\n"):
            name = head[1] if (head := _HEAD.match(line)) else name
            yield from ((f"{tool} {name}", line) for tool in ("just", "task") if name)
