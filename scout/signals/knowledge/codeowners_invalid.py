"""`codeowners-invalid`: rules of the CODEOWNERS file match nothing, or name no valid owner."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.repository import Ignored
from scout.signals._base import Commit, Example, Expected, Moved, NotApplicable, Reads, Scout, View, lines
from scout.signals._evidence import at_change, at_line
from scout.signals._paths import Fate, Past, nearest_path
from scout.signals._words import counted, listed, sentence

_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_SECTION = re.compile(r"^\^?\[[^\]]+\](?:\[\d+\])?(?:\s|$)")
_OWNER = re.compile(r"^@@?[\w.-]+(?:/[\w./-]+)?$|^[^@\s]+@[^@\s]+\.[^@\s]+$")
_ENDING = re.compile(r"^(?:\*\*/)?\*\.[\w.-]+$")
_WITHIN = re.compile(r"(?:/\*{1,2})+$")
_MANY = 3
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class _Broken:
    """A rule that does nothing: its line and pattern, why, and what became of the path. Owners' names are left out."""

    line: int
    pattern: str
    unmatched: bool
    fate: Fate | None = None
    hint: str = ""


class CodeownersInvalid(Scout):
    """A rule in CODEOWNERS matches no tracked file, or its owner is none.

    The file that the forge reads is taken (`.github/`, the root, `docs/`, `.gitlab/`, in this order). A rule counts
    when its pattern matches no file, link or submodule, or when a line names an owner without a pattern or something
    that is neither `@user`, `@group/team` nor an address. Comments, sections, patterns for an ending (`*.css`) and
    those without owners (exceptions) are passed over, and so are repositories that one person maintains. All rules of
    the file are one finding.

    ## Why it matters
    Forges pass over such rules in silence. What the rule was to protect has moved, and nobody is asked to review it any
    more, although the file says so.

    ## What to do with it
    Point each rule to where the code is now, or take it out.
    `# scout: ignore[codeowners-invalid] reason` on the line before keeps a rule.

    ## Severity
    2 for three or more rules, or when what a rule names has moved and is still there; else 1.

    ## Source
    GitHub Docs, About code owners. Field study: 12 of 12 lines true.
    """

    id: ClassVar[str] = "codeowners-invalid"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A folder was moved, a file never was there, and an owner lacks its pattern",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".github/CODEOWNERS": lines(
                            "# Owners",
                            "* @team/all",
                            "/web/ @team/web",
                            "/api.py @one",
                            "*.toml @two",
                            "@three",
                            "/a.py four",
                        ),
                        "web/index.py": "x = 1\n",
                        "a.py": "a = 1\n",
                    },
                ),
                Commit("2024-02-01", {"site/index.py": Moved("web/index.py")}, "Move the site", author="second"),
            ),
            "2024-03-01",
            (Expected(".github/CODEOWNERS", ".github/CODEOWNERS:3"),),
        ),
        Example(
            "Rules that match, sections, exceptions and comments",
            (
                Commit(
                    "2024-01-01",
                    {
                        "CODEOWNERS": lines(
                            "[Site][2] @team/web",
                            "web/ @team/web # all of it",
                            "",
                            "*.py one@example.org",
                            "/web/index.*",
                            "**/index.py @one",
                            "docs/**/*.md @one",
                        ),
                        "web/index.py": "x = 1\n",
                        "docs/a/b.md": "Text.\n",
                    },
                ),
                Commit("2024-02-01", {"web/more.py": "x = 2\n"}, author="second"),
            ),
            "2024-03-01",
        ),
        Example(
            "One person maintains it",
            (Commit("2024-01-01", {"CODEOWNERS": "/gone/ @one\n", "a.py": "a = 1\n"}),),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for the file, if rules of it do nothing.

        Raises:
            NotApplicable: there are no code owners, or one person maintains the repository.
        """
        path = next((path for path in _PLACES if path in view.tree.files), None)
        if path is None:
            message = "there is no CODEOWNERS file"
            raise NotApplicable(message)
        if view.history.sole_maintainer(view.now):
            message = "one person maintains the repository"
            raise NotApplicable(message)
        broken = list(_broken(view, view.tree.text(path) or ""))
        if broken:
            moved = any(one.fate and one.fate.now for one in broken)
            yield Finding(
                signal=self.id,
                subject=path,
                identity="codeowners",
                severity=2 if moved or len(broken) >= _MANY else 1,
                kind=self.kind,
                story=_story(path, broken),
                evidence=tuple(_evidence(path, broken)),
                score=0.9 if any(one.fate for one in broken) else 0.8,
            )


def _broken(view: View, text: str) -> Iterator[_Broken]:
    past = Past(view)
    paths = (*view.tree.files, *view.tree.links, *view.tree.submodules)
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        words = re.split(r"(?<!\\)\s+", re.sub(r"(?:^|\s)#.*$", "", line).strip())
        if not words[0] or _SECTION.match(line.strip()):
            continue
        pattern, owners = words[0].replace("\\ ", " "), words[1:]
        if (pattern.startswith("@") and not owners) or any(not _OWNER.match(owner) for owner in owners):
            yield _Broken(number, pattern, unmatched=False)
        elif not _ENDING.match(pattern) and not _matches(pattern, paths):
            literal = _WITHIN.sub("", pattern.strip("/"))
            fate = past.fate(literal)
            hint = "" if fate or "*" in literal or "/" not in literal else nearest_path(view.tree, literal)
            yield _Broken(number, pattern, unmatched=True, fate=fate, hint=hint)


def _matches(pattern: str, paths: Sequence[str]) -> bool:
    rule = Ignored({"": pattern.encode("utf-8", "surrogateescape")})
    return any(rule.matches(path) for path in paths)


def _evidence(path: str, broken: Sequence[_Broken]) -> Iterator[Evidence]:
    for one in broken:
        yield at_line(path, one.line, "@" if one.pattern.startswith("@") else one.pattern)
    for change in {one.fate.change.sha: one.fate.change for one in broken if one.fate}.values():
        yield at_change(change)


def _story(path: str, broken: Sequence[_Broken]) -> Story:
    number = len(broken)
    unmatched = [one for one in broken if one.unmatched]
    invalid = [one for one in broken if not one.unmatched]
    said: list[str] = []
    if unmatched:
        names = [f"`{one.pattern}` (line {one.line})" for one in unmatched]
        verb = "matches" if len(unmatched) == 1 else "match"
        said.append(f"In `{path}`, {listed(names, _MOST_NAMED)} {verb} no tracked file.")
    if invalid:
        names = [f"{one.line}" for one in invalid]
        said.append(f"In `{path}`, a pattern or a valid owner is missing on line {listed(names, _MOST_NAMED)}.")
    said += [sentence(f"`{one.pattern}` {one.fate.told}") for one in unmatched if one.fate]
    said += [sentence(f"for `{one.pattern}`, {one.hint}") for one in unmatched if one.hint]
    return Story(
        title=f"Repair {counted(number, 'rule')} of {path} that {'does' if number == 1 else 'do'} nothing",
        current=" ".join(said),
        why=(
            "The forge passes over these rules without a word, so nobody is asked to review what they were written "
            "for, while the file still says that somebody is."
        ),
        wanted=(
            "Each rule matches what it is meant for, at its present place, or is gone; every owner is a user, a team "
            "or an address."
        ),
        acceptance=(
            "`git ls-files` has at least one path for the pattern of every rule.",
            "The forge's own check of the file shows no error.",
        ),
        scope=(f"`{path}`",),
        non_goals=("Deciding anew who owns what.",),
        risks=("A rule that matches again asks its owners for reviews again.",),
        size="S",
    )
