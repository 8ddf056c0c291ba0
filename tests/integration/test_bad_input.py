"""What users get wrong and what repositories are like: told in a sentence with a remedy, never a traceback."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.making import Made, clone
from tests.refusals import refused
from tests.rocket import Scout, rocket
from tests.scenes import Scene, seen


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return seen(tmp_path_factory.mktemp("seen"))


@pytest.fixture
def scout(shared: Scene) -> Scout:
    shared.bring_back()
    return shared.scout


def at(tmp_path: Path, folder: Path) -> Scout:
    return Scout(tmp_path / "state", folder)


def test_a_folder_that_is_no_repository(tmp_path: Path):
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    for command in ("run", "find", "buffer", "inbox list", "next", "publish"):
        refused(at(tmp_path, nowhere), 2, "not in a git repository", *command.split())
    assert not (tmp_path / "state").exists()


def test_a_repository_without_commits(tmp_path: Path):
    empty = Made(tmp_path / "empty")
    for command in ("run", "find"):
        remedy = refused(at(tmp_path, empty.path), 2, "has no commits yet", command)
        assert "first commit" in remedy
    empty.commit({"README.md": "# Begun\n"})
    assert at(tmp_path, empty.path)("run").code == 0


def test_a_path_that_is_missing_or_a_file(scout: Scout):
    refused(scout, 2, "There is no folder", "run", "nowhere")
    assert scout("find", "README.md", "--json").document == scout("find", "--json").document


@pytest.mark.parametrize(
    ("arguments", "said", "remedy"),
    [
        ("run --project rokket", "There is no project 'rokket'", "rocket"),
        ("find --signal brokn-internal-link", "no scout called", "broken-internal-link"),
        ("find --at nowhere", "'nowhere' is not a commit", "git log"),
        ("find --at=--all", "'--all' is not a commit", "git log"),
        ("run --nwo", "No such option", "--help"),
        ("assess nothing", "neither a file nor a ticket", "path"),
        ("verify nonsense --seen HEAD", "no fingerprint", "broken-internal-link:"),
        ("inbox accept zzz", "There is no candidate 'zzz'", "scout inbox list"),
        ("inbox accept c-", "could be 5 candidates", "more of the id"),
        ("inbox defer c-1 --until yesterday", "'yesterday' is not a date", "ISO 8601"),
        ("restore nowhere", "There is no backup", "scout backup"),
    ],
)
def test_wrong_use_is_told(scout: Scout, arguments: str, said: str, remedy: str):
    assert remedy in refused(scout, 2, said, *arguments.split())


def test_what_is_not_in_the_catalogue_is_told(scout: Scout):
    assert "'broken-internal-link'" in refused(
        scout, 2, "Nothing is called", "explain", "brokn-internal-link", now=None
    )


def test_a_wrong_clock_is_told(scout: Scout):
    assert "ISO 8601" in refused(scout, 2, "'soon' is not a date or time", "run", now="soon")


def test_decisions_that_cannot_be(scout: Scout):
    one, other = sorted(line["id"] for line in scout("inbox", "list", "--json").document["candidates"])[:2]
    refused(scout, 2, "Missing option '--reason'", "inbox", "reject", one)
    refused(scout, 2, "A rejection needs a reason", "inbox", "reject", one, "--reason", "  ")
    refused(scout, 2, "is not in the future", "inbox", "defer", one, "--until", "2020-01-01")
    refused(scout, 2, "is empty", "inbox", "edit", one, "--file", "-")
    refused(scout, 2, "no terminal for an editor", "inbox", "edit", one, EDITOR="", VISUAL="")
    refused(scout, 2, "cannot be started", "inbox", "edit", one, EDITOR="no-such-editor", VISUAL="")
    assert scout("inbox", "accept", one).code == 0
    refused(scout, 1, "is accepted", "inbox", "accept", one)
    assert scout("inbox", "show", other, "--json").document["decisions"] == []


def test_a_bare_repository_is_read_but_cannot_hold_tickets(tmp_path: Path):
    made = rocket(tmp_path / "rocket", landed=3)
    bare = at(tmp_path, clone(made, tmp_path / "bare.git", "--bare"))
    chosen = bare("run", "--json").document["drafted"][0]["id"]
    bare("inbox", "accept", chosen)
    before = sorted(bare.folder.rglob("*"))
    entry = bare("publish", "--live", "--json").document["entries"][0]
    assert entry["outcome"] == "held"
    assert "work tree" in entry["reason"]
    assert sorted(bare.folder.rglob("*")) == before
    assert bare("inbox", "show", chosen, "--json").document["state"] == "accepted"


def test_a_shallow_clone_says_what_it_does_not_know(tmp_path: Path):
    made = rocket(tmp_path / "rocket", landed=3)
    report = at(tmp_path, clone(made, tmp_path / "shallow", "--depth=2"))("run", "--json").document
    outcomes = {look["signal"]: look["outcome"] for look in report["looks"]}
    assert outcomes["temporary-old"] == "unavailable"
    assert outcomes["broken-internal-link"] == "present"
    assert any("shallow" in note for note in report["notes"])


def test_a_detached_head_is_looked_at(tmp_path: Path):
    made = rocket(tmp_path / "rocket", landed=3)
    made.git("checkout", "-q", "--detach", "HEAD~1")
    ran = at(tmp_path, made.path)("run", "--json")
    assert ran.code == 0
    assert ran.document["sha"] == made.head()


def test_a_partial_clone_is_unavailable_where_contents_are_missing(tmp_path: Path):
    made = rocket(tmp_path / "rocket", landed=3)
    scout = at(tmp_path, clone(made, tmp_path / "partial", "--filter=blob:none", "--no-checkout"))
    ran = scout("run", "--json")
    assert ran.code == 0, ran.err
    outcomes = {look["signal"]: look["outcome"] for look in ran.document["looks"]}
    assert outcomes["broken-internal-link"] == outcomes["ci-reference-missing"] == "unavailable"
    assert ran.document["drafted"] == []
    assert any("lacks contents" in note for note in ran.document["notes"])


@pytest.fixture
def passable() -> Generator[Path, None, None]:
    """A folder that every user may pass through; pytest closes its own to others whenever a session starts."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        yield Path(place)


def test_submodules_and_files_that_nobody_may_read(passable: Path):
    made = rocket(passable / "rocket", landed=3)
    other = Made(passable / "other")
    other.commit({"README.md": "[gone](gone.md)\n"})
    made.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.path), "vendor")
    made.commit({"tickets/locked.md": "# Locked\n"})
    for file in made.path.rglob("*.md"):
        file.chmod(0)
    scout = at(passable, made.path)
    command = scout.command("run", "--json")
    if os.getuid() == 0 and (setpriv := shutil.which("setpriv")):
        scout.home.mkdir(mode=0o777)
        scout.home.chmod(0o777)
        command = [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups", *command]
    trusting = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
    done = subprocess.run(
        command, env=scout.environment(**trusting), cwd=made.path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "locked.md: cannot be read" in done.stdout
    assert '"vendor' not in done.stdout


def test_a_repository_that_changes_while_it_is_read(tmp_path: Path):
    made = rocket(tmp_path / "rocket", landed=3)
    scout = at(tmp_path, made.path)
    process = subprocess.Popen(
        scout.command("run", "--json"),
        cwd=made.path,
        env=scout.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    commits = [made.head()]
    while process.poll() is None:
        commits.append(made.commit({"rocket/log.txt": f"{len(commits)}\n"}, "meanwhile"))
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert any(f'"sha": "{commit}"' in out for commit in commits)
    assert scout("run", "--json").document["sha"] == made.head()


@pytest.mark.parametrize("columns", ["1", "40", "200"])
def test_any_terminal_and_locale_will_do(scout: Scout, columns: str):
    for command in ("run", "find --all", "buffer", "inbox list", "inbox show c-", "next", "doctor"):
        ran = scout(*command.split(), COLUMNS=columns)
        assert ran.code == (2 if "show" in command else 1 if command == "next" else 0), ran
    for command in ("list scouts", "explain temporary-old", "--help"):
        assert scout(*command.split(), now=None, COLUMNS=columns).code == 0


def test_a_locale_without_unicode(scout: Scout):
    one = scout("inbox", "list", "--json").document["candidates"][0]["id"]
    said = scout("inbox", "defer", one, "--until", "2026-04-01", "--reason", "später 🚀", LC_ALL="C")
    assert said.code == 0, said.err
    assert scout("inbox", "show", one, "--json", LC_ALL="C").document["decisions"][-1]["reason"] == "später 🚀"
    for command in (("inbox", "show", one), ("run",), ("find", "--all"), ("buffer",), ("inbox", "list", "--all")):
        ran = scout(*command, LC_ALL="C", PYTHONIOENCODING="ascii")
        assert ran.code == 0, ran.err
        assert ran.out.isascii()


def test_closed_streams_and_readers_that_go_away(scout: Scout):
    for closed, code in (("<&-", 0), (">&-", 0), ("2>&-", 0), ("<&- >&- 2>&-", 0), (">/dev/full", 3)):
        for extra in ("", "--json"):
            assert shell(scout, f"{' '.join(scout.command('run'))} {extra} {closed}") == code, (closed, extra)
    missing = " ".join(scout.command("run", "nowhere", "--json"))
    assert shell(scout, f"{missing} >/dev/full") == 2
    find = " ".join(scout.command("find", "--all"))
    for extra in ("", "--json"):
        assert shell(scout, f"set -o pipefail; {find} {extra} | head -n 1") == 0
        assert shell(scout, f"set -o pipefail; {find} {extra} | true") == 0


def shell(scout: Scout, line: str) -> int:
    done = subprocess.run(
        ["bash", "-c", line], cwd=scout.folder, env=scout.environment(), capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "Scout itself failed" not in done.stderr, done.stderr
    assert "Exception ignored" not in done.stderr, done.stderr
    return done.returncode
