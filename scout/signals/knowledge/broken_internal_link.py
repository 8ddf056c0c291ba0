"""`broken-internal-link`: a Markdown page links to a file of the same repository that is not there."""

import re
from collections.abc import Iterator
from shlex import quote
from typing import ClassVar
from urllib.parse import unquote

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Moved, Reads, Scout, View, lines
from scout.signals._markdown import Link, page
from scout.signals._pages import Pages
from scout.signals._paths import Past, is_placeholder, is_there, joined, nearest_path
from scout.signals._references import Cause, Reference, causes
from scout.signals._words import counted, listed, title

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
_FRONT_DOOR = re.compile(r"^(?:\.github/|docs/)?(?:readme|contributing|security)\.\w+$", re.IGNORECASE)
_FORGE_PAGE = re.compile(r"^(?:readme|contributing|security|index|changelog)\.\w+$", re.IGNORECASE)
_MANY = 4
_WHOLESALE = 40
"""Links of one page that never led anywhere: so many are the work of a generator whose output is not kept."""


class BrokenInternalLink(Scout):
    """A Markdown page links to a file or folder of this repository that is not there.

    Links are taken from the syntax tree and resolved from the page's folder; on a site whose pages are shown at
    `<page>/`, HTML and targets without an ending may also hold from there. Passed over are: addresses of rendered sites
    (absolute, without an ending, or on a site whose links are routes), placeholders, templates, older versions of the
    documentation, blogs, change logs, release notes, generated, vendored and test pages, pages that another of the same
    name is made from, and targets that `.gitignore` excludes. Links with the same cause are one finding: one missing
    target named by several pages, or one page.

    ## Why it matters
    Whoever follows the link meets 'not found' at the moment they wanted to read on: newcomers most of all. Links break
    when files move, and nothing tells the person who moves them.

    ## What to do with it
    Point the link to where the content is now, or take it out if the content is gone for good.
    `<!-- scout: ignore[broken-internal-link] reason -->` on the line before keeps it.

    ## Severity
    2 when it stands in a README, CONTRIBUTING or SECURITY page at the top, or when four or more links share the cause;
    else 1.

    ## Source
    Tan, Wagner and Treude, Detecting Outdated Code Element References in Software Repository Documentation (EMSE 2024).
    """

    id: ClassVar[str] = "broken-internal-link"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.DOCS
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The target was moved, and two links of one page stayed behind",
            (
                Commit(
                    "2024-01-01",
                    {
                        "README.md": "# Fresco\n\nSee [set-up](docs/setup.md)\nand [a](./b), [c](./docs/setup.md#x).\n",
                        "docs/setup.md": "# Set-up\n\nLong enough to be recognised.\n",
                    },
                ),
                Commit("2024-02-01", {"docs/guide/setup.md": Moved("docs/setup.md")}, "Sort the guide"),
            ),
            "2024-03-01",
            (Expected("README.md", "README.md:3"),),
        ),
        Example(
            "Two pages name a file that was deleted",
            (
                Commit(
                    "2024-01-01",
                    {"a.md": "[link](link.py)\n", "b.md": "Text.\n\n![link](link.py)\n", "link.py": "x = 1\n"},
                ),
                Commit("2024-02-01", {"link.py": None}),
            ),
            "2024-03-01",
            (Expected("link.py", "a.md:1"),),
        ),
        Example(
            "Routes of a site, placeholders, ignored targets, templates, code and links out of the repository",
            (
                Commit(
                    "2024-01-01",
                    {
                        "mkdocs.yml": "site_name: Fresco\n",
                        ".gitignore": "build/\n",
                        "docs/index.md": "[a](/guide) [b](guide/start) [c](guide/)\n",
                        "README.md": lines(
                            "[x](https://example.org/x.md) [y](#top) [z](path/to/it.md) [l](link.md) [w](build/it.md)",
                            "",
                            "`[q](no.md)`",
                            "",
                            "[issues](../../issues) [docs](docs/)",
                        ),
                        "templates/page.md": "[a](missing.md)\n",
                        "hack/limits.md": "[a](limits.yaml)\n",
                        "docs/limits.md": "[a](limits.yaml)\n",
                        "docs/limits.yaml": "a: 1\n",
                        "CHANGELOG.md": "[old](gone.md)\n",
                        "release notes/next.md": "[old](gone.md)\n",
                        "pages/v0.19.0.md": "[old](gone.md)\n",
                        "book/_toctree.yml": "- local: a\n",
                        "book/a.md": "[b](./b)\n",
                        "book/b.md": "# B\n",
                    },
                ),
            ),
            "2024-03-01",
        ),
        Example(
            "Addresses seen from `<page>/` on a site of MkDocs, and two that hold from nowhere",
            (
                Commit(
                    "2024-01-01",
                    {
                        "docs/mkdocs.yml": "site_name: Fresco\ndocs_dir: sources\n",
                        "docs/sources/guide/wash.md": lines(
                            "[rules](../rules/#all) [paint](../../paint/brush/)",
                            "",
                            '<img src="../../img/wall.png">',
                            "",
                            "[gone](../gone/rules/) ![wall](../../img/wall.png)",
                        ),
                        "docs/sources/guide/rules.md": "# Rules\n",
                        "docs/sources/paint/brush.md": "# Brush\n",
                        "docs/sources/img/wall.png": "x",
                    },
                ),
            ),
            "2024-03-01",
            (Expected("docs/sources/guide/wash.md", "docs/sources/guide/wash.md:5"),),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each cause of broken links."""
        for cause in causes(_broken(view), view.history.origin):
            is_known = any(one.fate for one in cause.references)
            is_near = any(one.hint for one in cause.references)
            loud = any(_FRONT_DOOR.search(path) for path in cause.files) or len(cause.references) >= _MANY
            yield Finding(
                signal=self.id,
                subject=cause.subject,
                identity=cause.identity,
                severity=2 if loud else 1,
                kind=self.kind,
                story=_story(cause),
                evidence=tuple(cause.evidence()),
                score=0.9 if is_known else 0.75 if is_near else 0.6,
            )


def _broken(view: View) -> Iterator[Reference]:
    pages, past = Pages(view.tree), Past(view)
    for path in pages.current():
        text = view.tree.text(path)
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
    if not absolute and _is_shown(view, pages.shown_in(path), unquote(written), is_html=link.is_html):
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


def _is_shown(view: View, address: str | None, written: str, *, is_html: bool) -> bool:
    """Say whether a target that a site leaves as it is leads somewhere from the page's own address."""
    target = None if address is None else joined(address, written)
    if not target:
        return False
    if written.endswith("/") or not _SUFFIX.search(target):
        return is_there(view.tree, target) or any(view.tree.exists(target + ending) for ending in _PAGE_ENDINGS)
    return is_html and is_there(view.tree, target)


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


def _story(cause: Cause) -> Story:
    first, number, places = cause.references[0], len(cause.references), cause.places
    one_target = len(cause.targets) == 1
    if len(cause.files) > 1:
        head = title("Repair the links to ", cause.subject, f" on {counted(len(cause.files), 'page')}")
    elif one_target:
        head = title(f"Repair the link to {cause.targets[0].rpartition('/')[2][:40]} in ", cause.subject)
    else:
        head = title(f"Repair {counted(number, 'broken link')} in ", cause.subject)
    again = sorted({f"`{one.fate.now}`" for one in cause.references if one.fate and one.fate.now})
    now = f", now at {listed(again)}" if again else ""
    return Story(
        title=head,
        current=(
            f"{listed(places, 12)} {'link' if len(places) > 1 else 'links'} to what is not in the repository. "
            + cause.fates()
        ),
        why=_why(cause),
        wanted=(
            f"Every one of these links opens what its text promises{now}; "
            "a link whose content is gone for good is taken out together with the sentence that needs it."
        ),
        acceptance=(
            "Each link named above opens an existing file: "
            + "; ".join(f"`{one.written}`" for one in cause.references[:6])
            + (" and the rest." if number > 6 else "."),  # noqa: PLR2004 the places name them all
            f"`git grep -nF {quote(first.written)} -- {quote(first.path)}` finds nothing, or the path exists.",
        ),
        scope=tuple(f"`{path}`" for path in cause.files[:8]),
        non_goals=("Links to other sites.", "Rewriting the pages beyond the sentences that hold these links."),
        size="S" if number <= 10 else "M",  # noqa: PLR2004 ten links are an hour
    )


def _why(cause: Cause) -> str:
    first = cause.files[0]
    if any(_FRONT_DOOR.search(path) for path in cause.files):
        return f"`{first}` is where newcomers start; the link sends them to a page that answers 'not found'."
    if len(cause.files) > 1:
        pages = counted(len(cause.files), "page").capitalize()
        return f"{pages} send their readers to the same dead end, so the content is wanted from several sides."
    return (
        f"Readers of `{first}` are sent on for more and meet 'not found'; they cannot know whether the content moved "
        "or was given up."
    )
