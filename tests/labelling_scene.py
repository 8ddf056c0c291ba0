"""A backlog at a tracker on loopback, pulled and classified, whose labels are to be set."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scout.clock import now
from scout.service.classify_apply import ApplyReport, apply
from scout.service.classify_plan import Wishes
from scout.service.classify_run import classify
from scout.service.classify_undo import UndoReport, undo
from scout.service.ingest import ingest
from scout.service.wiring import Workspace, open_workspace
from tests.publishing import copied, home
from tests.trackers import REPOSITORY, TOKEN, Trackers, new_world, served, stand_ins

TICKETS = 6
OWN = "ui"
Opening = Callable[[str], "Backlog"]


@dataclass
class Backlog:
    """A classified backlog.

    Attributes:
        name: of the tracker: `github` or `jira`.
    """

    name: str
    root: Path
    trackers: Trackers
    more: str = ""

    @contextmanager
    def work(self) -> Generator[Workspace]:
        """Open the workspace."""
        with home(self.root) as settings:
            token = self.root / "token"
            token.write_text(TOKEN)
            place = {"github": f'repository = "{REPOSITORY}"', "jira": 'projects = ["SCT"], auth = "token"'}[self.name]
            table = f'type = "{self.name}", url = "{self.trackers.base}", {place}, token_file = "{token}"'
            settings.write_text(f'[[project]]\nid = "rocket"\nsources = [{{{table}}}]\n{self.more}')
            opened = open_workspace(self.root, now("2026-07-02"), settings)
            try:
                yield opened
            finally:
                opened.close()

    def classify(self, *projects: str) -> None:
        """Pull projects, by default the only one, and classify their tickets."""
        names = projects or ("rocket",)
        with self.work() as work:
            for name in names:
                pulled = ingest(work, work.project(name))
                assert all(one.outcome == "present" for one in pulled.sources), pulled
            assert classify(work, Wishes(projects=names)).tickets == TICKETS * len(names)
        self.trackers.forget()

    def apply(self, **wishes: Any) -> ApplyReport:
        with self.work() as work:
            return apply(work, **wishes)

    def write(self, **wishes: Any) -> ApplyReport:
        """Accept everything and write it, with what labels it takes."""
        return self.apply(accept=("all",), live=True, make_labels=True, **wishes)

    def undo(self) -> UndoReport:
        with self.work() as work:
            return undo(work, live=True)

    def labels(self) -> dict[str, list[str]]:
        """Return what labels each ticket has, in their order."""
        if self.name == "github":
            return {str(number): [one["name"] for one in issue["labels"]] for number, issue in self.issues.items()}
        return {key: list(issue["fields"]["labels"]) for key, issue in self.issues.items()}

    @property
    def issues(self) -> Any:
        return self.trackers.github.issues if self.name == "github" else self.trackers.jira.issues

    @property
    def keys(self) -> list[Any]:
        return list(self.issues)

    def key_in(self, path: str) -> Any:
        """Return the key of the ticket that a request is about."""
        word = path.removesuffix("/labels").rpartition("/")[2]
        return int(word) if self.name == "github" else word

    def relabel(self, key: Any, labels: list[str]) -> None:
        """Let a person set the labels of a ticket."""
        if self.name == "github":
            self.issues[key]["labels"] = [self.trackers.github.label(one) for one in labels]
        else:
            self.issues[key]["fields"]["labels"] = labels

    def close(self, key: Any) -> None:
        """Let a person close a ticket."""
        if self.name == "github":
            self.issues[key] |= {"state": "closed", "closed_at": "2026-07-01T00:00:00Z"}
            self.trackers.github.version += 1
        else:
            records = stand_ins("records")
            self.issues[key]["fields"]["status"] = records.status(records.STATUSES[-1])

    def delete(self, key: Any) -> None:
        """Let a person delete a ticket."""
        if self.name == "github":
            self.trackers.github.remove(key)
        else:
            self.issues.pop(key)


def classes(labels: list[str]) -> list[str]:
    """Return the labels that say a class."""
    return [one for one in labels if one.startswith("gtd:")]


def backlog_world() -> Any:
    """Return a world with a few open tickets in each tracker; every second one has a label of its own."""
    world, records = new_world(), stand_ins("records")
    world.make_github(0, 0, 0, 0, 0)
    world.make_jira(0, 0, ("SCT",))
    kind = {"id": "1", "name": "Bug", "subtask": False}
    body = "Steps to reproduce: open it. It fails."
    for number in range(TICKETS):
        own = [OWN] if number % 2 else []
        title, labels = f"Crash number {number}", [world.github.label(one) for one in own]
        world.github.add_issue(title, body, records.person(1), "2026-06-01T00:00:00Z", labels)
        fields = {"summary": title, "description": body, "labels": own, "issuetype": kind}
        world.jira.add_issue("SCT", fields, "2026-06-01T00:00:00.000+0000", records.jira_person(1))
    return world


@pytest.fixture(scope="module")
def classified(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The state of either backlog after it was pulled and classified, to be copied."""
    found: dict[str, Path] = {}
    with served(backlog_world()) as running:
        for name in ("github", "jira"):
            found[name] = tmp_path_factory.mktemp(name)
            Backlog(name, found[name], running).classify()
    return found


@pytest.fixture
def trackers() -> Any:
    with served(backlog_world()) as running:
        yield running


@pytest.fixture
def opening(tmp_path: Path, classified: dict[str, Path], trackers: Trackers) -> Opening:
    def opened(name: str) -> Backlog:
        return Backlog(name, copied(classified[name], tmp_path / name), trackers)

    return opened
