"""Processes of Scout that start warm: forked from one that has imported all of it.

Importing is most of what a short command costs. A test that calls Scout some times gets processes of its own as ever,
with their own arguments, environment, folder and streams, but Python and Scout's modules are there already.
"""

import io
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

import scout

COLD = ("LANG", "LC_", "LD_", "PYTHON", "TERM", "TZ")
"""Beginnings of the variables that are read while Python starts or a module is imported."""


def run(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], stdin: str) -> CompletedProcess[str]:
    """Run `scout` with its arguments in a process of its own; what it printed and its exit code come back.

    Raises:
        TimeoutExpired: it took more than two minutes.
    """
    with tempfile.TemporaryDirectory() as place:
        streams = tuple(Path(place, name) for name in ("in", "out", "err"))
        streams[0].write_text(stdin, encoding="utf-8")
        process = _context.Process(target=_called, args=(arguments, folder, dict(environment), streams))
        process.start()
        process.join(120)
        if process.exitcode is None:
            process.kill()
            raise TimeoutExpired(arguments, 120)
        code = process.exitcode
        process.close()
        out, err = (stream.read_text(encoding="utf-8") if stream.exists() else "" for stream in streams[1:])
        return CompletedProcess(arguments, code, out, err)


def _called(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], streams: tuple[Path, Path, Path]
) -> None:
    """Become the process that a shell would have started."""
    for number, (stream, how) in enumerate(zip(streams, (os.O_RDONLY, _WRITTEN, _WRITTEN), strict=True)):
        opened = os.open(stream, how)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = io.TextIOWrapper(io.FileIO(0), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w")), encoding="utf-8")
    sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(2, "w")), encoding="utf-8", errors="backslashreplace", line_buffering=True
    )
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["scout", *arguments]
    from scout.cli.app import main

    main()


def _modules() -> Iterator[str]:
    """Name all modules of Scout that a command imports."""
    root = Path(scout.__file__).parent
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        if not {"migrations", "web"} & {*parts}:
            yield ".".join(parts).removesuffix(".__init__")


_WRITTEN = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([*_modules()])
