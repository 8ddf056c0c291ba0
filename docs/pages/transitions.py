"""The page of a candidate's life: which event leads from which state to which."""

from scout.review import transitions

INTRODUCTION = """# A candidate's life

The state of a candidate is never stored: it is its events in the ledger, in order, folded over this table. What is
not in the table cannot happen."""


def page() -> str:
    """Return the page."""
    return f"{INTRODUCTION}\n\n{transitions.diagram()}"
