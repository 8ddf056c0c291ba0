"""The command line's page: every command with what it does, its arguments, options and examples."""

import inspect
import typing
from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Any, Literal

import typer

from pages.markdown import code, fenced, table
from scout.cli.app import app

INTRODUCTION = """# The command line

Every command works without settings in a git checkout. It prints for a person, or one JSON document with `--json`.
Exit codes: 0 done; 1 done and the answer is 'no'; 2 wrong use or settings; 3 something was unavailable and the
answer is partial. An error is one sentence and one remedy.
"""


def page() -> str:
    """Return the page."""
    known = dict(_walk(typer.main.get_command(app), ("scout",)))
    return "\n\n".join((INTRODUCTION.strip(), _contents(known), *(_section(*one) for one in known.items())))


def _walk(group: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for word, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _walk(command, (*words, word))
        else:
            yield " ".join((*words, word)), command


def _contents(known: dict[str, Any]) -> str:
    rows = [(f"[`{words}`](#{words.replace(' ', '-')})", _told(command)[0][0]) for words, command in known.items()]
    return table(("command", "what it does"), rows)


def _section(words: str, command: Any) -> str:
    told, examples = _told(command)
    asked = [one for one in command.params if not one.opts[0].startswith("-")]
    options = [one for one in command.params if one.opts[0].startswith("-")]
    usage = " ".join((words, *(_placeholder(one) for one in asked), "[OPTIONS]"))
    parts = [f"## {words}", *told, fenced(usage, "text")]
    if asked:
        named = [_row(one, command, _placeholder(one)) for one in asked]
        parts.append(table(("argument", "meaning", "default"), named))
    if options:
        named = [_row(one, command, _flags(one, command)) for one in options]
        parts.append(table(("option", "meaning", "default"), named))
    return "\n\n".join((*parts, "Examples:", fenced("\n".join(examples), "console")))


def _told(command: Any) -> tuple[list[str], list[str]]:
    """Return a command's paragraphs, each on one line, and the lines of its examples."""
    text, _, examples = inspect.cleandoc(command.help or "").partition("Examples:")
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    return paragraphs, [f"$ {line.strip()}" for line in examples.splitlines() if line.strip()]


def _placeholder(argument: Any) -> str:
    shown = (argument.metavar or argument.name.upper()).strip("[]")
    return shown if argument.required else f"[{shown}]"


def _flags(option: Any, command: Any) -> str:
    flags = ", ".join((*option.opts, *option.secondary_opts))
    return f"{flags} {_value(option, command)}".strip()


def _value(parameter: Any, command: Any) -> str:
    """Return what stands for the value: its metavar, its choices, or its kind; nothing for a flag."""
    hint = _hint(parameter, command)
    if hint is bool:
        return ""
    if typing.get_origin(hint) is Literal:
        return "|".join(str(choice) for choice in typing.get_args(hint))
    if inspect.isclass(hint) and issubclass(hint, Enum):
        return "|".join(str(choice.value) for choice in hint)
    kinds: dict[Any, str] = {int: "N", float: "NUMBER"}
    return parameter.metavar or kinds.get(hint, "TEXT")


def _hint(parameter: Any, command: Any) -> Any:
    function = inspect.unwrap(command.callback)
    hint = typing.get_type_hints(function, include_extras=True)[parameter.name]
    return typing.get_args(hint)[0] if typing.get_origin(hint) is Annotated else hint


def _row(parameter: Any, command: Any, name: str) -> tuple[str, str, str]:
    default = getattr(parameter.default, "value", parameter.default)
    shown = "required" if parameter.required else "" if default in {None, False, ""} else code(str(default))
    choices = _value(parameter, command) if "|" in _value(parameter, command) and name.strip("[]").isupper() else ""
    meaning = f"{parameter.help or ''} One of: {choices.replace('|', ', ')}." if choices else parameter.help or ""
    return code(name), meaning, shown
