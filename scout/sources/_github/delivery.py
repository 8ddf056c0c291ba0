"""Runs of workflows, their jobs, and releases."""

from collections.abc import Iterator

from scout.sources._github.shape import Json, key, moment, part, parts, text, whole, without
from scout.sources._github.stream import Paged, Stream, when
from scout.sources._github.words import Vocabulary
from scout.warehouse.records import CoreRow, JobRow, ReleaseRow, RunRow

_CARRIED = ("repository", "head_repository")


def run_rows(run: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return a run of a workflow."""
    del said
    yield RunRow(
        key=key(run.get("id")),
        workflow=text(run.get("name")) or text(run.get("path")),
        event=text(run.get("event")),
        branch=text(run.get("head_branch")),
        sha=text(run.get("head_sha")),
        attempt=whole(run.get("run_attempt")),
        status=text(run.get("status")),
        conclusion=text(run.get("conclusion")),
        url=text(run.get("html_url")),
        created_at=moment(run.get("created_at")),
        started_at=moment(run.get("run_started_at")),
        updated_at=moment(run.get("updated_at")),
    )


def job_rows(jobs: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return the jobs of a run."""
    del said
    for job in parts(jobs.get("rows")):
        yield JobRow(
            run=key(jobs.get("of")),
            key=key(job.get("id")),
            name=text(job.get("name")),
            status=text(job.get("status")),
            conclusion=text(job.get("conclusion")),
            started_at=moment(job.get("started_at")),
            completed_at=moment(job.get("completed_at")),
        )


def release_rows(release: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return a release."""
    del said
    yield ReleaseRow(
        key=key(release.get("id")),
        name=text(release.get("name")),
        tag=text(release.get("tag_name")),
        draft=release.get("draft") is True,
        prerelease=release.get("prerelease") is True,
        url=text(release.get("html_url")),
        created_at=moment(release.get("created_at")),
        released_at=moment(release.get("published_at")),
    )


def _completed(run: Json) -> bool:
    return text(run.get("status")) == "completed"


def _alone(run: Json) -> Json:
    """Return a run without the repositories and the people of its commit that it carries along."""
    kept = {**without(run, *_CARRIED)}
    if commit := part(run, "head_commit"):
        kept["head_commit"] = {name: commit.get(name) for name in ("id", "timestamp")}
    return kept


STREAMS = (
    Stream(
        "run",
        "/actions/runs",
        Paged.RECENT,
        run_rows,
        mark="created_at",
        trim=_alone,
        settled=_completed,
        details=lambda run: ("job",) if _completed(run) else (),
        wrap="workflow_runs",
        each="/actions/runs/{key}",
    ),
    Stream("job", "/actions/runs/{key}/jobs", Paged.DETAIL, job_rows, of="run", wrap="jobs"),
    Stream("release", "/releases", Paged.WHOLE, release_rows, changed=when("published_at")),
)
