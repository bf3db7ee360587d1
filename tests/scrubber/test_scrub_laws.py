"""Laws of the scrubber on generated text: clean stays clean, jammed comes back, and twice is once."""

from __future__ import annotations

import random
import re
import string

from hypothesis import example, given, settings
from hypothesis import strategies as st

from forumclean.records import Body, Evidence
from forumclean.scrubber import replay, restore, scrub

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=12)
SENTENCE = st.builds("{}{}".format, CHINESE, st.sampled_from("。！？"))
POST = st.lists(SENTENCE, min_size=4, max_size=8)


def noise(seed: int) -> str:
    """A block as Discuz draws it, of at least six pairs and not poor in characters."""
    rng = random.Random(seed)
    while True:
        pairs = [f"{chr(rng.randint(32, 59))} {chr(rng.randint(63, 126))}" for _ in range(rng.randint(6, 12))]
        if min(len({pair[0] for pair in pairs}), len({pair[-1] for pair in pairs})) >= len(pairs) / 2:
            return "".join(pairs)


NOISE = st.builds(noise, st.integers(0, 10**9))
JAMMED = st.builds(
    lambda lines, noise: (lines, lines[0] + "".join((n + "\n" if first else "\n" + n) + line for line, (n, first) in zip(lines[1:], noise, strict=False))),
    POST, st.lists(st.tuples(NOISE, st.booleans()), min_size=7, max_size=7),
)


def trimmed(text: str) -> list[str]:
    return [line for line in (re.sub("[ \xa0]+", " ", raw).strip() for raw in text.split("\n")) if line]


@given(st.text(st.one_of(st.characters(min_codepoint=0x3000, max_codepoint=0x9FFF), st.sampled_from("\n 0aA,")), max_size=200))
def test_chinese_text_is_untouched(text: str) -> None:
    """Chinese with a little ASCII in it is never cut."""
    assert scrub([Body(text)])[0].text == text


@given(st.lists(st.text(string.ascii_letters + string.digits, min_size=2, max_size=9), max_size=60))
def test_words_are_untouched(words: list[str]) -> None:
    """Words of two and more letters or digits are never cut, however they are put into lines."""
    text = " ".join(words)
    assert scrub([Body(text)], Evidence(profile="eager"))[0].text == text


REPEATED = (["一一。"] * 4, "\n".join(["一一。7 d5 b5 N7 J% Y7 p) ~"] * 3 + ["一一。"]))
"""One block three times: no such thing happens, but nothing tells it from noise either."""


@settings(deadline=None)
@given(JAMMED)
@example(REPEATED)
def test_jammed_text_comes_back(case: tuple[list[str], str]) -> None:
    """Sentences of Chinese, jammed, come back to the character where blanks were kept, in whatever way.

    The forum's flag is given: a few blocks of one text may by chance be too even to be noise beyond doubt.
    """
    lines, text = case
    [kept] = scrub([Body(text)], Evidence(jammer=True, blanks="kept"))
    assert kept.text == "\n".join(lines)
    assert scrub([Body(text.replace("  ", "\xa0\xa0"))], Evidence(jammer=True, blanks="nbsp"))[0].text == kept.text
    assert replay(text, kept.cuts) == kept.text
    assert restore(kept.text, kept.cuts) == text
    assert scrub([Body(kept.text)])[0].text == kept.text


@settings(deadline=None)
@given(JAMMED)
def test_collapsed_text_comes_back(case: tuple[list[str], str]) -> None:
    """The same where blanks were collapsed and lines trimmed: at most the characters next to the noise are in question."""
    lines, text = case
    [done] = scrub([Body("\n".join(trimmed(text)))], Evidence(jammer=True))
    back = [re.sub(r"[ -~]", "", line) for line in trimmed(done.text)]
    assert [line for line in back if line] == lines


@given(st.text(st.sampled_from(' \n\xa01;#,aB~\\"&甲'), max_size=120), st.sampled_from(["strict", "default", "eager"]))
def test_any_soup(text: str, profile: str) -> None:
    """Whatever the input: cuts replay, restore and are in order; line breaks are never cut; the same input gives the same answer."""
    evidence = Evidence(profile=profile)
    [done] = scrub([Body(text)], evidence)
    assert replay(text, done.cuts) == done.text
    assert restore(done.text, done.cuts) == text
    assert done.text.count("\n") == text.count("\n")
    assert list(done.cuts) == sorted(done.cuts)
    assert scrub([Body(text)], evidence) == [done]


PIECES = st.one_of(
    st.sampled_from(["\n", "\n\n", " ", "  ", "1. ", "2. ", "a", "0", "(b", "1 a", "2 B", "- b", " ^", "; P", ">>> x", "&amp; x", "方案 B", "“", "{", "\xa0", "\r\n"]),
    st.builds(noise, st.integers(0, 5)), st.builds(lambda seed: noise(seed)[: 3 * 5], st.integers(0, 5)),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=40).map("".join), st.booleans(), st.sampled_from([None, "kept", "nbsp", "collapsed"]), st.sampled_from(["strict", "default", "eager"]))
@example("(b1 a0 w# N9 Z _( v9 W7 L% ~! a\n方案 B1.", False, None, "eager")
def test_every_cut_can_be_undone(text: str, twice: bool, blanks: str | None, profile: str) -> None:  # noqa: FBT001  (hypothesis gives it)
    """Whatever noise, text that looks like it and noise printed twice stand in: cuts replay and restore, to the character."""
    bodies = [Body(text), Body(text[: len(text) // 2])] if twice else [Body(text)]
    for body, done in zip(bodies, scrub(bodies, Evidence(blanks=blanks, profile=profile)), strict=True):
        assert replay(body.text, done.cuts) == done.text
        assert restore(done.text, done.cuts) == body.text
