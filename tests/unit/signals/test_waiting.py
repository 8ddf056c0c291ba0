"""A comment with an end belongs to one scout only."""

from pathlib import Path

from scout.signals import Commit, watch
from scout.signals.code.expiry_date_passed import ExpiryDatePassed
from scout.signals.code.temporary_old import TemporaryOld
from tests.plugins.building import build, viewed

TEXT = """# FIXME This is a temporary hack, to be replaced by {} with real downloads.
# Once fixed, we should remove the keys from here https://example.org/issues/9
b = 2
"""


def signals(folder: Path, month: str) -> list[str]:
    """Return the signals of what is found where a comment names a month and an issue."""
    with viewed(build(folder, [Commit("2023-01-10", {"app/web.py": TEXT.format(month)})]), "2024-02-01") as view:
        findings, _ = watch(view, [ExpiryDatePassed(), TemporaryOld()])
    return [finding.signal for finding in findings]


def test_a_comment_whose_day_has_passed_is_told_once(tmp_path: Path):
    assert signals(tmp_path, "04/2023") == ["expiry-date-passed"]


def test_while_its_day_lies_ahead_the_other_end_counts(tmp_path: Path):
    assert signals(tmp_path, "04/2031") == ["temporary-old"]
