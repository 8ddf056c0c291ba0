"""What becomes of the failure of a job that an application runs in the background: tried again, told to somebody."""

import re
from itertools import takewhile

from scout.repository import Change
from scout.repository.decoding import decoded
from scout.signals._ci import jobs
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
_NOTIFIES = re.compile(r"slack|notif|teams|discord|mattermost|pagerduty|opsgenie|\bmail", re.IGNORECASE)
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


def is_reported(view: View, text: str) -> bool:
    """Say whether a tracker of errors hears of a job's failure: one is locked, and the job rescues nothing."""
    swallowed = _SWALLOWED.search(text) is not None and _RAISED.search(text) is None
    return _JOB.search(text) is not None and not swallowed and view.once(_has_tracker)


def is_announced(view: View, path: str) -> bool:
    """Say whether a workflow tells somebody by itself when it fails: a step waits for that, or notifies in any case."""
    steps = [step for job in jobs(view.tree) if job.path == path for step in job.steps]
    return any(
        "failure()" in step.condition
        or ("always()" in step.condition and _NOTIFIES.search(f"{step.uses} {step.script}"))
        for step in steps
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
