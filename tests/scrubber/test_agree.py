"""Several captures of one text are read together: what they share is the text."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.records import Body
from forumclean.scrubber import replay, scrub
from forumclean.scrubber.agree import agree

A, B, C = "# a6 I- l @* J/ z. r", "3 x! T5 e& N: u; Q", "& a5 p$ r3 J9 q/ H' w"
LINES = ["方案 B", "输出 3", "- item", "# remark", "2 B", "", "$ make -j 4", "价格 3 x", "普通的一行", "The end. 5 C", "return L", "第 3 页 4 B"]
"""Lines that end or start like pairs, and plain ones."""


def block(rng: Random) -> str:
    pairs = rng.randint(5, 15)
    return "".join(chr(rng.randint(33, 59)) + " " + chr(rng.randint(63, 126)) for _ in range(pairs))


def jam(lines: list[str], rng: Random) -> str:
    """One block at every line break, before it or after it."""
    text = lines[0]
    for line in lines[1:]:
        text += f"{block(rng)}\n{line}" if rng.random() < 0.5 else f"\n{block(rng)}{line}"
    return text


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([f"一{A}\n二", f"一{B}\n三"], id="an edit is another text"),
        pytest.param([f"一{A}\n二", f"一{B}\n二\n三"], id="so is a text with another line"),
        pytest.param(["一", "二"], id="nothing to share"),
        pytest.param([f"一{A}\n二"], id="one capture has nobody to agree with"),
        pytest.param([], id="none"),
    ],
)
def test_untouched(texts: list[str]) -> None:
    """Texts that differ in more than noise do not agree."""
    assert agree(texts) == [None] * len(texts)


def test_what_looks_like_noise_and_is_in_all_captures_is_text() -> None:
    """Random strings are never the same twice: a line that is, is text, even one that a single capture would have cut."""
    texts = [f"方案 B{A}\n完", f"方案 B{B}\n完"]
    assert [scrub([Body(text)])[0].text for text in texts] == ["方案\n完"] * 2  # “plan B” loses its B
    assert [one and one.text for one in agree(texts)] == ["方案 B\n完"] * 2


def test_two_extracts_of_one_capture_prove_nothing() -> None:
    """The same noise in both: they were made from one saved page, and are read as one capture is."""
    text = f"一{A}\n二{B}\n三"
    assert [one and one.text for one in agree([text, text])] == ["一\n二\n三"] * 2


def test_an_unjammed_capture_settles_it() -> None:
    """A capture by somebody who saw no noise shows how the line ends."""
    assert [one and one.text for one in agree([f"方案 B{A}\n完", "方案 B\n完"])] == ["方案 B\n完"] * 2


def test_an_edit_beside_captures_that_agree() -> None:
    """Each capture goes with those whose text it shares; the order they come in does not matter for it."""
    texts = [f"方案 B{A}\n完", f"方案 B{B}\n改", f"方案 B{C}\n完"]
    assert [one and one.text for one in agree(texts)] == ["方案 B\n完", None, "方案 B\n完"]


@given(st.lists(st.sampled_from(LINES), min_size=2, max_size=12), st.integers(0, 2**32))
def test_three_captures_give_the_text(lines: list[str], seed: int) -> None:
    """Whatever the lines look like, three captures give them back; every capture comes to it by its own cuts."""
    rng = Random(seed)
    texts = [jam(lines, rng) for _ in range(3)]
    for text, one in zip(texts, agree(texts), strict=True):
        assert one is not None
        assert one.text == "\n".join(lines)
        assert replay(text, one.cuts) == one.text


@given(st.lists(st.sampled_from(LINES), min_size=2, max_size=8), st.integers(0, 2**32))
def test_captures_that_agree_have_one_text(lines: list[str], seed: int) -> None:
    """Two captures of a text never become an edit of each other."""
    rng = Random(seed)
    first, second = agree([jam(lines, rng), jam(lines, rng)])
    assert first is not None
    assert second is not None
    assert first.text == second.text
