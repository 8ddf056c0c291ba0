"""The inbox one candidate after the other, decided with one key each."""

import re
from typing import TYPE_CHECKING

import typer

from scout.errors import ScoutError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from scout.service.decisions import DecisionReport, Said
    from scout.service.wiring import Workspace

_DATE = re.compile(r"\d{4}-\d\d?-\d\d?")
KEYS = {
    "a": "accept",
    "e": "edit",
    "r": "reject",
    "d": "defer",
    "m": "merge",
    "u": "undo the last",
    "j": "next",
    "k": "back",
    "s": "show it whole",
    "?": "what the keys do",
    "q": "quit",
}
HELP = """
a  it is to be done: scout publish files it
e  your editor opens; readiness is judged again at once
r  it is not to be done: why, and how much else is not asked about any more, is asked next
d  later: a date, or the ticket that has to be closed first, is asked next
m  something else speaks for it: a candidate or a ticket is asked for next
u  the last decision of this walk is taken back
j  leave it for now; k goes back
s  text, readiness, code, why now, what may be the same
q  leave; what was decided stands
"""
SCOPES = {"t": "this", "p": "path", "s": "scout"}


class Walk:
    """A reviewer's way through candidates.

    Args:
        work: the workspace.
        out: where to show.
        names: the candidates, in the order to decide them.
        key: asks for one key.
        line: asks for a line of text, with a question.
    """

    def __init__(
        self,
        work: "Workspace",
        out: "Console",
        names: tuple[str, ...],
        actor: str,
        *,
        key: "Callable[[], str]",
        line: "Callable[[str], str]",
    ) -> None:
        self._work, self._out, self._names, self._actor = work, out, names, actor
        self._key, self._line = key, line
        self._at, self._last = 0, ""

    def go(self) -> int:
        """Walk until the end or `q`; return how many decisions were made."""
        made = 0
        if not self._names:
            self._out.print("Nothing waits for a decision.")
            return made
        while True:
            over = self._at >= len(self._names)
            if over:
                self._out.print("\nThat was all.  [k] back  [u] undo the last  any other key: quit", markup=False)
            else:
                self._introduce(self._names[self._at])
            pressed = self._key().lower()
            if pressed == "q" or (over and pressed not in {"k", "u"}):
                return made
            made += self._pressed(pressed)

    def _introduce(self, name: str) -> None:
        from scout.cli.look import plain
        from scout.service.review import show

        one = show(self._work, name)
        ready = "ready" if one.draft.readiness.ready else "not ready"
        self._out.print(plain(f"\n{self._at + 1} of {len(self._names)}  {one.draft.title}"), style="bold")
        said = f"{one.id}  {one.project}  severity {one.severity}  {one.signal}  {ready}  size {one.draft.size}"
        self._out.print(plain(said), style="dim")
        for evidence in one.draft.evidence[:3]:
            self._out.print(plain(f"  {evidence.locator}  {evidence.seen}"))
        self._out.print(plain("  ".join(f"[{key}] {word}" for key, word in KEYS.items())), style="dim")

    def _pressed(self, key: str) -> int:
        name = self._names[min(self._at, len(self._names) - 1)]
        if key == "j":
            self._at += 1
        elif key == "k":
            self._at = max(0, self._at - 1)
        elif key == "s":
            self._whole(name)
        elif key == "?":
            self._out.print(HELP, markup=False)
        elif key in KEYS:
            return self._decided(key, name)
        return 0

    def _whole(self, name: str) -> None:
        from scout.cli.inbox import show_whole
        from scout.service.review import show

        show_whole(self._out, self._work, show(self._work, name))

    def _decided(self, key: str, name: str) -> int:
        from scout.cli.look import plain

        try:
            report = self._decide(key, name)
        except ScoutError as error:
            self._out.print(plain(str(error)), style="red")
            return 0
        self._out.print(plain(f"{report.candidate}: {report.event}, now {report.state}. {report.next}"))
        if key == "u":
            self._at = self._names.index(report.candidate)
            return -1
        self._last = name
        self._at += key != "e"
        return 1

    def _decide(self, key: str, name: str) -> "DecisionReport":
        from scout import clock
        from scout.cli.editor import edited
        from scout.service import decide
        from scout.service.review import show

        work = self._work
        match key:
            case "a":
                return decide.accept(work, name, said=self._said())
            case "r":
                said = self._said(self._line("Why (it is remembered)"))
                return decide.reject(work, name, said=said, scope=self._scope(name))
            case "d":
                end = self._line("Until (YYYY-MM-DD, or the ticket that has to be closed)")
                dated = _DATE.match(end) is not None
                until, closed = (clock.now(end), "") if dated else (None, end.strip())
                return decide.defer(work, name, said=self._said(), until=until, closed=closed)
            case "m":
                return decide.merge(work, name, said=self._said(), into=self._line("Into (id or ticket)"))
            case "e":
                return decide.edit(work, name, said=self._said(), body=edited(show(work, name).draft.body))
            case _:
                if not self._last:
                    message = "Nothing was decided in this walk yet."
                    raise UsageError(message, "Use `scout inbox undo ID` for an earlier decision.")
                return decide.undo(work, self._last, said=self._said())

    def _scope(self, name: str) -> str:
        """Ask how much a rejection is about, showing what the wider ones would hide."""
        from scout.cli.look import plain
        from scout.service import decide

        self._out.print("[t] this alone  [p] this scout in this folder  [s] this scout here", markup=False)
        scope = SCOPES.get(self._key().lower(), "this")
        hidden = decide.preview(self._work, name, scope=scope).hidden if scope != "this" else ()
        for one in hidden:
            self._out.print(plain(f"  hides {one.candidate or one.fingerprint}  {one.title}"), style="dim")
        if hidden:
            self._out.print(f"[y] hide these {len(hidden)}, too  any other key: this alone", markup=False)
            return scope if self._key().lower() == "y" else "this"
        return scope

    def _said(self, reason: str = "") -> "Said":
        from scout.service.decisions import Said

        return Said(reason=reason, actor=self._actor)


def asked_key() -> str:
    """Return one key from the terminal."""
    return typer.getchar()


def asked_line(question: str) -> str:
    """Return a line from the terminal."""
    return str(typer.prompt(question))
