"""Rails' migrations: their versions are the times in the names of their files."""

import re

from scout.signals.migrations._graph import Migration

PATH = re.compile(r"^(?P<folder>(?:.*/)?db/(?:\w+_)?migrate)/(?:[^/]+/)*(?P<version>\d+)_(?P<title>\w+)(?:\.\w+)?\.rb$")
_CLASS = re.compile(r"^[^\S\n]*class\s+[\w:]+\s*<\s*ActiveRecord::Migration", re.MULTILINE)


def read(path: str, source: str) -> Migration | None:
    """Return the migration in a file of a folder `db/migrate`; None when its name is no migration's."""
    found = PATH.match(path)
    if found is None:
        return None
    version, stated = found.group("version"), _CLASS.search(source)
    line = source.count("\n", 0, stated.start()) + 1 if stated else 1
    text = source.split("\n")[line - 1]
    number = version.lstrip("0") or "0"
    return Migration(path, version, number, line=line, text=text, title=found.group("title").lower())


def folder_of(path: str) -> str:
    """Return the folder that Rails is told of; migrations may stand below it."""
    found = PATH.match(path)
    return found.group("folder") if found else ""
