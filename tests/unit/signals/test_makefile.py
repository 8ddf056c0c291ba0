from pathlib import Path

import pytest

from scout.signals import Commit
from scout.signals._makefile import known_targets, parse
from tests.plugins.building import build, viewed


def test_rules_have_targets_and_recipes_with_their_lines():
    rules = parse("NAME = fresco\n\n.PHONY: a\na $(NAME): b ; echo now\n\techo $(NAME) \\\n\t  two\n\n\t@true\n").rules

    assert [rule.targets for rule in rules] == [(".PHONY",), ("a", "fresco")]
    assert rules[1].recipe == ((4, " echo now"), (5, "echo fresco \\\n\t  two"), (8, "@true"))


@pytest.mark.parametrize(
    "text", ["%: x\n", "$(eval foo: ; x)\n", "$(NAMES): x\n", "include $(ROOT)/x.mk\n", ".DEFAULT:\n\tx\n"]
)
def test_a_makefile_with_targets_that_nobody_can_list_says_so(text: str):
    assert parse(text).opaque


@pytest.mark.parametrize(
    "text", ["a:\n\tx\n", "%.o: %.c\n\tx\n", "X := a:b\nall:\n", "$(OUT)/x: y\n", "a:\n\t$(eval X := 1)\n"]
)
def test_a_plain_makefile_is_not_opaque(text: str):
    assert not parse(text).opaque


def test_definitions_are_no_rules():
    assert parse("define X\nfoo: bar\nendef\nreal:\n").targets == {"real"}


def test_targets_of_included_files_count(tmp_path: Path):
    files = {"Makefile": "include tools/more.mk\na:\n", "tools/more.mk": "b:\n", "x/Makefile": "include gone.mk\n"}
    with viewed(build(tmp_path, [Commit("2024-01-01", files)]), "2024-02-01") as view:
        assert known_targets(view.tree, "Makefile") == {"a", "b"}
        assert known_targets(view.tree, "x/Makefile") is None
