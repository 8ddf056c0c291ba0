"""What becomes of the failure of a job that an application runs in the background: tried again, told to somebody."""

import re
from itertools import takewhile

from scout.repository import Change
from scout.repository.decoding import decoded
from scout.signals._ci import Job, Step, jobs
from scout.signals._view import View

_JOB = re.compile(
    r"(?m)^\s*include Sidekiq::(?:Worker|Job)\b|^\s*class \S+ < (?:\w+::)*(?:Application|Active)Job(?:::Base)?\b"
)
_SIDEKIQ = re.compile(r"\binclude Sidekiq::(?:Worker|Job)\b")
_ONCE = re.compile(r"\bretry:\s*(?:0|false)\b")
_AGAIN = re.compile(r"^\s*retry_on\s", re.MULTILINE)
_SWALLOWED = re.compile(r"^\s*rescue(?:\s+StandardError|\s+Exception)?(?:\s*=>\s*\w+)?\s*$", re.MULTILINE)
_RAISED = re.compile(
    r"^\s*raise\b"
    r"|\b(?:Sentry|Raven|Rollbar|Bugsnag|Airbrake|Honeybadger|Appsignal|Raygun|ErrorReporter|Rails\.error|NewRelic\S*)"
    r"\.(?:capture|notify|error|report|log_error|send_error|set_error|notice_error|track)\w*",
    re.MULTILINE,
)
"""What lets an error go on, or tells it to a tracker by name."""
_OWN_CLOCK = re.compile(
    r"^\s*recurrence(?:\s*\{|\s+do\b)|\bSchedulable\b|^\s*@(?:\w+\.)?(?:periodic_task|crontab|scheduled|cron)\(",
    re.MULTILINE,
)
_NOTIFIES = re.compile(
    r"slack|notif|teams|discord|mattermost|pagerduty|opsgenie|\bmail|sendgrid|webhook|telegram|create-an-issue"
    r"|\bissue create\b|issues\.create|healthchecks|hc-ping|cronitor|snitch",
    re.IGNORECASE,
)
_FAILED = re.compile(r"failure\(\)|!\s*success\(\)|['\"]failure['\"]")
_ANYWAY = re.compile(r"always\(\)|!\s*cancelled\(\)")
_TELLS = re.compile(
    r"\bsentry_sdk\b|@sentry/|\brollbar\.|\bbugsnag\.|hooks\.slack\.com|SLACK_\w*(?:WEBHOOK|TOKEN|URL)|\bslack_sdk\b"
    r"|chat\.postMessage|\bsmtplib\b|\bsendmail\b|\bmail -s\b|PAGERDUTY|hc-ping\.com|healthchecks\.io|cronitor",
    re.IGNORECASE,
)
"""What a script has that tells somebody by itself."""
_BASE = re.compile(r"^\s*class \S+ < (?:::)?(?P<name>\w+(?:::\w+)*)", re.MULTILINE)
_ADAPTER = re.compile(r"\bqueue_adapter\s*=\s*:(?:sidekiq|delayed_job|delayed|que)\b")
_CONFIG = re.compile(r"^config/(?:application|environments/production|initializers/[\w/]+)\.rb$")
_DEEPEST = 4
_LOCK = "Gemfile.lock"
_TRACKERS = re.compile(
    r"^\s{2,4}(?:honeybadger|sentry-(?:ruby|rails|raven|sidekiq)|rollbar|airbrake|bugsnag|appsignal|raygun4ruby"
    r"|exception_notification|scout_apm|newrelic_rpm)\s\(",
    re.MULTILINE,
)


def is_retried(text: str) -> bool:
    """Say whether a job in Ruby is tried again when it fails: by its own word, or by Sidekiq's default.

    Source: Sidekiq retries 25 times over about 20 days unless `retry` says otherwise (Sidekiq wiki, Error Handling);
    Active Job does not retry unless `retry_on` says so (Rails Guides, Active Job Basics).
    """
    return (_SIDEKIQ.search(text) is not None and _ONCE.search(text) is None) or _AGAIN.search(text) is not None


def is_tried_again(view: View, text: str) -> bool:
    """Say whether a job is tried again: by itself, by a class above it, or by the queue that runs Active Job.

    Source: Sidekiq, Delayed Job and Que try again what Active Job hands them (their manuals on errors).
    """
    chain = _chain(view, text)
    by_queue = _is_job(chain) and not any(_ONCE.search(one) for one in chain) and view.once(_has_patient_queue)
    return by_queue or any(is_retried(one) for one in chain)


def is_reported(view: View, text: str) -> bool:
    """Say whether somebody hears of a failure: the file itself tells, or a tracker of errors that its job lets hear.

    A tracker hears where one is locked and the job rescues nothing.
    """
    swallowed = _SWALLOWED.search(text) is not None and _RAISED.search(text) is None
    by_tracker = _is_job(_chain(view, text)) and not swallowed and view.once(_has_tracker)
    return by_tracker or _TELLS.search(text) is not None


def _is_job(chain: tuple[str, ...]) -> bool:
    return any(_JOB.search(one) for one in chain)


def _chain(view: View, text: str) -> tuple[str, ...]:
    """Return the text of a class in Ruby and those of the classes above it, as far as they are here."""
    found = [text]
    while len(found) <= _DEEPEST and (base := _BASE.search(found[-1])) is not None:
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", base["name"]).replace("::", "/").lower()
        paths = [path for path in view.tree.files if path.endswith(f"/{words}.rb") and path.startswith("app/")]
        above = view.tree.text(paths[0]) if len(paths) == 1 else None
        if above is None or above in found:
            break
        found.append(above)
    return tuple(found)


def _has_patient_queue(view: View) -> bool:
    """Say whether Active Job runs on a queue that tries again by itself."""
    paths = [path for path in view.tree.files if _CONFIG.search(path)]
    return any(_ADAPTER.search(view.tree.text(path) or "") for path in paths)


def is_announced(view: View, path: str) -> bool:
    """Say whether somebody is told when a workflow fails: by a step, by a job, or by a workflow that waits for it."""
    every = list(jobs(view.tree))
    if any(_announces(job, step) for job in every if job.path == path for step in job.steps):
        return True
    named = re.search(r"^name:\s*[\"']?(?P<name>.+?)[\"']?\s*$", view.tree.text(path) or "", re.MULTILINE)
    watching = {job.path for job in every if "workflow_run" in job.triggers and job.path != path}
    return named is not None and any(named["name"] in (view.tree.text(one) or "") for one in watching)


def _announces(job: Job, step: Step) -> bool:
    condition = f"{job.condition} {step.condition}"
    told = f"{step.uses} {step.script} {' '.join(value for _, value in step.given)}"
    return _FAILED.search(condition) is not None or (
        _NOTIFIES.search(told) is not None and (_ANYWAY.search(condition) is not None or "job.status" in told)
    )


def _has_tracker(view: View) -> bool:
    """Say whether the lock file of Ruby has a tracker of errors, which hooks into jobs by itself."""
    text = view.tree.text(_LOCK) if _LOCK in view.tree.files else None
    return _TRACKERS.search(text or "") is not None


def words_for(path: str) -> tuple[str, ...]:
    """Return the words by which callers name a file: its own name, in Ruby that of its class, too."""
    name = path.rpartition("/")[2]
    stem, _, ending = name.rpartition(".")
    return (name, "".join(part.capitalize() for part in stem.split("_"))) if ending == "rb" and stem else (name,)


def by_itself(view: View, path: str, called: Change) -> Change | None:
    """Return the change since which a file set a clock of its own, up to the one in which others came to call it.

    None when it was not so: a schedule that moves from a job into a list of schedules is no beginning.
    """
    found: Change | None = None
    earlier = [change for change in view.history.touching(path) if change.at <= called.at]
    own = takewhile(lambda change: change.sha == called.sha or _has_own_clock(view, path, change), earlier)
    for change in own:
        found = change if change.sha != called.sha else found
    return found


def _has_own_clock(view: View, path: str, change: Change) -> bool:
    """Say whether a file left a change with a clock of its own."""
    name = path.rpartition("/")[2]
    after = next((file.after for file in change.files if name == file.path.rpartition("/")[2]), "")
    content = view.blob(after) if after else None
    return content is not None and _OWN_CLOCK.search(decoded(content) or "") is not None
