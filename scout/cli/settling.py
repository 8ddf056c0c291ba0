"""Tickets in doubt, batch after batch, settled with one key each."""

from typing import TYPE_CHECKING, Final

from scout.errors import ScoutError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from scout.service.classify_settle import Batch, SettleReport, Unsettled
    from scout.service.wiring import Workspace

KEYS: Final = {"y": "as shown", "o": "one by one", "j": "next", "k": "back", "u": "undo the last", "q": "quit"}


class Settling:
    """A person's way through batches of tickets in doubt.

    Args:
        work: the workspace.
        out: where to show.
        offered: what waits.
        actor: the role or label to keep beside what is settled.
        key: asks for one key.
    """

    def __init__(
        self, work: "Workspace", out: "Console", offered: "Unsettled", actor: str, *, key: "Callable[[], str]"
    ) -> None:
        self._work, self._out, self._offered, self._actor, self._key = work, out, offered, actor, key
        self._queue = [tuple(one.number for one in batch.tickets) for batch in offered.batches]
        self._of = {ticket.number: batch for batch in offered.batches for ticket in batch.tickets}
        self._done: list[tuple[int, ...]] = []
        self._at = 0

    def go(self) -> int:
        """Walk until the end or `q`; return how many tickets were settled."""
        if not self._queue:
            self._out.print("No ticket is in doubt.")
        while self._at < len(self._queue):
            self._introduce()
            pressed = self._key()
            if pressed.lower() == "q":
                break
            self._pressed(pressed)
        return sum(map(len, self._done))

    @property
    def _batch(self) -> "Batch":
        return self._of[self._queue[self._at][0]]

    def _introduce(self) -> None:
        from scout.cli.look import plain, table, under

        batch, numbers = self._batch, set(self._queue[self._at])
        shown = [one for one in batch.tickets if one.number in numbers]
        lead = f"\n{self._at + 1} of {len(self._queue)}  {batch.project}: {batch.meaning}, or {batch.second}"
        self._out.print(plain(f"{lead}? ({len(shown)} tickets: {batch.why})"), style="bold")
        rows = [
            (one.key, f"{one.confidence:.2f}", under(one.title, "; ".join(filter(None, (one.doubt, one.quotation)))))
            for one in shown
        ]
        self._out.print(table(("ticket", ">sure", "title, and why it is in doubt"), rows))
        keys = {one.key: one.name for one in self._offered.classes if one.key} | KEYS
        self._out.print(plain("  ".join(f"[{key}] {word}" for key, word in keys.items())), style="dim")

    def _pressed(self, key: str) -> None:
        numbers = self._queue[self._at]
        meanings = {one.key: one.id for one in self._offered.classes if one.key}
        match key.lower():
            case "j":
                self._at += 1
            case "k":
                self._at = max(0, self._at - 1)
            case "o" if len(numbers) > 1:
                self._queue[self._at : self._at + 1] = [(number,) for number in numbers]
            case "u":
                self._taken_back()
            case "y":
                self._settled(numbers, self._batch.meaning)
            case other if other in meanings:
                self._settled(numbers, meanings[other])
            case _:
                return

    def _settled(self, numbers: tuple[int, ...], meaning: str) -> None:
        from scout.service.classify_settle import settle

        if self._said(lambda: settle(self._work, self._offered.run, [*map(str, numbers)], meaning, actor=self._actor)):
            self._done.append(numbers)
            self._at += 1

    def _taken_back(self) -> None:
        from scout.service.classify_settle import unsettle

        if not self._done:
            self._out.print("Nothing was settled in this walk yet.", style="yellow")
            return
        numbers = self._done[-1]
        if self._said(lambda: unsettle(self._work, self._offered.run, numbers, actor=self._actor)):
            self._done.pop()
            self._at = next(place for place, one in enumerate(self._queue) if one[0] in numbers)

    def _said(self, act: "Callable[[], SettleReport]") -> bool:
        from scout.cli.look import plain

        try:
            report = act()
        except ScoutError as error:
            self._out.print(plain(str(error)), style="red")
            return False
        self._out.print(plain(f"{len(report.tickets)} × {report.meaning or 'in doubt again'}; {report.left} left"))
        return True
