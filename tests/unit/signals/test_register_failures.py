"""What of the register fails how: expected, answered, by whom it is waited for; and what names it since when."""

from datetime import date
from pathlib import Path

from scout.signals import Commit, lines
from scout.signals.register import Failure
from tests.unit.signals.workflows import registered, workflow


def test_a_call_whose_failure_is_expected_stops_nobody(tmp_path: Path):
    text = workflow(
        "pull_request", "run: tools/a.sh || echo later", "run: tools/b.sh", "{run: tools/c.sh, continue-on-error: true}"
    )
    scripts = {
        "tools/a.sh": "tools/d.sh\n",
        "tools/b.sh": "echo b\n",
        "tools/c.sh": "echo c\n",
        "tools/d.sh": "echo d\n",
    }
    found = registered(tmp_path, Commit("2024-01-01", {".github/workflows/ci.yml": text, **scripts}))
    assert {name: one.failures for name, one in found.items()} == {
        "tools/a.sh": (Failure.SHOWN,),
        "tools/b.sh": (Failure.MERGE,),
        "tools/c.sh": (Failure.SHOWN,),
        "tools/d.sh": (Failure.SHOWN,),
    }


def test_what_greets_a_request_blocks_no_merge(tmp_path: Path):
    greeting = workflow("{pull_request_target: {types: [opened]}, issues: {types: [opened]}}", "run: tools/greet.sh")
    checking = workflow("{pull_request: {types: [opened, synchronize]}}", "run: tools/look.sh")
    found = registered(
        tmp_path,
        Commit(
            "2024-01-01",
            {
                ".github/workflows/greet.yml": greeting,
                ".github/workflows/look.yml": checking,
                "tools/greet.sh": "echo a\n",
                "tools/look.sh": "echo b\n",
            },
        ),
    )
    assert found["tools/greet.sh"].failures == (Failure.SHOWN,)
    assert found["tools/look.sh"].failures == (Failure.MERGE,)


def test_an_action_and_a_workflow_for_others_run_when_those_do_that_use_them(tmp_path: Path):
    action = lines("runs:", "  using: composite", "  steps:", "    - run: tools/pack.sh")
    found = registered(
        tmp_path,
        Commit(
            "2024-01-01",
            {
                ".github/actions/pack/action.yml": action,
                ".github/workflows/shared.yml": workflow("workflow_call", "run: tools/shared.sh"),
                ".github/workflows/alone.yml": workflow("workflow_call", "run: tools/alone.sh"),
                ".github/workflows/release.yml": workflow("{push: {tags: ['v*']}}", "uses: ./.github/actions/pack"),
                ".github/workflows/ci.yml": lines(
                    "on: pull_request", "jobs:", "  a:", "    uses: ./.github/workflows/shared.yml"
                ),
                "tools/pack.sh": "echo pack\n",
                "tools/shared.sh": "echo shared\n",
                "tools/alone.sh": "echo alone\n",
            },
        ),
    )
    assert {name: one.failures for name, one in found.items()} == {
        "tools/pack.sh": (Failure.RELEASE,),
        "tools/shared.sh": (Failure.MERGE,),
        "tools/alone.sh": (Failure.SHOWN,),
    }


def test_notes_and_pages_of_a_release_are_no_release(tmp_path: Path):
    pushed = "{push: {branches: [main]}}"
    found = registered(
        tmp_path,
        Commit(
            "2024-01-01",
            {
                ".github/workflows/deploy-docs.yml": workflow(pushed, "run: tools/pages.sh"),
                ".github/workflows/deploy.yml": workflow(pushed, "run: tools/ship.sh"),
                "tools/pages.sh": "echo a\n",
                "tools/ship.sh": "echo b\n",
            },
        ),
    )
    assert found["tools/pages.sh"].failures == (Failure.MAIN,)
    assert found["tools/ship.sh"].failures == (Failure.RELEASE,)


def test_a_system_that_another_took_over_from_blocks_nothing(tmp_path: Path):
    travis = lines("script:", "  - ./t.sh", "  - curl -O https://files.example.net/a")
    old = Commit(
        "2021-01-01", {".travis.yml": travis, "t.sh": "echo\n", ".github/workflows/a.yml": workflow("issues", "run: x")}
    )
    new = Commit("2023-01-01", {".github/workflows/ci.yml": workflow("pull_request", "run: make")})
    stays, left = registered(tmp_path / "a", old), registered(tmp_path / "b", old, new)
    assert stays["t.sh"].failures == stays["files.example.net"].failures == (Failure.MERGE,)
    assert left["t.sh"].failures == left["files.example.net"].failures == (Failure.SHOWN,)


def test_an_error_that_is_caught_only_to_end_is_not_answered(tmp_path: Path):
    steps = [f"run: python tools/{name}.py" for name in ("ends", "notes", "other", "slow")]
    ends = "import sys\ntry:\n    a()\nexcept OSError as e:\n    print(e)\n    sys.exit(1)\n"
    scripts = {
        "tools/ends.py": ends,
        "tools/notes.py": ends.replace("    sys.exit(1)\n", "    errors.append(e)\n"),
        "tools/other.py": ends.replace("sys.exit(1)", "b()"),
        "tools/slow.py": "get(url, timeout=5)\n",
        "tools/ends.sh": "a || exit 1\n[ -f a ] || touch a\n! (( a || b ))\n",
        "tools/other.sh": "a || b\n",
        "tools/ends.js": "try {\n  a()\n} catch (e) {\n  process.exit(1)\n}\n",
    }
    steps += ["run: tools/ends.sh", "run: tools/other.sh", "run: node tools/ends.js"]
    text = workflow("pull_request", *steps)
    found = registered(tmp_path, Commit("2024-01-01", {".github/workflows/ci.yml": text, **scripts}))
    assert {name for name, one in found.items() if one.fallback} == {
        "tools/other.py",
        "tools/slow.py",
        "tools/other.sh",
    }


def test_a_temporary_file_is_nothing_temporary(tmp_path: Path):
    scripts = {
        "tools/a.sh": "# Writes a temporary environment file.\necho a\n",
        "tools/b.sh": "echo temporary\n# A workaround, for now.\necho b\n",
    }
    text = workflow("pull_request", "run: tools/a.sh", "run: tools/b.sh")
    found = registered(tmp_path, Commit("2024-01-01", {".github/workflows/ci.yml": text, **scripts}))
    assert found["tools/a.sh"].temporary == ()
    assert found["tools/b.sh"].temporary == ("tools/b.sh:2 since 2024-01-01",)


def test_a_foreign_script_of_the_same_name_is_no_beginning(tmp_path: Path):
    foreign = workflow("push", "run: curl -sL https://get.example.net/install.sh | sh")
    found = registered(
        tmp_path,
        Commit("2022-01-01", {"install.sh": "echo\n", ".github/workflows/ci.yml": foreign}),
        Commit("2023-01-01", {".github/workflows/ci.yml": workflow("push", "run: ./install.sh")}),
    )
    began = found["install.sh"].infrastructure_since
    assert began is not None
    assert began.date() == date(2023, 1, 1)


def test_a_push_to_a_line_of_releases_is_after_the_merge(tmp_path: Path):
    pushed = {"a": "{push: {branches: [main, 'v*', release/1.x]}}", "b": "{push: {branches: ['**']}}"}
    files = {
        f".github/workflows/{name}.yml": workflow(triggers, f"run: tools/{name}.sh")
        for name, triggers in pushed.items()
    }
    found = registered(tmp_path, Commit("2024-01-01", {**files, "tools/a.sh": "echo a\n", "tools/b.sh": "echo b\n"}))
    assert found["tools/a.sh"].failures == (Failure.MAIN,)
    assert found["tools/b.sh"].failures == (Failure.MERGE,)
