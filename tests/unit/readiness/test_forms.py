"""A form that nobody has filled in is empty, whatever it says itself."""

import pytest

from scout.model import WorkKind
from scout.readiness import Judged, Topic, assess

MARKDOWN = """---
name: Bug report
about: Something is broken
---
<!-- Thank you! -->

**Which screen is it on?**
Name the screen as its title says, and the button.

## Steps to reproduce
1. Log in as the user of the demo
2. Press the big button

- [ ] I promise that I looked for it
"""
YAML = """name: Defect
body:
  - type: textarea
    id: seen
    attributes:
      label: What was seen?
      description: Say it in one sentence, please.
      placeholder: The totals of the wrong month.
      value: |
        In version X, the screen Y
        shows Z instead of W.
"""


def of(body: str, *templates: str) -> Judged:
    return Judged.of("Totals are wrong", body, kind=WorkKind.BUG, templates=templates)


def test_an_untouched_template_of_the_repository_is_empty():
    filed = MARKDOWN.split("---\n")[2]
    assert "real-content" not in assess(of(filed)).failed_gates
    judged = of(filed, MARKDOWN)
    assert judged.reading.words == 0
    assert not judged.reading.about(Topic.STEPS)
    assert not any(part.tasks or part.entries for part in judged.reading.parts)
    assert "real-content" in assess(judged).failed_gates


def test_what_was_written_into_the_form_counts():
    filed = MARKDOWN.split("---\n")[2].replace("2. Press the big button", "2. Press the small button twice at once")
    judged = of(filed, MARKDOWN)
    assert [part.entries for part in judged.reading.about(Topic.STEPS)] == [1]


def test_placeholders_of_yaml_forms_are_empty():
    filed = "### What was seen?\n\nIn version X, the screen Y\nshows Z instead of W.\n"
    assert of(filed, YAML).reading.words == 0
    assert of(filed.replace("X", "2.3.1"), YAML).reading.words > 0


@pytest.mark.parametrize(
    "body",
    [
        "**Describe the bug**\nA clear and concise description of what the bug is.\n",
        "**To Reproduce**\nSteps to reproduce the behavior:\n1. Go to '...'\n2. Click on '....'\n3. See error\n",
        "**Desktop (please complete the following information):**\n - OS: [e.g. iOS]\n - Version [e.g. 22]\n",
        "### Is there an existing issue for this?\n\n- [X] I have searched the existing issues\n",
        "### What happened?\n\n_No response_\n\n### Relevant log output\n\n```shell\n\n```\n",
        "1. \n2. \n3. \n",
        "| | |\n|-|-|\n| | |\n",
        "<!-- Please describe what you see -->\n",
    ],
)
def test_the_phrases_of_well_known_forms_are_empty_without_the_template(body: str):
    judged = of(body)
    assert not any(part.filled or part.entries or part.tasks for part in judged.reading.parts)
    assert "real-content" in assess(judged).failed_gates


def test_a_picture_fills_a_field():
    body = '### Expected behaviour\n\n<img width="9" src="https://x.example/a.png">\n'
    assert of(body).reading.about(Topic.WANTED)
    assert not of("### Expected behaviour\n\n<!-- <img> -->\n").reading.about(Topic.WANTED)


def test_the_digest_changes_with_what_the_templates_say():
    assert of("a").digest == of("a", "").digest
    assert of("a").digest != of("a", MARKDOWN).digest
