"""GitHub's REST objects: alone, or with their events and comments in one line."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

from scout.sources._imports.pieces import Piece
from scout.sources._imports.shapes import Kind, Shape, Thing, UnfitError
from scout.sources._jira.shape import Json, part, parts, word

_NUMBER = re.compile(r"/(?:issues|pulls?)/(\d+)")
_GIT_SIDE = frozenset({"head", "base", "_links"})
"""What only a pull request has; the rest stands in the issue that it also is."""
_OF_COMMIT = ("message", "author", "committer", "tree")


class LineShape(Shape):
    """A metadata backup: one issue or pull request a line, with all that happened to it."""

    id = "github-archive"
    about = 'lines of {"issue" or "pull": …, "events": […], "comments": […]}'
    tracker = "github"

    def fits(self, piece: Piece) -> bool:
        """Whether it holds an issue or a pull request under its name."""
        whole = part(piece.value)
        return any(_is_issue(part(whole, name)) for name in ("issue", "pull"))

    def things(self, piece: Piece) -> Iterable[Thing]:
        """Return the issue, the pull request, then what happened."""
        whole = part(piece.value)
        pull = part(whole, "pull")
        made = list(_pull(pull) if pull else _issue(part(whole, "issue")))
        issue = made[0].value
        made += (thing for event in parts(whole, "events") for thing in _event(issue, event))
        made += (_comment(issue, one) for one in parts(whole, "comments"))
        return made


class RestShape(Shape):
    """Objects as `GET /repos/…/issues`, `/pulls`, `/issues/comments` and `/issues/events` return them."""

    id = "github"
    about = "GitHub's REST objects, one a line or in an array"
    tracker = "github"

    def fits(self, piece: Piece) -> bool:
        """Whether it is an issue or a pull request with the API's names."""
        value = part(piece.value)
        return _is_issue(value) and "created_at" in value

    def things(self, piece: Piece) -> Iterable[Thing]:
        """Return what it is."""
        value = part(piece.value)
        if "event" in value:
            return _event(_about(value), value)
        if "title" not in value and "body" in value:
            return [_comment(_about(value), value)]
        return _pull(value) if "head" in value and "base" in value else _issue(value)


def _is_issue(value: Json) -> bool:
    return isinstance(value.get("number"), int) and isinstance(value.get("title"), str)


def _issue(value: Json) -> Iterator[Thing]:
    _number(value)
    yield Thing(Kind.ISSUE, value)


def _pull(value: Json) -> Iterator[Thing]:
    """Return a pull request as the two things that the API shows: an issue, and what git knows."""
    _number(value)
    address = word(value, "issue_url") or word(value, "url").replace("/pulls/", "/issues/")
    issue: dict[str, Any] = {name: one for name, one in value.items() if name not in _GIT_SIDE}
    issue["url"] = address
    issue["pull_request"] = {"url": word(value, "url"), "merged_at": value.get("merged_at")}
    yield Thing(Kind.ISSUE, issue)
    yield Thing(Kind.PULL, value)


def _number(value: Json) -> int:
    number = value.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise UnfitError("it has no number")
    if not isinstance(value.get("title"), str):
        raise UnfitError(f"#{number} has no title")
    return number


def _about(value: Json) -> Json:
    """Return the little that a comment or an event says about the issue it hangs on."""
    own = part(value, "issue")
    if isinstance(own.get("number"), int):
        return own
    for name in ("issue_url", "pull_request_url", "html_url"):
        if found := _NUMBER.search(word(value, name)):
            return {"number": int(found[1])}
    raise UnfitError("it does not say which issue it is about")


def _comment(issue: Json, comment: Json) -> Thing:
    """Return a comment, or a remark on a line of a pull request, that says what it is about."""
    number = issue["number"]
    remark = "pull_request_url" in comment or "diff_hunk" in comment or "pull_request_review_id" in comment
    name, folder = ("pull_request_url", "pulls") if remark else ("issue_url", "issues")
    address = word(comment, name) or f"{word(issue, 'url').rpartition('/issues/')[0]}/{folder}/{number}"
    return Thing(Kind.REVIEW_COMMENT if remark else Kind.COMMENT, {**comment, name: address}, number)


def _event(issue: Json, event: Json) -> Iterator[Thing]:
    """Return an entry of a timeline as what it is: a comment, a review, a commit or an event."""
    name, number = word(event, "event"), issue["number"]
    if name == "commented":
        yield _comment(issue, _without(event, "event"))
    elif name == "reviewed":
        yield Thing(Kind.REVIEW, {**_without(event, "event"), "state": word(event, "state").upper()}, number)
    elif name == "committed":
        detail = {key: event.get(key) for key in _OF_COMMIT}
        commit = {"sha": word(event, "sha"), "commit": detail, "parents": event.get("parents")}
        yield Thing(Kind.COMMIT, commit, number)
    elif name and event.get("id"):
        about = {key: issue[key] for key in ("number", "pull_request") if key in issue}
        yield Thing(Kind.EVENT, {**event, "issue": about}, number)


def _without(value: Json, name: str) -> Json:
    return {key: one for key, one in cast("dict[str, Any]", value).items() if key != name}
