"""Components of pages, and the tests that reach them without naming them."""

import re

from scout.repository import FileClass
from scout.signals._base import View
from scout.signals.knowledge._hot import SOURCE, Tests

_FEWEST_TESTS = 5
_EVERY = 4
_COMPONENT = re.compile(r"\.(?:tsx|jsx|vue|svelte)$")
_BROWSER = re.compile(r"(?:^|/)(?:e2e|cypress|playwright|browser|system|acceptance)[\w-]*/", re.IGNORECASE)
_LEAST_WORD = 3
_PARTS_OF_PAGES = """
app component page view table list item modal form button detail dialog panel row cell header footer menu card tab
index main common shared layout test spec user util hook route
"""
_ANY_PAGE = frozenset(_PARTS_OF_PAGES.split())


def is_reached(view: View, tests: Tests, path: str) -> bool:
    """Say whether a file is a component that nobody here would write a test of its own for."""
    if not _COMPONENT.search(path):
        return False
    return not _tests_components(view, tests) or not _words(path).isdisjoint(view.once(_browsed))


def _tests_components(view: View, tests: Tests) -> bool:
    """Say whether components are tested one by one here: a test is named after every fourth of them."""
    named = {test.rpartition("/")[2].partition(".")[0].lower() for test in tests.paths}
    every = [path for path in view.tree.files if _COMPONENT.search(path)]
    stems = [
        path.rpartition("/")[2].partition(".")[0].lower()
        for path in every
        if view.tree.file_class(path) is FileClass.CODE
    ]
    return _EVERY * sum(stem in named for stem in stems) >= len(stems)


def _browsed(view: View) -> frozenset[str]:
    """Return the words in the names of tests that work in a browser, where there are several."""
    paths = [path for path in view.tree.files if _BROWSER.search(path) and SOURCE.search(path)]
    return frozenset(word for path in paths for word in _words(path)) if len(paths) >= _FEWEST_TESTS else frozenset()


def _words(path: str) -> frozenset[str]:
    """Return the telling words of a file's name and its folder's, in the singular."""
    name = "/".join(path.split("/")[-2:]).partition(".")[0]
    parts = re.findall(r"[A-Z]?[a-z]+", name)
    return frozenset(part.lower().removesuffix("s") for part in parts if len(part) >= _LEAST_WORD) - _ANY_PAGE
