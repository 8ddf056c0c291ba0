"""The page as an application: its doors, pages and acts, put together."""

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response

from scout.errors import ConflictError, ScoutError, UsageError
from scout.service.sharing import Sharing
from scout.service.wiring import Workspace
from scout.settings import Auth
from scout.web import acts, classes, flow, pages
from scout.web.access import Keys
from scout.web.gate import ASGIApp, Gate, cookie_name
from scout.web.templating import Templates

Opening = Callable[[], Workspace]

_STATIC = Path(__file__).parent / "static"
_NOT_FOUND, _CONFLICT, _UNAVAILABLE = 404, 409, 503
_TYPES = {"scout.css": "text/css", "scout.js": "text/javascript", "icon.svg": "image/svg+xml"}


def application(opening: Opening, keys: Keys, port: int) -> ASGIApp:
    """Return the page as an ASGI application.

    Args:
        opening: opens the workspace anew for each request, with the clock of that moment.
        keys: the token and the sessions.
        port: where it is served; part of what the gate compares.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.opening = Sharing(opening)
    templates = Templates()
    _add_door(app, keys, port, templates)
    pages.add_to(app, templates)
    flow.add_to(app, templates)
    acts.add_to(app, templates)
    classes.add_to(app, templates)
    _add_errors(app, templates)
    return Gate(app, keys, port)


def _add_door(app: FastAPI, keys: Keys, port: int, templates: Templates) -> None:
    def let_in(token: str) -> Response:
        if keys.refusing:
            return PlainTextResponse("Too many wrong tokens; wait a minute.\n", 429, {"Retry-After": "60"})
        session = keys.exchange(token)
        if session is None:
            return PlainTextResponse("This address was used already, or is of another run of `scout serve`.\n", 403)
        response = RedirectResponse("/", 303)
        response.set_cookie(cookie_name(port), session, httponly=True, samesite="strict")
        return response

    @app.get("/enter")
    def enter(request: Request, token: str = "") -> Response:
        if not token and keys.settings.auth is Auth.TOKENS:
            return templates.shown(request, "enter.html", None, "")
        return let_in(token)

    @app.post("/enter")
    async def entered(request: Request) -> Response:
        return let_in((await acts.form_of(request)).get("token", ""))

    @app.post("/leave")
    async def leave(request: Request) -> Response:
        await acts.checked_form(request)
        keys.leave(request.cookies.get(cookie_name(port), ""))
        response = RedirectResponse("/enter", 303)
        response.delete_cookie(cookie_name(port))
        return response

    for name, media_type in _TYPES.items():
        app.add_api_route(f"/{name}", _file(name, media_type), methods=["GET"])


def _file(name: str, media_type: str) -> Callable[[], Response]:
    return lambda: FileResponse(_STATIC / name, media_type=media_type)


def _add_errors(app: FastAPI, templates: Templates) -> None:
    def told(request: Request, what: str, remedy: str, status: int) -> HTMLResponse:
        return templates.shown(request, "error.html", {"what": what, "remedy": remedy}, "", status)

    @app.exception_handler(ScoutError)
    def of_scout(request: Request, error: Exception) -> Response:
        if not isinstance(error, ScoutError):
            raise error
        status = _CONFLICT if isinstance(error, ConflictError) else _UNAVAILABLE
        return told(request, error.what, error.remedy, _NOT_FOUND if isinstance(error, UsageError) else status)

    @app.exception_handler(_NOT_FOUND)
    def of_nothing(request: Request, _: Exception) -> Response:
        return told(request, f"There is no page {request.url.path}.", "Start at the portfolio.", _NOT_FOUND)
