"""Templates, filled in with what a page shows and with who is looking."""

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from scout.web.access import Role, Session

_HUNDREDS, _TENS = 100, 10


def figure(value: float | None) -> str:
    """Return a figure with three digits, which say enough; empty for none."""
    if value is None:
        return ""
    if value == round(value) or abs(value) >= _HUNDREDS:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= _TENS else f"{value:.2g}"


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
        self._templates.filters["figure"] = figure

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
