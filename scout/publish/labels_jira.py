"""The labeller `jira`: labels of issues in Jira."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, cast

from scout.errors import ConflictError
from scout.publish._jira import Desk, JiraPublishing, opened
from scout.publish.labels import Labelled, Labeller, relabelled
from scout.remote.failure import RefusedError
from scout.settings import Section

LONGEST = 255
"""Characters of a label that Jira takes."""
_GONE = frozenset({404, 410})
Json = Mapping[str, Any]


class JiraLabeller(Labeller):
    """Sets labels of issues in Jira, Cloud or Server and Data Center.

    Address and credential are those of the source `jira`; a table `publish` for the same Jira may name another
    credential. Jira takes no space in a label: `gtd: next-action` becomes `gtd:next-action`, other spaces hyphens.
    Labels are never made beforehand: Jira has no list of them.

    An issue is read again right before its labels are set, and left alone when they are not those that were offered.
    """

    id: ClassVar[str] = "jira"
    since: ClassVar[str] = "0.3"
    settings: ClassVar[type[Section] | None] = JiraPublishing
    place: ClassVar[tuple[str, ...]] = ("url",)

    @classmethod
    def shared(cls, source: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the source says for the labeller, too; an issue's key says which project it is in."""
        said = {name: value for name, value in super().shared(source).items() if name not in {"fields", "project"}}
        projects = source.get("projects") or ()
        return {**said, **({"project": projects[0]} if projects else {})}

    @cached_property
    def _desk(self) -> Desk:
        return opened(self.to)

    def check(self) -> None:
        """Make sure that the server answers this account."""
        _ = self._desk.cloud

    def close(self) -> None:
        """Close the connections."""
        if "_desk" in vars(self):
            self._desk.transport.close()

    def named(self, label: str) -> str:
        """Return a label without spaces."""
        return "-".join(re.sub(r":\s+", ":", label).split())[:LONGEST]

    def read(self, tickets: Sequence[str]) -> Mapping[str, Labelled]:
        """Return the open issues of the projects that the keys name."""
        wanted, found = set(tickets), dict[str, Labelled]()
        for project in dict.fromkeys(key.rpartition("-")[0] for key in tickets):
            jql = f'project = "{project}" AND statusCategory != "Done" ORDER BY key ASC'
            for issue in self._desk.searched(jql, "labels,updated"):
                if (key := str(issue["key"])) in wanted:
                    fields = cast("Json", issue["fields"])
                    found[key] = Labelled(ticket=key, labels=_labels(fields), mark=str(fields.get("updated") or ""))
        return found

    def compose(self, now: Labelled, label: str, rivals: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the labels of an issue before and after."""
        return {"labels": list(now.labels), "open": True}, {"labels": list(relabelled(now.labels, label, rivals))}

    def swap(self, ticket: str, was: Mapping[str, Any], will: Mapping[str, Any]) -> bool:
        """Set the labels of an issue that has those it had."""
        now = self._now(ticket)
        there = set(_labels(now))
        if there == set(will["labels"]):
            return False
        if there != set(was["labels"]):
            raise ConflictError(f"Somebody has changed the labels of {ticket} since.", "Change them by hand.")
        if was.get("open") and _is_done(now):
            raise ConflictError(f"{ticket} was closed meanwhile.", "There is nothing to do.")
        path = f"{self._desk.root}/issue/{ticket}"
        try:
            self._desk.sender.send("PUT", path, {"fields": {"labels": list(will["labels"])}})
        except RefusedError as error:
            raise _refusal(ticket, error) from error
        return True

    def _now(self, ticket: str) -> Json:
        """Return the fields of an issue as they are.

        Raises:
            ConflictError: it is gone.
        """
        try:
            return self._desk.fields(ticket, "labels,status")
        except RefusedError as error:
            if error.status in _GONE:
                message = f"{ticket} is deleted, or hidden from this account."
                raise ConflictError(message, "There is nothing to do.") from error
            raise _refusal(ticket, error) from error


def _refusal(ticket: str, error: RefusedError) -> RefusedError:
    said = f": {error.said}" if error.said else ""
    what = f"Jira does not take the labels of {ticket} ({error.status}){said}."
    remedy = "Look whether the project is archived, and whether labels are on the screen for editing."
    return RefusedError(what, remedy, status=error.status, said=error.said)


def _labels(fields: Json) -> tuple[str, ...]:
    return tuple(str(one) for one in cast("Sequence[Any]", fields.get("labels") or ()))


def _is_done(fields: Json) -> bool:
    status = cast("Json", fields.get("status") or {})
    return cast("Json", status.get("statusCategory") or {}).get("key") == "done"
