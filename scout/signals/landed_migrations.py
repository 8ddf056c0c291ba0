"""Whether an edit of a migration changes what it does: most edits of merged ones only change how they are written."""

from scout.signals.migrations._meaning import meaning


def changes_meaning(path: str, before: bytes | None, after: bytes | None) -> bool:
    """Say whether two texts of a migration leave different databases; what cannot be read counts as different.

    Args:
        path: of the migration, which says its language.
        before: its content; None where this copy has it not.
        after: its content later.
    """
    if before is None or after is None:
        return before != after
    then, now = (meaning(path, text.decode("utf-8", "replace")) for text in (before, after))
    return then is None or now is None or then.whole != now.whole
