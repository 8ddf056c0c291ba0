"""What machines run on the way: scripts that recipes, package scripts and other scripts call, however deep."""

import re
from collections import deque
from collections.abc import Iterator

from scout.repository import Tree
from scout.signals._callers import Call, calls, calls_in
from scout.signals._checks import Target, targets
from scout.signals._ci import jobs
from scout.signals._occasion import Occasions
from scout.signals._shell import commands

_SHELL = re.compile(r"\.(?:ba|da|k|z)?sh$")
_HASH_BANG = re.compile(r"^#!\s*\S*(?:/|env\s+)(?:ba|da|k|z)?sh\b")


def calls_on_the_way(tree: Tree, when: Occasions) -> Iterator[Call]:
    """Give the calls of tracked scripts, those by callers first, then those by recipes and scripts that these run.

    What a script runs has the occasions of the script, and is forgiven where the script is.

    Args:
        tree: with the scripts.
        when: when its jobs run.
    """
    waiting = deque((*calls(tree, when), *_of_recipes(tree, when)))
    known: set[tuple[str, str, bool]] = set()
    while waiting:
        call = waiting.popleft()
        yield call
        if (call.script, call.occasion, call.forgiven) in known:
            continue
        known.add((call.script, call.occasion, call.forgiven))
        text = tree.text(call.script)
        if text is not None and (_SHELL.search(call.script) or _HASH_BANG.match(text)):
            folder = call.script.rpartition("/")[0]
            inner = calls_in(
                tree, text, folder, call.script, text.split("\n"), 1, call.occasion, forgiven=call.forgiven
            )
            waiting.extend(one for one in inner if one.script != call.script)


def _of_recipes(tree: Tree, when: Occasions) -> Iterator[Call]:
    """Give the calls by recipes and package scripts that jobs run."""
    for job in jobs(tree):
        for step in job.steps if job.checked_out else ():
            for one in _targets(tree, step.script, step.folder or "", set()):
                lines = (tree.text(one.path) or "").split("\n")
                for occasion in when.of(job, step):
                    yield from calls_in(
                        tree, one.script, one.folder, one.path, lines, one.line, occasion, forgiven=job.forgives(step)
                    )


def _targets(tree: Tree, script: str, folder: str, seen: set[Target]) -> Iterator[Target]:
    """Give the recipes and package scripts that a script runs, and those that these run in turn, each once."""
    for command in commands(script):
        for one in targets(tree, command, folder):
            if one not in seen:
                seen.add(one)
                yield one
                yield from _targets(tree, one.script, one.folder, seen)
