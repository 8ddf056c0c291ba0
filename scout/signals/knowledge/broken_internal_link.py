"""`broken-internal-link`: a page links to a file of the same repository that is not there."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Moved, Reads, Scout, View, lines
from scout.signals._references import Cause, causes
from scout.signals._words import counted, either, listed, title
from scout.signals.knowledge._links import broken

_FRONT_DOOR = re.compile(r"^(?:\.github/|docs/)?(?:readme|contributing|security)\.\w+$", re.IGNORECASE)
_MANY = 4
_MOST_NAMED = 6


class BrokenInternalLink(Scout):
    """A page links to a file or folder of this repository that is not there.

    Links of Markdown are taken from the syntax tree and resolved from the page's folder; on a site that shows its pages
    at `<page>/`, HTML and targets without an ending may also hold from there. In reStructuredText links, images, and
    included and downloaded files count, and where a `conf.py` makes a site of them the pages and labels that `:doc:`,
    `:ref:` and tables of contents name, unless extensions make pages or labels that no source has. Passed over are:
    addresses of rendered sites (absolute, without an ending, or on a site whose links are routes; absolute ones that
    hold below a folder of the page, too), placeholders, templates, older versions of the documentation, blogs, change
    logs, release notes, generated, vendored and test pages, pages that another is made from or includes, and targets
    that `.gitignore` excludes. Links with the same cause are one finding: one missing target named by several pages, or
    one page.

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
            "In reStructuredText: an image, a page, a table of contents, a label, a link and a file that are gone",
            (
                Commit(
                    "2024-01-01",
                    {
                        "docs/conf.py": "project = 'Fresco'\n",
                        "docs/index.rst": lines(
                            "Fresco",
                            "======",
                            "",
                            ".. toctree::",
                            "   :maxdepth: 2",
                            "",
                            "   guide",
                            "   Walls <walls>",
                            "",
                            "See :doc:`guide`, :doc:`/walls`, :ref:`wash` and :ref:`dry`.",
                            "",
                            ".. image:: img/wall.png",
                            ".. image:: img/house.png",
                        ),
                        "docs/guide.rst": ".. _wash:\n\nGuide\n=====\n\n.. literalinclude:: ../wash.py\n",
                        "docs/img/wall.png": "x",
                        "README.rst": "Read `the guide <docs/guide.rst>`_ and `this <docs/gone.rst>`_.\n",
                    },
                ),
            ),
            "2024-03-01",
            (
                Expected("docs/index.rst", "docs/index.rst:8"),
                Expected("README.rst", "README.rst:1"),
                Expected("docs/guide.rst", "docs/guide.rst:6"),
            ),
        ),
        Example(
            "In reStructuredText: code, comments, addresses, patterns, fragments, and pages that an extension makes",
            (
                Commit(
                    "2024-01-01",
                    {
                        "docs/conf.py": "extensions = ['sphinx.ext.autosummary', 'sphinx.ext.autodoc']\n",
                        "docs/index.rst": lines(
                            "See :doc:`api/wall`, :ref:`wall`, :doc:`python:library`, `us <https://example.org/a.rst>`_",
                            "and `there <page.html>`_::",
                            "",
                            "    .. image:: gone.png",
                            "",
                            ".. image:: nowhere/{name}.png",
                            "",
                            ".. An old one:",
                            "   .. image:: old.png",
                            "",
                            ".. toctree::",
                            "   :glob:",
                            "",
                            "   api/*",
                            "",
                            ".. include:: parts/wall.rst",
                        ),
                        "docs/parts/wall.rst": ".. image:: img/wall.png\n",
                        "docs/img/wall.png": "x",
                        "notes.rst": ":doc:`nowhere` and :ref:`nothing` are not for the forge.\n",
                    },
                ),
            ),
            "2024-03-01",
        ),
        Example(
            "Routes of a site, placeholders, ignored targets, templates, code and links out of the repository",
            (
                Commit(
                    "2024-01-01",
                    {
                        "mkdocs.yml": "site_name: Fresco\n",
                        ".gitignore": "build/\n",
                        "app/views/orders/help.md": "[a](/orders/empty.csv)\n",
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
        Example(
            "A site whose root is a folder of its own; a page below, beside the framework of an application",
            (
                Commit(
                    "2024-01-01",
                    {
                        "guide/config.rb": "activate :livereload\n",
                        "guide/source/parts/_wash.md": "![wash](/img/wash.png)\n",
                        "guide/source/README.md": "![wash](/img/wash.png)\n",
                        "guide/source/img/wash.png": "x",
                        "next.config.js": "export default {};\n",
                        "colours/walls.yml": "wall: red\n",
                        "docs/walls.md": "See [the walls](../walls.yml).\n",
                        "pages/about.md": "See [the walls](../walls.yml).\n",
                    },
                ),
            ),
            "2024-03-01",
            (
                Expected("docs/walls.md", "docs/walls.md:1"),
                Expected("guide/source/README.md", "guide/source/README.md:1"),
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each cause of broken links."""
        for cause in causes(broken(view), view.history.origin):
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
    gone = [f"`{target}`" for target in cause.targets[:_MOST_NAMED]]
    more = ["another of those above"] if len(cause.targets) > _MOST_NAMED else []
    page = "there" if len(cause.files) > 1 else f"of `{first.path}`"
    return Story(
        title=head,
        current=(
            f"{listed(places, 12)} {'link' if len(places) > 1 else 'links'} to what is not in the repository. "
            + cause.fates()
        ),
        why=_why(cause),
        wanted=(
            f"{'The link opens what its' if number == 1 else 'These links open what their'} text promises{now}; "
            "a link whose content is gone for good is taken out together with the sentence that needs it."
        ),
        acceptance=(
            f"No link {page} leads to {either(gone + more)}, or the file exists.",
            f"{'The link' if number == 1 else 'Each of the links'}, if it stays, opens what its text names.",
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
