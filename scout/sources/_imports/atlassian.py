"""Issues as Jira's REST API returns them, version 2 or 3: in pages, or one a line."""

from collections.abc import Iterable

from scout.sources._imports.pieces import Piece
from scout.sources._imports.shapes import Kind, Shape, Thing, UnfitError
from scout.sources._jira.shape import part, word


class JiraShape(Shape):
    """Pages of a search, or single issues; projects among them say which versions there are."""

    id = "jira"
    about = 'Jira issues {"id", "key", "fields"} of REST v2 or v3, one a line or in pages {"issues": […]}'
    tracker = "jira"

    def fits(self, piece: Piece) -> bool:
        """Whether it is an issue with its fields."""
        value = part(piece.value)
        return bool(word(value, "key")) and isinstance(value.get("fields"), dict)

    def things(self, piece: Piece) -> Iterable[Thing]:
        """Return the issue or the project."""
        value = part(piece.value)
        if "fields" not in value and word(value, "id") and word(value, "key") and word(value, "name"):
            return [Thing(Kind.JIRA_PROJECT, value)]
        if not word(value, "key"):
            raise UnfitError("it has no key")
        if not isinstance(value.get("fields"), dict):
            raise UnfitError(f"{word(value, 'key')} has no fields")
        return [Thing(Kind.JIRA, value if word(value, "id") else {**value, "id": word(value, "key")})]
