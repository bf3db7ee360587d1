"""Lines that stand in a document more than once show each other where their text ends and begins."""

from __future__ import annotations

import pytest

from forumclean.records import Body, Evidence
from forumclean.scrubber import scrub

A, B, C, D = "# a6 I- l; @* J/ z. r", "3 x! T5 e& N: u; Q", "9 T- q/ [+ w' Y; c", '& o8 ~5 _0 k" {'
ALL = pytest.mark.parametrize("blanks", ["kept", "collapsed"])


def lines(blanks: str, *bodies: str) -> list[str]:
    """The lines of all bodies of one document, read together."""
    return [line for clean in scrub([Body(body) for body in bodies], Evidence(blanks=blanks)) for line in clean.text.split("\n")]


@ALL
def test_what_recurs_with_other_noise_has_no_more_text(blanks: str) -> None:
    """Untouched: the same line four times, nothing in common behind it."""
    assert lines(blanks, f"重启服务{A}\n重启服务{B}\n重启服务{C}\n重启服务{D}\n完") == [*["重启服务"] * 4, "完"]  # "restart the service … done"


@ALL
def test_noise_that_was_printed_twice_proves_nothing(blanks: str) -> None:
    """Untouched: a page that holds the same extract twice has the same noise twice, and all of it is noise."""
    once = f"重启服务{A}\n{B}看了日志\n没有问题{C}\n完"  # "restart the service / looked at the log / no problem / done"
    assert lines(blanks, once, once) == ["重启服务", "看了日志", "没有问题", "完"] * 2


@ALL
def test_the_end_of_a_line_that_recurs(blanks: str) -> None:
    """``座位 7 Q`` (seat 7 Q): alone the pair is noise, three times behind the same words it is text."""
    assert lines(blanks, f"座位 7 Q{A}\n看清楚\n{B}不要坐错{C}\n完")[0] == "座位 "
    assert lines(blanks, f"座位 7 Q{A}\n看清楚\n{B}座位 7 Q{C}\n座位 7 Q{D}\n完") == ["座位 7 Q", "看清楚", "座位 7 Q", "座位 7 Q", "完"]


@ALL
def test_the_start_of_a_line_that_recurs(blanks: str) -> None:
    """``5 x - 8 z = 41`` behind a block, quoted by another post of the page."""
    alone = lines(blanks, f"方程如下\n{A}5 x - 8 z = 41\n{B}解不出来{C}\n完")  # "the equation / cannot solve it / done"
    assert alone[1].strip() == "- 8 z = 41"
    post, quote = f"方程如下\n{A}5 x - 8 z = 41\n{B}解不出来{C}\n完", f"引用\n{D}5 x - 8 z = 41\n{A}再看看\n{B}5 x - 8 z = 41\n完"
    assert [line for line in lines(blanks, post, quote) if "=" in line] == ["5 x - 8 z = 41"] * 3


@ALL
def test_a_line_in_view_shows_another(blanks: str) -> None:
    """A line whose noise stands at its other end, or that has none, is text up to its last character."""
    assert lines(blanks, f"座位 7 Q\n{A}看清楚\n{B}座位 7 Q{C}\n完")[2] == "座位 7 Q"


@ALL
def test_a_part_in_common_of_short_lines_among_many(blanks: str) -> None:
    """One chance among many is no proof: thirty lines of one character with noise behind them, two with the same pair."""
    signs = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余"
    noise = [f"{chr(33 + n % 20)} {chr(97 + n % 26)}{A[3:]}" for n in range(len(signs))]
    noise[4] = noise[0]
    assert lines(blanks, "\n".join(map("".join, zip(signs, noise, strict=True)))) == list(signs)
