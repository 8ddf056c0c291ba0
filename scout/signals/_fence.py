"""Scouts of other packages look in a process of their own, with limits of time and memory.

The parent sends what the scout needs to see, the child opens the repository itself and answers with findings or with
the reason why there are none. Whatever else it does, it ends that scout's look and no other.
"""

import importlib
import os
import pickle
import resource
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from scout.errors import UnavailableError
from scout.model import Finding, Visibility
from scout.repository import Repository
from scout.settings import SignalSettings
from scout.signals._base import Scout
from scout.signals._core import Core
from scout.signals._flow import FlowFacts
from scout.signals._view import NotApplicable, Reads, View, tables_of
from scout.signals._watch import Seen, looking
from scout.warehouse.records import CoreRow

_MEGABYTE = 1 << 20
_MOST_WRITTEN = 64 * _MEGABYTE
_MOST_QUOTED = 4096


class FenceError(Exception):
    """A fenced scout ended without an answer."""


@dataclass(frozen=True)
class _Sight:
    """A view as it is sent to a child.

    Attributes:
        place: the repository's folder; None without checkout.
        rows: core rows, as far as the scout reads them.
        flow: what measuring the flow found, where the scout reads it.
    """

    place: Path | None
    sha: str
    now: datetime
    visibility: Visibility
    rows: tuple[CoreRow, ...]
    flow: FlowFacts
    siblings: "dict[str, _Sight]"


@dataclass(frozen=True)
class _Job:
    """What a child has to do."""

    module: str
    name: str
    given: SignalSettings
    sight: _Sight


@dataclass(frozen=True)
class _Answer:
    """What came of it: what was seen, or the words that say why nothing was."""

    seen: Seen | None = None
    unavailable: tuple[str, str] | None = None
    not_applicable: str | None = None
    fault: str = ""


def fenced(view: View, scout: Scout) -> Seen:
    """Let a scout look in a process of its own; whatever it started there ends with it.

    Raises:
        UnavailableError: as the scout's `look`.
        NotApplicable: as the scout's `look`.
        FenceError: it failed, took too long or too much memory.
    """
    kind = type(scout)
    job = _Job(kind.__module__, kind.__qualname__, scout.given, _sight(view, scout.reads))
    answer = _asked(pickle.dumps(job), scout.given.seconds)
    if answer.seen is not None:
        return answer.seen
    if answer.unavailable is not None:
        raise UnavailableError(*answer.unavailable)
    if answer.not_applicable is not None:
        raise NotApplicable(answer.not_applicable)
    raise FenceError(answer.fault)


def _asked(job: bytes, seconds: float) -> _Answer:
    with TemporaryFile() as said:
        child = subprocess.Popen(
            [sys.executable, "-P", "-c", "from scout.signals import _fence; _fence.main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,
        )
        try:
            answer, _ = child.communicate(job, timeout=seconds)
        except subprocess.TimeoutExpired:
            message = f"it did not end within {seconds:g} seconds"
            raise FenceError(message) from None
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            with child:
                pass
        if child.returncode or not answer:
            raise FenceError(_last_words(child.returncode, said))
    return pickle.loads(answer)  # noqa: S301 our own child's


def main() -> None:
    """Do the job that stands in the standard input; what a stranger prints goes to the standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    job: _Job = pickle.load(sys.stdin.buffer)  # noqa: S301 from our own parent
    most = job.given.megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_WRITTEN, _MOST_WRITTEN))
    with answers:
        answers.write(pickle.dumps(_answered(job)))


def _answered(job: _Job) -> _Answer:
    kind = attrgetter(job.name)(importlib.import_module(job.module))
    try:
        with ExitStack() as opened:
            seen = looking(_view(job.sight, opened), kind(job.given))
        return _Answer(seen=Seen(tuple(map(_plain, seen.findings)), seen.unread))
    except UnavailableError as error:
        return _Answer(unavailable=(error.what, error.remedy))
    except NotApplicable as reason:
        return _Answer(not_applicable=str(reason))
    except MemoryError:
        return _Answer(fault=f"it needed more than {job.given.megabytes} MB of memory")
    except Exception as error:  # noqa: BLE001 a stranger's fault, whatever it is
        return _Answer(fault=f"{type(error).__name__}: {error}")


def _plain(finding: Finding) -> Finding:
    """Return the finding itself, not what a stranger derived from its class."""
    return Finding.model_validate(finding.model_dump(exclude={"fingerprint", "evidence_digest"}))


def _sight(view: View, reads: frozenset[Reads]) -> _Sight:
    return _Sight(
        place=view.checkout.place if view.checkout else None,
        sha=view.checkout.tree.sha if view.checkout else "",
        now=view.now,
        visibility=view.visibility,
        rows=tuple(row for table in tables_of(reads) for row in view.core.of(table)),
        flow=view.flow if Reads.FLOW in reads else FlowFacts(),
        siblings={name: _sight(other, reads & {Reads.FLOW}) for name, other in view.siblings.items()}
        if Reads.PORTFOLIO in reads
        else {},
    )


def _view(sight: _Sight, opened: ExitStack) -> View:
    siblings = {name: _view(one, opened) for name, one in sight.siblings.items()}
    core, measured = Core.holding(sight.rows), partial(_given, sight.flow)
    made = partial(View, core=core, visibility=sight.visibility, siblings=siblings, measured=measured)
    if sight.place is None:
        return made(None, sight.now)
    there = View.of(opened.enter_context(Repository.open(sight.place)), sight.sha, sight.now)
    return made(there.checkout, sight.now, there.tags)


def _given(flow: FlowFacts) -> FlowFacts:
    return flow


def _last_words(code: int, said: IO[bytes]) -> str:
    if code < 0:
        return f"it was killed by signal {-code}"
    said.seek(max(0, said.seek(0, os.SEEK_END) - _MOST_QUOTED))
    words = said.read().decode("utf-8", "replace").strip().splitlines()
    if code and words:
        return words[-1]
    return f"it ended with exit code {code} and without an answer"
