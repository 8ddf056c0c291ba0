"""Plugins are found by walking a package and by entry points, and named by their id."""

import importlib
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from scout import registry
from scout.errors import SettingsError, UsageError
from scout.registry import pick, plugin, plugins

BASE = """
from abc import ABC, abstractmethod
class Base(ABC):
    id = "base"
    @abstractmethod
    def act(self): ...
"""
ONE = """
from {package}._base import Base
class One(Base):
    id = "one"
    def act(self): return 1
"""


def foreign(monkeypatch: pytest.MonkeyPatch, *entries: EntryPoint) -> None:
    """Let these be all entry points that are installed."""

    def found(group: str) -> tuple[EntryPoint, ...]:
        return tuple(entry for entry in entries if entry.group == group)

    monkeypatch.setattr(registry, "entry_points", found)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    name = f"made_{abs(hash(request.node.name)) % 10**8}"
    folder = tmp_path / name
    (folder / "deep").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "deep" / "__init__.py").write_text("")
    (folder / "_base.py").write_text(BASE)
    (folder / "deep" / "one.py").write_text(ONE.format(package=name))
    (folder / "deep" / "_private.py").write_text(
        ONE.format(package=name).replace("One", "Two").replace('"one"', '"two"')
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    foreign(monkeypatch)
    return name


def base(package: str) -> type[registry.Plugin]:
    return importlib.import_module(f"{package}._base").Base


def test_one_plugin_is_found_by_its_module_without_importing_others(package: str):
    (Path(sys.path[0]) / package / "two.py").write_text(ONE.format(package=package).replace('"one"', '"two"'))
    (Path(sys.path[0]) / package / "broken.py").write_text("raise RuntimeError")
    assert plugin(base(package), package, "none", "two", "thing").id == "two"
    with pytest.raises(RuntimeError):
        plugin(base(package), package, "none", "one", "thing")


def test_one_plugin_may_lie_deeper_or_nowhere(package: str):
    assert plugin(base(package), package, "none", "one", "thing").id == "one"
    for wrong in ("on", "_base", "deep", "o-n e"):
        with pytest.raises(UsageError, match="no thing called"):
            plugin(base(package), package, "none", wrong, "thing")


def test_walks_recursively_and_skips_private_modules(package: str):
    assert list(plugins(base(package), package, "none")) == ["one"]


def test_two_plugins_with_one_id_are_refused_by_name(package: str, tmp_path: Path):
    (tmp_path / package / "again.py").write_text(ONE.format(package=package).replace("One", "Again"))
    with pytest.raises(SettingsError, match=r"again\.Again"):
        plugins(base(package), package, "none")


def test_a_third_partys_broken_plugin_is_named(package: str, monkeypatch: pytest.MonkeyPatch):
    entry = EntryPoint(name="theirs", value="nowhere_at_all:Theirs", group="g")
    foreign(monkeypatch, entry)
    with pytest.raises(SettingsError, match="theirs"):
        plugins(base(package), package, "g")


def test_a_third_partys_plugin_must_be_of_the_kind(package: str, monkeypatch: pytest.MonkeyPatch):
    entry = EntryPoint(name="theirs", value="json:JSONDecoder", group="g")
    foreign(monkeypatch, entry)
    with pytest.raises(SettingsError, match="not a concrete Base"):
        plugins(base(package), package, "g")


def test_an_unknown_name_suggests_the_nearest(package: str):
    known = plugins(base(package), package, "none")
    assert pick(known, "one", "thing").id == "one"
    with pytest.raises(UsageError, match="Did you mean 'one'"):
        pick(known, "oen", "thing")
