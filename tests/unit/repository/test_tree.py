import re
from pathlib import Path

import pytest

from scout.repository import MissingBlobError, Repository, TooLargeError
from tests.making import Made, clone
from tests.unit.repository.conftest import Opener

ODD = [
    "with\nnewline.txt",
    "quo\"te's.txt",
    "tab\there.txt",
    " leading",
    "-dash",
    "ünïcode.md",
    "back\\slash",
    "*star?[x]",
]


def test_files_links_and_submodules_are_kept_apart(made: Made, opened: Opener):
    (made.path / "loop").symlink_to("loop")
    (made.path / "out").symlink_to("/etc/passwd")
    made.write({"z.py": "z", "a/b.py": "b"})
    made.git("add", "-A")
    made.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor/lib")
    tree = opened(made).tree(made.record())
    assert list(tree.files) == ["a/b.py", "z.py"]
    assert set(tree.links) == {"loop", "out"}
    assert tree.submodules["vendor/lib"].blob == "1" * 40
    assert tree.folders == {"a", "vendor"}
    assert all(map(tree.exists, ["a", "a/", "a/b.py", "loop", "vendor/lib", ".", "z.py"]))
    assert not any(map(tree.exists, ["b.py", "a/b", "loop/x", "out/passwd"]))
    with pytest.raises(KeyError):
        tree.content("out")
    assert tree.unavailable == ()


def test_odd_names_survive(made: Made, opened: Opener):
    made.write(dict.fromkeys(ODD, "x"))
    raw = bytes(made.path) + b"/latin-\xe9.txt"
    with open(raw, "wb") as file:  # noqa: PTH123 pathlib has no names of bytes
        file.write(b"y")
    tree = opened(made).tree(made.commit())
    assert set(tree.files) == {*ODD, "latin-\udce9.txt"}
    assert all(tree.text(name) == "x" for name in ODD)
    assert tree.text("latin-\udce9.txt") == "y"
    assert {tree.file_class(name) for name in tree.files} >= {"docs"}
    assert not any(map(tree.ignored, tree.files))


def test_text_knows_encodings_and_what_is_no_text(made: Made, opened: Opener):
    made.commit({
        "utf8": "grün\r\nzwei\n",
        "mark": b"\xef\xbb\xbfgr\xc3\xbcn",
        "latin": b"gr\xfcn",
        "wide": "grün".encode("utf-16"),
        "binary": b"\0\1\2",
        "lfs": "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 3\n",
        "empty": "",
    })  # fmt: skip
    tree = opened(made).tree(made.head())
    assert tree.text("utf8") == "grün\nzwei\n"
    assert tree.text("mark") == tree.text("latin") == tree.text("wide") == "grün"
    assert tree.text("binary") is None
    assert tree.text("lfs") is None
    assert tree.text("empty") == ""
    assert tree.content("lfs").startswith(b"version")


def test_a_blob_of_100_megabytes_is_not_read(made: Made, opened: Opener):
    with (made.path / "big.bin").open("wb") as file:
        file.truncate(100 << 20)
    made.write({"small.py": "needle"})
    tree = opened(made).tree(made.commit())
    assert tree.files["big.bin"].size == 100 << 20
    with pytest.raises(TooLargeError, match=r"big\.bin"):
        tree.content("big.bin")
    assert tree.text("big.bin") is None
    assert [file.path for file in tree.search(re.compile(b"needle|\0"), lambda _: True)] == ["small.py"]
    assert tree.unavailable == ()


def test_search_gives_matching_files_in_order(made: Made, opened: Opener):
    made.commit({f"f{number:03}.py": "x" * number + ("TODO" if number % 7 == 0 else "") for number in range(300)})
    tree = opened(made).tree(made.head())
    found = [file.path for file in tree.search(re.compile(rb"TODO"), lambda file: file.path != "f007.py")]
    assert found == [f"f{number:03}.py" for number in range(0, 300, 7) if number != 7]


def test_a_search_that_is_broken_off_leaves_no_process(made: Made, opened: Opener):
    made.commit({f"f{number}": "x" * 50_000 + str(number) for number in range(200)})
    repository = opened(made)
    search = repository.tree(made.head()).search(re.compile(b"x"), lambda _: True)
    next(search)
    search.close()
    assert not repository.git._children  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001 the promise itself


def test_a_question_is_asked_once_of_each_content_under_each_name(made: Made, tmp_path: Path):
    asked: list[str] = []

    def ask(path: str, text: str) -> int:
        asked.append(path)
        return len(text)

    shas = [made.commit({"a.py": "aaa", "b.py": "aaa"}), made.commit({"a.py": "aa"})]
    for sha, fresh in zip(shas * 2, (["a.py", "b.py"], ["a.py"], [], []), strict=True):
        with Repository.open(made.path, tmp_path / "kept") as repository:
            told = repository.tree(sha).told("length", ["a.py", "b.py"], ask)
        assert told == {"a.py": 3 if sha == shas[0] else 2, "b.py": 3}
        assert asked == fresh
        asked.clear()


@pytest.mark.parametrize("kind", ["partial", "damaged"])
def test_missing_contents_are_unavailable_not_an_error(made: Made, opened: Opener, tmp_path: Path, kind: str):
    sha = made.commit({"a.py": "aaa", "b.py": "bbb"})
    if kind == "partial":
        path = clone(made, tmp_path / "partial", "--filter=blob:none", "--no-checkout")
        missing = ("a.py", "b.py")
    else:
        path, missing = made.path, ("a.py",)
        made.forget("HEAD:a.py")
    tree = opened(path).tree(sha)
    assert tree.files["a.py"].size is None
    with pytest.raises(MissingBlobError, match=r"a\.py"):
        tree.content("a.py")
    assert tree.text("a.py") is None
    assert tree.file_class("a.py") == "code"
    found = [file.path for file in tree.search(re.compile(b"."), lambda _: True)]
    assert sorted(found) == sorted({"a.py", "b.py"} - set(missing))
    assert tree.unavailable == missing


def test_the_same_commit_gives_the_same_tree(made: Made, opened: Opener):
    repository = opened(made)
    sha = made.commit({"a": "x"})
    assert repository.tree(sha) is repository.tree(sha)
