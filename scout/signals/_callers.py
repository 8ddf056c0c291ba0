"""What runs scripts without being asked: continuous integration, schedules, image builds and hooks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scout.repository import Tree
from scout.signals import _yaml
from scout.signals._ci import Job, Step, jobs
from scout.signals._occasion import Occasion, Occasions
from scout.signals._paths import joined
from scout.signals._shell import called, commands, contained
from scout.signals._yaml import Node

_DOCKERFILE = re.compile(r"(?:^|/)(?:dockerfile|containerfile)[^/]*$|\.dockerfile$", re.IGNORECASE)
_CRONTAB = re.compile(r"(?:^|/)(?:crontab[^/]*|cron\.d/[^/]+|[^/]+\.cron(?:tab)?)$", re.IGNORECASE)
_HOOK = re.compile(r"(?:^|/)(?:\.husky|\.?githooks|git-hooks)/(?!_/)[^/.]+(?:\.sh)?$")
_PROCFILE = re.compile(r"(?:^|/)Procfile[^/]*$")
_PROCESS = re.compile(r"^(?P<name>clock|scheduler|cron|release|beat)\w*:\s*(?P<command>.+)$")
_CRON_LINE = re.compile(
    r"^\s*(?:@\w+|(?:[\d*/,\-]+\s+){4}[\w*/,\-]+)\s+(?:(?:root|www-data|\w+)\s+(?=[/.\w]+/))?(?P<command>\S.*)$"
)
_CLOCK = re.compile(r"(?:^|/)config/(?:cron|recurring|schedule|sidekiq(?:[-_]\w+)?)[^/]*\.ya?ml$")
_COMPOSE = re.compile(r"(?:^|/)(?:docker-)?compose[^/]*\.ya?ml$")
_FROM_MATRIX = re.compile(r"(?m)^\s*\$\{\{\s*matrix\.([\w-]+)\s*\}\}")
_COPIED = re.compile(r"^\s*(?:COPY|ADD)\s+(?:--\S+\s+)*(?P<files>[^\[].*)$", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?<![\w./-])\./(?:[\w.-]+/)+(?P<name>[\w-]+\.\w+)(?![\w/.-])")
_RUN = re.compile(r"^\s*RUN\s+(?:--\S+\s+)*(?P<command>.*)$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Call:
    """One place that runs a script of the repository.

    Attributes:
        script: its path.
        path: the caller's path.
        line: counted from 1.
        text: the line.
        forgiven: whether its failure is expected where it is called.
    """

    script: str
    path: str
    line: int
    text: str
    occasion: Occasion
    forgiven: bool = False


def calls(tree: Tree, when: Occasions | None = None) -> Iterator[Call]:
    """Give the calls of tracked scripts, by caller; `when` says when jobs run, where that is known already."""
    yield from _from_jobs(tree, when or Occasions(tree))
    for path in tree.files:
        reader = next((read for pattern, read in _READERS if pattern.search(path)), None)
        if reader is not None and (text := tree.text(path)) is not None:
            yield from reader(tree, path, text)


def _from_jobs(tree: Tree, when: Occasions) -> Iterator[Call]:
    for job in jobs(tree):
        if not job.checked_out:
            continue
        lines = (tree.text(job.path) or "").split("\n")
        for step in job.steps:
            for script, first in (step.script, step.line), *_of_matrix(job, step, lines):
                for occasion in when.of(job, step) if script else ():
                    yield from calls_in(
                        tree, script, step.folder or "", job.path, lines, first, occasion, forgiven=job.forgives(step)
                    )


def _of_matrix(job: Job, step: Step, lines: list[str]) -> Iterator[tuple[str, int]]:
    """Give the commands that a step takes whole from its job's matrix, each with its line."""
    values = dict(job.matrix)
    for name in _FROM_MATRIX.findall(step.script):
        for value in values.get(name, ()):
            yield value, next((number for number, line in enumerate(lines, start=1) if value in line), step.line)


def calls_in(  # noqa: PLR0913, PLR0917 a script and where it stands
    tree: Tree,
    script: str,
    folder: str,
    path: str,
    lines: list[str],
    first: int,
    occasion: Occasion,
    *,
    forgiven: bool = False,
) -> Iterator[Call]:
    """Give the calls of tracked scripts in a piece of shell.

    Args:
        tree: with the scripts.
        script: shell text.
        folder: in which it runs.
        path: of the file it stands in.
        lines: of that file.
        first: on which of them it begins, from 1.
        occasion: when it runs.
        forgiven: whether its failure is expected as a whole.
    """
    for command in commands(script):
        written = called(command) or contained(command)
        target = _tracked(tree, folder, written) if written else None
        if written and target:
            line = _line_of(written, lines, first + command.line) or min(first, len(lines))
            if not _is_own_action(path, target):
                yield Call(target, path, line, lines[line - 1], occasion, forgiven or command.forgiven)
        if command.words[:1] == ("cd",) and len(command.words) > 1:
            folder = joined(folder, command.words[1]) or folder


def _line_of(written: str, lines: list[str], near: int) -> int:
    """Return the line on which a script is called, by its path or by its name alone; 0 where it is not found."""
    reach = range(near, min(near + 40, len(lines)) + 1)
    ways = (written, written.rpartition("/")[2])
    return next((number for way in ways for number in reach if way in lines[number - 1]), 0)


def _is_own_action(path: str, target: str) -> bool:
    """Say whether a script is the body of the action that calls it, beside which it stands."""
    folder, _, name = path.rpartition("/")
    return name in {"action.yml", "action.yaml"} and target.startswith(f"{folder}/")


def _tracked(tree: Tree, folder: str, written: str) -> str | None:
    """Return the tracked file that a path means: from the folder, from the root, or by its unmistakable ending."""
    for base in dict.fromkeys((folder, "")):
        path = joined(base, written.lstrip("/"))
        if path in tree.files:
            return path
    ending = "/" + written.lstrip("./")
    if ending.count("/") < 2:  # noqa: PLR2004 a bare name is not unmistakable
        return None
    same = [path for path in tree.files if path.endswith(ending)]
    return same[0] if len(same) == 1 else None


def _image(tree: Tree, path: str, text: str) -> Iterator[Call]:
    lines = text.split("\n")
    copied: dict[str, str] = {}
    at = 0
    while at < len(lines):
        start, logical = at, lines[at]
        while logical.rstrip().endswith("\\") and at + 1 < len(lines):
            at += 1
            logical = f"{logical.rstrip()[:-1]}\\\n{lines[at]}" if not lines[at].lstrip().startswith("#") else logical
        at += 1
        if found := _COPIED.match(logical):
            *sources, _ = found.group("files").split()
            copied |= {one.rpartition("/")[2]: one.removeprefix("./") for one in sources if "." in one}
        if found := _RUN.match(logical):
            command = re.sub(r"(?<![\w.])/(?=[\w.-]+/)", "./", found.group("command"))
            command, folder = _as_copied(command, copied), path.rpartition("/")[0]
            yield from calls_in(tree, command, folder, path, lines, start + 1, Occasion.IMAGE)


def _as_copied(command: str, copied: Mapping[str, str]) -> str:
    """Return a command with the files that the image got under the names that they have here."""
    return _ELSEWHERE.sub(lambda one: f"./{copied[one['name']]}" if one["name"] in copied else one[0], command)


def _schedule(tree: Tree, path: str, text: str) -> Iterator[Call]:
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.lstrip().startswith("#") and (found := _CRON_LINE.match(line)):
            command = re.sub(r"(?<![\w.])/(?=[\w.-]+/)", "./", found.group("command"))
            yield from calls_in(tree, command, "", path, lines, number, Occasion.SCHEDULE)


def _processes(tree: Tree, path: str, text: str) -> Iterator[Call]:
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if found := _PROCESS.match(line):
            occasion = Occasion.DELIVERY if found.group("name") == "release" else Occasion.SCHEDULE
            yield from calls_in(tree, found.group("command"), path.rpartition("/")[0], path, lines, number, occasion)


def _clock(tree: Tree, path: str, text: str) -> Iterator[Call]:
    """Give the jobs of Ruby that a schedule names by their class: Solid Queue, Sidekiq, Good Job."""
    lines = text.split("\n")
    for named in _classes(_yaml.parsed(text)):
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", _yaml.text(named)).replace("::", "/").lower()
        found = [one for one in tree.files if one.startswith("app/") and one.endswith(f"/{words}.rb")]
        if len(found) == 1:
            line = _yaml.line(named)
            yield Call(found[0], path, line, lines[line - 1], Occasion.SCHEDULE)


def _classes(node: Node | None, above: frozenset[int] = frozenset()) -> Iterator[Node]:
    """Give the names of classes, at any depth; a mapping that holds itself, by an alias, is looked at once."""
    if id(node) in above:
        return
    for key, value in _yaml.entries(node):
        text = _yaml.text(value)
        if key in {"class", "command"} and re.fullmatch(r"(?:[A-Z]\w*::)*[A-Z]\w*", text):
            yield value
        elif not text:
            yield from _classes(value, above | {id(node)})


def _services(tree: Tree, path: str, text: str) -> Iterator[Call]:
    """Give what services of Compose run that are called after a clock."""
    lines = text.split("\n")
    for name, service in _yaml.entries(_yaml.get(_yaml.parsed(text), "services")):
        command = _yaml.get(service, "command")
        if command is not None and re.search(r"cron|schedul|clock|\bbeat\b", name):
            words = " ".join(map(_yaml.text, _yaml.several(command)))
            script = re.sub(r"(?<![\w.])/(?=[\w.-]+/)", "./", words)
            yield from calls_in(tree, script, "", path, lines, _yaml.line(command), Occasion.SCHEDULE)


def _hook(tree: Tree, path: str, text: str) -> Iterator[Call]:
    yield from calls_in(tree, text, "", path, text.split("\n"), 1, Occasion.HOOK)


def _pre_commit(tree: Tree, path: str, text: str) -> Iterator[Call]:
    lines = text.split("\n")
    for repository in _yaml.several(_yaml.get(_yaml.parsed(text), "repos")):
        if _yaml.text(_yaml.get(repository, "repo")) != "local":
            continue
        for hook in _yaml.several(_yaml.get(repository, "hooks")):
            entry = _yaml.get(hook, "entry")
            if entry is not None:
                yield from calls_in(tree, _yaml.text(entry), "", path, lines, _yaml.line(entry), Occasion.HOOK)


_READERS = (
    (_DOCKERFILE, _image),
    (_CRONTAB, _schedule),
    (_PROCFILE, _processes),
    (_CLOCK, _clock),
    (_COMPOSE, _services),
    (_HOOK, _hook),
    (re.compile(r"^\.pre-commit-config\.ya?ml$"), _pre_commit),
)
