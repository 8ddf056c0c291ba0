"""The labeller `files`: labels in the front matter of Markdown tickets."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from scout.errors import ConflictError
from scout.publish._folder import TicketFolder
from scout.publish.labels import Labelled, Labeller, relabelled
from scout.text.front_matter import TicketFileError
from scout.text.ticket_file import changed, parse
from scout.text.ticket_file import ticket as ticket_of
from scout.text.ticket_folder import entries, inside

_FIELDS = ("labels", "tags")


class FilesLabeller(Labeller):
    """Sets `labels` in the front matter of Markdown tickets; every other byte stays.

    What a change has taken away is kept, so that undoing it restores the file byte for byte. A file that anybody has
    edited since is left alone.
    """

    id: ClassVar[str] = "files"
    since: ClassVar[str] = "0.1"
    needs_checkout: ClassVar[bool] = True

    def read(self, tickets: Sequence[str]) -> Mapping[str, Labelled]:
        """Return the tickets of the folder that are open."""
        wanted = set(tickets)
        with self._folder().locked(create=False) as folder:
            found = {key: content for name, content in folder.containing(b"") if (key := _key(name)) in wanted}
        read = {key: _labelled(key, content) for key, content in found.items()}
        return {key: one for key, one in read.items() if one is not None}

    def compose(self, now: Labelled, label: str, rivals: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the bytes that differ before and after, with the digest of either file."""
        with self._folder().locked(create=False):
            name, content = self._found(now.ticket)
        if _digest(content) != now.mark:
            raise ConflictError(f"{name} has changed meanwhile.", "Run it again.")
        file = parse(content, name)
        field = next((one for one in _FIELDS if one in file.fields), _FIELDS[0])
        made = changed(file, {field: relabelled(now.labels, label, rivals)}).content
        return _differences(content, made)

    def swap(self, ticket: str, was: Mapping[str, Any], will: Mapping[str, Any]) -> bool:
        """Put bytes in place of others in a file that is, as a whole, what it was."""
        with self._folder().locked(create=False) as folder:
            name, content = self._found(ticket)
            if _digest(content) == will["digest"]:
                return False
            if _digest(content) != was["digest"]:
                raise ConflictError(f"{name} has been changed by somebody else.", "Change its labels by hand.")
            start, length = int(was["start"]), len(base64.b64decode(was["bytes"]))
            made = content[:start] + base64.b64decode(will["bytes"]) + content[start + length :]
            if _digest(made) != will["digest"]:
                raise ConflictError(f"{name} cannot be put together again.", "Take it from the history of git.")
            folder.replace(name, content, made)
        return True

    def _folder(self) -> TicketFolder:
        return TicketFolder(self._place())

    def _place(self) -> Path:
        return inside(Path(self.to.target), self.to.checkout)

    def _found(self, ticket: str) -> tuple[str, bytes]:
        """Return name and content of a ticket's file.

        Raises:
            ConflictError: it is gone.
        """
        entry = next((one for one in entries(self._place()) if _key(one.name) == ticket), None)
        if entry is not None:
            with suppress(FileNotFoundError):
                return entry.name, entry.read()
        raise ConflictError(f"The file of {ticket} is gone.", "There is nothing to do.")


def _labelled(key: str, content: bytes) -> Labelled | None:
    try:
        ticket = ticket_of(parse(content, f"{key}.md"), "")
    except TicketFileError:
        return None
    return Labelled(ticket=key, labels=ticket.labels, mark=_digest(content)) if ticket.state.is_open else None


def _differences(before: bytes, after: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return for each of two contents its digest and the bytes between what both begin and end with."""
    start, most = 0, min(len(before), len(after))
    while start < most and before[start] == after[start]:
        start += 1
    end = 0
    while end < most - start and before[-1 - end] == after[-1 - end]:
        end += 1
    first, second = (
        {"digest": _digest(one), "start": start, "bytes": base64.b64encode(one[start : len(one) - end]).decode("ascii")}
        for one in (before, after)
    )
    return first, second


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _key(name: str) -> str:
    return name.rpartition(".")[0]
