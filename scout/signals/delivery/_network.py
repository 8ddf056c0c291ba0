"""Calls of services outside that something waits for: in commit hooks, and in what guards a merge."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from scout.repository import FileClass, Tree
from scout.signals import _yaml
from scout.signals._base import View
from scout.signals._checks import targets
from scout.signals._ci import Job, Step, jobs
from scout.signals._leftover import leftovers
from scout.signals._occasion import AFTER_MERGE
from scout.signals._paths import joined
from scout.signals._shell import Command, called, commands

_HOOK = re.compile(
    r"(?:^|/)(?:\.husky|\.?githooks|git-hooks|hooks)/(?:pre-commit|commit-msg|prepare-commit-msg|pre-push|post-commit)(?:\.\w+)?$"
)
_PRE_COMMIT = re.compile(r"^\.pre-commit-config\.ya?ml$")
_LEFTHOOK = re.compile(r"^\.?lefthook\.ya?ml$")
URL = re.compile(r"\b(?:https?|ftp|git|ssh)://[^\s\"'`)>|;]+|\bgit@[\w.-]+:[\w./-]+")
LOCAL = re.compile(
    r"://(?:[^/@\s]*@)?(?:localhost|127\.|0\.0\.0\.0|\[::1\]|host\.docker\.internal|10\.|192\.168\.|\$|[\w-]+(?:[:/]|$))"
    r"|://[\w.-]+\.(?:local|localhost|internal|test|svc)\b|example\.(?:com|org)"
)
_PINNED = re.compile(
    r"v?\d+\.\d+|://[^\s/]+/\S*\$|\b[0-9a-f]{12,}\b|\$[({]*\w*(?:ver|sha|tag|release|commit|ref|rev)", re.IGNORECASE
)
_TLS = re.compile(r"--tlsv\d\S*")
_CHECKSUM = re.compile(r"sha(?:256|512)sum|shasum|cosign verify|gpg --verify|--require-hashes")
PATIENT = re.compile(
    r"--retry\b|--tries\b|\bretry\b|--connect-timeout|--max-time|(?<!\w)-m\s?\d|--timeout\b|\btimeout \d"
    r"|\bfor \w+ in\b|\bwhile\b|\buntil\b"
)
_PROBE = re.compile(
    r"\bcommand -v\b|\bif \[\[? ! -[efdsx]|\[ ?-[efdsx] |\btest -[efdsx]|\bwhich\b|hashFiles\(|cache-hit"
)
_SENDS = re.compile(
    r"(?:-X|--request)[= ]?['\"]?(?:POST|PUT|PATCH|DELETE)"
    r"|(?:^|\s)(?:-d|--data\S*|-F|--form|-T|--upload-file|--json)(?:[\s=]|$)"
)
PIPED = re.compile(r"\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:ba|z)?sh\b|(?:ba|z)?sh\b[^|\n]*(?:<\(|\$\()\s*(?:curl|wget)")
"""What hands the answer of a service straight to a shell."""
OWN = re.compile(r"://api\.github\.com/|github\.com/\$\{\{|actions-results|://(?:storage|hooks)\.")
_LATER = re.compile(rf"{AFTER_MERGE}|merged|failure\(\)|always\(\)|inputs\.")
_NOT_OURS = frozenset({FileClass.VENDORED, FileClass.FIXTURE, FileClass.TEST, FileClass.DOCS})
_MOST_LINES = 40
_SERVED = 2
_NEAR = 4


@dataclass(frozen=True, slots=True)
class Wait:
    """A place that waits for a service outside.

    Attributes:
        path: the file whose line calls it.
        line: counted from 1.
        text: the line.
        host: the service's name.
        caller: path, line and text of what runs the file; None when it is run itself.
        hook: whether a commit waits for it, else a merge.
    """

    path: str
    line: int
    text: str
    host: str
    caller: tuple[str, int, str] | None
    hook: bool


def waits(view: View) -> Iterator[Wait]:
    """Give the calls that have neither pin nor patience nor a way around."""
    yield from _in_hooks(view.tree)
    left = view.once(leftovers)
    for job in jobs(view.tree):
        if _guards(job) and job.path not in left and view.tree.file_class(job.path) not in _NOT_OURS:
            yield from _in_job(view.tree, job)


def _guards(job: Job) -> bool:
    before = not job.triggers or bool(job.triggers & {"pull_request", "merge_group"})
    if job.path.endswith(("action.yml", "action.yaml")) and not job.path.startswith(".github/"):
        return False
    return before and not job.beside and not job.tolerated and not _LATER.search(job.condition)


def _in_job(tree: Tree, job: Job) -> Iterator[Wait]:
    lines = (tree.text(job.path) or "").split("\n")
    heads = Counter(command.words[0] for step in job.steps for command in commands(step.script) if command.words)
    served = {tool for tool, times in heads.items() if times >= _SERVED}
    cached = any("/cache@" in step.uses or "restore_cache" in step.uses for step in job.steps)
    for step in job.steps:
        if not step.counts or _LATER.search(step.condition) or (cached and "cache-hit" in step.condition):
            continue
        for wait in (
            *_in_script(step.script, job.path, step.line, lines, hook=False),
            *_in_called(tree, step, job.path, lines, hook=False),
        ):
            if served.isdisjoint(wait.host.split(".")):
                yield wait


def _in_hooks(tree: Tree) -> Iterator[Wait]:
    for path in tree.files:
        listed = _PRE_COMMIT.search(path) or _LEFTHOOK.search(path)
        if not (listed or _HOOK.search(path)) or tree.file_class(path) in _NOT_OURS:
            continue
        if not listed and (text := tree.text(path)) is not None:
            lines = text.split("\n")
            yield from _in_script(text, path, 1, lines, hook=True)
            yield from _in_called(tree, Step(1, script=text), path, lines, hook=True)
        elif listed:
            yield from _in_hook_list(tree, path)


def _in_hook_list(tree: Tree, path: str) -> Iterator[Wait]:
    text = tree.text(path) or ""
    root = _yaml.parsed(text)
    lines = text.split("\n")
    entries = [
        _yaml.get(hook, "entry")
        for repository in _yaml.several(_yaml.get(root, "repos"))
        for hook in _yaml.several(_yaml.get(repository, "hooks"))
        if _yaml.text(_yaml.get(repository, "repo")) == "local"
        and "manual" not in map(_yaml.text, _yaml.several(_yaml.get(hook, "stages")))
    ]
    for stage in ("pre-commit", "commit-msg", "pre-push"):
        entries += [_yaml.get(one, "run") for _, one in _yaml.entries(_yaml.get(root, stage, "commands"))]
    for entry in entries:
        if entry is not None:
            step = Step(_yaml.line(entry), script=_yaml.text(entry))
            yield from _in_script(step.script, path, step.line, lines, hook=True)
            yield from _in_called(tree, step, path, lines, hook=True)


def _in_called(tree: Tree, step: Step, path: str, lines: list[str], *, hook: bool) -> Iterator[Wait]:
    """Look into the scripts, recipes and package scripts that a step calls, one level deep."""
    for command in commands(step.script):
        if command.forgiven:
            continue
        line = _line(lines, step.line + command.line, command.words[0] if command.words else "")
        caller = (path, line, lines[line - 1])
        written = called(command)
        target = joined(step.folder or "", written) if written else None
        if target in tree.files and target is not None and target.endswith((".sh", ".bash")) and target != path:
            script = tree.text(target) or ""
            yield from _in_script(script, target, 1, script.split("\n"), hook=hook, caller=caller)
        for recipe in targets(tree, command, step.folder or ""):
            if not recipe.script.startswith("-"):
                inner = (tree.text(recipe.path) or "").split("\n")
                yield from _in_script(recipe.script, recipe.path, recipe.line, inner, hook=hook, caller=caller)


def _in_script(  # noqa: PLR0913 a script and where it stands
    script: str, path: str, first: int, lines: list[str], *, hook: bool, caller: tuple[str, int, str] | None = None
) -> Iterator[Wait]:
    if _CHECKSUM.search(script) and not hook:
        return
    rows = script.split("\n")
    patient: dict[int, bool] = {}
    for command in commands(script):
        if command.line not in patient:
            around = "\n".join(rows[max(0, command.line - _NEAR) : command.line + 1])
            patient[command.line] = bool(_PROBE.search(around) or PATIENT.search(rows[command.line]))
        url = "" if patient[command.line] else _waits_for(command, hook=hook)
        if url:
            line = _line(lines, first + command.line, url if "://" in url or "@" in url else command.words[0])
            yield Wait(path, line, lines[line - 1], host_of(url), caller, hook=hook)


def is_pinned(text: str) -> bool:
    """Say whether a command names the version of what it asks for."""
    return _PINNED.search(_TLS.sub("", text)) is not None


def has_checksum(script: str) -> bool:
    """Say whether a piece of shell checks the sum or the signature of what it gets."""
    return _CHECKSUM.search(script) is not None


def sends(text: str) -> bool:
    """Say whether a command sends something instead of fetching it."""
    return _SENDS.search(text) is not None


def host_of(url: str) -> str:
    """Return the host of an address; the address itself where it has none."""
    if "://" not in url and "@" not in url:
        return url
    bare = re.sub(r"^\w+://(?:[^/@]*@)?|^git@", "", url)
    return re.split(r"[/:?#]", bare, maxsplit=1)[0] or url


def _waits_for(command: Command, *, hook: bool) -> str:
    """Return the address that a command waits for; empty when it waits for none, or can do without it."""
    words = command.words
    if not words or command.forgiven:
        return ""
    head = words[0].rpartition("/")[2]
    text = " ".join(words)
    if PATIENT.search(text) or (head == "wget" and not hook):
        return ""
    named = next((url.rstrip(".,") for url in URL.findall(text) if not LOCAL.search(url)), "")
    if head in {"curl", "wget", "http", "https"} or _DOWNLOADS.search(text):
        is_given = not _PINNED.search(text) and not OWN.search(named) and (hook or not _SENDS.search(text))
        return named if named and (hook or is_given) else ""
    for tool, service in _DATA_TOOLS.items():
        if tool in words:
            return service
    if hook:
        return _HOOK_CALLS.get(" ".join(words[:2]), _HOOK_CALLS.get(head, "")) or (
            named if words[:2] == ("git", "clone") else ""
        )
    return named if words[:2] == ("git", "clone") and not _PINNED.search(text) and not _is_own_host(named) else ""


def _is_own_host(url: str) -> bool:
    return "github.com" in url or "gitlab.com" in url


_DOWNLOADS = re.compile(r"<\(\s*(?:curl|wget)|\$\((?:curl|wget)|^(?:ba)?sh -c .*\b(?:curl|wget)\b")
_DATA_TOOLS = {"nltk.downloader": "the data server of NLTK"}
_HOOK_CALLS = {
    "git fetch": "the remote",
    "git pull": "the remote",
    "git ls-remote": "the remote",
    "git push": "the remote",
    "docker pull": "the registry of images",
    "npm install": "the registry of npm",
    "npm ci": "the registry of npm",
    "npm audit": "the registry of npm",
    "yarn audit": "the registry of npm",
    "yarn install": "the registry of npm",
    "pnpm install": "the registry of npm",
    "pip install": "the package index",
    "bundle install": "the registry of gems",
    "gh": "GitHub",
    "aws": "Amazon Web Services",
    "gcloud": "Google Cloud",
}


def _line(lines: list[str], near: int, written: str) -> int:
    for number in range(max(near, 1), min(near + _MOST_LINES, len(lines)) + 1):
        if written and written in lines[number - 1]:
            return number
    return min(max(near, 1), len(lines))
