"""Answers that were given before, by what was asked: one small file each."""

import json
import logging
import os
import tempfile
from pathlib import Path
from typing import Any, cast

log = logging.getLogger(__name__)
_MOST = 5000


class Answers:
    """A folder of answers; one that cannot be written is no failure, only a second question."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> dict[str, Any] | None:
        """Return what came of a question, or None when it was not asked, or its file is damaged."""
        try:
            known: Any = json.loads((self._folder / f"{key}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return cast("dict[str, Any]", known) if isinstance(known, dict) else None

    def keep(self, key: str, outcome: dict[str, Any]) -> None:
        """Write down what came of a question, whole or not at all; forget the oldest beyond some thousands."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._folder, suffix=".new")
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(outcome, file)
            Path(name).replace(self._folder / f"{key}.json")
            kept = sorted(self._folder.glob("*.json"), key=lambda one: one.stat().st_mtime)
            for old in kept[:-_MOST]:
                old.unlink(missing_ok=True)
        except OSError as error:
            log.info("an answer was not kept: %s", error)
