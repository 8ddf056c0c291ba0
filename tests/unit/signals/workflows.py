"""What tests of the register share: a workflow, and the entries of a small repository by name."""

from pathlib import Path

from scout.signals import Commit, lines
from scout.signals.register import Relied, relied_on
from tests.plugins.building import build, viewed


def registered(folder: Path, *commits: Commit, now: str = "2024-06-01") -> dict[str, Relied]:
    """Return what is relied on in a repository of these commits."""
    with viewed(build(folder, commits), now) as view:
        return {one.name: one for one in relied_on(view)}


def workflow(triggers: str, *steps: str, above: tuple[str, ...] = ()) -> str:
    """Return a workflow of one job with these steps, each a line of YAML."""
    return lines(
        f"on: {triggers}",
        "jobs:",
        "  a:",
        "    runs-on: ubuntu-latest",
        *above,
        "    steps:",
        "      - uses: actions/checkout@v4",
        *(f"      - {step}" for step in steps),
    )
