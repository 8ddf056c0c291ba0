"""What passes over a repository's objects gave before, kept on disk by the objects' names, which never change.

A store of this kind may lose anything at any time: what is not there, damaged, or made by other code is made anew.
"""

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from scout.model import digest
from scout.repository.version import git_version

log = logging.getLogger(__name__)
_MOST_NAMES = 200_000
"""Results of one pass over one repository that are kept: beyond it, the oldest go."""
_MOST_BYTES = 1 << 30
"""What all repositories together may take on disk: beyond it, the passes that gave nothing new for longest go."""
_SUM_BYTES = 16


class Made(NamedTuple):
    """Results by name.

    Attributes:
        lasting: depend on the named object alone.
        passing: will be another once contents that are missing in this copy are fetched; they are not kept.
    """

    lasting: Mapping[str, Any]
    passing: Mapping[str, Any] = {}


class Kept:
    """Results of passes over one repository, one file for each pass.

    Args:
        folder: where they are kept, among those of other repositories; None keeps nothing.
        place: the repository.
        facts: what its results depend on beside names of objects, the code and the version of git.
    """

    def __init__(self, folder: Path | None, place: Path, *facts: str) -> None:
        self._all = folder
        self._place = place
        self._facts = facts
        self._wrote = False

    def made(self, what: str, names: Iterable[str], make: Callable[[list[str]], Made]) -> dict[str, Any]:
        """Return results by name; those that are not kept are made, in one call, and kept.

        Args:
            what: the pass; says all that `make` depends on beside the names.
            names: of objects, or made of such names.
            make: gives what JSON can hold, for as many of the names as it can.
        """
        wanted = dict.fromkeys(names)
        file = self._folder / f"{digest(what)}.json" if self._folder else None
        kept = self._read(file) if file and wanted else {}
        absent = [name for name in wanted if name not in kept]
        made = make(absent) if absent else Made({})
        if file and made.lasting:
            self._write(file, {**kept, **made.lasting})
        found = {**kept, **made.passing, **made.lasting}
        return {name: found[name] for name in wanted if name in found}

    def close(self) -> None:
        """Make room, if something was written."""
        if self._all is None or not self._wrote:
            return
        try:
            files = [(file.stat(), file) for file in self._all.rglob("*") if file.is_file()]
            left = sum(stat.st_size for stat, _ in files)
            for stat, file in sorted(files, key=lambda one: one[0].st_mtime):
                if left <= _MOST_BYTES:
                    break
                file.unlink(missing_ok=True)
                left -= stat.st_size
        except OSError as error:  # another process makes room, too
            log.info("no room was made among what is kept of repositories: %s", error)

    @cached_property
    def _folder(self) -> Path | None:
        return self._all / digest(str(self._place)) if self._all else None

    @cached_property
    def _key(self) -> bytes:
        """What all results depend on: another key makes every file of ours look damaged."""
        code = [(file.name, file.read_text("utf-8")) for file in sorted(Path(__file__).parent.glob("*.py"))]
        return digest(code, git_version(), self._facts, length=64).encode("ascii")

    def _read(self, file: Path) -> dict[str, Any]:
        try:
            content = file.read_bytes()
        except OSError:
            return {}
        body = content[_SUM_BYTES:]
        return json.loads(body) if content[:_SUM_BYTES] == self._sum(body) else {}

    def _write(self, file: Path, kept: dict[str, Any]) -> None:
        """Write beside the file, then rename: of two processes the last one's results stay, whole."""
        newest = dict(islice(kept.items(), max(0, len(kept) - _MOST_NAMES), None))
        body = json.dumps(newest, separators=(",", ":")).encode("ascii")
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, beside = tempfile.mkstemp(dir=file.parent, suffix=".new")
            with os.fdopen(descriptor, "wb") as new:
                new.write(self._sum(body) + body)
            Path(beside).replace(file)
            self._wrote = True
        except OSError as error:
            log.info("what was read of a repository was not kept: %s", error)

    def _sum(self, body: bytes) -> bytes:
        return hashlib.blake2b(body, digest_size=_SUM_BYTES, key=self._key).digest()
