"""Which git is there."""

import re
from pathlib import Path

from scout.errors import UnavailableError
from scout.repository._git import look


def git_version() -> tuple[int, ...]:
    """Return the version of the git that Scout runs, such as (2, 39, 5).

    Raises:
        UnavailableError: there is no git, or it does not say its version.
    """
    said = look(Path("/"), "--version").decode("ascii", "replace")
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", said)
    if found is None:
        raise UnavailableError(f"git does not say its version: '{said.strip()}'.", "Install git 2.30 or newer.")
    return tuple(int(part) for part in found.groups("0"))
