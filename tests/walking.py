"""A made-up project that has lived for a month and whose cover is low: where a sceptic's walk begins."""

import re
from datetime import UTC, datetime
from pathlib import Path

from tests.making import Made
from tests.rocket import Scout, rocket

PARTS = ("fuel", "wings", "cabin", "radio", "hatch", "tail", "nose", "seat")
TODAY = "2026-03-02T09:00:00+00:00"


def project(root: Path) -> Scout:
    """Make the project: filed work was taken, and little of it is left."""
    made = rocket(root / "rocket")
    texts = {f"docs/{name}.md": f"# {name.title()}\n\nSee [the {name} checklist]({name}-list.md).\n" for name in PARTS}
    made.clock = datetime(2026, 1, 1, 12, tzinfo=UTC)
    made.commit(texts, "write the parts down")
    for number in range(20):
        made.commit({"rocket/log.txt": f"january {number}\n"}, f"change {number}")
    scout = Scout(root / "state", root / "rocket")
    scout("run", now=_day(2))
    listed = scout("inbox", "list", "--all", "--json", now=_day(2)).document["candidates"]
    for one in listed[:6]:
        scout("inbox", "accept", one["id"], now=_day(2))
    scout("inbox", "reject", listed[6]["id"], "--reason", "not now: after the launch", now=_day(2))
    scout("publish", "--live", now=_day(2))
    scout("run", now=_day(2))
    for day in (3, 5, 10, 12):
        _work(made, scout, day)
    for number in range(14):
        made.commit({"rocket/log.txt": f"february {number}\n"}, f"change {number}")
    scout("run", now=TODAY)
    return scout


def file_in_github(root: Path, base: str, repository: str, token: str) -> None:
    """Write settings by which what is accepted from now on goes to a GitHub at `base`."""
    secret = root / "token"
    secret.write_text(token, "utf-8")
    place = root / "config" / "scout" / "scout.toml"
    place.parent.mkdir(parents=True, exist_ok=True)
    to = f'to = "github"\nurl = "{base}"\nrepository = "{repository}"\ntoken_file = "{secret}"\n'
    path = root / "rocket"
    place.write_text(
        f'[[project]]\nid = "rocket"\npath = "{path}"\nvisibility = "public"\n[project.publish]\n{to}', "utf-8"
    )


def _work(made: Made, scout: Scout, day: int) -> None:
    """Let somebody take a ticket and finish it."""
    served = scout("next", "--claim", "team", "--json", now=_day(day)).out
    for key in re.findall(r'"key": ?"([^"]+)"', served):
        file = next(made.path.rglob(f"{key}.md"), None)
        if file is not None:
            file.write_text(re.sub(r"state: \w+", "state: completed", file.read_text("utf-8")), "utf-8")
    made.clock = datetime(2026, 2, day, 12, tzinfo=UTC)
    made.commit({"rocket/log.txt": f"february {day}\n"}, f"finish a ticket on day {day}")
    scout("run", now=_day(day))


def _day(number: int) -> str:
    return f"2026-02-{number:02d}T09:00:00+00:00"
