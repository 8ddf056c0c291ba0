"""Commands that documentation tells people to type, and whether the project has them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from scout.repository import FileClass
from scout.repository.decoding import decoded
from scout.signals._base import View
from scout.signals._makefile import is_makefile, known_targets, makefile_in, parse
from scout.signals._paths import Fate, Past, joined
from scout.signals._shell import Command, commands

_PROMPT = re.compile(r"^\s*(?:\([\w.-]+\)\s*)?[$%❯➜]\s+|^\s*>\s+(?=\w)")
_SAMPLE = re.compile(r"<[^<>\s][^<>]*>")
_TARGET = re.compile(r"^[A-Za-z][\w-]*(?:[:.][\w-]+)*$")
_SCRIPT = re.compile(r"^[A-Za-z][\w:.-]*$")
_DJANGO = re.compile(r"(?:^|/)management/commands/([A-Za-z]\w*)\.py$")
_NO_TARGETS = """
sure it a an the your this that use changes and or file files command commands target targets
install altinstall all menuconfig
"""
_PROSE = frozenset(_NO_TARGETS.split())
"""Words after `make` that are prose, or targets that nearly every foreign source tree has."""
_DJANGO_COMMANDS = """
changepassword check clear_cache clearsessions collectstatic compilemessages createcachetable createsuperuser dbshell
diffsettings dumpdata findstatic flush help inspectdb loaddata makemessages makemigrations migrate ogrinspect
optimizemigration ping_google remove_stale_contenttypes runserver runserver_plus sendtestemail shell shell_plus
showmigrations sqlflush sqlmigrate sqlsequencereset squashmigrations startapp startproject test testserver version
"""
_DJANGO_OWN = frozenset(_DJANGO_COMMANDS.split())
"""Commands of Django and of django-extensions."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A command that a page tells to type.

    Attributes:
        tool: `make`, `npm` or `manage.py`.
        name: target, script or subcommand.
        folder: the folder it runs in, from the root; empty when none was said.
    """

    tool: str
    name: str
    folder: str = ""

    @property
    def words(self) -> str:
        """The command as people say it."""
        return f"npm run {self.name}" if self.tool == "npm" else f"{self.tool} {self.name}"


@dataclass(frozen=True, slots=True)
class Missing:
    """What is known about a command that the project does not have."""

    fate: Fate | None = None
    hint: str = ""
    declared_in: str = ""
    others: tuple[str, ...] = ()


def typed(text: str, folder: str = "") -> Iterator[Typed]:
    """Give the commands of one line of documentation; a prompt before it does not count."""
    for command in commands(_SAMPLE.sub("{sample}", _PROMPT.sub("", text.strip(), count=1))):
        yield from _typed(command, folder)


def entered(text: str, folder: str | None) -> str | None:
    """Return the folder after a line's `cd`; None when that is not known."""
    for command in commands(_PROMPT.sub("", text.strip(), count=1)):
        if command.words[:1] == ("cd",) and len(command.words) > 1 and folder is not None:
            folder = joined(folder, command.words[1]) if re.fullmatch(r"[\w./-]+", command.words[1]) else None
    return folder


class Known:
    """What the project has: Makefile targets, package scripts, Django commands."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._past = Past(view)

    def missing(self, command: Typed, page: str) -> Missing | None:
        """Return what is known about a command that is missing for sure; None when it is there, or cannot be judged."""
        match command.tool:
            case "make":
                return self._no_target(command, page)
            case "npm":
                return self._no_script(command, page)
            case _:
                return self._no_subcommand(command.name)

    def has(self, command: Typed) -> bool:
        """Say whether the project has a command of this tool and name somewhere."""
        match command.tool:
            case "make":
                return command.name in self._targets
            case "npm":
                return command.name in self._scripts
            case _:
                return command.name in self._subcommands

    def _no_target(self, command: Typed, page: str) -> Missing | None:
        if command.name in self._targets or self._view.tree.exists(command.name):
            return None
        for folder in _outward(command.folder, page):
            path = makefile_in(self._view.tree, folder)
            if path is not None:
                targets = known_targets(self._view.tree, path)
                names = tuple(sorted(name for name in targets or () if _TARGET.match(name)))
                return Missing(declared_in=path, others=names) if names else None
        fate = self._past.fate("Makefile") if command.name in self._former_targets and not self._makefiles else None
        return Missing(fate) if fate is not None else None

    def _no_script(self, command: Typed, page: str) -> Missing | None:
        if command.name in self._scripts:
            return None
        for folder in _outward(command.folder, page):
            path = f"{folder}/package.json".strip("/")
            if path in self._view.tree.files:
                names = tuple(sorted(_scripts(self._view.tree.text(path))))
                return Missing(declared_in=path, others=names) if names else None
        return None

    def _no_subcommand(self, name: str) -> Missing | None:
        if (
            name in self._subcommands
            or name in _DJANGO_OWN
            or not any(path.endswith("manage.py") for path in self._view.tree.files)
        ):
            return None
        if name in self._former:
            return Missing(self._past.fate(self._former[name]))
        where = self._function(name) if not self._is_called(name) else ""
        return Missing(hint=f"a function of that name is at `{where}`", declared_in=where) if where else None

    def _is_called(self, name: str) -> bool:
        """Say whether code calls the command, which an installed package then brings."""
        pattern = re.compile(rf"call_command\(\s*[\"']{re.escape(name)}[\"']".encode())
        return next(self._view.tree.search(pattern, lambda file: file.path.endswith(".py")), None) is not None

    def _function(self, name: str) -> str:
        if "_" not in name:
            return ""
        pattern = re.compile(rf"^[^\S\n]*(?:async )?def {re.escape(name)}\(".encode(), re.MULTILINE)
        found = self._view.tree.search(pattern, lambda file: file.path.endswith(".py"))
        return next((file.path for file in found if self._view.tree.file_class(file.path) is FileClass.CODE), "")

    @cached_property
    def _makefiles(self) -> tuple[str, ...]:
        return tuple(path for path in self._view.tree.files if is_makefile(path) or path.endswith(".mk"))

    @cached_property
    def _targets(self) -> frozenset[str]:
        texts = (self._view.tree.text(path) for path in self._makefiles)
        return frozenset(target for text in texts if text is not None for target in parse(text).targets)

    @cached_property
    def _former_targets(self) -> frozenset[str]:
        """Targets of the root's Makefile when it was deleted; none where its content cannot be read."""
        change = self._view.history.deleted("Makefile")
        file = next((one for one in change.files if "Makefile" in {one.path, one.old_path}), None) if change else None
        content = self._view.blob(file.before) if file and file.before else None
        return frozenset(parse(decoded(content) or "").targets) if content else frozenset()

    @cached_property
    def _scripts(self) -> frozenset[str]:
        paths = [path for path in self._view.tree.files if path.rpartition("/")[2] == "package.json"]
        return frozenset(name for path in paths for name in _scripts(self._view.tree.text(path)))

    @cached_property
    def _subcommands(self) -> frozenset[str]:
        return frozenset(found.group(1) for path in self._view.tree.files if (found := _DJANGO.search(path)))

    @cached_property
    def _former(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for change in self._view.history.changes:
            for file in change.files:
                name = _DJANGO.search(file.old_path or file.path) if file.status in {"D", "R"} else None
                if name:
                    found.setdefault(name.group(1), file.old_path or file.path)
        return found


def _typed(command: Command, folder: str) -> Iterator[Typed]:
    words = command.words
    if not words:
        return
    if words[0] == "make":
        yield from _made(words[1:], folder)
    elif words[0] in {"npm", "pnpm"} and len(words) > 2 and words[1] in {"run", "run-script"}:  # noqa: PLR2004 npm run x
        if _SCRIPT.match(words[2]):
            yield Typed("npm", words[2], folder)
    else:
        at = next((at for at, word in enumerate(words) if word.rpartition("/")[2] == "manage.py"), None)
        if at is not None and len(words) > at + 1 and re.fullmatch(r"[a-z]\w+", words[at + 1]):
            yield Typed("manage.py", words[at + 1])


def _made(words: tuple[str, ...], folder: str) -> Iterator[Typed]:
    rest = list(words)
    targets: list[str] = []
    while rest:
        word = rest.pop(0)
        if word in {"-C", "--directory"} and rest:
            inner = joined(folder, rest.pop(0))
            if inner is None:
                return
            folder = inner
        elif word in {"-f", "--file"} and rest:
            folder, _, name = rest.pop(0).rpartition("/")
            if not is_makefile(name):
                return
        elif word in {"-j", "-l", "-o"}:
            continue
        elif not word.startswith("-") and "=" not in word:
            targets.append(word)
    if targets and not (targets[0].lower() in _PROSE or any(target.lower() in _PROSE for target in targets[1:2])):
        yield from (Typed("make", target, folder) for target in targets if _TARGET.match(target))


def _outward(folder: str, page: str) -> Iterator[str]:
    """Give the folders in which a page's command may be meant: the one it said, the page's own, and those around it."""
    if folder:
        yield folder
    here = page.rpartition("/")[0]
    while here:
        yield here
        here = here.rpartition("/")[0]
    yield ""


def _scripts(text: str | None) -> frozenset[str]:
    try:
        content: Any = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return frozenset()
    scripts = cast("dict[str, Any]", content).get("scripts") if isinstance(content, dict) else None
    return frozenset(cast("dict[str, Any]", scripts)) if isinstance(scripts, dict) else frozenset()
