"""For the tests of scouts: real git repositories from their examples, and a check that these keep their promises.

One line in a test of yours is enough: `check_examples(MyScout, tmp_path)`.
"""

import os
import subprocess
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from scout.model import EvidenceKind, Outcome, Visibility
from scout.repository import Repository
from scout.signals._base import Commit, Example, Moved, Scout, View
from scout.signals._core import Core
from scout.signals._flow import FlowFacts
from scout.signals._watch import watch

__all__ = ["Canned", "add", "build", "check_examples", "git", "last", "moment", "viewed"]

_Shape = TypeVar("_Shape", bound=BaseModel)
CALM = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}


def build(folder: Path, commits: Sequence[Commit]) -> Path:
    """Make a repository with these commits and return its folder; without commits, the folder alone. Once is enough."""
    folder.mkdir(parents=True, exist_ok=True)
    if not commits or (folder / ".git").exists():
        return folder
    git(folder, "init", "--quiet", "--initial-branch", "main")
    for commit in commits:
        add(folder, commit)
    return folder


def add(folder: Path, commit: Commit) -> None:
    """Write a commit's files and commit them at its date, as its author."""
    for path, content in commit.files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            place.unlink()
        elif isinstance(content, Moved):
            (folder / content.path).rename(place)
        else:
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
    git(folder, "add", "--all", "--force")
    at = moment(commit.at).isoformat()
    mail = f"{commit.author}@example.org"
    person = {"NAME": commit.author, "EMAIL": mail, "DATE": at}
    signed = {f"GIT_{role}_{name}": value for role in ("AUTHOR", "COMMITTER") for name, value in person.items()}
    git(folder, "commit", "--quiet", "--allow-empty", "--message", commit.message, environment=signed)
    if commit.tag:
        git(folder, "tag", commit.tag)


def git(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run git in a folder and return what it says."""
    settings = {**os.environ, **CALM, **(environment or {})}
    done = subprocess.run(["git", *arguments], cwd=folder, env=settings, check=True, capture_output=True)
    return done.stdout.decode("utf-8", "surrogateescape")


def moment(text: str) -> datetime:
    """Return an ISO 8601 date or time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Canned:
    """A model that always says the same."""

    answer: Mapping[str, Any]

    def __call__(self, instruction: str, brief: str, shape: type[_Shape]) -> _Shape:
        """Return the answer, checked as one of an endpoint is."""
        del instruction, brief
        return shape.model_validate(self.answer)


@contextmanager
def viewed(folder: Path, now: str, example: Example | None = None) -> Generator[View]:
    """Give the view of a repository's HEAD at a moment, with the trackers and siblings of an example.

    A folder that is no repository is a project without checkout.
    """
    with ExitStack() as opened:
        view = _at_head(folder, now, opened) if (folder / ".git").exists() else View(None, moment(now))
        if example is not None:
            siblings = {
                name: replace(
                    _at_head(build(folder.parent / f"{folder.name}-{name}", commits), now, opened),
                    visibility=Visibility.INTERNAL,
                    measured=_always(example.flows.get(name, FlowFacts())),
                )
                for name, commits in example.siblings.items()
            }
            core = Core.holding(example.core)
            model = None if example.answer is None else Canned(example.answer)
            view = replace(view, core=core, siblings=siblings, visibility=example.visibility, model=model)
            view = replace(view, measured=_always(example.flow))
        yield view


def _always(facts: FlowFacts) -> Callable[[], FlowFacts]:
    return lambda: facts


def _at_head(folder: Path, now: str, opened: ExitStack) -> View:
    repository = opened.enter_context(Repository.open(folder))
    return View.of(repository, repository.resolve("HEAD"), moment(now))


def last(example: Example) -> str:
    """Return the date of an example's last commit."""
    return example.commits[-1].at


def check_examples(scout: type[Scout], folder: Path) -> None:
    """Make sure that a scout finds what its examples promise, and nothing else, with evidence that can be opened.

    Args:
        scout: the class, with at least one example that fires and one that stays quiet.
        folder: an empty one, where the examples' repositories are made.

    Raises:
        AssertionError: an example does not keep its promise; the text says which and what came instead.
    """
    if not any(one.finds for one in scout.examples) or all(one.finds for one in scout.examples):
        message = f"'{scout.id}' needs an example that fires and one that stays quiet."
        raise AssertionError(message)
    for number, example in enumerate(scout.examples):
        if wrong := _broken(scout, example, folder / str(number)):
            message = f"'{scout.id}', example '{example.name}': {wrong}."
            raise AssertionError(message)


def _broken(scout: type[Scout], example: Example, folder: Path) -> str:
    """Return what is wrong with an example, in words; empty when it keeps its promise."""
    with viewed(build(folder, example.commits), example.now, example) as view:
        findings, looks = watch(view, [scout(scout.settings(offer=True))])
    if looks[0].outcome is Outcome.ERROR:
        return f"the look ended with {looks[0].reason}"
    offered = [finding for finding in findings if finding.offered]
    found = [(finding.subject, finding.evidence[0].locator) for finding in offered]
    if found != list(example.finds):
        return f"found {found}, not {[tuple(one) for one in example.finds]}; {looks[0].reason or looks[0].outcome}"
    evidence = (one for finding in offered for one in finding.evidence)
    open_ends = [one.locator for one in evidence if not one.resolved and one.kind is not EvidenceKind.METRIC]
    return f"evidence that nobody can open: {', '.join(open_ends)}" if open_ends else ""
