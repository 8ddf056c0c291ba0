"""The register of what others rely on that nobody planned as infrastructure, out of a project's checkout."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from scout.errors import ScoutError
from scout.repository import Repository
from scout.service.sight import siblings
from scout.service.wiring import Project, Workspace
from scout.signals import View
from scout.signals.register import Dependent, Relied, relied_on, shared_workflows


def register(
    work: Workspace, project: Project, step: Callable[[str], None] = lambda _: None
) -> tuple[tuple[Relied, ...], tuple[Dependent, ...], str]:
    """Return the register of a project, who uses it in the portfolio, and why there is none where there is none.

    Args:
        work: the workspace.
        project: with or without a checkout.
        step: takes a short phrase about progress.
    """
    if not project.has_checkout:
        return (), (), "the project has no checkout"
    step("Reading who calls what")
    with ExitStack() as opened:
        try:
            repository = opened.enter_context(Repository.open(project.checkout, work.home / "cache" / "repositories"))
            view = View.of(repository, repository.resolve(), work.now)
        except ScoutError as error:
            return (), (), error.what
        others = siblings(work, project, opened)
        seen = {name: View.of(one.repository, one.sha, work.now) for name, one in others.items()}
        view = replace(view, siblings=seen, project=project.id)
        return relied_on(view), tuple(shared_workflows(view, project.id)), ""
