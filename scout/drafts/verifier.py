"""Nothing that a model claims is believed: what it names must stand in the brief or in the repository at the commit.

A claim that does not resolve goes with its sentence where that is decoration; where it carries the draft, the draft
fails. A model's text never adds evidence, and words of others never become the draft's own. Pure.

Source of the idea: Menick et al., Teaching language models to support answers with verified quotes, arXiv:2203.11147
(2022); Min et al., FActScore: atomic facts are supported or not, arXiv:2305.14251 (2023).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from scout.drafts.brief import Brief
from scout.drafts.claims import Claim, ClaimKind, claims
from scout.drafts.known import Known, flat, stems
from scout.drafts.wording import MOST_LINES, Sentence, Wording, sentences
from scout.model import Frozen, Story
from scout.text.sanitise import sanitise_title

_ABOUT = 0.25
"""Share of a sentence's words that the scouts' own words must hold for it to be about the same thing; what it shows of
the evidence counts like such a word."""
_ABOUT_TITLE = 0.5
_TELLING = 8
"""Characters from which a quotation shows something of the evidence, and is no mere word."""
_TOKEN = re.compile(r"[\w.:/()\[\]~-]+")
_WORD = re.compile(r"\w+")
_LINE = re.compile(r":(\d+)$")
_LOUD = re.compile(r"\A(?:[A-Z][A-Z0-9]{3,}\Z|-)|[^\x00-\x7f]")
"""Words in capitals, options and words of other scripts are taken from the scouts alone, outside of code."""
_RUNS = re.compile(r"`[^`]*\s[^`]*`")


class Lookups(Protocol):
    """What can be asked of the repository at the commit, and of the trackers."""

    def path(self, path: str) -> bool:
        """Whether there is a file or folder of this name."""
        ...

    def lines(self, path: str) -> int | None:
        """Return how many lines a file has; None where that is not known."""
        ...

    def symbols(self, words: frozenset[str]) -> frozenset[str]:
        """Return those of the words that stand somewhere in the code."""
        ...

    def ticket(self, key: str) -> bool:
        """Whether there is a ticket of this key."""
        ...


class Verified(Frozen):
    """What is left of a model's words.

    Attributes:
        story: the words that hold; None where one that carries the draft does not.
        faults: what carries the draft and does not resolve, for whoever writes it again.
        removed: what was left out.
    """

    story: Story | None
    faults: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def verify(wording: Wording, brief: Brief, lookups: Lookups) -> Verified:
    """Return the words whose every claim resolves, in the place of the scout's own."""
    own = brief.cluster.lead.story
    known = Known.of(brief)
    written = (wording.title, wording.current, wording.why, wording.wanted, *wording.acceptance, *wording.tests)
    everything = (*written, *wording.scope, *wording.non_goals, *wording.risks)
    found = lookups.symbols(_unknown(everything, known))
    check = _Check(known, lookups, found)
    title = check.title(wording.title)
    current = check.prose("current", wording.current, quoting=True)
    wanted = check.prose("wanted", wording.wanted)
    why = check.prose("", wording.why, quoting=True)
    acceptance = check.listed(wording.acceptance)
    if not acceptance:
        check.faults.append("none of `acceptance` can be checked")
    commands = tuple(one for one in own.acceptance if _RUNS.search(one) and one not in acceptance)
    lists = {
        "tests": check.listed(wording.tests) or own.tests,
        "scope": check.listed(wording.scope) or own.scope,
        "non_goals": check.listed(wording.non_goals) or own.non_goals,
        "risks": check.listed(wording.risks) or own.risks,
    }
    if check.faults:
        return Verified(story=None, faults=tuple(check.faults), removed=tuple(check.removed))
    story = own.having(
        title=title, current=current, why=why or own.why, wanted=wanted, acceptance=(*acceptance, *commands), **lists
    )
    return Verified(story=story, removed=tuple(check.removed))


def _unknown(texts: Iterable[str], known: Known) -> frozenset[str]:
    """Return the words that only the code can tell about."""
    asked = (claim for text in texts for one in sentences(text) for claim in claims(one))
    parts = (part for claim in asked for part in _WORD.findall(claim.text) if claim.kind in _IN_CODE)
    return frozenset(part for part in parts if part not in known.words)


_SHOWN = frozenset({ClaimKind.CODE, ClaimKind.QUOTATION})
_IN_CODE = {ClaimKind.SYMBOL, ClaimKind.PATH, ClaimKind.CODE, ClaimKind.TICKET}


@dataclass
class _Check:
    """Goes through a model's words, and notes what does not hold."""

    known: Known
    lookups: Lookups
    symbols: frozenset[str]
    faults: list[str] = field(default_factory=list[str])
    removed: list[str] = field(default_factory=list[str])

    def title(self, text: str) -> str:
        """Return a title; whatever does not hold in it carries the draft."""
        found = sentences(text.rstrip(" ."))
        reason = (
            "it is no single sentence" if len(found) != 1 else self._wrong(found[0], quoting=False, least=_ABOUT_TITLE)
        )
        if reason:
            self.faults.append(f"`title`: {reason}")
            return text
        return sanitise_title(found[0].markdown(frozenset()))

    def prose(self, name: str, text: str, *, quoting: bool = False) -> str:
        """Return the sentences that hold; without any, the draft fails, if the field has a name."""
        said = sentences(text)
        kept, reasons = self._held(said, quoting=quoting)
        lost_the_first = bool(reasons) and bool(said) and reasons[0][0] == said[0]
        if name and (not kept or lost_the_first):
            self.faults.append(f"`{name}`: {reasons[0][1] if reasons else 'it says nothing'}")
        self.removed += [reason for _, reason in reasons]
        return " ".join(kept)

    def listed(self, lines: Iterable[str]) -> tuple[str, ...]:
        """Return the lines in which everything holds."""
        found: list[str] = []
        for line in tuple(lines)[:MOST_LINES]:
            kept, reasons = self._held(sentences(line), quoting=False)
            self.removed += [reason for _, reason in reasons]
            if kept and not reasons:
                found.append(" ".join(kept))
        return tuple(dict.fromkeys(found))

    def _held(self, said: Iterable[Sentence], *, quoting: bool) -> tuple[list[str], list[tuple[Sentence, str]]]:
        kept: list[str] = []
        reasons: list[tuple[Sentence, str]] = []
        for one in said:
            if reason := self._wrong(one, quoting=quoting):
                reasons.append((one, reason))
            else:
                kept.append(one.markdown(_quoted(one)))
        return kept, reasons

    def _wrong(self, sentence: Sentence, *, quoting: bool, least: float = _ABOUT) -> str:
        """Return why a sentence does not hold, or nothing."""
        shown = set[str]()
        for claim in claims(sentence):
            if not self._resolves(claim, quoting=quoting):
                return f"the {claim.kind.value} `{flat(claim.text)[:80]}` is not in the brief"
            if claim.text.strip() in self.known.names or (claim.kind in _SHOWN and len(claim.text) >= _TELLING):
                shown.add(claim.text)
        if self.known.echoes(_without(sentence, _SHOWN)):
            return "it repeats words of the material as its own"
        about = list(stems(_without(sentence, frozenset(ClaimKind))))
        shared = sum(stem in self.known.stems for stem in about) + len(shown)
        total = len(about) + len(shown)
        return "" if total and shared >= least * total else "it is about something else than the finding"

    def _resolves(self, claim: Claim, *, quoting: bool) -> bool:  # noqa: PLR0911 - one return for each kind
        text = claim.text.strip()
        if claim.kind is not ClaimKind.MENTION and self.known.states(text):
            return True
        match claim.kind:
            case ClaimKind.ADDRESS | ClaimKind.MENTION:
                return False
            case ClaimKind.QUOTATION:
                return self.known.states(text[1:-1]) or (quoting and self.known.says(text[1:-1]))
            case ClaimKind.NUMBER:
                return text in self.known.numbers or text in self.known.words
            case ClaimKind.COMMIT:
                return any(name.startswith(text) for name in self.known.names)
            case ClaimKind.TICKET:
                return self._ticket(text)
            case ClaimKind.PATH:
                return self._path(text) or ("/" not in text and self._symbol(text))
            case ClaimKind.SYMBOL:
                return text in self.known.own if _LOUD.search(text) else self._symbol(text)
            case ClaimKind.CODE:
                return self._code(text, quoting=quoting)

    def _code(self, text: str, *, quoting: bool) -> bool:
        """A command must be a scout's; one word must be a name; more of it must be a quotation."""
        if text in self.known.names:
            return True
        if _TOKEN.fullmatch(text) and (self._path(text) or self._symbol(text)):
            return True
        return quoting and self.known.says(text)

    def _ticket(self, text: str) -> bool:
        bare = text.removeprefix("GH-").lstrip("#!")
        if "/" in text or "#" in bare:
            return False
        if text in self.known.names or bare in self.known.names:
            return True
        return self.lookups.ticket(bare if text[0] in "#!" else text)

    def _path(self, text: str) -> bool:
        line = _LINE.search(text)
        path = (text[: line.start()] if line else text).rstrip("/")
        if text in self.known.names:
            return True
        if path not in self.known.names and not self.lookups.path(path):
            return False
        last = self.lookups.lines(path) if line else None
        return line is None or (last is not None and 1 <= int(line.group(1)) <= last)

    def _symbol(self, text: str) -> bool:
        parts = _WORD.findall(text)
        if "#" in text or "/" in text or not parts:
            return False
        return all(part in self.known.words or part in self.symbols for part in parts)


def _quoted(sentence: Sentence) -> frozenset[str]:
    return frozenset(claim.text for claim in claims(sentence) if claim.kind is ClaimKind.QUOTATION)


def _without(sentence: Sentence, kinds: frozenset[ClaimKind]) -> str:
    """Return a sentence's prose without its claims of some kinds."""
    bare = sentence.prose
    for one in claims(sentence):
        bare = bare.replace(one.text, " … ") if one.kind in kinds else bare
    return bare
