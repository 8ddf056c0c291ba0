"""The publisher `files`: accepted candidates become Markdown tickets in the work tree."""

import re
import unicodedata
from datetime import UTC
from pathlib import Path
from typing import ClassVar

from scout.errors import ConflictError
from scout.ledger import Receipt
from scout.model import Ticket
from scout.publish._base import Filing, Payload, Publisher
from scout.publish._folder import TicketFolder
from scout.text.front_matter import TicketFileError, Value
from scout.text.ticket_file import compose, parse, rebodied
from scout.text.ticket_file import ticket as ticket_of
from scout.text.ticket_folder import inside

_SLUG = 60  # characters of the title in the file's name


class FilesPublisher(Publisher):
    """Writes accepted candidates as Markdown tickets into a folder of the checkout.

    The source `files` reads them there, so that the whole loop works without a server.

    The file is named after the title and the first digits of the idempotency key. Its front matter has `title`,
    `state: unstarted`, `kind`, `labels`, `created`, and `scout`, which marks it: key, candidate, fingerprint, and the
    commit at which the evidence was resolved. You may rename the file, move it within the folder and edit it; as
    long as the marker stays, it is not filed again. Commit it as you commit everything else.

    ## What it promises
    A ticket appears whole or not at all, and once: whatever is killed, however many run at the same time. Nothing
    that exists is overwritten. Nothing outside the checkout is written, whatever links say.

    A refinement that was accepted takes the place of its ticket's text, front matter and line ends untouched; it is
    held back when anybody has changed that text since it was read.
    """

    id: ClassVar[str] = "files"
    since: ClassVar[str] = "0.1"
    needs_checkout: ClassVar[bool] = True

    def find(self, key: str) -> Receipt | None:
        """Return the receipt of the ticket that bears the marker `key`, wherever it lies in the folder."""
        with self._folder().locked(create=False) as folder:
            return self._found(folder, key)

    def preview(self, filing: Filing) -> Payload:
        """Return path and content of the file that `file` would write now; nothing is written."""
        with self._folder().locked(create=False) as folder:
            name = folder.free(names(filing))
        return Payload(where=self._shown(name), content=content(filing).decode("utf-8"))

    def file(self, filing: Filing) -> Receipt:
        """Write the ticket, or find it where it is."""
        with self._folder().locked(create=True) as folder:
            folder.sweep()
            known = self._found(folder, filing.intent.key)
            if known is not None:
                return known
            name = folder.write(names(filing), content(filing))
        return self._receipt(filing.intent.key, name)

    def rewrite(self, filing: Filing, ticket: Ticket, *, live: bool) -> Payload:
        """Write the new text into the ticket's file, if its title and text are still those that were read."""
        with self._folder().locked(create=False) as folder:
            found = next(
                ((name, content) for name, content in folder.containing(b"") if _key(name) == ticket.key), None
            )
            if found is None:
                raise ConflictError(f"The file of {ticket.key} is gone.", "Reject the refinement.")
            name, content = found
            file = parse(content, name)
            now = ticket_of(file, ticket.project)
            if (now.title, now.body) != (ticket.title, ticket.body):
                raise ConflictError(f"{name} has changed meanwhile.", "Run it again.")
            changed = rebodied(file, filing.draft.body)
            if live:
                folder.replace(name, content, changed.content)
        return Payload(where=self._shown(name), content=changed.content.decode("utf-8", "replace"))

    def _folder(self) -> TicketFolder:
        return TicketFolder(inside(Path(self.to.target), self.to.checkout))

    def _found(self, folder: TicketFolder, key: str) -> Receipt | None:
        for name, written in folder.containing(key.encode()):
            try:
                marked = parse(written, name).marker.get("key") == key
            except TicketFileError:  # broken by an edit since: the key in its text is as good a sign as any
                marked = True
            if marked:
                return self._receipt(key, name)
        return None

    def _receipt(self, key: str, name: str) -> Receipt:
        return Receipt(key=key, ticket=name.rpartition(".")[0], url=self._shown(name), at=self.to.now)

    def _shown(self, name: str) -> str:
        folder = inside(Path(self.to.target), self.to.checkout)
        return f"{folder.relative_to(self.to.checkout.resolve()).as_posix()}/{name}"


def _key(name: str) -> str:
    return name.rpartition(".")[0]


def names(filing: Filing) -> tuple[str, ...]:
    """Return the file names to try, best first: later ones have more of the key, should a stranger have the first."""
    key = filing.intent.key
    plain = unicodedata.normalize("NFKD", filing.draft.title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:_SLUG].strip("-") or "ticket"
    return tuple(f"{slug}-{key[:digits]}.md" for digits in (8, 12, 16, len(key)))


def content(filing: Filing) -> bytes:
    """Return the file's content: the same bytes for the same filing, whenever it is written."""
    intent, draft = filing.intent, filing.draft
    values: dict[str, Value] = {
        "title": draft.title,
        "state": "unstarted",
        "kind": draft.kind.value,
        "labels": (*filing.labels, f"size:{draft.size}"),
        "created": intent.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "scout": {
            "key": intent.key,
            "candidate": intent.candidate,
            "fingerprint": filing.fingerprint,
            "sha": draft.sha,
        },
    }
    return compose(values, draft.body)
