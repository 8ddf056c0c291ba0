"""What forms and templates say before anybody has filled them in: their hints and placeholders are not content.

A template of the repository is given as data; the phrases of GitHub's own templates, and confirmations that forms ask
for, are known without it.
"""

import re
from functools import lru_cache

from scout.text.characters import visible

Untouched = frozenset[str]
"""Lines of templates, as `same` writes them."""

NOTHING: Untouched = frozenset()

_MAX_TEMPLATE = 100_000
_MIN_WORDS = 2
_LONGEST = 400
_HEADING = re.compile(r"\s*(?:#{1,6}\s|h[1-6]\.\s|(?:\*\*|__).{1,80}(?:\*\*|__):?\s*$)")
_KEY = re.compile(
    r"^\s*(?:-\s+)?(?:name|about|title|label|labels|assignees|type|id|required|render|options):", re.IGNORECASE
)
_VALUE = re.compile(r"^\s*(?:-\s+)?(?:value|placeholder|description|default):\s*[|>]?[-+]?\s*", re.IGNORECASE)
_MARK = re.compile(r"^\s*(?:[-*+>]\s+|\d{1,3}[.)]\s+|\[[ xX]\]\s*|<!--)+")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_KNOWN = re.compile(
    r"a clear and concise (?:description|explanation|summary)"
    r"|add any other (?:context|information|screenshots)|if applicable,? (?:add|please|include)"
    r"|is your feature request related to a problem\? please describe"
    r"|\[e\.g\.[^\]]{0,40}\]?$|ex\. i'm always frustrated when|tell us (?:what (?:happens|should happen)|about)"
    r"|(?:\w+ ){0,3}\(please complete the following information\)|please complete the following"
    r"|(?:os|browser|version|device|desktop|smartphone)\b[^\w]{0,3}\[?e\.g\."
    r"|(?:go to|click on|scroll down to) ['\"`]?\.{2,4}|see error$"
    r"|(?:please )?(?:describe|explain|provide|paste|insert|enter|fill in|write) "
    r"(?:the |your |any |a )?(?:\w+ ){0,4}(?:here|below)$"
    r"|i(?:'ve| have) (?:searched|read|checked|verified|looked|reviewed|confirmed) "
    r"|i agree to follow|this project's code of conduct|i am (?:willing|interested) (?:to|in)"
    r"|your (?:text|answer|description|issue|code) (?:here|goes here)|replace this (?:text|line)|lorem ipsum"
    r"|<(?:insert|your|please|describe)\b[^>]{0,80}>$|_?no response_?$",
    re.IGNORECASE,
)


def same(line: str) -> str:
    """Return a line as lines are compared: no list marks, no emphasis, no case, one blank between words."""
    bare = _MARK.sub("", line[:_LONGEST]).replace("’", "'")
    return " ".join(bare.replace("**", "").replace("`", "").split()).strip(" *_:\"'").casefold()


@lru_cache(maxsize=64)
def untouched_lines(templates: tuple[str, ...]) -> Untouched:
    """Return the lines of templates that say nothing in a ticket; headings are left out, they structure it.

    Args:
        templates: contents of `.github/ISSUE_TEMPLATE` files, Markdown or YAML forms.
    """
    found: set[str] = set()
    for template in templates:
        for line in visible(template[:_MAX_TEMPLATE]).split("\n"):
            if _HEADING.match(line) or _KEY.match(line):
                continue
            key = same(_VALUE.sub("", line))
            if len(key.split()) >= _MIN_WORDS:
                found.add(key)
    return frozenset(found)


def says_nothing(line: str, untouched: Untouched) -> bool:
    """Return whether a line is what a form said before it was filled in."""
    if len(line) > _LONGEST:
        return False
    key = same(line)
    return key in untouched or _KNOWN.match(key) is not None


def without_comments(markup: str) -> str:
    """Return a block of HTML without its comments, where templates put their hints."""
    return _COMMENT.sub("", markup)
