"""Let scouts look: contain their faults, resolve their evidence, rank and cap what they found."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from scout.errors import UnavailableError
from scout.model import IN_LINE, Finding, Look, Outcome
from scout.repository import FileClass
from scout.settings import Ignore
from scout.signals._acceptance import on_trial
from scout.signals._base import NotApplicable, Scout, View
from scout.signals._evidence import hidden, ignored, opted_out, resolved, seen
from scout.signals._words import counted

_SHOWS_NOTHING = frozenset(
    {FileClass.VENDORED, FileClass.GENERATED, FileClass.BINARY, FileClass.FIXTURE, FileClass.DATA}
)
_MEDIA = re.compile(
    r"\.(?:gif|png|jpe?g|webp|ico|svg|mp[34]|mov|webm|pdf|woff2?|ttf|eot|otf|zip|gz|jar)$", re.IGNORECASE
)
MOST_OFFERED = 15
"""Findings of one repository that are offered at most: what a reviewer reads in one sitting."""


class Seen(NamedTuple):
    """What a scout saw: findings as it gave them, and files that it wanted and that are not in this clone."""

    findings: tuple[Finding, ...]
    unread: tuple[str, ...]


Eye = Callable[[View, Scout], Seen]


def watch(
    view: View, scouts: Iterable[Scout], ignore: Sequence[Ignore] = (), look: Eye | None = None
) -> tuple[tuple[Finding, ...], tuple[Look, ...]]:
    """Return all findings, the most severe first, and how each scout's look ended, by signal.

    Findings above a cap stay in the list with `offered=False` and the reason. The answer depends on the commit, the
    clock, what trackers say and the set of scouts alone, not on their order. A scout's fault ends that scout's look
    only.

    Args:
        view: what to look at.
        scouts: who looks.
        ignore: places that settings leave out.
        look: lets one scout look; `looking` by default, `_fence.fenced` for scouts of other packages.
    """
    chosen = {scout.id: scout for scout in scouts}
    looked = [_looked(view, chosen[name], ignore, look or looking) for name in sorted(chosen)]
    found = sorted((finding for findings, _ in looked for finding in findings), key=_rank)
    caps = {name: cap for name, scout in chosen.items() if (cap := _cap(scout)) is not None}
    return tuple(_capped(found, caps)), tuple(look for _, look in looked)


def looking(view: View, scout: Scout) -> Seen:
    """Let a scout look here and now."""
    if view.checkout:
        view.tree.missed()
    raw = tuple(scout.look(view))
    return Seen(raw, tuple(path for path in view.tree.missed() if _may_tell(view, path)) if view.checkout else ())


def _may_tell(view: View, path: str) -> bool:
    """Say whether a file that cannot be read might have shown something: what nobody writes by hand shows none."""
    return view.tree.file_class(path) not in _SHOWS_NOTHING and _MEDIA.search(path) is None


def _looked(view: View, scout: Scout, ignore: Sequence[Ignore], look: Eye) -> tuple[list[Finding], Look]:
    try:
        view.needs(scout.reads)
        raw = look(view, scout)
    except UnavailableError as error:
        return [], Look(signal=scout.id, outcome=Outcome.UNAVAILABLE, reason=seen(str(error)))
    except NotApplicable as reason:
        return [], Look(signal=scout.id, outcome=Outcome.NOT_APPLICABLE, reason=seen(str(reason)))
    except Exception as error:  # noqa: BLE001 a scout's fault, whatever it is, must not end the others' looks
        return [], Look(signal=scout.id, outcome=Outcome.ERROR, reason=seen(f"{type(error).__name__}: {error}"))
    own = (Ignore(path=path, reason="the scout's own settings") for path in scout.given.ignore)
    kept, lost = _kept(view, raw.findings, (*ignore, *own))
    if because := _kept_back(scout):
        kept = [one.having(offered=False, because=because) if one.offered else one for one in kept]
    return kept, _told(scout, len(kept), lost, raw.unread)


def _kept(view: View, raw: Iterable[Finding], ignore: Sequence[Ignore]) -> tuple[list[Finding], int]:
    """Return the findings whose evidence holds, one for each fingerprint, and how many are left out."""
    kept: dict[str, Finding] = {}
    lost = 0
    for finding in sorted(raw, key=_rank):
        opened = resolved(view, finding)
        if opened is None or finding.fingerprint in kept:
            lost += 1
        else:
            kept[finding.fingerprint] = ignored(opted_out(view, _shown(view, opened)), ignore)
    return list(kept.values()), lost


def _shown(view: View, finding: Finding) -> Finding:
    """Keep back what not every reader may see: it would be filed where they read."""
    if others := hidden(view, finding):
        because = f"not every reader of this project may see {others[0]}; `visibility` in the settings says who may"
        return finding.having(offered=False, because=because)
    return finding


def _kept_back(scout: Scout) -> str:
    """Return why nothing of a scout is offered, whatever it finds, or nothing."""
    if scout.given.offer is None:
        return on_trial(scout.id)
    return "" if scout.given.offer else "the settings say `offer = false`"


def _cap(scout: Scout) -> int | None:
    return scout.cap if scout.given.cap is None else scout.given.cap


def _told(scout: Scout, kept: int, lost: int, unread: tuple[str, ...]) -> Look:
    """Return how a look ended, honest about what could not be read: nothing found in the rest is no 'absent'."""
    reasons: list[str] = []
    if lost:
        reasons.append(f"{counted(lost, 'finding')} left out: evidence did not resolve, or stands in another one.")
    if unread:
        reasons.append(f"{counted(len(unread), 'file')} could not be read in this clone, first '{seen(unread[0])}'.")
    outcome = Outcome.PRESENT if kept else Outcome.UNAVAILABLE if unread else Outcome.ABSENT
    return Look(signal=scout.id, outcome=outcome, reason=" ".join(reasons), findings=kept, unread=len(unread))


def _rank(finding: Finding) -> tuple[int, float, str, str, str]:
    return (-finding.severity, -finding.score, finding.signal, finding.subject, finding.fingerprint)


def _capped(found: Iterable[Finding], caps: dict[str, int]) -> Iterable[Finding]:
    offered = Counter[str]()
    for finding in found:
        because = _because(finding, offered, caps)
        if finding.offered and because:
            yield finding.having(offered=False, because=because)
            continue
        offered[finding.signal] += finding.offered
        yield finding


def _because(finding: Finding, offered: Counter[str], caps: dict[str, int]) -> str:
    cap = caps.get(finding.signal)
    if cap is not None and offered[finding.signal] >= cap:
        return f"the {cap} strongest of this signal {IN_LINE}"
    if offered.total() >= MOST_OFFERED:
        return f"the {MOST_OFFERED} most severe of this repository {IN_LINE}"
    return ""
