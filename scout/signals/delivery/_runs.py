"""What continuous integration runs, as text: its own steps and, from these on, the files of tasks and scripts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch

from scout.repository import FileClass, Tree
from scout.signals._checks import scripts_of
from scout.signals._ci import Job, jobs

OTHER_SYSTEMS = re.compile(
    r"^(?:Jenkinsfile[^/]*|azure-pipelines[^/]*\.ya?ml|\.azure(?:-pipelines)?/.+\.ya?ml|\.buildkite/.+"
    r"|\.drone\.(?:ya?ml|star)|\.?appveyor\.ya?ml|\.cirrus\.(?:ya?ml|star)|bitbucket-pipelines\.yml"
    r"|\.semaphore/.+\.ya?ml|\.woodpecker(?:/.+)?\.ya?ml|\.builds/.+\.ya?ml|\.tekton/.+\.ya?ml|\.prow/.+|zuul\.ya?ml"
    r"|\.zuul(?:\.d/.+)?\.ya?ml|cloudbuild[^/]*\.ya?ml|buildspec[^/]*\.ya?ml|wercker\.yml|codeship-[^/]+\.yml"
    r"|\.ci/.+|ci/.+|\.expeditor/.+|dangerfile|\.(?:forgejo|gitea)/workflows/.+)$",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"^[\w.-]+/[\w.-]+/\.github/workflows/[\w.-]*(?<![a-z])"
    r"(?:tests?|ci|checks?|verify|validate|pytest|jest|python|node|go|main|pr)(?![a-z])",
    re.IGNORECASE,
)
_OTHER_WORK = re.compile(r"/[^/]*(?:docs?|licen[cs]e|release|image|label|deploy|changelog)[^/]*$", re.IGNORECASE)
_TASKS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"\bg?make\b"), re.compile(r"^(?:GNU)?[Mm]akefile|\.mk$")),
    (re.compile(r"\bjust\b"), re.compile(r"^\.?justfile$|\.just$", re.IGNORECASE)),
    (re.compile(r"\btask\b"), re.compile(r"^Taskfile.*\.ya?ml$", re.IGNORECASE)),
    (re.compile(r"\b(?:inv|invoke|fab)\b"), re.compile(r"^(?:tasks|fabfile)\.py$")),
    (re.compile(r"\brake\b"), re.compile(r"^Rakefile$|\.rake$")),
    (re.compile(r"\bmage\b"), re.compile(r"^[Mm]agefile\.go$")),
    (re.compile(r"\b(?:hatch|pdm|pixi) run|\bpoe\b"), re.compile(r"^(?:pyproject|hatch|pixi)\.toml$")),
    (
        re.compile(r"\bdocker\b|\bcompose\b|buildx|build-push-action"),
        re.compile(r"[Dd]ockerfile|compose"),
    ),
    (re.compile(r"\bcomposer\b"), re.compile(r"^composer\.json$")),
    (re.compile(r"\bpre-commit\b"), re.compile(r"^\.pre-commit-config\.ya?ml$")),
)
_SCRIPT = re.compile(
    r"(?:^|/)[\w.-]+\.(?:sh|bash|py|rb|js|mjs|ts)$|(?:^|/)(?:bin|scripts?|ci|tools|hack|script|dev|build)/[\w.-]+$"
)
_PACKAGE = re.compile(r"(?:^|/)package\.json$")
_PACKAGE_RUN = re.compile(
    r"\b(?:npm|yarn|pnpm|bun|npm:|pnpm:)(?:[ \t]+(?:run|run-script|--?\S+(?:[ \t]+[\w./]+(?=[ \t]+\w))?))*"
    r"[ \t:]+([\w:.*-]+)"
)
FILTERED = re.compile(r"\s--filter(?:=|\s+)[\"']?((?:@[\w.-]+/)?[\w.-]+)[\"']?(?=\s|$)")
"""A command that runs in one package only, whose name is the group."""
_NAME = re.compile(r'"name"\s*:\s*"([^"]+)"')
_WORD = re.compile(r"[\w.-]+")
_COMMENT = re.compile(r"^[^\S\n]*(?:#|//).*$", re.MULTILINE)
_ROUNDS = 3
_ASKED = frozenset({"workflow_call", "workflow_dispatch"})


@dataclass(frozen=True, slots=True)
class Runs:
    """What continuous integration runs.

    Attributes:
        files: those that declare it, those with `test` or `ci` in their names first.
        text: all that runs, as one text.
        folders: where steps run, without the root.
        opaque: whether workflows of other repositories that may run tests run too.
        uncalled: what the workflows would run that wait for a call which no workflow here makes, by path.
    """

    files: tuple[str, ...]
    text: str
    folders: frozenset[str]
    opaque: bool
    uncalled: Mapping[str, str]


def runs(tree: Tree) -> Runs:
    """Return what continuous integration runs."""
    files: set[str] = set()
    texts: list[str] = []
    folders: set[str] = set()
    opaque = False
    uncalled: dict[str, str] = {}
    found = tuple(jobs(tree))
    used = frozenset(step.uses.partition("@")[0] for job in found for step in job.steps)
    for job in found:
        if job.path.endswith(("action.yml", "action.yaml")):
            texts += [step.script for step in job.steps]
            continue
        if _is_uncalled(job, used):
            said = "\n".join(_COMMENT.sub("", step.script) for step in job.steps)
            uncalled[job.path] = f"{uncalled.get(job.path, '')}\n{said}"
            continue
        files.add(job.path)
        for step in job.steps:
            texts += [_COMMENT.sub("", step.script), step.uses, *(value for _, value in step.given)]
            folders |= {step.folder} if step.folder else set()
            told = any("test" in value for _, value in step.given)
            hidden = _FOREIGN.match(step.uses) is not None and _OTHER_WORK.search(step.uses) is None
            opaque = opaque or (hidden and not told)
    for path in tree.files:
        if OTHER_SYSTEMS.match(path) and (text := tree.text(path)) is not None:
            files.add(path)
            texts.append(_COMMENT.sub("", text))
    texts += _called(tree, "\n".join(texts))
    return Runs(tuple(sorted(files, key=_telling)), "\n".join(texts), frozenset(folders), opaque, uncalled)


def _is_uncalled(job: Job, used: frozenset[str]) -> bool:
    """Say whether a job runs only when another workflow, or a person, asks for it, and no workflow here does."""
    on_call = "workflow_call" in job.triggers and job.triggers <= _ASKED
    return on_call and not any(one.endswith(f"/{job.path}") for one in used)


def _called(tree: Tree, text: str) -> list[str]:
    """Return the texts of task files and scripts that a text names, and of those that these name."""
    scripts = {path: path.rpartition("/")[2] for path in tree.files if _SCRIPT.search(path)}
    ours = [path for path in tree.files if _PACKAGE.search(path) and _is_ours(tree, path)]
    packages = [(_calls(path, tree.text(path) or ""), scripts_of(tree.text(path) or "")) for path in ours]
    found: dict[str, str] = {}
    asked: set[re.Pattern[str]] = set()
    fresh = text
    for _ in range(_ROUNDS):
        words = frozenset(_WORD.findall(fresh))
        named = [path for path, name in scripts.items() if name in words]
        for used, files in _TASKS:
            if used not in asked and used.search(fresh):
                asked.add(used)
                named += [path for path in tree.files if files.search(path.rpartition("/")[2])]
        new = {path: _text(tree, path) for path in named if path not in found and _is_ours(tree, path)}
        called = _runs_of_packages(fresh)
        new |= {
            f"{at} {name}": script
            for at, (names, package) in enumerate(packages)
            for name, script in package.items()
            if f"{at} {name}" not in found
            and any(fnmatch(name, one) and (not only or not names or only in names) for one, only in called)
        }
        found |= new
        fresh = "\n".join(new.values())
    return list(found.values())


def _calls(path: str, text: str) -> frozenset[str]:
    """Return how filters call a package; nothing for the one at the root, from which they are given."""
    name = _NAME.search(text)
    return frozenset({path.split("/")[-2], name.group(1) if name else ""}) if "/" in path else frozenset()


def _runs_of_packages(text: str) -> frozenset[tuple[str, str]]:
    """Return the scripts of packages that a text runs, each with the only package that a filter leaves."""
    rows = text.replace("\\\n", " ").split("\n")
    return frozenset(
        (name, only.group(1) if (only := FILTERED.search(row)) else "")
        for row in rows
        for name in _PACKAGE_RUN.findall(row)
    )


def _is_ours(tree: Tree, path: str) -> bool:
    return tree.file_class(path) not in {FileClass.VENDORED, FileClass.FIXTURE}


def _telling(path: str) -> tuple[bool, bool, str]:
    name = path.rpartition("/")[2].lower()
    return ("test" not in name, not name.startswith("ci"), path)


def _text(tree: Tree, path: str) -> str:
    return _COMMENT.sub("", tree.text(path) or "")
