"""A refinement waits for a decision, rewrites only what is as it was read, and is kept true while it waits."""

import pytest

from scout.errors import UsageError
from scout.model import Addressee, CandidateState, EvidenceKind
from scout.review.transitions import state
from scout.service import decide, review
from scout.service.decisions import Said
from scout.service.publish import Filed, publish
from scout.service.refinements import keep_refinements, refine
from tests.orchard import READY, VAGUE, Scene, orchard_scene

__all__ = ["orchard_scene"]

ASSIGNED = '---\r\ntitle: "Odd dates"\r\nowner_note: keep  # as it is\r\n---\r\n\r\n'


class TestARefinementWaitsForADecision:
    def test_it_asks_and_tells_what_was_checked_and_the_file_stays(self, scene: Scene) -> None:
        file = scene.ticket("dates", VAGUE)
        made = refine(*scene.at(), "dates")
        assert made.text.startswith(VAGUE)
        assert made.candidate == ""
        assert (made.questions[0].to, made.questions[0].text) == (
            Addressee.OWNER,
            "Should we write UTC or the local zone?",
        )
        sha = scene.made.head()[:12]
        assert f"- `app/export.py:1` defines `export_rows` (checked 2026-03-02, `{sha}`)" in made.text
        assert file.read_text() == VAGUE

    def test_what_is_ready_or_unknown_has_none(self, scene: Scene) -> None:
        scene.ticket("dates", READY)
        with pytest.raises(UsageError, match="is ready"):
            refine(*scene.at(), "dates")
        with pytest.raises(UsageError, match="no ticket 'other'"):
            refine(*scene.at(), "other")

    def test_accepted_it_takes_the_place_of_the_text_alone(self, scene: Scene) -> None:
        file = scene.ticket("dates", ASSIGNED + VAGUE.replace("\n", "\r\n") + "\r\n")
        file.chmod(0o640)
        made = refine(*scene.at(), "dates", offer=True)
        assert file.read_bytes().decode() == ASSIGNED + VAGUE.replace("\n", "\r\n") + "\r\n"
        work, _ = scene.at(3)
        assert review.show(work, made.candidate).signal == "refinement"
        decide.accept(work, made.candidate)
        assert scene.published(live=False).outcome is Filed.WOULD_FILE
        entry = scene.published(live=True)
        assert (entry.outcome, entry.ticket, entry.target) == (Filed.FILED, "dates", "tickets/dates.md")
        written = file.read_bytes().decode()
        assert written.startswith(ASSIGNED + VAGUE.replace("\n", "\r\n"))
        assert written == ASSIGNED + made.text.strip().replace("\n", "\r\n") + "\r\n"
        assert file.stat().st_mode & 0o777 == 0o640
        assert [one.name for one in file.parent.iterdir()] == ["dates.md"]
        work, project = scene.at(5)
        assert publish(work, project, live=True).entries == ()
        assert keep_refinements(work, project, most=3).offered == ()

    def test_written_already_is_found(self, scene: Scene) -> None:
        file = scene.ticket("dates", VAGUE)
        made = refine(*scene.at(), "dates", offer=True)
        decide.accept(scene.at(3)[0], made.candidate)
        file.write_text(made.text)
        assert scene.published(live=True).outcome is Filed.FOUND

    def test_what_somebody_changed_since_is_held_back(self, scene: Scene) -> None:
        file = scene.ticket("dates", VAGUE)
        made = refine(*scene.at(), "dates", offer=True)
        decide.accept(scene.at(3)[0], made.candidate)
        file.write_text(f"{VAGUE}\n\nUTC it is.")
        entry = scene.published(live=True)
        assert entry.outcome is Filed.RETURNED
        assert "Somebody has changed dates since" in entry.reason
        assert file.read_text() == f"{VAGUE}\n\nUTC it is."

    def test_a_fact_that_is_gone_is_held_back(self, scene: Scene) -> None:
        scene.ticket("dates", VAGUE)
        made = refine(*scene.at(), "dates", offer=True)
        decide.accept(scene.at(3)[0], made.candidate)
        scene.made.commit({"app/export.py": "def rows():\n    return []\n"})
        assert "Not so any more: `app/export.py:1` defines `export_rows`" in scene.published(live=True).reason


class TestOffersAreKeptTrue:
    def test_few_are_offered_nearest_to_ready_first_and_once(self, scene: Scene) -> None:
        scene.ticket("odd", "Odd.")
        scene.ticket("dates", VAGUE)
        scene.ticket("fine", READY)
        work, project = scene.at()
        (first,) = keep_refinements(work, project, most=1).offered
        assert work.ledger.candidate(first).subject == "dates"
        (second,) = keep_refinements(work, project, most=5).offered
        assert work.ledger.candidate(second).subject == "odd"
        assert not keep_refinements(*scene.at(3), most=5).any

    def test_what_has_gone_is_struck_and_the_rest_keeps_its_day(self, scene: Scene) -> None:
        scene.ticket("dates", "See `app/export.py` and `tests/test_export.py`.\n\nShould we write UTC?")
        work, project = scene.at()
        (name,) = keep_refinements(work, project, most=1).offered
        before = scene.made.head()[:12]
        scene.made.commit({"README.md": "# Orchard\n"})
        assert not keep_refinements(*scene.at(3)).any
        scene.made.commit({}, remove=("tests/test_export.py",))
        after = scene.made.head()[:12]
        work, project = scene.at(4)
        assert keep_refinements(work, project).revised == (name,)
        body = work.ledger.candidate(name).draft.body
        assert (
            f"- ~~`tests/test_export.py` is there (checked 2026-03-02, `{before}`)~~ Not so any more at `{after}`"
            in body
        )
        assert "Which file has the place of `tests/test_export.py` now?" in body
        assert not keep_refinements(*scene.at(5)).any

    def test_a_ticket_that_became_ready_needs_none(self, scene: Scene) -> None:
        scene.ticket("dates", VAGUE)
        work, project = scene.at()
        (name,) = keep_refinements(work, project, most=1).offered
        scene.ticket("dates", READY)
        work, project = scene.at(3)
        assert keep_refinements(work, project).withdrawn == (name,)
        assert state(work.ledger.candidate(name).decisions, work.now) is CandidateState.WITHDRAWN

    def test_a_rejected_one_stays_away_until_the_ticket_changes(self, scene: Scene) -> None:
        scene.ticket("dates", VAGUE)
        work, project = scene.at()
        (name,) = keep_refinements(work, project, most=1).offered
        decide.reject(work, name, said=Said(reason="we know"))
        assert not keep_refinements(*scene.at(3), most=3).any
        with pytest.raises(UsageError, match="was rejected"):
            refine(*scene.at(3), "dates", offer=True)
        scene.ticket("dates", f"{VAGUE} Or both?")
        assert len(keep_refinements(*scene.at(4), most=3).offered) == 1

    def test_a_reviewers_words_are_kept(self, scene: Scene) -> None:
        scene.ticket("dates", VAGUE)
        work, project = scene.at()
        (name,) = keep_refinements(work, project, most=1).offered
        decide.edit(work, name, body=f"{VAGUE}\n\nMine.")
        scene.ticket("dates", f"{VAGUE} Or both?")
        work, project = scene.at(3)
        assert keep_refinements(work, project).revised == ()
        draft = work.ledger.candidate(name).draft
        assert draft.body.endswith("Mine.")
        assert draft.evidence[0].kind is EvidenceKind.TICKET
