"""Systems that Scout pulls from: one source a file, found by the registry."""

from scout.sources._base import (
    Access,
    Found,
    Known,
    Pull,
    Rows,
    Sink,
    Source,
    SourceContext,
    StreamState,
    Wanted,
)

__all__ = [
    "Access",
    "Found",
    "Known",
    "Pull",
    "Rows",
    "Sink",
    "Source",
    "SourceContext",
    "StreamState",
    "Wanted",
]
