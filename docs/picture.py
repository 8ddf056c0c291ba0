#!/usr/bin/env python3
"""Draw the README's picture of the command line from real output.

Usage: `python docs/picture.py CHECKOUT [MOMENT]`: runs `scout run` there in a terminal of 100 columns, with a state
folder of its own, and writes docs/images/cli-run.svg. The SVG asks for no font and no other file.
"""

import io
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

COLUMNS = 100
TARGET = Path(__file__).parent / "images" / "cli-run.svg"
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def typed(checkout: str, moment: str | None) -> str:
    """Return what the command prints in a terminal, colours included."""
    command = ["scout", "run", checkout, *(["--now", moment] if moment else [])]
    with tempfile.TemporaryDirectory() as home:
        inner, outer = pty.openpty()
        surroundings = {**os.environ, "SCOUT_HOME": home, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
        with subprocess.Popen(command, stdout=outer, stderr=subprocess.DEVNULL, env=surroundings) as process:
            os.close(outer)
            shown = b"".join(iter(lambda: _read(inner), b""))
        os.close(inner)
    if process.returncode:
        sys.exit(f"scout run ended with exit code {process.returncode}.")
    return shown.decode().replace("\r\n", "\n")


def drawn(text: str, title: str) -> str:
    """Return the text as an SVG picture of a terminal."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(text))
    svg = console.export_svg(title=title, theme=DIMMED_MONOKAI, unique_id="cli")
    return _FONTS.sub("", svg).replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux ends a terminal whose program is gone with an error
        return b""


if __name__ == "__main__":
    place = Path(sys.argv[1])
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(drawn(typed(str(place), *sys.argv[2:] or [None]), f"scout run {place.name}"), "utf-8")
