"""What is nearest is found by words and by runs of characters, the same way every time, in bounded memory."""

import subprocess
import sys
import tracemalloc
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from scout.text.rivals import bm25, tf_idf
from scout.text.similarity import DEPTH, Index
from scout.text.words import Words

TEXTS = (
    Words("Importer stops at empty lines", "The weekly import ends with a stack trace when a line is empty."),
    Words("Printer spools twice", "Every page comes out two times when the tray is full."),
    Words("Add a dark theme", "Readers ask for it in the evening."),
    Words("Backup of the ledger", "It should run every night."),
)


def test_the_nearest_says_the_same_in_other_words():
    (found,) = Index(TEXTS).nearest([Words("Import fails on an empty line", "A stack trace ends the import.")])
    assert found[0].place == 0
    assert found[0].words > 0.2
    assert found[0].characters > 0.2


def test_characters_find_what_no_word_finds():
    (found,) = Index(TEXTS).nearest([Words("Printers spooling")])
    assert found[0].place == 1
    assert found[0].words == 0


def test_what_shares_nothing_is_not_near():
    assert Index(TEXTS).nearest([Words("Xylophon", "qqq")]) == [()]


def test_a_text_is_not_its_own_neighbour_when_that_is_said():
    for at, found in enumerate(Index(TEXTS).nearest(TEXTS, 10, range(len(TEXTS)))):
        assert at not in {one.place for one in found}


def test_of_equals_the_earlier_comes_first():
    twins = [Words("Importer stops", "at empty lines")] * 3
    (found,) = Index(twins).nearest([twins[0]])
    assert [one.place for one in found] == [0, 1, 2]


def test_vectors_of_a_model_are_a_third_ranking_of_what_words_found():
    sent: list[str] = []

    def embed(texts: Sequence[str]) -> list[list[float]]:
        sent.extend(texts)
        return [[1.0, 0.0] if "ammas" in text or "asked" in text else [0.0, 1.0] for text in texts]

    by_words, by_characters = Words("Alpha", f"{'x ' * 100} gamma delta"), Words("Gammas deltas")
    texts = (by_words, by_characters, *TEXTS, Words("Zyzzyva", "qqq"))
    query = [Words("gamma delta", "asked")]
    assert [one.place for one in Index(texts).nearest(query)[0]][:2] == [0, 1]
    assert [one.place for one in Index(texts, embed).nearest(query)[0]][:2] == [1, 0]
    assert not any("Zyzzyva" in text for text in sent), "only what words or characters found is sent"


def test_without_vectors_words_decide():
    asked = [Words("Weekly importer of the ledger")]
    assert Index(TEXTS, lambda _: None).nearest(asked) == Index(TEXTS).nearest(asked)


def test_vectors_of_length_zero_are_near_to_nothing():
    def embed(texts: Sequence[str]) -> list[list[float]]:
        return [[0.0, 0.0] for _ in texts]

    assert Index(TEXTS, embed).nearest([Words("Xylophon")]) == [()]


def test_more_than_a_hundred_are_never_returned():
    many = [Words("Importer stops", f"line {number}") for number in range(3 * DEPTH)]
    (found,) = Index(many).nearest([Words("Importer stops")], 1000)
    assert len(found) == DEPTH


def test_huge_and_odd_texts_take_no_more_memory_than_others():
    odd = [Words("a" * 2_000_000, "QUJD" * 500_000), Words("", ""), Words("<!--" * 300_000, "\ud800 \x00 " * 100_000)]
    Index(odd).nearest(odd)
    tracemalloc.start()
    Index(odd).nearest(odd)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 250_000_000


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=40)), min_size=1, max_size=8))
def test_any_texts_have_neighbours_in_order_and_always_the_same(rows: list[tuple[str, str]]):
    texts = [Words(*row) for row in rows]
    found = Index(texts).nearest(texts, 5)
    assert found == Index(texts).nearest(texts, 5)
    for some in found:
        assert len(some) <= 5
        assert [one.fused for one in some] == sorted((one.fused for one in some), reverse=True)
        assert all(0 <= one.words <= 1.001 and 0 <= one.characters <= 1.001 for one in some)


def test_rivals_rank_the_same_texts():
    texts = [*TEXTS, Words("Importer stops at an empty line", "A stack trace ends the weekly import.")]
    for ranking in (bm25, tf_idf):
        assert ranking(texts, [4])[0][0] == 0
        assert all(at != place for at, places in enumerate(ranking(texts, range(5))) for place in places)


def test_nothing_heavy_is_loaded_before_texts_are_compared():
    code = "import sys, scout.drafts, scout.cli.app, scout.service.selecting; print('sklearn' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
