"""Whether two texts that are near each other ask for the same: chosen for precision, for what is merged is not seen.

Weights of words cannot tell siblings from twins: 'Build the nfc module' and 'Build the ldap module' share all but the
word that matters. So titles have the last word: where each names something that the other does not, or they differ by a
number, a platform, a direction or a revocation, two texts ask for different things. Where one title says more,
where it only quotes an error, or where it comes back (a chore, a series, what a site fills in), the bodies have to say
the same.
"""

import re
from collections import Counter
from math import sqrt

from scout.text.similarity import LONGEST_BODY, Near
from scout.text.words import Words

SAME = 0.5
"""Least cosine of words from which two texts may ask for the same."""
ALIKE_LEADS = 0.2
"""Least cosine of the characters of their leads."""
FEWEST, FEWEST_OF_TITLE = 3, 2
"""Words that two texts, and two titles, share at least; with fewer, too little was said that could be the same."""
ENOUGH = 5
"""Words that two bodies share at least where they have to bear out what titles leave open."""
EQUAL = 0.9
"""Cosine of words from which titles may say less; cosine of what two bodies say from which they say the same."""
WITHIN = 0.8
"""Share of the shorter body's words that stand in the other one, from which both tell of one occurrence."""
SERIES = 3
"""Texts under one title from which it is that of something that comes back."""

_WORD = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+")
_ADDRESS = re.compile(r"<!--.*?-->|https?://\S+", re.DOTALL)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ENDING = re.compile(r"(?:(?<=[a-z]{4})ings?|(?<=[a-z]{3})(?:ed|es|s|ly|e))$")
_NAMED = re.compile(r"`([^`]+)`|\"([^\"]+)\"|“([^”]+)”|(?<!\w)'([^']+)'(?!\w)|:\s+(\S+)$")
"""What stands in code or quotes, or alone behind a colon, is a name, even where it is a word like 'any' or 'option'."""
_ERROR = re.compile(
    r"\b(?:assert(?:ion)?s?|ICE|internal compiler error|panick?(?:s|ed)?|segfaults?|traceback|undefined reference|"
    r"\w*exception)\b|\w(?:Error|Exception)\b|\b(?:error|abort|fatal|failed)\b\s*(?::|\bat\b)",
    re.IGNORECASE,
)
"""A title that quotes an error tells what was seen, not what has to be done: one message has many causes."""
_FILLED_IN = re.compile(r"(?:update|create|delete|add|rename) \S+\.\w+", re.IGNORECASE)
"""A title that a site fills in."""
_SMALL_WORDS = "typo typos nit nits misspelled spelling grammar warning warnings translation translations rollup"
_CHORE_WORDS = (
    f"{_SMALL_WORDS} doc docs documentation comment comments wording wrong style guide space spaces whitespace format "
    "formatting link links broken missing outdated old cleanup clean up minor small tiny misc various pile review "
    "regression test tests rolling roll pr prs pull queue backport beta release bump sync english merge branch master "
    "main upstream upgrade update rename fix"
)
"""Work that comes back under the same title: where two titles share only this, or something small, nothing is named."""
_EMPTY_WORDS = (
    "the a an is are was were be been to of in on for with and or its it this that when if as at by from we you i "
    "my our can could should would will do does did have has had but so there which what how via using used use "
    "get also any all please issue bug feature request"
)
_CHOICE_WORDS = (
    "new latest introduce option support allow enable option add create update change fix make need some want "
    "able ability convert mark track tracking consider mention discuss clarify like some way"
)
"""Words of choice: that one title has them and the other not changes nothing."""
_DECISIVE_WORDS = (
    "no not never without remove delete drop revert disable undo retire stop split merge rename move revise "
    "revision another android ios iphone ipad macos mac windows linux ubuntu debian fedora blackberry tizen "
    "mobile desktop web server client frontend backend left right input output read write import export before "
    "after upload download encode decode encrypt decrypt serialize deserialize doc docs documentation test tests "
    "example sample"
)
"""Words that make another request of the same title."""


def same(one: Words, other: Words, near: Near) -> bool:
    """Return whether two texts ask for the same, `near` being how near the one is to the other."""
    if near.words < SAME or near.characters < ALIKE_LEADS or not _enough_is_said(one, other, near):
        return False
    mine, theirs = _more(one.title, other.title), _more(other.title, one.title)
    if (mine and theirs) or _decides(one.title) != _decides(other.title) or any(map(_has_number, mine | theirs)):
        return False
    body, other_body = _said(one.body), _said(other.body)
    shared = len(body & other_body)
    if mine or theirs or near.titled >= SERIES or _comes_back(one.title, other.title):
        return shared >= ENOUGH and shared / sqrt(len(body) * len(other_body)) >= EQUAL
    if _ERROR.search(one.title) or _ERROR.search(other.title):
        return shared >= ENOUGH and shared / min(len(body), len(other_body)) >= WITHIN
    return True


def _enough_is_said(one: Words, other: Words, near: Near) -> bool:
    """Return whether the titles, and the texts, share as many words as it takes to ask for something."""
    first, second = _said(one.title), _said(other.title)
    named = len((first & second) - _CHOICE)
    if not named or (named < FEWEST_OF_TITLE and near.words < EQUAL):
        return False
    return len((first | _said(one.body)) & (second | _said(other.body)) - _CHOICE - _CHORES) >= FEWEST


def _more(title: str, than: str) -> frozenset[str]:
    """Return what a title names that another one does not."""
    names = {word.lower() for found in _NAMED.findall(title) for word in _words("".join(found))}
    return (_said(title) - _said(than) - _CHOICE) | (names - {word.lower() for word in _words(than)})


def _decides(title: str) -> Counter[str]:
    """Return how often each word stands in a title that makes another request of it; a revert is reverted, too."""
    return Counter(stem for stem in (_stem(word.lower()) for word in _words(title)) if stem in _DECISIVE)


def _has_number(word: str) -> bool:
    return word[0].isdigit()


def _comes_back(title: str, other: str) -> bool:
    """Return whether two titles share nothing but chores, something small, or one was filled in by a site."""
    shared = _said(title) & _said(other)
    filled_in = _FILLED_IN.fullmatch(title) or _FILLED_IN.fullmatch(other)
    return bool(filled_in or shared & _SMALL or not shared - _CHORES - _CHOICE)


def _said(text: str) -> frozenset[str]:
    """Return the words of a text that say something, without endings, names in code whole and in parts."""
    return frozenset(_stem(word.lower()) for word in _words(text) if word.lower() not in _EMPTY)


def _words(text: str) -> list[str]:
    words = _WORD.findall(_ADDRESS.sub(" ", text[:LONGEST_BODY]))
    return [*words, *(part for word in words for part in _HUMP.split(word))]


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(_stem, words.split()))


def _stem(word: str) -> str:
    return _ENDING.sub("", word)


_EMPTY = frozenset(_EMPTY_WORDS.split())
_CHOICE = _stems(_CHOICE_WORDS)
_DECISIVE = _stems(_DECISIVE_WORDS)
_SMALL, _CHORES = _stems(_SMALL_WORDS), _stems(_CHORE_WORDS)
