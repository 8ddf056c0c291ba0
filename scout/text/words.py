"""What is compared of a text, apart from the comparison: that loads numpy and scikit-learn."""

from typing import NamedTuple


class Words(NamedTuple):
    """A text to compare: a title, which says most, and what stands below it."""

    title: str
    body: str = ""
