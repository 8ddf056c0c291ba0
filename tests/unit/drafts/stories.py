"""Findings as scouts make them, for tests of drafts."""

from datetime import UTC, date, datetime

from scout.drafts import Brief, Excerpt, brief, clusters, permalinks
from scout.model import Candidate, Decision, Draft, Event, Evidence, EvidenceKind, Finding, Readiness, Story, WorkKind

SHA = "0123456789abcdef0123456789abcdef01234567"
DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GITHUB = permalinks("https://token@github.com/demo/demo.git", SHA)

STORIES = {
    "broken-internal-link": Story(
        title="Repair two links in docs/guide.md",
        current="`docs/guide.md` links to two pages that the repository does not have.",
        why="Who follows the guide ends on an error page.",
        wanted="Every relative link in `docs/guide.md` opens a page of this repository.",
        acceptance=("Every relative link in `docs/guide.md` names a tracked file.",),
        scope=("The links in `docs/guide.md`.",),
        non_goals=("Links to other sites.",),
    ),
    "temporary-old": Story(
        title="Remove the workaround in app/client.py: library 2.0 is required now",
        current="A comment in `app/client.py` says 'until library 2.0 is required'. `requirements.txt` requires 2.1.",
        why="The workaround hides errors of the library and is read as if it were still needed.",
        wanted="`app/client.py` calls the library without the workaround.",
        acceptance=("The comment and the branch below it are gone.", "`pytest tests/test_client.py` passes."),
        tests=("`tests/test_client.py`: a call without the workaround.",),
        scope=("`app/client.py`.",),
        non_goals=("Other workarounds in the same file.",),
        risks=("An old installation of the library fails at import.",),
        size="M",
    ),
    "doc-command-missing": Story(
        title="Replace `make setup` in README.md",
        current="`README.md` tells readers to run `make setup`; the Makefile has no such target.",
        why="It is the first command that a newcomer runs.",
        wanted="Each command in `README.md` runs.",
        acceptance=("Each `make` target named in `README.md` exists in the Makefile.",),
    ),
    "ci-reference-missing": Story(
        title="Restore or drop scripts/check.sh in the release workflow",
        current="`.github/workflows/release.yml` runs `scripts/check.sh`, which is not tracked.",
        why="The release stops at that step.",
        wanted="Every script that the workflow runs is tracked, or the step is gone.",
        acceptance=("`git ls-files scripts/check.sh` prints a line, or the workflow does not name it.",),
        size="S",
    ),
    "load-bearing-script": Story(
        title="Give scripts/export.py a test",
        current="`scripts/export.py` is run by the nightly workflow, has 140 lines and no test.",
        why="A mistake in it is noticed by those who miss the export.",
        wanted="A test runs the script's main path on sample input.",
        acceptance=("`pytest tests/test_export.py` runs the script's main path.",),
        tests=("`tests/test_export.py`: one run on two rows.",),
        non_goals=("Rewriting the script.",),
        size="M",
    ),
}


def finding(
    signal: str = "broken-internal-link",
    *,
    subject: str = "docs/guide.md",
    seen: str = "[setup](setup.md)",
    severity: int = 2,
    score: float = 0.5,
    **changes: object,
) -> Finding:
    """Return a finding of a scout about a subject: work on documentation, if nothing else is said."""
    made = Finding(
        signal=signal,
        subject=subject,
        severity=severity,
        score=score,
        kind=WorkKind.DOCS,
        story=STORIES.get(signal, STORIES["broken-internal-link"]),
        evidence=(
            Evidence(kind=EvidenceKind.FILE, locator=f"{subject}:12", seen=seen, sha=SHA, resolved=True),
            Evidence(kind=EvidenceKind.COMMIT, locator=SHA, seen="removed setup.md", resolved=True),
        ),
    )
    return made.having(**changes)


def brief_of(one: Finding, **changes: object) -> Brief:
    """Return the brief on a finding."""
    made = brief(
        clusters([one])[0],
        project="demo",
        sha=SHA,
        seen_on=DAY,
        excerpts=(Excerpt(path="docs/guide.md", first=11, lines=("Read", "[setup](setup.md)", "first.")),),
        links=GITHUB,
    )
    return made.having(**changes)


def candidate_of(one: Finding, *events: Event, ticket: str = "") -> Candidate:
    """Return a candidate made of a finding, after some events."""
    nothing = Readiness(total=1, ready=True, verdicts=(), failed_gates=(), digest="", rubric="")
    return Candidate(
        id="c-1",
        project="demo",
        signal=one.signal,
        subject=one.subject,
        fingerprint=one.fingerprint,
        severity=one.severity,
        score=one.score,
        created_at=NOON,
        draft=Draft(
            number=1,
            drafter="offline",
            title="t",
            body="b",
            kind=one.kind,
            size="S",
            evidence=one.evidence,
            evidence_digest=one.evidence_digest,
            sha=SHA,
            readiness=nothing,
            at=NOON,
        ),
        decisions=tuple(
            Decision(seq=seq, event=event, reason="not @now", actor="reviewer", revision=1, at=NOON)
            for seq, event in enumerate(events, 1)
        ),
        ticket=ticket,
    )
