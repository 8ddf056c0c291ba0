"""The rubric on real tickets: remedies help, and people agree with it more than with the length of a text."""

import gzip
import json
from pathlib import Path

import pytest

from scout.readiness import Criterion, Judged, all_criteria
from scout.service.evaluate_readiness import ReadinessEvaluation, evaluate_readiness
from tests.jira_outcomes import labelled
from tests.real_texts import RealText, real_texts
from tests.trackers import shared

TEXTS = 200
CRITERIA = all_criteria()


@pytest.fixture(scope="module")
def texts() -> list[RealText]:
    """200 tickets of GitHub, Jira and labelled issues, evenly drawn."""
    every = list(real_texts(shared("data")))
    return every[:: len(every) // TEXTS][:TEXTS]


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: one.id)
def test_doing_what_the_remedy_says_raises_the_verdict_each_time(criterion: Criterion, texts: list[RealText]):
    remedy, helped = criterion.remedy, 0
    for one in texts:
        before = Judged.of(one.title, one.body, comments=one.comments)
        verdict = criterion.judge(before)
        if not verdict.remedy:
            continue
        body = remedy.follow(one.body, criterion.look(before).passages)
        comments = (*one.comments, remedy.comment) if one.comments and remedy.comment else one.comments
        after = criterion.judge(Judged.of(one.title, body, kind=before.kind, comments=comments))
        assert after.score > verdict.score, (one.title, verdict.reason, after.reason)
        helped += 1
    assert helped


def figures(report: ReadinessEvaluation) -> list[tuple[float, float]]:
    """Return the areas over all pairs and within repositories: of the rubric, of the length, of the headings."""
    return [(line.auc or 0, line.within or 0) for line in report.areas]


def test_people_who_rated_issues_agree_with_it():
    rubric, *baselines = figures(evaluate_readiness([shared("data", "readiness", "labelled.jsonl.gz")]))
    assert min(rubric) >= 0.61
    assert all(rubric[0] > line[0] and rubric[1] > line[1] for line in baselines)


def test_people_who_asked_whether_one_could_start_today_agree_with_it():
    report = evaluate_readiness([shared("data", "lifecycle", "dev.jsonl")])
    rubric, *baselines = figures(report)
    assert rubric[0] >= 0.7
    assert all(rubric[0] > line[0] and rubric[1] > line[1] for line in baselines)
    kappa = {line.criterion: line.kappa for line in report.criteria}
    assert all((kappa[name] or 0) > 0.4 for name in ("real-content", "not-blocked", "no-open-decision"))


def test_tickets_that_needed_more_are_told_from_those_that_were_fixed_by_what_was_said(tmp_path: Path):
    path = tmp_path / "outcomes.jsonl.gz"
    rows = labelled(shared("data", "jira-tidev", "issues.jsonl.gz"), wide=True, comments=True)
    path.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
    rubric, *baselines = figures(evaluate_readiness([path], misses=0))
    assert min(rubric) > 0.5
    assert all(rubric[0] > line[0] and rubric[1] > line[1] for line in baselines)
