"""Links of pages that lead nowhere, in Markdown and in reStructuredText."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from scout.repository import Tree
from scout.signals._base import View
from scout.signals._markdown import Link, page
from scout.signals._pages import Pages
from scout.signals._paths import Past, is_placeholder, is_there, joined, nearest_path
from scout.signals._references import Reference
from scout.signals.knowledge import _restructured
from scout.text.restructured import Leads

_OUTSIDE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|#|@|~|mailto)", re.IGNORECASE)
_FORGE_WORDS = re.compile(
    r"^(?:issues|pulls?|wiki|releases|actions|discussions|blob|tree|commits?|compare|stargazers|network|labels"
    r"|milestones?|projects?|security|graphs|settings|new|edit|tags|branches|packages|contributors)(?:/|$)"
)
_SUFFIXES = (
    r"mdx?|markdown|rst|adoc|txt|ipynb|png|jpe?g|gif|svg|webp|ico|pdf|mp4|webm|drawio|html?|css|scss|[cm]?[jt]sx?|vue"
    r"|svelte|pyi?|rb|erb|go|rs|java|kt|swift|c|h|cc|cpp|hpp|cs|php|pl|lua|r|sh|bash|ps1|bat|sql|ya?ml|json|toml|cfg|ini"
    r"|conf|env|xml|csv|tsv|nix|tf|proto|graphql|lock|mk|dockerfile|gradle|zip|tar|gz|xlsx?|docx?|pptx?|example|sample"
    r"|template|dist"
)
_SUFFIX = re.compile(rf"\.(?:{_SUFFIXES})$", re.IGNORECASE)
_RENDERED = re.compile(r"\.(?:html?|php|aspx)(?:\.md)?$", re.IGNORECASE)
_SOURCE = re.compile(r"\.(?:mdx?|markdown|rst|ipynb|png|jpe?g|gif|svg|webp|pdf)$", re.IGNORECASE)
_PAGE_ENDINGS = (".md", ".mdx", ".rst", ".markdown", "/index.md", "/README.md")
_WELL_KNOWN = re.compile(
    r"^(?:licen[cs]e|copying|notice|makefile|dockerfile|authors|contributors|codeowners|procfile|gemfile|rakefile)$",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"^(?:www\.[\w-]+\.|[\w-]+\.(?:com|org|net|io|dev|gov|edu|app)(?:/|$))", re.IGNORECASE)
_FORGE_PAGE = re.compile(r"^(?:readme|contributing|security|index|changelog)\.\w+$", re.IGNORECASE)
_WHOLESALE = 40
"""Links of one page that never led anywhere: so many are the work of a generator whose output is not kept."""


def broken(view: View) -> Iterator[Reference]:
    """Give the links that lead nowhere, by page."""
    pages, past, sphinx = Pages(view.tree), Past(view), _restructured.Sphinx(view)
    for path in pages.current(restructured=True):
        text = view.tree.text(path)
        if text is not None and _restructured.is_restructured(path):
            yield from _in_restructured(view, past, sphinx, path, text)
            continue
        if text is None or ("](" not in text and "]:" not in text and "<" not in text):
            continue
        read = page(text)
        judged = (_judged(view, pages, past, path, link, read.lines) for link in read.links)
        found = [reference for reference in judged if reference is not None]
        if sum(one.fate is None for one in found) < _WHOLESALE:
            yield from found


def _judged(view: View, pages: Pages, past: Past, path: str, link: Link, lines: tuple[str, ...]) -> Reference | None:  # noqa: PLR0913, PLR0917 one link's surroundings
    written = re.split(r"[?#]", link.target.strip(), maxsplit=1)[0]
    if not written or _OUTSIDE.search(written) or is_placeholder(written):
        return None
    absolute = written.startswith("/")
    target = joined("" if absolute else path.rpartition("/")[0], unquote(written))
    if not target or is_there(view.tree, target) or (_FORGE_WORDS.search(target) and not _SUFFIX.search(target)):
        return None
    shown = pages.shown_in(path)
    if _holds_from_above(view.tree, path, target) if absolute else _is_shown(view, shown, unquote(written), link):
        return None
    on_forge = pages.on_forge(path)
    if not on_forge and (absolute or any(view.tree.exists(target + ending) for ending in _PAGE_ENDINGS)):
        return None
    fate = past.fate(target)
    is_meant = (
        _is_path(written, target, on_forge=on_forge, routed=pages.routed(path))
        if fate is None
        else on_forge or _SUFFIX.search(target) is not None
    )
    if not is_meant or _is_for_elsewhere(view, path, written):
        return None
    hint = (
        "" if fate else "the address lacks `https://`" if _DOMAIN.search(written) else nearest_path(view.tree, target)
    )
    return Reference(path, link.line, lines[link.line - 1], link.target, target, fate, hint)


def _in_restructured(view: View, past: Past, sphinx: _restructured.Sphinx, path: str, text: str) -> Iterator[Reference]:
    """Give the targets of a page in reStructuredText that are missing for sure."""
    rows = text.replace("\r\n", "\n").split("\n")
    for one in _restructured.targets(text):
        missing = None if _OUTSIDE.search(one.written) or is_placeholder(one.written) else sphinx.missing(path, one)
        if missing is None or (one.leads is not Leads.LABEL and is_there(view.tree, missing)):
            continue
        fate = past.fate(missing)
        shown = sphinx.source(path) is not None or _RENDERED.search(missing) or not _SUFFIX.search(missing)
        if one.leads is Leads.LINK and not fate and shown:
            continue
        hint = (
            "no page has this label" if one.leads is Leads.LABEL else "" if fate else nearest_path(view.tree, missing)
        )
        yield Reference(path, one.line, rows[one.line - 1], one.written, missing, fate, hint)


def _is_shown(view: View, address: str | None, written: str, link: Link) -> bool:
    """Say whether a target that a site leaves as it is leads somewhere from the page's own address."""
    target = None if address is None else joined(address, written)
    if not target:
        return False
    if written.endswith("/") or not _SUFFIX.search(target):
        return is_there(view.tree, target) or any(view.tree.exists(target + ending) for ending in _PAGE_ENDINGS)
    return link.is_html and is_there(view.tree, target)


def _holds_from_above(tree: Tree, path: str, target: str) -> bool:
    """Say whether an absolute target is there below a folder that holds the page: then that is a site's root."""
    folder, _, name = path.rpartition("/")
    roots: list[str] = []
    while folder and not _FORGE_PAGE.search(name):
        roots.append(folder)
        folder = folder.rpartition("/")[0]
    return any(is_there(tree, f"{root}/{target}") for root in roots)


def _is_for_elsewhere(view: View, path: str, written: str) -> bool:
    """Say whether a page of the same name elsewhere has the target beside it: then this one is its source."""
    name = path.rpartition("/")[2]
    if _FORGE_PAGE.search(name) or written.startswith("/"):
        return False
    others = (other for other in view.tree.files if other.endswith(f"/{name}") and other != path)
    return any(view.tree.exists(target) for one in others if (target := joined(one.rpartition("/")[0], written)))


def _is_path(written: str, target: str, *, on_forge: bool, routed: bool) -> bool:
    """Say whether a link that never led anywhere is meant as a path of the repository."""
    if _RENDERED.search(target):
        return False
    if not on_forge:
        return not routed and _SOURCE.search(target) is not None
    if _SUFFIX.search(target):
        return True
    if written.startswith("/"):
        return False
    if written.startswith("./"):
        return True
    return "/" in written.strip("/") or bool(_WELL_KNOWN.match(target.rpartition("/")[2]))
