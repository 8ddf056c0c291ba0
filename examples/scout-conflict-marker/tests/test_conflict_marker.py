"""The scout keeps the promises of its examples."""

from pathlib import Path

from scout_conflict_marker.conflict_marker import ConflictMarker

from scout.signals.testing import check_examples


def test_its_examples_come_true(tmp_path: Path) -> None:
    """Each example brings exactly what it promises."""
    check_examples(ConflictMarker, tmp_path)
