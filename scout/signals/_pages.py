"""Which Markdown pages speak about the present state of this project, and where they are read."""

import re
from collections.abc import Iterator
from functools import cached_property

from scout.repository import FileClass, Tree
from scout.signals._paths import joined

_PAGE = re.compile(r"\.(?:md|mdx|markdown)$", re.IGNORECASE)
_ANY_PAGE = re.compile(r"\.(?:md|mdx|markdown|rst)$", re.IGNORECASE)
_PAST_FOLDERS = (
    r"versioned_docs|version-[\d.x]+|v?\d+\.(?:\d+|x)(?:\.(?:\d+|x))?|archived?|old|[\w.-]+[-_]old|old[-_][\w.-]+|legacy"
    r"|deprecated|blogs?|news|posts?|_posts|newsletters?|meetings?|minutes|changelogs?|changes|releases?"
    r"|release[-_ ]?notes?|\.?changesets?|\.changes|history|rfcs?|adrs?|proposals?|specs"
)
_PAST_PAGES = r"changelog|changes|history|news|releases?|release[-_ ]?notes?|upgrad\w*|migrat\w*|whats?[-_]?new"
_VERSION = r"(?:v\d+(?:\.\d+)+|\d+\.\d+\.\d+)(?:[-.]?(?:a|b|rc|alpha|beta|dev)[\d.]*)?"
_ABOUT_THE_PAST = re.compile(
    rf"(?:^|/)(?:{_PAST_FOLDERS})/|(?:^|/)(?:{_PAST_PAGES})[\w.-]*\.\w+$|(?:^|/){_VERSION}\.[a-z]+$", re.IGNORECASE
)
_RELEASING = re.compile(r"^release\.\w+$", re.IGNORECASE)
_STEPS = re.compile(r"\bgit (?:tag|push|fetch|checkout)\b")
_TEMPLATE = re.compile(
    r"(?:^|/)(?:[\w-]*templates?|archetypes|cookiecutter[\w-]*|scaffold\w*|skeletons?|generators?|stubs?|boilerplates?"
    r"|issue_template|pull_request_template|issue[-_]examples?|(?:examples?|sample)[-_](?:issue|report))(?:/|\.md$)|[{<\[%]|(?:^|/)_?template[\w.-]*\.md$|\.(?:tpl|tmpl|template)\.",
    re.IGNORECASE,
)
_FORGE = re.compile(
    r"(?:^|/)(?:readme|contributing|security|support|code_of_conduct|install|development|hacking|maintainers)(?:\.\w+)?$",
    re.IGNORECASE,
)
_SITE_FILES = {
    "mkdocs.yml": ("docs",),
    "mkdocs.yaml": ("docs",),
    "docusaurus.config.js": ("", "../docs", "docs"),
    "docusaurus.config.ts": ("", "../docs", "docs"),
    "conf.py": ("",),
    "_config.yml": ("",),
    "_config.yaml": ("",),
    "book.toml": ("",),
    "hugo.toml": ("",),
    "hugo.yaml": ("",),
    "antora.yml": ("",),
    "mint.json": ("",),
    "docs.json": ("",),
    "_quarto.yml": ("",),
    "astro.config.mjs": ("",),
    "astro.config.ts": ("",),
    "gatsby-config.js": ("",),
    "nuxt.config.ts": ("",),
    "next.config.js": ("",),
    "next.config.mjs": ("",),
    ".pages": ("",),
    "_sidebar.md": ("",),
    "SUMMARY.md": ("",),
    "_toctree.yml": ("",),
    "_toc.yml": ("",),
    "docfx.json": ("",),
    "sidebars.js": ("",),
    ".gitbook.yaml": ("",),
}
_FRAMEWORKS = re.compile(r"^(?:astro|gatsby|next|nuxt)[.-]config\.\w+$")
_SHOWN_BY_FRAMEWORKS = ("pages", "app", "src/app")
"""Folders whose pages a framework at the root of a repository shows, beside those that are content by their name."""
_ROUTING = """
_config.yml _config.yaml hugo.toml hugo.yaml astro.config.mjs astro.config.ts gatsby-config.js nuxt.config.ts
next.config.js next.config.mjs _quarto.yml mint.json docs.json antora.yml _sidebar.md
"""
_ROUTED = frozenset(_ROUTING.split())
_MKDOCS = frozenset({"mkdocs.yml", "mkdocs.yaml"})
_DOCS_DIR = re.compile(r"^docs_dir\s*:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)
_PLAIN_ADDRESSES = re.compile(r"^use_directory_urls\s*:\s*false\b", re.MULTILINE | re.IGNORECASE)
_FOLDER_PAGE = re.compile(r"^(?:_?index|readme)$", re.IGNORECASE)
_CONTENT = re.compile(
    r"(?:^|/)(?:content|src/pages|src/content|site|website|www|wiki|[\w.-]+\.wiki|\.vitepress|\.vuepress"
    r"|app/views|resources/views)/",
    re.IGNORECASE,
)


class Pages:
    """The Markdown pages of one tree.

    Source of the filters: 836 link findings in 28 public repositories, of which 10 % were true before them.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def current(self, *, restructured: bool = False) -> Iterator[str]:
        """Give the pages that are meant to be true now: no older versions, blogs, change logs, templates, fixtures.

        Args:
            restructured: also pages in reStructuredText.
        """
        wanted = _ANY_PAGE if restructured else _PAGE
        for path in self._tree.files:
            if not wanted.search(path) or _TEMPLATE.search(path) or self._is_past(path):
                continue
            if self._tree.file_class(path) is FileClass.DOCS:
                yield path

    def _is_past(self, path: str) -> bool:
        """Say whether a page is about the past; how to make a release is not."""
        if not _ABOUT_THE_PAST.search(path):
            return False
        folder, _, name = path.rpartition("/")
        if not _RELEASING.match(name) or _ABOUT_THE_PAST.search(f"{folder}/"):
            return True
        return _STEPS.search(self._tree.text(path) or "") is None

    def on_forge(self, path: str) -> bool:
        """Say whether readers meet the page on the forge, where links are paths: not within a site's folder."""
        return self._site(path) is None and not _CONTENT.search(path)

    def routed(self, path: str) -> bool:
        """Say whether the site's links are addresses of rendered pages, not paths of source files."""
        site = self._site(path)
        if site is None:
            return _CONTENT.search(path) is not None
        return site in _ROUTED or _CONTENT.search(path) is not None

    def shown_in(self, path: str) -> str | None:
        """Return the folder that a rendered page's own address is, which relative links are seen from; None for others.

        Sites show `guide/start.md` as `guide/start/`; pages that stand for their folder have its address.
        """
        folder, _, name = path.rpartition("/")
        if not self.routed(path) and not any(path.startswith(one) for one in self._shown_as_folders):
            return None
        stem = name.rpartition(".")[0]
        return folder if _FOLDER_PAGE.match(stem) else f"{folder}/{stem}".strip("/")

    @cached_property
    def _shown_as_folders(self) -> frozenset[str]:
        """The folders, with `/`, whose pages MkDocs shows at addresses that end in `/`."""
        found: set[str] = set()
        for path in self._tree.files:
            folder, _, name = path.rpartition("/")
            text = self._tree.text(path) if name in _MKDOCS else None
            if text is not None and not _PLAIN_ADDRESSES.search(text):
                said = _DOCS_DIR.search(text)
                below = joined(folder, said.group(1) if said else "docs")
                found.add(f"{below}/" if below else "")
        return frozenset(found)

    def _site(self, path: str) -> str | None:
        """Return the file that makes a site of the page's folder, or None."""
        if "/" not in path and _FORGE.search(path):
            return None
        folder = path.rpartition("/")[0]
        while True:
            if folder in self._sites:
                return self._sites[folder]
            if not folder:
                return None
            folder = folder.rpartition("/")[0]

    @cached_property
    def _sites(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for path in self._tree.files:
            folder, _, name = path.rpartition("/")
            of_application = not folder and _FRAMEWORKS.match(name) is not None
            for below in _SHOWN_BY_FRAMEWORKS if of_application else _SITE_FILES.get(name, ()):
                where = _beside(folder, below)
                if where is not None:
                    found.setdefault(where, name)
        return found


def _beside(folder: str, below: str) -> str | None:
    if below.startswith("../"):
        parent = folder.rpartition("/")[0]
        return f"{parent}/{below[3:]}".strip("/") if folder else None
    return f"{folder}/{below}".strip("/")
