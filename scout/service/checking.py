"""What code can check about a ticket: files and names in the newest commit, tests beside them, tickets it refers to."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress

from scout.drafts.refinement import Fact
from scout.errors import ScoutError
from scout.model import Evidence, EvidenceKind, Ticket
from scout.repository import FileClass, Repository, Tree
from scout.service.ground import Ground
from scout.service.wiring import Project, Workspace

_NAME = re.compile(r"`(?:[\w.]+[.#:])?([A-Za-z_]\w{3,60})(?:\(\))?`")
_COMPOUND = re.compile(r"_|[a-z][A-Z]|\(\)`$")
_DEFINES = (
    rb"^[ \t]*(?:export |public |private |static |async |pub )*"
    rb"(?:def|class|func|function|fn|interface|struct|type)\s+%s\b"
)
_MOST_NAMES, _MOST_PLACES, _MOST_TICKETS = 5, 3, 5


def checked(
    work: Workspace, project: Project, ground: Ground, ticket: Ticket, others: Mapping[str, Ticket]
) -> tuple[Fact, ...]:
    """Return what holds now about what a ticket's text names; the same world gives the same facts but for their day.

    Args:
        work: the workspace.
        project: the ticket's project.
        ground: what its files say.
        ticket: what is checked.
        others: all tickets of the project by key.
    """
    facts = [*_of_files(ground, ticket), *_of_names(project, ground, ticket), *_of_tickets(ticket, others)]
    return tuple(Fact.of(evidence, claim, work.now.date()) for evidence, claim in facts)


def _of_files(ground: Ground, ticket: Ticket) -> Iterator[tuple[Evidence, str]]:
    for path in ground.resolved(ticket):
        test = ground.test_of(path)
        beside = f"; the tests beside it are in `{test}`" if test and test != path else ""
        yield _at(path, ground.sha), f"is there{beside}"
    for path in ground.gone(ticket):
        query = f"git ls-files -- {path}"
        yield Evidence(kind=EvidenceKind.METRIC, locator=query, seen="", sha=ground.sha, resolved=True), "finds nothing"


def _of_names(project: Project, ground: Ground, ticket: Ticket) -> Iterator[tuple[Evidence, str]]:
    """Give where functions and classes are defined that a text without any file names in backticks."""
    if not ground.sha or ground.resolved(ticket):
        return
    spans = (found for found in _NAME.finditer(f"{ticket.title}\n{ticket.body}") if _COMPOUND.search(found.group()))
    names = list(dict.fromkeys(found.group(1) for found in spans))[:_MOST_NAMES]
    if not names:
        return
    with suppress(ScoutError), Repository.open(project.path) as repository:
        tree = repository.tree(ground.sha)
        for name in names:
            yield from _defined(tree, name)


def _defined(tree: Tree, name: str) -> Iterator[tuple[Evidence, str]]:
    """Give the places that define a name, when they are few: one that stands everywhere leads nowhere."""
    pattern = re.compile(_DEFINES % re.escape(name).encode(), re.MULTILINE)
    found = [file.path for file in tree.search(pattern, lambda one: tree.file_class(one.path) is FileClass.CODE)]
    if len(found) > _MOST_PLACES:
        return
    for path in found:
        lines = tree.content(path).splitlines()
        number = next((at for at, line in enumerate(lines, 1) if pattern.search(line)), 1)
        yield _at(f"{path}:{number}", tree.sha), f"defines `{name}`"


def _of_tickets(ticket: Ticket, others: Mapping[str, Ticket]) -> Iterator[tuple[Evidence, str]]:
    """Give the states of tickets that the text refers to, and of those that block it."""
    text = f"{ticket.title}\n{ticket.body}"
    named = re.findall(r"(?<![\w/&])#(\d{1,7})\b|\b([A-Z][A-Z\d]{1,9}-\d{1,7})\b", text)
    keys = dict.fromkeys((*ticket.blocked_by, *(number or key for number, key in named)))
    known = [others[key] for key in keys if key in others and key != ticket.key]
    for other in known[:_MOST_TICKETS]:
        blocks = " and blocks this" if other.key in ticket.blocked_by and other.state.is_open else ""
        yield Evidence(kind=EvidenceKind.TICKET, locator=other.key, seen="", resolved=True), f"is {other.state}{blocks}"


def _at(locator: str, sha: str) -> Evidence:
    return Evidence(kind=EvidenceKind.FILE, locator=locator, seen="", sha=sha, resolved=True)
