"""Findings of one cause become one piece of work: of one identity, or of several signals at one place."""

from collections.abc import Iterable, Mapping, Sequence

from scout.model import Evidence, EvidenceKind, Finding, Frozen, digest, own_files


class Cluster(Frozen):
    """Findings of the same cause, the gravest first."""

    findings: tuple[Finding, ...]

    @property
    def lead(self) -> Finding:
        """The finding that gives the work its words."""
        return self.findings[0]

    @property
    def others(self) -> tuple[Finding, ...]:
        """What other signals see at the same place, one finding for each."""
        seen = {one.fingerprint: one for one in self.findings if one.fingerprint != self.fingerprint}
        return tuple(seen.values())

    @property
    def fingerprint(self) -> str:
        """Stable identity of the cause across runs."""
        return self.lead.fingerprint

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Identities of all findings, the gravest first."""
        return tuple(dict.fromkeys(one.fingerprint for one in self.findings))

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence, without repetition, in the order of the findings."""
        return tuple(dict.fromkeys(one for finding in self.findings for one in finding.evidence))

    @property
    def paths(self) -> tuple[str, ...]:
        """The files of this project that it is about."""
        return own_files(self.evidence)

    @property
    def evidence_digest(self) -> str:
        """What was seen, without lines and commits."""
        if len(self.findings) == 1:
            return self.lead.evidence_digest
        return digest(sorted(finding.evidence_digest for finding in self.findings))


def clusters(findings: Iterable[Finding]) -> tuple[Cluster, ...]:
    """Return the findings by cause.

    Scouts group what they see, so one signal and one identity are one cause. What several signals say first about one
    line of one file is one cause as well, and so is a finding whose lines all stand among those of another signal's:
    what mends the one mends the other. The gravest of them leads.
    """
    by_identity: dict[str, list[Finding]] = {}
    for finding in findings:
        by_identity.setdefault(finding.fingerprint, []).append(finding)
    same = [sorted(found, key=_gravest) for found in by_identity.values()]
    at: dict[str, list[Finding]] = {}
    for found in same:
        for line in _lines(found[0]):
            at.setdefault(line, []).append(found[0])
    by_place: dict[str, list[list[Finding]]] = {}
    for found in same:
        by_place.setdefault(_place(_wider(found[0], at)), []).append(found)
    groups = (sorted(found, key=lambda each: _gravest(each[0])) for found in by_place.values())
    return tuple(Cluster(findings=tuple(one for found in group for one in found)) for group in groups)


def _wider(finding: Finding, at: Mapping[str, Sequence[Finding]]) -> Finding:
    """Return the finding of another signal whose lines hold all of this one's, and more; otherwise itself."""
    lines = _lines(finding)
    near = at.get(min(lines), ()) if lines else ()
    return next((other for other in near if other.signal != finding.signal and lines < _lines(other)), finding)


def _lines(finding: Finding) -> frozenset[str]:
    """Return the lines of the project's own files that a finding is about."""
    return frozenset(
        one.locator for one in finding.evidence if one.kind is EvidenceKind.FILE and one.line and not one.project
    )


def _place(finding: Finding) -> str:
    """Return the line that a finding is about first; something of its own where it is about no line."""
    first = finding.evidence[0]
    alone = first.kind is not EvidenceKind.FILE or first.line is None or first.project
    return finding.fingerprint if alone else f"{first.sha}:{first.locator}"


def _gravest(finding: Finding) -> tuple[float, float, str, str]:
    return -finding.severity, -finding.score, finding.evidence_digest, finding.fingerprint
