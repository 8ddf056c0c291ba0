"""Where work waits, returns and repeats: the flow of one project, and of the portfolio, as they were published."""

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response

from scout.service.flow_shown import portfolio_flow, project_flow, rows_file
from scout.web.opened import Opened, Viewer
from scout.web.templating import Templates

_MEDIA = {".csv": "text/csv; charset=utf-8", ".parquet": "application/vnd.apache.parquet"}


def add_to(app: FastAPI, templates: Templates) -> None:
    """Add the pages of flow."""

    @app.get("/flow")
    def portfolio(request: Request, work: Opened, _: Viewer) -> Response:
        return templates.shown(request, "flow_portfolio.html", portfolio_flow(work), "flow")

    @app.get("/flow/{name}")
    def one_project(request: Request, name: str, work: Opened, _: Viewer) -> Response:
        page = {"id": work.project(name).id, "flow": project_flow(work, name)}
        return templates.shown(request, "flow.html", page, "flow")

    @app.get("/flow/{name}/{file}")
    def rows(name: str, file: str, work: Opened, _: Viewer) -> Response:
        place = rows_file(work, name, file)
        return FileResponse(place, media_type=_MEDIA[place.suffix], filename=f"{name}-{file}")
