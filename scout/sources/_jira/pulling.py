"""One pull from one Jira: what is asked, in which order, and what is remembered of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from scout.errors import UnavailableError
from scout.model import Outcome
from scout.remote.caller import Caller
from scout.remote.reading import dumped
from scout.sources._base import Pull, SourceContext
from scout.sources._jira.cursor import Cursor
from scout.sources._jira.describing import Describing
from scout.sources._jira.following import ISSUE, Following
from scout.sources._jira.issues import Scope
from scout.sources._jira.jql import restriction
from scout.sources._jira.making import Maker, plain_record
from scout.sources._jira.opening import opened
from scout.sources._jira.progress import Progress
from scout.sources._jira.references import creation_meta
from scout.sources._jira.settings import JiraSettings
from scout.sources._jira.words import Vocabulary
from scout.sources._people import People
from scout.sources._records import RecordSink

CREATEMETA = "createmeta"


class Ended(NamedTuple):
    """How a pull ended, and whether the pages it fetched are of no use to the next one."""

    pull: Pull
    done: bool


def pulled(ask: Caller, place: str, at: SourceContext, cursor: Mapping[str, Any] | None, sink: RecordSink) -> Ended:
    """Read what is new since a cursor.

    Args:
        ask: sends, retries, waits.
        place: the Jira's address; what the cursor is about.
        at: where and when; its settings name at least one project.
        cursor: where the last pull ended.
        sink: takes what is new.

    Raises:
        UnavailableError: there is no Jira.
    """
    settings = at.settings
    if not isinstance(settings, JiraSettings):
        raise UnavailableError("The settings are not those of a Jira.", "Report this as a defect.")
    before = Cursor.of(cursor, place)
    scope = Scope(settings.projects, restriction(settings.jql), settings.concurrency)
    start = before if before.asked == scope.restriction else before.anew(scope.restriction)
    progress, said, people = Progress(sink, settings), Vocabulary.of(settings, settings.fields), People(at.salt)
    opening = opened(ask, start, scope, settings.page_size)
    if opening.missing:
        raise UnavailableError(f"There is no Jira at {place}.", "Check `url`: its root, https://example.atlassian.net.")
    lists = Describing(opening, replace(start, cloud=opening.jira.cloud, zone=opening.zone), progress, said, people)
    lists.run()
    end, done = lists.cursor, True
    if lists.lore is not None and lists.projects:
        whole = len(lists.projects) == len(settings.projects)
        maker = Maker(opening.jira, lists.lore, people, said, settings.concurrency)
        readable = replace(scope, projects=lists.projects)
        if settings.wants(ISSUE):
            following = Following(opening, readable, whole, maker, at, end, progress)
            done = following.run()
            end = following.cursor
        if settings.wants(CREATEMETA):
            done &= progress.trying(CREATEMETA, lambda: _createmeta(maker, lists.projects, progress))
    return Ended(progress.pull(before.json(), end.json()), done or progress.misled)


def _createmeta(maker: Maker, projects: Sequence[str], progress: Progress) -> None:
    for project in projects:
        kinds = list(creation_meta(maker.jira, project))
        stored = dumped(maker.people.without({"project": project, "issueTypes": kinds}))
        progress.add(plain_record(CREATEMETA, project, stored, maker.said))
    progress.ended(CREATEMETA, Outcome.PRESENT)
