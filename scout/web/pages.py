"""The pages to look at: each route reads, lets a view decide what is shown, and fills in a template."""

from collections import Counter

from fastapi import FastAPI, Request
from fastapi.responses import Response

from scout.service import log, review, rows, snapshot, suppress
from scout.service.ages import SourceAge, ages
from scout.service.drawn import drawn
from scout.service.links import in_dagster
from scout.service.surroundings import surroundings
from scout.service.wiring import Workspace
from scout.web import lists, project, views
from scout.web.opened import Opened, Reviewer, Viewer
from scout.web.templating import Templates


def add_to(app: FastAPI, templates: Templates) -> None:
    """Add the routes that read."""
    _add_overviews(app, templates)
    _add_records(app, templates)

    @app.get("/candidates/{name}")
    def candidate(request: Request, name: str, work: Opened, _: Viewer, told: str = "") -> Response:
        page = views.candidate(review.show(work, name), surroundings(work, name), told=told)
        return templates.shown(request, "candidate.html", page, "inbox")

    @app.get("/candidates/{name}/edit")
    def edit(request: Request, name: str, work: Opened, _: Reviewer) -> Response:
        page = views.candidate(review.show(work, name), surroundings(work, name), editing=True)
        return templates.shown(request, "candidate.html", page, "inbox")


def _add_overviews(app: FastAPI, templates: Templates) -> None:
    @app.get("/")
    def portfolio(request: Request, work: Opened, _: Viewer) -> Response:
        left = snapshot.read(work)
        found = review.waiting(work)
        page = views.portfolio(
            left and left.content,
            left and left.at,
            waiting=Counter(one.project for one in found.waiting),
            today=review.portion(work, found).shown[: lists.MOST],
            ages={one.id: ages(work, one) for one in work.projects},
            now=work.now,
        )
        return templates.shown(request, "portfolio.html", page, "portfolio")

    @app.get("/projects/{name}")
    def one_project(request: Request, name: str, work: Opened, _: Viewer) -> Response:
        left = snapshot.read(work)
        known = work.project(name)
        asked = request.query_params.get("what_if", "").strip()
        page = project.page(
            known.id,
            left and left.content,
            found=review.waiting(work, known.id),
            stocks=rows.counts(work, known),
            ages=ages(work, known),
            pictures=drawn(work, known, asked),
            now=work.now,
        )
        page = page.having(asked=asked, links=in_dagster(work, known.id))
        return templates.shown(request, "project.html", page, "portfolio")

    @app.get("/projects/{name}/tickets")
    def tickets(request: Request, name: str, work: Opened, _: Viewer, of: str = "ready", after: int = -1) -> Response:
        page = rows.tickets(work, work.project(name), of, after)
        return templates.shown(request, "tickets.html", page, "portfolio")

    @app.get("/projects/{name}/findings")
    def findings(
        request: Request, name: str, work: Opened, _: Viewer, of: str = "offered", after: int = -1
    ) -> Response:
        page = rows.findings(work, work.project(name), of, after)
        return templates.shown(request, "findings.html", page, "portfolio")

    @app.get("/inbox")
    def inbox(request: Request, work: Opened, _: Viewer) -> Response:
        found = review.waiting(work)
        page = lists.inbox(found, review.portion(work, found).shown, request.query_params)
        return templates.shown(request, "inbox.html", page, "inbox")


def _add_records(app: FastAPI, templates: Templates) -> None:
    @app.get("/decisions")
    def decisions(request: Request, work: Opened, _: Viewer, before: str = "") -> Response:
        return templates.shown(request, "decisions.html", log.decisions(work, before=before), "decisions")

    @app.get("/suppressions")
    def suppressions(request: Request, work: Opened, _: Viewer) -> Response:
        page = tuple(suppress.listing(work, one) for one in work.projects)
        return templates.shown(request, "suppressions.html", page, "suppressions")

    @app.get("/health")
    def health(request: Request, work: Opened, _: Viewer) -> Response:
        page = views.health(_ages(work), {one.id: in_dagster(work, one.id) for one in work.projects}, work.now)
        return templates.shown(request, "health.html", page, "health")

    @app.get("/keys")
    def keys(request: Request, _: Viewer) -> Response:
        return templates.shown(request, "keys.html", None, "")


def _ages(work: Workspace) -> dict[str, tuple[SourceAge, ...]]:
    return {project.id: ages(work, project) for project in work.projects}
