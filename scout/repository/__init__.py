"""Trees, files and history of a git repository at a commit: the only place that runs git."""

from scout.repository._call import GitError, GitTimeoutError
from scout.repository._place import EmptyRepositoryError
from scout.repository.changes import Change, FileChange
from scout.repository.classes import FileClass
from scout.repository.commits import Commit, FileCount, LogBatch
from scout.repository.history import History
from scout.repository.ignore import Ignored
from scout.repository.log import Log
from scout.repository.repository import Repository, Tag
from scout.repository.tree import File, MissingBlobError, TooLargeError, Tree
from scout.repository.version import git_version

__all__ = [
    "Change",
    "Commit",
    "EmptyRepositoryError",
    "File",
    "FileChange",
    "FileClass",
    "FileCount",
    "GitError",
    "GitTimeoutError",
    "History",
    "Ignored",
    "Log",
    "LogBatch",
    "MissingBlobError",
    "Repository",
    "Tag",
    "TooLargeError",
    "Tree",
    "git_version",
]
