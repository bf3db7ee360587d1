"""Text-level noise: what a document says about its blocks, marks that protect text, borders, odd input."""

from __future__ import annotations

import pytest

from forumclean.records import Body, Evidence, Mark
from forumclean.scrubber import restore, scrub

A, B = "# a6 I- l @* J/ z. r", "3 x! T5 e& N: u; Q"


def clean(text: str, evidence: Evidence | None = None) -> str:
    return scrub([Body(text)], evidence or Evidence())[0].text


def test_code_marks_are_never_cut() -> None:
    """Text inside a code mark stays, whatever it looks like, and the noise beside it goes."""
    text = f"看代码{A}\n键位{B}\n完{A}\n"
    start = text.index(B)
    [done] = scrub([Body(text, (Mark(start - 2, start + len(B), "code"),))])
    assert done.text == f"看代码\n键位{B}\n完\n"


@pytest.mark.parametrize("lines", [7, 40])
def test_all_or_nothing(lines: int) -> None:
    """One string among many line breaks without noise was written by a member: it stays, with a doubt, unless the forum's flag is set."""
    text = "普通的一行\n" * lines + f"这是抄来的{A}\n" + "又是普通的一行\n" * lines  # "an ordinary line / this is copied / …"
    [done] = scrub([Body(text)])
    assert done.text == text
    assert [(doubt.text, doubt.rule) for doubt in done.doubts] == [(A, "jammer.line-end")]


def test_a_jammed_stretch_of_a_long_text() -> None:
    """A jammed post inside a long page of clean lines is cut; the lines around it do not count against it."""
    page = "导航\n" * 60
    assert clean(f"{page}甲{A}\n乙{B}\n丙{A}\n丁\n{page}") == f"{page}甲\n乙\n丙\n丁\n{page}"


def test_bodies_vouch_for_each_other() -> None:
    """Under the strict profile a lone block needs another one somewhere in the document."""
    strict = Evidence(profile="strict")
    assert scrub([Body(f"甲{A}\n乙")], strict)[0].text == f"甲{A}\n乙"
    assert [done.text for done in scrub([Body(f"甲{A}\n乙"), Body(f"丙\n{B}丁"), Body("戊\n己")], strict)] == ["甲\n乙", "丙\n丁", "戊\n己"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"本店{B}\n  def f():\n{A}  done", "本店\n  def f():\n  done", id="an indent of two is not a pair without its A"),
        pytest.param("# 目录# a6 I- l  @* J/ z. r\n3 x! T5 e  N: u; Q# 第一章\n完", "# 目录\n# 第一章\n完", id="a heading mark"),
        pytest.param(f"甲 {A}\n{B} 乙", "甲 \n 乙", id="blanks of the text stay"),
        pytest.param(f"甲{A}\r\n{B}乙\r\n丙", "甲\r\n乙\r\n丙", id="CRLF"),
        pytest.param(f"甲{A}\r{B}乙\r丙", "甲\r乙\r丙", id="CR"),
        pytest.param(f"甲{A}\n{B}{A}\n乙", "甲\n\n乙", id="two blocks on a blank line, which stays"),
        pytest.param(f"甲{A} \n {B}乙", "甲 \n 乙", id="blanks outside the noise stay"),
    ],
)
def test_borders(text: str, expected: str) -> None:
    """The noise goes to the character, and nothing else."""
    assert clean(text) == expected


def test_length_bound() -> None:
    """A line longer than two blocks is no noise of Discuz: left, with a doubt."""
    line = A + B + A + B + A + B
    [done] = scrub([Body(f"甲{A}\n{line}\n{B}乙\n丙")])
    assert done.text == f"甲\n{line}\n乙\n丙"
    assert [doubt.text for doubt in done.doubts] == [line]


@pytest.mark.parametrize("text", ["", "\n", " ", "\x00", "\ud800", "a", "甲", "\n" * 99, " " * 999, "1 a" * 999, A, f"\n{A}", "&amp; x" * 99, '\\" x' * 99])
def test_odd_input(text: str) -> None:
    """Nothing raises, and what is cut can be put back."""
    [done] = scrub([Body(text)])
    assert restore(done.text, done.cuts) == text


def test_no_bodies() -> None:
    assert scrub([]) == []


@pytest.mark.parametrize(("blanks", "left"), [("kept", "甲 B"), ("nbsp", "甲 B"), ("collapsed", "甲")])
def test_blanks_are_believed(blanks: str, left: str) -> None:
    """Where blanks were kept, a lone blank is no A; where they were collapsed, it may be one."""
    text = f"甲 B{A}\n乙"
    assert clean(text, Evidence(blanks=blanks)).split("\n")[0] == left


def test_a_line_of_letters_does_not_tell_how_blanks_survived() -> None:
    """Letters set two blanks apart, in a block that kept its blanks, are no noise: the collapsed noise beside them says what happened."""
    keys = "Q  W  E  R  T  Y  U"
    lost = "3 x! T P5 e& N: u; Q"  # the third pair has lost its A
    done = scrub([Body(f"键位{B}\n{keys}\n甲 B{lost}\n{A}乙")])[0].text.split("\n")  # "keys"
    assert done[1] == keys
    assert done[2] in {"甲", "甲 B"}
    assert done[3] == "乙"
