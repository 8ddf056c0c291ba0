"""Instructions to models: one Markdown file each, with a version that changes when its words do."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FRONT = re.compile(r"\A---\nversion: (\d+)\n---\n(.+)\Z", re.DOTALL)


@dataclass(frozen=True)
class Prompt:
    """An instruction: its version, and its words."""

    version: int
    text: str


@cache
def prompt(name: str) -> Prompt:
    """Return the instruction of `prompts/<name>.md`."""
    content = files(__name__).joinpath(f"{name}.md").read_text("utf-8")
    found = _FRONT.match(content)
    if found is None:
        message = f"the prompt {name} has no version"
        raise ValueError(message)
    return Prompt(int(found.group(1)), found.group(2).strip())
