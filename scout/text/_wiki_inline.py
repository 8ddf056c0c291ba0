"""One line of Jira wiki text as Markdown.

Every pattern either fails at once or is bounded by the next of its own delimiter, with possessive repetition, so that
a line of any length costs time in proportion to its length. What is inside a mark cannot hold the same mark again:
nesting is as deep as there are kinds of marks.
"""

import re
from collections.abc import Callable

from scout.text._parts import MENTION, linked
from scout.text.render import code_span

_INLINE = re.compile(
    r"\*(?<![\w*]\*)(?=[^\s*])[^*\n]*+(?<!\s)\*(?![\w*])"  # *strong*
    r"|_(?<!\w_)(?=[^\s_])(?:[^_\n]++|(?<=\w)_(?=\w))*+(?<!\s)_(?!\w)"  # _emphasis_
    r"|-(?<![^\s(\[{*_+\"'|,]-)(?=[^\s>-])(?:[^-\n]++|(?<=\w)-(?=\w))*+(?<!\s)-(?![\w>-])"  # -deleted-
    r"|\+(?<![\w+]\+)(?=[^\s+])[^+\n]*+(?<!\s)\+(?![\w+])"  # +inserted+
    r"|\?\?(?<![\w?]\?\?)(?=[^\s?])[^?\n]++(?<!\s)\?\?(?![\w?])"  # ??cited??
    r"|\{\{(?:[^{}\n]++|\{(?!\{)|\}(?!\})|\}(?=\}\}))++\}\}"  # {{monospaced}}
    r"|\{(?:color|anchor)(?::[^{}\n]*+)?\}"
    r"|\[~[^\[\]\n]*+\]\w?"  # [~person]
    r"|\[(?:[^\[\]\n]++|\[[^\[\]\n]*+\])*+\]"  # [link], [text|link]
    r"|!(?<![\w!]!)(?=[^\s!|])[^!|\n]*+(?:\|[^!\n]*+)?!(?!\w)"  # !image.png|thumbnail!
    r"|https?://[^\s|\[\]{}<>\"`]++"
    r"|`++[^`\n]++`++|`{3,}+"  # what Markdown's users write where they should not
    r"|\\(?:[*_\-+^~?{}()\[\]!|#]|(?=[!-/:-@\[-`{-~]))"  # \* of wiki text, and what Markdown would take for an escape
    r"|\*(?<=\S\*)\*?+"  # what could close an emphasis; what opens one and is never closed means nothing
    r"|_(?<=\S_)_*+(?!\w)"
    r"|<(?=[A-Za-z/!?])"
    r"|~~++"
)
_TARGET = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]{1,20}:|www\.|/|#)\S+|[A-Z][A-Z0-9_]+-\d+|\S+\.[a-z]{2,}(?:[/?#]\S*)?")
_IMAGE = re.compile(r"https?://\S+|.*\.(?:png|jpe?g|gif|bmp|svg|webp|tiff?|ico|mov|mp4|avi|pdf)", re.IGNORECASE)
_AFTER_URL = ".,;:!?)'*"
_MARKED = re.compile(r"[*~]|_(?!\w)")
_WORD = re.compile(r"[^\W_]")
_ESCAPED = re.compile(r"\\([\[\]{}|!*_-])")
_BRACKET = re.compile(r"[\[\]]")


def inline(text: str) -> str:
    """Return one line of wiki text as Markdown; never fails, whatever the text is."""
    return _INLINE.sub(_converted, text)


def _converted(match: re.Match[str]) -> str:
    found = match.group()
    return _BY_FIRST[found[0]](found)


def _strong(found: str) -> str:
    return f"**{inline(found[1:-1])}**" if _WORD.search(found) else found.replace("*", r"\*")


def _emphasis(found: str) -> str:
    return f"_{inline(found[1:-1])}_" if _WORD.search(found) else found.replace("_", r"\_")


def _deleted(found: str) -> str:
    return f"~~{inline(found[1:-1])}~~" if _WORD.search(found) else f"-{inline(found[1:])}"


def _inserted(found: str) -> str:
    return inline(found[1:-1])


def _cited(found: str) -> str:
    return f"_{inline(found[2:-2])}_"


def _braced(found: str) -> str:
    return code_span(_ESCAPED.sub(r"\1", found[2:-2])) if found.startswith("{{") else ""


def _bracketed(found: str) -> str:
    if found.startswith("[~"):
        return MENTION if found.endswith("]") else f"{MENTION} {found[-1]}"
    words, bar, rest = found[1:-1].rpartition("|")
    if bar and "|" in words and not _is_target(rest):  # [text|address|tip]
        words, bar, rest = words.rpartition("|")
    target = rest.strip()
    if target.startswith("~"):
        return MENTION
    if target.startswith("^"):
        return linked(_label(words or target[1:]), target[1:])
    if target.lower().startswith("mailto:"):
        return inline(words) if words and "@" not in words else MENTION
    if not _is_target(target) or not (bar or ":" in target):
        return f"[{inline(found[1:-1])}]"
    return linked(_label(words), target) if words.strip() not in {"", target} else _url(target)


def _is_target(text: str) -> bool:
    return _TARGET.fullmatch(text.strip()) is not None


def _label(words: str) -> str:
    return _BRACKET.sub(r"\\\g<0>", inline(words.strip()))


def _image(found: str) -> str:
    name = found[1:-1].partition("|")[0].strip()
    if not _IMAGE.fullmatch(name):
        return f"!{inline(found[1:])}"
    alternative = name.rpartition("/")[2] or name
    return f"!{linked(_BRACKET.sub('', alternative), name)}"


def _url(found: str) -> str:
    url = found.rstrip(_AFTER_URL)
    after = found[len(url) :].replace("*", r"\*")
    return f"<{url}>{after}" if _MARKED.search(url) else f"{url}{after}"


def _escape(found: str) -> str:
    if len(found) == 1:
        return "\\\\"
    return found if found[1] in "*_[]#" else found[1]


def _ticked(found: str) -> str:
    words = found.strip("`")
    ticks = (len(found) - len(words)) // 2
    paired = words and found == f"{'`' * ticks}{words}{'`' * ticks}"
    return found if paired else found.replace("`", "\\`")


_BY_FIRST: dict[str, Callable[[str], str]] = {
    "*": _strong,
    "_": _emphasis,
    "-": _deleted,
    "+": _inserted,
    "?": _cited,
    "{": _braced,
    "[": _bracketed,
    "!": _image,
    "h": _url,
    "`": _ticked,
    "\\": _escape,
    "<": lambda found: f"\\{found}",
    "~": lambda found: "\\~" * len(found),
}
