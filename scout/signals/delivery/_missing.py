"""Scripts that are called and are not there: the search, with everything that makes a call harmless."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scout.repository import FileClass
from scout.signals._base import View
from scout.signals._ci import Job, jobs
from scout.signals._makefile import Makefile, is_makefile, parse
from scout.signals._paths import Past, is_there, joined, nearest_path
from scout.signals._references import Reference
from scout.signals._shell import called, commands, made, unpacks

_SCRIPT = re.compile(r"\.(?:sh|bash|zsh|py|rb|[cm]?[jt]s|pl|php|ps1|R)$", re.IGNORECASE)
_BUILT = re.compile(
    r"(?:^|/)(?:\.?v?env|node_modules|dist|build|target|out|tmp|temp|_build|\.tox|\.nox|\.cache|vendor)(?:/|$)"
)
_NOT_OURS = frozenset({FileClass.VENDORED, FileClass.FIXTURE, FileClass.TEST, FileClass.GENERATED})
_MOST_LINES = 40


@dataclass
class _Ground:
    """Where a script stands and what was made before it.

    Attributes:
        folders: working directories that are possible, from the root; empty when none is known.
        made: names that were created before.
        opaque: whether something was unpacked whose content nobody can tell.
    """

    folders: list[str]
    made: set[str] = field(default_factory=set[str])
    opaque: bool = False


def in_jobs(view: View) -> Iterator[Reference]:
    """Give the calls of missing scripts and local actions in jobs of continuous integration."""
    past = Past(view)
    for job in jobs(view.tree):
        if job.checked_out and view.tree.file_class(job.path) not in _NOT_OURS:
            lines = (view.tree.text(job.path) or "").split("\n")
            yield from _in_job(view, past, job, lines)


def _in_job(view: View, past: Past, job: Job, lines: list[str]) -> Iterator[Reference]:
    ground = _Ground([])
    for step in job.steps:
        ground.made |= set(step.makes)
        ground.opaque = ground.opaque or step.opaque
        ground.folders = [] if step.folder is None else [step.folder]
        if step.uses.startswith("./"):
            target = joined("", step.uses)
            if target and not is_there(view.tree, target) and not _is_made(target, ground):
                yield Reference(job.path, step.line, lines[step.line - 1], step.uses, target, past.fate(target))
        yield from _in_script(view, past, ground, step.script, job.path, step.line, lines)


def in_makefiles(view: View) -> Iterator[Reference]:
    """Give the calls of missing scripts in recipes of Makefiles."""
    past = Past(view)
    for path in view.tree.files:
        if not is_makefile(path) or view.tree.file_class(path) in _NOT_OURS or (text := view.tree.text(path)) is None:
            continue
        yield from _in_makefile(view, past, path, parse(text), text.split("\n"))


def _in_makefile(view: View, past: Past, path: str, makefile: Makefile, lines: list[str]) -> Iterator[Reference]:
    folder = path.rpartition("/")[0]
    made_here = {one for target in makefile.targets if (one := joined(folder, target))}
    for rule in makefile.rules:
        for number, recipe in rule.recipe:
            bare = recipe.lstrip().lstrip("@+ ")
            if bare.startswith("-"):
                continue
            ground = _Ground(list(dict.fromkeys([folder, ""])), made_here)
            yield from _in_script(view, past, ground, _shell_of(bare), path, number, lines)


def _shell_of(recipe: str) -> str:
    """Return a recipe as the shell gets it; what Make itself asks a shell stays as a substitution."""
    return recipe.replace("$$", "$").replace("$(shell ", "$(")


def _in_script(  # noqa: PLR0913, PLR0917 a script and where it stands
    view: View, past: Past, ground: _Ground, script: str, path: str, first: int, lines: list[str]
) -> Iterator[Reference]:
    for command in commands(script):
        written = called(command)
        if written is not None and not command.forgiven and not _is_guarded(written, script):
            target = _missing(view, past, ground, written)
            if target is not None:
                line = _line(lines, first + command.line, written)
                fate = past.fate(target)
                hint = "" if fate else nearest_path(view.tree, target)
                yield Reference(path, line, lines[line - 1], written, target, fate, hint)
        head = command.words[0] if command.words else ""
        if head in {"cd", "pushd"}:
            ground.folders = _entered(ground.folders, command.words[1] if len(command.words) > 1 else "")
        elif head == "popd":
            ground.folders = []
        ground.opaque = ground.opaque or unpacks(command)
        ground.made |= {
            one for name in made(command) for folder in ground.folders or [""] if (one := joined(folder, name))
        }
        ground.made |= {name.removeprefix("./") for name in made(command)}


def _missing(view: View, past: Past, ground: _Ground, written: str) -> str | None:
    """Return the path that a call means, when it is missing for sure; the first possible folder names it."""
    targets = [target for folder in ground.folders if (target := joined(folder, written))]
    if not targets or any(
        is_there(view.tree, one) or _is_made(one, ground) for one in [*targets, written.removeprefix("./")]
    ):
        return None
    fated = next((target for target in targets if past.fate(target) is not None), None)
    if fated is not None:
        return fated
    target = targets[0]
    folder = target.rpartition("/")[0]
    sure = _SCRIPT.search(target) and not ground.opaque and not _BUILT.search(target)
    elsewhere = any(path.endswith(f"/{written.removeprefix('./')}") for path in view.tree.files)
    return target if sure and not elsewhere and (not folder or view.tree.exists(folder)) else None


def _is_made(target: str, ground: _Ground) -> bool:
    parts = target.split("/")
    return any("/".join(parts[:depth]) in ground.made for depth in range(1, len(parts) + 1))


def _is_guarded(written: str, script: str) -> bool:
    name = re.escape(written.removeprefix("./"))
    return re.search(rf"-[efrsx]\s+[\"']?(?:\./)?{name}", script) is not None


def _entered(folders: list[str], where: str) -> list[str]:
    if not where or re.search(r"[$~*`-]|^/", where.removeprefix("--")):
        return []
    return [*(one for folder in folders if (one := joined(folder, where)) is not None)]


def _line(lines: list[str], near: int, written: str) -> int:
    """Return the line from `near` on that holds what is written; `near` when none of the next ones does."""
    for number in range(near, min(near + _MOST_LINES, len(lines)) + 1):
        if 0 < number <= len(lines) and written in lines[number - 1]:
            return number
    return min(max(near, 1), len(lines))
