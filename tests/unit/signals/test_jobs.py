"""What becomes of the failure of a background job, and since when others rely on it."""

from pathlib import Path

import pytest

from scout.signals._base import Commit, lines
from scout.signals._jobs import is_announced, is_reported, is_retried
from scout.signals.register import Failure, Relied, relied_on
from scout.signals.testing import add, build, git, viewed

SIDEKIQ = "class PaintJob\n  include Sidekiq::Job\n  def perform\n    paint\n  end\nend\n"
ACTIVE = "class DryJob < ApplicationJob\n  def perform\n    dry\n  end\nend\n"
QUIET = ACTIVE.replace("    dry\n", "    dry\n  rescue StandardError => e\n    log e\n")
LOUD = ACTIVE.replace("    dry\n", "    dry\n  rescue StandardError => e\n    log e\n    raise\n")
TRACKED = "GEM\n  remote: https://example.org/\n  specs:\n    honeybadger (5.2.1)\n    rails (7.1.0)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SIDEKIQ, True),
        (SIDEKIQ.replace("Job\n  def", "Job\n  sidekiq_options queue: :low, retry: 0\n  def"), False),
        (SIDEKIQ.replace("Job\n  def", "Job\n  sidekiq_options retry: false\n  def"), False),
        (SIDEKIQ.replace("Job\n  def", "Worker\n  sidekiq_options retry: 5\n  def"), True),
        (ACTIVE, False),
        (ACTIVE.replace("  def", "  retry_on PaintError\n  def"), True),
        ("puts 1\n", False),
    ],
)
def test_a_job_is_tried_again_by_its_own_word_or_by_sidekiqs_default(text: str, *, expected: bool):
    assert is_retried(text) is expected


@pytest.mark.parametrize(
    ("lock", "text", "expected"),
    [
        (TRACKED, SIDEKIQ, True),
        (TRACKED, ACTIVE, True),
        (TRACKED, LOUD, True),
        (TRACKED, QUIET, False),
        (TRACKED, QUIET.replace("log e", "Honeybadger.notify(e)"), True),
        (TRACKED, "puts 1\n", False),
        (TRACKED.replace("honeybadger", "paint"), SIDEKIQ, False),
        ("", SIDEKIQ, False),
    ],
)
def test_a_tracker_of_errors_hears_of_jobs_that_rescue_nothing(lock: str, text: str, tmp_path: Path, *, expected: bool):
    folder = build(tmp_path / "it", (Commit("2024-01-01", {"Gemfile.lock": lock, "app/jobs/a_job.rb": text}),))

    with viewed(folder, "2024-02-01") as view:
        assert is_reported(view, text) is expected


def entries(folder: Path, files: dict[str, str]) -> dict[str, Relied]:
    with viewed(build(folder, (Commit("2024-01-01", dict(files)),)), "2024-06-01") as view:
        return {one.name: one for one in relied_on(view)}


@pytest.mark.parametrize(
    ("condition", "step", "expected"),
    [
        ("failure()", "run: echo", True),
        ("always()", "uses: example/slack-notify@v1", True),
        ("always()", "run: echo", False),
        ("success()", "uses: example/slack-notify@v1", False),
        ("always()", "run: gh issue create", True),
    ],
)
def test_a_workflow_that_notifies_tells_of_its_failure(condition: str, step: str, tmp_path: Path, *, expected: bool):
    text = lines(
        "on: push", "jobs:", "  a:", "    steps:", "      - run: make", f"      - if: {condition}", f"        {step}"
    )
    path = ".github/workflows/a.yml"
    with viewed(build(tmp_path, (Commit("2024-01-01", {path: text}),)), "2024-02-01") as view:
        assert is_announced(view, path) is expected


CLOCK = "paint:\n  cron: every day at noon\n  class: PaintJob\ndry:\n  cron: every day at one\n  class: DryJob\n"
CHECKS = lines(
    "on: [pull_request]",
    "jobs:",
    "  a:",
    "    continue-on-error: true",
    "    steps:",
    "      - uses: actions/checkout@v4",
    "      - run: ./look.sh",
    "  b:",
    "    steps:",
    "      - uses: actions/checkout@v4",
    "      - run: node plain.js",
    "      - run: node caught.js",
    "      - run: ./shell.sh",
)


def test_a_job_on_a_clock_is_told_of_or_silent_and_tried_again_or_not(tmp_path: Path):
    jobs = {"app/jobs/paint_job.rb": SIDEKIQ, "app/jobs/dry_job.rb": QUIET.replace("rescue", "restart")}
    found = entries(tmp_path, {**jobs, "config/cron.yml": CLOCK, "Gemfile.lock": TRACKED})

    assert found["app/jobs/paint_job.rb"].failures == (Failure.TOLD,)
    assert found["app/jobs/paint_job.rb"].fallback
    assert found["app/jobs/dry_job.rb"].failures == (Failure.TOLD,)
    assert not found["app/jobs/dry_job.rb"].fallback


def test_a_job_that_nobody_hears_of_fails_silently(tmp_path: Path):
    found = entries(tmp_path, {"app/jobs/paint_job.rb": SIDEKIQ, "config/cron.yml": CLOCK})

    assert found["app/jobs/paint_job.rb"].failures == (Failure.SILENT,)


def test_what_a_check_tolerates_blocks_nobody_and_an_or_of_logic_answers_nothing(tmp_path: Path):
    scripts = {
        "plain.js": "const a = b || c;\n",
        "caught.js": "try { a() } catch (e) { b() }\n",
        "shell.sh": "a || b\n",
    }
    found = entries(tmp_path, {".github/workflows/ci.yml": CHECKS, "look.sh": "true\n", **scripts})

    assert found["look.sh"].failures == (Failure.SHOWN,)
    assert found["plain.js"].failures == (Failure.MERGE,)
    assert [found[name].fallback for name in sorted(scripts)] == [True, False, True]


def test_a_job_that_had_a_clock_of_its_own_was_relied_on_since_then(tmp_path: Path):
    own = "class PaintJob\n  include Sidetiq::Schedulable\n  recurrence { daily }\n  def perform; end\nend\n"
    listed = {"app/jobs/paint_job.rb": SIDEKIQ, "config/cron.yml": CLOCK}
    path = "app/jobs/paint_job.rb"
    commits = (
        Commit("2021-01-01", {path: "class PaintJob\n  def perform; end\nend\n"}),
        Commit("2022-01-01", {path: own}),
        Commit("2023-01-01", {path: own + "\n"}),
        Commit("2024-01-01", dict(listed)),
    )
    with viewed(build(tmp_path / "a", commits), "2024-06-01") as view:
        began = {one.name: one.infrastructure_since for one in relied_on(view)}
    assert str(began[path])[:10] == "2022-01-01"

    with viewed(build(tmp_path / "b", (commits[0], commits[3])), "2024-06-01") as view:
        began = {one.name: one.infrastructure_since for one in relied_on(view)}
    assert str(began[path])[:10] == "2024-01-01"


def test_a_job_that_may_not_be_tried_again_has_no_fallback(tmp_path: Path):
    once = SIDEKIQ.replace("Job\n  def", "Job\n  sidekiq_options retry: 0\n  def")
    found = entries(tmp_path, {"app/jobs/paint_job.rb": once, "config/cron.yml": CLOCK})

    assert not found["app/jobs/paint_job.rb"].fallback


NIGHTLY = lines(
    "on:",
    "  schedule:",
    "    - cron: '0 3 * * *'",
    "jobs:",
    "  a:",
    "    steps:",
    "      - uses: actions/checkout@v4",
    "      - run: ./look.sh",
    "      - if: failure()",
    "        run: echo broken",
)


def test_a_nightly_workflow_that_tells_of_its_failure_is_not_silent(tmp_path: Path):
    files = {"look.sh": "true\n", "quiet.sh": "true\n", ".github/workflows/a.yml": NIGHTLY}
    quiet = NIGHTLY.replace("failure()", "always()").replace("look.sh", "quiet.sh")
    found = entries(tmp_path, {**files, ".github/workflows/b.yml": quiet})

    told = {name: entry.failures for name, entry in found.items()}
    assert told["look.sh"] == told[".github/workflows/a.yml"] == (Failure.TOLD,)
    assert told["quiet.sh"] == told[".github/workflows/b.yml"] == (Failure.SILENT,)


def test_a_package_script_is_followed_to_those_that_it_runs(tmp_path: Path):
    package = '{"scripts": {\n"lint": "npm run deep && npm run lint",\n"deep": "sh tools/look.sh"\n}}\n'
    checks = CHECKS.replace("./shell.sh", "npm run lint")
    found = entries(tmp_path, {".github/workflows/ci.yml": checks, "package.json": package, "tools/look.sh": "true\n"})

    assert [one.locator for one in found["tools/look.sh"].dependents] == ["package.json:3"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app/jobs/application_job.rb": "class ApplicationJob < ActiveJob::Base\n  retry_on Late\nend\n"}, True),
        ({"app/jobs/application_job.rb": "class ApplicationJob < ActiveJob::Base\nend\n"}, False),
        ({"config/application.rb": "config.active_job.queue_adapter = :sidekiq\n"}, True),
        ({"config/application.rb": "config.active_job.queue_adapter = :solid_queue\n"}, False),
    ],
)
def test_a_job_is_tried_again_by_what_stands_above_it(files: dict[str, str], tmp_path: Path, *, expected: bool):
    found = entries(tmp_path, {**files, "app/jobs/dry_job.rb": ACTIVE, "config/cron.yml": CLOCK})

    assert found["app/jobs/dry_job.rb"].fallback is expected


def test_a_workflow_that_another_waits_for_is_told_of(tmp_path: Path):
    named = "name: Every night\n" + NIGHTLY.replace("failure()", "success()")
    other = 'on:\n  workflow_run:\n    workflows: ["Every night"]\njobs:\n  a:\n    steps:\n      - run: tell\n'
    files = {"look.sh": "true\n", ".github/workflows/a.yml": named}
    path = ".github/workflows/a.yml"

    assert entries(tmp_path / "a", files)[path].failures == (Failure.SILENT,)
    assert entries(tmp_path / "b", {**files, ".github/workflows/b.yml": other})[path].failures == (Failure.TOLD,)


def test_what_came_by_a_merge_of_the_main_line_was_there_before(tmp_path: Path):
    folder = build(tmp_path / "it", (Commit("2023-01-01", {"a.txt": "1\n"}),))
    git(folder, "checkout", "--quiet", "-b", "walls")
    add(folder, Commit("2023-01-02", {"b.txt": "1\n"}))
    git(folder, "checkout", "--quiet", "main")
    add(folder, Commit("2023-01-03", {"look.sh": "true\n", ".github/workflows/a.yml": NIGHTLY}))
    git(folder, "checkout", "--quiet", "walls")
    at = {f"GIT_{role}_DATE": "2023-09-01T00:00:00Z" for role in ("AUTHOR", "COMMITTER")}
    who = {f"GIT_{role}_{name}": "one" for role in ("AUTHOR", "COMMITTER") for name in ("NAME", "EMAIL")}
    git(folder, "merge", "--quiet", "--no-ff", "-m", "Merge branch 'main' into walls", "main", environment=at | who)
    with viewed(folder, "2024-06-01") as view:
        found = {one.name: one for one in relied_on(view)}

    assert str(found["look.sh"].since)[:10] == "2023-01-03"
    assert found["look.sh"].infrastructure_since is None


def test_an_address_in_a_variable_is_asked_for_where_the_variable_is_used(tmp_path: Path):
    script = '#!/bin/sh\nFROM=https://paint.example.net/get.sh\nTO=there\ncurl -o $TO "${FROM}"\ncurl "$ELSE"\n'
    checks = CHECKS.replace("a || b", "true")
    found = entries(tmp_path, {".github/workflows/ci.yml": checks, "shell.sh": script})

    assert [one.locator for one in found["paint.example.net"].dependents] == ["shell.sh:4"]
