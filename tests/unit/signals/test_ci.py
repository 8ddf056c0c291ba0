from pathlib import Path

import pytest

from scout.signals import Commit
from scout.signals._base import lines
from scout.signals._ci import Job, jobs
from tests.plugins.building import build, viewed

WORKFLOW = lines(
    "on: [push, workflow_dispatch]",
    "defaults:",
    "  run:",
    "    working-directory: app",
    "jobs:",
    "  one:",
    "    steps:",
    "      - uses: actions/checkout@v4",
    "      - run: |",
    "          echo a",
    "          echo b",
    "      - run: echo c",
    "        working-directory: ${{ matrix.folder }}",
    "      - run: Write-Host x",
    "        shell: pwsh",
    "  two:",
    "    steps:",
    "      - uses: actions/checkout@v4",
    "        with: {repository: other/repo}",
    "      - run: ./x.sh",
)
GITLAB = lines(
    "stages: [test]", "test:", "  before_script:", "    - cd app", "  script:", "    - ./a.sh", "    - [./b.sh]"
)
CIRCLE = lines(
    "jobs:",
    "  build:",
    "    steps:",
    "      - checkout",
    "      - run: ./a.sh",
    "      - run:",
    "          command: ./b.sh",
)


def read(tmp_path: Path, **files: str) -> list[Job]:
    named = {name.replace("__", "/").replace("DOT", "."): content for name, content in files.items()}
    with viewed(build(tmp_path, [Commit("2024-01-01", named)]), "2024-02-01") as view:
        return list(jobs(view.tree))


def test_a_workflow_gives_steps_with_line_and_folder(tmp_path: Path):
    one, two = read(tmp_path, DOTgithub__workflows__ciDOTyml=WORKFLOW)

    assert [(step.line, step.script, step.folder) for step in one.steps if step.script] == [
        (10, "echo a\necho b\n", "app"),
        (12, "echo c", None),
    ]
    assert one.checked_out
    assert one.triggers == {"push", "workflow_dispatch"}
    assert not two.checked_out


@pytest.mark.parametrize(
    ("ref", "here"),
    [
        ("main", True),
        ("refs/heads/develop", True),
        ("${{ github.head_ref }}", True),
        ("1.latest", False),
        ("${{ matrix.branch }}", False),
        ("v2", False),
    ],
)
def test_a_checkout_of_another_branch_has_other_files(tmp_path: Path, ref: str, *, here: bool):
    text = WORKFLOW.replace("{repository: other/repo}", f'{{ref: "{ref}"}}')
    folder = build(tmp_path, [Commit("2024-01-01", {".github/workflows/ci.yml": text})])
    with viewed(folder, "2024-02-01") as view:
        _, two = jobs(view.tree)

    assert two.checked_out is here


def test_gitlab_steps_share_a_shell_so_a_cd_makes_the_folder_unknown(tmp_path: Path):
    (job,) = read(tmp_path, **{"DOTgitlab-ciDOTyml": GITLAB})

    assert [(step.line, step.script, step.folder) for step in job.steps] == [
        (4, "cd app", ""),
        (6, "./a.sh", None),
        (7, "./b.sh", None),
    ]


def test_circle_steps_come_in_both_forms(tmp_path: Path):
    (job,) = read(tmp_path, DOTcircleci__configDOTyml=CIRCLE)

    assert [(step.line, step.script) for step in job.steps] == [(5, "./a.sh"), (7, "./b.sh")]


def test_what_is_no_yaml_gives_nothing(tmp_path: Path):
    assert read(tmp_path, DOTgithub__workflows__ciDOTyml="a: [b\n- :", DOTtravisDOTyml="&a [*a]\n") == []
