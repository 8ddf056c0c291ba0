"""Tasks that comments set: TODO, FIXME and the like, and how telling each one is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from scout.signals._vocabulary import REFERENCE
from scout.signals.code._waiting import named
from scout.text.comments import Comment

_MARK = re.compile(
    r"(?<![\w@#.-])@?(?P<mark>TODO|FIXME|XXX|HACK|BUG)\b(?P<whose>\s*\([^)]*\)|\s+@?[a-z][\w.-]*(?=:\s))?\s*[:\-–—]*\s*"
)
_END = re.compile(r"\n\s*\n|\n(?=\s*(?:@|:param|\[?x?\]|[-*•] ))")
_HARM = re.compile(
    r"\b(?:secur\w+|insecure|unsafe|vulnerab\w+|injection|xss|csrf|data loss|los(?:e|es|ing) \w+"
    r"|corrupt\w*|race(?: condition)?s?|dead-?lock\w*"
    r"|leak\w*(?! (?:\w+ ){0,3}(?:domain|knowledge|abstractions?|details?|concerns?|logic|internals?)\b)"
    r"|crash\w*|wrong\w*|incorrect\w*|broken|buggy?"
    r"|breaks?\b(?! down)"
    r"|fails?|failing|silently|swallow\w*|inconsisten\w+|n\+1|too slow|slow|inefficien\w+|expensive|time-?outs?"
    r"|not thread-?safe|exception|never (?:runs?|called|closed|deleted|expires?)|duplicat\w+|unreliable"
    r"|flaky|(?<!must be )(?<!have to be )(?<!has to be )(?<!need to be )(?<!needs to be )hard-?coded)\b",
    re.IGNORECASE,
)
_GRAVE = re.compile(
    r"\b(?:secur\w+|insecure|unsafe|vulnerab\w+|injection|xss|csrf|data loss|corrupt\w*|race condition|dead-?lock\w*"
    r"|crash\w*|incorrect\w*|broken|silently)\b",
    re.IGNORECASE,
)
_SEVERE = re.compile(
    r"\b(?:security|insecure|vulnerab\w+|injection|xss|csrf|data loss|corrupt\w*|race condition"
    r"|dead-?lock\w*|crash\w*)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w/.])@[A-Za-z][\w-]*")
_NOTICE = re.compile(r"(?:this (?:is|was) )?deprecated\b(?! in favou?r)", re.IGNORECASE)
_ISSUE = re.compile(
    r"^#|/(?:issues?|pull|pulls|merge_requests|tickets?|bugs?|discussions)/|show_bug|[?&]id=\d|\b(?:gh|pr|bug|issue|ticket)\b",
    re.IGNORECASE,
)
_NAMES = re.compile(r"`[^`]*`|https?://\S+|\b\w*[a-z][A-Z]\w*\b|\b\w+_\w+\b|\b\w+\(\)")
_NAMING = re.compile(
    r"\b(?:misnamed|misnomer|(?:wrong|mis\w+|incorrect|bad) name|named? (?:wrong|incorrect)\w*|typos?)\b", re.IGNORECASE
)
_TESTING = re.compile(
    r"\bmock(?:s|ed|ing)?\b|\bin tests?\b|\bfor testing\b|\b(?:running|the) tests\b|\btests? fail\w*", re.IGNORECASE
)
_WISH = re.compile(
    r"\b(?:could be|in (?:the )?future|would be nice|nice to have|ideally|eventually|some ?day|in an ideal world)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\?|\b(?:maybe|perhaps|a bit|kind of|consider|should we|do we|is this|why|could we|might)\b"
    r"|^(?:try|explore|investigate|look into|think about|if)\b"
    r"|^(?:review|check|verify|see|find out|figure out|work out) (?:whether|if|how)\b",
    re.IGNORECASE,
)
_STOPGAP = re.compile(
    r"\b(?:work-?arounds?|work around|hack\w*|stop-?gap|kludge|temporar\w+|un-?comment|re-?enable|un-?pin|pin)\b",
    re.IGNORECASE,
)
_EXPLAINS = re.compile(r"\b(?:was|were) \w+ing\b", re.IGNORECASE)
"""What went on before the code at hand was written, which is there because of it."""
_REMARK = re.compile(r"\s*(?!See\b|Ref|Issue|Link|Details|More|I\b)[A-Z]")
_ADDRESS_ONLY = re.compile(r"(?:see:? )?https?://\S+", re.IGNORECASE)
_GRUMBLE = re.compile(
    r"\b(?:or just|somehow|(?:not|n't) (?:really (?:\w+ )?well|\w+ (?:really|very|too|so) well|great)|sucks?|ugly"
    r"|meh|yuck)\b",
    re.IGNORECASE,
)
_MECHANISM = re.compile(
    r"\b(?:because|since|when|whenever|if|due to|as soon as|so that|while|after|before|instead|until|unless)\b|\d",
    re.IGNORECASE,
)
_REMARKS = frozenset({"HACK", "XXX"})
_NEAR = 6
_FAR = 12
_SHORT_ROW = 50
_SHORT = 25
_FEW_WORDS = 3
_LINKED = 3
_WAITED = 2
_MENTIONED = 1
_HARMFUL = 2


@dataclass(frozen=True, slots=True)
class Task:
    """One task in a comment.

    Attributes:
        offset: of its mark in the comment's text.
        mark: such as `TODO`.
        said: what is to be done, on one line, without the mark and without a person's name.
        references: addresses and numbers of issues.
        grave: whether it names harm that cannot be undone or that others can use, and says so without a doubt.
        worth: how telling it is: 3 for a stopgap and 2 for anything else that waits for an issue or a change of
            another project, 1 for another reference and for what the project's own tracker knows already, 2 for a
            word of harm, 1 more for FIXME, XXX, HACK or BUG and for grave harm, 1 less for a question, for what is
            about testing, for a few words; 0 for a wish, for a name, for a line of mere displeasure, and where another
            paragraph of the comment names an issue of the project itself.
    """

    offset: int
    mark: str
    said: str
    references: tuple[str, ...]
    grave: bool
    worth: int


def tasks(comment: Comment, own: str = "") -> Iterator[Task]:
    """Give the tasks of a comment; none where it names an end, which other scouts look after.

    Args:
        comment: what was found.
        own: `owner/name` of the project, lower case, where it is known.
    """
    text = comment.text
    if next(named(text), None) is not None:
        return
    marks = [found for found in _MARK.finditer(text) if _is_mark(text, found)]
    for at, mark in enumerate(marks):
        stop = marks[at + 1].start() if at + 1 < len(marks) else len(text)
        whole = text[mark.end() : stop]
        said = re.sub(r"\s+", " ", _HANDLE.sub("", _own_part(whole))).strip()
        if _ADDRESS_ONLY.fullmatch(said):
            said = f"{_before(text[: mark.start()])} {said}".strip()
        references = tuple(dict.fromkeys(REFERENCE.findall((mark["whose"] or "") + " " + said)))
        grave = _SEVERE.search(_NAMES.sub(" ", said)) is not None and not _doubts(said)
        worth = _worth(mark["mark"], said, references, own)
        filed = () if references else tuple(_filed(text[: marks[0].start()], whole, own=own))
        if filed or (not references and _is_grumble(whole, said)):
            worth = 0
        yield Task(mark.start(), mark["mark"], said, references or filed, grave, worth)


def may_weigh(lines: list[str]) -> bool:
    """Say whether some of a file's lines hold a task of any weight if they were comments: cheap to ask first.

    Args:
        lines: without the marks of comments.
    """
    for at, line in enumerate(lines):
        if _MARK.search(line) is not None:
            near = " ".join(lines[max(0, at - _NEAR) : at + _FAR])
            if REFERENCE.search(near) or _HARM.search(near):
                return True
    return False


def _own_part(whole: str) -> str:
    """Return what belongs to a task of the text behind its mark: up to the end of its paragraph, or another remark."""
    end = _END.search(whole)
    rows = (whole[: end.start()] if end else whole).split("\n")
    for at, (before, row) in enumerate(pairwise(rows), start=1):
        if len(before) < _SHORT_ROW and _REMARK.match(row):
            return "\n".join(rows[:at])
    return "\n".join(rows)


def _filed(before: str, whole: str, *, own: str) -> Iterator[str]:
    """Give the issues of the project itself that the rest of a task's comment names, other paragraphs included."""
    for one in dict.fromkeys(REFERENCE.findall(f"{before}\n{whole}")):
        if _ISSUE.search(one) and any(is_own(one, part) for part in own.split("/")):
            yield one


def _is_grumble(whole: str, said: str) -> bool:
    """Say whether a task is a single line of displeasure that tells neither how nor when it happens."""
    is_short = "\n" not in _own_part(whole).strip()
    return is_short and _GRUMBLE.search(said) is not None and _MECHANISM.search(said) is None


def _before(text: str) -> str:
    """Return the paragraph that ends with a text, on one line."""
    return re.sub(r"\s+", " ", re.split(r"\n\s*\n", text)[-1]).strip(" -*")


def _is_mark(text: str, found: re.Match[str]) -> bool:
    """Say whether a word opens a task: at the start of a line, or followed by a colon or whose it is."""
    before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    return not re.search(r"\w", before) or re.match(r"\s*[:(]", text[found.end("mark") :]) is not None


def is_own(reference: str, own: str) -> bool:
    """Say whether a reference is one to the project's own tracker, by its name or a part of it; a number always is."""
    return "://" not in reference or (own != "" and f"/{own}/" in reference.lower())


def _worth(mark: str, said: str, references: tuple[str, ...], own: str) -> int:
    if _WISH.search(said) or _NOTICE.match(said) or _NAMING.search(said):
        return 0
    elsewhere = [
        one for one in references if _ISSUE.search(one) and not any(is_own(one, part) for part in own.split("/"))
    ]
    linked = 0 if not references else _MENTIONED if not elsewhere else _LINKED if _STOPGAP.search(said) else _WAITED
    told = "" if mark in _REMARKS and _EXPLAINS.search(said) else _NAMES.sub(" ", said)
    harm = _HARMFUL if _HARM.search(told) else 0
    grave = 1 if _GRAVE.search(told) else 0
    urgent = 1 if harm and mark != "TODO" else 0
    return linked + harm + grave + urgent - _doubts(said)


def _doubts(said: str) -> int:
    short = len(said) < _SHORT or len(_NAMES.sub(" ", said).split()) < _FEW_WORDS
    return (short or _QUESTION.search(said) is not None) + (_TESTING.search(said) is not None)
