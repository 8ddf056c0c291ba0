"""What GitHub's other API calls things: `gh … --json` and the archives of the IETF's working groups.

Each is written in the words of the REST API, so that one reader serves both.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from scout.sources._imports.pieces import Piece
from scout.sources._imports.shapes import Kind, Shape, Thing, UnfitError
from scout.sources._jira.shape import NOTHING, Json, part, parts, word, words

_NAMES = {
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "closedAt": "closed_at",
    "mergedAt": "merged_at",
    "submittedAt": "submitted_at",
    "authorAssociation": "author_association",
    "isDraft": "draft",
    "changedFiles": "changed_files",
    "url": "html_url",
    "id": "node_id",
}
_REPLACED = frozenset(
    {
        "author",
        "assignees",
        "labels",
        "milestone",
        "state",
        "stateReason",
        "comments",
        "reviews",
        "commits",
        "files",
        "mergeCommit",
    }
)
_OF_PULL = frozenset({"mergedAt", "isDraft", "headRefName", "baseRefName", "headRefOid", "mergeCommit"})
_API = "https://api.github.com/repos"
_NOWHERE = "/-/-"
"""Where an issue is whose address nobody knows."""
_COMMENT_ID = re.compile(r"issuecomment-(\d+)")
_SIGNS = frozenset({"createdAt", "updatedAt", "closedAt", "stateReason", "authorAssociation", *_OF_PULL})


class GhShape(Shape):
    """What `gh issue list --json …` and `gh pr list --json …` print."""

    id = "gh"
    about = "what `gh issue list --json number,title,body,state,createdAt,…` prints"
    tracker = "github"

    def fits(self, piece: Piece) -> bool:
        """Whether it is an issue or a pull request with gh's names, alone."""
        return not piece.within and _is_named(part(piece.value))

    def things(self, piece: Piece) -> Iterable[Thing]:
        """Return the issue or the pull request, then what is said about it."""
        value = part(piece.value)
        return _things(value, pull=bool(_OF_PULL & value.keys()) or "/pull/" in word(value, "url"))


class IetfShape(Shape):
    """A whole repository in one object, as the IETF's working groups archive theirs."""

    id = "ietf"
    about = '{"repo": …, "issues": […], "pulls": […]}, the archives of the IETF\'s working groups'
    tracker = "github"

    def fits(self, piece: Piece) -> bool:
        """Whether it is an issue or a pull request in an envelope."""
        return bool(piece.within) and _is_named(part(piece.value))

    def of_envelope(self, value: Any) -> Iterable[Thing]:
        """Return the repository's labels."""
        return [Thing(Kind.LABEL, label) for label in parts(value, "labels") if word(label, "name")]

    def things(self, piece: Piece) -> Iterable[Thing]:
        """Return an issue or pull request and what is said about it."""
        return _things(part(piece.value), pull=piece.within == "pulls")


def _is_named(value: Json) -> bool:
    there = isinstance(value.get("number"), int) and isinstance(value.get("title"), str)
    return there and "created_at" not in value and (bool(_SIGNS & value.keys()) or word(value, "state").isupper())


def _things(value: Json, *, pull: bool) -> Iterator[Thing]:
    number = value.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise UnfitError("it has no number")
    if not isinstance(value.get("title"), str):
        raise UnfitError(f"#{number} has no title")
    yield Thing(Kind.ISSUE, _issue(value, pull=pull))
    if pull:
        yield Thing(Kind.PULL, _pull(value))
    home = _home(value) or _NOWHERE
    about = f"{home}/issues/{number}"
    for one in _comments(number, parts(value, "comments")):
        yield Thing(Kind.COMMENT, one | {"issue_url": about}, number)
    for review in parts(value, "reviews"):
        yield Thing(Kind.REVIEW, _review(review), number)
        for one in _comments(number, parts(review, "comments"), review.get("author")):
            yield Thing(Kind.REVIEW_COMMENT, one | {"pull_request_url": f"{home}/pull/{number}"}, number)
    yield from (Thing(Kind.COMMIT, _commit(one), number) for one in parts(value, "commits"))
    yield from (Thing(Kind.FILE, {**one, "filename": word(one, "path")}, number) for one in parts(value, "files"))


def _home(value: Json) -> str:
    """Return the address of the repository: what stands before `/issues/12`; empty where nothing tells."""
    return word(value, "url").rpartition("/")[0].rpartition("/")[0]


def _issue(value: Json, *, pull: bool) -> dict[str, Any]:
    name = "/".join(_home(value).split("/")[-2:])
    state = word(value, "state").lower() or "open"
    reason = word(value, "stateReason").lower()
    made = _renamed(value) | {
        "state": "closed" if state == "merged" else state,
        "state_reason": reason or None,
        "repository_url": f"{_API}/{name}" if name else None,
        "user": _person(value.get("author")),
        "labels": _labels(value),
        "assignees": _people(value.get("assignees")),
        "milestone": part(value, "milestone") or None,
    }
    if pull:
        made["pull_request"] = {"merged_at": value.get("mergedAt")}
    return made


def _pull(value: Json) -> dict[str, Any]:
    merged = word(part(value, "mergeCommit"), "oid")
    return _issue(value, pull=False) | {
        "merged_at": value.get("mergedAt"),
        "draft": value.get("isDraft") is True,
        "merge_commit_sha": merged or None,
        "head": _branch(value, "head"),
        "base": _branch(value, "base"),
        "requested_reviewers": _people(value.get("reviewRequests")),
    }


def _branch(value: Json, side: str) -> dict[str, Any]:
    repository = word(value, f"{side}Repository") or word(part(value, f"{side}Repository"), "nameWithOwner")
    return {
        "ref": word(value, f"{side}RefName"),
        "sha": word(value, f"{side}RefOid"),
        "repo": {"full_name": repository, "fork": value.get("isCrossRepository") is True} if repository else None,
    }


def _comments(number: int, comments: Iterable[Json], whose: Any = None) -> Iterator[dict[str, Any]]:
    """Return comments, each with an id: its own, or one made of where, when and by whom it was said."""
    taken = set[str]()
    for place, comment in enumerate(comments):
        author = comment.get("author", whose)
        own = _COMMENT_ID.search(word(comment, "url"))
        key = own[1] if own else word(comment, "id") or _made(number, word(comment, "createdAt"), author, comment)
        key = key if key not in taken else f"{key}-{place}"
        taken.add(key)
        yield _renamed(comment) | {"id": int(key) if key.isdecimal() else key, "user": _person(author)}


def _made(number: int, *what: Any) -> str:
    whole = repr((number, *what)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(whole, digest_size=8).hexdigest()


def _review(review: Json) -> dict[str, Any]:
    submitted = review.get("submittedAt") or review.get("createdAt")
    commit = part(review, "commit")
    return _renamed(review) | {
        "id": word(review, "id") or _made(0, submitted, review.get("author")),
        "user": _person(review.get("author")),
        "state": word(review, "state").upper(),
        "submitted_at": submitted,
        "commit_id": word(commit, "oid") or word(commit, "abbreviatedOid") or None,
    }


def _commit(commit: Json) -> dict[str, Any]:
    message = "\n\n".join(filter(None, (word(commit, "messageHeadline"), word(commit, "messageBody"))))
    first = next(iter(parts(commit, "authors")), NOTHING)
    author = {"name": word(first, "name"), "email": word(first, "email"), "date": commit.get("authoredDate")}
    detail = {"message": message, "author": author, "committer": {"date": commit.get("committedDate")}}
    return {"sha": word(commit, "oid"), "commit": detail}


def _renamed(value: Json) -> dict[str, Any]:
    return {_NAMES.get(name, name): one for name, one in value.items() if name not in _REPLACED}


def _labels(value: Json) -> list[Mapping[str, Any]]:
    return [*parts(value, "labels"), *({"name": name} for name in words(value, "labels"))]


def _people(value: Any) -> list[dict[str, Any]]:
    listed = cast("list[Any]", value) if isinstance(value, list) else []
    return [person for one in listed if (person := _person(one))]


def _person(value: Any) -> dict[str, Any] | None:
    """Return somebody as the REST API shows them, so that they get the pseudonym they would get there."""
    if isinstance(value, str):
        return {"login": value} if value else None
    known = part(value)
    login = word(known, "login")
    if not login:
        return None
    return {"login": login, "type": "Bot" if known.get("is_bot") is True or login.endswith("[bot]") else "User"}
