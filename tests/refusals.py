"""How Scout must say no: one sentence, one remedy, the right exit code, and the same as JSON."""

from tests.rocket import NOW, Scout


def refused(scout: Scout, code: int, said: str, *arguments: str, now: str | None = NOW, **environment: str) -> str:
    """Run a command with `--json`, check that it ends with `code` and says `said`, and return its remedy."""
    ran = scout(*arguments, "--json", now=now, **environment)
    assert ran.code == code, ran
    what, remedy = ran.err.splitlines()[-2:]
    assert what.startswith("scout: "), ran.err
    assert what.endswith("."), ran.err
    assert said in what, ran.err
    assert remedy.startswith("       "), ran.err
    assert remedy.endswith((".", "?")), ran.err
    assert "Scout itself failed" not in ran.err
    document = ran.document
    assert document == {
        "schema": "scout.error/1",
        "error": what.removeprefix("scout: "),
        "remedy": remedy.strip(),
        "exit": code,
    }
    return remedy.strip()
