"""Small stand-ins that several tests need."""

from collections.abc import Iterable, Sequence

from scout.sources import Wanted


class Nothing:
    """What a warehouse knows of a source that was never pulled."""

    def absent(self, stream: str, present: Iterable[str]) -> Sequence[str]:
        del stream, present
        return ()

    def wanting(self, detail: str, limit: int) -> Sequence[Wanted]:
        del detail, limit
        return ()
