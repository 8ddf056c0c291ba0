"""The pages of classification: how far a run is, what workers ask, what is in doubt, and what trackers would get."""

from itertools import groupby
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from scout.errors import UsageError
from scout.model import Frozen
from scout.service.classify_apply import ApplyReport, apply
from scout.service.classify_settle import Unsettled, settle, unsettle, unsettled
from scout.service.classify_status import ClassificationStatus, WorkerLine, answer, status
from scout.service.wiring import Workspace
from scout.web.acts import Form
from scout.web.opened import Opened, Reviewer, Viewer
from scout.web.templating import Templates

_EVENTS, _BATCHES, _LOOK_AGAIN = 60, 25, 3
_LATER = "The next run counts with that."
_KINDS = {
    "wave": "Wave",
    "ask": "Model, wave",
    "audit": "Audit of wave",
    "check": "Second opinion, wave",
    "again": "Looked at again, wave",
}


class Wave(Frozen):
    """Workers that work at the same time."""

    name: str
    workers: tuple[WorkerLine, ...]

    @property
    def at(self) -> int:
        """How many of its tickets are done."""
        return sum(one.at for one in self.workers)

    @property
    def tickets(self) -> int:
        """How many tickets it has."""
        return sum(one.tickets for one in self.workers)


class RunPage(Frozen):
    """A run on the page.

    Attributes:
        told: what was done just now; `undo` the numbers of tickets that this can be taken back for.
    """

    status: ClassificationStatus
    waves: tuple[Wave, ...]
    unsettled: Unsettled | None
    hidden: int
    told: str = ""
    undo: str = ""

    @property
    def is_going_on(self) -> bool:
        """Whether workers are at it."""
        return self.status.phase.value == "working"


class OfferPage(Frozen):
    """What trackers would get."""

    run: str
    stops: str
    offered: ApplyReport
    told: str = ""


def add_to(app: FastAPI, templates: Templates) -> None:
    """Add the routes of classification."""
    _add_looks(app, templates)
    _add_acts(app)


def _add_looks(app: FastAPI, templates: Templates) -> None:
    @app.get("/classes")
    def newest(request: Request, work: Opened, _: Viewer) -> Response:
        try:
            found = status(work, None, _EVENTS)
        except UsageError:
            return templates.shown(request, "classes.html", None, "classes")
        return _shown(request, work, found)

    @app.get("/classes/{name}")
    def one_run(request: Request, name: str, work: Opened, _: Viewer) -> Response:
        return _shown(request, work, status(work, name, _EVENTS))

    @app.get("/classes/{name}/offer")
    def offer(request: Request, name: str, work: Opened, _: Viewer, told: str = "") -> Response:
        found = status(work, name, 0)
        page = OfferPage(
            run=found.run, stops=found.outcome.stops, offered=apply(work, found.run, asking=False), told=told
        )
        return templates.shown(request, "offer.html", page, "classes")

    def _shown(request: Request, work: Workspace, found: ClassificationStatus) -> Response:
        asked = request.query_params
        page = run_page(work, found).having(told=asked.get("told", ""), undo=asked.get("undo", ""))
        response = templates.shown(request, "classes.html", page, "classes")
        if page.is_going_on:
            response.headers["Refresh"] = str(_LOOK_AGAIN)
        return response


def _add_acts(app: FastAPI) -> None:
    @app.post("/classes/{name}/answer")
    def answered(name: str, work: Opened, session: Reviewer, fields: Form) -> Response:
        yes, reason = fields.get("answer") == "yes", fields.get("reason", "")
        done = answer(work, name, fields.get("worker", ""), yes=yes, actor=session.label, reason=reason)
        return _back(name, f"{done.worker} was told {'yes' if done.yes else 'no'}.")

    @app.post("/classes/{name}/settle")
    def settled(name: str, work: Opened, session: Reviewer, fields: Form) -> Response:
        numbers = fields.get("tickets", "").split(",")
        done = settle(work, name, numbers, fields.get("meaning", ""), actor=session.label, later=True)
        told = f"{len(done.tickets)} tickets are {done.meaning}; {done.left} are left. {_LATER}"
        return _back(name, told, ",".join(numbers))

    @app.post("/classes/{name}/unsettle")
    def unsettled_again(name: str, work: Opened, session: Reviewer, fields: Form) -> Response:
        numbers = [int(one) for one in fields.get("tickets", "").split(",") if one.isdigit()]
        done = unsettle(work, name, numbers, actor=session.label, later=True)
        return _back(name, f"{len(done.tickets)} tickets are in doubt again. {_LATER}")

    @app.post("/classes/{name}/accept")
    def accepted(name: str, work: Opened, session: Reviewer, fields: Form) -> Response:
        project, sure = fields.get("project", ""), fields.get("sure_only") == "yes"
        apply(work, name, accept=(project,), sure_only=sure, asking=False, actor=session.label)
        told = f"Accepted for {project}. Write it with: scout classify apply {name} --live"
        return RedirectResponse(f"/classes/{quote(name)}/offer?told={quote(told)}", 303)


def run_page(work: Workspace, found: ClassificationStatus) -> RunPage:
    """Return what is shown of a run."""
    waiting = unsettled(work, found.run) if found.phase.value == "joined" else None
    hidden = 0
    if waiting is not None:
        hidden = max(waiting.tickets - sum(len(one.tickets) for one in waiting.batches[:_BATCHES]), 0)
        waiting = waiting.having(batches=waiting.batches[:_BATCHES])
    return RunPage(status=found, waves=tuple(_waves(found.workers)), unsettled=waiting, hidden=hidden)


def _waves(workers: tuple[WorkerLine, ...]) -> list[Wave]:
    def of(one: WorkerLine) -> tuple[str, int, str]:
        kind, _, rest = one.worker.partition("-")
        number = rest.partition("-")[0]
        return number, [*_KINDS, kind].index(kind), kind

    grouped = groupby(sorted(workers, key=lambda one: (of(one), len(one.worker), one.worker)), of)
    return [Wave(name=f"{_KINDS.get(kind, kind)} {number}", workers=tuple(some)) for (number, _, kind), some in grouped]


def _back(name: str, told: str, undo: str = "") -> RedirectResponse:
    taken_back = f"&undo={quote(undo)}" if undo else ""
    return RedirectResponse(f"/classes/{quote(name)}?told={quote(told)}{taken_back}", 303)
