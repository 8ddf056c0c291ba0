from datetime import UTC, datetime, timedelta

from scout.buffer.shelf import SHELF_LIFE, Ground, going_stale, stale
from scout.model import Comment, Ticket

BEGUN = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MOVED = Ground(path="src/app.py", changes=9)


def _ticket(**more: object) -> Ticket:
    given = {"project": "p", "key": "a", "source": "files", "title": "A", "created_at": BEGUN, **more}
    return Ticket.model_validate(given)


def test_a_ticket_whose_files_moved_on_goes_stale_and_says_why():
    assert stale(_ticket(), MOVED, BEGUN + SHELF_LIFE - DAY) == ""
    said = "stale: 9 changes of src/app.py landed since it was last touched on 2025-01-01"
    assert stale(_ticket(), MOVED, BEGUN + SHELF_LIFE) == said


def test_age_alone_makes_nothing_stale():
    late = BEGUN + 20 * SHELF_LIFE
    assert stale(_ticket(), None, late) == ""
    assert stale(_ticket(), Ground(path="src/app.py", changes=2), late) == ""
    assert stale(_ticket(created_at=None), MOVED, late) == ""


def test_whoever_writes_on_it_makes_it_fresh_again():
    late = BEGUN + 2 * SHELF_LIFE
    assert stale(_ticket(updated_at=late - DAY), MOVED, late) == ""
    assert stale(_ticket(comments=(Comment(at=late - DAY, body="Still so."),)), MOVED, late) == ""


def test_what_will_be_stale_is_foreseen():
    nearly = BEGUN + SHELF_LIFE - 2 * DAY
    assert going_stale([_ticket()], {"a": MOVED}, nearly) == frozenset()
    assert going_stale([_ticket()], {"a": MOVED}, nearly + 3 * DAY) == {"a"}
