"""The source `jira`: projects of a Jira, Cloud or Server."""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from scout.errors import ScoutError, UnavailableError
from scout.model import Outcome, digest
from scout.remote.caller import Caller, caller_for
from scout.remote.spool import Spool
from scout.settings import SourceSettings
from scout.sources._base import Access, Found, Pull, Sink, Source, SourceContext
from scout.sources._jira.core import VERSION, core_rows
from scout.sources._jira.cursor import position
from scout.sources._jira.examining import examined, projects_of
from scout.sources._jira.pulling import pulled
from scout.sources._jira.settings import STREAMS, JiraSettings
from scout.sources._jira.words import Vocabulary
from scout.sources._records import RecordSink
from scout.warehouse.records import TICKET_TABLES, CoreRow


class JiraSource(Source):
    """Reads projects of a Jira, Cloud or Server and Data Center, through the jira library.

    Name it in `scout.toml` with the address and the keys of the projects. The credential comes from the environment:
    `JIRA_USER` (an e-mail address) with `JIRA_TOKEN` (an API token) for Cloud, `JIRA_TOKEN` alone for a personal
    access token; or from what `user_env`, `token_env` and `token_file` name. Without one, what the public may see is
    read.

    ## What it reads
    Issues with all fields, comments, changes, links and the sum of the work logged (never who worked when); sprints,
    versions, statuses, the names of fields. People are replaced by pseudonyms before anything is stored.

    The first time all issues are read, in ranges of keys at once; then what changed, by the times that Jira wrote.
    Now and then (`sweep_hours`) it is looked for issues that are gone. Jira says which of them were moved, but not
    whether others were deleted or hidden.

    ## Fields
    `jql` reads only issues that match. `fields` keeps fields by their name in Jira beside a ticket. `states` says what
    a status means, `kinds` what an issue type means; without them Jira's categories, resolutions and usual names do.

    ## What it does when something is broken
    A project that cannot be seen is named, what is stored of it stays, and the others are read. A server that stops
    answering, or asks for a long pause, ends the run; what was fetched is kept, and the next run goes on from there.
    """

    id: ClassVar[str] = "jira"
    since: ClassVar[str] = "0.2"
    streams: ClassVar[tuple[str, ...]] = STREAMS
    brings: ClassVar[frozenset[type[CoreRow]]] = TICKET_TABLES
    settings: ClassVar[type[SourceSettings]] = JiraSettings
    discovery: ClassVar[type[SourceSettings] | None] = JiraSettings

    def pull(self, project: str, at: SourceContext, cursor: Mapping[str, Any] | None, sink: Sink) -> Pull:
        """Write what is new since the cursor."""
        settings = at.settings
        if not isinstance(settings, JiraSettings) or not settings.url or not settings.projects:
            reason = "the settings name no `url` and `projects` of a Jira"
            return Pull(Outcome.UNAVAILABLE if at.named else Outcome.NOT_APPLICABLE, reason, unchanged=not at.named)
        try:
            return self._pulled(project, at, settings, cursor, sink)
        except UnavailableError:
            raise
        except ScoutError as error:
            raise UnavailableError(error.what, error.remedy) from error

    def _pulled(
        self, project: str, at: SourceContext, settings: JiraSettings, cursor: Mapping[str, Any] | None, sink: Sink
    ) -> Pull:
        from scout.remote.jira import base_url, connection

        place = base_url(settings.url or "")
        folder = at.home / "staging" / "pages" / project / self.id
        with connection(settings, auth=settings.auth, user_env=settings.user_env) as transport:
            # Pages belong to what has been read of issues: a run that failed may have remembered its lists.
            basis = digest(place, transport.account, position(cursor, place), length=32)
            with Spool.open(folder, basis) as spool:
                ask = caller_for(transport, settings, at.home, spool=spool, step=at.step, points_per_minute=None)
                ended = pulled(ask, place, at, cursor, RecordSink(project, self.id, at.now, sink))
                if ended.done and (ended.pull.unchanged or ended.pull.outcome is Outcome.UNAVAILABLE):
                    spool.clear()  # the next pull would take these pages for new ones
        return ended.pull

    def basis(self, at: SourceContext) -> str:
        """Return a digest of the vocabulary and of this code's version."""
        settings = at.settings
        said = settings.model_dump(mode="json", include={"states", "kinds", "fields"})
        return digest(VERSION, said, length=32)

    def core(self, stream: str, payload: bytes, at: SourceContext) -> Iterable[CoreRow]:
        """Return the core rows that follow from one raw record."""
        settings = at.settings
        fields = settings.fields if isinstance(settings, JiraSettings) else {}
        said = Vocabulary.of(settings, fields) if isinstance(settings, JiraSettings) else Vocabulary()
        return core_rows(stream, payload, said)

    def examine(self, at: Access) -> tuple[str, ...]:
        """Say which Jira it is, who we are there, and which projects we may not see."""
        with _asking(at) as (ask, settings):
            return examined(ask, settings)

    def discover(self, at: Access) -> Iterable[Found]:
        """Return the projects that the account may see; with `jql`, those that have an issue that matches."""
        with _asking(at) as (ask, settings):
            yield from projects_of(ask, settings)


@contextmanager
def _asking(at: Access) -> Generator[tuple[Caller, JiraSettings]]:
    from scout.remote.jira import connection

    settings = at.settings
    if not isinstance(settings, JiraSettings) or not settings.url:
        raise UnavailableError("The settings name no Jira.", "Set `url` to its root, https://example.atlassian.net.")
    with connection(settings, auth=settings.auth, user_env=settings.user_env) as transport:
        yield caller_for(transport, settings, at.home, step=at.step, points_per_minute=None), settings
