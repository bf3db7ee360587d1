"""The model of text: its file, its tables, what a document adds to it, and the readings that rest on both."""

from __future__ import annotations

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.records import Body, Evidence
from forumclean.scrubber import scrub
from forumclean.scrubber.brackets import balance
from forumclean.scrubber.document import Document
from forumclean.scrubber.language import Language, language
from forumclean.scrubber.outlook import a_may_be_text, end_is_easy, start_is_easy

SYMBOLS = "\n" + "".join(map(chr, [*range(1, 7), *range(32, 48), *range(58, 256)]))
A, B = "# a6 I- l; @* J/ z. r", "3 x! T5 e& N: u; Q"


@pytest.mark.parametrize("context", ["\n", "e", "\n# ", " the", "价格 ", "print(", "zqx", "\0"])
def test_probabilities(context: str) -> None:
    """What can follow a context shares about one unit of probability; digits stand for ten."""
    known = language()
    context = context.translate(known.fold)
    total = sum(exp(known.log(context, char)) for char in SYMBOLS) + 10 * exp(known.log(context, "0"))
    assert 0.8 < total < 1.6


def test_another_file_is_refused() -> None:
    """A file that is no model says what to do."""
    with pytest.raises(ValueError, match="reinstall"):
        Language(b"something else")


def test_size() -> None:
    """The model is small."""
    from importlib.resources import files

    assert len(files("forumclean.scrubber").joinpath("language.bin").read_bytes()) < 500_000


@given(st.text(max_size=12), st.text(min_size=1, max_size=12))
def test_any_text_has_a_score(before: str, piece: str) -> None:
    """Every character has a place in the model: scores are finite and never positive."""
    assert -1e4 < language().run(before, piece) <= 0
    assert -1e4 < Document("\n甲\n- a\n").goes_on(before, piece) <= 0


def test_the_document_outweighs_the_model() -> None:
    """Line starts and repeated lines of the document count for more than what is common elsewhere."""
    usual = Document()
    prompts = Document("\n% ls\n% pwd\n% make\n% who\n")
    assert prompts.opens("% cd") > usual.opens("% cd") + 1
    assert prompts.repeats("% make") > 0
    assert prompts.repeats("% mak") == 0
    assert usual.word("server") == 0 > usual.word("gwerver")
    assert Document("\nthe gwerver\n").word("gwerver") == 0


def test_outlooks() -> None:
    """A list mark may be text, a wild pair before a Chinese character is not; a bracket may close what is open."""
    assert not end_is_easy("- item", 3)
    assert end_is_easy("; ~中文", 3)
    assert start_is_easy("三个中& ~", 3)


def test_a_pair_seen_elsewhere_is_asked_for() -> None:
    """What is only likely to be noise is sure where the text has no such pair elsewhere."""
    assert start_is_easy("stock) q", 5)
    assert not start_is_easy("stock) q\n) q", 5)


@pytest.mark.parametrize(
    ("text", "may"),
    [
        pytest.param("00:05 P", True, id="a digit"),
        pytest.param("(中文的) P", True, id="closes what is open"),
        pytest.param("中文的) P", False, id="closes nothing"),
        pytest.param('Done" P', False, id="one quote"),
        pytest.param('"Done" P', True, id="two quotes, seen as the end of a line"),
        pytest.param("yes!) P", False, id="seldom"),
    ],
)
def test_a_lone_a_may_be_text(text: str, *, may: bool) -> None:
    """Where blanks were collapsed, the first A of a block may close what the line opened, or end it as other lines end."""
    assert a_may_be_text(text + '\n"x"\n', len(text) - 3, 0) == may


@pytest.mark.parametrize(
    ("likely", "unlikely"), [('print("a")', 'print("a"'), ("f(x) {", "f(x)) {"), ("| a | b |", "| a | b"), ("d = {", "d = }")]
)
def test_balance(likely: str, unlikely: str) -> None:
    assert balance(likely) > balance(unlikely)


POST = [
    "def total(rows):",
    "    count = 0",
    "    for row in rows:",
    "        count += row.price",
    "    # remarks stay",
    "    return count",
    "- [the manual](http://example.net/manual.md)",
    "- second item",
    "}",
    "$ make test",
]


def jam(lines: list[str]) -> str:
    """Blocks before and after breaks, in turn."""
    return lines[0] + "".join((A + "\n" if n % 2 else "\n" + B) + line for n, line in enumerate(lines[1:]))


def test_code_comes_back() -> None:
    """Remarks, list marks, indents, prompts and lone braces survive between the blocks."""
    assert scrub([Body(jam(POST))], Evidence(blanks="kept"))[0].text.split("\n") == POST


@pytest.mark.parametrize("line", ["}", "{", "]"])
def test_a_lone_bracket_is_found(line: str) -> None:
    """A line of one character between two blocks, which looks like noise from end to end."""
    text = f"if (a) {{{A}\n  b();\n{B}{line}{A}\n\n{B}else c();"
    assert scrub([Body(text)], Evidence(blanks="kept"))[0].text.split("\n")[2] == line


def test_each_break_has_one_block() -> None:
    """What looks like a block stays text where the breaks around it have theirs already."""
    quiet = f"甲{A}\n乙{B}\n丙{A}\n"
    [done] = scrub([Body(f"{quiet}{B}\n{A}丁\n{B}戊")], Evidence(blanks="kept"))
    assert done.text == "甲\n乙\n丙\n\n丁\n戊"


def test_doubts_name_the_alternative() -> None:
    """A border that is nearly a guess is reported with the characters in question and both readings."""
    text = f"def f(x):{A}\n{B}return v P5 f u. P) k! W\nprint(f)"
    [done] = scrub([Body(text)])
    assert [doubt.text for doubt in done.doubts] == [" v"]
    assert done.doubts[0].why.startswith("text or noise: the text ends 'return v', or 'return', only ")
