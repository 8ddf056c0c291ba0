"""How a project's texts get to a language model: only where the settings say so, without what nobody can see."""

from typing import TypeVar

from pydantic import BaseModel

from scout.llm import Model
from scout.service.wiring import Project, Workspace
from scout.text.characters import visible

Shape = TypeVar("Shape", bound=BaseModel)


class Asking:
    """Asks a model about one project, at the cost of that project's budget."""

    def __init__(self, model: Model, project: str) -> None:
        self._model, self._project = model, project

    def __call__(self, instruction: str, brief: str, shape: type[Shape]) -> Shape:
        """Return an answer; the same question about the same brief is asked once, and its answer kept.

        Control, bidirectional, zero-width and other invisible characters are taken out of the brief first: with them
        a text says something else to a model than to whoever reads it.

        Raises:
            ModelError: there is no answer, and why in a word.
            StoreError: what it costs cannot be written down.
        """
        return self._model.ask(instruction, visible(brief), shape, self._project)

    def recall(self, instruction: str, brief: str, shape: type[Shape]) -> Shape | None:
        """Return the answer that was given before, or None: nothing is asked."""
        return self._model.recall(instruction, visible(brief), shape)


def asking(work: Workspace, project: Project) -> Asking | None:
    """Return how a language model is asked about a project; None unless the settings name a model and the project.

    Raises:
        SettingsError: the model's settings are wrong.
    """
    chosen = project.id in work.loaded.settings.llm.projects
    return Asking(work.model, project.id) if chosen and work.model is not None else None
