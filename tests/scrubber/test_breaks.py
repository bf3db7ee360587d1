"""What the line breaks of a whole post, and the lines of a whole document, say about each of its lines."""

from __future__ import annotations

import pytest

from forumclean.records import Body, Evidence
from forumclean.scrubber import scrub
from forumclean.scrubber.lines import Lines

A, B, C = "# a6 I- l; @* J/ z. r", "3 x! T5 e& N: u; Q", "9 T- q/ [+ w' Y; c"
KEPT = Evidence(blanks="kept")


def lines(text: str, evidence: Evidence = KEPT) -> list[str]:
    return scrub([Body(text)], evidence)[0].text.split("\n")


def test_a_line_between_two_blocks_is_blank() -> None:
    """Untouched: where nothing tells otherwise, a line of pairs from end to end was empty."""
    assert lines(f"甲乙\n{A}{B}\n丙丁{C}\n戊") == ["甲乙", "", "丙丁", "戊"]


def test_a_document_that_has_lines_of_one_pair_has_more() -> None:
    """Beside ``1 A`` and ``2 B`` in view, ``3 C`` between two blocks is a line; beside prose the same characters are noise."""
    answers = f"答案如下{B}\n1 A\n{C}2 B\n4 D{A}\n5 A\n{B}3 C{C}\n6 D\n{A}完"  # "the answers / … / end"
    assert lines(answers)[1:7] == ["1 A", "2 B", "4 D", "5 A", "3 C", "6 D"]
    prose = f"今天下雨{B}\n没有出门\n{C}看了书\n喝了茶{A}\n睡得早\n{B}3 C{C}\n明天再说\n{A}完"  # "rain today / did not go out / …"
    assert lines(prose)[5] == ""


def test_a_block_of_few_characters_where_a_break_has_no_other() -> None:
    """Noise has two different A once in a thousand blocks. It is noise if every other break has its block and this one would have none."""
    few = "8 x8 P% W8 z% X"
    assert lines(f"甲一{few}\n乙二{A}\n丙三{B}\n{C}丁四") == ["甲一", "乙二", "丙三", "丁四"]
    assert lines(f"甲一{few}\n{C}乙二{A}\n丙三{B}\n丁四")[0] == f"甲一{few}"


@pytest.mark.parametrize("blanks", ["kept", "collapsed"])
def test_two_blocks_of_a_dropped_line(blanks: str) -> None:
    """Where blank lines were dropped, their two blocks stand on the lines around."""
    assert lines(f"甲{A}\n{B}乙\n丙{C}\n丁", Evidence(blanks=blanks)) == ["甲", "乙", "丙", "丁"]


def test_lines_of_a_document() -> None:
    """A line that the document repeats, or one like its other pairs, is likelier than one that it never shows."""
    known = Lines("安装步骤\nmake\n1 A\n2 B\nmake\n4 D\n")  # "steps of the installation"
    assert known.chance("make") > known.chance("安装步骤") > known.chance("gmake") == 0
    assert known.chance("3 C") > known.chance("' k") > 0
    assert known.chance("3 C") > Lines("安装步骤\nmake\n").chance("3 C") > Lines("").chance("3 CC") == 0
