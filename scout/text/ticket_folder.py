"""A folder of Markdown tickets in a work tree: which files are tickets, and that nothing outside is touched."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scout.errors import SettingsError, UnavailableError
from scout.text.ticket_file import LARGEST

_SUFFIXES = (".md", ".markdown")
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class TicketEntry:
    r"""A file that is a ticket.

    Attributes:
        name: its path within the folder, with `/`; bytes that are no UTF-8 are shown as `\xNN`.
        path: where it is.
    """

    name: str
    path: Path

    def read(self) -> bytes:
        """Return its content, cut just above the size that a ticket may have; links are not followed.

        Raises:
            OSError: it cannot be read, is gone, or is no regular file any more.
        """
        descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                message = "not a regular file"
                raise OSError(message)
            return file.read(LARGEST + 1)


def inside(folder: Path, checkout: Path) -> Path:
    """Return the folder with links resolved, which need not exist, when it lies in the checkout's work tree.

    Raises:
        SettingsError: it lies outside, or in git's own folder.
        UnavailableError: the links lead nowhere.
    """
    try:
        top, place = checkout.resolve(), (checkout / folder).resolve()
    except (OSError, RuntimeError) as error:
        message = f"The tickets folder {folder} cannot be found: its links go round in circles."
        raise UnavailableError(message, "Remove the links.") from error
    if place == top or not place.is_relative_to(top):
        message = f"The tickets folder {folder} is not a folder in the checkout {checkout}."
        raise SettingsError(message, "Set publish.folder to a folder within the project's path.")
    if ".git" in place.relative_to(top).parts or ((top / "HEAD").is_file() and (top / "objects").is_dir()):
        message = f"The tickets folder {folder} would be in git's own folder."
        raise SettingsError(message, "Use a checkout with a work tree, and a folder in it.")
    return place


def entries(folder: Path) -> list[TicketEntry]:
    """Return the tickets in a folder and its folders, by name.

    A ticket is a regular file that ends in `.md` or `.markdown`. Links are not followed; names that begin with a dot
    or an underscore, and READMEs, are passed over, and so is what lies deeper than eight folders.

    Raises:
        OSError: the folder, or one in it, cannot be listed.
    """
    return sorted(_walked(folder, "", _DEEPEST), key=lambda entry: entry.name)


def _walked(folder: Path, prefix: str, depth: int) -> Iterator[TicketEntry]:
    with os.scandir(folder) as listing:
        for entry in listing:
            if entry.name.startswith((".", "_")) or entry.name.lower().startswith("readme."):
                continue
            name = prefix + os.fsencode(entry.name).decode("utf-8", "backslashreplace")
            if entry.is_dir(follow_symlinks=False):
                if depth:
                    yield from _walked(Path(entry.path), f"{name}/", depth - 1)
            elif name.lower().endswith(_SUFFIXES) and entry.is_file(follow_symlinks=False):
                yield TicketEntry(name, Path(entry.path))
