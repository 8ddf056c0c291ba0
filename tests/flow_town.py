"""An archive in which people's names are everywhere they must not get out of, and in which everything stands out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.archives import event, issue, person, pull

PEOPLE = tuple(f"zz-person-{name}" for name in ("quill", "rook", "sable", "thorn", "umber", "vole", "wren"))
START = datetime(2024, 1, 1, 9, tzinfo=UTC)
NOW = datetime(2025, 1, 6, tzinfo=UTC)
DAYS = 364
_ODD = ("launch", "landing", "storm", "refuel", "docking")


def at(days: float) -> str:
    """Return a moment so many days after the first, as the REST API writes it."""
    return (START + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def town() -> list[dict[str, Any]]:
    """Return tickets that come faster than they go, and changes whose review gives way in fast weeks."""
    return [*_tickets(), *_changes()]


def _tickets() -> Iterator[dict[str, Any]]:
    number = 0
    for week in range(DAYS // 7):
        for place in range(4 if week < 30 else 8):
            number += 1
            made = week * 7 + place / 2
            who, odd = PEOPLE[number % len(PEOPLE)], _ODD[number % 5]
            alike = number % 20 == 0
            title = (
                f"{who} sees pump pressure fail after {odd}" if alike else f"Notes {chr(97 + number % 26) * 4} {odd}"
            )
            labels = [{"name": PEOPLE[2]}, {"name": "engine"}, {"name": f"for {PEOPLE[3]}"}, {"name": "bug"}]
            told = [event(number * 10, "labeled", label=one, created_at=at(made), actor=person(who)) for one in labels]
            fields: dict[str, Any] = {"created_at": at(made), "user": person(who), "labels": labels}
            if place < 4:
                ended = at(made + 2 + number % 5)
                told.append(
                    event(9000 + number, "closed", created_at=ended, actor=person(who), state_reason="completed")
                )
                if number % 9 == 0:
                    told.append(event(19000 + number, "reopened", created_at=at(made + 8), actor=person(who)))
                else:
                    fields |= {"state": "closed", "closed_at": ended}
            yield {"issue": issue(number, title, **fields), "events": told}


def _changes() -> Iterator[dict[str, Any]]:
    number = 5000
    for week in range(DAYS // 7):
        fast = week % 4 == 0
        for place in range(12 if fast else 4):
            number += 1
            made = week * 7 + place / 3
            who, other = PEOPLE[number % len(PEOPLE)], PEOPLE[(number + 1) % len(PEOPLE)]
            seen = event(
                70_000 + number,
                "reviewed",
                submitted_at=at(made + 0.2),
                state="APPROVED",
                user=person(other),
                created_at=None,
            )
            bypassed = fast and place % 2 == 0
            merged = {"state": "closed", "merged_at": at(made + 1), "closed_at": at(made + 1)}
            yield {
                "pull": pull(number, user=person(who), created_at=at(made), title=f"Add {_ODD[number % 5]}", **merged),
                "events": [] if bypassed else [seen],
                "comments": [],
            }
