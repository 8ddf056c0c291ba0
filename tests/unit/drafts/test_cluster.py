"""Findings of one cause become one piece of work."""

from scout.drafts import clusters
from scout.model import Evidence, EvidenceKind, Finding
from tests.unit.drafts.stories import SHA, finding


def at(signal: str, *places: str, severity: int = 2) -> Finding:
    evidence = tuple(Evidence(kind=EvidenceKind.FILE, locator=one, seen="x", sha=SHA, resolved=True) for one in places)
    return finding(signal, subject=signal, severity=severity, evidence=evidence)


def test_what_two_scouts_say_first_of_one_line_is_one_cause_and_the_gravest_leads():
    (one,) = clusters([at("todo-age", "a.py:3"), at("temporary-old", "a.py:3", severity=3)])
    assert one.lead.signal == "temporary-old"
    assert len(one.fingerprints) == 2


def test_what_stands_whole_among_the_lines_of_another_is_mended_with_it():
    narrow, wide = at("eol-runtime", "package.json:9"), at("version-inconsistency", "Dockerfile:1", "package.json:9")
    (one,) = clusters([narrow, wide])
    assert {each.signal for each in one.findings} == {"eol-runtime", "version-inconsistency"}
    assert clusters([wide, narrow])[0].fingerprint == one.fingerprint


def test_lines_that_only_overlap_and_other_lines_of_one_scout_stay_apart():
    assert len(clusters([at("eol-runtime", "a:1", "b:2"), at("version-inconsistency", "b:2", "c:3")])) == 2
    assert len(clusters([at("eol-runtime", "b:2"), at("eol-runtime", "a:1", "b:2").having(subject="other")])) == 2
