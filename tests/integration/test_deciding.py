"""What reviewers decide on a real checkout: each decision keeps its promise, and can be undone until it is filed."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from scout.cli.inbox import show_whole
from scout.cli.walk import Walk
from scout.clock import now
from scout.errors import ConflictError, ScoutError, UsageError
from scout.model import CandidateState, Event
from scout.service import decide, review, suppress
from scout.service.decisions import Said
from scout.service.publish import publish
from scout.service.run import run
from scout.service.surroundings import surroundings
from scout.service.wiring import Workspace, open_workspace
from tests.deciding import decide_at_once
from tests.rocket import NOW, rocket

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the project and let a run fill its inbox, once for all tests here."""
    root = tmp_path_factory.mktemp("looked")
    rocket(root / "rocket")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCOUT_HOME", str(root / "state"))
        patch.setenv("XDG_CONFIG_HOME", str(root / "config"))
        work = open_workspace(root / "rocket", now(NOW))
        run(work, work.projects[0])
        work.close()
    return root


@pytest.fixture
def opening(looked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Workspace]]:
    shutil.copytree(looked, tmp_path / "copy", symlinks=True)
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "copy" / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "copy" / "config"))
    opened: list[Workspace] = []

    def another(settings: str = "", later: timedelta = timedelta()) -> Workspace:
        config = tmp_path / "scout.toml"
        config.write_text(f'[[project]]\nid = "rocket"\npath = "copy/rocket"\n{settings}')
        opened.append(open_workspace(tmp_path, now(NOW) + later, config))
        return opened[-1]

    yield another
    for one in opened:
        one.close()


@pytest.fixture
def work(opening: Callable[[], Workspace]) -> Workspace:
    return opening()


def first(work: Workspace) -> str:
    return review.listing(work, everything=True).candidates[0].id


def state(work: Workspace, name: str) -> CandidateState:
    return review.show(work, name).state


@pytest.mark.parametrize("verb", ["accept", "reject", "defer", "merge", "edit"])
def test_each_decision_is_taken_back_with_all_that_it_did(work: Workspace, verb: str):
    name, other = (one.id for one in review.listing(work, everything=True).candidates[:2])
    before = review.show(work, name)
    said = Said(reason="not true: it was moved")
    match verb:
        case "accept":
            decide.accept(work, name, said=said)
        case "reject":
            decide.reject(work, name, said=said)
        case "defer":
            decide.defer(work, name, said=said, until=work.now + DAY)
        case "merge":
            assert decide.merge(work, name, said=said, into=other).next == f"{other} speaks for it now."
        case _:
            decide.edit(work, name, said=said, title="Mend the guide's words")
    told = decide.undo(work, name)
    assert (told.event, told.state) == (Event.UNDO, CandidateState.OFFERED)
    after = review.show(work, name)
    assert (after.draft.title, after.draft.body) == (before.draft.title, before.draft.body)
    assert work.ledger.suppressions("rocket") == ()
    assert publish(work, work.projects[0], live=True).entries == ()
    with pytest.raises(ConflictError, match="no decision to take back"):
        decide.undo(work, name)


def test_what_is_filed_cannot_be_taken_back(work: Workspace):
    name = first(work)
    decide.accept(work, name)
    assert publish(work, work.projects[0], live=True).filed == 1
    with pytest.raises(ConflictError, match="published"):
        decide.undo(work, name)


def test_an_acceptance_taken_back_and_given_again_is_filed_once(work: Workspace):
    name = first(work)
    for _ in range(3):
        decide.accept(work, name)
        decide.undo(work, name)
    decide.accept(work, name)
    assert publish(work, work.projects[0], live=True).filed == 1
    assert publish(work, work.projects[0], live=True).entries == ()


def test_the_second_of_two_reviewers_is_told_what_the_first_did(work: Workspace):
    name = first(work)
    seen = len(review.show(work, name).decisions)
    decide.defer(work, name, said=Said(actor="ana", seen=seen), until=work.now + DAY)
    with pytest.raises(ConflictError, match="'defer' by ana"):
        decide.accept(work, name, said=Said(actor="ben", seen=seen))
    assert state(work, name) is CandidateState.DEFERRED


def test_many_reviewers_at_once_make_one_decision_each(work: Workspace):
    names = [one.id for one in review.listing(work, everything=True).candidates]

    told: list[str] = []

    def ask(number: int) -> int:
        made = 0
        for name in names:
            try:
                decide.reject(work, name, said=Said(reason=f"not now: {number}", actor=f"r{number}", seen=0))
                made += 1
            except ScoutError as error:
                told.append(str(error))
        return made

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == len(names)
    assert all(len(review.show(work, name).decisions) == 1 for name in names)
    assert all("reject" in one for one in told)


def test_of_twenty_reviewers_one_decides_each_and_the_others_are_told(work: Workspace, tmp_path: Path):
    names = [one.id for one in review.listing(work, everything=True).candidates]
    crowd = decide_at_once(lambda: open_workspace(tmp_path, now(NOW), tmp_path / "scout.toml"), names, 20)
    assert (crowd.made, crowd.told) == (len(names), 19 * len(names))
    assert dict(crowd.decisions) == {1: len(names)}
    assert crowd.unlike == 0


def test_an_edit_that_takes_the_checks_away_is_told_and_can_be_taken_back(work: Workspace):
    name = first(work)
    before = review.show(work, name)
    assert not decide.readiness_of(work, name, before.draft.title, "Mend it.").ready
    assert review.show(work, name) == before
    told = decide.edit(work, name, body="Mend it.")
    assert told.state is CandidateState.OFFERED
    assert "not ready: " in told.next
    assert "acceptance" in told.next
    decide.undo(work, name)
    assert review.show(work, name).draft.body == before.draft.body


def test_a_kind_of_work_may_need_two_reviewers(opening: Callable[..., Workspace]):
    kinds = ", ".join(f'{kind} = "two"' for kind in ("bug", "chore", "docs", "tests", "feature"))
    work = opening(f"[review]\ntiers = {{ {kinds} }}\n")
    name = first(work)
    assert review.show(work, name).tier == "two"
    assert decide.accept(work, name, said=Said(actor="ana")).event is Event.APPROVE
    assert state(work, name) is CandidateState.OFFERED
    with pytest.raises(ConflictError, match="needs two reviewers"):
        decide.accept(work, name, said=Said(actor="ana"))
    assert decide.accept(work, name, said=Said(actor="ben")).state is CandidateState.ACCEPTED


def test_a_kind_of_work_may_need_an_owner(opening: Callable[..., Workspace]):
    kinds = ", ".join(f'{kind} = "owner"' for kind in ("bug", "chore", "docs", "tests", "feature"))
    work = opening(f"[review]\ntiers = {{ {kinds} }}\n")
    name = first(work)
    with pytest.raises(ConflictError, match="An owner of the project has to accept"):
        decide.accept(work, name, said=Said(owner=False))
    assert decide.accept(work, name).state is CandidateState.ACCEPTED


def test_a_rejection_may_hide_all_that_a_scout_says_here_until_it_is_lifted(opening: Callable[..., Workspace]):
    work = opening()
    project = work.projects[0]
    lines = review.listing(work, everything=True).candidates
    name = next(one.id for one in lines if one.signal == "broken-internal-link")
    shown = decide.preview(work, name, scope="scout")
    told = decide.reject(work, name, said=Said(reason="not ours: another tool looks"), scope="scout")
    assert told.hidden == shown.hidden
    assert all(state(work, one.candidate) is CandidateState.WITHDRAWN for one in told.hidden if one.candidate)
    (stands,) = suppress.listing(work, project).suppressions
    assert (stands.fingerprint, stands.glob) == ("broken-internal-link:*", "*")
    later = opening(later=DAY)
    report = run(later, later.projects[0])
    assert not any(one.signal == "broken-internal-link" for one in review.listing(later).candidates), report
    assert suppress.lift(later, project, "broken-internal-link:*", "ours again").lifted == 1
    with pytest.raises(UsageError, match="Nothing is suppressed"):
        suppress.lift(later, project, "broken-internal-link:*", "")


def test_a_rejection_may_hide_one_folder(work: Workspace):
    lines = review.listing(work, everything=True).candidates
    name = next(one.id for one in lines if one.subject == "docs/guide.md")
    told = decide.reject(work, name, said=Said(reason="not now"), scope="path")
    (stands,) = work.ledger.suppressions("rocket")
    assert stands.glob == "docs/*"
    assert all(one.subject.startswith("docs/") for one in told.hidden)
    decide.undo(work, name)
    assert work.ledger.suppressions("rocket") == ()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "needs an end"),
        ({"until": now(NOW) - DAY}, "not in the future"),
        ({"closed": "212"}, "no open ticket 212"),
    ],
)
def test_a_deferral_has_an_end_that_can_come(work: Workspace, given: dict[str, object], words: str):
    with pytest.raises(UsageError, match=words):
        decide.defer(work, first(work), **given)  # pyright: ignore[reportArgumentType] - wrong on purpose


def test_a_deferral_ends_when_the_ticket_is_closed(opening: Callable[..., Workspace]):
    work = opening()
    name, other = (one.id for one in review.listing(work, everything=True).candidates[:2])
    decide.accept(work, other)
    ticket = publish(work, work.projects[0], live=True).entries[0].ticket
    decide.defer(work, name, closed=ticket)
    again = opening(later=DAY)
    run(again, again.projects[0])
    assert state(again, name) is CandidateState.DEFERRED
    file = next((again.projects[0].path).rglob(f"{ticket}.md"))
    file.write_text(file.read_text("utf-8").replace("state: unstarted", "state: completed"), "utf-8")
    last = opening(later=2 * DAY)
    run(last, last.projects[0])
    assert state(last, name) in {CandidateState.OFFERED, CandidateState.WITHDRAWN}


def test_a_candidate_is_merged_into_what_there_is(work: Workspace):
    name = first(work)
    with pytest.raises(UsageError, match="into itself"):
        decide.merge(work, name, into=name)
    with pytest.raises(UsageError, match="no candidate 'zzz'"):
        decide.merge(work, name, into="zzz")


def test_a_walk_decides_with_one_key_each(work: Workspace):
    names = tuple(one.id for one in review.listing(work, everything=True).candidates[:3])
    out = Console(file=StringIO(), width=60)
    keys, lines = iter("x?sartduaq"), iter(["not now: after the release", "2026-05-01", ""])
    walk = Walk(work, out, names, "lead", key=lambda: next(keys), line=lambda _: next(lines))
    walk.go()
    assert [state(work, name) for name in names] == [
        CandidateState.ACCEPTED,
        CandidateState.REJECTED,
        CandidateState.ACCEPTED,
    ]
    assert {one.actor for name in names for one in review.show(work, name).decisions} == {"lead"}


def test_a_walk_asks_how_much_a_rejection_is_about_and_shows_what_that_hides(work: Workspace):
    lines = review.listing(work, everything=True).candidates
    name = next(one.id for one in lines if one.signal == "broken-internal-link")
    wide, written = decide.preview(work, name, scope="scout"), StringIO()
    keys = iter("rsyq" if wide.hidden else "rsq")
    Walk(work, Console(file=written, width=100), (name,), "lead", key=lambda: next(keys), line=lambda _: "ours").go()
    assert [one.fingerprint for one in work.ledger.suppressions("rocket")] == ["broken-internal-link:*"]
    assert all(one.title in written.getvalue() for one in wide.hidden)


def test_the_terminal_shows_what_the_page_shows_beside_the_text(work: Workspace):
    written = StringIO()
    name = first(work)
    show_whole(Console(file=written, width=100), work, review.show(work, name))
    around, said = surroundings(work, name), " ".join(written.getvalue().split())
    assert around.why_now in said
    assert all(place.locator in said for place in around.places)
    assert "Who says yes: one" in said


def test_what_two_candidates_have_in_common_is_said_in_words(work: Workspace):
    name, other = (one.id for one in review.listing(work, everything=True).candidates[:2])
    decide.edit(work, other, title=f"{review.show(work, name).draft.title} again")
    decide.reject(work, other, said=Said(reason="not now: after the launch"))
    twin = next(one for one in surroundings(work, name).twins if one.id == other)
    assert (twin.kind, twin.state, twin.because) == ("candidate", "rejected", "not now: after the launch")
    assert twin.common[0].startswith("Both titles say: ")
    assert "Only there: again." in twin.common
    assert "".join(text for _, text in twin.mine) == review.show(work, name).draft.title
