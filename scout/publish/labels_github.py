"""The labeller `github`: labels of issues at GitHub."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, cast

from scout.errors import ConflictError, UnavailableError
from scout.publish._base import Destination
from scout.publish._github import Desk, GitHubPublishing, opened
from scout.publish.labels import Labelled, Labeller, relabelled
from scout.remote.call import Call
from scout.remote.failure import RefusedError
from scout.remote.reading import parsed
from scout.settings import Section

MOST = 100
"""Labels that an issue may have."""
_COLOUR, _ABOUT = "c5def5", "Set by Scout; exactly one of its kind on each issue."
_OK = 200
Json = Mapping[str, Any]


class GitHubLabeller(Labeller):
    """Sets labels of issues at GitHub or GitHub Enterprise: all of an issue's labels in one request.

    Repository, address and credential are those of the source `github`; a table `publish` for the same repository may
    name another credential. A label that is not there is made only when that was asked for.

    An issue is read again right before its labels are set, and left alone when they are not those that were offered.
    Labels are known by GitHub's ids: one that was renamed meanwhile is still the same.
    """

    id: ClassVar[str] = "github"
    since: ClassVar[str] = "0.3"
    settings: ClassVar[type[Section] | None] = GitHubPublishing
    place: ClassVar[tuple[str, ...]] = ("url", "repository")

    def __init__(self, to: Destination) -> None:
        super().__init__(to)
        self._renamed = ""

    @cached_property
    def _desk(self) -> Desk:
        return opened(self.to)

    def check(self) -> None:
        """Make sure that the repository is there and takes labels."""
        _ = self._desk.readers

    def close(self) -> None:
        """Close the connections."""
        if "_desk" in vars(self):
            self._desk.transport.close()

    def read(self, tickets: Sequence[str]) -> Mapping[str, Labelled]:
        """Return the open issues, read page by page until all are there."""
        self.check()
        wanted, found = set(tickets), dict[str, Labelled]()
        for page in self._desk.issues("open"):
            for issue in page:
                if (key := str(issue["number"])) in wanted and "pull_request" not in issue:
                    found[key] = Labelled(ticket=key, labels=_names(issue), mark=str(issue.get("updated_at") or ""))
            if len(found) == len(wanted):
                break
        return found

    def missing(self, labels: Sequence[str]) -> tuple[str, ...]:
        """Return which of these labels the repository lacks."""
        there = {name.casefold() for name in self._ids}
        return tuple(one for one in labels if one.casefold() not in there)

    def make(self, label: str) -> None:
        """Make a label; one that somebody made meanwhile is as good."""
        body = {"name": label, "color": _COLOUR, "description": _ABOUT}
        try:
            made = self._desk.sent("POST", f"{self._desk.root}/labels", body, _has_name).body
            self._ids[str(made["name"])] = int(made["id"])
        except UnavailableError:
            del self._ids
            if self.missing((label,)):
                raise

    def compose(self, now: Labelled, label: str, rivals: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the labels of an issue before and after, each with its id."""
        after = relabelled(now.labels, label, rivals)
        if len(after) > MOST:
            message = f"#{now.ticket} has {len(now.labels)} labels, and GitHub takes no more than {MOST}."
            raise ConflictError(message, "Take one off, then run it again.")
        return {"labels": self._known(now.labels), "open": True}, {"labels": self._known(after)}

    def swap(self, ticket: str, was: Mapping[str, Any], will: Mapping[str, Any]) -> bool:
        """Set the labels of an issue that has those it had."""
        now = self._now(ticket)
        if _same(now, will):
            return False
        if not _same(now, was):
            raise ConflictError(f"Somebody has changed the labels of #{ticket} since.", "Change them by hand.")
        if was.get("open") and now.get("state") != "open":
            raise ConflictError(f"#{ticket} was closed meanwhile.", "There is nothing to do.")
        names = self._called(will)
        path = f"{self._desk.root}/issues/{ticket}/labels"
        if names:
            answer = self._desk.sent("PUT", path, {"labels": names}, _is_list).body
            self._look_for_new(answer, will)
        else:
            self._desk.sent("DELETE", path, None)
        return True

    @cached_property
    def _ids(self) -> dict[str, int]:
        """The ids of the repository's labels by name."""
        return {str(one["name"]): int(one["id"]) for page in self._desk.labels() for one in page}

    def _known(self, names: Sequence[str]) -> list[dict[str, Any]]:
        by_name = {name.casefold(): number for name, number in self._ids.items()}
        return [{"name": one, "id": by_name.get(one.casefold())} for one in names]

    def _called(self, state: Mapping[str, Any]) -> list[str]:
        """Return what labels are called now: GitHub would make one that has been renamed a second time.

        Raises:
            ConflictError: one of them is not there any more.
        """
        if self._renamed:
            message = f"The label '{self._renamed}' was renamed while labels were being set."
            raise ConflictError(message, "Run it again: labels that are missing are asked for.")
        names: dict[Any, str] = {number: name for name, number in self._ids.items()}
        known = {name.casefold() for name in names.values()}
        found: list[str] = []
        for one in _rows(state):
            if one["id"] not in names and str(one["name"]).casefold() not in known:
                message = f"The label '{one['name']}' is not there any more."
                raise ConflictError(message, "Make it again, or change the issue by hand.")
            found.append(names.get(one["id"], str(one["name"])))
        return found

    def _look_for_new(self, answer: Sequence[Json], will: Mapping[str, Any]) -> None:
        """Remember that setting labels has made one: it was renamed in this very moment."""
        asked = {str(one["name"]).casefold(): one["id"] for one in _rows(will) if one["id"] is not None}
        for one in answer:
            if asked.get(str(one.get("name")).casefold(), one.get("id")) != one.get("id"):
                self._renamed = str(one.get("name"))

    def _now(self, ticket: str) -> Json:
        """Return an issue as it is.

        Raises:
            ConflictError: it is deleted or has moved.
        """
        call = Call(f"{self._desk.root}/issues/{ticket}")
        answer = self._desk.ask.raw(call)
        if answer.status == _OK:
            return cast("Json", parsed(answer.body))
        if answer.status in {301, 404, 410}:
            raise ConflictError(f"#{ticket} is deleted, or has moved elsewhere.", "There is nothing to do.")
        message = f"GitHub answered {answer.status} for #{ticket} of {self._desk.settings.repository}."
        raise RefusedError(message, "Check that the token may write issues.", status=answer.status)


def _names(issue: Json) -> tuple[str, ...]:
    return tuple(str(one["name"]) for one in cast("Sequence[Json]", issue.get("labels") or ()))


def _rows(state: Mapping[str, Any]) -> Sequence[Json]:
    return cast("Sequence[Json]", state["labels"])


def _same(issue: Json, state: Mapping[str, Any]) -> bool:
    """Whether an issue has the labels of a state: the same ids, or the same names."""
    there, asked = cast("Sequence[Json]", issue.get("labels") or ()), _rows(state)
    if {one.get("id") for one in there} == {one["id"] for one in asked}:
        return True
    return {str(one["name"]).casefold() for one in there} == {str(one["name"]).casefold() for one in asked}


def _has_name(body: Any) -> bool:
    return isinstance(body, dict) and "name" in body and "id" in body


def _is_list(body: Any) -> bool:
    return isinstance(body, list)
