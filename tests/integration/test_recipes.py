"""The recipes of the documentation, run as they stand there: one class for a new issue, whatever its words."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "lifecycle-recipes.md"
HOSTILE = "It's $(touch pwned) `touch pwned` \"; touch pwned; 'quoted' 🦔 crashes"

pytestmark = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is missing: the recipes are NOT tested")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in {
        "pip": "#!/bin/sh\n",
        "gh": '#!/bin/sh\nfor one in "$@"; do printf "%s\\n" "$one"; done >> asked\n',
        "scout": f'#!/bin/sh\nexec {sys.executable} -m scout "$@"\n',
    }.items():
        (tools / name).write_text(text, "utf-8")
        (tools / name).chmod(0o755)
    return tmp_path


def workflow(name: str) -> dict[str, Any]:
    found = re.search(rf"## GitHub: a workflow for `{name}`.*?```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return YAML(typ="safe").load(found[1])  # pyright: ignore[reportUnknownMemberType] - a library without types


def ran(place: Path, step: int, event: dict[str, Any], given: str = "") -> list[str]:
    job = workflow("gtd")["jobs"]["one-class"]
    (place / "event.json").write_text(json.dumps(event), "utf-8")
    given_names = {
        "PATH": f"{place / 'tools'}:{os.environ['PATH']}",
        "SCOUT_HOME": str(place / "home"),
        "GITHUB_EVENT_PATH": str(place / "event.json"),
        "ISSUE": "7",
        "GIVEN": given,
        "LABELS": job["env"]["LABELS"],
    }
    run = job["steps"][step]["run"]
    assert "${{" not in run, "nothing of an event is ever part of a script"
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", run], cwd=place, env=given_names, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not list(place.rglob("pwned"))
    return (place / "asked").read_text("utf-8").splitlines() if (place / "asked").exists() else []


def issue(title: str, *labels: str) -> dict[str, Any]:
    body = f"{title}\n\nSteps to reproduce: open it." if "bug" in labels else ""
    return {"issue": {"number": 7, "title": title, "body": body, "labels": [{"name": one} for one in labels]}}


def test_a_new_issue_gets_the_class_that_the_rules_are_sure_of(place: Path):
    assert ran(place, 1, issue(HOSTILE, "bug")) == ["issue", "edit", "7", "--add-label", "gtd: next-action"]


def test_what_the_rules_are_not_sure_of_gets_none(place: Path):
    assert ran(place, 1, issue("Should we keep chapter 3?")) == []


def test_a_new_class_takes_the_place_of_the_former_one_and_other_labels_stay(place: Path):
    event = issue(HOSTILE, "bug", "gtd: someday", "gtd: waiting")
    assert ran(place, 2, event, "gtd: waiting") == ["issue", "edit", "7", "--remove-label", "gtd: someday"]


def test_a_label_that_is_no_class_changes_nothing(place: Path):
    assert ran(place, 2, issue(HOSTILE, "bug", "gtd: someday"), "bug") == []
