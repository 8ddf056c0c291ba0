"""A run as it goes on, in the terminal: a line for each worker of the wave, and what is being done."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from scout.service.classify_status import WorkerLine

Step = Callable[[str], None]


class Board:
    """Shows waves while a person watches, and nothing in logs and pipes."""

    def __init__(self, progress: "Progress | None") -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def step(self, said: str) -> None:
        """Say what is being done; the workers of the wave before are taken away."""
        if self._progress is None:
            return
        for task in self._tasks.values():
            self._progress.remove_task(task)
        self._tasks = {"": self._progress.add_task(said, total=None)}

    def show(self, workers: "tuple[WorkerLine, ...]") -> None:
        """Show how far each worker is."""
        if self._progress is None:
            return
        for one in workers:
            if one.worker not in self._tasks:
                self._tasks[one.worker] = self._progress.add_task(f"  {one.worker}", total=max(one.tickets, 1))
            self._progress.update(self._tasks[one.worker], completed=one.at)

    @contextmanager
    def silent(self) -> Generator[None]:
        """Leave the terminal to a question."""
        if self._progress is None:
            yield
            return
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()


@contextmanager
def board() -> Generator[Board]:
    """Show progress on stderr, while a person watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    screen = Console(stderr=True, highlight=False, emoji=False, markup=False)
    if not screen.is_terminal:
        yield Board(None)
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        yield Board(progress)
