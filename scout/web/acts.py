"""What a reviewer does on the page: each route takes a form, decides through the service, and leads on."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl, quote

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from scout import clock
from scout.errors import ConflictError, UsageError
from scout.service import decide, review, suppress
from scout.service.decisions import DecisionReport, Said
from scout.service.surroundings import surroundings
from scout.service.wiring import Workspace
from scout.web import views
from scout.web.access import Role, Session
from scout.web.opened import Opened, Reviewer
from scout.web.templating import Templates

_MOST_BYTES = 1_000_000
_MOST_FIELDS = 20
_FORBIDDEN, _TOO_LARGE, _UNPROCESSABLE, _CONFLICT = 403, 413, 422, 409

Fields = Mapping[str, str]


async def form_of(request: Request) -> Fields:
    """Return the fields of a form; of several of one name the last one."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise HTTPException(_TOO_LARGE, "That is too much text.")
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(_TOO_LARGE, "That are too many fields.") from error
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


async def checked_form(request: Request) -> Fields:
    """Return the fields of a form that a page of this session sent."""
    fields = await form_of(request)
    session: Session = request.state.session
    if not session.csrf or fields.get("csrf") != session.csrf:
        raise HTTPException(_FORBIDDEN, "This form is not of this session: open the page again.")
    return fields


Form = Annotated[Fields, Depends(checked_form)]


def add_to(app: FastAPI, templates: Templates) -> None:
    """Add the routes that write."""
    _add_decisions(app, templates)
    _add_drafts(app, templates)

    @app.post("/suppressions/lift")
    def lift(work: Opened, session: Reviewer, fields: Form) -> Response:
        project = work.project(fields.get("project", ""))
        reason = fields.get("reason", "").strip() or f"lifted by {session.label}"
        suppress.lift(work, project, fields.get("fingerprint", ""), reason)
        return RedirectResponse("/suppressions", 303)


def _add_decisions(app: FastAPI, templates: Templates) -> None:
    @app.post("/candidates/{name}/{verb}")
    def decided(request: Request, name: str, verb: str, work: Opened, session: Reviewer, fields: Form) -> Response:  # noqa: PLR0913, PLR0917 - what a route is given
        try:
            report = _decide(work, name, verb, fields, session)
        except (ConflictError, UsageError) as error:
            status = _CONFLICT if isinstance(error, ConflictError) else _UNPROCESSABLE
            page = views.candidate(review.show(work, name), surroundings(work, name), fields, trouble=error)
            return templates.shown(request, "candidate.html", page, "inbox", status)
        told = f"{report.candidate} is {report.state.value}. {report.next}"
        if verb in {"edit", "undo"}:
            return RedirectResponse(f"/candidates/{report.candidate}?told={quote(told)}", 303)
        return RedirectResponse(f"/inbox?told={quote(told)}&undo={report.candidate}", 303)


def _decide(work: Workspace, name: str, verb: str, fields: Fields, session: Session) -> DecisionReport:
    said = Said(
        reason=fields.get("reason", ""),
        actor=session.label,
        owner=session.role >= Role.OWNER,
        seen=int(fields["seen"]) if fields.get("seen", "").isdigit() else None,
    )
    match verb:
        case "accept":
            return decide.accept(work, name, said=said)
        case "edit":
            body = fields.get("body", "")
            return decide.edit(work, name, said=said, title=fields.get("title"), body=body)
        case "reject":
            kind, text = fields.get("kind", ""), fields.get("reason", "").strip()
            reason = ": ".join(filter(None, (kind, text)))
            return decide.reject(work, name, said=said.having(reason=reason), scope=fields.get("scope") or "this")
        case "defer":
            until = clock.now(fields["until"]) if fields.get("until") else None
            return decide.defer(work, name, said=said, until=until, closed=fields.get("closed", "").strip())
        case "merge":
            return decide.merge(work, name, said=said, into=fields.get("into", "").strip())
        case "undo":
            return decide.undo(work, name, said=said)
        case _:
            message = f"Nobody can '{verb}' a candidate."
            raise UsageError(message, "Accept, edit, reject, defer or merge it.")


def _add_drafts(app: FastAPI, templates: Templates) -> None:
    @app.post("/readiness/{name}")
    def readiness(request: Request, name: str, work: Opened, session: Reviewer, fields: Form) -> Response:
        del session
        judged = decide.readiness_of(work, name, fields.get("title", ""), fields.get("body", ""))
        return templates.shown(request, "readiness.html", views.judged(judged), "")

    @app.post("/hides/{name}")
    def hides(request: Request, name: str, work: Opened, session: Reviewer, fields: Form) -> Response:
        del session
        shown = decide.preview(work, name, scope=fields.get("scope") or "this")
        return templates.shown(request, "hides.html", shown.hidden, "")
