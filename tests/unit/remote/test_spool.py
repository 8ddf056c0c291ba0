"""Pages outlive the process that fetched them, all but the one it was writing."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.errors import StoreError
from scout.remote.call import Call, Page
from scout.remote.spool import FILE_NAME, Spool

DAY = 24 * 3600.0


def call(number: int) -> Call:
    return Call("/issues", {"page": str(number)})


def page(number: int) -> Page:
    return Page([{"number": number}], etag=f'"{number}"', links={"next": "x"}, headers={"date": "today"})


def filled(folder: Path, count: int = 3, basis: str = "basis") -> Path:
    with Spool.open(folder, basis) as spool:
        for number in range(count):
            spool.put(call(number), page(number))
    return folder / FILE_NAME


def kept(folder: Path, basis: str = "basis") -> list[int]:
    with Spool.open(folder, basis) as spool:
        return [number for number in range(10) if spool.get(call(number))]


def test_a_page_comes_back_as_it_was_and_says_so(tmp_path: Path):
    filled(tmp_path)
    with Spool.open(tmp_path, "basis") as spool:
        got = spool.get(call(1))
    assert got == Page([{"number": 1}], etag='"1"', links={"next": "x"}, headers={"date": "today"}, kept=True)


def test_a_body_is_kept_as_it_came(tmp_path: Path):
    with Spool.open(tmp_path, "basis") as spool:
        spool.put(call(1), Page(["\ud83d"]), rb'["\ud83d"]')
        spool.put(call(2), Page(["ü"]), '["ü"]')
        spool.put(call(3), Page(None), b"")
    with Spool.open(tmp_path, "basis") as spool:
        bodies = [got.body for number in (1, 2, 3) if (got := spool.get(call(number)))]
    assert bodies == [["\ud83d"], ["ü"], None]


calls = st.builds(
    Call,
    st.sampled_from(["/a", "/b"]),
    st.dictionaries(st.sampled_from("pq"), st.sampled_from("12"), max_size=2),
    st.sampled_from(["GET", "POST"]),
    st.one_of(st.none(), st.dictionaries(st.sampled_from("pq"), st.integers(0, 1))),
    st.sampled_from(["", '"1"']),
)


@given(st.lists(st.tuples(calls, st.integers(-(2**63), 2**63), st.booleans()), max_size=30))
def test_the_answers_to_exactly_this_call_come_back_in_their_order_and_once(
    tmp_path_factory: pytest.TempPathFactory, puts: list[tuple[Call, int, bool]]
):
    folder = tmp_path_factory.mktemp("pages")
    spool = Spool.open(folder, "basis")
    wanted: list[tuple[Call, int]] = []
    for one, body, again in puts:
        spool.put(one, Page(body))
        wanted.append((one, body))
        if again:
            spool.close()
            spool = Spool.open(folder, "basis")
    spool.close()
    spool = Spool.open(folder, "basis")
    assert len(spool) == len(wanted)
    got = [(one, page.body if (page := spool.get(one)) else None) for one, _ in wanted]
    assert got == wanted
    assert [spool.get(one) for one, _ in wanted] == [None] * len(wanted)
    spool.clear()


@given(st.integers(0, 600), st.sampled_from([b"", b"\0" * 3, b"\0" * 40, b"\x05\0\0\0\0\0\0\0{nope"]))
def test_a_file_cut_anywhere_loses_only_what_was_cut(tmp_path_factory: pytest.TempPathFactory, at: int, junk: bytes):
    folder = tmp_path_factory.mktemp("pages")
    path = filled(folder, 4)
    whole = path.read_bytes()
    ends = [whole.index(b'[{"number":%d}]' % number) + len(b'[{"number":0}]') for number in range(4)]
    path.write_bytes(whole[:at] + junk)
    assert kept(folder) == [number for number, end in enumerate(ends) if end <= at]
    with Spool.open(folder, "basis") as spool:
        spool.put(call(9), page(9))
    assert 9 in kept(folder)


@pytest.mark.parametrize(
    "junk", [b"junk", b"\0" * 100, b"\xff" * 100, bytes(range(128, 192))], ids=("text", "zeros", "ones", "any")
)
def test_a_file_that_is_no_spool_is_begun_anew(tmp_path: Path, junk: bytes):
    (tmp_path / FILE_NAME).write_bytes(junk)
    assert kept(tmp_path) == []
    filled(tmp_path)
    assert kept(tmp_path) == [0, 1, 2]


def test_a_page_damaged_by_a_power_cut_is_fetched_again(tmp_path: Path):
    path = filled(tmp_path)
    path.write_bytes(path.read_bytes().replace(b'[{"number":1}]', b"\0" * 14))
    assert kept(tmp_path) == [0, 2]


def test_pages_of_another_pull_are_thrown_away(tmp_path: Path):
    filled(tmp_path)
    assert kept(tmp_path, "another cursor") == []
    assert kept(tmp_path) == []


@pytest.mark.parametrize(("passes", "left"), [(0.0, 3), (DAY - 60, 3), (DAY + 60, 0), (-60.0, 3), (-2 * DAY, 0)])
def test_pages_of_another_day_are_thrown_away(tmp_path: Path, passes: float, left: int):
    with Spool.open(tmp_path, "basis", clock=lambda: 9e8) as spool:
        for number in range(3):
            spool.put(call(number), page(number))
    with Spool.open(tmp_path, "basis", clock=lambda: 9e8 + passes) as spool:
        assert len(spool) == left


def test_clearing_takes_the_file_away(tmp_path: Path):
    path = filled(tmp_path)
    spool = Spool.open(tmp_path, "basis")
    spool.clear()
    spool.clear()
    assert not path.exists()
    assert spool.get(call(1)) is None
    with pytest.raises(StoreError):
        spool.put(call(1), page(1))


def test_nobody_else_can_read_it(tmp_path: Path):
    path = filled(tmp_path / "pages" / "rocket" / "github")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_pull_never_reads_again_what_it_has_read_itself(tmp_path: Path):
    filled(tmp_path, 2)
    with Spool.open(tmp_path, "basis") as spool:
        first = spool.get(call(0))
        assert first is not None
        spool.put(call(0), page(9))
        assert spool.get(call(0)) is None
    with Spool.open(tmp_path, "basis") as spool:
        assert [got.body for _ in range(3) if (got := spool.get(call(0)))] == [first.body, page(9).body]


def test_threads_keep_pages_at_the_same_time(tmp_path: Path):
    with Spool.open(tmp_path, "basis") as spool, ThreadPoolExecutor(8) as pool:
        list(pool.map(spool.put, map(call, range(200)), map(page, range(200))))
    with Spool.open(tmp_path, "basis") as spool:
        bodies: list[Any] = [got.body[0]["number"] for number in range(200) if (got := spool.get(call(number)))]
    assert bodies == list(range(200))


def test_a_folder_that_cannot_be_made_is_an_error_with_a_remedy(tmp_path: Path):
    (tmp_path / "pages").touch()
    with pytest.raises(StoreError, match="cannot be kept"):
        Spool.open(tmp_path / "pages" / "x", "basis")


KILLED = """
import sys
from pathlib import Path
from scout.remote.call import Call, Page
from scout.remote.spool import Spool

with Spool.open(Path(sys.argv[1]), "basis") as spool:
    for number in range(1_000_000):
        spool.put(Call("/issues", {"page": str(number)}), Page([{"number": number, "body": "x" * 50_000}]))
        print(number, flush=True)
"""


def test_a_killed_process_loses_at_most_the_page_it_was_writing(tmp_path: Path):
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        told = [process.stdout.readline() for _ in range(30)]
        process.send_signal(signal.SIGKILL)
        last = int([*told, *process.stdout.read().split()][-1])
    with Spool.open(tmp_path, "basis") as spool:
        assert len(spool) in {last + 1, last + 2}
        assert all(spool.get(call(number)) for number in range(last + 1))
