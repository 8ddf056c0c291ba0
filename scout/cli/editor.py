"""Texts that a reviewer gives: from a file, standard input, or an editor."""

from pathlib import Path

from scout.errors import UsageError


def content(file: str | None) -> str | None:
    """Return the text of a file or of standard input (`-`); None where no file is named."""
    if file is None:
        return None
    from scout.service.assess import read_content

    return read_content(file).decode("utf-8-sig", "replace")


def edited(body: str) -> str:
    """Return the text as it was saved in the user's editor ($VISUAL, $EDITOR, else vi)."""
    import os
    import shlex
    import shutil
    import sys
    import tempfile

    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("vi" if sys.stdin.isatty() else "")
    try:
        editor = shlex.split(named)
    except ValueError:  # a quotation mark without its other half
        editor = []
    if not editor or shutil.which(editor[0]) is None:
        message = f"The editor '{named}' cannot be started." if named else "There is no terminal for an editor."
        raise UsageError(message, "Set EDITOR, or give --file or --title.")
    with tempfile.TemporaryDirectory(prefix="scout-") as folder:
        file = Path(folder) / "candidate.md"
        file.write_text(body, "utf-8")
        process = os.posix_spawnp(editor[0], [*editor, str(file)], os.environ)
        if os.waitpid(process, 0)[1] != 0:
            message = f"The editor '{editor[0]}' did not end well."
            raise UsageError(message, "Set EDITOR, or give --file or --title.")
        return file.read_text("utf-8", "replace")
