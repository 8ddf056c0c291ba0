"""Look at a checkout and write a commented `scout.toml` for it."""

import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from scout.errors import StoreError, UsageError
from scout.model import Report
from scout.registry import plugins
from scout.repository import Repository, Tree
from scout.service.project import slug
from scout.service.wiring import open_workspace
from scout.settings import FILE_NAME
from scout.sources import Source

CI_PLACES = (".github/workflows", ".gitlab-ci.yml", ".circleci", "Jenkinsfile", "azure-pipelines.yml", ".buildkite")
QUARTER = timedelta(days=91)
WORKING_DAYS_A_QUARTER = 65
HOURLY_ABOVE, WEEKLY_BELOW = 20, 0.2


class InitReport(Report):
    """Which file was written, and what was seen in the checkout.

    Attributes:
        seen: sentences about remotes, CI, tickets and tempo.
    """

    schema_id: ClassVar[str] = "scout.init/1"

    file: str
    project: str
    cadence: str
    seen: tuple[str, ...]


def init(path: Path, now: datetime, *, force: bool = False) -> InitReport:
    """Write `scout.toml` at the top of a checkout.

    Raises:
        UsageError: no checkout, no work tree, or a file is there and `force` is not given.
        StoreError: the file cannot be written.
    """
    with Repository.open(path) as repository:
        if repository.bare:
            message = f"{repository.root} is a bare repository: there is no folder for a settings file."
            raise UsageError(message, "Run `scout init` in a checkout of it.")
        file = repository.root / FILE_NAME
        if file.exists() and not force:
            raise UsageError(f"{file} is already there.", "Edit it, or replace it with --force.")
        sha = repository.resolve()
        per_day = _per_working_day(repository, sha, now)
        seen = (*_seen(repository, repository.tree(sha)), _tempo(per_day))
        offers = _offers(repository.remotes())
        root = repository.root
    project = slug(root.name)
    cadence = "hourly" if per_day > HOURLY_ABOVE else "weekly" if per_day < WEEKLY_BELOW else "daily"
    has_tickets = (root / "tickets").is_dir()
    _write(file, _content(project, cadence, has_tickets=has_tickets, offers=offers))
    open_workspace(root, now, file)
    return InitReport(file=str(file), project=project, cadence=cadence, seen=(*seen, *map(_offered, offers)))


def _seen(repository: Repository, tree: Tree) -> tuple[str, ...]:
    remotes = [f"remote {name}: {url}" for name, url in sorted(repository.remotes().items())]
    builds = [place for place in CI_PLACES if tree.exists(place)]
    tickets = tree.exists("tickets")
    return (
        *(remotes or ["no remote"]),
        f"CI: {', '.join(builds)}" if builds else "no CI configuration that Scout knows",
        "tickets: the folder `tickets`" if tickets else "tickets: none yet; accepted candidates go to `tickets`",
        *(["shallow clone: ages of older text are unknown"] if repository.shallow else []),
    )


def _offers(remotes: Mapping[str, str]) -> tuple[Mapping[str, Any], ...]:
    """Return the tables that would read the trackers behind the remotes, `origin` first, each once."""
    known: dict[str, type[Source]] = plugins(Source, "scout.sources", "scout.sources")
    first = sorted(remotes, key=lambda name: (name != "origin", name))
    found = (known[kind].offer(remotes[name]) for name in first for kind in known)
    different = {str(sorted(table.items())): table for table in found if table is not None}
    return tuple(different.values())


def _offered(table: Mapping[str, Any]) -> str:
    return f"tracker: {table['type']} could be read, too; the file says how to enable it"


def _per_working_day(repository: Repository, sha: str, now: datetime) -> float:
    recent = sum(not one.bot and now - QUARTER <= one.at <= now for one in repository.history(sha).changes)
    return recent / WORKING_DAYS_A_QUARTER


def _tempo(per_day: float) -> str:
    return f"tempo: {per_day:.1f} changes landed per working day over the last quarter"


def _content(project: str, cadence: str, *, has_tickets: bool, offers: tuple[Mapping[str, Any], ...]) -> str:
    named = '"git", "files"' if has_tickets else '"git"'
    sources = f"[{named}]"
    offered = "".join(
        f"# To read its tracker, too, take this line instead (`scout explain {one['type']}` says how to sign in):\n"
        f"# sources = [{named}, {_inline(one)}]\n"
        for one in offers
    )
    return f"""\
# Settings of Scout. Every line is optional; what is commented out shows the default.
# Reference: docs/reference/settings.md. What reaches outside counts after `scout trust`.

[[project]]
id = "{project}"
path = "."
sources = {sources}    # these must answer; a missing one stops new candidates
{offered}cadence = "{cadence}"      # hourly, daily or weekly
# reviewers = 5          # decisions that reviewers make in a working day; a number, never names

# [project.publish]
# to = "files"
# folder = "tickets"     # accepted candidates become Markdown tickets here
# live = false           # true: every run files what is accepted

# [policy]
# service_level = 0.95   # probability that ready work lasts until the next has arrived
# review_period = 1      # working days between two plans
# floor = 3              # smallest reorder point, in tickets
"""


def _inline(table: Mapping[str, Any]) -> str:
    """Return a table as TOML on one line; its values are text, or lists of it."""
    return f"{{{', '.join(f'{key} = {json.dumps(value)}' for key, value in table.items())}}}"


def _write(file: Path, content: str) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_text(content, "utf-8")
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        message = f"{file} cannot be written: {error.strerror}."
        raise StoreError(message, "Change the folder's permissions or make room.") from error
