"""Classes become labels in several repositories: one that cannot be reached holds up no other."""

from contextlib import ExitStack
from pathlib import Path

from tests.labelling_scene import OWN, TICKETS, Backlog, backlog_world
from tests.trackers import REPOSITORY, served


def test_a_repository_that_is_unavailable_is_told_and_the_others_finish(tmp_path: Path) -> None:
    with served(backlog_world()) as near, ExitStack() as other:
        far = other.enter_context(served(backlog_world()))
        backlog = Backlog("github", tmp_path, near)
        elsewhere = f'type = "github", url = "{far.base}", repository = "{REPOSITORY}", token_file = "token"'
        backlog.more = f'[[project]]\nid = "pad"\nsources = [{{{elsewhere}, patience = 1}}]\n'
        backlog.classify("rocket", "pad")
        other.close()
        rocket, pad = backlog.write().batches
        assert (rocket.written, pad.written) == (TICKETS, 0)
        assert far.host in pad.reason
        assert backlog.undo().held == {}
        assert backlog.labels() == {str(number + 1): [OWN] if number % 2 else [] for number in range(TICKETS)}
