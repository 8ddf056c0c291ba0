"""How text looks in a terminal: one console, few colours, tables that fit a narrow window."""

import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
from rich.text import Text

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")


class _Screen(Console):
    """A console that leaves it to the command what a reader's going away means."""

    def on_broken_pipe(self) -> None:
        """Raise what Rich would turn into exit code 1, which means 'no' here."""
        raise BrokenPipeError


def console() -> Console:
    """Return the console for results; it fits the terminal and has no colours in a pipe."""
    return _Screen(highlight=False, emoji=False, markup=False, soft_wrap=False)


def plain(text: str) -> Text:
    """Return foreign text so that it cannot steer the terminal: no control, bidi or broken characters."""
    return Text(unsteered(text))


def under(text: str, detail: str) -> Text:
    """Return foreign text with a detail in a dimmer line below it."""
    return plain(text).append("\n").append(unsteered(detail), style="dim")


def heading(text: str) -> Text:
    """Return a section's heading."""
    return Text(text, style="bold")


def table(columns: Iterable[str], rows: Iterable[Iterable[str | Text]], *, flexible: int = -1) -> Table:
    """Return a table without frames, in which one column gives way when the window is narrow.

    Args:
        columns: headings; one that starts with `>` is aligned to the right.
        rows: cells as foreign text, or as `Text` that is ours.
        flexible: index of the column that may wrap.
    """
    names = list(columns)
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for index, name in enumerate(names):
        wraps = index == flexible % len(names)
        shown.add_column(
            name.removeprefix(">"),
            justify="right" if name.startswith(">") else "left",
            overflow="fold",
            no_wrap=not wraps,
            ratio=1 if wraps else None,
        )
    for row in rows:
        shown.add_row(*(cell if isinstance(cell, Text) else plain(cell) for cell in row))
    return shown


@contextmanager
def progress(what: str) -> Generator["Steps"]:
    """Show on stderr what is being done, while a person watches; print nothing into logs and pipes."""
    screen = Console(stderr=True, highlight=False, emoji=False)
    if not screen.is_terminal:
        yield Steps(None)
        return
    with screen.status(what) as status:
        yield Steps(status)


class Steps:
    """Says which step is being done now; called by a service with a short phrase."""

    def __init__(self, status: object) -> None:
        self._status = status

    def __call__(self, step: str) -> None:
        """Show the step."""
        from rich.status import Status

        if isinstance(self._status, Status):
            self._status.update(step)


def unsteered(text: str) -> str:
    """Return foreign text without characters that could steer the terminal."""
    return _UNPRINTABLE.sub("\ufffd", text)
