"""What git says when it ends with an error, and what is made of it."""

import pytest

from scout.repository._call import GitError


@pytest.mark.parametrize(
    "said",
    [
        "fatal: Cannot read blob 1698 for path a.json",
        "fatal: unable to read tree 1698",
        "error: Could not read 1698\nfatal: bad tree object 1698",
    ],
)
def test_an_object_that_is_not_here_is_told_from_other_faults(said: str):
    assert GitError("blame", said.encode()).missing
    assert not GitError("blame", b"fatal: no such path 'a.json' in HEAD").missing


def test_a_message_gives_the_fault_and_not_the_hint_before_it():
    error = GitError("blame", b"hint: grafts are deprecated\nhint: use replace\nfatal: bad revision 'x'\n")
    assert "bad revision" in str(error)
    assert "grafts" not in str(error)
