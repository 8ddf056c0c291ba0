"""What machines run on the way: scripts that recipes, package scripts and other scripts call, however deep."""

import re
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import replace

from scout.repository import Tree
from scout.signals._callers import Call, calls, calls_in
from scout.signals._checks import Target, targets
from scout.signals._ci import jobs
from scout.signals._occasion import Occasion, occasions, users
from scout.signals._shell import commands

_SHELL = re.compile(r"\.(?:ba|da|k|z)?sh$")
_HASH_BANG = re.compile(r"^#!\s*\S*(?:/|env\s+)(?:ba|da|k|z)?sh\b")


def calls_on_the_way(tree: Tree, left: Collection[str] = ()) -> Iterator[Call]:
    """Give the calls of tracked scripts, those by callers first, then those by recipes and scripts that these run.

    What a script runs has the occasions of the script, and is forgiven where the script is.

    Args:
        tree: with the scripts.
        left: files of continuous integration that the project has left.
    """
    own = (replace(call, occasion=Occasion.LEFT) if call.path in left else call for call in calls(tree))
    waiting = deque((*own, *_of_recipes(tree, left)))
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
            inner = calls_in(tree, text, folder, call.script, text.split("\n"), 1, call.occasion)
            others = (one for one in inner if one.script != call.script)
            waiting.extend(replace(one, forgiven=one.forgiven or call.forgiven) for one in others)


def _of_recipes(tree: Tree, left: Collection[str]) -> Iterator[Call]:
    """Give the calls by recipes and package scripts that jobs run."""
    used = users(tree)
    for job in jobs(tree):
        for step in job.steps if job.checked_out else ():
            allowed = bool(job.tolerated or not step.counts)
            for one in _targets(tree, step.script, step.folder or "", set()):
                lines = (tree.text(one.path) or "").split("\n")
                for occasion in (Occasion.LEFT,) if job.path in left else occasions(job, step, used):
                    found = calls_in(tree, one.script, one.folder, one.path, lines, one.line, occasion)
                    yield from (replace(call, forgiven=True) if allowed else call for call in found)


def _targets(tree: Tree, script: str, folder: str, seen: set[Target]) -> Iterator[Target]:
    """Give the recipes and package scripts that a script runs, and those that these run in turn, each once."""
    for command in commands(script):
        for one in targets(tree, command, folder):
            if one not in seen:
                seen.add(one)
                yield one
                yield from _targets(tree, one.script, one.folder, seen)
