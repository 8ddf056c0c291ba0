"""The buffer policy for any simulator: eval policy."""

import sys
from typing import Annotated

import typer

from scout.cli.options import AsJson
from scout.errors import UsageError


def policy(
    days: Annotated[str, typer.Argument(metavar="-", help="Always -: the days come from standard input.")] = "-",
    as_json: AsJson = False,
) -> None:
    """Order for one project, day by day: a JSON object in, an order out, until the input ends.

    A day says what is there as it ends, and what happened in it; what is left out is 0, what is unknown is ignored.
    `starved` counts what was asked for when nothing was ready. Out comes `{"order": 3, "reason": "…", "constraint":
    ""}` at once, with and without --json; `constraint` names what keeps ready work short.

    Examples:

        echo '{"day": 1, "on_hand": 2, "on_order": {"queued": 1}, "today": {"starts": 2}}' | scout eval policy -

        my-simulator | scout eval policy -
    """
    from scout.service.evaluate_policy import orders

    del as_json  # a line of JSON for each day is the only form
    if days != "-":
        raise UsageError(f"'{days}' is not standard input.", "Write `scout eval policy -` and pipe the days into it.")
    for ordered in orders(sys.stdin):
        sys.stdout.write(ordered.model_dump_json() + "\n")
        sys.stdout.flush()
