"""Addresses outside that machines ask for something, whether or not they are patient with them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scout.repository import FileClass
from scout.signals._callers import Call, Occasion, occasion_of
from scout.signals._ci import jobs
from scout.signals._shell import Command, commands
from scout.signals._view import View
from scout.signals.delivery._network import LOCAL, PATIENT, URL, host_of

_ASKS = re.compile(r"^(?:curl|wget|https?)$")
_INLINE = re.compile(r"<\(\s*(?:curl|wget)|\$\((?:curl|wget)")
REUSED = re.compile(r"(?P<repository>[\w-][\w.-]*/[\w.-]+)/\.github/workflows/[^@]+@")
"""A workflow of another repository that a job is."""
_SET = re.compile(r"(?m)^[^\S\n]*(?:export |readonly |local )?([A-Za-z_]\w*)=[\"']?([^\s\"'$`]+)[\"']?[^\S\n]*$")
_USED = re.compile(r"\$\{?(\w+)\}?")
_NO_HOST = re.compile(r"[^\w.-]|^[^.]*$")
_NOT_OURS = frozenset({FileClass.VENDORED, FileClass.FIXTURE, FileClass.DOCS})


@dataclass(frozen=True, slots=True)
class Reached:
    """A line that asks an address outside.

    Attributes:
        host: the service's name, or that of the repository whose workflow a job is.
        patient: whether a failure is answered: tried again, limited in time, or allowed.
    """

    path: str
    line: int
    host: str
    occasion: Occasion
    patient: bool


def reached(view: View, called: tuple[Call, ...]) -> Iterator[Reached]:
    """Give what jobs ask for, and the scripts that machines call, in order.

    Args:
        view: of a commit.
        called: the calls of scripts.
    """
    for job in jobs(view.tree):
        if view.tree.file_class(job.path) in _NOT_OURS:
            continue
        lines = (view.tree.text(job.path) or "").split("\n")
        for step in job.steps:
            if elsewhere := REUSED.match(step.uses):
                yield Reached(job.path, step.line, elsewhere["repository"], occasion_of(job, step), patient=False)
            allowed = bool(not step.counts or job.tolerated)
            yield from _in(step.script, job.path, lines, step.line, occasion_of(job, step), allowed=allowed)
    for path, occasion in dict.fromkeys((call.script, call.occasion) for call in called):
        text = view.tree.text(path) or ""
        if path.endswith((".sh", ".bash")) or text.startswith(("#!/bin/sh", "#!/bin/bash", "#!/usr/bin/env bash")):
            yield from _in(text, path, text.split("\n"), 1, occasion)


def _in(  # noqa: PLR0913 a script and where it stands
    script: str, path: str, lines: list[str], first: int, occasion: Occasion, *, allowed: bool = False
) -> Iterator[Reached]:
    values = dict(_SET.findall(script))
    for command in commands(script):
        url = _asked(command, values)
        if url:
            near = range(first + command.line, min(first + command.line + 40, len(lines)) + 1)
            line = next((number for number in near if url in lines[number - 1]), first + command.line)
            text = " ".join(command.words)
            patient = allowed or command.forgiven or PATIENT.search(text) is not None
            yield Reached(path, line, host_of(url), occasion, patient)


def _asked(command: Command, values: Mapping[str, str]) -> str:
    """Return the address outside that a command asks for; empty when it asks for none, or for one nobody can tell."""
    words = command.words
    text = _USED.sub(lambda one: values.get(one[1], one[0]), " ".join(words))
    head = words[0].rpartition("/")[2] if words else ""
    if not (_ASKS.match(head) or words[:2] == ("git", "clone") or _INLINE.search(text)):
        return ""
    named = (url.rstrip(".,") for url in URL.findall(text) if not LOCAL.search(url))
    return next((url for url in named if not _NO_HOST.search(host_of(url))), "")
