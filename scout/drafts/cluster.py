"""Findings of one cause become one piece of work."""

from collections.abc import Iterable

from scout.model import Evidence, Finding, Frozen, digest


class Cluster(Frozen):
    """Findings of the same cause, the gravest first."""

    findings: tuple[Finding, ...]

    @property
    def lead(self) -> Finding:
        """The finding that gives the work its words."""
        return self.findings[0]

    @property
    def fingerprint(self) -> str:
        """Stable identity of the cause across runs."""
        return self.lead.fingerprint

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence, without repetition, in the order of the findings."""
        return tuple(dict.fromkeys(one for finding in self.findings for one in finding.evidence))

    @property
    def evidence_digest(self) -> str:
        """What was seen, without lines and commits."""
        if len(self.findings) == 1:
            return self.lead.evidence_digest
        return digest(sorted(finding.evidence_digest for finding in self.findings))


def clusters(findings: Iterable[Finding]) -> tuple[Cluster, ...]:
    """Return the findings by cause: scouts group what they see, so one signal and one identity are one cause."""
    by_cause: dict[str, list[Finding]] = {}
    for finding in findings:
        by_cause.setdefault(finding.fingerprint, []).append(finding)
    ordered = (sorted(same, key=lambda f: (-f.severity, -f.score, f.evidence_digest)) for same in by_cause.values())
    return tuple(Cluster(findings=tuple(same)) for same in ordered)
