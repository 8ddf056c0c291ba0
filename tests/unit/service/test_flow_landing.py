"""What controls see of a checkout: the project's own code, and no routine, no vendored file, no migration alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from scout.signals import Commit
from tests.flow_landed import FIRST, NOW, landed, monthly, seen
from tests.plugins.building import git


def working(name: str) -> str:
    """Return code that may do something, five lines of it."""
    late = f"    if late_{name}(order):\n        warn_{name}(order)\n"
    return f"def {name}(order):\n    if order.{name}_at:\n{late}        return send_{name}(1)\n"


def often(
    *others: Mapping[str, str | None], kept: int = 12, code: str = "app/a.py", test: str = "tests/test_a.py"
) -> list[Commit]:
    """Return commits that bring code with tests, then others."""
    mine = [{code: working(f"a{number}"), test: f"b = {number}\n"} for number in range(kept)]
    return monthly(*mine, *others)


def test_tests_are_missed_with_code_of_the_project_s_own(tmp_path: Path):
    missed = [{"app/a.py": working(f"c{number}")} for number in range(4)]
    others: list[dict[str, str | None]] = [
        {"app/migrations/0001_a.py": working("a")},
        {"app/version.py": working("b")},
        {"setup.py": working("c"), "rollup.config.js": working("d")},
        {
            "vendor/lib/a.py": working("e"),
            "app/static/jquery.min.js": working("f"),
            "api/a_pb2.py": working("g"),
            "api/a.pb.gw.go": working("t"),
        },
        {"scripts/load.py": working("h"), "devops/start.py": working("i"), ".github/label.py": working("j")},
        {"app/settings.py": working("k"), "config/routes.rb": working("l"), "db/schema.rb": working("m")},
        {
            "buildSrc/a.kt": working("q"),
            "shop/project_template/a.py": working("r"),
            "cmd/protoc-gen-a/a.go": working("s"),
        },
        {"sql/clean.sql": working("n"), "app/run.sh": working("o"), "app/page.html.erb": working("p")},
    ]
    titles = (
        "Bump version: 1.0 to 1.1",
        "Fix typing of walls",
        "Merge tag 'v2.3'",
        "Refactor: sort",
        "Move it",
        "Drop it",
    )
    plain = [
        Commit(f"2024-11-{day:02}", {"app/a.py": working(f"d{day}")}, title)
        for day, title in enumerate((*titles, "i18n: say more", "Sort them faster", "Backport sorting"), start=1)
    ]
    found = seen("tests-with-code", landed(tmp_path, *often(*missed, *others), *plain))
    assert (found.kept, found.bypassed) == (12, 4)


def test_what_only_reads_otherwise_needs_no_test(tmp_path: Path):
    code = "def run(order):\n    if order.late:\n        return order.send(1)\n    return None\n"
    quiet = [
        f"# Runs.\n# Or not.\n# Who knows.\n{code}",
        code.replace("order", "ticket"),
        code.replace("(order)", "(order: Order) -> Sent"),
        f"import a\nfrom b import c\nfrom d import e\n{code}",
        f"A = 1\nB = 'two'\nC = ('three', 4)\n{code}",
        "def run(order):\n    return None\n",
    ]
    pairs = [one for text in quiet for one in ({"app/z.py": code, "tests/z.py": text}, {"app/z.py": text})]
    found = seen("tests-with-code", landed(tmp_path, *often(*pairs)))
    assert found.bypassed == 0
    assert found.kept >= 12


def test_code_where_tests_are_no_rule_is_not_told(tmp_path: Path):
    pages = [{"app/page.ts": working(f"e{number}"), "app/x.py": f"x = {number}\n"} for number in range(12)]
    found = seen("tests-with-code", landed(tmp_path, *often(*pages)))
    assert (found.kept, found.bypassed) == (12, 0)
    nowhere = seen("tests-with-code", landed(tmp_path / "b", *monthly(*pages)))
    assert "no rule here" in nowhere.unavailable
    assert nowhere.rate is None


def test_components_are_no_part_of_the_rule_where_only_helpers_have_tests(tmp_path: Path):
    shown = [{"app/a.tsx": working(f"p{number}")} for number in range(12)]
    found = seen("tests-with-code", landed(tmp_path, *often(*shown, code="app/a.ts", test="app/a.test.ts")))
    assert (found.kept, found.bypassed) == (12, 0)


def test_tests_stand_in_many_places(tmp_path: Path):
    places = (
        "src/aat/java/A.java",
        "src/integrationTest/java/A.java",
        "src/functionalTest/java/A.java",
        "core/src/main/java/OrderTest.java",
        "ui/__tests__/a.ts",
        "cypress/a.ts",
        "e2e/a.ts",
        "shop/order_spec.rb",
        "shop/tests.py",
        "shop/fakes/a.py",
        "Shop.Tests/Order.cs",
        "functional-tests/a.integration.ts",
    )
    there = [{"app/a.py": working(f"f{number}"), place: f"{number}\n"} for number, place in enumerate(places, start=1)]
    found = seen("tests-with-code", landed(tmp_path, *often(*there, kept=20)))
    assert (found.kept, found.bypassed) == (32, 0)


def test_commits_of_one_request_are_one_opportunity(tmp_path: Path):
    rebased = [
        Commit("2024-11-01T08:00:00", {"app/a.py": working("g")}),
        Commit("2024-11-01T08:00:30", {"app/b.py": working("h")}),
        Commit("2024-11-01T08:01:00", {"tests/test_a.py": "g\n"}),
        Commit("2024-11-02T08:00:00", {"app/a.py": working("i")}, "Sort (#12)"),
        Commit("2024-11-02T18:00:00", {"tests/test_a.py": "i\n"}, "Test it (#12)"),
        Commit("2024-11-03T08:00:00", {"app/a.py": working("j"), "app/b.py": working("k")}),
        Commit("2024-11-03T08:00:10", {"app/c.py": working("l")}),
    ]
    found = seen("tests-with-code", landed(tmp_path, *often(), *rebased))
    assert (found.kept, found.bypassed) == (14, 1)
    assert len(found.examples) == 1


def test_a_rule_that_ended_is_told_in_one_line_without_rows(tmp_path: Path):
    before = [replace(one, at=one.at.replace("2024", "2022")) for one in often(kept=25)]
    lately = monthly(*({"app/a.py": working(f"m{number}")} for number in range(8)))
    found = seen("tests-with-code", landed(tmp_path, *before, *lately))
    assert found.unavailable == (
        "no rule any more: mostly kept until 2022-Q3, 8 of 8 bypassed it in the last year; before, 0 of 24 bypassed it"
    )
    assert (found.rate, found.examples) == (None, ())


def test_a_rule_that_never_was_is_none(tmp_path: Path):
    told = [
        {"app.py": working(f"n{number}"), **({"NEWS": f"{number}\n"} if number < 5 else {})} for number in range(20)
    ]
    spaced = [
        replace(one, at=f"2024-{1 + 11 * place // 20:02}-{1 + place:02}") for place, one in enumerate(monthly(*told))
    ]
    found = seen("change-told", landed(tmp_path, *spaced))
    assert "no rule here" in found.unavailable
    assert (found.examples, found.finding) == ((), "")


def test_what_brings_most_is_shown_first_and_nothing_older_than_a_year(tmp_path: Path):
    old = [replace(one, at=one.at.replace("2024", "2023")) for one in monthly({"app/a.py": working("o") * 9})]
    missed = monthly(*({"app/a.py": "".join(working(f"p{n}{m}") for m in range(n))} for n in (1, 3, 2)))
    commits = [*old, *[replace(one, at=f"2024-12-0{day}") for day, one in enumerate(missed, start=1)]]
    found = seen("tests-with-code", landed(tmp_path, *often()[:1], *commits[:1], *often()[1:], *commits[1:]))
    shown = [next(at for at, name in zip(*_named(tmp_path), strict=True) if name == one) for one in found.examples]
    assert shown == ["2024-12-02", "2024-12-03", "2024-12-01"]


def _named(folder: Path) -> tuple[list[str], list[str]]:
    said = git(folder, "log", "--format=%cs %H").split()
    return said[::2], said[1::2]


def test_change_logs_of_others_are_none(tmp_path: Path):
    named: list[str] = ["vendor/lib/CHANGELOG.md", ".github/workflows/release.yml", "docs/release.md", "app/history.py"]
    commits = monthly(*(dict.fromkeys(named, f"{number}\n") for number in range(9)))
    landing = landed(tmp_path, *commits)
    assert not landing["changelog"].any()
    releases = [FIRST + timedelta(days=10 * number + 5) for number in range(9)]
    assert "no change log" in seen("release-notes", landing, releases).unavailable


def test_notes_that_come_back_with_the_release_s_branch_are_notes(tmp_path: Path):
    commits = monthly(*({"NEWS": f"{number}\n"} for number in range(9)))
    landing = landed(tmp_path, *commits)
    shortly = seen("release-notes", landing, [FIRST + timedelta(days=10 * number, hours=-2) for number in range(9)])
    assert (shortly.kept, shortly.bypassed) == (8, 0)
    assert seen(
        "release-notes", landing, [FIRST + timedelta(days=80, hours=hour) for hour in range(30, 80, 5)]
    ).unavailable


def test_releases_from_before_the_change_log_missed_nothing(tmp_path: Path):
    commits = monthly(*({"NEWS": f"{number}\n"} for number in range(9)))
    landing = landed(tmp_path, *commits)
    releases = [FIRST + timedelta(days=10 * number - 95) for number in range(18)]
    found = seen("release-notes", landing, releases)
    assert (found.kept, found.bypassed) == (8, 0)


def test_notes_of_releases_that_ended_long_ago_are_no_control(tmp_path: Path):
    landing = landed(tmp_path, *monthly(*({"NEWS": f"{number}\n"} for number in range(9))))
    releases = [FIRST + timedelta(days=10 * number + 5) for number in range(9)]
    assert not seen("release-notes", landing, releases).unavailable
    ended = seen("release-notes", landing, releases, now=NOW + timedelta(days=650))
    assert ended.unavailable == "nothing was released since 2024-03-26"


def test_changes_are_told_where_most_are_with_the_change(tmp_path: Path):
    changes = [{"app.py": working(f"q{number}")} for number in range(18)]
    told = [one | ({"NEWS": f"{n}\n"} if n % 6 else {}) for n, one in enumerate(changes)]
    half = [one | ({"NEWS": f"{n}\n"} if n % 2 else {}) for n, one in enumerate(changes)]
    rarely = [one | ({"NEWS": f"{n}\n"} if n % 3 == 1 else {}) for n, one in enumerate(changes)]
    found = seen("change-told", landed(tmp_path / "a", *monthly(*told)))
    assert (found.kept, found.bypassed, found.unknown, found.rate) == (15, 0, 3, 0.0)
    found = seen("change-told", landed(tmp_path / "b", *monthly(*half)))
    assert found.unavailable == "no rule here: 9 of 18 changes of the last year were told with the change"
    assert "no rule here" in seen("change-told", landed(tmp_path / "c", *monthly(*rarely))).unavailable


def test_what_the_change_log_may_tell_within_a_month_is_unknown(tmp_path: Path):
    told = monthly(*({"app.py": working(f"r{number}"), "NEWS": f"{number}\n"} for number in range(12)))
    late = [Commit("2024-06-01", {"app.py": working("s")}), Commit("2024-06-25", {"NEWS": "late\n"})]
    missed = [Commit("2024-08-01", {"app.py": working("t")}), Commit("2024-10-11", {"NEWS": "too late\n"})]
    quiet = [Commit("2024-11-20", {"app.py": f"# Sorts.\n{working('t')}"})]
    young = [Commit("2024-12-20", {"app.py": working("u")})]
    found = seen("change-told", landed(tmp_path, *told, *late, *missed, *quiet, *young))
    assert (found.kept, found.bypassed, found.unknown) == (12, 1, 2)


def test_without_a_tracker_nobody_can_tell_what_was_pushed(tmp_path: Path):
    commits = [
        replace(one, message=f"Sort ({number})".replace("(", "(#"))
        for number, one in enumerate(monthly(*({"a.py": f"{n}\n"} for n in range(9))))
    ]
    found = seen("through-a-change", landed(tmp_path, *commits))
    assert "no tracker tells" in found.unavailable
    assert found.rate is None
