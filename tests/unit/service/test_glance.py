"""A draft at a glance: sentences from its parts, whatever stands in them."""

from hypothesis import given
from hypothesis import strategies as st

from scout.service.glance import Glance, glance

TEXT = """## Why this is here again

It was filed as `r-1`, closed by 2026-02-02, and is seen again.

## What is seen

`README.md:3` links to what is
not in the repository.

- `README.md:3`: more

## Wanted outcome

The link opens what its text promises.

## Acceptance criteria

- [ ] No link of `README.md` leads to `docs/map.md`.
- [ ] `scout verify broken-internal-link:96932decaca640ad --seen 98f5ac` exits with 0

## Size

S
"""


def test_it_says_what_the_decision_rests_on():
    assert glance(TEXT) == Glance(
        again="It was filed as r-1, closed by 2026-02-02, and is seen again.",
        seen="README.md:3 links to what is not in the repository.",
        wanted="The link opens what its text promises.",
        accepted=("No link of README.md leads to docs/map.md.", "Scout no longer finds it"),
    )


def test_what_is_long_is_cut_and_what_is_more_is_counted():
    criteria = "\n".join(f"- [ ] fact {number}" for number in range(8))
    short = glance(f"## What is seen\n\n{'word ' * 200}\n\n## Acceptance criteria\n\n{criteria}\n")
    assert short.seen.endswith("…")
    assert len(short.seen) <= 280
    assert (len(short.accepted), short.more) == (5, 3)


def test_a_text_of_other_parts_says_nothing():
    assert glance("# Anything\n\nelse") == Glance()


@given(st.text(alphabet="#-[] x\n`*<>\\&", max_size=200))
def test_any_text_is_taken(text: str):
    assert glance(f"## What is seen\n\n{text}\n\n## Acceptance criteria\n{text}") is not None
