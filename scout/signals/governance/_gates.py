"""Checks in continuous integration that cannot fail, and why."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from scout.repository import FileClass
from scout.signals._base import View
from scout.signals._checks import Check, Target, check_of, checks_in, targets
from scout.signals._ci import Job, Step, jobs
from scout.signals._shell import Command, commands

_MAKING = re.compile(r"release|publish|deploy|updat|generat|codegen|bump|\bcut\b|sync|changelog|docs", re.IGNORECASE)
_TRYING = re.compile(
    r"nightly|experiment|upstream|\bdev\b|canary|\bedge\b|\bnext\b|pre-?release|alpha|beta|\bfuture|fuzz|bench",
    re.IGNORECASE,
)
_KEEPS = re.compile(
    r"git (?:--no-pager )?(?:diff|status|commit|push)\b|create-pull-request|auto-commit|add-and-commit|autofix|git-auto"
    r"|suggest|gh pr\b|diff-check|porcelain|pre-commit-ci|reviewdog|verify-changed",
    re.IGNORECASE,
)
_HARMLESS = frozenset({"true", ":", "/bin/true"})
_LOUD = re.compile(r"\bexit [1-9$\"{]|\bfalse\b|\$\?|PIPESTATUS")
_SINKS = frozenset({"tee", "cat", "ts", "head", "tail", "less", "sed", "awk"})
_FIX_ACTIONS = re.compile(
    r"(?:^|/)(?:ruff|black|isort|eslint|prettier|rubocop|standard|stylelint)[\w-]*-?action", re.IGNORECASE
)
_FIX_WORD = re.compile(r"(?<![\w-])--(?:fix|write|autocorrect|auto-correct)\b(?!-)")
BECAUSE = {
    "tolerated": "its failure is declared not to count",
    "excused": "its failure is answered with success",
    "repairs": "it repairs what it finds in the runner's own copy, which nobody keeps, compares or commits",
    "piped": "it is piped on in a shell without `pipefail`, so only the last command of the pipe counts",
    "hidden": "another command follows on the same line with `;`, and only the last one counts",
    "folded": "the folded text makes one command of two lines, so the second check is an argument of the first",
}
"""What a cause means, as a clause."""
WANTED = {
    "tolerated": "take the tolerance away, or move what may fail into a job of its own that says so",
    "excused": "let its exit code through",
    "repairs": "run it in its checking mode (`--check`, no `--fix`), or add `git diff --exit-code` after it",
    "piped": "use `shell: bash` or `set -o pipefail`",
    "hidden": "join the commands with `&&`, or give each a line of its own",
    "folded": "use a literal text (`|`), or join the commands with `&&`",
}
"""What to do about a cause, as a clause."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A check that cannot fail.

    Attributes:
        check: what it runs.
        path: the file of continuous integration that runs it.
        line: counted from 1.
        cause: `tolerated`, `excused`, `repairs`, `piped`, `hidden` or `folded`.
        target: the recipe or package script that takes its failure away, if it is not the step itself.
    """

    check: Check
    path: str
    line: int
    cause: str
    target: Target | None = None

    @property
    def place(self) -> str:
        """Where it is run, and by what."""
        by = f", by `{self.target.name}` at `{self.target.path}:{self.target.line}`," if self.target else ""
        return f"`{self.path}:{self.line}`{by}"


def gates(view: View) -> Iterator[Gate]:
    """Give the checks of changes that cannot fail, unless the same tool can fail in another place."""
    found: list[Gate] = []
    strict: Counter[str] = Counter()
    for job in jobs(view.tree):
        if view.tree.file_class(job.path) in {FileClass.VENDORED, FileClass.FIXTURE} or not job.gates:
            continue
        lines = (view.tree.text(job.path) or "").split("\n")
        mine = tuple(_in_job(view, job, lines))
        found += mine
        excused = Counter(gate.check.tool for gate in mine)
        strict += Counter(check.tool for step in job.steps for check in _all(view, step)) - excused
    yield from (gate for gate in found if not strict[gate.check.tool])


def _all(view: View, step: Step) -> Iterator[Check]:
    yield from checks_in(view.tree, step.script, step.folder or "")


def _in_job(view: View, job: Job, lines: list[str]) -> Iterator[Gate]:
    text = "\n".join(lines)
    if job.tolerated:
        if f"needs.{job.name}." not in text and not _TRYING.search(f"{job.path.rpartition('/')[2]} {job.name}"):
            checks = [check for step in job.steps for check in _all(view, step)]
            yield from (Gate(check, job.path, job.tolerated, "tolerated") for check in checks[:1])
        return
    for at, step in enumerate(job.steps):
        kept = any(_KEEPS.search(f"{one.script} {one.uses}") for one in job.steps[at:])
        makes = kept or _MAKING.search(f"{job.path.rpartition('/')[2]} {job.name}") is not None
        if step.tolerated:
            if not (step.name and f"steps.{step.name}." in text):
                checks = list(_all(view, step))
                yield from (Gate(check, job.path, step.tolerated, "tolerated") for check in checks[:1])
            continue
        yield from _of_action(job, step, lines, kept=kept)
        yield from _of_script(view, job, step, lines, kept=makes)


def _of_action(job: Job, step: Step, lines: list[str], *, kept: bool) -> Iterator[Gate]:
    if kept or not _FIX_ACTIONS.search(step.uses.partition("@")[0]):
        return
    for _, said in step.given:
        if _FIX_WORD.search(said) and "--exit-non-zero-on-fix" not in said:
            near = range(step.line, min(step.line + 15, len(lines)) + 1)
            line = next((number for number in near if said.split("\n")[0] in lines[number - 1]), step.line)
            tool = step.uses.partition("@")[0].rpartition("/")[2]
            yield Gate(Check(tool, "lint", (tool, *said.split())), job.path, line, "repairs")


def _of_script(view: View, job: Job, step: Step, lines: list[str], *, kept: bool) -> Iterator[Gate]:
    found = tuple(commands(step.script))
    for at, command in enumerate(found):
        line = _line(lines, step.line, command)
        there = partial(Gate, path=job.path, line=line)
        check = check_of(command)
        if check is not None:
            cause = _cause(check, found, at, step.script, pipefail=step.pipefail, kept=kept)
            if cause:
                yield there(check, cause=cause)
        elif not command.forgiven:
            yield from (
                there(inner, cause=cause, target=target)
                for target in targets(view.tree, command, step.folder or "")
                for inner, cause in _in_target(target, kept=kept)
            )
    yield from _folded(job, step, lines)


def _in_target(target: Target, *, kept: bool) -> Iterator[tuple[Check, str]]:
    is_recipe = target.name.startswith("make ")
    script = target.script.lstrip("-@+ ") if is_recipe else target.script
    found = tuple(commands(script))
    for at, command in enumerate(found):
        check = check_of(command)
        if check is None:
            continue
        if is_recipe and target.script.startswith("-"):
            yield check, "excused"
        elif (
            is_recipe
            and command.joint == ";"
            and at + 1 < len(found)
            and not _LOUD.search(script)
            and "set -e" not in script
        ):
            yield check, "hidden"
        elif cause := _cause(check, found, at, script, pipefail=False, kept=kept):
            yield check, cause


def _cause(  # noqa: PLR0913 what stands around a check
    check: Check, found: tuple[Command, ...], at: int, script: str, *, pipefail: bool, kept: bool
) -> str:
    command = found[at]
    after = found[at + 1] if at + 1 < len(found) else None
    if check.excuses or (command.joint == "||" and after is not None and _is_harmless(after, script)):
        return "excused"
    piped = command.joint == "|" and after is not None and not pipefail and "pipefail" not in script
    if piped and after is not None and after.words and after.words[0] in _SINKS and not _LOUD.search(script):
        return "piped"
    if command.forgiven:
        return ""
    return "repairs" if check.repairs and command.joint != "|" and not command.writes and not kept else ""


def _is_harmless(after: Command, script: str) -> bool:
    if not after.words:
        return False
    if after.words[0] in _HARMLESS or after.words[:2] == ("exit", "0"):
        return True
    return after.words[0] in {"echo", "printf"} and not after.writes and not _LOUD.search(script)


def _folded(job: Job, step: Step, lines: list[str]) -> Iterator[Gate]:
    """Give the checks that a folded text makes words of the command before them."""
    if "\n" in step.script.strip() or step.line < 2 or not re.search(r":\s*>[-+]?\s*(?:#.*)?$", lines[step.line - 2]):  # noqa: PLR2004 the mark stands on the line above
        return
    indent = len(lines[step.line - 1]) - len(lines[step.line - 1].lstrip())
    before = lines[step.line - 1].strip()
    for number in range(step.line + 1, len(lines) + 1):
        line = lines[number - 1]
        if not line.strip() or len(line) - len(line.lstrip()) != indent:
            return
        first = next(commands(before), None)
        own = next(commands(line.strip()), None)
        check = check_of(own) if own is not None else None
        whole = first is not None and check_of(first) is not None
        if check is not None and whole and not re.search(r"(?:&&|\|\|?|;|\\|(?:^|\s)(?:run|exec|-\S+))$", before):
            yield Gate(check, job.path, step.line - 1, "folded")
        before = line.strip()


def _line(lines: list[str], first: int, command: Command) -> int:
    word = command.words[0] if command.words else ""
    for number in range(first + command.line, min(first + command.line + 10, len(lines)) + 1):
        if word in lines[number - 1]:
            return number
    return min(first, len(lines))
