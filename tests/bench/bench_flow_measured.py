"""Each measure of flow on public data beside the raw records: `python tests/bench/bench_flow_measured.py [--write]`.

Prints a table for each set; with --write they replace docs/flow-measured.md. Reads the shared data (`SCOUT_SHARED` says
where they are). Ends with exit code 1 where anything is different.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.flow_sets import PAGE, SETS, Compared, Kept, compared, section, titled

_INTRO = """<!-- Written by `python tests/bench/bench_flow_measured.py --write`. -->

# Flow, made again from raw records

Each measure as `scout flow --json` prints it, on public archives, and whether it is equal to what plain Python makes of
the raw records by [the definitions](flow.md#exactly) alone (`tests/flow_by_hand/`: the standard library, no code and no
table of Scout's). *Equal* means n, p50, p85 and value, all parts, and every single row: subject, value, and whether it
grows still. What is drawn by chance (`forecast`) has to lie where 2,000 draws from the exact distribution lie with all
but a millionth of chance. A set with a day is the archive as it stood then: `forecast` has nothing to go by where work
has come to rest.

`python tests/bench/bench_flow_measured.py --write` writes this page; `tests/integration/test_flow_shared.py` makes the
same comparison and fails where a line of it is not as printed here.
"""


def main() -> int:
    """Measure, print, and write where asked to."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help="replace docs/flow-measured.md")
    given = arguments.parse_args()
    sections: list[str] = []
    wrong = 0
    for kept in SETS:
        began = time.monotonic()
        try:
            made = _measured(kept)
        except pytest.skip.Exception as error:
            sys.stdout.write(f"{error}\n")
            return 0
        sections.append(section(kept, made))
        sys.stdout.write(f"{sections[-1]}\n\n{time.monotonic() - began:.1f} s\n\n")
        for name, one in made.items():
            wrong += bool(one.wrong)
            sys.stdout.write("".join(f"{titled(kept)}: {name}: {said}\n" for said in one.wrong[:5]))
    if given.write:
        PAGE.write_text("\n".join((_INTRO, "\n\n".join(sections), "")), encoding="utf-8")
    return int(wrong > 0)


def _measured(kept: Kept) -> dict[str, Compared]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"SCOUT_HOME": f"{folder}/home", "XDG_CONFIG_HOME": f"{folder}/config"}
        return compared(kept, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
