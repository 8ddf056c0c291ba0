"""A scout of another package cannot do harm: whatever it does ends its own look, and no other."""

import importlib
import os
import select
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from scout.errors import UnavailableError
from scout.model import Outcome
from scout.repository import Repository
from scout.signals import Commit, NotApplicable, Scout, View, fenced, watch
from tests.plugins.building import build, git, moment

STRANGER = '''
import os, subprocess, sys, time
from scout.errors import UnavailableError
from scout.model import Finding, Story, WorkKind
from scout.repository import File
from scout.signals import NotApplicable, Reads, Scout
from scout.signals._base import ShallowError
from scout.signals._evidence import at_line


class Calm(Scout):
    """Find the first line of `a.py`."""

    id = "calm"
    since = "1"
    reads = frozenset({Reads.TREE})
    kind = WorkKind.BUG
    examples = ()

    def look(self, view):
        self.meet(view)
        text = view.tree.text("a.py").split("\\n")[0]
        yield Finding(
            signal=self.id, subject="a.py", identity="a", severity=1, kind=self.kind, score=0.5,
            story=Story(title="Look at a.py", current="`a.py` is there.", why="So.", wanted="So.", acceptance=("So.",)),
            evidence=(at_line("a.py", 1, text),),
        )

    def meet(self, view):
        pass


class Printing(Calm):
    id = "printing"

    def meet(self, view):
        print("hello" * 1000)
        os.write(1, b"hello")
        subprocess.run(["echo", "hello"], check=True)


class Derived(Calm):
    id = "derived"

    def look(self, view):
        class Mine(Finding):
            pass

        for finding in super().look(view):
            yield Mine.model_validate(finding.model_dump(exclude={"fingerprint", "evidence_digest"}))


class Shallow(Calm):
    id = "shallow"

    def meet(self, view):
        raise ShallowError


class Meaningless(Calm):
    id = "meaningless"

    def meet(self, view):
        raise NotApplicable("there is nothing to say")


class Hanging(Calm):
    id = "hanging"

    def meet(self, view):
        time.sleep(600)


class Leaving(Calm):
    id = "leaving"

    def meet(self, view):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        with open(os.environ["LEFT"], "w") as there:
            there.write(str(child.pid))
        time.sleep(600)


class Hungry(Calm):
    id = "hungry"

    def meet(self, view):
        self.eaten = [bytearray(1 << 20) for _ in range(4096)]


class Crashing(Calm):
    id = "crashing"

    def meet(self, view):
        raise RuntimeError("it broke")


class Gone(Calm):
    id = "gone"

    def meet(self, view):
        os._exit(0)


class Quitting(Calm):
    id = "quitting"

    def meet(self, view):
        sys.exit("no more")


class Killed(Calm):
    id = "killed"

    def meet(self, view):
        os.kill(os.getpid(), 11)


class Writing(Calm):
    id = "writing"

    def meet(self, view):
        while True:
            sys.stderr.write("x" * (1 << 20))
'''
FAULTS = {
    "Hanging": "it did not end within 1 seconds",
    "Hungry": "it needed more than 256 MB of memory",
    "Crashing": "RuntimeError: it broke",
    "Gone": "it ended with exit code 0 and without an answer",
    "Quitting": "no more",
    "Killed": "it was killed by signal 11",
    "Writing": "File too large",
}


@pytest.fixture
def strangers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[dict[str, type[Scout]]]:
    folder = tmp_path / "strangers"
    folder.mkdir()
    (folder / "stranger.py").write_text(STRANGER)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    module = importlib.import_module("stranger")
    yield {name: one for name, one in vars(module).items() if isinstance(one, type) and issubclass(one, Scout)}
    sys.modules.pop("stranger")


@pytest.fixture
def view(tmp_path: Path) -> Generator[View]:
    folder = build(tmp_path / "it", [Commit("2024-01-01", {"a.py": "x = 1\n"})])
    with Repository.open(folder) as repository:
        yield View.of(repository, git(folder, "rev-parse", "HEAD").strip(), moment("2024-02-01"))


def made(kind: type[Scout], seconds: float = 30) -> Scout:
    return kind(kind.settings(seconds=seconds, megabytes=256))


@pytest.mark.parametrize("name", ["Calm", "Printing", "Derived"])
def test_it_finds_what_it_would_find_anywhere(name: str, strangers: dict[str, type[Scout]], view: View):
    scout = made(strangers[name])

    findings, looks = watch(view, [scout], look=fenced)

    assert [look.outcome for look in looks] == [Outcome.PRESENT], looks
    assert [(finding.subject, finding.evidence[0].resolved) for finding in findings] == [("a.py", True)]
    assert type(findings[0]).__name__ == "Finding"
    assert [one.model_dump() for one in watch(view, [scout])[0]] == [one.model_dump() for one in findings]


def test_reasons_come_through(strangers: dict[str, type[Scout]], view: View):
    with pytest.raises(UnavailableError) as unavailable:
        fenced(view, made(strangers["Shallow"]))
    with pytest.raises(NotApplicable) as meaningless:
        fenced(view, made(strangers["Meaningless"]))

    assert str(unavailable.value).endswith("Run `git fetch --unshallow` there.")
    assert str(meaningless.value) == "there is nothing to say"


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_ends_its_own_look_and_no_other(name: str, strangers: dict[str, type[Scout]], view: View):
    faulty = made(strangers[name], seconds=1 if name == "Hanging" else 30)

    findings, looks = watch(view, [faulty, made(strangers["Calm"])], look=fenced)

    outcomes = {look.signal: look for look in looks}
    assert outcomes[faulty.id].outcome is Outcome.ERROR
    assert FAULTS[name] in outcomes[faulty.id].reason
    assert outcomes["calm"].outcome is Outcome.PRESENT
    assert [finding.signal for finding in findings] == ["calm"]


def test_what_it_started_ends_with_it(
    strangers: dict[str, type[Scout]], view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    left = tmp_path / "left"
    monkeypatch.setenv("LEFT", str(left))

    _, looks = watch(view, [made(strangers["Leaving"], seconds=3)], look=fenced)

    assert looks[0].outcome is Outcome.ERROR
    assert is_gone(int(left.read_text()))


def is_gone(process: int) -> bool:
    """Return whether a process has ended, at the latest within five seconds: the kernel takes a moment."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    ended, _, _ = select.select([watched], [], [], 5)
    os.close(watched)
    return bool(ended)
