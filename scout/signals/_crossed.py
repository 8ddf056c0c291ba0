"""Since when machines have named something without a break: the moment at which others came to rely on it."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from scout.repository import Change, FileChange
from scout.repository.decoding import decoded
from scout.signals._view import View

_MACHINES = re.compile(
    r"^\.github/workflows/[^/]+\.ya?ml$|^\.circleci/[^/]+\.ya?ml$|^circle\.ya?ml$|^\.travis\.ya?ml$|^\.?appveyor\.ya?ml$"
    r"|(?:^|/)\.gitlab-ci\.ya?ml$|^\.gitlab/[^/]+\.ya?ml$|^Jenkinsfile|^azure-pipelines\.ya?ml$|^\.drone\.ya?ml$"
    r"|^\.buildkite/[^/]+\.ya?ml$|(?:^|/)(?:dockerfile|containerfile)[^/]*$|\.dockerfile$|(?:^|/)crontab[^/]*$",
    re.IGNORECASE,
)
"""Files of systems that run things by themselves, those included that a project has left."""
_ADDRESS = re.compile(r"\b(?:https?|ftp)://[^\s<>|;]+")
_BREAK = timedelta(days=30)
LONG = timedelta(days=60)
"""How much older than its merge a file has to be, so that the merge is not when it came."""
_MAIN_MERGED_IN = re.compile(r"^Merge (?:remote-tracking )?branch '(?:[\w.-]+/)?(?:main|master|trunk|develop)'")


@dataclass(slots=True)
class _Spell:
    """A time in which one file named something; without an end where it does so still."""

    path: str
    start: Change
    end: datetime | None = None


def is_main_merged_in(change: Change) -> bool:
    """Say whether a change merged the main line into a branch that became the main line: what it brought was there."""
    return _MAIN_MERGED_IN.match(change.subject) is not None


def came_first(view: View, path: str, seen: Change) -> datetime:
    """Return when a file came to the main line; when first committed, where the main line was merged in long after."""
    first = min((at for _, at in view.history.work(path)), default=seen.at)
    return first if is_main_merged_in(seen) and seen.at - first > LONG else seen.at


def crossed(
    view: View,
    named: Mapping[str, Collection[str]],
    callers: Mapping[str, Collection[str]],
    common: Collection[str] = (),
) -> dict[str, Change]:
    """Return for each thing the change since which machines have named it without a break of a month.

    A line that is written anew, because a version in it or the name of a script changes, breaks nothing, and neither
    does a move from one system to another.

    Args:
        view: with a history.
        named: by thing the words that name it: names of a script, a host.
        callers: by thing the files that name it now; nothing is said of what none of them names.
        common: things whose words mean much else in other files, where they do not count.
    """
    things: dict[str, list[str]] = defaultdict(list)
    for thing, words in named.items():
        for word in words:
            things[word].append(thing)
    spells = _spells(view, things, {path for paths in callers.values() for path in paths}, common)
    found: dict[str, Change] = {}
    for thing, paths in callers.items():
        names = {name for path in paths for name in view.history.names(path)} if thing in common else paths
        own = sorted(spells[thing], key=lambda one: one.start.at, reverse=True)
        began = min((one.start for one in own if one.end is None and one.path in paths), key=_at, default=None)
        for one in own:
            counts = thing not in common or one.path in names
            if began and counts and one.start.at < began.at and (one.end is None or one.end >= began.at - _BREAK):
                began = one.start
        if began is not None:
            found[thing] = began
    return found


def _at(change: Change) -> datetime:
    return change.at


def _spells(
    view: View, things: Mapping[str, list[str]], callers: Collection[str], common: Collection[str]
) -> Mapping[str, list[_Spell]]:
    """Return when which files named the things."""
    known = {name for path in callers for name in view.history.names(path)}
    words = "|".join(re.escape(word) for word in sorted(things, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.-])(?:{words})(?![\w-])") if words else None
    spells: dict[str, list[_Spell]] = defaultdict(list)
    open_: dict[tuple[str, str], _Spell] = {}
    for change in reversed(view.history.changes if pattern else ()):
        for file in change.files:
            if file.path not in known and file.old_path not in known and not _MACHINES.search(file.path):
                continue
            now = set[str]() if file.status.startswith("D") else _named_in(view, file, pattern, things, common)
            for path in {file.path, file.old_path or file.path}:
                for thing in [thing for at, thing in open_ if at == path and (thing not in now or path != file.path)]:
                    open_.pop((path, thing)).end = change.at
            for thing in sorted(now):
                if (file.path, thing) not in open_:
                    open_[file.path, thing] = _Spell(file.path, change)
                    spells[thing].append(open_[file.path, thing])
    return spells


def _named_in(
    view: View,
    file: FileChange,
    pattern: re.Pattern[str] | None,
    things: Mapping[str, list[str]],
    common: Collection[str],
) -> set[str]:
    """Return the things that a file names after a change.

    The end of an address names no file of the repository, and neither does a file that is fetched under that name.
    """
    content = view.blob(file.after)
    text = decoded(content) if content is not None else None
    if text is None or pattern is None:
        return set()
    fetched = {one.rstrip("/\"')").rpartition("/")[2] for one in _ADDRESS.findall(text)}
    own = set(pattern.findall(_ADDRESS.sub("", text))) - fetched
    named = {thing for word in own for thing in things[word] if thing not in common}
    return named | {thing for word in set(pattern.findall(text)) for thing in things[word] if thing in common}
