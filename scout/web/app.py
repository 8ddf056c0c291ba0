"""The page's routes: each reads, lets a view decide what is shown, and fills in a template."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from scout.errors import ScoutError, UsageError
from scout.service import review, snapshot
from scout.service.ages import SourceAge, ages
from scout.service.wiring import Workspace
from scout.web import views
from scout.web.gate import ASGIApp, Gate, Keys, cookie_name

Opening = Callable[[], Workspace]

_STATIC = Path(__file__).parent / "static"
_NOT_FOUND = 404
_UNAVAILABLE = 503


def application(opening: Opening, keys: Keys, port: int) -> ASGIApp:
    """Return the page as an ASGI application.

    Args:
        opening: opens the workspace anew for each request, with the clock of that moment.
        keys: the token and the sessions.
        port: where it is served; part of what the gate compares.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.opening = opening
    templates = Environment(
        loader=PackageLoader("scout.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    _add_door(app, keys, port)
    _add_pages(app, templates)
    _add_errors(app, templates)
    return Gate(app, keys, port)


def _add_door(app: FastAPI, keys: Keys, port: int) -> None:
    @app.get("/enter")
    def enter(token: str = "") -> Response:
        session = keys.exchange(token)
        if session is None:
            return PlainTextResponse("This address was used already, or is of another run of `scout serve`.\n", 403)
        response = RedirectResponse("/", 303)
        response.set_cookie(cookie_name(port), session, httponly=True, samesite="strict")
        return response

    @app.get("/scout.css")
    def style() -> Response:
        return FileResponse(_STATIC / "scout.css", media_type="text/css")

    @app.get("/icon.svg")
    def icon() -> Response:
        return FileResponse(_STATIC / "icon.svg", media_type="image/svg+xml")


def _opened(request: Request) -> Iterator[Workspace]:
    opening: Opening = request.app.state.opening
    work = opening()
    try:
        yield work
    finally:
        work.close()


Opened = Annotated[Workspace, Depends(_opened)]


def _add_pages(app: FastAPI, templates: Environment) -> None:
    def shown(template: str, page: object, here: str) -> HTMLResponse:
        return HTMLResponse(templates.get_template(template).render(page=page, here=here))

    @app.get("/")
    def portfolio(work: Opened) -> Response:
        left = snapshot.read(work)
        everything = review.listing(work, everything=True)
        page = views.portfolio(left and left.content, left and left.at, everything, _ages(work), work.now)
        return shown("portfolio.html", page, "portfolio")

    @app.get("/inbox")
    def inbox(work: Opened) -> Response:
        return shown("inbox.html", views.inbox(review.listing(work, everything=True)), "inbox")

    @app.get("/candidates/{name}")
    def candidate(work: Opened, name: str) -> Response:
        return shown("candidate.html", views.candidate(review.show(work, name)), "")


def _add_errors(app: FastAPI, templates: Environment) -> None:
    def told(what: str, remedy: str, status: int) -> HTMLResponse:
        text = templates.get_template("error.html").render(what=what, remedy=remedy, here="")
        return HTMLResponse(text, status)

    @app.exception_handler(ScoutError)
    def of_scout(_: Request, error: Exception) -> Response:
        if not isinstance(error, ScoutError):
            raise error
        return told(error.what, error.remedy, _NOT_FOUND if isinstance(error, UsageError) else _UNAVAILABLE)

    @app.exception_handler(_NOT_FOUND)
    def of_nothing(request: Request, _: Exception) -> Response:
        return told(f"There is no page {request.url.path}.", "Start at the portfolio.", _NOT_FOUND)


def _ages(work: Workspace) -> dict[str, tuple[SourceAge, ...]]:
    return {project.id: ages(work, project) for project in work.projects}
