"""What all models of the domain share: frozen, closed, and with a digest of their content."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Self, cast

from pydantic import BaseModel, ConfigDict, model_validator

from scout.model.names import printable


class Frozen(BaseModel):
    """A value: compared by content, never changed, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _written(cls, given: Any) -> Any:
        """Write names that no UTF-8 can hold so that they can be stored and sent."""
        if not isinstance(given, Mapping):
            return given
        return {name: _printable(value) for name, value in cast("Mapping[str, Any]", given).items()}

    def having(self, **changes: Any) -> Self:
        """Return a copy with some fields changed, validated again."""
        return type(self).model_validate({**dict(self), **changes})


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else printable(value)
    if isinstance(value, tuple):
        return tuple(_printable(one) for one in cast("tuple[Any, ...]", value))
    return value


class Report(Frozen):
    """What a front door prints. `--json` shows it as one document with `schema` first."""

    schema_id: ClassVar[str]

    def document(self) -> dict[str, Any]:
        """Return the JSON document: plain values, `schema` first, fields in the order of their declaration."""
        return {"schema": self.schema_id, **self.model_dump(mode="json")}


def digest(*parts: object, length: int = 16) -> str:
    """Return a stable hexadecimal digest of JSON-like parts (BLAKE2b, `length` hex digits, at most 64).

    Text that no UTF-8 can hold (lone surrogates from odd file names) is digested by its escaped form.
    """
    text = json.dumps(parts, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.blake2b(text.encode("ascii"), digest_size=32).hexdigest()[:length]
