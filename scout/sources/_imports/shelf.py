"""The files that were imported for a project: kept as they came, so that the warehouse can be made anew from them."""

import hashlib
import os
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from scout.errors import StoreError
from scout.model import Frozen, digest
from scout.sources._imports.archive import Archive
from scout.warehouse.freshness import replace_file

_CARD = ".json"
_CHUNK = 1 << 20
_MODE = 0o600


class Card(Frozen):
    """What is known of a file on the shelf.

    Attributes:
        digest: of its content, its name on the shelf.
        name: what the user called it.
        shape: id of a shape.
        columns: names of columns by part of a ticket.
        repository: of GitHub, `owner/name`; empty where nothing tells.
        imported_at: when it came last (UTC).
    """

    digest: str
    name: str
    shape: str
    columns: dict[str, tuple[str, ...]] = {}
    repository: str = ""
    imported_at: datetime

    @property
    def reading(self) -> tuple[str, str, tuple[tuple[str, tuple[str, ...]], ...]]:
        """What decides what follows from the file: its content, and how it is read."""
        return self.digest, self.shape, tuple(sorted(self.columns.items()))


class Shelf:
    """The imports of one project.

    Args:
        home: the state folder.
        project: the project's id.
    """

    def __init__(self, home: Path, project: str) -> None:
        self._folder = home / "imports" / project

    def cards(self) -> tuple[Card, ...]:
        """Return the files, the one that was imported last at the end.

        Raises:
            StoreError: a card cannot be read.
        """
        try:
            found = [_card(path) for path in self._folder.glob(f"*{_CARD}")]
        except OSError as error:
            message = f"The imports in {self._folder} cannot be read: {error.strerror}."
            raise StoreError(message, "Change the permissions, then run it again.") from error
        return tuple(sorted(found, key=lambda card: (card.imported_at, card.digest)))

    def position(self) -> str:
        """Return a digest of what is on the shelf and how it is read; empty for an empty one."""
        cards = sorted(card.reading for card in self.cards())
        return digest(*cards, length=32) if cards else ""

    def archive(self, card: Card) -> Archive:
        """Return a file of the shelf as an archive."""
        return Archive(self._folder / card.digest, card.name, card.shape, card.columns)

    def put(self, archive: Archive, repository: str, now: datetime) -> bool:
        """Copy a file onto the shelf, and return whether that changed anything.

        The same content again, read in another way, replaces how it was read.

        Raises:
            StoreError: it cannot be written.
        """
        try:
            self._folder.parent.mkdir(mode=0o700, exist_ok=True)
            self._folder.mkdir(mode=0o700, exist_ok=True)
            name = self._copied(archive.path)
            card = Card(
                digest=name,
                name=archive.name,
                shape=archive.shape,
                columns={part: tuple(columns) for part, columns in archive.columns.items()},
                repository=repository,
                imported_at=now,
            )
            if any(one.reading == card.reading for one in self.cards()):
                return False
            replace_file(self._folder / f"{name}{_CARD}", card.model_dump_json(indent=1).encode())
        except OSError as error:
            message = f"{archive.name} cannot be copied to {self._folder}: {error.strerror}."
            raise StoreError(message, "Make room or change the permissions, then run it again.") from error
        return True

    def _copied(self, source: Path) -> str:
        """Copy a file under the digest of its content, whole or not at all."""
        whole = hashlib.blake2b(digest_size=16)
        number, made = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
        try:
            with os.fdopen(number, "wb") as target, source.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    whole.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            Path(made).chmod(_MODE)
            Path(made).replace(self._folder / whole.hexdigest())
        finally:
            with suppress(FileNotFoundError):
                Path(made).unlink()
        return whole.hexdigest()


def _card(path: Path) -> Card:
    try:
        return Card.model_validate_json(path.read_bytes())
    except ValidationError as error:
        message = f"{path} does not say how an import is to be read."
        raise StoreError(message, "Delete it, then import the file again.") from error
