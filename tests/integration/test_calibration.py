"""What closed tickets teach is kept, shown with every ticket, and learned anew only when there is more of it."""

from scout.service.assess import assess, assess_tickets
from scout.service.calibrate import calibration, learned
from scout.service.ingest import ingest
from tests.orchard import READY, VAGUE, Scene, orchard_scene

__all__ = ["orchard_scene"]


LONGER = (len(READY) - len(VAGUE)) // len("Thanks. ")
"""How often thanks make the vague text as long as the clear one."""


def closed(scene: Scene, count: int, start: int = 0) -> None:
    """Close tickets: of four, three were clear and done, and one was vague and sent back."""
    for number in range(start, start + count):
        back = number % 4 == 0
        state = "canceled\nlabels: [needs-info]" if back else "done"
        scene.ticket(
            f"old-{number}",
            f"---\nstate: {state}\n---\n{VAGUE if back else READY}\n{'Thanks. ' * (number + LONGER * back)}",
        )


def judged(scene: Scene, day: int) -> int:
    work, project = scene.at(day)
    ingest(work, project)
    return assess_tickets(work, project).changed


def test_without_history_a_ticket_has_a_guess_and_a_file_has_none(scene: Scene) -> None:
    scene.ticket("dates", READY)
    judged(scene, 2)
    report = assess(scene.at(3)[0], "dates")
    assert report.chance is not None
    assert str(report.chance).endswith("n=0: a guess")
    assert assess(scene.at(3)[0], str(scene.made.path / "tickets/dates.md")).chance is None


def test_history_gives_the_chance_and_weights_and_is_kept_until_it_has_grown(scene: Scene) -> None:
    scene.ticket("dates", READY)
    scene.ticket("odd", VAGUE)
    closed(scene, 48)
    judged(scene, 2)
    work, project = scene.at(3)
    known = learned(work, project)
    assert known.own is not None
    assert (known.own.tickets, known.own.done, known.own.enough) == (48, 36, True)
    assert 0 < len(known.factors) < len(known.own.effects)
    clear, vague = assess(work, "dates"), assess(work, "odd")
    assert clear.chance is not None
    assert vague.chance is not None
    assert clear.chance.low > vague.chance.high
    assert clear.chance.tickets == 36

    closed(scene, 2, start=48)
    assert judged(scene, 4) == 0
    assert learned(*scene.at(4)).own == known.own
    closed(scene, 8, start=50)
    judged(scene, 5)
    again = learned(*scene.at(5)).own
    assert again is not None
    assert again.tickets == 58


def test_the_report_shows_what_it_rests_on_and_writes_nothing(scene: Scene) -> None:
    closed(scene, 12)
    work, project = scene.at(2)
    ingest(work, project)
    report = calibration(work, project)
    assert (report.tickets, report.done, report.enough) == (12, 9, False)
    assert sum(point.tickets for point in report.curve) == 12
    assert any("texts are those of today" in note for note in report.notes)
    assert any("Weights stay as they are" in note for note in report.notes)
    assert {one.criterion for one in report.effects} > {"why", "location"}
    assert learned(work, project).own is None
