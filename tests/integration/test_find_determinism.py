"""The same commit and the same clock give the same findings, byte for byte, however they were come by."""

import random
import shutil
from pathlib import Path

import pytest

from scout.clock import now as moment
from scout.repository import Repository
from scout.service.scan import scouts
from scout.signals import NotApplicable, View, looking
from tests.crowd import at_once
from tests.making import Made
from tests.rocket import NOW, Scout, rocket

FIND = ("find", "--json", "--all")
ORDERS = 3


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    made = rocket(tmp_path_factory.mktemp("made") / "rocket")
    made.commit({"rocket/fuel.py": "# TODO: burn less before 2025-01-01\nx = 1\n", "LICENSE": "Free.\n"}, "add fuel")
    return made


def at(made: Made, home: Path) -> Scout:
    return Scout(home, made.path)


@pytest.fixture(scope="module")
def wanted(made: Made, tmp_path_factory: pytest.TempPathFactory) -> str:
    ran = at(made, tmp_path_factory.mktemp("wanted"))(*FIND)
    assert len(ran.document["findings"]) >= 4
    assert len({finding["signal"] for finding in ran.document["findings"]}) >= 3
    return ran.out


def forget_findings(home: Path) -> None:
    """Keep only what was read of repositories."""
    shutil.rmtree(home / "cache" / "findings")
    assert list((home / "cache" / "repositories").rglob("*.json"))


def test_again_and_with_facts_only(made: Made, tmp_path: Path, wanted: str):
    scout = at(made, tmp_path / "home")
    assert [scout(*FIND).out for _ in range(2)] == [wanted] * 2
    forget_findings(scout.home)
    assert scout(*FIND).out == wanted


@pytest.mark.parametrize("before", ["HEAD~1", "HEAD~9"])
def test_after_an_earlier_commit(made: Made, tmp_path: Path, wanted: str, before: str):
    scout = at(made, tmp_path / "home")
    assert scout(*FIND, "--at", before).code == 0
    assert scout(*FIND).out == wanted


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_whatever_the_order_of_sets(made: Made, tmp_path: Path, wanted: str, seed: str):
    assert at(made, tmp_path / "home")(*FIND, PYTHONHASHSEED=seed).out == wanted


def test_two_processes_on_one_state_folder(made: Made, tmp_path: Path, wanted: str):
    scout = at(made, tmp_path / "home")
    for _ in range(3):
        both = at_once((scout, FIND, NOW), (scout, FIND, NOW))
        assert [ran.out for ran in both] == [wanted] * 2
        forget_findings(scout.home)
    assert not list(scout.home.rglob("*.new"))


def test_two_processes_on_two_state_folders(made: Made, tmp_path: Path, wanted: str):
    both = at_once(*((at(made, tmp_path / name), FIND, NOW) for name in ("one", "two")))
    assert [ran.out for ran in both] == [wanted] * 2


def test_any_order_of_scouts(made: Made):
    known = list(scouts().values())
    seen: list[dict[str, str]] = []
    for seed in range(ORDERS):
        chosen = random.Random(seed).sample(known, len(known))  # noqa: S311 - orders, the same in every run
        with Repository.open(made.path) as repository:
            view = View.of(repository, repository.resolve(), moment(NOW))
            seen.append({kind.id: told(view, kind.id) for kind in chosen})
    assert seen[0] == seen[1] == seen[2]
    assert sum("fingerprint" in one for one in seen[0].values()) >= 3


def told(view: View, name: str) -> str:
    scout = scouts([name])[name]()
    try:
        view.needs(scout.reads)
        found = looking(view, scout)
    except NotApplicable as reason:
        return str(reason)
    return "\n".join((*(finding.model_dump_json() for finding in found.findings), *found.unread))
