"""Systems that Scout pulls from: one source a file, found by the registry."""

from scout.sources._base import Pull, Rows, Source, SourceContext

__all__ = ["Pull", "Rows", "Source", "SourceContext"]
