"""Records from the things of an archive: the same that the sources `github` and `jira` make of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from scout.remote.reading import dumped
from scout.settings import TrackerSettings
from scout.sources._github.recorder import Recorder
from scout.sources._github.streams import STREAMS
from scout.sources._github.words import Vocabulary as GitHubVocabulary
from scout.sources._imports import rows
from scout.sources._imports.homes import home_of
from scout.sources._imports.shapes import Kind, Thing
from scout.sources._jira.core import rows_of
from scout.sources._jira.lore import CUSTOM, Lore
from scout.sources._jira.making import plain_record
from scout.sources._jira.moments import moment
from scout.sources._jira.payload import kept, stored
from scout.sources._jira.references import project_payload
from scout.sources._jira.shape import Json, part, parts, word
from scout.sources._jira.sprints import in_issue
from scout.sources._jira.words import Vocabulary as JiraVocabulary
from scout.sources._people import People
from scout.warehouse.records import Record

_STREAM_OF = {
    Kind.ISSUE: "issue",
    Kind.PULL: "pull",
    Kind.COMMENT: "comment",
    Kind.REVIEW_COMMENT: "review_comment",
    Kind.EVENT: "event",
    Kind.LABEL: "label",
}
_DETAILS = {Kind.REVIEW: "review", Kind.COMMIT: "change_commit", Kind.FILE: "change_file"}
_PERSON_SIGNS = frozenset({"accountId", "displayName"})
_OLD_SPRINT = "greenhopper.service.sprint.Sprint@"


class Maker:
    """Makes records of one project's imports. One thread only.

    Args:
        people: makes pseudonyms.
        settings: what states and kinds mean.
    """

    def __init__(self, people: People, settings: TrackerSettings) -> None:
        self._people = people
        self._jira = JiraVocabulary.of(settings, {})
        self._github = Recorder(people, GitHubVocabulary.of(settings))
        self._labels = dict[str, int]()
        self._listed = dict[tuple[str, str], bytes]()
        self._repositories = set[str]()

    def records(self, bundle: Sequence[Thing]) -> Iterator[Record]:
        """Return the records of things that hang together."""
        for thing in bundle:
            if thing.kind is Kind.ROW:
                yield rows.record(thing.value, self._people, self._jira)
            elif thing.kind is Kind.JIRA:
                yield from self._jira_records(thing.value)
            elif thing.kind is Kind.JIRA_PROJECT:
                yield from self._jira_list("project", [project_payload(thing.value)])
            elif thing.kind in _STREAM_OF:
                yield from self._github_record(thing)
        yield from self._details(bundle)

    def _github_record(self, thing: Thing) -> Iterator[Record]:
        value: Json = thing.value
        if thing.kind is Kind.ISSUE:
            yield from self._repository(value)
            yield from self._labels_of(parts(value, "labels"))
        if thing.kind is Kind.LABEL:
            yield from self._labels_of([value])
        elif record := self._github.record(STREAMS[_STREAM_OF[thing.kind]], value):
            yield record

    def _repository(self, issue: Json) -> Iterator[Record]:
        """Return, once, the repository of an issue: GitHub's own states hang on it."""
        address = home_of(issue)
        name = "/".join(address.split("/")[-2:])
        if name not in self._repositories:
            self._repositories.add(name)
            repository = {"id": name, "full_name": name, "url": address}
            yield from filter(None, [self._github.record(STREAMS["repository"], repository)])

    def _labels_of(self, labels: Iterable[Json]) -> Iterator[Record]:
        """Return labels of which not as much was said before; the list of all is not in archives of issues.

        They are told apart by name: the shapes of archives know different ids, or none.
        """
        for label in labels:
            name = word(label, "name").lower()
            if name and len(label) > self._labels.get(name, 0):
                self._labels[name] = len(label)
                if record := self._github.record(STREAMS["label"], {"id": name, **label}):
                    yield record._replace(key=name)

    def _details(self, bundle: Sequence[Thing]) -> Iterator[Record]:
        found = defaultdict[tuple[Kind, int], list[Json]](list)
        changed: Mapping[int, Any] = {
            thing.value["number"]: thing.value.get("updated_at") for thing in bundle if thing.kind is Kind.ISSUE
        }
        for thing in bundle:
            if thing.kind in _DETAILS:
                found[thing.kind, thing.parent].append(thing.value)
        for (kind, number), values in found.items():
            stream = STREAMS[_DETAILS[kind]]
            yield self._github.detail(stream, str(number), "", values, moment(changed.get(number)))

    def _jira_records(self, value: Json) -> Iterator[Record]:
        """Return an issue, and what it says about sprints and statuses: lists of all are not in archives of issues."""
        issue = kept(value)
        fields, lore = part(issue, "fields"), _lore(issue)
        payload, said = stored(issue, lore, self._people)
        core = rows_of("issue", said, self._jira)
        key = f"jira-{word(issue, 'id')}"  # ids of one tracker may be numbers of the other
        yield Record("issue", key, payload, changed_at=moment(fields.get("updated")), core=core)
        yield from self._jira_list("status", [part(fields, "status")])
        yield from self._jira_list("sprint", in_issue(fields, lore).values())

    def _jira_list(self, stream: str, found: Iterable[Json]) -> Iterator[Record]:
        for one in found:
            key, payload = word(one, "id"), dumped(self._people.without(one))
            if key and self._listed.get((stream, key)) != payload:
                self._listed[stream, key] = payload
                yield plain_record(stream, key, payload, self._jira)


def _lore(issue: Json) -> Lore:
    """Return what an issue alone says about its fields: those that hold people do so in its changes, too."""
    fields = part(issue, "fields")
    personal = {name for name, value in fields.items() if _is_like(value, _PERSON_SIGNS)}
    sprints = {name: "sprint" for name, value in fields.items() if name.startswith(CUSTOM) and _is_sprint(value)}
    return Lore(roles=sprints, people=Lore().people | personal)


def _is_like(value: Any, signs: frozenset[str]) -> bool:
    return any(not signs.isdisjoint(part(one)) for one in _first(value))


def _is_sprint(value: Any) -> bool:
    """Whether a field holds sprints, as Cloud writes them or as older servers do."""
    return any(_OLD_SPRINT in one if isinstance(one, str) else "boardId" in part(one) for one in _first(value))


def _first(value: Any) -> list[Any]:
    return cast("list[Any]", value)[:1] if isinstance(value, list) else [value]
