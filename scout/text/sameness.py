"""Whether two texts that are near each other ask for the same: chosen for precision, for what is merged is not seen.

Weights of words cannot tell siblings from twins: 'Build the nfc module' and 'Build the ldap module' share all but the
word that matters. So titles have the last word: where each names something that the other does not, or they differ by a
number, a platform, a direction or a revocation, two texts ask for different things.
"""

import re

from scout.text.similarity import LONGEST_BODY, Near, Words

SAME = 0.5
"""Least cosine of words from which two texts may ask for the same."""
ALIKE_LEADS = 0.2
"""Least cosine of the characters of their leads."""
FEWEST, FEWEST_OF_TITLE = 3, 2
"""Words that two texts, and two titles, share at least; with fewer, too little was said that could be the same."""
EQUAL = 0.9
"""Cosine of words from which titles may say less."""

_WORD = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+")
_ADDRESS = re.compile(r"<!--.*?-->|https?://\S+", re.DOTALL)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ENDING = re.compile(r"(?<=[a-z]{3})(?:ings?|ed|es|s|ly|e)$")
_EMPTY_WORDS = (
    "the a an is are was were be been to of in on for with and or its it this that when if as at by from we you i "
    "my our can could should would will do does did have has had but so there which what how via using used use "
    "get also any all please issue bug feature request"
)
_CHOICE_WORDS = (
    "new latest introduce option support allow enable option add create update change fix make need some want "
    "able ability"
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
    if near.words < SAME or near.characters < ALIKE_LEADS:
        return False
    first, second = _said(one.title), _said(other.title)
    body, other_body = _said(one.body), _said(other.body)
    named = len((first & second) - _CHOICE)
    if not named or len((first | body) & (second | other_body)) < FEWEST:
        return False
    if named < FEWEST_OF_TITLE and near.words < EQUAL:
        return False
    mine, theirs = first - second - _CHOICE, second - first - _CHOICE
    if any(word[0].isdigit() or word in _DECISIVE for word in mine | theirs):
        return False
    return not (mine and theirs) and (not (mine or theirs) or bool(body and other_body))


def _said(text: str) -> frozenset[str]:
    """Return the words of a text that say something, without endings, names in code whole and in parts."""
    words = _WORD.findall(_ADDRESS.sub(" ", text[:LONGEST_BODY]))
    parts = [part for word in words for part in _HUMP.split(word)]
    return frozenset(_stem(word.lower()) for word in (*words, *parts) if word.lower() not in _EMPTY)


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(_stem, words.split()))


def _stem(word: str) -> str:
    return _ENDING.sub("", word)


_EMPTY = frozenset(_EMPTY_WORDS.split())
_CHOICE = _stems(_CHOICE_WORDS)
_DECISIVE = _stems(_DECISIVE_WORDS)
