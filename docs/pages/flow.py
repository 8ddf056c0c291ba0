"""The page about measures and controls of flow, from their classes."""

from scout.flow.catalogue import controls, measures


def page() -> str:
    """Return the page."""
    parts = [
        "# Measures and controls of flow\n",
        "What `scout flow` shows; [about flow](../flow.md) says how.\n",
        "## Measures\n",
    ]
    for one in measures():
        parts += [
            f"### `{one.id}`\n",
            f"{_first(one.__doc__)}\n",
            f"- **Unit**: {one.unit}",
            f"- **Definition**: {one.definition}",
        ]
        parts += [f"- **Formula**: {one.formula}", f"- **Source**: {one.source}", f"- **Known bias**: {one.bias}\n"]
    parts.append("## Controls\n")
    for one in controls():
        parts += [
            f"### `{one.id}`\n",
            f"{_first(one.__doc__)}\n",
            f"- **Watches**: {one.watches}",
            f"- **Opportunity**: {one.opportunity}",
        ]
        parts += [f"- **Where it gives way to tempo**: {'; '.join(one.suggestions)}\n"]
    return "\n".join(parts)


def _first(doc: str | None) -> str:
    return (doc or "").strip().partition("\n")[0]
