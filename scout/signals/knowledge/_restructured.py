"""Pages in reStructuredText, read as those in Markdown are; and what their links mean to Sphinx."""

import re
from functools import cached_property

from scout.repository import FileClass
from scout.signals._base import View
from scout.signals._markdown import MAX_LENGTH, Code, Link, Page
from scout.signals._paths import joined
from scout.text.restructured import Leads, Target, restructured

_ENDINGS = (".rst", ".md", ".txt", ".ipynb", ".myst", ".inc")
_MAKES_PAGES = re.compile(
    r"autosummary|apidoc|autoapi|gallery|exhale|breathe|click_extra|jinja|\bsetup\(app\)|html_extra_path|redoc|automodapi"
)
_LABELS_ELSEWHERE = re.compile(
    r"intersphinx_mapping|autosectionlabel|autodoc|rst_epilog|rst_prolog|todo_link|setup\(app\)"
)
_OWN_LABELS = frozenset({"genindex", "modindex", "search", "py-modindex", "glossary"})
_INCLUDED = re.compile(rb"^\s*\.\. include::\s*(\S+)", re.MULTILINE)


def is_restructured(path: str) -> bool:
    """Say whether a page is written in reStructuredText, by its name."""
    return path.lower().endswith(".rst")


def page(text: str) -> Page:
    """Return a page's literals and blocks, and the links that name a file or an address."""
    text = text.replace("\r\n", "\n")[:MAX_LENGTH]
    read = restructured(text)
    links = (
        Link(one.line, one.written, one.leads is Leads.IMAGE)
        for one in read.targets
        if one.leads in {Leads.LINK, Leads.FILE, Leads.IMAGE}
    )
    code = (Code(one.line, one.text, one.language, one.block) for one in read.code)
    return Page(tuple(text.split("\n")), tuple(links), tuple(code))


def targets(text: str) -> tuple[Target, ...]:
    """Return what a page leads to."""
    return restructured(text[:MAX_LENGTH]).targets


class Sphinx:
    """The sources of the documentation that Sphinx builds from one tree."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._labels: dict[str, frozenset[str]] = {}

    def source(self, path: str) -> str | None:
        """Return the folder of the `conf.py` that a page belongs to; None where there is none."""
        folder = path.rpartition("/")[0]
        while True:
            if f"{folder}/conf.py".lstrip("/") in self._view.tree.files:
                return folder
            if not folder:
                return None
            folder = folder.rpartition("/")[0]

    def missing(self, path: str, target: Target) -> str | None:
        """Return what a target means that is missing for sure: a path from the root, or a label; else None."""
        source = self.source(path)
        written = target.written.partition("#")[0].strip()
        if not written or path in self._fragments:
            return None
        if target.leads is Leads.LABEL:
            return target.written if source is not None and self._has_no_label(source, target.written) else None
        if written.startswith("/") and (source is None or target.leads is Leads.LINK):
            return None
        roots = _between(source or "", path) if written.startswith("/") else (path.rpartition("/")[0],)
        places = [at for root in roots if (at := joined(root, written))]
        endings = ("", *_ENDINGS, "/index.rst") if target.leads is Leads.PAGE else ("",)
        if not places or any(self._view.tree.exists(at + ending) for at in places for ending in endings):
            return None
        if target.leads is Leads.PAGE:
            return None if source is None or ":" in written or self._makes_pages(source) else f"{places[0]}.rst"
        return places[0]

    @cached_property
    def _fragments(self) -> frozenset[str]:
        """Pages that others include: their paths may be meant from there."""
        found: set[str] = set()
        for file in self._view.tree.search(_INCLUDED, lambda file: is_restructured(file.path)):
            folder = file.path.rpartition("/")[0]
            for raw in _INCLUDED.findall(self._view.tree.content(file.path)):
                included = raw.decode("utf-8", "replace")
                source = self.source(file.path) or ""
                found.add(joined(source if included.startswith("/") else folder, included) or "")
        return frozenset(found)

    def _makes_pages(self, source: str) -> bool:
        return _MAKES_PAGES.search(self._configuration(source)) is not None

    def _configuration(self, source: str) -> str:
        return self._view.tree.text(f"{source}/conf.py".lstrip("/")) or ""

    def _has_no_label(self, source: str, label: str) -> bool:
        if ":" in label or label in _OWN_LABELS or _LABELS_ELSEWHERE.search(self._configuration(source)):
            return False
        if source not in self._labels:
            self._labels[source] = self._labels_below(source)
        return label not in self._labels[source]

    def _labels_below(self, source: str) -> frozenset[str]:
        inside = f"{source}/" if source else ""
        found: set[str] = set()
        for path in self._view.tree.files:
            if path.startswith(inside) and path.endswith((".rst", ".md", ".txt", ".inc")):
                if self._view.tree.file_class(path) is FileClass.BINARY:
                    continue
                text = self._view.tree.text(path) or ""
                found |= restructured(text).labels
                found.update(
                    one.lower()
                    for one in re.findall(r"^\s*\(([\w .-]+)\)=|:name: (\S+)", text, re.MULTILINE)
                    for one in one
                )
        return frozenset(found)


def _between(source: str, path: str) -> tuple[str, ...]:
    """Return the folders that may be the root of a page's site: that of the configuration, and those below it."""
    folders = [source]
    for part in path.removeprefix(f"{source}/" if source else "").split("/")[:-1]:
        folders.append(f"{folders[-1]}/{part}".lstrip("/"))
    return tuple(folders)
