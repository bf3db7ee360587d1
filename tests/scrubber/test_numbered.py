"""Numbered lines: where the lines before and behind have their numbers, this one has its own."""

from __future__ import annotations

import pytest

from forumclean.records import Body, Evidence
from forumclean.scrubber import scrub

A, B, C, D = "# a6 I- l; @* J/ z) r", "3 x! T5 e& N: u; Q", "9 T- q/ [+ w' Y; c", '& o8 ~5 _0 k" {'
ALL = pytest.mark.parametrize("blanks", ["kept", "collapsed"])


def lines(text: str, blanks: str) -> list[str]:
    return scrub([Body(text)], Evidence(blanks=blanks))[0].text.split("\n")


@ALL
def test_a_number_alone_keeps_no_noise(blanks: str) -> None:
    """Untouched: a line that is a number, behind it noise with another sign, or no neighbour that has the number before or behind."""
    assert lines(f"得分\n{B}7{A}\n{C}没想到\n睡了{D}\n完", blanks)[1] == "7"  # "the score / … / did not expect it / asleep / end"
    assert lines(f"6. 得分\n{B}7{A}\n{C}8. 没想到\n睡了{D}\n完", blanks)[1] == "7"


@ALL
def test_the_item_of_a_number_between_its_neighbours(blanks: str) -> None:
    """Answers of a test, one letter each: ``8. k`` between ``7. `` and ``9. `` is no lone 8."""
    dotted = "8. k" + A
    assert lines(f"答案\n{B}7. 对\n{C}{dotted}\n9. 错{D}\n完", blanks)[1:4] == ["7. 对", "8. k", "9. 错"]  # "right", "wrong"
    assert lines(f"答案\n{B}4. 对\n{C}{dotted}\n5. 错{D}\n完", blanks)[2] == "8"


@ALL
@pytest.mark.parametrize("item", ["bolts", "Vases", "A4 纸", "D 盘"])  # "sheets of A4", "drive D"
def test_lines_that_start_with_a_number_and_a_blank(item: str, blanks: str) -> None:
    """``3 b`` of ``3 bolts`` behind a block looks like a pair; between ``2 `` and ``4 `` it is the third line of a list."""
    assert lines(f"2 nuts{B}\n{A}3 {item}\n4 washers{C}\n5 pots{D}\n完", blanks)[1] == f"3 {item}"
    assert lines(f"6 nuts{B}\n{A}3 {item}\n8 washers{C}\n9 pots{D}\n完", blanks)[1] != f"3 {item}"


@ALL
def test_a_number_between_lines_without_one_is_no_list(blanks: str) -> None:
    """Untouched: numbers further away say nothing about this line."""
    assert lines(f"2 nuts{B}\n{A}bolts\n{C}washers\n4 pots{D}\n完", blanks)[1:3] == ["bolts", "washers"]


def test_a_list_that_is_in_doubt_from_end_to_end() -> None:
    """Lines whose signs could all be noise show each other, if more weakly."""
    listed = f"选择题\n1. A{A}\n{B}2. C{C}\n3. B{D}\n{A}4. D{B}\n完"
    assert lines(listed, "kept")[1:5] == ["1. A", "2. C", "3. B", "4. D"]
