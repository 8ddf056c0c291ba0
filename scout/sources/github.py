"""The source `github`: a repository at github.com or on an Enterprise server."""

import re
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scout.errors import ScoutError, UnavailableError
from scout.model import Outcome, digest
from scout.remote.caller import Caller, caller_for
from scout.remote.spool import Spool
from scout.settings import SourceSettings
from scout.sources._base import Access, Found, Pull, Sink, Source, SourceContext
from scout.sources._github.door import Door
from scout.sources._github.examining import examined, repositories_of
from scout.sources._github.outcomes import unreachable
from scout.sources._github.position import Position
from scout.sources._github.pulling import Pulling
from scout.sources._github.recorder import VERSION, Recorder, core_rows
from scout.sources._github.resolve import resolved
from scout.sources._github.settings import GitHubDiscovery, GitHubSettings
from scout.sources._github.stream import Paged
from scout.sources._github.streams import STREAMS, chosen
from scout.sources._github.words import Vocabulary
from scout.sources._people import People
from scout.sources._records import RecordSink
from scout.warehouse.records import TABLES, CoreRow

if TYPE_CHECKING:
    from scout.remote.github import App, GitHubTransport

_REMOTE = re.compile(
    r"(?:https?://|ssh://|git://)?(?:[^@/\s]+@)?(?:www\.)?(?P<host>github\.com|(?:[\w-]+\.)*github\.[\w.-]+)(?::\d+/|[:/])"
    r"(?P<repository>[^/\s]+/[^/\s]+?)(?:\.git)?/?"
)
_PUBLIC = "github.com"


class GitHubSource(Source):
    """Reads a repository's work from GitHub or GitHub Enterprise, through PyGithub.

    Name it in `scout.toml` with `repository = "owner/name"`. The token comes from the environment (`GITHUB_TOKEN` or
    `GH_TOKEN`, for github.com only) or from what `token_env` or `token_file` name; a GitHub App from `app_id`,
    `installation_id` and `private_key_file`. Without any, what the public may see is read, slowly: GitHub answers
    strangers 60 times an hour.

    ## What it reads
    Issues and pull requests, comments, events, branches of pull requests, labels, milestones, releases, runs of
    workflows of the last `history_days`, protected branches, rulesets and, for open issues, the status in projects.
    Reviews, files and commits of pull requests, jobs of runs, sub-issues and what blocks an issue cost a request each:
    `details_per_run` of them are fetched by a run, newest first; 0 leaves them out, and with them all that is not a
    plain list of work (remarks on lines, rules, projects). The `timeline` of single issues is read only if `streams`
    names it: the list of events has all of it but commits and references from elsewhere. People are replaced by
    pseudonyms before anything is stored.

    The first time everything is read; then what changed, by the times that GitHub wrote. An unchanged repository costs
    one free request for each stream. Every `sweep_hours` all is compared with what is stored, to find what was
    deleted, transferred, made a discussion, or hidden.

    ## Words
    An open issue is `unstarted` unless a label says `triage`, `backlog` or `in progress` in one of their usual forms;
    a closed one is `completed`, or `canceled` where GitHub says *not planned* or *duplicate*. The kind of work comes
    from the issue's type, or from labels like `bug`, `enhancement`, `documentation`. `states` and `kinds` say
    otherwise: `states = {"label:ready for dev" = "unstarted", "In review" = "started"}`; names without `label:` are
    statuses in projects.

    ## What it does when something is broken
    A stream that cannot be read is named, and what is stored of it stays; without issues, comments, events or pull
    requests the source as a whole counts as unavailable. What a token may not see is asked for again after a day. A
    renamed repository is followed. A server that asks for a long pause ends the run; what was fetched is kept, and the
    next run goes on from there.
    """

    id: ClassVar[str] = "github"
    since: ClassVar[str] = "0.2"
    streams: ClassVar[tuple[str, ...]] = tuple(STREAMS)
    brings: ClassVar[frozenset[type[CoreRow]]] = frozenset(TABLES)
    settings: ClassVar[type[SourceSettings]] = GitHubSettings
    discovery: ClassVar[type[SourceSettings] | None] = GitHubDiscovery

    def pull(self, project: str, at: SourceContext, cursor: Mapping[str, Any] | None, sink: Sink) -> Pull:
        """Write what is new since the cursor."""
        settings = at.settings
        if not isinstance(settings, GitHubSettings):
            reason = "the settings name no `repository` at GitHub"
            return Pull(Outcome.UNAVAILABLE if at.named else Outcome.NOT_APPLICABLE, reason, unchanged=not at.named)
        try:
            return self._pulled(project, at, settings, cursor, sink)
        except UnavailableError:
            raise
        except ScoutError as error:
            raise UnavailableError(error.what, error.remedy) from error

    def _pulled(
        self, project: str, at: SourceContext, settings: GitHubSettings, cursor: Mapping[str, Any] | None, sink: Sink
    ) -> Pull:
        folder = at.home / "staging" / "pages" / project / self.id
        basis = digest(settings.url or "", settings.repository, settings.page_size, dict(cursor or {}), length=32)
        with connected(settings) as transport, Spool.open(folder, basis) as spool:
            fresh = caller_for(transport, settings, at.home, step=at.step)
            kept = caller_for(transport, settings, at.home, spool=spool, step=at.step)
            position = Position.of(cursor)
            streams = chosen(settings.streams)
            try:
                home = resolved(fresh, settings.repository, position.places.get("repository"), transport.host)
            except UnavailableError as error:
                return unreachable(streams, error)
            details = frozenset(one.name for one in streams if one.paged is Paged.DETAIL)
            recorder = Recorder(People(at.salt), Vocabulary.of(settings), details, issues=home.has_issues)
            door = Door(kept, fresh, home.root, recorder, settings.page_size)
            records = RecordSink(project, self.id, at.now, sink)
            pull = Pulling(at, settings, home, door, position, records).run(cursor)
            if pull.unchanged:
                spool.clear()  # or the next pull, which begins at the same cursor, would take these pages for new ones
        return pull

    def basis(self, at: SourceContext) -> str:
        """Return a digest of the vocabulary and of this code's version."""
        said = at.settings.model_dump(mode="json", include={"states", "kinds"})
        return digest(VERSION, said, length=32)

    def core(self, stream: str, payload: bytes, at: SourceContext) -> Iterable[CoreRow]:
        """Return the core rows that follow from one raw record."""
        settings = at.settings
        said = Vocabulary.of(settings) if isinstance(settings, GitHubSettings) else Vocabulary()
        return core_rows(stream, payload, said)

    @classmethod
    def offer(cls, remote: str) -> Mapping[str, Any] | None:
        """Return the table that would read a repository at github.com, or at a server whose name says GitHub."""
        found = _REMOTE.fullmatch(remote.strip())
        if found is None:
            return None
        host = found["host"].lower()
        place = {} if host == _PUBLIC else {"url": f"https://{host}/api/v3"}
        return {"type": cls.id, **place, "repository": found["repository"]}

    def examine(self, at: Access) -> tuple[str, ...]:
        """Say whether the repository is to be seen, as whom, and how much of the limit is left."""
        with _asking(at) as (ask, settings, transport):
            return examined(ask, settings.repository, transport)

    def discover(self, at: Access) -> Iterable[Found]:
        """Return the repositories of an owner that the account may see."""
        with _asking(at) as (ask, settings, _):
            yield from repositories_of(ask, settings)


@contextmanager
def connected(settings: GitHubSettings) -> "Generator[GitHubTransport]":
    """Open connections to the GitHub that the settings name.

    Raises:
        SettingsError: the settings are wrong.
        UnavailableError: a credential that they name cannot be had.
    """
    from scout.remote.github import github_transport

    transport = github_transport(settings, app=_app(settings))
    try:
        yield transport
    finally:
        transport.close()


def _app(settings: GitHubSettings) -> "App | None":
    from scout.remote.github import App

    if not (settings.app_id and settings.installation_id and settings.private_key_file):
        return None
    path = Path(settings.private_key_file).expanduser()
    try:
        return App(settings.app_id, settings.installation_id, path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        message = f"The private key {path} cannot be read: {reason}."
        raise UnavailableError(message, "Check `private_key_file`.") from error


@contextmanager
def _asking(at: Access) -> "Generator[tuple[Caller, GitHubSettings, GitHubTransport]]":
    settings = at.settings
    if not isinstance(settings, GitHubSettings):
        raise UnavailableError("The settings name no repository at GitHub.", "Set `repository` to owner/name.")
    with connected(settings) as transport:
        yield caller_for(transport, settings, at.home, step=at.step), settings, transport
