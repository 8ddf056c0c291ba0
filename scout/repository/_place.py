"""Finds the repository around a folder, as git does, and says in one sentence why there is none."""

from dataclasses import dataclass
from pathlib import Path

from scout.errors import UsageError
from scout.repository._call import GitError
from scout.repository._git import look


class EmptyRepositoryError(UsageError):
    """The repository has no commit yet."""

    def __init__(self, root: Path) -> None:
        super().__init__(f"The repository at '{root}' has no commits yet.", "Make a first commit, then run again.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a repository is.

    Attributes:
        root: the top of the work tree; the git folder when bare.
        git_dir: the git folder (of the work tree, where there are several).
        objects: the folder of its objects.
        shallow_file: the list of commits whose parents are cut off; missing in a whole repository.
        object_format: `sha1` or `sha256`.
    """

    root: Path
    git_dir: Path
    objects: Path
    shallow_file: Path
    object_format: str
    bare: bool
    shallow: bool


def find(path: Path) -> Place:
    """Return the repository that `path` is in.

    Raises:
        UsageError: there is no such folder, it is in no repository, or the repository belongs to somebody else.
    """
    if not path.is_dir():
        what = "is not a folder" if path.exists() else "does not exist"
        message = f"'{path}' {what}."
        raise UsageError(message, "Give a folder inside a git repository.")
    try:
        git_dir = _path(path, "--absolute-git-dir")
    except GitError as error:
        raise _refusal(path, error) from error
    flags = ("--is-bare-repository", "--is-shallow-repository", "--is-inside-work-tree", "--show-object-format")
    bare, shallow, inside, object_format = look(path, "rev-parse", *flags).decode("ascii").split()
    return Place(
        root=_root(path, git_dir, inside=inside == "true"),
        git_dir=git_dir,
        objects=_path(path, "--path-format=absolute", "--git-path", "objects"),
        shallow_file=_path(path, "--path-format=absolute", "--git-path", "shallow"),
        object_format=object_format,
        bare=bare == "true",
        shallow=shallow == "true",
    )


def _path(path: Path, *flags: str) -> Path:
    said = look(path, "rev-parse", *flags)
    return Path(said.removesuffix(b"\n").decode("utf-8", "surrogateescape"))


def _root(path: Path, git_dir: Path, *, inside: bool) -> Path:
    if inside:
        return _path(path, "--show-toplevel")
    return git_dir.parent if git_dir.name == ".git" else git_dir


def _refusal(path: Path, error: GitError) -> UsageError:
    if "dubious ownership" in error.stderr:
        remedy = f"If you trust it, run `git config --global --add safe.directory '{path.resolve()}'`."
        return UsageError(f"The repository at '{path}' belongs to another user, so git will not read it.", remedy)
    if "not a git repository" in error.stderr:
        return UsageError(f"'{path}' is not in a git repository.", "Give a folder inside one, or run `git init` there.")
    first = error.stderr.splitlines()[0].removeprefix("fatal: ").rstrip(".") if error.stderr else "no reason given"
    return UsageError(f"Git cannot open the repository at '{path}': {first}.", "Mend what it names, then run again.")
