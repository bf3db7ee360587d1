"""Differences lose nothing: both texts can be read from the pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forumclean.explore.differences import cut_pieces, differences
from forumclean.records import Cut, Doubt

TEXTS = st.text(alphabet="一二ab \n", max_size=60)


def test_equal_texts_have_no_difference() -> None:
    assert {piece.kind for piece in differences("一\n二", "一\n二")} == {"same"}


def test_unchanged_lines_far_away_are_left_out() -> None:
    old = "\n".join(map(str, range(40)))
    pieces = differences(old, old.replace("20", "二十"))
    assert [piece.kind for piece in pieces] == ["skipped", "same", "old", "new", "same", "same", "skipped"]


@given(TEXTS, TEXTS)
def test_both_texts_are_in_the_pieces(old: str, new: str) -> None:
    pieces = differences(old, new, context=1000)
    assert "".join(piece.text for piece in pieces if piece.kind in {"same", "old"}) == old
    assert "".join(piece.text for piece in pieces if piece.kind in {"same", "new"}) == new


def test_long_texts_are_compared_in_time() -> None:
    """Compared as wholes: looked into word by word it would take minutes."""
    pieces = differences("一二" * 50_000, "二一" * 50_000)
    assert [piece.kind for piece in pieces] == ["old", "new"]


def test_cuts_and_doubts() -> None:
    pieces = cut_pieces("甲xy乙z", [Cut(1, "xy", " ", "jammer.alone")], [Doubt(4, "z", "jammer.alone", "one letter")])
    assert [tuple(piece) for piece in pieces] == [
        ("same", "甲", ""), ("cut", "xy", "jammer.alone"), ("new", " ", "jammer.alone"), ("same", "乙", ""), ("doubt", "z", "jammer.alone: one letter"),
    ]
