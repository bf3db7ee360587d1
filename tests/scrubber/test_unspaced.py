"""Random strings without blanks, and the words of boards that write their own: a page must be full of them."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.records import Body, Evidence, Mark
from forumclean.scrubber import replay, restore, scrub

LINES = ["旧车站要拆了。", "明年盖商场。", "大家都舍不得。", "先拍几张照片。", "The last train leaves at noon.", "说完了"]
"""“The old station will be torn down / a mall next year / nobody is glad / take some pictures first / … / that is all”."""


def block(rng: Random, first: int) -> str:
    """Pairs as Discuz 4 draws them, without the characters that end a line."""
    made: list[str] = []
    while len(made) < rng.randint(5, 15):
        a, b = chr(rng.randint(first, 59)), chr(rng.randint(63, 126))
        made += [a + b] if a not in "\n\r\x0b\x0c\x1c\x1d\x1e" else []
    return "".join(made)


def jam(lines: list[str], rng: Random, first: int) -> str:
    """One block at every line break, before and after breaks in turn."""
    text = lines[0]
    for n, line in enumerate(lines[1:]):
        text += f"{block(rng, first)}\n{line}" if n % 2 else f"\n{block(rng, first)}{line}"
    return text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("k1A2b3C4d5E6f\nu2B3c4D5e6F7g\nw3C4d5E6f7G8h", id="keys in order, lines of nothing else, none with text"),
        pytest.param("甲/D1T#G%]0d:Y\n乙8x!T5e&N:u;Q\n丙3i+z$b*U8O\n丁", id="only at line ends: passwords after names"),
        pytest.param("号码\n/D1T#G%]0d:Y甲\n没有\n也没有\n8x!T5e&N:u;Q乙\n还没有\n3i+z$b*U8O丙\n没有\n没有\n没有", id="few line breaks have one"),
        pytest.param("http://a.b/?x=1&Y2=3&z4=5\nhttp://a.b/?X1y2Z3w4V5\nhttp://a.b/?p9Q8r7S6t5", id="addresses"),
        pytest.param("QSBCIEMgRCBF\nIEYgRyBIIEkg\nSiBLIEwgTSBO\nIE8gUCBRIFI=", id="base64"),
        pytest.param("0x3a4B5c6D7e8F\n0x1a2B3c4D5e6F\n0x9a8B7c6D5e4F", id="numbers"),
    ],
)
@pytest.mark.parametrize("profile", ["default", "eager"])
def test_untouched(text: str, profile: str) -> None:
    """Text at some line borders that happens to look so."""
    assert scrub([Body(text)], Evidence(profile=profile))[0].text == text


@given(st.lists(st.sampled_from(LINES), min_size=10, max_size=20), st.integers(0, 2**32), st.sampled_from([0, 32]))
def test_chinese_lines_come_back(lines: list[str], seed: int, first: int) -> None:
    """Whole posts come back, with control characters in the noise and without, but for a pair beside a line now and then; every cut can be undone."""
    lines = [line for line in lines if not line.isascii()] + LINES[:4] * 2
    text = jam(lines, Random(seed), first)
    [done] = scrub([Body(text)])
    back = done.text.split("\n")
    assert [re.sub(r"[\0-~]", "", line) for line in back] == lines
    assert sum(line != true for line, true in zip(back, lines, strict=True)) <= 2
    assert replay(text, done.cuts) == done.text
    assert restore(done.text, done.cuts) == text
    assert {cut.rule for cut in done.cuts} == {"jammer.unspaced"}


def test_latin_lines_come_back() -> None:
    """Where the text is ASCII too, the model tells where it begins."""
    lines = ["The last train leaves at noon.", "Nobody will miss the noise", "but the cafe was good", "and so was the company.", "Take pictures."]
    assert scrub([Body(jam(lines, Random(3), 32))])[0].text == "\n".join(lines)


def test_only_reports() -> None:
    """Under strict, and where the forum has no jammer or its elements are proof, the strings are doubts."""
    text = jam(LINES[:4], Random(1), 32)
    for evidence in (Evidence(profile="strict"), Evidence(jammer=False), Evidence(proof=True)):
        [done] = scrub([Body(text)], evidence)
        assert (done.text, done.cuts) == (text, ())
        assert {doubt.rule for doubt in done.doubts} == {"jammer.unspaced"}


def test_marked_bodies_are_left() -> None:
    """A body with marks came from a page whose elements are known."""
    text = jam(LINES[:4], Random(1), 32)
    assert scrub([Body(text, (Mark(0, 2, "code"),))])[0].text == text


def test_phrases_are_only_reported() -> None:
    """The words of a board are doubts under strict, and where the forum says that it has no jammer."""
    text = "甲. From 1point 3acres bbs\n乙-google 1point3acres\n-baidu 1point3acres丙"
    for evidence in (Evidence(profile="strict"), Evidence(jammer=False)):
        [done] = scrub([Body(text)], evidence)
        assert (done.text, len(done.doubts)) == (text, 3)
    assert scrub([Body(text)])[0].text == "甲\n乙\n丙"
