"""How long `scout find` takes: at first, when nothing changed, and at the next commit, against `git log --name-status`.

    SCOUT_MIRRORS=folder python tests/bench/bench_find.py [OWNER/NAME …]

The folder holds `owner+name/repo`; without it a repository of 4,000 commits is made. Each run is a process of its own;
`git log` of the same repository is timed in between.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

KNOWN = ("freelawproject/courtlistener", "mozilla/kitsune")
COMMITS = 4000
FOLDERS = 60
FILES = 20
NOW = 1_772_442_000
DAY_SECONDS = 86_400
COLD_SECONDS, WARM_SECONDS, PEAK_MB = 30, 5, 1024


class Ran(NamedTuple):
    """What a process took: seconds, seconds of the processor with those of its children, peak in MB; its exit code."""

    seconds: float
    busy: float
    peak: float
    code: int


def main(arguments: list[str]) -> None:
    """Measure the repositories named, those of the field study, or a made one."""
    mirrors = os.environ.get("SCOUT_MIRRORS")
    with tempfile.TemporaryDirectory() as folder:
        if not mirrors:
            made = Path(folder) / "made.git"
            make(made)
            measure("made", made, Path(folder) / "state")
        for name in (arguments or KNOWN) if mirrors else ():
            path = Path(mirrors or "") / name.replace("/", "+") / "repo"
            measure(name, path, Path(folder) / "states" / path.parent.name)


def measure(name: str, repository: Path, home: Path) -> None:
    """Print the figures of one repository."""
    commits = asked(repository, "rev-list", "--count", "HEAD")
    files = len(asked(repository, "ls-tree", "-r", "--name-only", "HEAD").splitlines())
    print(f"{name}: {commits} commits, {files} files")
    log, options = logged(repository)
    runs = {
        "cold": found(repository, home, "--at", "HEAD~1"),
        "next commit": found(repository, home),
        "unchanged": found(repository, home),
    }
    for what, ran in runs.items():
        most = COLD_SECONDS if what == "cold" else WARM_SECONDS
        ratio = f"{ran.seconds / log:.1f}x git log {options} ({log:.2f} s)"
        print(f"  {what}: {ran.seconds:.2f} s (at most {most}), of the processor {ran.busy:.2f} s; {ratio}")
    print(f"  peak: {max(ran.peak for ran in runs.values()):.0f} MB (at most {PEAK_MB})")
    kept = sum(file.stat().st_size for file in (home / "cache").rglob("*") if file.is_file())
    print(f"  kept on disk: {kept / 1e6:.1f} MB")


def logged(repository: Path) -> tuple[float, str]:
    """Return the seconds of the faster of two `git log`, with the options that a clone without some contents allows."""
    for options in (("--name-status",), ("--name-status", "-M100%")):
        command = ["git", "-C", str(repository), "log", *options]
        ended = [timed(command, GIT_NO_LAZY_FETCH="1") for _ in range(2)]
        if all(ran.code == 0 for ran in ended):
            return min(ran.seconds for ran in ended), " ".join(options)
    message = f"git cannot read the history of {repository}"
    raise SystemExit(message)


def found(repository: Path, home: Path, *more: str) -> Ran:
    """Let Scout look in a process of its own."""
    now = asked(repository, "log", "-1", "--format=%cI")
    command = [sys.executable, "-m", "scout", "find", str(repository), "--now", now, "--json", *more]
    ran = timed(command, SCOUT_HOME=str(home), XDG_CONFIG_HOME=str(home / "config"))
    if ran.code:
        message = f"scout find ended with {ran.code}"
        raise SystemExit(message)
    return ran


def timed(command: list[str], **environment: str) -> Ran:
    """Run a command; what it says is thrown away, and modules are compiled once as in any installation."""
    start = time.perf_counter()
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        command, env={**usual, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    return Ran(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode)


def asked(repository: Path, *arguments: str) -> str:
    """Return what git says."""
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def make(path: Path) -> None:
    """Make a bare repository: each commit changes three of 1,200 files of code, pages and settings."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
    feed = "".join(commit(number) for number in range(COMMITS))
    subprocess.run(["git", "-C", str(path), "fast-import", "--quiet"], input=feed.encode(), check=True)


def commit(number: int) -> str:
    """Return one commit for `git fast-import`; the first brings all files."""
    stamp = f"person{number % 9} <person{number % 9}@example.org> {NOW - (COMMITS - number) * DAY_SECONDS // 4} +0000"
    title = f"Fix part {number}" if number % 5 == 0 else f"Change part {number}"
    begun = f"commit refs/heads/main\ncommitter {stamp}\ndata {len(title)}\n{title}\n"
    which = range(FOLDERS * FILES) if number == 0 else (number * step % (FOLDERS * FILES) for step in (1, 7, 31))
    return begun + "".join(
        f"M 100644 inline {name}\ndata {len(text)}\n{text}\n" for name, text in written(which, number)
    )


def written(which: Iterator[int] | range, number: int) -> Iterator[tuple[str, str]]:
    """Give names and contents of files."""
    for one in which:
        folder = one % FOLDERS
        if one % 10 == 0:
            yield f"docs/part{folder}/page{one}.md", f"# Page {one}\n\nSee [next](page{one + 10}.md).\n\n{number}\n"
        elif one % 25 == 1:
            yield f"settings/part{folder}/set{one}.yml", f"part: {one}\nrevision: {number}\n"
        else:
            yield f"rocket/part{folder}/code{one}.py", code(one, number)


def code(one: int, number: int) -> str:
    """Return a module."""
    rows = "\n\n".join(f"def burn_{one}_{row}(load):\n    return load * {number + row}" for row in range(12))
    return f'"""Part {one}."""\n\nimport os\n\n# TODO: burn less\nFUEL = os.environ.get("FUEL_{one}")\n\n\n{rows}\n'


if __name__ == "__main__":
    main(sys.argv[1:])
