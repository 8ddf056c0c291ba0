"""What the host enforces: protected branches and rulesets."""

from collections.abc import Iterator

from scout.remote.reading import dumped
from scout.sources._github.shape import Json, key, part, parts, text, texts, without
from scout.sources._github.stream import Paged, Stream, by
from scout.sources._github.words import Vocabulary
from scout.warehouse.records import ControlRow, CoreRow

_DEMANDS = (
    "required_pull_request_reviews",
    "required_status_checks",
    "enforce_admins",
    "required_linear_history",
    "required_signatures",
    "required_conversation_resolution",
    "allow_force_pushes",
    "allow_deletions",
    "lock_branch",
    "restrictions",
)


def protection_rows(branch: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return a protected branch, with what is demanded there as far as we may see it."""
    del said
    name = text(branch.get("name"))
    shown = part(branch, "protection")
    rules = {demand: shown[demand] for demand in _DEMANDS if demand in shown}
    yield ControlRow(
        key=name,
        kind="branch_protection",
        name=name,
        target=name,
        enforced=branch.get("protected") is not False and shown.get("enabled") is not False,
        rules=dumped(rules).decode(),
    )


def ruleset_rows(ruleset: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return a ruleset."""
    del said
    patterns = texts(part(ruleset, "conditions", "ref_name").get("include"))
    rules = {text(one.get("type")): part(one, "parameters") for one in parts(ruleset.get("rules"))}
    yield ControlRow(
        key=key(ruleset.get("id")),
        kind="ruleset",
        name=text(ruleset.get("name")),
        target=", ".join(patterns) or text(ruleset.get("target")),
        enforced=text(ruleset.get("enforcement")) == "active",
        rules=dumped(rules).decode(),
    )


def _still(branch: Json) -> Json:
    """Return a branch without its newest commit: where it stands is no rule."""
    return without(branch, "commit")


STREAMS = (
    Stream(
        "protection",
        "/branches",
        Paged.WHOLE,
        protection_rows,
        key=by("name"),
        params={"protected": "true"},
        trim=_still,
        inside="/branches/{key}/protection",
        joined=lambda branch, protection: {**branch, "protection": protection},
        extra=True,
    ),
    Stream("ruleset", "/rulesets", Paged.WHOLE, ruleset_rows, inside="/rulesets/{key}", extra=True),
)
