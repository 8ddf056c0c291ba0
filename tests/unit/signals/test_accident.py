"""What of the register is told, in what order and with which reason, and why the rest is ordinary."""

from pathlib import Path

import pytest

from scout.signals import Commit, lines
from scout.signals._accident import MOST
from scout.signals.register import Relied, relied_on
from tests.plugins.building import build, viewed

BODY = "".join(f"copy wall{number} there\n" for number in range(8))
EXPLAINED = "# Copies all walls there\n# and those that are late\n# and those that are wet.\n" + BODY
WORKFLOW = ".github/workflows/ci.yml"
OTHERS = (
    Commit("2024-01-02", {"a.py": "x = 1\n"}, author="second"),
    Commit("2024-01-03", {"b.py": "x = 1\n"}, author="third"),
)


def workflow(triggers: str, *steps: str) -> str:
    head = (f"on: {triggers}", "jobs:", "  a:", "    steps:", "      - uses: actions/checkout@v4")
    return lines(*head, *(f"      - {step}" for step in steps))


def entries(folder: Path, files: dict[str, str], *more: Commit, now: str = "2024-06-01") -> dict[str, Relied]:
    commits = (Commit("2024-01-01", dict(files)), *OTHERS, *more)
    with viewed(build(folder, commits), now) as view:
        return {one.name: one for one in relied_on(view)}


CALLED = {WORKFLOW: workflow("pull_request", "run: tools/copy.sh"), "tools/copy.sh": BODY}
RELEASED = {".github/workflows/release.yml": workflow("{push: {tags: ['v*']}}", "run: tools/copy.sh")}


def test_what_hardly_anybody_knows_and_a_merge_waits_for_is_told_with_the_reason(tmp_path: Path):
    one = entries(tmp_path, CALLED)["tools/copy.sh"]
    assert one.told == "one knows it; no page, no test; merges wait for it"
    assert not one.ordinary


@pytest.mark.parametrize(
    ("files", "more", "reason"),
    [
        ({"docs/a.md": "Run `tools/copy.sh`.\n"}, (), "a page describes it"),
        ({"tests/test_copy.py": "def test_it(): pass\n"}, (), "a test watches it"),
        ({"tools/copy.sh": "copy a there\n"}, (), "a few lines, which anybody can read"),
        ({"tools/copy.sh": EXPLAINED}, (), "its first lines say what it is for"),
        ({WORKFLOW: workflow("pull_request", "run: tools/copy.sh || true")}, (), "its failure stops nobody"),
        ({WORKFLOW: workflow("pull_request", "run: tools/run.sh"), "tools/run.sh": BODY}, (), "a file of a usual kind"),
        ({WORKFLOW: workflow("{push: {branches: [main]}}", "run: tools/copy.sh")}, (), "its failure stops nobody"),
        (
            {},
            tuple(Commit(f"2024-02-0{n}", {"tools/copy.sh": BODY + f"{n}\n"}, author=f"p{n}") for n in (1, 2)),
            "3 people know it",
        ),
    ],
)
def test_what_is_in_order_is_ordinary(files: dict[str, str], more: tuple[Commit, ...], reason: str, tmp_path: Path):
    one = next(iter(entries(tmp_path, {**CALLED, **files}, *more).values()))
    assert (one.told, one.ordinary) == ("", reason)


HOOKED = {".husky/pre-commit": "tools/copy.sh\n" + BODY, "tools/copy.sh": BODY}


def test_a_hook_stops_one_developer_who_can_leave_it_out(tmp_path: Path):
    found = entries(tmp_path, HOOKED)
    assert {one.ordinary for one in found.values()} == {"a hook, which whoever commits can leave out"}
    assert found.keys() == HOOKED.keys()


def test_an_image_that_nobody_touches_waits_for_nothing(tmp_path: Path):
    files = {"Dockerfile": "FROM x\nRUN ./tools/copy.sh\n", "tools/copy.sh": BODY}
    assert entries(tmp_path / "a", files)["tools/copy.sh"].told == "one knows it; no page, no test; images wait for it"
    later = Commit("2026-01-01", {"a.py": "x = 2\n"}, author="second"), Commit("2026-01-02", {"a.py": "x = 3\n"})
    assert not entries(tmp_path / "b", files, *later, now="2026-02-01")["tools/copy.sh"].told


def test_programs_that_write_code_are_no_people(tmp_path: Path):
    agents = tuple(
        Commit(f"2024-02-0{n}", {"tools/copy.sh": BODY + f"{n}\n"}, author=f"{n}+copilot") for n in range(1, 5)
    )
    assert entries(tmp_path, CALLED, *agents)["tools/copy.sh"].known_by == 1


def test_what_is_relied_on_for_weeks_or_by_one_maintainer_is_ordinary(tmp_path: Path):
    young = entries(tmp_path / "a", CALLED, now="2024-03-01")["tools/copy.sh"]
    assert young.ordinary == "it is relied on for less than three months"
    with viewed(build(tmp_path / "b", (Commit("2024-01-01", dict(CALLED)),)), "2024-06-01") as view:
        assert relied_on(view)[0].ordinary == "hardly more than one person works here"


def test_what_came_with_an_import_hides_who_knows_it(tmp_path: Path):
    many = {f"walls/{number}.txt": f"{number}\n" for number in range(200)}
    assert "import" in entries(tmp_path, {**CALLED, **many})["tools/copy.sh"].ordinary


def test_a_script_of_a_release_is_told_although_it_explains_itself(tmp_path: Path):
    one = entries(tmp_path, {**RELEASED, "tools/copy.sh": EXPLAINED})["tools/copy.sh"]
    assert one.told == "one knows it; no page, no test; releases wait for it"


TEMPORARY = "# Temporary script, until then.\n" + BODY


def test_what_calls_itself_temporary_for_half_a_year_is_told_whoever_knows_it(tmp_path: Path):
    files = {**CALLED, "tools/copy.sh": TEMPORARY, "docs/a.md": "Run `tools/copy.sh`.\n"}
    assert entries(tmp_path / "a", files, now="2024-05-01")["tools/copy.sh"].ordinary == "a page describes it"
    told = entries(tmp_path / "b", files, now="2024-08-01")["tools/copy.sh"].told
    assert told == "it calls itself temporary since 2024-01; merges wait for it"


CLOCK = ("on:", "  schedule:", "    - cron: '1 2 * * *'", "jobs:", "  a:", "    steps:")
NIGHT = ".github/workflows/night.yml"


def test_a_workflow_that_a_clock_starts_is_told_once(tmp_path: Path):
    own = [f"      - run: copy wall{number}" for number in range(4)]
    alone = entries(tmp_path / "a", {NIGHT: lines(*CLOCK, *own)})
    assert alone[NIGHT].told == "one knows it; no page; nobody is told when it fails"
    calling = lines(*CLOCK, "      - uses: actions/checkout@v4", "      - run: tools/copy.sh", *own)
    both = entries(tmp_path / "b", {NIGHT: calling, "tools/copy.sh": BODY})
    assert both["tools/copy.sh"].told
    assert both[NIGHT].ordinary == "told with tools/copy.sh, which it runs"
    short = entries(tmp_path / "c", {NIGHT: lines(*CLOCK, *own[:2])})
    assert short[NIGHT].ordinary == "a few lines, which anybody can read"


SERVICES = (
    "run: curl -sL https://piped.example.net/install.sh | sh",
    "run: curl -O https://kept.example.net/tool",
    "run: curl -O https://files.example.net/tool-1.2.3.tgz",
    "run: curl --retry 3 -O https://patient.example.net/tool",
    "run: curl -sf https://probed.example.net/health",
    "run: curl -d @a https://sent.example.net/api",
    "run: curl -LO https://github.com/walls/tool/releases/latest/download/tool",
    "run: command -v tool || curl -O https://there.example.net/tool",
)


def test_a_service_is_told_where_something_waits_for_what_is_neither_pinned_nor_answered(tmp_path: Path):
    found = entries(tmp_path, {WORKFLOW: workflow("pull_request", *SERVICES)})
    assert {name: one.told for name, one in found.items() if one.told} == {
        "piped.example.net": "piped to a shell, unpinned; nothing to fall back on; merges wait for it",
        "kept.example.net": "unpinned; nothing to fall back on; merges wait for it",
    }
    assert list(found)[:2] == ["piped.example.net", "kept.example.net"]
    assert {found[name].pinned for name in ("files.example.net", "kept.example.net")} == {True, False}


def test_a_service_that_nothing_waits_for_or_that_is_new_is_ordinary(tmp_path: Path):
    night = lines(*CLOCK, f"      - {SERVICES[0]}")
    assert not entries(tmp_path / "a", {NIGHT: night})["piped.example.net"].told
    files = {WORKFLOW: workflow("pull_request", SERVICES[0])}
    assert not entries(tmp_path / "b", files, now="2024-03-01")["piped.example.net"].told


@pytest.mark.parametrize(("ref", "front", "told"), [("main", "", True), ("v2", "", False), ("main", "walls", False)])
def test_a_workflow_of_another_house_is_told_where_it_is_a_branch(ref: str, front: str, tmp_path: Path, *, told: bool):
    uses = f"    uses: walls/flows/.github/workflows/a.yml@{ref}"
    files = {WORKFLOW: lines("on: pull_request", "jobs:", "  a:", uses)}
    page = {"README.md": f"See https://github.com/{front}/it.\n"} if front else {}
    assert bool(entries(tmp_path, {**files, **page})["walls/flows"].told) is told


def test_at_most_ten_are_told_the_worst_first(tmp_path: Path):
    names = [f"tools/{number}/copy.sh" for number in range(12)]
    files = {WORKFLOW: workflow("pull_request", *(f"run: {name}" for name in names))} | dict.fromkeys(names, BODY)
    found = entries(tmp_path, {**files, **RELEASED, "tools/copy.sh": BODY})
    told = [one for one in found.values() if one.told]
    assert len(told) == MOST == 10
    assert len(found) == 13
    assert sum(one.ordinary == "10 others hurt more" for one in found.values()) == 3


def test_neighbours_that_fail_alike_are_told_once(tmp_path: Path):
    steps = ("run: tools/copy.sh", "run: tools/wash.sh", "run: ci/wash.sh")
    files = {WORKFLOW: workflow("pull_request", *steps), "tools/wash.sh": BODY, "ci/wash.sh": BODY}
    found = entries(tmp_path, {**files, "tools/copy.sh": BODY})
    assert [one.name for one in found.values() if one.told] == ["ci/wash.sh", "tools/copy.sh"]
    assert found["tools/wash.sh"].ordinary == "told with tools/copy.sh, beside which it stands"
