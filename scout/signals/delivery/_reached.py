"""Addresses outside that machines ask for something, whether or not they are patient with them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scout.repository import FileClass
from scout.signals._callers import Call
from scout.signals._ci import jobs
from scout.signals._occasion import Occasion, Occasions
from scout.signals._shell import Command, commands
from scout.signals._view import View
from scout.signals.delivery._network import LOCAL, OWN, PATIENT, PIPED, URL, has_checksum, host_of, is_pinned, sends

_ASKS = re.compile(r"^(?:curl|wget|https?)$")
_INLINE = re.compile(r"<\(\s*(?:curl|wget)|\$\((?:curl|wget)")
REUSED = re.compile(r"(?P<repository>[\w-][\w.-]*/[\w.-]+)/\.github/workflows/[^@]+@")
"""A workflow of another repository that a job is."""
_VERSION = re.compile(r"@(?:[0-9a-f]{40}|(?:[\w-]+/)?v?\d[\w.-]*)$")
_KEEPS = re.compile(r"(?:^|\s)(?:-\w*[oO]\w*|--output\S*|--remote-name\S*)(?:\s|=|$)")
_LOOKS = re.compile(r"(?:^|\s)(?:-I|--head|-\w*w|--write-out)(?:\s|$)|--spider")
_IS_THERE = re.compile(r"\bcommand -v\b|\bwhich\b|\bhash \w|\btype -\w")
"""What asks whether a tool is there already, before it is fetched."""
_NEAR = 4
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
        pinned: whether what is asked for has a version or a checksum.
        used: whether anything is done with the answer: a probe only looks, and what is sent changes nothing here.
        piped: whether the answer goes straight to a shell.
    """

    path: str
    line: int
    host: str
    occasion: Occasion
    patient: bool
    pinned: bool = False
    used: bool = True
    piped: bool = False


def reached(view: View, called: tuple[Call, ...], when: Occasions) -> Iterator[Reached]:
    """Give what jobs ask for, and the scripts that machines call, in order.

    Args:
        view: of a commit.
        called: the calls of scripts.
        when: when its jobs run.
    """
    for job in jobs(view.tree):
        if view.tree.file_class(job.path) in _NOT_OURS:
            continue
        lines = (view.tree.text(job.path) or "").split("\n")
        for step in job.steps:
            allowed = job.forgives(step)
            for occasion in when.of(job, step):
                if elsewhere := REUSED.match(step.uses):
                    pinned = _VERSION.search(step.uses) is not None
                    yield Reached(job.path, step.line, elsewhere["repository"], occasion, allowed, pinned)
                yield from _in(step.script, job.path, lines, step.line, occasion, allowed=allowed)
    for path, occasion in dict.fromkeys((call.script, call.occasion) for call in called):
        text = view.tree.text(path) or ""
        if path.endswith((".sh", ".bash")) or text.startswith(("#!/bin/sh", "#!/bin/bash", "#!/usr/bin/env bash")):
            yield from _in(text, path, text.split("\n"), 1, occasion)


def _in(  # noqa: PLR0913 a script and where it stands
    script: str, path: str, lines: list[str], first: int, occasion: Occasion, *, allowed: bool = False
) -> Iterator[Reached]:
    values, rows = dict(_SET.findall(script)), script.split("\n")
    for command in commands(script):
        url = _asked(command, values)
        if url:
            near = range(first + command.line, min(first + command.line + 40, len(lines)) + 1)
            line = next((number for number in near if url in lines[number - 1]), first + command.line)
            text = " ".join(command.words)
            around = "\n".join(rows[max(0, command.line - _NEAR) : command.line + 1])
            patient = allowed or command.forgiven or (PATIENT.search(text) or _IS_THERE.search(around)) is not None
            row = lines[line - 1] if line <= len(lines) else ""
            yield Reached(
                path,
                line,
                host_of(url),
                occasion,
                patient=patient,
                pinned=is_pinned(f"{text} {url}") or has_checksum(script),
                used=_is_used(command, row),
                piped=PIPED.search(row) is not None,
            )


def _is_used(command: Command, row: str) -> bool:
    """Say whether a command keeps or passes on what it gets, instead of looking or sending."""
    text = " ".join(command.words)
    if sends(text) or OWN.search(text) or "/dev/null" in row or _LOOKS.search(text):
        return False
    keeps = command.joint == "|" or bool(command.writes) or _KEEPS.search(text) is not None
    return keeps or _INLINE.search(row) is not None or command.words[0].rpartition("/")[2] in {"wget", "git"}


def _asked(command: Command, values: Mapping[str, str]) -> str:
    """Return the address outside that a command asks for; empty when it asks for none, or for one nobody can tell."""
    words = command.words
    text = _USED.sub(lambda one: values.get(one[1], one[0]), " ".join(words))
    head = words[0].rpartition("/")[2] if words else ""
    if not (_ASKS.match(head) or words[:2] == ("git", "clone") or _INLINE.search(text)):
        return ""
    named = (url.rstrip(".,") for url in URL.findall(text) if not LOCAL.search(url))
    return next((url for url in named if not _NO_HOST.search(host_of(url))), "")
