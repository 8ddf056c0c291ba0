"""Messages to people, by Apprise: the only place that knows it. Addresses hold secrets, and no message names one."""

import logging
from collections.abc import Iterable
from datetime import datetime, time
from pathlib import Path

from scout.errors import SettingsError, UnavailableError
from scout.model import Frozen
from scout.settings import Notify


class Message(Frozen):
    """Something to tell.

    Attributes:
        title: one line.
        body: Markdown.
        grave: whether it is an alarm.
    """

    title: str
    body: str
    grave: bool = False


def targets(settings: Notify, base: Path) -> tuple[str, ...]:
    """Return the addresses of the settings and of the file that they name.

    Raises:
        SettingsError: that file cannot be read.
    """
    if settings.targets_file is None:
        return settings.targets
    path = base / Path(settings.targets_file).expanduser()
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsError(f"The addresses in {path} cannot be read: {reason}.", "Check `targets_file`.") from error
    kept = (line.strip() for line in lines)
    return (*settings.targets, *(line for line in kept if line and not line.startswith("#")))


def is_quiet(hours: tuple[time, time] | None, local: datetime) -> bool:
    """Whether nothing is sent at a local time; a span may go over midnight, and its end is outside."""
    if hours is None:
        return False
    begin, end = hours
    now = local.time().replace(tzinfo=None)
    return begin <= now < end if begin <= end else now >= begin or now < end


def send(message: Message, addresses: Iterable[str]) -> int:
    """Send a message to all addresses and return how many there are.

    Raises:
        SettingsError: one of the addresses is none.
        UnavailableError: it could not be delivered to all.
    """
    from apprise import Apprise, NotifyFormat, NotifyType

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would write addresses, secrets included
    known = Apprise()
    for number, address in enumerate(addresses, 1):
        if not known.add(address):  # pyright: ignore[reportUnknownMemberType] - a bare dict, in apprise
            raise SettingsError(f"Target {number} of `notify` is no address.", "Write it as Apprise does: mailto://…")
    kind = NotifyType.WARNING if message.grave else NotifyType.INFO
    told = {"title": message.title, "notify_type": kind, "body_format": NotifyFormat.MARKDOWN}
    if len(known) and not known.notify(message.body, **told):  # pyright: ignore[reportUnknownMemberType, reportArgumentType] - likewise
        what = f"'{message.title}' could not be delivered to all {len(known)} targets."
        raise UnavailableError(what, "Check the addresses of `notify`; it is told again next time.")
    return len(known)
