"""One pull by Scout in this process, measured from within: `python -m tests.bench._measured SETTINGS`.

Prints one JSON object. What the interpreter and the imports of the command line take is not part of the seconds.
"""

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main() -> None:
    """Pull all sources of the settings' only project and print what it took."""
    import scout.warehouse.merge

    marks: dict[str, float] = {}
    scout.warehouse.merge.merge = _noted(scout.warehouse.merge.merge, marks)
    from scout import clock
    from scout.service.ingest import ingest
    from scout.service.wiring import open_workspace

    settings = Path(sys.argv[1])
    began = time.perf_counter()
    work = open_workspace(settings.parent, clock.now(), settings)
    report = ingest(work, work.project())
    seconds = time.perf_counter() - began
    told = {
        "seconds": seconds,
        "fetched_mb": marks.get("megabytes", peak()),
        "fetching": marks.get("began", began + seconds) - began,
        "peak_mb": peak(),
        "report": report.model_dump(mode="json"),
    }
    sys.stdout.write(json.dumps(told))


def peak() -> float:
    """Return the most memory that this process ever held, in MB."""
    status = Path("/proc/self/status").read_text("ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024


def _noted(merge: Callable[..., Any], marks: dict[str, float]) -> Callable[..., Any]:
    def noted(*arguments: Any, **named: Any) -> Any:
        marks.setdefault("megabytes", peak())
        marks.setdefault("began", time.perf_counter())
        return merge(*arguments, **named)

    return noted


if __name__ == "__main__":
    main()
