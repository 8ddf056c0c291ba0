"""Twins are merged, siblings are not: what is merged is not seen, so doubt means two."""

import pytest

from scout.text.sameness import same
from scout.text.similarity import Index
from scout.text.words import Words

LONG = "The importer reads the weekly file of the warehouse and stops with a stack trace at the first empty line."
CROWD = tuple(
    Words(f"{verb} the {noun}", f"The {noun} is old, and {verb.lower()}ing it takes an hour.")
    for verb in ("Print", "Sort", "Wash", "Paint")
    for noun in ("fence", "letter", "bicycle", "stamp")
)


def merged(one: Words, other: Words) -> bool:
    (found,) = Index([*CROWD, other]).nearest([one])
    near = [each for each in found if each.place == len(CROWD)]
    return bool(near) and same(one, other, near[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Words("Importer stops at empty lines", LONG), Words("Importer stops at empty lines", LONG)),
        (Words("Importer stops at empty lines", LONG), Words("Fix: importer stops at an empty line", LONG + " Again.")),
        (Words("Importer stops at empty lines", LONG), Words("Weekly importer stops at empty lines", LONG)),
        (Words("Importer stops at empty lines", ""), Words("Importer stops at empty lines", "")),
    ],
)
def test_the_same_in_the_same_words_is_the_same(one: Words, other: Words):
    assert merged(one, other)
    assert merged(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Build the nfc module with gradle", "Build the ldap module with gradle"),
        ("Update the compiler to 1.2", "Update the compiler to 1.3"),
        ("Update the compiler to 1.2", "Update the compiler"),
        ("Importer stops on Android", "Importer stops"),
        ("Show the importer's log", "Remove the importer's log"),
        ("Importer stops at empty lines", 'Revert "Importer stops at empty lines"'),
        ("Importer stops at empty lines", "Another importer stops at empty lines"),
        ("Read the export file", "Write the export file"),
        ("Fix changelog", "Fix changelog today"),
        ("Document: any", "Document: option"),
        ("Document the type `any`", "Document the type `option`"),
        ('Revert "Importer stops at empty lines"', 'Revert "Revert "Importer stops at empty lines""'),
        ("Convert the str module with care", "Convert the string module with care"),
    ],
)
def test_siblings_are_not_the_same_however_alike_their_texts_are(one: str, other: str):
    body = "We build every part with the same tool, and this part is still to be done in the same way as the others."
    assert not merged(Words(one, body), Words(other, body))
    assert not merged(Words(other, body), Words(one, body))


SHORT = "It happens since the last week, on every machine we have, and the report of the night is wrong then."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Importer stops at empty lines", "Weekly importer stops at empty lines"),
        ("Importer: assertion failed: lines > 0", "Importer: assertion failed: lines > 0"),
        ("Fix broken links in the docs", "Fix broken link in docs"),
        ("Fix typos in the importer of lines", "Fix typo in the importer of lines"),
        ("Update importer.md", "Update importer.md"),
    ],
)
def test_what_titles_leave_open_has_to_be_borne_out_by_the_bodies(one: str, other: str):
    far = f"{LONG} The other one reads letters, sorts them by street and town, and prints a list for the postman."
    assert merged(Words(one, f"{LONG} {SHORT}"), Words(other, f"{LONG} {SHORT}"))
    assert not merged(Words(one, f"{LONG} {SHORT}"), Words(other, far))


def test_what_stands_over_many_texts_is_a_series():
    series = [Words("Importer stops at empty lines", f"{LONG} {noun}.") for noun in ("Monday", "Tuesday", "Friday")]
    one = Words(
        "Importer stops at empty lines", "The importer stops again; this time it was the last line of the file."
    )
    (near,) = Index([*CROWD, *series]).nearest([one])
    assert not any(same(one, series[each.place - len(CROWD)], each) for each in near if each.place >= len(CROWD))
    (near,) = Index([*CROWD, series[0]]).nearest([one])
    assert any(same(one, series[0], each) for each in near if each.place == len(CROWD))


def test_titles_alone_must_say_the_same():
    assert not merged(Words("Importer stops at empty lines"), Words("Importer stops at empty lines of letters"))


def test_texts_that_say_nothing_are_not_the_same():
    assert not merged(Words(".", "ok"), Words(".", "ok"))
    assert not merged(Words("", LONG), Words("", LONG))
