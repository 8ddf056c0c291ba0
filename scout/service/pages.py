"""Pages of trackers that a pull keeps until what they brought is merged."""

import shutil
from contextlib import suppress
from pathlib import Path

from scout.errors import StoreError


def forget_pages(home: Path, project: str, source: str) -> None:
    """Delete the pages of a pull that has been merged.

    Raises:
        StoreError: they cannot be deleted.
    """
    folder = home / "staging" / "pages" / project / source
    if not folder.exists():
        return
    try:
        shutil.rmtree(folder)
    except OSError as error:
        message = f"{folder} cannot be deleted: {error.strerror or error}."
        raise StoreError(message, "Delete it by hand.") from error
    with suppress(OSError):  # another source's pages are there still
        folder.parent.rmdir()
        folder.parent.parent.rmdir()
