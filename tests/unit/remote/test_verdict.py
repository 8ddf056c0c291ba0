"""What a status means, as a table."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.remote.call import Answer
from scout.remote.verdict import LONGEST, Again, Good, Refuse, Unchanged, Verdict, Wait, judged, retry_after

NOW = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())
SECONDARY = b'{"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}'
JIRA_FORBIDDEN = b'{"errorMessages": ["You do not have permission."]}'
HTTP_NOW, HTTP_LATER = "Sun, 01 Mar 2026 14:00:00 GMT", "Sun, 01 Mar 2026 14:00:30 GMT"

TABLE: list[tuple[str, int, bytes, dict[str, str], Verdict]] = [
    ("a page", 200, b"[]", {}, Good()),
    ("created", 201, b"{}", {}, Good()),
    ("being made", 202, b"{}", {}, Good()),
    ("no content", 204, b"", {}, Good()),
    ("nothing newer", 304, b"", {}, Unchanged()),
    ("moved", 301, b"{}", {}, Refuse()),
    ("wrong query", 400, b"{}", {}, Refuse()),
    ("wrong token", 401, b"{}", {}, Refuse()),
    ("no permission", 403, b"{}", {"x-ratelimit-remaining": "17"}, Refuse()),
    (
        "no permission on Data Center, which always sends retry-after",
        403,
        JIRA_FORBIDDEN,
        {"retry-after": "0"},
        Refuse(),
    ),
    ("not there", 404, b"{}", {}, Refuse()),
    ("slow request", 408, b"", {}, Again("it answered 408")),
    ("gone", 410, b"{}", {}, Refuse()),
    ("nonsense", 422, b"{}", {}, Refuse()),
    ("failed", 500, b"", {}, Again("it answered 500")),
    ("not implemented", 501, b"", {}, Refuse()),
    ("bad gateway", 502, b"<html>", {}, Again("it answered 502")),
    ("unavailable", 503, b"", {}, Again("it answered 503")),
    ("unavailable for a while", 503, b"", {"retry-after": "20"}, Wait(20)),
    ("gateway timeout", 504, b"", {}, Again("it answered 504")),
    ("too many", 429, b"", {"retry-after": "7"}, Wait(7)),
    ("too many, in parts of a second", 429, b"", {"retry-after": "0.5"}, Wait(0.5)),
    ("too many, by the server's clock", 429, b"", {"retry-after": HTTP_LATER, "date": HTTP_NOW}, Wait(31)),
    ("too many, by a clock that is off", 429, b"", {"retry-after": HTTP_LATER}, Wait(31)),
    ("too many, no date", 429, b"", {"retry-after": "soon"}, Wait(None)),
    ("too many, no word for how long", 429, b"", {}, Wait(None)),
    ("too many, but not for now", 429, b"", {"retry-after": "0"}, Wait(1)),
    (
        "too many in a minute, in the middle of the hour",
        429,
        b"",
        {"x-ratelimit-remaining": "4000", "x-ratelimit-reset": str(EPOCH + 600)},
        Wait(None),
    ),
    ("too many on Jira", 429, b"", {"x-ratelimit-reset": "2026-03-01T14:00:09Z", "date": HTTP_NOW}, Wait(10)),
    ("secondary", 403, SECONDARY, {"retry-after": "60"}, Wait(60)),
    ("secondary, no word for how long", 403, SECONDARY, {}, Wait(None)),
    ("secondary before primary", 403, SECONDARY, {"retry-after": "5", "x-ratelimit-remaining": "0"}, Wait(5)),
    (
        "primary",
        403,
        b"{}",
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(EPOCH + 600), "date": HTTP_NOW},
        Wait(601, primary=True),
    ),
    (
        "primary, as 429, a server that is an hour ahead of us",
        429,
        b"{}",
        {
            "x-ratelimit-remaining": "0",
            "x-ratelimit-reset": str(EPOCH + 3610),
            "date": "Sun, 01 Mar 2026 15:00:00 GMT",
        },
        Wait(11, primary=True),
    ),
]


@pytest.mark.parametrize(
    ("status", "body", "headers", "verdict"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_a_status_means(status: int, body: bytes, headers: dict[str, str], verdict: Verdict):
    assert judged(Answer(status, headers, body), NOW) == verdict


@given(
    st.integers(100, 599),
    st.dictionaries(
        st.sampled_from(["retry-after", "x-ratelimit-reset", "x-ratelimit-remaining", "date"]),
        st.one_of(st.text(max_size=30), st.integers().map(str), st.sampled_from(["0", HTTP_NOW, "9" * 400, "²", "-5"])),
    ),
)
def test_no_header_breaks_us(status: int, headers: dict[str, str]):
    verdict = judged(Answer(status, headers), NOW)
    if isinstance(verdict, Wait) and verdict.seconds is not None:
        assert 0 < verdict.seconds <= LONGEST


def test_a_date_that_is_over_means_now():
    assert retry_after({"retry-after": HTTP_NOW, "date": HTTP_LATER}, NOW) == 1.0
