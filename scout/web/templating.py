"""Templates, filled in with what a page shows and with who is looking."""

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from scout.web.access import Role, Session

_NOBODY = Session("", Role.VIEWER, "", 0)


class Templates:
    """The page's templates; everything is escaped but what a template says is safe."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("scout.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def shown(self, request: Request, name: str, page: object, here: str, status: int = 200) -> HTMLResponse:
        """Return a page.

        Args:
            request: who asks.
            name: of the template.
            page: what it shows.
            here: which entry of the navigation it is under; empty for none.
            status: of the answer.
        """
        session: Session = getattr(request.state, "session", _NOBODY)
        may = session.role >= Role.REVIEWER
        text = self._templates.get_template(name).render(page=page, here=here, session=session, may=may)
        return HTMLResponse(text, status)
