"""`expiry-date-passed`: a comment names the day after which its code is not needed, and the day is over."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals.code._waiting import Share, findings


class ExpiryDatePassed(Scout):
    """A comment says that its code goes, expires or is needed until a day, and that day has passed.

    Dates are ISO days and months, `June 2023`, `8/1/2025`, `08/2025` and quarters; a month means its last day. Days,
    weeks, months and years are counted from a date that is named just before ('once 30 days have passed since this').
    The comment has to order something ('remove after 2023-06-01') or to say until when something is valid or needed.
    Only comments found by a tokeniser count, outside tests, vendored and generated files; dates that only tell when
    something happened don't. The same words in several places are one finding.

    ## Why it matters
    Somebody decided on which day this should go, and nothing reminded anybody. Readers cannot tell whether the code is
    still needed; an expired certificate, key or exception is a fault that has not been noticed yet.

    ## What to do with it
    Remove the code with its comment, or write the new day and why. `# scout: ignore[expiry-date-passed] reason` on the
    line or the one before keeps it as it is.

    ## Severity
    2 always: the decision is made and overdue.

    ## Source
    Potdar and Shihab, An Exploratory Study on Self-Admitted Technical Debt (ICSME 2014). Field study of 28 public
    repositories: 3 of 3 findings true after these filters, 8 % before them.
    """

    id: ClassVar[str] = "expiry-date-passed"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A date in the comment has passed",
            (
                Commit(
                    "2023-01-10",
                    {"app/cookies.rb": "x = 1\n\n# remove after 2023-06-01, all cookies are new then\nrotate x\n"},
                ),
            ),
            "2024-02-01",
            (Expected("app/cookies.rb", "app/cookies.rb:3"),),
        ),
        Example(
            "A date until which something is valid, and a quarter",
            (
                Commit(
                    "2023-01-10",
                    {
                        "app/keys.py": lines(
                            "a = 1",
                            "# Valid until June 2023, then rotate.",
                            'KEY = "abc"',
                        ),
                        "app/old.go": lines(
                            "package app",
                            "",
                            "// TODO: remove this shim after Q2 2023",
                            "var shim = 1",
                        ),
                        "app/web.py": lines(
                            "# FIXME This is a temporary hack, to be replaced by 04/2023 with real downloads.",
                            "# Once fixed, we should remove the keys from here https://example.org/issues/9",
                            "b = 2",
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (
                Expected("app/keys.py", "app/keys.py:2"),
                Expected("app/old.go", "app/old.go:3"),
                Expected("app/web.py", "app/web.py:1"),
            ),
        ),
        Example(
            "Days counted from a date that is named just before, over and ahead",
            (
                Commit(
                    "2023-03-10",
                    {
                        "app/settings.py": lines(
                            "# Noon, March 12, 2023. We can remove this setting once 30 days passed since this date.",
                            "START = 1678622400",
                            "# Noon, March 13, 2023. We can remove this setting once 3 years passed since this date.",
                            "LAST = 1678708800",
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (Expected("app/settings.py", "app/settings.py:1"),),
        ),
        Example(
            "A date ahead, a date of the past told, a string, a test, and a condition without a date",
            (
                Commit(
                    "2023-01-10",
                    {
                        "a.py": lines(
                            "# remove after 2031-01-01",
                            "x = '# remove after 2020-01-01'",
                            "# Added on 2020-01-01, as the contract of June 2019 says.",
                            "y = 2",
                            "# TODO: remove once https://example.org/issues/12 is fixed",
                            "z = 3",
                        ),
                        "tests/test_a.py": "# remove after 2020-01-01\n",
                    },
                ),
            ),
            "2024-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each distinct end whose day has passed.

        Raises:
            UnavailableError: ages cannot be told in this clone.
        """
        yield from findings(view, self.id, Share.PASSED, 2)
