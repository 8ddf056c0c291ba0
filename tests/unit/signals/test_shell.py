import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.signals._shell import called, commands, made


def scripts(text: str) -> list[tuple[int, str]]:
    return [(command.line, path) for command in commands(text) if (path := called(command)) is not None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("./a.sh --all", [(0, "./a.sh")]),
        ("bash -e scripts/a.sh", [(0, "scripts/a.sh")]),
        ("bash -euo pipefail a.sh", [(0, "a.sh")]),
        ("X=1 sudo -u me python3 a.py", [(0, "a.py")]),
        ("uv run scripts/a.py && ./b.sh || true", [(0, "scripts/a.py"), (0, "./b.sh")]),
        ("echo one\nif true; then\n  ./a.sh\nfi", [(2, "./a.sh")]),
        ("run \\\n  one\n./a.sh", [(2, "./a.sh")]),
        ("cat <<EOF\n./no.sh\nEOF\n./yes.sh", [(3, "./yes.sh")]),
        ("python -m tools.a", []),
        ("bash -c './a.sh'", []),
        ("./$NAME.sh", []),
        ("docker run image ./a.sh", []),
        ("# ./a.sh", []),
        ("make a.sh", []),
        (". .venv/bin/activate", [(0, ".venv/bin/activate")]),
        ("python -c 'print(1)\nprint(2)'\n./a.sh", [(2, "./a.sh")]),
    ],
)
def test_the_scripts_that_a_shell_would_start(text: str, expected: list[tuple[int, str]]):
    assert scripts(text) == expected


def test_failure_that_is_expected_is_known():
    by_words = {
        " ".join(command.words): command.forgiven for command in commands("./a || true\nif ./b; then ./c; fi\n./d")
    }

    assert by_words["./a"]
    assert by_words["./b"]
    assert not by_words["./c"]
    assert not by_words["./d"]


def test_the_other_way_behind_several_commands_is_that_of_all():
    found = [command.forgiven for command in commands("./a && ./b && ./c || true\n./d && ./e\n")]
    assert found == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cp a.sh b.sh", ["b.sh", "b.sh/a.sh"]),
        ("echo hi > x.sh", ["x.sh"]),
        ("curl -o get.sh https://example.org/install", ["get.sh", "install"]),
        ("git clone https://example.org/a/tools.git", ["tools"]),
        ("touch one two", ["one", "two"]),
    ],
)
def test_what_commands_make(text: str, expected: list[str]):
    assert [name for command in commands(text) for name in made(command)] == expected


def test_a_substitution_is_a_command_within_the_one_around_it():
    text = 'chown $(id -u):$(./who.sh) ./static && ./run.sh "$(./quoted.sh)"; X=$(./a.sh || true)'
    assert [called(command) for command in commands(text) if called(command)] == ["./who.sh", "./run.sh", "./a.sh"]
    assert ("chown", "$", ":$", "./static") in [command.words for command in commands(text)]


@given(st.text(alphabet="ab ./'\"\\\n;|&<>()$#=-{}", max_size=120))
def test_no_text_makes_it_fail_and_lines_stand_within_it(text: str):
    assert all(0 <= command.line <= text.count("\n") for command in commands(text))
