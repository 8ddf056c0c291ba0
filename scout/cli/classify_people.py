"""What people say while a backlog is classified: yes or no to a worker, a class for what nobody could decide."""

from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import HERE, Actor, AsJson, Config, Now, finish, workspace
from scout.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from scout.service.classify_run import Asker

    Silent = Callable[[], AbstractContextManager[None]]


def add_to(group: typer.Typer) -> None:
    """Add these commands."""
    group.command("answer")(_answer)
    group.command("settle")(_settle)


def _answer(
    worker: Annotated[str, typer.Argument(metavar="WORKER", help="Who asks, as `scout classify status` shows.")],
    word: Annotated[str, typer.Argument(metavar="yes|no", help="The answer.")],
    name: Annotated[str | None, typer.Option("--run", metavar="RUN", help="The newest one by default.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept.")] = "",
    actor: Actor = "reviewer",
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Answer the question of a worker that may not go on by itself.

    Examples:

        scout classify answer wave-1-3 yes
        scout classify answer wave-1-3 no --reason "The taxonomy stays as it is"
    """
    from scout.cli.classify_look import show_answer
    from scout.service.classify_status import answer as decide

    if word.lower() not in {"yes", "no", "y", "n"}:
        raise UsageError(f"'{word}' is neither yes nor no.", "Answer yes or no.")
    yes = word.lower().startswith("y")
    report = decide(workspace(HERE, now, config), name, worker, yes=yes, actor=actor, reason=reason)
    finish(report, lambda out: show_answer(out, report), as_json=as_json)


def _settle(
    which: Annotated[
        list[str] | None, typer.Argument(metavar="BATCH|TICKET", help="What to settle; by default you are asked.")
    ] = None,
    meaning: Annotated[
        str, typer.Option("--as", metavar="CLASS", help="The class; by default the one that was guessed.")
    ] = "",
    name: Annotated[str | None, typer.Option("--run", metavar="RUN", help="The newest one by default.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="Only show what is in doubt.")] = False,
    actor: Actor = "reviewer",
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Settle tickets that nobody could decide: in batches, one key each.

    A batch is of one project, with one guess for one reason: `y` settles it as shown, a number as another class, `o`
    takes its tickets one by one, `u` takes the last one back. What is settled is kept and counted against the rule that
    guessed otherwise. Without a terminal, or with --list, what is in doubt is shown; ends with exit code 1 when
    something is.

    Examples:

        scout classify settle
        scout classify settle b-3fa2c1 --as waiting
        scout classify settle "rocket 17" --as someday
    """
    import sys

    from scout.cli.classify_look import show_settled, show_unsettled
    from scout.cli.look import console
    from scout.cli.settling import Settling
    from scout.cli.walk import asked_key
    from scout.service.classify_settle import settle as decide
    from scout.service.classify_settle import unsettled

    work = workspace(HERE, now, config)
    if which:
        report = decide(work, name, which, meaning, actor=actor)
        finish(report, lambda out: show_settled(out, report), as_json=as_json)
        return
    offered = unsettled(work, name)
    if not listing and not as_json and offered.batches and sys.stdin.isatty():
        Settling(work, console(), offered, actor, key=asked_key).go()
        return
    finish(offered, lambda out: show_unsettled(out, offered), as_json=as_json, code=1 if offered.tickets else 0)


def asker(silent: "Silent") -> "Asker | None":
    """Return what asks the person at the terminal; None where nobody sits there.

    Args:
        silent: takes what else is shown away for the time of a question.
    """
    import sys

    return _Terminal(silent) if sys.stdin.isatty() and sys.stderr.isatty() else None


class _Terminal:
    """Asks the person at the terminal."""

    def __init__(self, silent: "Silent") -> None:
        self._silent = silent

    def __call__(self, worker: str, about: str, wants: str, context: str) -> bool:
        """Return whether the person says yes."""
        from scout.cli.look import unsteered

        with self._silent():
            typer.echo(unsteered(f"\n{worker} asks about its {about}: {wants}"), err=True)
            if context:
                typer.echo(unsteered(f"  because {context}"), err=True)
            return typer.confirm("Yes?", default=False, err=True)
