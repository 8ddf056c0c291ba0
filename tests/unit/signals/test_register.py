"""The register: what runs by itself, who calls it, what stops when it fails, and since when."""

from datetime import date
from pathlib import Path

from scout.signals import Commit, lines
from scout.signals.register import Failure, Relied
from tests.unit.signals.workflows import registered, workflow


def began(entry: Relied) -> date | None:
    return entry.infrastructure_since.date() if entry.infrastructure_since else None


def circle(call: str, *, only: str = "") -> str:
    use = f"{{filters: {{branches: {{only: [{only}]}}}}}}" if only else "{}"
    return lines(
        "version: 2.1",
        "jobs:",
        "  migrate:",
        "    steps:",
        "      - checkout",
        f"      - run: {call}",
        "workflows:",
        "  w:",
        "    jobs:",
        f"      - migrate: {use}",
        "      - check",
    )


def test_a_job_for_the_main_line_alone_blocks_no_merge(tmp_path: Path):
    script = {"ci/migrate.bash": "curl -O https://files.example.net/plugin.deb\n"}
    every = registered(
        tmp_path / "a", Commit("2024-01-01", {".circleci/config.yml": circle("ci/migrate.bash"), **script})
    )
    later = registered(
        tmp_path / "b",
        Commit("2024-01-01", {".circleci/config.yml": circle("ci/migrate.bash", only="master"), **script}),
    )
    assert every["ci/migrate.bash"].failures == every["files.example.net"].failures == (Failure.MERGE,)
    assert later["ci/migrate.bash"].failures == later["files.example.net"].failures == (Failure.MAIN,)


def test_what_a_trial_of_the_release_runs_on_every_change_blocks_merges_too(tmp_path: Path):
    found = registered(
        tmp_path,
        Commit(
            "2024-01-01",
            {
                ".github/workflows/release.yml": workflow("{push: {tags: ['v*']}}", "run: tools/pack.sh"),
                ".github/workflows/try-release.yml": workflow("[push, pull_request]", "run: tools/pack.sh"),
                ".github/workflows/main.yml": workflow("{push: {branches: [main]}}", "run: tools/count.sh"),
                ".github/workflows/data.yml": workflow("workflow_dispatch", "run: tools/load.sh"),
                "tools/load.sh": "echo load\n",
                "tools/pack.sh": "echo pack\n",
                "tools/count.sh": "echo count\n",
            },
        ),
    )
    assert found["tools/pack.sh"].failures == (Failure.MERGE, Failure.RELEASE)
    assert found["tools/count.sh"].failures == (Failure.MAIN,)
    assert found["tools/load.sh"].failures == (Failure.SHOWN,)


def test_a_step_that_always_runs_is_no_step_after_the_merge(tmp_path: Path):
    steps = ("{run: tools/a.sh, if: always()}", "{run: tools/b.sh, if: github.ref == 'refs/heads/main'}")
    found = registered(
        tmp_path,
        Commit(
            "2024-01-01",
            {
                ".github/workflows/ci.yml": workflow("pull_request", *steps),
                "tools/a.sh": "echo a\n",
                "tools/b.sh": "echo b\n",
            },
        ),
    )
    assert found["tools/a.sh"].failures == (Failure.MERGE,)
    assert found["tools/b.sh"].failures == (Failure.MAIN,)


def test_what_a_matrix_a_recipe_a_container_and_a_script_run_is_relied_on(tmp_path: Path):
    matrix = ("    strategy:", "      matrix:", "        tests: ['./t.sh --lint']")
    found = registered(
        tmp_path,
        Commit(
            "2024-01-01",
            {
                ".github/workflows/ci.yml": workflow(
                    "pull_request", 'run: "${{ matrix.tests }}"', "run: make all", above=matrix
                ),
                "Makefile": "all:\n\ttools/all.sh\n",
                "Containerfile": "FROM x\nCOPY tools/fetch.sh /tmp\nRUN true && \\\n    /tmp/fetch.sh 1\n",
                "t.sh": '#!/bin/sh\ndocker compose run --rm box ./test.sh "$@"\n',
                "test.sh": "python3 tools/long.py\n",
                "tools/all.sh": "echo all\n",
                "tools/long.py": "print(1)\n",
                "tools/fetch.sh": "echo fetch\n",
            },
        ),
    )
    assert {name: one.dependents[0].locator for name, one in found.items()} == {
        "t.sh": ".github/workflows/ci.yml:7",
        "test.sh": "t.sh:2",
        "tools/all.sh": "Makefile:2",
        "tools/long.py": "test.sh:1",
        "tools/fetch.sh": "Containerfile:4",
    }
    assert found["tools/fetch.sh"].failures == (Failure.IMAGE,)


def test_a_new_name_or_another_system_is_no_new_beginning(tmp_path: Path):
    found = registered(
        tmp_path,
        Commit("2022-01-01", {"tools/copy.sh": "echo one\necho two\n", "tools/late.sh": "echo late\n"}),
        Commit("2022-03-01", {".travis.yml": "script:\n  - tools/copy.sh 1.0\n"}),
        Commit(
            "2023-01-01", {".travis.yml": None, ".github/workflows/ci.yml": workflow("push", "run: tools/copy.sh 1.0")}
        ),
        Commit(
            "2023-06-01",
            {
                "tools/copy.sh": None,
                "tools/copy.bash": "echo one\necho two\n",
                ".github/workflows/ci.yml": workflow("push", "run: tools/copy.bash 2.0", "run: tools/late.sh"),
            },
        ),
    )
    assert began(found["tools/copy.bash"]) == date(2022, 3, 1)
    assert began(found["tools/late.sh"]) == date(2023, 6, 1)


def test_a_service_is_asked_since_a_script_first_did_under_whatever_name(tmp_path: Path):
    ask = "curl -O https://files.example.net/a\necho and\necho more\n"
    found = registered(
        tmp_path,
        Commit("2022-01-01", {"Dockerfile": "FROM x\n# see https://files.example.net\n"}),
        Commit("2023-01-01", {"ci/a.sh": ask, ".github/workflows/ci.yml": workflow("push", "run: ci/a.sh")}),
        Commit(
            "2023-06-01",
            {"ci/a.sh": None, "ci/a.bash": ask, ".github/workflows/ci.yml": workflow("push", "run: ci/a.bash")},
        ),
    )
    assert began(found["files.example.net"]) == date(2023, 1, 1)


def test_a_call_that_was_gone_for_months_begins_anew(tmp_path: Path):
    calling, without = workflow("push", "run: tools/copy.sh"), workflow("push", "run: echo")
    found = registered(
        tmp_path,
        Commit("2022-01-01", {"tools/copy.sh": "echo\n", ".github/workflows/ci.yml": calling}),
        Commit("2022-02-01", {".github/workflows/ci.yml": without}),
        Commit("2023-02-01", {".github/workflows/ci.yml": calling}),
    )
    assert began(found["tools/copy.sh"]) == date(2023, 2, 1)


def test_services_are_registered_however_well_they_are_pinned(tmp_path: Path):
    steps = (
        "run: curl -sL https://packages.example.net/tool-1.2.3.tar.gz",
        "run: curl --retry 3 https://patient.example.net/a",
        "run: curl http://localhost:80/health",
    )
    found = registered(tmp_path, Commit("2024-01-01", {".github/workflows/ci.yml": workflow("pull_request", *steps)}))
    assert {name: one.fallback for name, one in found.items()} == {
        "packages.example.net": False,
        "patient.example.net": True,
    }


def test_hooks_and_what_only_a_clock_starts_are_registered(tmp_path: Path):
    clock, own = "{schedule: [{cron: '1 2 * * *'}]}", "run: echo own"
    found = registered(
        tmp_path,
        Commit(
            "2024-01-01",
            {
                "bin/post-merge": "#!/bin/sh\necho\n",
                "bin/pre-push": "#!/bin/sh\necho\n",
                ".github/workflows/nightly.yml": lines(
                    "on:", "  schedule:", "    - cron: '1 2 * * *'", *workflow(clock, own).split("\n")[1:]
                ),
                ".github/workflows/stale.yml": workflow(clock, "uses: actions/stale@v9"),
                ".github/workflows/both.yml": workflow("{pull_request: {}, schedule: [{cron: '1 2 * * *'}]}", own),
            },
        ),
    )
    assert {name: (one.kind, one.failures) for name, one in found.items()} == {
        "bin/pre-push": ("hook", (Failure.COMMIT,)),
        ".github/workflows/nightly.yml": ("schedule", (Failure.SILENT,)),
        "bin/post-merge": ("hook", (Failure.SILENT,)),
    }
    assert found[".github/workflows/nightly.yml"].dependents[0].locator == ".github/workflows/nightly.yml:3"


def test_workflows_of_other_repositories_are_relied_on(tmp_path: Path):
    def using(triggers: str) -> str:
        return lines(f"on: {triggers}", "jobs:", "  a:", "    uses: murals/flows/.github/workflows/a.yml@main")

    found = registered(
        tmp_path,
        Commit(
            "2024-01-01",
            {
                ".github/workflows/deploy.yml": using("{push: {branches: [main]}}"),
                ".github/workflows/nightly.yml": lines(
                    "on:", "  schedule:", "    - cron: '1 2 * * *'", *using("x").split("\n")[1:]
                ),
            },
        ),
    )
    assert {name: (one.kind, one.failures) for name, one in found.items()} == {
        ".github/workflows/nightly.yml": ("schedule", (Failure.SILENT,)),
        "murals/flows": ("service", (Failure.RELEASE, Failure.SILENT)),
    }
    assert began(found["murals/flows"]) == date(2024, 1, 1)


def test_a_comment_is_no_fallback(tmp_path: Path):
    text = workflow("pull_request", "run: tools/a.sh", "run: tools/b.sh")
    scripts = {"tools/a.sh": "# it has a timeout\ntrap 'rm a' EXIT\n", "tools/b.sh": "timeout 5 echo b\n"}
    found = registered(tmp_path, Commit("2024-01-01", {".github/workflows/ci.yml": text, **scripts}))
    assert not found["tools/a.sh"].fallback
    assert found["tools/b.sh"].fallback


def test_what_runs_after_the_result_blocks_nobody(tmp_path: Path):
    text = lines("script: ./t.sh", "after_success:", "  - bash <(curl -s https://cover.example.net/up) || echo")
    found = registered(tmp_path, Commit("2024-01-01", {".travis.yml": text, "t.sh": "echo\n"}))
    assert {name: one.failures for name, one in found.items()} == {
        "t.sh": (Failure.MERGE,),
        "cover.example.net": (Failure.SHOWN,),
    }


def test_a_short_name_is_not_the_end_of_another(tmp_path: Path):
    text = {".github/workflows/ci.yml": workflow("pull_request", "run: ./t.sh"), "t.sh": "echo\n"}
    found = registered(tmp_path, Commit("2024-01-01", {**text, "docs/a.md": "Run `test.sh`.\n"}))
    assert not found["t.sh"].documented
