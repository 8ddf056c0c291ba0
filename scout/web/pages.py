"""The pages to look at: each route reads, lets a view decide what is shown, and fills in a template."""

from fastapi import FastAPI, Request
from fastapi.responses import Response

from scout.service import log, review, snapshot, suppress
from scout.service.ages import SourceAge, ages
from scout.service.pictures import pictures
from scout.service.surroundings import surroundings
from scout.service.wiring import Workspace
from scout.web import project, views
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
        everything = review.listing(work, everything=True)
        page = views.portfolio(left and left.content, left and left.at, everything, _ages(work), work.now)
        return templates.shown(request, "portfolio.html", page, "portfolio")

    @app.get("/projects/{name}")
    def one_project(request: Request, name: str, work: Opened, _: Viewer) -> Response:
        left = snapshot.read(work)
        known = work.project(name)
        lines = review.listing(work, known.id, everything=True)
        asked = request.query_params.get("what_if", "").strip()
        drawn = pictures(work, known, asked)
        page = project.page(left and left.content, lines, _ages(work), drawn, work.now).having(asked=asked)
        return templates.shown(request, "project.html", page, "portfolio")

    @app.get("/inbox")
    def inbox(request: Request, work: Opened, _: Viewer) -> Response:
        asked = request.query_params
        told, undo, whole = asked.get("told", ""), asked.get("undo", ""), "everything" in asked
        page = views.inbox(review.listing(work, everything=True), told=told, undo=undo, whole=whole)
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
        return templates.shown(request, "health.html", views.health(_ages(work), work.now), "health")

    @app.get("/keys")
    def keys(request: Request, _: Viewer) -> Response:
        return templates.shown(request, "keys.html", None, "")


def _ages(work: Workspace) -> dict[str, tuple[SourceAge, ...]]:
    return {project.id: ages(work, project) for project in work.projects}
