"""Verdicts are bound to exactly what was judged, and agents get what agents may do."""

from collections.abc import Callable, Iterator

import pytest

from scout.model import Autonomy, Comment, Readiness, Ticket
from scout.readiness import rubric_digest
from scout.readiness.criteria.why import Why
from scout.service.assess import assess
from scout.service.judging import judge_of
from scout.service.wiring import Project, Workspace
from tests.orchard import READY, Scene, orchard_scene

__all__ = ["orchard_scene"]


@pytest.fixture
def fresh_rubric() -> Iterator[Callable[[], None]]:
    """Return what makes the rubric read its criteria anew; it does so once more in the end."""

    def forget() -> None:
        rubric_digest.cache_clear()

    yield forget
    forget()


def _with_talk(work: Workspace, project: Project, talk: tuple[str, ...]) -> Readiness:
    said = tuple(Comment(at=None, body=one) for one in talk)
    ticket = Ticket(project=project.id, key="1", source="files", title="Dates", body=READY, comments=said)
    return judge_of(work, project).ticket(ticket, {})


class TestVerdictsAreBoundToWhatWasJudged:
    def test_another_text(self, scene: Scene) -> None:
        scene.ticket("dates", READY)
        scene.judged()
        assert [one.key for one in scene.served().tickets] == ["dates"]
        scene.ticket("dates", READY + "\n## Open questions\n\n- Should the setting stay, or go?\n")
        report = scene.served()
        assert report.tickets == ()
        assert report.withheld["dates"].startswith("no-open-decision: passed → failed")

    def test_a_blocker_that_opens_and_closes(self, scene: Scene) -> None:
        blocker = scene.ticket("engine", f"---\nstate: started\n---\n{READY}")
        scene.ticket("dates", f"---\nblocked_by: [engine]\n---\n{READY}")
        scene.judged()
        before = assess(scene.at()[0], "dates")
        assert before.failed_gates == ("not-blocked",)
        blocker.write_text(blocker.read_text().replace("started", "done"))
        after = assess(scene.at()[0], "dates")
        assert after.ready
        assert after.digest != before.digest
        assert [one.partition(":")[0] for one in after.changed] == ["not-blocked"]
        assert [one.key for one in scene.served().tickets] == ["dates"]

    def test_another_comment(self, scene: Scene) -> None:
        work, project = scene.at()
        judged = [
            _with_talk(work, project, talk).digest
            for talk in ((), ("Nice.",), ("Nice!",), ("Nice.", "Should we do it?"))
        ]
        assert len(set(judged)) == len(judged)

    def test_another_rubric(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch, fresh_rubric: Callable[[], None]
    ) -> None:
        scene.ticket("dates", READY)
        scene.judged()
        before = assess(scene.at()[0], "dates")
        assert before.changed == ()
        monkeypatch.setattr(Why, "bar", 1.01)
        monkeypatch.setattr(Why, "gate", True)
        fresh_rubric()
        after = assess(scene.at()[0], "dates")
        assert (after.rubric, after.digest) != (before.rubric, before.digest)
        assert after.changed[0].startswith("why: passed → failed")
        assert scene.served().withheld["dates"].startswith("why: passed → failed")

    def test_who_may_take_it(self, scene: Scene) -> None:
        scene.ticket("dates", READY)
        scene.judged()
        scene.made.commit({".github/CODEOWNERS": "app/ @orchard/keepers\n"}, remove=("tests/test_export.py",))
        changed = assess(scene.at(3)[0], "dates").changed
        assert changed
        assert changed[0].startswith("autonomy: agent alone → agent with review")
        assert '"app/"' in changed[0]


class TestAgentsGetWhatAgentsMayDo:
    def test_what_is_for_people_is_withheld_and_says_why(self, scene: Scene) -> None:
        scene.ticket("dates", READY)
        scene.ticket("secrets", READY.replace("export.py", "vault.py").replace("zone", "password"))
        agent, person = scene.served(purpose="agent"), scene.served()
        assert [(one.key, one.autonomy) for one in agent.tickets] == [("dates", Autonomy.AGENT)]
        assert agent.available == 1
        assert agent.withheld["secrets"].startswith("person: It touches sign-in, permissions or secrets")
        assert {one.key for one in person.tickets} == {"dates", "secrets"}

    def test_settings_make_it_stricter(self, scene: Scene) -> None:
        scene.ticket("dates", READY)
        scene.made.write(
            {
                "scout.toml": '[[project]]\nid = "orchard"\n[[autonomy]]\npath = "app/**"\nlevel = "person"\n'
                'reason = "customers see it"\n'
            }
        )
        assert scene.served(purpose="agent").withheld["dates"] == (
            'person: The settings say of "app/**", where "app/export.py" is: customers see it.'
        )
        scene.made.write({"scout.toml": '[[project]]\nid = "orchard"\nautonomy = "owner_first"\n'})
        assert scene.served(purpose="agent").withheld["dates"].startswith("owner's decision first: The settings")
