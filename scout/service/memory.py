"""Which projects were seen before, by id: `projects.json` in the state folder."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from scout.errors import ConflictError, StoreError
from scout.model import digest
from scout.service.project import slug

PATIENCE = 30.0  # seconds


class Memory:
    """The ids that projects have got, each bound to a path, so that another checkout of the same name gets another id.

    Args:
        home: the state folder; it need not exist.
    """

    def __init__(self, home: Path) -> None:
        self._file = home / "projects.json"
        self._own = home / "projects"
        self._imports = home / "imports"

    def known(self) -> dict[str, Path]:
        """Return the projects' paths by id; none where the file cannot be read: they come back with the next runs."""
        try:
            known: Any = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(known, dict):
            return {}
        return {str(name): Path(str(path)) for name, path in cast("dict[Any, Any]", known).items()}

    def folder(self, name: str) -> Path:
        """Return where a project without checkout has its folder."""
        return self._own / name

    def is_folder(self, path: Path) -> bool:
        """Whether a path is the folder of a project without checkout."""
        return path.parent == self._own

    def has_imports(self, name: str) -> bool:
        """Whether something was imported into the project called so."""
        return (self._imports / name).is_dir()

    def identity(self, path: Path) -> str:
        """Return the id of the checkout at a path: the one it has, or one of its name that no other has."""
        known = self.known()
        for name, place in known.items():
            if place == path:
                return name
        name = slug(path.name.removesuffix(".git"))
        other = known.get(name)
        return name if other is None or not other.exists() else f"{name}-{digest(str(path), length=4)}"

    def bind(self, name: str, path: Path, *, firm: bool) -> None:
        """Bind an id to a path; the state folder must exist.

        Args:
            name: the id.
            path: the checkout, or the folder of a project without one.
            firm: whether the settings say so, so that no other checkout can have taken the id.

        Raises:
            ConflictError: another checkout took the id meanwhile.
        """
        from scout.warehouse.freshness import replace_file

        if self.known().get(name) == path:
            return
        with alone(self._file):
            if not firm and self.identity(path) != name:
                message = f"Another checkout took the name '{name}' just now."
                raise ConflictError(message, "Run it again: this one gets a name of its own.")
            known = {**self.known(), name: path}
            replace_file(self._file, json.dumps({one: str(place) for one, place in known.items()}, indent=1).encode())


@contextmanager
def alone(file: Path) -> Generator[None]:
    """Hold the lock beside a file, so that of several processes one changes it at a time.

    Raises:
        StoreError: another process does not let go of it.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(f"{file}.lock", timeout=PATIENCE, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        message = f"Another process has kept {file}.lock for {PATIENCE:.0f} seconds."
        raise StoreError(message, "Wait for it to end, then try again.") from error
    try:
        yield
    finally:
        lock.release()
