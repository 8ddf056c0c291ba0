"""The page over 10,000 candidates that wait and 1,000,000 published tickets: time of each page, memory, start.

Run it with `python -m tests.bench.bench_page [--quick]`, best on an idle machine; with PostgreSQL installed both
databases are measured. A page's time is what its reader waits on loopback, the connection included.
"""

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from tests.busy import busy
from tests.postgres import programs, running
from tests.serving import Shown, shown_by

TIMES = 50
MOST_MS, MOST_MB, MOST_SECONDS = 150, 400, 2


def main() -> None:
    """Print the figures; end with 1 when one of them is beyond what was promised."""
    waiting, tickets = (1_000, 10_000) if "--quick" in sys.argv else (10_000, 1_000_000)
    binaries = programs()
    good = [_measured("SQLite", "", waiting, tickets)]
    if binaries is None:
        told("PostgreSQL is not installed: not measured")
    else:
        with running(binaries) as server:
            good.append(_measured("PostgreSQL", server.new_database(), waiting, tickets))
    sys.exit(not all(good))


def _measured(name: str, ledger: str, waiting: int, tickets: int) -> bool:
    with TemporaryDirectory() as root:
        began = time.perf_counter()
        place, state = busy(Path(root), waiting, tickets, ledger)
        told(f"\n{name}: {waiting:,} waiting, {tickets:,} tickets, made in {time.perf_counter() - began:.0f} s")
        command = [sys.executable, "-m", "scout", "serve", str(place), "--port", "0", "--no-open", "--json"]
        began = time.perf_counter()
        with shown_by([*command, "--now", "2026-03-02T10:00:00Z"], state) as (shown, process):
            _, cookie = shown.enter()
            start = time.perf_counter() - began
            slowest = _pages(shown, cookie.partition(";")[0])
            decided = _decisions(shown, cookie.partition(";")[0])
            memory = _peak(process)
    told(f"start {start:.2f} s (≤ {MOST_SECONDS}), peak memory {memory:.0f} MB (≤ {MOST_MB})")
    told(f"slowest p95 {max(slowest, decided):.0f} ms (≤ {MOST_MS})")
    return start <= MOST_SECONDS and memory <= MOST_MB and max(slowest, decided) <= MOST_MS


def _pages(shown: Shown, cookie: str) -> float:
    inbox = shown.ask("/inbox", Cookie=cookie)[2]
    name = re.findall(r"/candidates/(c-\w+)", inbox)[0]
    log = re.findall(r'href="(/decisions\?[^"]+)"', shown.ask("/decisions", Cookie=cookie)[2])[0]
    paths = (
        "/",
        "/projects/rocket",
        "/projects/rocket/tickets?of=open",
        "/projects/rocket/tickets?of=closed&after=500000",
        "/projects/rocket/findings",
        "/inbox",
        "/inbox?everything=yes",
        "/inbox?everything=yes&page=120",
        "/inbox?project=meadow&state=rejected",
        f"/candidates/{name}",
        f"/candidates/{name}/edit",
        "/decisions",
        log.replace("&amp;", "&"),
        "/suppressions",
        "/health",
        "/keys",
    )
    told("| page | p50 ms | p95 ms | max ms |\n|---|--:|--:|--:|")
    return max(_timed(path, lambda path=path: _answered(shown.ask(path, Cookie=cookie)[0], 200)) for path in paths)


def _decisions(shown: Shown, cookie: str) -> float:
    """Accept and take back: after each, all there is to know about one candidate is another."""
    text = shown.ask("/inbox?everything=yes", Cookie=cookie)[2]
    names = re.findall(r'href="/candidates/(c-\w+)"', text)
    csrf = re.findall(r'name="csrf" value="([^"]+)"', text)[0]
    at = iter(range(10 * TIMES))

    def decided() -> None:
        turn = next(at)
        path = f"/candidates/{names[turn // 2 % len(names)]}/{'undo' if turn % 2 else 'accept'}"
        given = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        status, headers, _ = shown.ask(path, "POST", urlencode({"csrf": csrf}), **given)
        _answered(status, 303)
        _answered(shown.ask(headers["location"], Cookie=cookie)[0], 200)

    return _timed("a decision and the page after it", decided)


def _timed(name: str, step: Callable[[], object]) -> float:
    took: list[float] = []
    for _ in range(TIMES):
        began = time.perf_counter()
        step()
        took.append(1000 * (time.perf_counter() - began))
    p95 = statistics.quantiles(took, n=20, method="inclusive")[-1]
    shown = re.sub(r"c-[0-9a-f]{10}|2026.*", "…", name)
    told(f"| {shown} | {statistics.median(took):.0f} | {p95:.0f} | {max(took):.0f} |")
    return p95


def _answered(status: int, wanted: int) -> None:
    if status != wanted:
        message = f"answered with {status}, not {wanted}"
        raise AssertionError(message)


def _peak(process: "subprocess.Popen[str]") -> float:
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    (found,) = re.findall(r"VmHWM:\s+(\d+) kB", status)
    return int(found) / 1024


def told(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
