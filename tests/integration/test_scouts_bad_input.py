"""All scouts on odd repositories: a bad file costs at most itself, and a truth beside it is still found."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path

import pytest

from scout.errors import UsageError
from scout.model import Finding, Look, Outcome
from scout.repository import Repository
from scout.service.scan import scouts
from scout.signals import Commit, Example, Scout, View, watch
from scout.signals.testing import last, moment, viewed
from tests.bad_files import BAD, KNOWN_NAMES, ODD_NAMES, TRUE, TRUTH
from tests.imported import imported
from tests.making import Made, clone
from tests.rocket import Scout as Command

FIRING = [
    pytest.param(scout, next(one for one in scout.examples if one.finds), id=name) for name, scout in scouts().items()
]
NOW = "2026-03-02"
MANY = 5_000
LARGE = 20_000_000


def looked(folder: Path) -> tuple[tuple[Finding, ...], dict[str, Look]]:
    """Let all scouts look at HEAD; none may fail."""
    with Repository.open(folder) as repository:
        view = View.of(repository, repository.resolve(), moment(NOW))
        findings, looks = watch(view, [kind() for kind in scouts().values()])
    assert [f"{look.signal}: {look.reason}" for look in looks if look.outcome is Outcome.ERROR] == []
    return findings, {look.signal: look for look in looks}


def truths(findings: Sequence[Finding]) -> set[str]:
    return {one.signal for one in findings if any(place.path in TRUTH for place in one.evidence)}


def begun(more: Mapping[str, bytes]) -> list[Commit]:
    """Return a history with the truths and with what else is given, which changes later."""
    changed = {path: content + b"\n# 2\n" for path, content in more.items()}
    return [Commit("2024-01-01", TRUTH), Commit("2024-02-01", more), Commit("2025-08-01", changed, "fix: all")]


@pytest.mark.parametrize("kind", BAD)
def test_whatever_known_names_hold(kind: str, tmp_path: Path):
    findings, _ = looked(imported(tmp_path, begun(dict.fromkeys(KNOWN_NAMES, BAD[kind]))))

    assert truths(findings) >= TRUE


@pytest.mark.parametrize(("scout", "example"), FIRING)
def test_each_scout_finds_its_truth_beside_bad_files(scout: type[Scout], example: Example, tmp_path: Path):
    if example.commits:
        skipped = list(scouts()).index(scout.id)
        contents = islice(cycle(BAD.values()), skipped, None)
        odd = {f"odd/{name}": content for name, content in zip(KNOWN_NAMES, contents, strict=False)}
        imported(tmp_path / "it", [*example.commits, Commit(last(example), odd, "Add what others left")])
    (tmp_path / "it").mkdir(exist_ok=True)
    with viewed(tmp_path / "it", example.now, example) as view:
        findings, looks = watch(view, [scout(scout.settings(offer=True))])

    assert looks[0].outcome is Outcome.PRESENT, looks[0].reason
    found = {one.subject for one in findings if one.offered}
    assert found >= {one.subject for one in example.finds}


def test_names_that_nobody_expects(tmp_path: Path):
    text = 'See [it](gone.md). `make nothing`\n# TODO(#7): loses data, remove once 1.0 is out\nx = "²"\n'
    folder = imported(tmp_path / "it", begun(dict.fromkeys(ODD_NAMES, text.encode())))
    findings, _ = looked(folder)
    assert truths(findings) >= TRUE
    assert len({one.fingerprint for one in findings}) == len(findings)

    command = Command(tmp_path / "state", folder)
    for ran in (command("find", "--json"), command("find", "--all", LC_ALL="C", PYTHONIOENCODING="ascii")):
        assert ran.code == 0, ran.err
    assert {one["signal"] for one in command("find", "--json").document["findings"]} >= TRUE


def test_links_that_lead_in_circles_and_submodules_that_are_not_there(tmp_path: Path):
    made = Made(tmp_path)
    made.write({**TRUTH, ".gitmodules": '[submodule "vendor"]\n\tpath = vendor\n\turl = ../vendor\n'})
    for name, target in {"loop.py": "loop.py", "a": "b", "b": "a", "up": "..", "README.md": "/etc/passwd"}.items():
        (tmp_path / name).symlink_to(target)
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "workflows").symlink_to("../.github", target_is_directory=True)
    made.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor")
    made.git("update-index", "--add", "--cacheinfo", f"160000,{'2' * 40},package.json")
    made.git("add", "--all", "--", ".", ":!vendor", ":!package.json")
    made.record()

    assert truths(looked(tmp_path)[0]) >= TRUE


def test_a_shallow_clone_knows_no_ages(tmp_path: Path):
    made = Made(tmp_path / "it")
    made.commit(TRUTH)
    made.commit({"pages/more.md": "# More\n"})
    findings, looks = looked(clone(made, tmp_path / "shallow", "--depth=1"))

    assert truths(findings) >= TRUE - {"temporary-old"}
    assert looks["temporary-old"].outcome is Outcome.UNAVAILABLE
    assert "shallow" in looks["temporary-old"].reason


@pytest.mark.parametrize("files", [{}, {"data.bin": bytes(64), "notes": "nothing\n", "x/y.unheard": "z\n"}])
def test_a_repository_without_any_file_that_a_scout_knows(files: Mapping[str, str | bytes], tmp_path: Path):
    findings, looks = looked(imported(tmp_path, [Commit("2024-01-01", files)]))

    assert findings == ()
    assert {look.outcome for look in looks.values()} <= {Outcome.ABSENT, Outcome.NOT_APPLICABLE}


def test_a_repository_without_commits_is_refused_in_a_sentence(tmp_path: Path):
    with Repository.open(Made(tmp_path).path) as repository, pytest.raises(UsageError, match="no commits yet"):
        repository.resolve()


def test_many_files(tmp_path: Path):
    endings = cycle((".py", ".rb", ".yml", ".md", ".go", ".json", ".txt", ".sql"))
    more = {f"part{number % 97}/file{number}{next(endings)}": b"a: %d\n" % number for number in range(MANY)}

    assert truths(looked(imported(tmp_path, begun(more)))[0]) >= TRUE


def test_large_generated_files(tmp_path: Path):
    large = json.dumps([{"id": number, "on": {"jobs": []}} for number in range(1000)]).encode()
    content = b"[" + b",\n".join([large] * (LARGE // len(large))) + b"]"
    names: list[str] = ["package.json", "ci.yml", ".github/workflows/ci.yml", "data/all.json", "app/all.py"]

    assert truths(looked(imported(tmp_path, begun(dict.fromkeys(names, content))))[0]) >= TRUE


def test_a_branch_that_moves_and_files_that_change_while_they_are_read(tmp_path: Path):
    made = Made(tmp_path / "it")
    first = made.commit(TRUTH)
    made.git("checkout", "-q", "--detach")
    made.git("checkout", "-q", "-B", "main")
    command = Command(tmp_path / "state", made.path)
    process = subprocess.Popen(
        command.command("find", "--json"),
        cwd=made.path,
        env=command.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    commits = [first]
    while process.poll() is None:
        commits.append(made.commit({"pages/start.md": f"{len(commits)}\n"}, "meanwhile"))
        if len(commits) % 5 == 0:
            made.git("reset", "-q", "--hard", first)
            made.git("repack", "-q", "-a", "-d")
        (made.path / "images" / "Dockerfile").write_bytes(os.urandom(64))
        made.git("checkout", "-q", "--", "images")
    out, err = process.communicate()
    assert process.returncode == 0, err
    report = json.loads(out)
    assert report["sha"] in commits
    assert [look for look in report["looks"] if look["outcome"] == "error"] == []
    assert {one["signal"] for one in report["findings"]} >= TRUE - {"broken-internal-link"}


def test_a_detached_head_is_looked_at(tmp_path: Path):
    made = Made(tmp_path)
    first = made.commit(TRUTH)
    made.commit({}, remove=("pages/start.md",))
    made.git("checkout", "-q", "--detach", first)

    assert truths(looked(tmp_path)[0]) >= TRUE
