"""Which entries of the register are accidents worth telling, and why; why the others are none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from scout.repository import FileClass
from scout.signals._ci import jobs
from scout.signals._relied import Failure, Relied
from scout.signals._temporary import of_itself
from scout.signals._view import View
from scout.signals.delivery._scripts import explains_itself

MOST = 10
"""How many entries are told; the others stay in the list, with the reason."""
_FEW = 2
"""How many know what hardly anybody knows."""
_LINES = 6
_COMMANDS = 4
_YOUNG = timedelta(days=90)
_OLD = timedelta(days=180)
_LEFT = timedelta(days=730)
_IMPORT = 200
_NUMBERS = ("nobody", "one", "two")
_HURTS = {
    Failure.RELEASE: (5, "releases wait for it"),
    Failure.MERGE: (5, "merges wait for it"),
    Failure.SILENT: (4, "nobody is told when it fails"),
    Failure.IMAGE: (3, "images wait for it"),
    Failure.COMMIT: (3, "commits wait for it"),
}
"""What is worth telling when it fails, how much it hurts, and how one says it."""
_WAITING = frozenset({Failure.RELEASE, Failure.MERGE, Failure.COMMIT})
_HURTING = frozenset(_HURTS) - {Failure.COMMIT}
"""How files hurt that are told: a hook stops one developer, who can leave it out."""
_USUAL = re.compile(
    r"entry-?_?point|^a?wait[-_]|^(?:start|serve|run)(?:[-_]\w+)?(?:\.\w+)?$|^(?:run[-_])?(?:tests?|lint|format)\.\w+$"
    r"|(?:^|[-_])(?:rspec|pytest|jest|cucumber|cypress|playwright|eslint|rubocop)(?:[-_]\w+)?(?:\.\w+)?$"
    r"|(?:^|[-_])(?:labels?|labeler|summar\w+|comment\w*|notif\w+|annotate)(?:[-_.]|$)",
    re.IGNORECASE,
)
_FRONT = re.compile(
    r"(?:readme|contributing|security)[^/]*$|(?:package\.json|go\.mod|pyproject\.toml|setup\.(?:py|cfg)|Cargo\.toml)$"
    r"|\.github/(?:codeowners|[^/]+\.(?:md|ya?ml))$|codeowners$|docs/[^/]+\.md$",
    re.IGNORECASE,
)
_IDLE = ("#", "//", "--", "set -", "import ", "from ", "require", "echo ", "puts ", "warn ", "print(", "git config ")
_FRONT_DOOR = re.compile(
    r"(?:^|/)(?:scripts?|bin)/(?:bootstrap|setup|update|server|console|cibuild|build|install|check|coverage|clean|publish|docs)$"
)
"""Names that scripts have where every repository has the same ones (Scripts To Rule Them All)."""
_TEST = re.compile(r"test|spec", re.IGNORECASE)
_SYNTAX = frozenset({"end", "fi", "done", "esac", "else", "then", "do", "pass", "{", "}", "(", ")", "});", "};"})


def judged(view: View, entries: Sequence[Relied]) -> tuple[Relied, ...]:
    """Return the entries with why each is told, or why it is ordinary: what hurts most first, the ordinary last."""
    alone = view.history.sole_maintainer(view.now)
    said = [_said(view, one, alone=alone) for one in entries]
    running = {
        by.locator.partition(":")[0]: one.name
        for one in said
        if one.kind == "script" and one.told
        for by in one.dependents
    }
    told = sorted((one for one in said if one.told), key=_weight, reverse=True)
    first = {_place(one): one.name for one in reversed(told) if one.kind == "script"}
    said = [_once(one, running, first) for one in said]
    told = sorted((one for one in said if one.told), key=_weight, reverse=True)
    more = f"{MOST} others hurt more"
    kept = (*told[:MOST], *(one.having(told="", ordinary=more) for one in told[MOST:]))
    return (*kept, *(one for one in said if not one.told))


def _said(view: View, one: Relied, *, alone: bool) -> Relied:
    ordinary = _ordinary_service(view, one) if one.kind == "service" else _ordinary(view, one, alone=alone)
    temporary = "" if one.kind == "service" else _temporary(view, one)
    if temporary and ordinary:
        return one.having(told="; ".join((temporary, *_hurts(one))))
    if ordinary:
        return one.having(ordinary=ordinary)
    why = _why_service(one) if one.kind == "service" else _why(one)
    return one.having(told="; ".join(filter(None, (temporary, *why, *_hurts(one)))))


def _once(one: Relied, running: Mapping[str, str], first: Mapping[tuple[str, ...], str]) -> Relied:
    """Return an entry as ordinary where another one is told for the same accident.

    A workflow that a clock starts is told with the script that it runs, a script with its neighbours that fail alike.
    """
    script = running.get(one.name) if one.kind == "schedule" else None
    beside = first.get(_place(one)) if one.kind == "script" else None
    if one.told and script:
        return one.having(told="", ordinary=f"told with {script}, which it runs")
    if one.told and beside not in {None, one.name}:
        return one.having(told="", ordinary=f"told with {beside}, beside which it stands")
    return one


def _place(one: Relied) -> tuple[str, ...]:
    """Return where a script stands and how it fails."""
    return (one.name.rpartition("/")[0], *one.failures)


def _ordinary(view: View, one: Relied, *, alone: bool) -> str:
    """Say why a file of the repository is nobody's accident; empty where it may be one."""
    known = one.known_by or 0
    if known > _FEW:
        return f"{known} people know it"
    reasons = (
        (one.documented, "a page describes it"),
        (bool(one.tested), "a test watches it"),
        (known == 0, "programs wrote it"),
        (_HURTING.isdisjoint(one.failures), _harmless(one)),
        (one.kind == "script" and one.fallback and set(one.failures) == {Failure.SILENT}, "it is tried again"),
        (alone, "hardly more than one person works here"),
        (_is_young(view, one), "it is relied on for less than three months"),
        (_is_imported(view, one), "it came with an import, which hides who knows it"),
        (one.kind == "script" and _is_usual(view, one), "a file of a usual kind"),
        (Failure.RELEASE not in one.failures and _is_explained(view, one), "its first lines say what it is for"),
        (_is_old_image(view, one), "nobody touched its image for two years"),
        (_is_short(view, one), "a few lines, which anybody can read"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _ordinary_service(view: View, one: Relied) -> str:
    """Say why a service is nobody's accident; empty where it may be one."""
    reasons = (
        (_WAITING.isdisjoint(one.failures), "no merge and no release waits for it"),
        (one.fallback, "its failure is answered"),
        (_is_own(view, one), "a workflow of the same house"),
        (_is_young(view, one), "it is relied on for less than three months"),
        (bool(one.pinned), "what is asked for there is pinned"),
        (not one.awaited, "where something waits for it, it is pinned, answered, not used or the forge itself"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _harmless(one: Relied) -> str:
    if Failure.COMMIT in one.failures:
        return "a hook, which whoever commits can leave out"
    if one.kind == "hook":
        return "a hook that nothing waits for"
    return "its failure is reported" if Failure.TOLD in one.failures else "its failure stops nobody"


def _why(one: Relied) -> Iterator[str]:
    known = one.known_by or 0
    yield f"{_NUMBERS[known]} know{'s' if known == 1 else ''} it" if known <= _FEW else f"{known} know it"
    yield "no page" if one.tested is None else "no page, no test"


def _why_service(one: Relied) -> Iterator[str]:
    yield "piped to a shell, unpinned" if one.piped else "unpinned"
    yield "nothing to fall back on"


def _hurts(one: Relied) -> Iterator[str]:
    yield from (_HURTS[failure][1] for failure in one.failures if failure in _HURTS)


def _temporary(view: View, one: Relied) -> str:
    """Say that something calls itself temporary for half a year and is relied on; empty where it does not."""
    said = of_itself(view, one.name) if any(failure in _HURTS for failure in one.failures) else None
    since = view.history.text_since_many(one.name, [said.line]).get(said.line) if said else None
    if since is None or view.now - since[1] < _OLD:
        return ""
    return f"it calls itself temporary since {since[1]:%Y-%m}"


def _weight(one: Relied) -> tuple[int, int]:
    hurts = max((_HURTS[failure][0] for failure in one.failures if failure in _HURTS), default=0)
    more = 2 * bool(one.piped) + (one.known_by == 1) + (not one.fallback) + one.told.startswith("it calls itself")
    return hurts + more, len(one.dependents)


def _is_young(view: View, one: Relied) -> bool:
    began = one.infrastructure_since or one.since
    return began is not None and view.now - began < _YOUNG


def _is_imported(view: View, one: Relied) -> bool:
    seen = view.history.first_seen(one.name)
    return seen is not None and not seen.parents and len(seen.files) >= _IMPORT


def _is_usual(view: View, one: Relied) -> bool:
    """Say whether a script is what every project has: an entry point, a wait, a test, or no code at all."""
    kind, name = view.tree.file_class(one.name), one.name.rpartition("/")[2]
    is_test = kind is FileClass.TEST and _TEST.search(name) is not None
    is_usual = _USUAL.search(name) is not None or _FRONT_DOOR.search(one.name) is not None
    return is_test or is_usual or kind not in {FileClass.CODE, FileClass.OTHER, FileClass.TEST}


def _is_explained(view: View, one: Relied) -> bool:
    return explains_itself(view.tree.text(one.name) or "")


def _is_old_image(view: View, one: Relied) -> bool:
    """Say whether only images need a script whose files nobody touched for two years."""
    paths = {by.locator.rpartition(":")[0] for by in one.dependents}
    touched = [change.at for path in paths for change in view.history.touching(path)[:1]]
    return set(one.failures) <= {Failure.IMAGE} and bool(touched) and view.now - max(touched) >= _LEFT


def _is_short(view: View, one: Relied) -> bool:
    """Say whether a file has hardly a line that does something, in a workflow: a command of its own."""
    if one.kind == "schedule":
        own = [step.script for job in jobs(view.tree) if job.path == one.name for step in job.steps]
        return sum(_lines(text) for text in own) < _COMMANDS
    return _lines(view.tree.text(one.name) or "") < _LINES


def _lines(text: str) -> int:
    """Return how many lines do something: neither blank nor comments nor the syntax around others."""
    rows = (line.strip() for line in text.split("\n"))
    return sum(1 for row in rows if row and row not in _SYNTAX and not row.startswith(_IDLE))


def _is_own(view: View, one: Relied) -> bool:
    """Say whether a repository whose workflows are used belongs to those who own this one, as its first pages tell."""
    owner, slash, _ = one.name.partition("/")
    house = re.compile(rf"(?i)[/@]{re.escape(owner)}/")
    return bool(slash) and any(
        house.search(view.tree.text(path) or "") for path in view.tree.files if _FRONT.match(path)
    )
