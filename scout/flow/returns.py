"""Where tickets come back, and when: reopened, or put back to a state before the one they were in."""

from typing import NamedTuple

import numpy as np

from scout.flow.log import FlowLog

_RANKS = {"triage": 0, "backlog": 1, "unstarted": 2, "started": 3}


class Return(NamedTuple):
    """A ticket that came back.

    Attributes:
        at: seconds since 1970 (UTC).
        origin: the state it left; `closed` where it was reopened.
        target: the state it came back to.
    """

    key: str
    at: float
    origin: str
    target: str


def returns(log: FlowLog) -> tuple[Return, ...]:
    """Return all returns of tickets whose history is told, oldest first."""
    stay, keys = log.ticket_stay, log.ticket["key"]
    place = {int(subject): at for at, subject in enumerate(log.ticket["subject"].tolist())}
    found: list[Return] = []
    event = log.event
    again = event["is_ticket"] & (event["event"].astype(str) == "reopened")
    for subject, at in zip(event["subject"][again].tolist(), event["at"][again].tolist(), strict=True):
        found.append(Return(str(keys[place[int(subject)]]), float(at), "closed", "open again"))
    ranks = np.array([_RANKS.get(kind, -1) for kind in stay["state"].tolist()], dtype=np.int64)
    subjects, native, until = stay["subject"], stay["native"], stay["until"]
    if subjects.size > 1:
        same = (subjects[1:] == subjects[:-1]) & (ranks[1:] >= 0) & (ranks[1:] < ranks[:-1]) & ~np.isnan(until[:-1])
        for row in np.flatnonzero(same).tolist():
            key = str(keys[place[int(subjects[row])]])
            found.append(Return(key, float(until[row]), str(native[row]), str(native[row + 1])))
    return tuple(sorted(found, key=lambda one: (one.at, one.key)))
