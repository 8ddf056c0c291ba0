"""A worker with faults: it dies at one ticket, asks at another, and is slow enough to be killed by others.

`python faulty_worker.py FAULTS FOLDER`; FAULTS is a file of JSON: `poison` is a ticket's title, `asks` the name of a
worker, `case` what that wants to be told, `stalls` the title at which it stops, `dawdles` the title that it never gets
done with though its heart beats, `hungry` the title that it wants a gigabyte for, `tampers` whether it changes its
brief, `rounds` how often it thinks about each ticket.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from scout.lifecycle import brief as briefs
from scout.lifecycle import worker
from scout.lifecycle.brief import Brief, Case
from scout.lifecycle.record import Record
from scout.lifecycle.rules import Verdict
from scout.lifecycle.worker import AsksError, Judge, Question


def main(faults: str, folder: str) -> int:
    """Work as a worker does, with faults."""
    given: dict[str, Any] = json.loads(Path(faults).read_text("utf-8"))
    place = Path(folder)

    def judge(told: Brief) -> Judge:
        rules = worker.by_rules(told)

        def judged(record: Record) -> Verdict:
            if told.worker == given.get("asks") and worker.answer(place) is None:
                case = Case.model_validate(given["case"])
                raise AsksError(
                    Question(about="brief", wants="May my brief be changed?", context="x's case", case=case)
                )
            if record.title == given.get("poison"):
                os.abort()
            if record.title == given.get("stalls"):
                signal.pause()
            if record.title == given.get("dawdles") or given.get("dawdles") == "*":
                _dawdle(place)
            if record.title == given.get("hungry"):
                bytearray(1 << 30)
            for _ in range(given.get("rounds", 1)):
                rules(record)
            return rules(record)

        return judged

    changed = place / "changed"
    if given.get("tampers") and not changed.exists():
        changed.touch()
        told = briefs.read(place)
        code = worker.main([folder], judge)
        briefs.write(told.having(count=999), place)
        return code
    return worker.main([folder], judge)


def _dawdle(place: Path) -> None:
    """Show signs of life and get nowhere."""
    while True:
        (place / worker.HEARTBEAT).touch()
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
