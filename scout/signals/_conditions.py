"""End conditions that comments name: 'remove once #12 is fixed', 'workaround until Django 5.2'.

What a comment says about the running program ('delete the key after the job is done') is none: there has to be an
instruction to a maintainer or the word workaround, and a condition that somebody can check.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from scout.signals import _vocabulary as words
from scout.signals._days import DATE, due, last_day

_SENTENCE = re.compile(
    r"(?:(?!\f|\n[^\S\n]*\n|(?<=[\w)`'\"])[.!?](?=\s+[A-Z`\"(]|\s*$)|\n\s*[-*•]\s).)+[.!?]?", re.DOTALL
)
_CODE_LINE = re.compile(
    r"[;{}]$|^[\w.$]+\(.*\)$|=>|^(?:if|for|return|import|from|const|let|var|def|else)\b.*[:({;]$|^<\w"
    r"|^\w+:\s\S+\(.*\),?$|^[a-z]+(?:_[a-z0-9]+|[A-Z][a-z0-9]+)+:(?=\s|$)|^(?:\"[^\"]*\"|'[^']*')\.\w+[^\s.]*$"
    r"|^(?:eslint|tslint|stylelint|prettier|biome|istanbul|noqa|type: ignore|pylint|pyright|mypy|ruff|flake8|pragma"
    r"|rubocop|shellcheck|nolint|noinspection|@ts-)\b"
)
_HANGING = re.compile(
    r"(?:^|\s)(?:until|once|when|after|by|and|or|of|the|a|an|to|for|in|on|with|is|are|has|from|that)$", re.IGNORECASE
)
_NOTICE = re.compile(r"\bdeprecated\b.{0,40}\bwill be (?:removed|dropped)\b", re.IGNORECASE | re.DOTALL)
_NEAR = 6
_SHORT_LINE = 50
_MOST_SENTENCE = 1000
_MOST_CLAUSES = 12
_OPT_OUT = re.compile(r"scout:\s*ignore\[[^\n]*")
_OPT_OUT_OR_EXAMPLE = re.compile(rf"{_OPT_OUT.pattern}|{words.EXAMPLE.pattern}", re.IGNORECASE)
_TASK_MARK = re.compile(r"^.*?\b(?:TODO|FIXME|XXX|HACK)\b\W*(?:\([^)]*\)\W*)?", re.DOTALL)
_BOX = re.compile(r"[\u2500-\u259f|]+|([=*~#_+-])\1{4,}")
_QUESTION = re.compile(r"\?\s*$")
_LEADS_ON = re.compile(r"^\W*(?:(?:see|cf|ref\w*|issue|upstream|details?|tracked (?:in|at|by))\b\W*)?$", re.IGNORECASE)
_NO_VERSION_OF = """
until once when after by version versions to for in on than is are at from of the a utf sha iso http https base int
float x v reach release
"""
_NO_NAMES = frozenset(_NO_VERSION_OF.split())
_EXPIRES = re.compile(
    r"\b(?:(?:expires?|expiry|expiration|sunset|end[- ]of[- ](?:life|support))(?: date| on| at| by| is){0,3}"
    r"|(?:valid|supported|needed|required|kept?|disabled|skipped|pinned|ignored)(?: only)? (?:until|till)"
    rf"|(?:delete|remove|drop)(?: this| it)? (?:on|by|after|in|from))\s*(?:[:=]\s*)?(?=(?:{DATE.pattern}))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition at whose coming something was to be done.

    Attributes:
        offset: of its first word in the comment's text.
        sentence: the whole sentence, on one line.
        clause: from the conditional word on, on one line.
        by: the last day named in it, if any: then it is met the day after.
        references: addresses and numbers of issues it names, or means: those of the text beside it.
        versions: names with the version they have to reach, in lower case; the name may be empty.
        on_itself: whether it waits for the very change it came with ('once this is deployed'); where the comment names
            an address or an issue, 'this' is that.
    """

    offset: int
    sentence: str
    clause: str
    by: date | None
    references: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    on_itself: bool

    @property
    def is_hard(self) -> bool:
        """Whether it names a date, a version or a reference."""
        return bool(self.by or self.references or self.versions)


def conditions(text: str) -> Iterator[Condition]:
    """Give the end conditions in a comment's text, at most one a sentence; a line that opts out parts paragraphs.

    What runs on for a thousand characters is no sentence.
    """
    text = _parted(_OPT_OUT_OR_EXAMPLE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text))
    found_in = (found for found in _SENTENCE.finditer(text) if found.group().strip())
    sentences = [(found.start(), found.group()) for found in found_in if len(found.group()) <= _MOST_SENTENCE]
    for at, (start, sentence) in enumerate(sentences):
        before = sentences[at - 1][1] if at else ""
        after = sentences[at + 1][1] if at + 1 < len(sentences) else ""
        found = _condition(sentence, before, after)
        if found is not None:
            offset, clause = found
            near = before if at and _is_joined(text, sentences[at - 1], sentences[at]) else ""
            beside = _meant(sentence, offset, clause, near, after)
            told = f"{before} {sentence[:offset]}"
            described = _described(start + offset, sentence, clause, beside, told)
            named = tuple(filter(words.TRACKED.search, words.REFERENCE.findall(text))) if described.on_itself else ()
            meant = replace(described, on_itself=False, references=described.references or named[:1])
            yield meant if named else described


def _is_joined(text: str, first: tuple[int, str], second: tuple[int, str]) -> bool:
    """Say whether two sentences stand in one paragraph: an address above an empty line is about something else."""
    return re.search(r"\n[^\S\n]*\n", text[first[0] + len(first[1]) : second[0] + 1]) is None


def expiries(text: str) -> Iterator[Condition]:
    """Give the days on which a comment says that something expires or was to go, without any order: 'valid until …'."""
    for found in _SENTENCE.finditer(_parted(_OPT_OUT.sub("", text))):
        if said := _EXPIRES.search(found.group()):
            yield _described(found.start() + said.start(), found.group(), found.group()[said.start() :], ())


def may_hold(lines: list[str]) -> bool:
    """Say whether some of a file's lines read like a condition if they were comments: a cheap question before parsing.

    Args:
        lines: without the marks of comments.
    """
    known = -1
    for at, line in enumerate(lines):
        if at <= known or words.CONDITIONAL.search(line) is None:
            continue
        last = min(at + _NEAR, len(lines))
        while last < min(at + 4 * _NEAR, len(lines)) and any(map(words.CONDITIONAL.search, lines[last - _NEAR : last])):
            last += _NEAR
        known = last - _NEAR
        if next(conditions("\n".join(lines[max(0, at - _NEAR) : last])), None) is not None:
            return True
    return _EXPIRES.search("\n".join(lines)) is not None


def is_hinted(text: str) -> bool:
    """Say whether lines of a file have, after a mark of comments, a word and a conditional one: cheap to ask."""
    after = [line[mark.end() :] for line in text.split("\n") if (mark := words.MARK.search(line))]
    return any(map(words.CONDITIONAL.search, after)) and any(map(words.HINT.search, after))


def _parted(text: str) -> str:
    """Return the text with form feeds for the line ends at which something else begins: code, or another remark."""
    lines = text.split("\n")
    parted = lines[0]
    for before, line in pairwise(lines):
        other = is_code(line) or is_code(before) or _is_remark(before, line)
        parted += ("\f" if other else "\n") + line
    return parted


def is_code(line: str) -> bool:
    """Say whether a line of a comment is no prose: code that was commented out, or a word to a linter."""
    return _CODE_LINE.search(line) is not None


def _is_remark(before: str, line: str) -> bool:
    return 0 < len(before) < _SHORT_LINE and line[:1].isupper() and _HANGING.search(before) is None


def _condition(sentence: str, before: str, after: str) -> tuple[int, str] | None:
    for found in _clauses(sentence):
        clause = found.group("clause")
        never = (words.RECURRING, words.NEGATED, words.TASK, words.RUNTIME)
        if any(pattern.search(clause) for pattern in never) or _is_described(sentence, found):
            continue
        if words.PLANNED.search(clause.partition(",")[0]) and not _is_checkable(clause):
            continue
        if _NOTICE.search(sentence) or _QUESTION.search(sentence) or words.ASIDE.search(sentence[: found.start()]):
            continue
        near = " ".join(_meant(sentence, found.start(), clause, before, after))
        rest = " ".join(words.REFERENCE.findall(f"{sentence[found.end() :]} {after}")[:1])
        day = due(found.group(), f"{before} {sentence[: found.start()]}") or ""
        if _is_meant(sentence, found, f"{before} {sentence} {after}", f"{clause} {near or rest} {day}"):
            return found.start(), found.group()
    return None


def _is_described(sentence: str, found: re.Match[str]) -> bool:
    """Say whether a clause tells what goes on while the program, or its users, are at work."""
    said, is_when = words.DESCRIBES.match(sentence), found.group("word").lower().startswith("when")
    again = said is not None and not words.FIRM.search(said["event"]) and not _is_checkable(said["event"])
    given = (
        words.GIVEN.match(sentence) is not None or words.SUPPOSED.search(sentence[: found.start()]) is not None
    ) and not _is_checkable(found.group("clause"))
    bare = is_when and (again or words.BARE.match(found.group("clause")) is not None)
    return (given or bare) and not words.TASK.search(sentence)


def _is_checkable(clause: str) -> bool:
    return bool(DATE.search(clause) or words.REFERENCE.search(clause) or _versions(clause))


def _clauses(sentence: str) -> Iterator[re.Match[str]]:
    at = 0
    for _ in range(_MOST_CLAUSES):
        found = words.CLAUSE.search(sentence, at)
        if found is None:
            break
        yield found
        at = found.start("clause")


def _meant(sentence: str, offset: int, clause: str, before: str, after: str) -> tuple[str, ...]:
    """Return the references that stand beside a clause which has none: right after it, or what 'this' in it means."""
    if words.REFERENCE.search(clause):
        return ()
    following = f"{sentence[offset + len(clause) :]} {after}"
    first = words.REFERENCE.search(following)
    if first and words.TRACKED.search(first.group()) and _LEADS_ON.match(following[: first.start()]):
        return (first.group(),)
    told = words.REFERENCE.findall(f"{before} {sentence[:offset]}") if words.ANAPHORIC.search(clause) else ()
    return tuple(one for one in told if words.TRACKED.search(one))


def _is_meant(sentence: str, found: re.Match[str], around: str, clause: str) -> bool:
    word = found.group("word").lower()
    task = words.TASK.search(around) is not None or words.MARKED.match(sentence) is not None
    hard = bool(DATE.search(clause) or words.REFERENCE.search(clause) or words.VERSION.search(clause))
    firm = words.FIRM.search(clause) is not None
    soft = firm or words.SOFT.search(clause) is not None
    if word == "by":
        return bool(DATE.search(clause[:40])) and bool(
            words.ALLOWED.search(sentence) or words.PLAIN_ORDER.search(sentence)
        )
    if word in {"until", "till", "pending"} or word.startswith(("blocked", "waiting")):
        return (words.STOPGAP.search(around) is not None and (hard or firm)) or (task and hard and firm)
    outside = f"{sentence[: found.start()].lstrip()}\n{found.group('clause').partition(',')[2]}"
    ordered = words.ORDER.search(f"{outside} {found.group('word')}") is not None
    allowed = words.ALLOWED.search(f"{outside} {found.group('word')}") is not None and (
        words.CODE_WORD.search(sentence) is not None or hard
    )
    plain = words.PLAIN_ORDER.search(_TASK_MARK.sub("", outside, count=1)) is not None
    if task and (ordered or allowed or plain or (word == "once" and hard and firm)):
        return hard or soft
    if ordered or allowed:
        return hard or firm
    return plain and hard and (firm or DATE.search(clause) is not None)


def _described(offset: int, sentence: str, clause: str, beside: tuple[str, ...], told: str = "") -> Condition:
    line = _one_line(clause)
    return Condition(
        offset,
        _one_line(sentence).strip(" -*•"),
        line,
        last_day(line) or due(line, told),
        tuple(words.REFERENCE.findall(line)) or beside,
        _upgraded(line, told) or _versions(line) or _ordered_for(told),
        words.ON_ITSELF.search(line.partition(" ")[2]) is not None,
    )


def _versions(line: str) -> tuple[tuple[str, str], ...]:
    bare = words.REFERENCE.sub(" ", DATE.sub(" ", line))
    named = tuple(
        (name.lower(), number)
        for name, number in words.NAMED_VERSION.findall(bare)
        if name.lower() not in _NO_NAMES and not name.endswith("/")
    )
    known = {version for _, version in named}
    return named + tuple(("", number) for number in words.VERSION.findall(bare) if number not in known)


def _upgraded(line: str, told: str) -> tuple[tuple[str, str], ...]:
    """Return the version that an upgrade without a name means: of what was told of with a version just before."""
    found = _versions(line)
    if words.UPGRADE.search(line) is None or any(name for name, _ in found):
        return ()
    named = _versions(_one_line(told))
    of = next((one for one in reversed(named) if one[0]), None)
    return ((of[0], found[0][1] if found else of[1]),) if of else ()


def _ordered_for(told: str) -> tuple[tuple[str, str], ...]:
    """Return the version with a name that stands right before a condition without one: 'remove in Paint 4.0 when …'."""
    last = words.FOR_VERSION.search(_one_line(told))
    return _versions(last.group()) if last else ()


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", _BOX.sub(" ", text)).strip()
