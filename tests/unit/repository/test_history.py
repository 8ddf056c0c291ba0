from datetime import UTC, datetime
from pathlib import Path

import pytest

from scout.errors import UnavailableError
from scout.repository.changes import Identities, is_bot
from tests.making import DAY, START, Made, clone
from tests.unit.repository.conftest import Opener

BODY = "".join(f"line {number} of a file that is long enough\n" for number in range(30))


def test_changes_are_the_first_parent_line_newest_first(made: Made, opened: Opener):
    first = made.commit({"a": "1"}, "first")
    made.git("checkout", "-q", "-b", "side")
    made.commit({"b": "1"}, "on the side")
    made.git("checkout", "-q", "main")
    second = made.commit({"c": "1"}, "second")
    merged = made.merge("side")
    changes = opened(made).history(merged).changes
    assert [change.sha for change in changes] == [merged, second, first]
    assert [(file.status, file.path) for file in changes[0].files] == [("A", "b")]
    assert len(changes[0].parents) == 2
    assert [change.at for change in changes] == [START + 4 * DAY, START + 3 * DAY, START + DAY]


def test_messages_are_those_of_the_commits_that_a_merge_brought_to_a_file(made: Made, opened: Opener):
    first = made.commit({"a": "1"}, "first")
    made.git("checkout", "-q", "-b", "side")
    made.commit({"b": "1"}, "another file")
    made.commit({"a": "2"}, "on the side\n\nwith a body")
    made.git("checkout", "-q", "main")
    second = made.commit({"c": "1"}, "second")
    merged = made.merge("side")
    history = opened(made).history(merged)
    by_sha = {change.sha: change for change in history.changes}
    assert history.messages(by_sha[merged], ("a",)) == ("on the side\n\nwith a body",)
    assert history.messages(by_sha[second], ("c",)) == ("second",)
    assert history.messages(by_sha[first], ("a",)) == ()


def test_a_file_is_followed_through_its_names(made: Made, opened: Opener):
    made.commit({"old.py": BODY, "other": "x"})
    made.commit({"old.py": BODY + "more\n"})
    made.git("mv", "old.py", "new name.py")
    made.commit({"new name.py": BODY + "more and more\n"})
    made.commit({"old.py": "another file by the old name"})
    made.commit({"new name.py": BODY})
    history = opened(made).history(made.head())
    assert len(history.touching("new name.py")) == 4
    assert history.origin("new name.py") == "old.py"
    assert len(history.touching("old.py")) == 1
    assert history.origin("other") == "other"
    assert history.origin("never") == "never"
    first = history.first_seen("new name.py")
    assert first is not None
    assert first.at == START + DAY
    assert history.first_seen("never") is None


def test_a_file_that_came_back_is_the_same_file(made: Made, opened: Opener):
    made.commit({"a": "1", "keep": ""})
    gone = made.commit(remove=("a",))
    history = opened(made).history(gone)
    deleted = history.deleted("a")
    assert deleted is not None
    assert deleted.sha == gone
    assert history.deleted("keep") is None
    back = opened(made).history(made.commit({"a": "2"}))
    assert back.deleted("a") is None
    first = back.first_seen("a")
    assert first is not None
    assert first.at == START + DAY


def test_a_renamed_file_is_deleted_under_its_old_name(made: Made, opened: Opener):
    made.commit({"old": BODY})
    made.git("mv", "old", "new")
    sha = made.commit()
    deleted = opened(made).history(sha).deleted("old")
    assert deleted is not None
    assert deleted.sha == sha


def test_people_are_counted_after_the_mailmap_and_without_programs(made: Made, opened: Opener):
    made.commit({"a": BODY}, by="Ada <ada@example.org>")
    made.commit({"a": BODY + "1"}, by="Ada L <lovelace@example.org>")
    made.commit({"a": BODY + "2"}, by="Bob <bob@example.org>")
    made.commit({"a": BODY + "3"}, by="renovate[bot] <1+renovate[bot]@example.org>")
    made.git("mv", "a", "b")
    made.commit(by="Cleo <cleo@example.org>")
    before = made.head()
    after = made.commit({".mailmap": "Ada <ada@example.org> <lovelace@example.org>\n"})
    repository = opened(made)
    assert repository.history(before).authors("b") == 4
    assert repository.history(after).authors("b") == 3
    assert repository.history(after).authors("never") == 0
    changes = repository.history(after).changes
    assert [change.bot for change in changes] == [False, False, True, False, False, False]
    assert changes[4].author == changes[5].author == changes[0].author
    assert len({change.author for change in changes}) == 4


def test_a_sole_maintainer_made_four_fifths_of_a_year(made: Made, opened: Opener):
    for number in range(8):
        made.commit({"a": str(number)})
    for number in range(2):
        made.commit({"b": str(number)}, by="Bob <bob@example.org>")
    made.commit({"c": ""}, by="dependabot[bot] <bot@example.org>")
    repository = opened(made)
    assert repository.history(made.head()).sole_maintainer(made.clock)
    made.commit({"b": "more"}, by="Bob <bob@example.org>")
    assert not repository.history(made.head()).sole_maintainer(made.clock)
    assert repository.history(made.head()).sole_maintainer(made.clock + 400 * DAY)


def test_times_are_utc_whatever_the_zone(made: Made, opened: Opener):
    made.commit({"a": "1"}, zone="+1400")
    made.commit({"a": "2"}, zone="-0930")
    assert [change.at for change in opened(made).history(made.head()).changes] == [START + 2 * DAY, START + DAY]


def test_odd_messages_and_impossible_dates_do_no_harm(made: Made, opened: Opener):
    made.git("config", "i18n.commitEncoding", "latin-1")
    made.commit({"a": "1"}, "grün".encode("latin-1"))
    made.git("config", "--unset", "i18n.commitEncoding")
    made.commit({"a": "2"}, "")
    tree, parent = made.git("rev-parse", "HEAD^{tree}"), made.head()
    raw = (
        f"tree {tree}\nparent {parent}\nauthor  <> 99999999999999 +9999\ncommitter x <y> 99999999999999 +0000\n\nlate "
    )
    odd = made.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw.encode() + b"\xff\n")
    changes = opened(made).history(odd).changes
    assert [change.subject for change in changes] == ["late \ufffd", "", "grün"]
    assert changes[0].at >= datetime(1970, 1, 1, tzinfo=UTC)


def test_replaced_objects_and_grafts_are_not_followed(made: Made, opened: Opener):
    first = made.commit({"a": "1"}, "first")
    second = made.commit({"a": "2"}, "second")
    made.git("replace", first, second)
    (made.path / ".git" / "info").mkdir(exist_ok=True)
    (made.path / ".git" / "info" / "grafts").write_text(f"{second}\n")
    repository = opened(made)
    assert [change.sha for change in repository.history(second).changes] == [second, first]
    assert repository.tree(first).text("a") == "1"


def test_odd_file_names_survive_in_history(made: Made, opened: Opener):
    name = 'new\nline "quoted" \t.txt'
    made.commit({name: BODY})
    made.git("mv", name, ":colon")
    history = opened(made).history(made.commit())
    assert history.origin(":colon") == name
    assert history.authors(name) == 1


def test_the_text_of_a_line_is_older_than_its_last_touch(made: Made, opened: Opener):
    made.commit({"a.py": "def f():\n    # TODO: drop this after version 3\n    return 1\n"})
    first = made.head()
    made.commit({"a.py": "def f():\n\n        #   todo - drop this after version 3!\n        return 2\n"})
    made.commit({"a.py": "# head\ndef f():\n\n        # TODO: drop this after version 3  # noqa\n        return 2\n"})
    last = made.head()
    history = opened(made).history(last)
    found = history.text_since_many("a.py", (1, 4, 5, 99))
    assert found[1][0] == last
    assert found[4] == (first, START + DAY)
    assert 99 not in found
    assert found[5][0] != first
    assert history.text_since("never.py", 1) is None


def test_the_age_of_text_survives_a_renamed_file(made: Made, opened: Opener):
    first = made.commit({"old.py": BODY})
    made.git("mv", "old.py", "new.py")
    made.commit({"new.py": BODY + "end\n"})
    assert opened(made).history(made.head()).text_since("new.py", 7) == (first, START + DAY)


def test_the_age_of_text_survives_a_file_that_is_split(made: Made, opened: Opener):
    line = "# TODO: remove this whole block when the importer of version 2 is gone\n"
    first = made.commit({"one.py": BODY + line})
    made.commit({"one.py": BODY, "two.py": "import this\n" + line})
    assert opened(made).history(made.head()).text_since("two.py", 2) == (first, START + DAY)


def test_a_lines_text_is_traced_in_a_file_with_a_name_in_another_alphabet(made: Made, opened: Opener):
    first = made.commit({"größe.py": "x = 1\n"})
    made.commit({"größe.py": "x  =  (1)\n"})
    assert opened(made).history(made.head()).text_since("größe.py", 1) == (first, START + DAY)


@pytest.mark.parametrize(
    ("name", "mail", "bot"),
    [
        ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.example.org", True),
        ("Release Bot", "releases@example.org", True),
        ("CI", "ci-bot@example.org", True),
        ("Weblate (bot)", "hosted@weblate.example.org", True),
        ("pre-commit-ci", "x@example.org", True),
        ("Copilot", "198982749+Copilot@users.noreply.github.com", True),
        ("Cursor Agent", "cursoragent@cursor.com", True),
        ("Ann Copilot", "ann.copilot@example.org", False),
        ("Ann Abbot", "abbot@example.org", False),
        ("Tom Botting", "tom.botting@example.org", False),
        ("Bob Talbot", "talbot@example.org", False),
    ],
)
def test_programs_are_told_from_people(name: str, mail: str, bot: bool):  # noqa: FBT001 a parameter of the table
    assert is_bot(name.encode(), mail.encode()) is bot


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Ann Lee <ann@example.org>", "Ann Lee <lee@example.com>", True),
        ("Ann <ann@example.org>", "Ann <ann@example.com>", False),
        ("Lotte <lotte@example.org>", "Lotte <lotte7@users.noreply.github.com>", True),
        ("Lotte <7+lol@users.noreply.github.com>", "Lotte <lotte@example.org>", True),
        ("lotte7 <lotte@example.org>", "Lotte Lee <7+lotte7@users.noreply.github.com>", True),
        ("Lotte <lotte@example.org>", "Lotte <lotte@example.com>", False),
        ("Lotte <lotte@example.org>", "Bob <7+bobby@users.noreply.github.com>", False),
    ],
)
def test_one_person_with_two_addresses_is_one(first: str, second: str, same: bool):  # noqa: FBT001 a parameter of the table
    people = Identities()
    one, two = (people.number(*who.encode().rstrip(b">").split(b" <")) for who in (first, second))
    assert (one == two) is same


def test_missing_contents_leave_names_and_exact_renames(made: Made, opened: Opener, tmp_path: Path):
    made.commit({"a": BODY, "b": "x"})
    made.git("mv", "a", "c")
    made.commit()
    made.commit({"b": "y"})
    history = opened(clone(made, tmp_path / "partial", "--filter=blob:none", "--no-checkout")).history(made.head())
    assert history.origin("c") == "a"
    assert len(history.touching("b")) == 2
    assert history.text_since("b", 1) is None
    assert history.authors("c") == 1


def test_one_missing_content_costs_only_its_own_renames(made: Made, opened: Opener):
    made.commit({"a": BODY, "lost": "l" * 500})
    made.git("mv", "a", "b")
    made.commit({"b": BODY + "changed\n"})
    made.git("mv", "lost", "found")
    made.commit({"found": "l" * 500 + "m"})
    made.forget("HEAD~1:lost")
    history = opened(made).history(made.head())
    assert history.origin("b") == "a"
    assert history.origin("found") == "found"


def test_a_missing_commit_is_unavailable(made: Made, opened: Opener):
    made.commit({"a": "1"})
    made.commit({"a": "2"})
    made.forget("HEAD~1")
    with pytest.raises(UnavailableError):
        _ = opened(made).history(made.head()).changes


def test_the_same_commit_gives_the_same_history(made: Made, opened: Opener):
    for number in range(5):
        made.commit({"a": str(number)}, by=f"P{number % 3} <p{number % 3}@example.org>")
    assert opened(made).history(made.head()).changes == opened(made).history(made.head()).changes
