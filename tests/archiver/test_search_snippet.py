from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forumclean.archiver.search_index import POST, new_index
from forumclean.archiver.search_query import parse
from forumclean.archiver.search_snippet import WIDTH, ranges, snippet
from forumclean.archiver.search_words import own_words
from forumclean.errors import UsageError


def _shown(text: str, query: str) -> list[str]:
    piece = snippet(text, parse(query))
    return [piece.text[start:end] for start, end in piece.ranges]


@pytest.mark.parametrize(("text", "query"), [
    pytest.param("OpenAI 没有 AIR", "AI", id="Latin only by whole words"),
    pytest.param("电脑和力气", "电力", id="other characters between"),
    pytest.param("电😀力", "电力", id="an emoji between"),
    pytest.param("がある", "か", id="voiced kana is another letter"),
    pytest.param("什么也没有", "-x 电", id="no match"),
])
def test_no_match_is_shown_where_the_index_finds_none(text: str, query: str) -> None:
    assert _shown(text, query) == []


@pytest.mark.parametrize(("text", "query", "shown"), [
    pytest.param("缺电力了", "电力", ["电力"], id="Chinese"),
    pytest.param("ＡＩ\n 芯片", "ai芯片", ["ＡＩ 芯片"], id="folded, passing over a line break"),
    pytest.param("电。力", "电力", ["电。力"], id="passing over punctuation"),
    pytest.param("①㎡ﬁn", "1m2fin", ["①㎡ﬁn"], id="one character that folds to several"),
    pytest.param("Cafe\u0301 CAFÉ", "café", ["Cafe\u0301", "CAFÉ"], id="accents and case"),
    pytest.param("ｶﾞﾝﾀﾞﾑ", "ガンダム", ["ｶﾞﾝﾀﾞﾑ"], id="two characters that fold to one"),
    pytest.param("AI和AIGC", "AI*", ["AI", "AIGC"], id="prefix"),
    pytest.param("AI한국어", "AI 한국", ["AI한국"], id="neighbouring matches are one range"),
    pytest.param("a😀b", "😀", ["😀"], id="emoji"),
    pytest.param("İstanbul x", "x", ["x"], id="a letter whose lower case is longer"),
    pytest.param("电力电力", "电力电 力电力", ["电力电力"], id="overlapping matches are one range"),
])
def test_matches_are_shown_as_written(text: str, query: str, shown: list[str]) -> None:
    assert _shown(text, query) == shown


def test_the_piece_with_most_phrases_is_shown() -> None:
    text = "电力" + "、" * 300 + "算力和电力" + "、" * 300
    piece = snippet(text, parse("电力 算力"))
    assert "算力和电力" in piece.text
    assert piece.text[0] == piece.text[-1] == "…"
    assert len(piece.text) <= WIDTH + 2


def test_without_a_match_it_is_the_beginning_on_one_line() -> None:
    assert snippet("第一行\n\n第二行\t尾", parse("无关")) == ("第一行 第二行 尾", ())


def test_lost_text() -> None:
    assert snippet(None, parse("电力")) == ("", ())


def test_a_match_deep_in_a_book_is_found_across_the_borders_of_its_chunks() -> None:
    for before in range(49_990, 50_005):
        assert _shown("字" * before + "电力" + "字" * 1000, "电力") == ["电力"]


def test_ranges_of_a_title() -> None:
    assert ranges("求助:网卡", parse("网卡")) == ((3, 5),)
    assert ranges(None, parse("网卡")) == ()


@settings(deadline=None, max_examples=300)
@given(st.text("电力芯AaIé\u0301Ａ５5 。-_\n>😀ｶﾞがか\u3099①한", max_size=30), st.text('电力芯AaIé\u0301Ａ５5 -*"😀ｶﾞがか①한', max_size=6))
@example("> 电力\n力电", "电力")
def test_snippets_show_a_match_exactly_where_the_index_finds_one(text: str, query: str) -> None:
    try:
        asked = parse(query)
    except UsageError:
        return
    with closing(new_index()) as index:
        POST.feed(index, [(1, None, text)])
        found = index.execute("SELECT count(*) FROM posts_fts WHERE posts_fts MATCH ?", (asked.match(),)).fetchone() == (1,)
    shown = snippet(own_words(text), asked).ranges
    assert shown or not found
    if len(asked.wanted) == 1 and not asked.excluded:
        assert bool(shown) == found
