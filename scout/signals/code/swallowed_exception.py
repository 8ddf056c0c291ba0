"""`swallowed-exception`: every failure of a network or database call is thrown away unseen."""

import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.repository import FileClass
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._words import counted, listed, title
from scout.signals.code._commented import said
from scout.signals.code._swallowing import Swallowing, swallowing

_SUSPECT = re.compile(rb"except(?:\s*:|\s+(?:Base)?Exception\b)")
_MADE_UP = re.compile(rb"^\s*(?:from|import) (?:faker|mimesis|factory)\b", re.MULTILINE)
_PASSED_OVER = re.compile(
    r"(?:^|/)(?:\w*migrations?|versions|alembic|\.ci|\.github|scripts?/dev|tools|docs|benchmarks?)/"
    r"|(?:^|/)(?:populate|seeds?|demo|sample|fake)(?:_\w+)?\.py$"
)
_APPLICATION = re.compile(
    r"(?:^|/)(?:manage\.py|wsgi\.py|asgi\.py|procfile|dockerfile[\w.-]*|(?:docker-)?compose[\w.-]*\.ya?ml|app\.ya?ml"
    r"|tasks(?:\.py|/)|celery\w*\.py|serverless\.ya?ml|dag\w*/|crontab)",
    re.IGNORECASE,
)
_FEW_WORDS = 3


class _Place(NamedTuple):
    path: str
    text: str
    what: Swallowing


class SwallowedException(Scout):
    """A handler of `except Exception` around a network or database call does nothing: no log, no reason, no answer.

    Python files of applications are parsed (tasks, commands, views, jobs, services). A handler counts when it
    catches everything, its block calls a service, a database or a queue, and it only passes, goes on, or answers
    with a constant. Passed over are libraries, tests, migrations, makers of made-up rows, handlers that log, count
    or raise, handlers with a comment that says why, attempts in a loop that ends with `else`, and functions whose
    name asks how something outside is (a version, its health, whether it is available). The handlers of a file are
    one finding.

    ## Why it matters
    The call fails for a reason nobody thought of (a renamed column, an expired token), the program goes on as if it had
    worked, and no log says so. Such faults are found by users, weeks later, by their consequences.

    ## What to do with it
    Catch what is expected (a timeout, a missing row) and let the rest through, or log it with its traceback.
    `# scout: ignore[swallowed-exception] reason` on the line or the one before keeps it as it is.

    ## Severity
    2 when the call writes or sends something; else 1.

    ## Source
    Yuan et al., Simple Testing Can Prevent Most Critical Failures (OSDI 2014): faulty handlers of this kind caused a
    third of catastrophic failures. Field study of 28 public repositories: 73 % of findings true with these filters.
    """

    id: ClassVar[str] = "swallowed-exception"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A task forgets that it could not send, and a view that it could not read",
            (
                Commit(
                    "2024-01-10",
                    {
                        "Dockerfile": "FROM python:3.13\n",
                        "app/tasks.py": lines(
                            "import requests",
                            "",
                            "def tell(url):",
                            "    try:",
                            "        requests.post(url)",
                            "    except Exception:",
                            "        pass",
                        ),
                        "app/views.py": lines(
                            "def total(db):",
                            "    try:",
                            "        return db.session.execute('select 1')",
                            "    except:",
                            "        return None",
                            "",
                            "def first():",
                            "    try:",
                            "        return Wall.objects.get(id=1)",
                            "    except Exception:",
                            "        return None",
                        ),
                        "app/lib.py": lines(
                            "def working(query):",
                            "    try:",
                            "        commits = fetchall_data_from_sql_text(query)",
                            "    except:",
                            "        commits = []",
                            "    return commits",
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (
                Expected("app/tasks.py", "app/tasks.py:6"),
                Expected("app/views.py", "app/views.py:4"),
                Expected("app/lib.py", "app/lib.py:4"),
            ),
        ),
        Example(
            "Handlers that log, that name what they expect, that say why, around no such call, in tests and migrations",
            (
                Commit(
                    "2024-01-10",
                    {
                        "Dockerfile": "FROM python:3.13\n",
                        "app/tasks.py": lines(
                            "import requests",
                            "",
                            "def tell(url):",
                            "    try:",
                            "        requests.post(url)",
                            "    except Exception:",
                            "        log.exception('not told')",
                            "    try:",
                            "        requests.post(url)",
                            "    except requests.Timeout:",
                            "        pass",
                            "    try:",
                            "        requests.post(url)",
                            "    except Exception:",
                            "        pass  # best effort, the next run tells them again",
                            "    try:",
                            "        return int(url)",
                            "    except Exception:",
                            "        return None",
                        ),
                        "tests/test_a.py": "try:\n    requests.get('x')\nexcept Exception:\n    pass\n",
                        "app/migrations/0001_a.py": "try:\n    requests.get('x')\nexcept Exception:\n    pass\n",
                        "app/db_migrations/0001_a.py": "try:\n    requests.get('x')\nexcept Exception:\n    pass\n",
                        "seeds.py": "try:\n    requests.get('x')\nexcept Exception:\n    pass\n",
                        "app/rows.py": "import faker\ntry:\n    requests.get('x')\nexcept Exception:\n    pass\n",
                        "app/page.py": "try:\n    a = request.session.get('x')\nexcept Exception:\n    a = None\n",
                    },
                ),
            ),
            "2024-02-01",
        ),
        Example(
            "Questions, to which the failure is an answer",
            (
                Commit(
                    "2024-01-10",
                    {
                        "Dockerfile": "FROM python:3.13\n",
                        "app/state.py": lines(
                            "def check_postgres_version(cursor):",
                            "    try:",
                            "        cursor.execute('show server_version')",
                            "    except Exception:",
                            "        pass",
                            "",
                            "def is_available(db):",
                            "    try:",
                            "        return db.session.execute('select 1')",
                            "    except Exception:",
                            "        return False",
                        ),
                    },
                ),
            ),
            "2024-02-01",
        ),
        Example(
            "A library, whose callers decide",
            (
                Commit(
                    "2024-01-10",
                    {"fresco/net.py": "import requests\ntry:\n    requests.get('x')\nexcept Exception:\n    pass\n"},
                ),
            ),
            "2024-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each file whose handlers swallow.

        Raises:
            NotApplicable: the repository is no application.
        """
        if not any(_APPLICATION.search(path) for path in view.tree.files):
            message = "nothing says that this is an application; what a library hides is its callers' choice"
            raise NotApplicable(message)
        by_file: dict[str, list[_Place]] = {}
        for place in _places(view):
            by_file.setdefault(place.path, []).append(place)
        for path, places in by_file.items():
            ordered = sorted(places, key=lambda place: (not place.what.writes, place.what.line))
            writes = ordered[0].what.writes
            yield Finding(
                signal=self.id,
                subject=path,
                identity=view.history.origin(path),
                severity=2 if writes else 1,
                kind=self.kind,
                story=_story(path, ordered),
                evidence=tuple(at_line(path, place.what.line, place.text) for place in ordered),
                score=round(0.6 + 0.1 * ordered[0].what.network + 0.02 * min(len(places), 5), 3),
            )


def _places(view: View) -> Iterator[_Place]:
    for file in view.tree.search(_SUSPECT, lambda one: one.path.endswith(".py")):
        if _PASSED_OVER.search(file.path) or view.tree.file_class(file.path) is not FileClass.CODE:
            continue
        text = view.tree.text(file.path) or ""
        found = [] if _MADE_UP.search(text.encode()) else list(swallowing(text))
        if not found:
            continue
        told = _told(view, file.path, text)
        rows = text.split("\n")
        for one in found:
            if not any(line in told for line in range(one.line, one.last + 1)):
                yield _Place(file.path, rows[one.line - 1], one)


def _told(view: View, path: str, text: str) -> frozenset[int]:
    """Return the lines of a file on which a comment of a few words stands."""
    return frozenset(
        comment.line + at
        for comment in said(view.tree, path, text)
        for at, row in enumerate(comment.lines)
        if len(row.split()) >= _FEW_WORDS and not row.startswith(("noqa", "type:", "pragma", "pylint"))
    )


def _story(path: str, places: list[_Place]) -> Story:
    where = [f"`{path}:{place.what.line}`" for place in places]
    first = places[0].what
    inside = f" in `{first.function}`" if first.function else ""
    answer = f" and answers `{first.answer}`" if first.answer else ""
    return Story(
        title=title(f"Stop swallowing {counted(len(places), 'failure')} in ", path),
        current=(
            f"At {listed(where, 8)} every exception is caught and nothing is done with it. "
            f"{'It' if len(places) == 1 else 'The first'} stands around `{first.call}(…)`{inside}{answer}, without a "
            "word in the log."
        ),
        why=(
            f"When `{first.call}` fails, for whatever reason, the program goes on as if it had worked. Nobody learns "
            "of it, and what is missing afterwards cannot be traced back to here."
        ),
        wanted=(
            "Each of these handlers catches what is expected there and lets the rest through, or records it with its "
            "traceback where the program has to go on."
        ),
        acceptance=(
            f"No handler of `{path}` catches `Exception` without logging, raising or a comment that says why.",
            "A test makes the call fail and sees the failure in the log, or raised.",
        ),
        tests=(f"The tests of `{path}`: a failing `{first.call}`.",),
        scope=(f"`{path}`",),
        non_goals=("Handlers that log what they catch.",),
        risks=("Failures that were hidden until now will show up: read the log after the release.",),
        size="S",
    )
