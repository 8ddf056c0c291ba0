"""What became of a path: moved, or written anew in another language under its old name."""

from pathlib import Path

from scout.signals import Commit
from scout.signals._paths import Past
from tests.plugins.building import build, viewed


def test_a_file_that_was_translated_is_known_by_its_new_ending(tmp_path: Path):
    first = {"web/paint.js": "var a\n", "web/gloss.js": "var b\n", "web/gone.js": "var c\n"}
    second = {**dict.fromkeys(first), "web/paint.ts": "const b = 2\n", "web/gloss.ts": "1\n", "web/gloss.tsx": "2\n"}
    commits = (Commit("2024-01-01", first), Commit("2024-02-01", second))
    with viewed(build(tmp_path, commits), "2024-03-01") as view:
        past = Past(view)
        fates = {path: past.fate(path) for path in first}
    assert {path: fate.now if fate else None for path, fate in fates.items()} == {
        "web/paint.js": "web/paint.ts",
        "web/gloss.js": "",
        "web/gone.js": "",
    }
