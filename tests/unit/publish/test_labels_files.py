"""Labels of Markdown tickets: nothing but the labels changes, and what was there comes back byte for byte."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scout.errors import ConflictError
from scout.publish import Destination
from scout.publish.labels import relabelled
from scout.publish.labels_files import FilesLabeller

RIVALS = ("gtd: someday", "gtd: reference")
BYTES = [
    b"---\ntitle: One\nlabels: [ui, 'gtd: someday'] # kept\n---\nText\n",
    b"---\r\ntitle: One\r\ntags: ui, it's\r\n---\r\nText\r\n",
    b"# One\n\nNo front matter\n",
    b"\xef\xbb\xbf---\nlabels:\n  - ui\n---\nText",
    b"---\nlabels: []\n---\n",
]


def a_labeller(root: Path) -> FilesLabeller:
    (root / "tickets").mkdir(exist_ok=True)
    return FilesLabeller(Destination(checkout=root, target="tickets", now=datetime(2026, 3, 1, tzinfo=UTC)))


@pytest.mark.parametrize("content", BYTES)
def test_undoing_restores_every_byte(tmp_path: Path, content: bytes):
    labeller = a_labeller(tmp_path)
    path = tmp_path / "tickets" / "one.md"
    path.write_bytes(content)
    was, will = labeller.compose(labeller.read(["one"])["one"], "gtd: waiting", RIVALS)
    assert path.read_bytes() == content
    assert labeller.swap("one", was, will)
    labels = labeller.read(["one"])["one"].labels
    assert "gtd: waiting" in labels
    assert not set(labels) & set(RIVALS)
    assert not labeller.swap("one", was, will)
    assert labeller.swap("one", will, was)
    assert path.read_bytes() == content


def test_what_somebody_has_changed_since_is_left_alone(tmp_path: Path):
    labeller = a_labeller(tmp_path)
    path = tmp_path / "tickets" / "one.md"
    path.write_bytes(BYTES[0])
    was, will = labeller.compose(labeller.read(["one"])["one"], "gtd: waiting", RIVALS)
    path.write_bytes(BYTES[0] + b"More.\n")
    with pytest.raises(ConflictError, match="changed"):
        labeller.swap("one", was, will)
    path.unlink()
    with pytest.raises(ConflictError, match="gone"):
        labeller.swap("one", was, will)


def test_closed_and_missing_tickets_are_left_out(tmp_path: Path):
    labeller = a_labeller(tmp_path)
    (tmp_path / "tickets" / "done.md").write_text("---\nstate: done\n---\n", "utf-8")
    assert labeller.read(["done", "nowhere"]) == {}


LABELS = st.lists(st.sampled_from(("ui", "GTD: Someday", "gtd: waiting", "gtd: reference", "x")), max_size=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LABELS)
def test_a_ticket_ends_with_one_class_and_all_other_labels_in_their_order(labels: list[str]):
    after = relabelled(labels, "gtd: waiting", RIVALS)
    assert [one for one in after if one.lower().startswith("gtd:")][:1] == ["gtd: waiting"]
    assert not {one.lower() for one in after} & set(RIVALS)
    assert [one for one in after if not one.lower().startswith("gtd:")] == [
        one for one in labels if not one.lower().startswith("gtd:")
    ]
