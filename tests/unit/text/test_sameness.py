"""Twins are merged, siblings are not: what is merged is not seen, so doubt means two."""

import pytest

from scout.text.sameness import same
from scout.text.similarity import Index, Words

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
    ],
)
def test_siblings_are_not_the_same_however_alike_their_texts_are(one: str, other: str):
    body = "We build every part with the same tool, and this part is still to be done in the same way as the others."
    assert not merged(Words(one, body), Words(other, body))
    assert not merged(Words(other, body), Words(one, body))


def test_titles_alone_must_say_the_same():
    assert not merged(Words("Importer stops at empty lines"), Words("Importer stops at empty lines of letters"))


def test_texts_that_say_nothing_are_not_the_same():
    assert not merged(Words(".", "ok"), Words(".", "ok"))
    assert not merged(Words("", LONG), Words("", LONG))
