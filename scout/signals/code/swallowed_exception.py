"""`swallowed-exception`: every failure of a network or database call is thrown away unseen."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._words import counted, listed, title
from scout.signals.code._swallowed import Place, places

_APPLICATION = re.compile(
    r"(?:^|/)(?:manage\.py|wsgi\.py|asgi\.py|procfile|dockerfile[\w.-]*|(?:docker-)?compose[\w.-]*\.ya?ml|app\.ya?ml"
    r"|tasks(?:\.py|/)|celery\w*\.py|serverless\.ya?ml|dag\w*/|crontab)",
    re.IGNORECASE,
)


_ASKED = """def subscribe
  begin
    painter.walls.create!(wall: wall)
  rescue Exception
  end
  if painter.paints?(wall)
    head :created
  else
    head :bad_request
  end
end
"""


class SwallowedException(Scout):
    """A handler of every exception around a network or database call does nothing: no log, no reason, no answer.

    Python files of applications are parsed, and their tasks, commands, jobs, handlers, controllers and services in
    JavaScript, TypeScript, Ruby and Go. A handler counts when it catches everything, its block calls a service, a
    database or a queue, and it only passes, goes on, or answers with a constant; in Go, when the error of such a call
    is thrown away or answered with `nil`. Passed over are libraries, tests, migrations, makers of made-up rows,
    handlers that log, count or raise, handlers with a comment that says why, attempts in a loop that ends with `else`,
    blocks in Ruby after which it is asked whether the thing came about and an error is answered if not, and functions
    whose name asks how something outside is (a version, its health, whether it is available). The
    handlers of a file are one finding.

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
            "A job in Ruby, a handler in TypeScript and a command in Go",
            (
                Commit(
                    "2024-01-10",
                    {
                        "Procfile": "web: run\n",
                        "app/jobs/tell.rb": lines(
                            "def tell(url)", "  Net::HTTP.get(url)", "rescue StandardError", "  nil", "end"
                        ),
                        "api/handlers/wall.ts": lines(
                            "async function wash() {",
                            "  try { await fetch('/wash'); } catch (e) {}",
                            "  try { await fetch('/wash'); } catch (e) { /* the next run washes */ }",
                            "  try { await fetch('/wash'); } catch (e) { console.error(e); }",
                            "  try { wash(); } catch (e) {}",
                            "}",
                        ),
                        "cmd/wash/main.go": lines(
                            "package main",
                            "func wash() error {",
                            "\tif _, err := db.Exec(query); err != nil {",
                            "\t\treturn nil",
                            "\t}",
                            "\tif _, err := db.Exec(query); err != nil {",
                            "\t\treturn err",
                            "\t}",
                            "\t_, _ = fmt.Println(1)",
                            "\treturn nil",
                            "}",
                        ),
                        "web/view.ts": "try { await fetch('/wash'); } catch (e) {}\n",
                        "lib/jobs/is.rb": "def alive?\n  Net::HTTP.get(url)\nrescue\n  nil\nend\n",
                        "app/jobs/asked.rb": _ASKED,
                        "app/jobs/some.rb": "def tell\n  Net::HTTP.get(url)\nrescue Timeout::Error\n  nil\nend\n",
                    },
                ),
            ),
            "2024-02-01",
            (
                Expected("api/handlers/wall.ts", "api/handlers/wall.ts:2"),
                Expected("app/jobs/tell.rb", "app/jobs/tell.rb:3"),
                Expected("cmd/wash/main.go", "cmd/wash/main.go:3"),
            ),
        ),
        Example(
            "It is asked afterwards whether it came about, and nothing is answered if not",
            (
                Commit(
                    "2024-01-10",
                    {"Procfile": "web: run\n", "app/jobs/told.rb": _ASKED.replace(":bad_request", ":created")},
                ),
            ),
            "2024-02-01",
            (Expected("app/jobs/told.rb", "app/jobs/told.rb:4"),),
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
            (Commit("2024-01-10", {"fresco/net.py": "try:\n    requests.get('x')\nexcept Exception:\n    pass\n"}),),
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
        by_file: dict[str, list[Place]] = {}
        for place in places(view):
            by_file.setdefault(place.path, []).append(place)
        for path, several in by_file.items():
            ordered = sorted(several, key=lambda place: (not place.what.writes, place.what.line))
            writes = ordered[0].what.writes
            yield Finding(
                signal=self.id,
                subject=path,
                identity=view.history.origin(path),
                severity=2 if writes else 1,
                kind=self.kind,
                story=_story(path, ordered),
                evidence=tuple(at_line(path, place.what.line, place.text) for place in ordered),
                score=round(0.6 + 0.1 * ordered[0].what.network + 0.02 * min(len(several), 5), 3),
            )


def _story(path: str, found: list[Place]) -> Story:
    where = [f"`{path}:{place.what.line}`" for place in found]
    first = found[0].what
    inside = f" in `{first.function}`" if first.function else ""
    answer = f" and answers `{first.answer}`" if first.answer else ""
    return Story(
        title=title(f"Stop swallowing {counted(len(found), 'failure')} in ", path),
        current=(
            f"At {listed(where, 8)} every exception is caught and nothing is done with it. "
            f"{'It' if len(found) == 1 else 'The first'} stands around `{first.call}(…)`{inside}{answer}, without a "
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
            f"No handler of `{path}` catches everything without logging, raising or a comment that says why.",
            "A test makes the call fail and sees the failure in the log, or raised.",
        ),
        tests=(f"The tests of `{path}`: a failing `{first.call}`.",),
        scope=(f"`{path}`",),
        non_goals=("Handlers that log what they catch.",),
        risks=("Failures that were hidden until now will show up: read the log after the release.",),
        size="S",
    )
