"""Every way a server can fail: the right answer, the right error, the right number of requests."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from scout.errors import StoreError
from scout.remote.breaker import EXHAUSTED, FIRST, LOST
from scout.remote.call import Answer, Call
from scout.remote.caller import Caller, caller_for
from scout.remote.failure import BrokenError, LimitedError, Lost, RefusedError
from scout.remote.parallel import gathered
from scout.remote.spool import Spool
from scout.settings import TrackerSettings
from tests.unit.remote.scripted import Bench, Scripted, answer

PAGE = Call("/repos/acme/rocket/issues", {"page": "2"})
WRITE = Call("/repos/acme/rocket/issues", method="POST", body={"title": "x"}, reads=False)
GOOD = answer(200, b'[{"number": 1}]', etag='W/"1"', link='<https://x.example/?page=3>; rel="next"')

PASSING = {
    "lost": Lost("the connection was reset"),
    "500": answer(500),
    "502 with HTML": answer(502, b"<html>Bad gateway</html>"),
    "503": answer(503),
    "504": answer(504),
    "408": answer(408),
    "429": answer(429, retry_after="1"),
    "429 without a word": answer(429),
    "secondary": answer(403, b'{"message": "You have exceeded a secondary rate limit."}', retry_after="1"),
    "503 for a while": answer(503, retry_after="1"),
    "HTML": answer(200, b"<html>maintenance</html>"),
    "HTML by its type": answer(200, b"[]", content_type="text/html; charset=utf-8"),
    "cut": answer(200, b'[{"number": 1'),
    "empty": answer(200, b""),
    "another shape": answer(200, b'{"message": "hello"}'),
}
LIMITS = {"429", "429 without a word", "secondary", "503 for a while"}


def a_list(body: object) -> bool:
    return isinstance(body, list)


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("times", [1, 4])
def test_what_passes_is_asked_again(tmp_path: Path, fault: str, times: int):
    bench = Bench(tmp_path, *[PASSING[fault]] * times, GOOD, patience=1000)
    assert bench.caller(PAGE, a_list).body == [{"number": 1}]
    assert bench.sent == times + 1


@pytest.mark.parametrize("fault", PASSING)
def test_what_does_not_pass_is_given_up_after_five_attempts(tmp_path: Path, fault: str):
    bench = Bench(tmp_path, *[PASSING[fault]] * 9, patience=1000)
    with pytest.raises(LimitedError if fault in LIMITS else BrokenError, match=r"tracker\.example"):
        bench.caller(PAGE, a_list)
    assert bench.sent == 5


@pytest.mark.parametrize("fault", PASSING)
def test_a_write_is_never_sent_twice(tmp_path: Path, fault: str):
    bench = Bench(tmp_path, PASSING[fault])
    with pytest.raises(LimitedError if fault in LIMITS else BrokenError) as caught:
        bench.caller(WRITE, a_list)
    assert bench.sent == 1
    assert isinstance(caught.value, LimitedError) or "whether it was carried out is unknown" in caught.value.what


def test_a_query_that_is_posted_is_a_read(tmp_path: Path):
    bench = Bench(tmp_path, answer(502), GOOD)
    assert bench.caller(Call("/search/jql", method="POST", body={"jql": "project = SCT"})).body
    assert bench.sent == 2


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410, 422, 451, 501])
def test_a_no_is_not_asked_again(tmp_path: Path, status: int):
    bench = Bench(tmp_path, answer(status, b'{"message": "No <b>way</b>."}'))
    with pytest.raises(RefusedError, match=rf"refused GET /repos/acme/rocket/issues \({status}\): No way\.") as caught:
        bench.caller(PAGE)
    assert (caught.value.status, caught.value.said, bench.sent) == (status, "No way.", 1)


@pytest.mark.parametrize("status", [200, 301, 304, 401, 403, 404, 410, 422])
def test_a_probe_gets_whatever_is_final(tmp_path: Path, status: int):
    bench = Bench(tmp_path, answer(502), answer(status, b"" if status == 304 else b"{}"))
    assert bench.caller.raw(PAGE).status == status
    assert bench.sent == 2


def test_a_probe_is_not_fooled_by_html(tmp_path: Path):
    bench = Bench(tmp_path, answer(200, b"<html>"), answer(404, b"{}"))
    assert bench.caller.raw(PAGE).status == 404


def test_a_page_has_its_tag_and_links_but_no_session(tmp_path: Path):
    bench = Bench(tmp_path, Answer(200, {**GOOD.headers, "set-cookie": "JSESSIONID=1"}, GOOD.body))
    page = bench.caller(PAGE)
    assert (page.etag, page.links, page.unchanged, page.kept) == (
        'W/"1"',
        {"next": "https://x.example/?page=3"},
        False,
        False,
    )
    assert "set-cookie" not in page.headers


def test_nothing_newer_is_a_page_without_a_body(tmp_path: Path):
    bench = Bench(tmp_path, answer(304, b""), answer(304, b"", etag='"2"'))
    call = Call("/x", etag='"1"')
    first, second = bench.caller(call, a_list), bench.caller(call, a_list)
    assert (first.unchanged, first.body, first.etag, second.etag) == (True, None, '"1"', '"2"')


def test_no_content_is_an_answer(tmp_path: Path):
    assert Bench(tmp_path, answer(204, b"")).caller(PAGE).body is None


def test_lone_surrogates_and_nul_are_read(tmp_path: Path):
    bench = Bench(tmp_path, answer(200, rb'["\ud83d", "\u0000"]'))
    assert bench.caller(PAGE).body == ["\ud83d", "\0"]


def test_pauses_between_attempts_double(tmp_path: Path):
    bench = Bench(tmp_path, *[answer(500)] * 9)
    with pytest.raises(BrokenError, match="it answered 500"):
        bench.caller(PAGE)
    assert bench.time.slept == [0.25, 0.5, 1.0, 2.0]


def test_what_is_hopeless_is_said_at_once_with_its_remedy(tmp_path: Path):
    lost = Lost("its certificate is not trusted", hopeless=True, remedy="Set `ca_file`.")
    bench = Bench(tmp_path, lost)
    with pytest.raises(BrokenError) as caught:
        bench.caller(PAGE)
    assert (bench.sent, caught.value.remedy) == (1, "Set `ca_file`.")
    assert "its certificate is not trusted" in caught.value.what


def test_a_write_that_never_left_is_not_unknown(tmp_path: Path):
    bench = Bench(tmp_path, Lost("its name has no address", hopeless=True, remedy="Check `url`."))
    with pytest.raises(BrokenError, match=r"its name has no address\. Check `url`\."):
        bench.caller(WRITE)


def test_a_wait_is_said_once_with_the_time_it_ends(tmp_path: Path):
    bench = Bench(tmp_path, answer(429, retry_after="40"), GOOD)
    bench.caller(PAGE)
    assert bench.said == ["tracker.example's limit: waiting until 14:00:42 UTC"]
    assert 40 <= bench.time.now - bench.time.begin < 41


def test_a_wait_beyond_our_patience_says_until_when(tmp_path: Path):
    bench = Bench(tmp_path, answer(429, retry_after="4000"), GOOD)
    with pytest.raises(LimitedError) as caught:
        bench.caller(PAGE)
    assert (bench.sent, f"{caught.value.until:%H:%M:%S}") == (1, "15:06:42")
    with pytest.raises(LimitedError):
        bench.caller(PAGE)
    assert bench.sent == 1


def test_a_server_that_is_down_is_left_alone(tmp_path: Path):
    bench = Bench(tmp_path, *[answer(503)] * 25, GOOD)
    for _ in range(5):
        with pytest.raises(BrokenError, match="no usable answer"):
            bench.caller(PAGE)
    with pytest.raises(BrokenError, match="not asked for another 30 seconds"):
        bench.caller(PAGE)
    assert bench.sent == 25
    bench.time.sleep(30)
    assert bench.caller(PAGE).body


def test_calls_that_go_out_together_after_an_outage_wait_for_the_first_one(tmp_path: Path):
    bench = Bench(tmp_path, *[Lost("the connection was refused")] * LOST)
    for number in range(EXHAUSTED):
        with pytest.raises(BrokenError):
            bench.caller(Call(f"/{number}"))
    bench.time.sleep(FIRST)
    work = [partial(bench.caller, Call(f"/together/{number}")) for number in range(8)]
    assert [page.body for page in gathered(work, 8)] == [[]] * 8


def test_calls_that_go_out_together_in_an_outage_fail_together(tmp_path: Path):
    bench = Bench(tmp_path, *[Lost("the connection was refused")] * (LOST + 1))
    for number in range(EXHAUSTED):
        with pytest.raises(BrokenError):
            bench.caller(Call(f"/{number}"))
    bench.time.sleep(FIRST)
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(bench.caller, Call(f"/together/{number}")) for number in range(8)]
        assert all(isinstance(future.exception(10), BrokenError) for future in futures)
    assert bench.sent == LOST + 1, "one of them asked"


def test_kept_pages_cost_nothing(tmp_path: Path):
    with Spool.open(tmp_path / "pages", "basis") as spool:
        first = Bench(tmp_path, GOOD, spool=spool).caller(PAGE)
    with Spool.open(tmp_path / "pages", "basis") as spool:
        bench = Bench(tmp_path, answer(200, b"[2]"), spool=spool)
        again, other = bench.caller(PAGE), bench.caller(Call("/other"))
    assert (first.kept, again.kept, other.body) == (False, True, [2])
    assert (again.body, again.etag, again.links) == (first.body, first.etag, first.links)
    assert bench.sent == 1


def test_neither_writes_nor_refusals_nor_the_unchanged_are_kept(tmp_path: Path):
    with Spool.open(tmp_path / "pages", "basis") as spool:
        bench = Bench(tmp_path, answer(201, b"{}"), answer(404, b"{}"), answer(304, b""), spool=spool)
        bench.caller(WRITE)
        with pytest.raises(RefusedError):
            bench.caller(PAGE)
        bench.caller(Call("/x", etag="1"))
    with Spool.open(tmp_path / "pages", "basis") as spool:
        assert len(spool) == 0


def test_a_state_folder_that_cannot_be_written_is_no_fault_of_the_server(tmp_path: Path):
    (tmp_path / "limits").touch()
    bench = Bench(tmp_path)
    for _ in range(10):
        with pytest.raises(StoreError):
            bench.caller(PAGE)
    assert bench.sent == 0


def test_callers_of_one_account_share_their_gate(tmp_path: Path):
    transport = Scripted([answer(429, retry_after="500")])
    settings = TrackerSettings(patience=1)
    with pytest.raises(LimitedError):
        caller_for(transport, settings, tmp_path)(PAGE)
    with pytest.raises(LimitedError):
        caller_for(transport, settings, tmp_path, points_per_minute=None)(PAGE)
    assert len(transport.calls) == 1


def test_it_adds_nothing_one_could_measure(tmp_path: Path):
    bench = Bench(tmp_path, patience=1000)
    calls = [lambda: bench.caller(PAGE)] * 500
    begin = time.process_time()
    assert sum(1 for _ in gathered(calls, 8)) == 500
    assert time.process_time() - begin < 0.5


def test_a_defect_of_the_transport_frees_its_place(tmp_path: Path):
    class Defective(Scripted):
        def send(self, call: Call) -> Answer:
            super().send(call)
            raise ZeroDivisionError

    bench = Bench(tmp_path)
    caller = Caller(Defective(), bench.gate)
    for _ in range(20):
        with pytest.raises(ZeroDivisionError):
            caller(PAGE)
