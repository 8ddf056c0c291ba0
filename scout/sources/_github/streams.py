"""All streams, in the order in which they are read."""

from collections.abc import Iterable

from scout.model.names import nearest
from scout.sources._github import changes, delivery, history, planning, rules, talk, tickets
from scout.sources._github.stream import Stream

STREAMS: dict[str, Stream] = {
    stream.name: stream
    for theme in (tickets, talk, history, changes, planning, delivery, rules)
    for stream in theme.STREAMS
}


def chosen(names: Iterable[str] | None) -> tuple[Stream, ...]:
    """Return the streams of these names; without names, those that are read by default. The repository always is.

    Raises:
        ValueError: a name is unknown.
    """
    if names is None:
        return tuple(stream for stream in STREAMS.values() if stream.default)
    wanted = set(names)
    for name in sorted(wanted - STREAMS.keys()):
        near = nearest(name, STREAMS)
        hint = f"did you mean '{near}'?" if near else f"there are: {', '.join(STREAMS)}"
        raise ValueError(f"there is no stream '{name}': {hint}")
    return tuple(stream for stream in STREAMS.values() if stream.name in wanted | {"repository"})
