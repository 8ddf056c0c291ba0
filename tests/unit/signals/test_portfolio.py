"""What scouts of the portfolio tell: once, only where every reader may see it, in any order of the projects."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from scout.model import Finding, Visibility
from scout.repository import Repository
from scout.signals import Commit, Scout, View, watch
from scout.signals._base import lines
from scout.signals.portfolio.configuration_drift import ConfigurationDrift
from scout.signals.portfolio.fixed_elsewhere import FixedElsewhere
from scout.signals.portfolio.portfolio_version_conflict import PortfolioVersionConflict
from scout.signals.portfolio.repeated_failure import RepeatedFailure
from tests.plugins.building import build, moment

NOW = "2024-06-01"
OLD = lines(
    "def send(url):",
    "    answer = requests.get(url, verify=False)",
    "    content = answer.json()['rows']",
    "    return sorted(content, key=by_name)",
)
NEW = lines("def send(url):", "    answer = session.get(url)", "    return sorted(answer.rows, key=by_name)")
PINS = lines("[mypy]", "python_version = 3.10", "strict = false")


def failed(
    path: str, day: str, message: str = "Fix ConnectionResetError in uploads to the store"
) -> tuple[Commit, ...]:
    return (Commit("2023-01-01", {path: "a = 0\n"}), Commit(day, {path: f"{path} = 1\n"}, message))


WORLDS: dict[type[Scout], Mapping[str, Sequence[Commit]]] = {
    RepeatedFailure: {
        "apple": failed("a.py", "2023-05-01"),
        "birch": failed("b.py", "2023-09-01"),
        "cedar": failed("c.py", "2024-02-01"),
    },
    FixedElsewhere: {
        "apple": (Commit("2023-01-01", {"a.py": OLD}),),
        "birch": (Commit("2023-01-01", {"b.py": OLD}), Commit("2024-01-01", {"b.py": NEW}, "Fix unsafe requests")),
        "cedar": (Commit("2023-01-01", {"c.py": OLD}), Commit("2024-02-01", {"c.py": NEW}, "Fix unsafe requests")),
    },
    ConfigurationDrift: {
        "apple": (Commit("2023-01-01", {"mypy.ini": PINS}),),
        "birch": (
            Commit("2023-01-01", {"mypy.ini": PINS}),
            Commit("2024-01-01", {"mypy.ini": PINS.replace("false", "true")}),
        ),
        "cedar": (
            Commit("2023-01-01", {"mypy.ini": PINS}),
            Commit("2024-02-01", {"mypy.ini": PINS.replace("false", "true")}),
        ),
    },
    PortfolioVersionConflict: {
        "apple": (Commit("2023-01-01", {"requirements.txt": "express==3.1.0\n"}),),
        "birch": (Commit("2023-01-01", {"requirements.txt": "express==5.1.0\n"}),),
        "cedar": (Commit("2023-01-01", {"requirements.txt": "express==6.1.0\n"}),),
    },
}
SCOUTS = [pytest.param(scout, id=scout.id) for scout in WORLDS]


@contextmanager
def portfolio(
    folder: Path, world: Mapping[str, Sequence[Commit]], visibility: Visibility = Visibility.INTERNAL
) -> Generator[dict[str, View]]:
    """Give the view of each project, with the others as siblings; all but the first have this visibility."""
    with ExitStack() as opened:
        alone: dict[str, View] = {}
        for number, (name, commits) in enumerate(world.items()):
            repository = opened.enter_context(Repository.open(build(folder / name, commits)))
            seen_by = visibility if number else Visibility.INTERNAL
            view = View.of(repository, repository.resolve("HEAD"), moment(NOW))
            alone[name] = replace(view, project=name, visibility=seen_by)
        yield {
            name: replace(view, siblings={other: one for other, one in alone.items() if other != name})
            for name, view in alone.items()
        }


def offered(scout: type[Scout], view: View) -> list[Finding]:
    findings, looks = watch(view, [scout(scout.settings(offer=True))])
    assert looks[0].reason == ""
    return [finding for finding in findings if finding.offered]


@pytest.mark.parametrize("scout", SCOUTS)
def test_it_is_offered_by_one_project_with_evidence_of_all(scout: type[Scout], tmp_path: Path):
    with portfolio(tmp_path, WORLDS[scout]) as views:
        found = {name: offered(scout, view) for name, view in views.items()}

    assert {name: len(findings) for name, findings in found.items()} == {"apple": 1, "birch": 0, "cedar": 0}
    evidence = found["apple"][0].evidence
    assert {one.project for one in evidence} == {"", "birch", "cedar"}
    assert all(one.resolved for one in evidence)


def test_a_fix_of_security_weighs_more(tmp_path: Path):
    plain = {
        name: tuple(Commit(one.at, one.files, one.message.replace("unsafe", "slow")) for one in commits)
        for name, commits in WORLDS[FixedElsewhere].items()
    }
    with portfolio(tmp_path / "a", WORLDS[FixedElsewhere]) as secured, portfolio(tmp_path / "b", plain) as mended:
        found = [offered(FixedElsewhere, views["apple"])[0] for views in (secured, mended)]

    assert [finding.severity for finding in found] == [3, 2]


@pytest.mark.parametrize("scout", SCOUTS)
def test_what_not_every_reader_may_see_is_not_offered(scout: type[Scout], tmp_path: Path):
    with portfolio(tmp_path, WORLDS[scout], Visibility.PRIVATE) as views:
        findings, _ = watch(views["apple"], [scout(scout.settings(offer=True))])

    assert [finding.offered for finding in findings] == [False]
    assert "birch" in findings[0].because


@pytest.mark.parametrize("scout", SCOUTS)
def test_the_order_of_the_projects_does_not_matter(scout: type[Scout], tmp_path: Path):
    with portfolio(tmp_path, WORLDS[scout]) as views:
        view = views["apple"]
        backwards = replace(view, siblings=dict(sorted(view.siblings.items(), reverse=True)))
        said = [[one.model_dump_json() for one in offered(scout, world)] for world in (view, backwards)]

    assert said[0] == said[1]


@pytest.mark.parametrize("scout", SCOUTS)
def test_alone_nothing_is_found(scout: type[Scout], tmp_path: Path):
    with portfolio(tmp_path, {"apple": WORLDS[scout]["apple"]}) as views:
        assert offered(scout, views["apple"]) == []
