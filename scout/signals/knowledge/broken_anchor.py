"""`broken-anchor`: a page links to a heading that the target page does not have."""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar
from urllib.parse import unquote

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._markdown import MAX_LENGTH, Link, page
from scout.signals._pages import Pages
from scout.signals._paths import joined
from scout.signals._references import Cause, Reference, causes
from scout.signals._words import counted, listed, title
from scout.signals.knowledge._anchors import anchors, nearest
from scout.signals.knowledge._anchors import written as looked_for

_PAGE = re.compile(r"\.(?:md|markdown)$", re.IGNORECASE)
_ON_FORGE = re.compile(
    r"^[^/]+\.(?:md|markdown)$|(?:^|/)(?:readme|contributing|security|support|development)\.(?:md|markdown)$|^\.github/.*\.md$",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"ALL-CONTRIBUTORS-(?:LIST|BADGE)")
_OUTSIDE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|/|@|~)", re.IGNORECASE)
_OF_THE_FORGE = re.compile(
    r"^(?:L\d+|(?:.*-)?top|readme|readme-ov-file|start|content|.*ov-file|issuecomment-\d+|discussion.*|:~:.*)$",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"[{}<>$*|]|\.\.\.|^(?:link|todo|tbd|anchor|url|section|link-to-.*)?$", re.IGNORECASE)
_INCLUDES = re.compile(r"\{%|\{\{|<!--\s*(?:toc|include)|:::|\{include\}|^--8<--", re.IGNORECASE | re.MULTILINE)
_FRONT_DOOR = re.compile(r"^(?:\.github/|docs/)?(?:readme|contributing|security)\.\w+$", re.IGNORECASE)
_MANY = 4


class BrokenAnchor(Scout):
    """A page that the forge renders links to a heading that is not on the target page.

    Links within a page and to other Markdown pages count, on pages that are read on the forge: pages of documentation
    sites make their anchors in ways of their own. Headings, HTML ids, MyST and kramdown marks are known. Pages that
    include others are passed over as targets.
    Links of one page, or to one heading from several pages, or on a line that several pages share, are one finding.

    ## Why it matters
    The reader lands at the top of a long page, or stays where they are, and has to search for what the link promised.
    Tables of contents rot in this way.

    ## What to do with it
    Use the anchor of the present heading, or take the link out.
    `<!-- scout: ignore[broken-anchor] reason -->` on the line before keeps it.

    ## Severity
    2 for four and more links, else 1.

    ## Source
    GitHub Docs, Basic writing and formatting syntax: section links. Field study: 4 of 4 findings true.
    """

    id: ClassVar[str] = "broken-anchor"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.DOCS
    cap: ClassVar[int | None] = 3
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A table of contents kept the old heading, and another page's heading is gone",
            (
                Commit(
                    "2024-01-01",
                    {
                        "README.md": lines(
                            "# Fresco",
                            "",
                            "- [Set-up](#setting-things-up)",
                            "- [Use](#use)",
                            "- [Tools](CONTRIBUTING.md#tooling)",
                            "",
                            "## Set things up",
                            "",
                            "## Use",
                        ),
                        "CONTRIBUTING.md": "# Contributing\n\n## Tests\n",
                    },
                ),
            ),
            "2024-03-01",
            (Expected("README.md", "README.md:3"),),
        ),
        Example(
            "Translations of a page copied a line whose heading has another name in each",
            (
                Commit(
                    "2024-01-01",
                    {
                        "README.md": "# Fresco\n\n[![Backers](b.svg)](#backers)\n\n## Backers\n",
                        "README-DE.md": "# Fresco\n\n[![Backers](b.svg)](#backers)\n\n## Unterstützer\n",
                        "README-NL.md": "# Fresco\n\n[![Backers](b.svg)](#backers)\n\n## Steun\n\n[e](#x)\n",
                        "README-IT.md": "# Fresco\n\n[altro](#y)\n",
                    },
                ),
            ),
            "2024-03-01",
            (Expected("README-DE.md", "README-DE.md:3"), Expected("README-IT.md", "README-IT.md:3")),
        ),
        Example(
            "Headings with marks, ids, lines of code, sites, includes, fences and pages that are not there",
            (
                Commit(
                    "2024-01-01",
                    {
                        "mkdocs.yml": "site_name: Fresco\n",
                        "docs/a.md": "[x](#nothing)\n",
                        "README.md": lines(
                            "# Fresco & `co_de`.py",
                            "",
                            "[a](#fresco--co_depy) [b](#named) [c](#L12) [d](gone.md#x) [e](app.py#L3) [f](#top)",
                            "[g](part.md#anything) [h](#h%C3%BCtte) [i](#mark) [j](#Fresco--co_depy) [k](#small)",
                            "[l](#-wash)",
                            "",
                            '<a name="named"></a>',
                            "",
                            "## Hütte",
                            "",
                            "(mark)=",
                            "",
                            "<h3>Small</h3>",
                            "",
                            '## <a name="hand"></a> Wash',
                        ),
                        "part.md": "{% include 'x.md' %}\n",
                        "app.py": "a = 1\n",
                    },
                ),
            ),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each page, or for each heading that several pages miss."""
        for cause in _families(causes(_broken(view), view.history.origin)):
            near = any(one.hint for one in cause.references)
            loud = len(_written(cause) if _is_family(cause) else cause.references) >= _MANY
            front = any(_FRONT_DOOR.search(path) for path in cause.files)
            yield Finding(
                signal=self.id,
                subject=cause.subject,
                identity=cause.identity,
                severity=2 if loud else 1,
                kind=self.kind,
                story=_story(cause),
                evidence=tuple(cause.evidence()),
                score=0.6 + 0.15 * near + 0.1 * front,
            )


def _broken(view: View) -> Iterator[Reference]:
    pages = Pages(view.tree)
    known: dict[str, frozenset[str] | None] = {}
    for path in pages.current():
        text = view.tree.text(path) if _ON_FORGE.search(path) and pages.on_forge(path) else None
        if text is None or "#" not in text or _OTHERS.search(text) or len(text) > MAX_LENGTH:
            continue
        read = page(text)
        for link in read.links:
            if (meant := _meant(path, link)) is None:
                continue
            target, anchor = meant
            if target not in known:
                known[target] = _places(view, target)
            places = known[target]
            if places is not None and looked_for(anchor) not in places:
                heading = nearest(view.tree.text(target) or "", anchor)
                hint = f"the nearest heading there is '{heading[:60]}'" if heading else ""
                line = read.lines[link.line - 1]
                yield Reference(path, link.line, line, link.target, f"{target}#{anchor}", None, hint)


def _meant(path: str, link: Link) -> tuple[str, str] | None:
    """Return the page and the anchor that a link means; None where it means something else."""
    written, mark, anchor = link.target.partition("#")
    anchor = unquote(anchor)
    if not mark or link.is_image or _OUTSIDE.match(written) or "?" in written:
        return None
    if _OF_THE_FORGE.match(anchor) or _PLACEHOLDER.search(anchor) or not anchor.strip("-_"):
        return None
    target = joined(path.rpartition("/")[0], unquote(written)) if written else path
    return (target, anchor) if target and _PAGE.search(target) else None


def _places(view: View, target: str) -> frozenset[str] | None:
    """Return the anchors of a page; None when it is not there or cannot be known whole."""
    text = view.tree.text(target) if target in view.tree.files else None
    if text is None or len(text) > MAX_LENGTH or _INCLUDES.search(text):
        return None
    places = anchors(text)
    return places | {f"{place}-{number}" for place in places for number in range(1, 10)}


def _families(found: Iterable[Cause]) -> Iterator[Cause]:
    """Give the causes, with those of pages together that share a line: translations of one page copied its links."""
    families: list[tuple[set[tuple[str, str]], list[Cause]]] = []
    for cause in found:
        lines = {(one.written, one.text.strip()) for one in cause.references if one.written.startswith("#")}
        known = next((family for family in families if family[0] & lines), None)
        if known is None:
            families.append((lines, [cause]))
        else:
            known[0].update(lines)
            known[1].append(cause)
    for lines, members in families:
        if len(members) == 1:
            yield members[0]
        else:
            references = tuple(one for member in members for one in member.references)
            yield Cause(members[0].subject, f"copies of {min(lines)[0]}", references)


def _is_family(cause: Cause) -> bool:
    return len(cause.files) > 1 and len(cause.targets) > 1


def _written(cause: Cause) -> list[str]:
    return list(dict.fromkeys(f"`{one.written}`" for one in cause.references))


def _told(cause: Cause) -> str:
    if _is_family(cause):
        return f"These pages share the lines, and none of them has the headings that {listed(_written(cause), 6)} mean."
    return cause.fates()


def _story(cause: Cause) -> Story:
    number = len(cause.references)
    if _is_family(cause):
        head = title("Repair the links to ", listed(_written(cause), 1), f" on {counted(len(cause.files), 'page')}")
    elif len(cause.files) > 1:
        head = title("Repair the links to ", cause.subject, f" on {counted(len(cause.files), 'page')}")
    elif number == 1:
        head = title(f"Repair the link to #{cause.targets[0].partition('#')[2][:40]} in ", cause.files[0])
    else:
        head = title(f"Repair {counted(number, 'link')} to missing headings in ", cause.files[0])
    return Story(
        title=head,
        current=(
            f"{listed(cause.places, 12)} {'link' if number > 1 else 'links'} to headings that are not there. "
            + _told(cause)
        ),
        why=f"Readers of `{cause.files[0]}` who follow the link stay where they are, or land at the top of the page.",
        wanted="Each link leads to the heading that has the content now, or is taken out.",
        acceptance=(
            "Each of these leads to its heading when the page is read on the forge: "
            + "; ".join(f"`{one.written}`" for one in cause.references[:8])
            + ".",
        ),
        scope=tuple(f"`{path}`" for path in cause.files[:8]),
        non_goals=("Renaming headings that other pages link to.",),
        size="S",
    )
