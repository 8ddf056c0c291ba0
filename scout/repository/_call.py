"""One call of git: its output in chunks, its time limit, and how it failed."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

from scout.errors import UnavailableError

CHUNK = 1 << 20
_SETTLE_SECONDS = 5.0


class GitError(UnavailableError):
    """Git ended with an error: `stderr` is what it said.

    Attributes:
        missing: whether it stopped because an object is not in this copy (partial or damaged clone).
    """

    def __init__(self, verb: str, stderr: bytes) -> None:
        self.stderr = stderr.decode("utf-8", "replace").strip()
        self.missing = any(word in self.stderr.lower() for word in _MISSING)
        said = self.stderr.splitlines() or ["no reason given"]
        first = next((row for row in said if row.startswith(("fatal:", "error:"))), said[0])
        remedy = "Fetch the missing objects or use a full clone." if self.missing else "Run `git fsck` there."
        super().__init__(f"`git {verb}` failed: {first.rstrip('.')}.", remedy)


class GitTimeoutError(UnavailableError):
    """Git took longer than its time limit and was ended."""

    def __init__(self, verb: str, seconds: float) -> None:
        message = f"`git {verb}` took longer than {seconds:.0f} seconds and was ended."
        super().__init__(message, "Try again when the machine is less busy, or on a smaller repository.")


_MISSING = (
    "unable to read",
    "could not read",
    "missing blob",
    "missing object",
    "missing tree",
    "bad object",
    "bad tree",
    "failed to read",
    "cannot read",
    "could not get object",
)


class Call:
    """A running child: fed, watched and read.

    Args:
        child: started with three pipes.
        verb: what it does, for messages.
        stdin: what it is fed.
        seconds: its time limit.
    """

    def __init__(self, child: subprocess.Popen[bytes], verb: str, stdin: bytes, seconds: float) -> None:
        self._child = child
        self._verb = verb
        self._seconds = seconds
        self._said = b""
        self._late = False
        self._timer = threading.Timer(seconds, self._end_late)
        self._workers = [threading.Thread(target=self._listen, daemon=True)]
        if stdin:
            self._workers.append(threading.Thread(target=_feed, args=(child.stdin, stdin), daemon=True))
        elif child.stdin is not None:
            child.stdin.close()
        self._timer.daemon = True
        for thread in (self._timer, *self._workers):
            thread.start()

    def chunks(self) -> Iterator[bytes]:
        """Give the output, then raise if the child failed or was late."""
        out = self._child.stdout
        while out is not None and (chunk := out.read(CHUNK)):
            yield chunk
        code = self._child.wait()
        self.settle()
        if self._late:
            raise GitTimeoutError(self._verb, self._seconds)
        if code:
            raise GitError(self._verb, self._said)

    def settle(self) -> None:
        """Wait for what serves the child; it has ended or been ended."""
        self._timer.cancel()
        for worker in self._workers:
            worker.join(_SETTLE_SECONDS)

    def _listen(self) -> None:
        pipe = self._child.stderr
        self._said = pipe.read() if pipe is not None else b""

    def _end_late(self) -> None:
        self._late = True
        self._child.kill()


def _feed(pipe: IO[bytes] | None, content: bytes) -> None:
    if pipe is None:
        return
    with suppress(BrokenPipeError), pipe:
        view = memoryview(content)
        while view:
            view = view[pipe.write(view) :]
