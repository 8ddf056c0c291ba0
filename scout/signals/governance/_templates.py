"""What templates of requests ask for."""

import re

from scout.repository import Tree

_TEMPLATE = re.compile(r"(?:^|/)(?:pull_request_template|merge_request_templates?)(?:\.\w+$|/)", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:add|includ|writ|updat|cover|provid|creat|contain)\w*\W{1,3}(?:[\w/-]+\W{1,3}){0,4}?tests?\b"
    r"|\btests?\b\W{1,3}(?:[\w/-]+\W{1,3}){0,4}?(?:added|included|written|updated|provided|created|cover\w*)\b",
    re.IGNORECASE,
)


def asks_for_tests(tree: Tree) -> bool:
    """Say whether a template of requests asks for tests of what is changed."""
    return any(_ASKS.search(tree.text(path) or "") for path in tree.files if _TEMPLATE.search(path))
