"""Laws of cuts: replay and restore are inverses, on random text with random cuts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.records import Cut
from forumclean.scrubber import replay, restore


@st.composite
def cut_texts(draw: st.DrawFn) -> tuple[str, list[Cut]]:
    parts, cuts, at = [], [], 0
    for keep, before, after in draw(st.lists(st.tuples(st.text(max_size=4), st.text(min_size=1, max_size=4), st.sampled_from(["", "\n", "x"])))):
        cuts.append(Cut(at + len(keep), before, after, "a.b"))
        parts.append(keep + before)
        at += len(parts[-1])
    return "".join(parts) + draw(st.text(max_size=4)), cuts


@given(cut_texts())
def test_inverses(case: tuple[str, list[Cut]]) -> None:
    """restore(replay(text)) is text, whatever was cut or put in its place."""
    text, cuts = case
    assert restore(replay(text, cuts), cuts) == text


def test_nothing_to_do() -> None:
    assert replay("甲", []) == restore("甲", []) == "甲"


@pytest.mark.parametrize(
    "cuts",
    [[Cut(0, "乙", "", "a.b")], [Cut(0, "甲乙", "", "a.b"), Cut(1, "乙", "", "a.b")], [Cut(9, "甲", "", "a.b")], [Cut(1, "乙", "", "a.b"), Cut(0, "甲", "", "a.b")]],
    ids=["other text", "overlap", "behind the end", "unsorted"],
)
def test_cuts_of_another_text(cuts: list[Cut]) -> None:
    """Cuts that do not belong to the text are refused, not half done."""
    with pytest.raises(ValueError, match="does not belong"):
        replay("甲乙", cuts)


@pytest.mark.parametrize("cuts", [[Cut(0, "甲", "x", "a.b")], [Cut(9, "甲", "", "a.b")]], ids=["other text", "behind the end"])
def test_restore_refuses_cuts_of_another_text(cuts: list[Cut]) -> None:
    with pytest.raises(ValueError, match="does not belong"):
        restore("甲乙", cuts)
