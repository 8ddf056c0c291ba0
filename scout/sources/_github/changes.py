"""Pull requests as git and their reviewers see them."""

import re
from collections.abc import Iterator

from scout.sources._github.shape import Json, count, key, moment, part, parts, text, whole, without
from scout.sources._github.stream import Paged, Stream, by
from scout.sources._github.words import Vocabulary
from scout.sources._people import person
from scout.warehouse.records import ChangeBranchRow, ChangeCommitRow, ChangeFileRow, CommentRow, CoreRow, ReviewRow

_TRAILER = re.compile(r"^[A-Za-z-]+-by: .*\n?", re.MULTILINE)
_ALONE = (
    *("merged", "mergeable", "rebaseable", "mergeable_state", "merged_by", "maintainer_can_modify"),
    *("comments", "review_comments", "commits", "additions", "deletions", "changed_files"),
)
"""What only a pull request shows that is asked for alone: it would come and go with the way it was read."""
_VERDICTS = frozenset({"approved", "changes_requested", "commented", "dismissed", "pending"})


def pull_rows(pull: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return the branches of a pull request."""
    del said
    head, base = part(pull, "head"), part(pull, "base")
    yield ChangeBranchRow(
        change=key(pull.get("number")),
        base=text(base.get("ref")),
        head=text(head.get("ref")),
        head_sha=text(head.get("sha")),
        merge_sha=text(pull.get("merge_commit_sha")),
        from_fork=_from_fork(head, base),
        reviewers_asked=count(pull.get("requested_reviewers")) + count(pull.get("requested_teams")),
        updated_at=moment(pull.get("updated_at")),
    )


def review_rows(reviews: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return the reviews of a pull request, and what they say besides their verdict."""
    del said
    change = key(reviews.get("of"))
    for review in parts(reviews.get("rows")):
        reviewer, by_bot = person(review.get("user"))
        at, verdict = moment(review.get("submitted_at")), text(review.get("state")).lower()
        yield ReviewRow(
            change=change,
            key=key(review.get("id")),
            verdict=verdict if verdict in _VERDICTS else "commented",
            sha=text(review.get("commit_id")),
            reviewer=reviewer,
            by_bot=by_bot,
            at=at,
        )
        if body := text(review.get("body")):
            url = text(review.get("html_url"))
            yield CommentRow(change, key(review.get("id")), "review", body, reviewer, by_bot, url, at, at)


def file_rows(files: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return the files that a pull request touches."""
    del said
    for file in parts(files.get("rows")):
        yield ChangeFileRow(
            change=key(files.get("of")),
            path=text(file.get("filename")),
            old_path=text(file.get("previous_filename")),
            status=text(file.get("status")),
            additions=whole(file.get("additions")),
            deletions=whole(file.get("deletions")),
        )


def commit_rows(commits: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return the commits of a pull request."""
    del said
    for commit in parts(commits.get("rows")):
        detail = part(commit, "commit")
        author = person(commit.get("author"))[0] or person(detail.get("author"))[0]
        yield ChangeCommitRow(
            change=key(commits.get("of")),
            sha=text(commit.get("sha")),
            subject=text(detail.get("message")).partition("\n")[0],
            author=author,
            committed_at=moment(part(detail, "committer").get("date")),
        )


def _from_fork(head: Json, base: Json) -> bool:
    if "repo" not in head:
        return False
    return part(head, "repo").get("id") != part(base, "repo").get("id")  # a deleted fork is null


def _short(pull: Json) -> Json:
    """Return a pull request as a listing shows it, without the repositories it carries along and their owners."""
    kept = {**without(pull, *_ALONE)}
    for side in ("head", "base"):
        if end := part(pull, side):
            kept[side] = _end(end)
    return kept


def _end(side: Json) -> Json:
    kept = without(side, "label", "repo")
    if "repo" not in side:
        return kept
    repository = part(side, "repo")
    return {**kept, "repo": {"id": repository.get("id")} if repository else None}


def _without_patch(file: Json) -> Json:
    """Return a file without its content, which is git's."""
    return without(file, "patch")


def _nameless(commit: Json) -> Json:
    """Return a commit without what repeats its author's name: signatures and trailers."""
    detail = part(commit, "commit")
    if not detail:
        return commit
    message = _TRAILER.sub("", text(detail.get("message")))
    return {**commit, "commit": {**without(detail, "verification"), "message": message}}


def _on_issue(pull: Json) -> str:
    number = key(pull.get("number"))
    return f"issue/{number}" if number else ""


STREAMS = (
    Stream(
        "pull",
        "/pulls",
        Paged.CHANGED,
        pull_rows,
        key=by("number"),
        parent=_on_issue,
        trim=_short,
        details=lambda _: ("review", "change_file", "change_commit"),
        params={"state": "all"},
        each="/pulls/{key}",
        required=True,
    ),
    Stream("review", "/pulls/{key}/reviews", Paged.DETAIL, review_rows),
    Stream("change_file", "/pulls/{key}/files", Paged.DETAIL, file_rows, trim=_without_patch),
    Stream("change_commit", "/pulls/{key}/commits", Paged.DETAIL, commit_rows, trim=_nameless),
)
