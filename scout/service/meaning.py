"""What texts mean, by a model that the settings name: only for projects that they name, too, and never needed."""

from collections.abc import Sequence
from functools import partial

from scout.llm import Embedder, ModelError
from scout.service.wiring import Project, Workspace
from scout.text.characters import visible


class Meaning:
    """Gives vectors of one project's texts, at the cost of that project's budget.

    Args:
        embedder: the model.
        project: the project's id.
        ask: whether it may be asked for what it has not been asked before.
    """

    def __init__(self, embedder: Embedder, project: str, *, ask: bool) -> None:
        self._vectors = partial(embedder.vectors, project=project, ask=ask)
        self._fault = ""

    def __call__(self, texts: Sequence[str]) -> Sequence[Sequence[float]] | None:
        """Return a vector for each text, or None; after one failure nothing is asked any more.

        Raises:
            StoreError: what it costs cannot be written down.
        """
        if self._fault:
            return None
        try:
            return self._vectors([visible(text) for text in texts])
        except ModelError as error:
            self._fault = f"{error.failure.value.replace('_', ' ')}: {error.what.rstrip('.')}"
            return None

    @property
    def notes(self) -> tuple[str, ...]:
        """Why meanings were not compared, once."""
        return (f"Duplicates were looked for by words alone: {self._fault}.",) if self._fault else ()


def meaning(work: Workspace, project: Project, *, ask: bool = True) -> Meaning | None:
    """Return what compares a project's texts by meaning; None unless the settings name a model for it and the project.

    Raises:
        SettingsError: the model's settings are wrong.
    """
    chosen = project.id in work.loaded.settings.llm.projects
    return Meaning(work.embedder, project.id, ask=ask) if chosen and work.embedder is not None else None
