from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.archiver import search_words
from forumclean.archiver.search_index import new_index
from forumclean.archiver.search_words import BARRIER, fold, held, own_words, segment, words

UNTOUCHED = [
    pytest.param("plain words 123", id="ascii"),
    pytest.param("电力不足", id="chinese"),
    pytest.param("がぎぐ", id="voiced kana are no accents"),
    pytest.param("ёйø", id="letters of other alphabets"),
    pytest.param("한국어 가나", id="hangul"),
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_plain_text_is_not_folded(text: str) -> None:
    assert fold(text) == text


@pytest.mark.parametrize(("text", "expected"), [
    pytest.param("电力", ["电", "力"], id="each ideograph is a word"),
    pytest.param("AI芯片2.0", ["ai", "芯", "片", "2", "0"], id="mixed"),
    pytest.param("ＡＩ　芯片", ["ai", "芯", "片"], id="full-width letters and blank"),
    pytest.param("ｶﾞﾝﾀﾞﾑ", ["ガ", "ン", "ダ", "ム"], id="half-width kana, voicing marks joined"),
    pytest.param("e\u0301te\u0301 x\u0302y", ["ete", "xy"], id="loose accents"),
    pytest.param("Café İZMİR ΟΔΟΣ", ["cafe", "izmir", "οδοσ"], id="case and accents"),
    pytest.param("葛\U000e0100城", ["葛", "城"], id="variant selectors part nothing"),
    pytest.param("foo_bar-baz", ["foo", "bar", "baz"], id="underscore and hyphen part words"),
    pytest.param("二〇二五年々", ["二", "〇", "二", "五", "年", "々"], id="zero and iteration mark are ideographs"),
    pytest.param("。，、！？…—【】《》", [], id="punctuation alone is no word"),
    pytest.param("\x00\ufeff\u200b", [], id="controls and invisible characters"),
    pytest.param("", [], id="empty"),
])
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_rare_characters_are_written_as_words_of_their_own() -> None:
    """What SQLite's tokenizer would drop can still be found."""
    assert held(segment("好😀的\U00020bb7")) == ["好", "u1f600", "的", "u20bb7"]


def test_common_and_uncommon_characters_give_the_same_words() -> None:
    """What is taken the short way is what folding would have given, beside letters and between ideographs."""
    for code in (*range(0xD800), *range(0xE000, 0x10000), 0x1F600, 0x20BB7, 0xE0100):
        text = f"zZ{chr(code)}B中{chr(code)}{chr(code)}文="
        assert held(segment(text)) == search_words.spell(words(text)).split(), hex(code)


@pytest.mark.parametrize(("text", "expected"), [
    pytest.param("没有引用", "没有引用", id="no quotation"),
    pytest.param("a > b\n>>> x = 3\n>直接", "a > b\n>>> x = 3\n>直接", id="only '> ' at a line start quotes"),
    pytest.param("> 甲说\n答", "答", id="quotation at the beginning"),
    pytest.param("答\n> 甲说\n> 乙说", "答", id="quotation at the end"),
    pytest.param("电\n> 甲\n>\n> 乙\n力", f"电\n{BARRIER}\n力", id="a barrier where a quotation stood"),
    pytest.param("> 只有", "", id="nothing else"),
    pytest.param("答\n> 甲说\n", "答", id="quotation before a last, empty line"),
    pytest.param("> 甲说\r\n答 > 问", "答 > 问", id="a quoted line with two signs at its end"),
    pytest.param("", "", id="empty"),
    pytest.param(None, None, id="lost text"),
])
def test_quoted_lines_are_left_out(text: str | None, expected: str | None) -> None:
    assert own_words(text) == expected


def _tokens(segmented: list[str]) -> dict[int, list[str]]:
    """What SQLite makes of each text."""
    found: dict[int, list[str]] = defaultdict(list)
    with closing(new_index()) as index:
        index.executemany("INSERT INTO posts_fts (rowid, title, text) VALUES (?, '', ?)", enumerate(segmented))
        index.execute("CREATE VIRTUAL TABLE temp.entries USING fts5vocab(main, posts_fts, instance)")
        for row_id, term in index.execute('SELECT doc, term FROM entries ORDER BY doc, "offset"'):
            found[row_id].append(term)
    return found


def test_the_index_holds_every_character_as_we_fold_it() -> None:
    """SQLite's tokenizer adds, drops and changes nothing: checked for all of the basic plane and the planes in use."""
    segmented = [segment(f"a{chr(code)}b") for code in (*range(0xD800), *range(0xE000, 0x34000))]
    found = _tokens(segmented)
    assert {text: found[row_id] for row_id, text in enumerate(segmented) if found[row_id] != held(text)} == {}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(), max_size=5))
def test_the_index_holds_the_words_of_any_text(texts: list[str]) -> None:
    segmented = [segment(text) for text in texts]
    found = _tokens(segmented)
    assert [found[row_id] for row_id in range(len(texts))] == [held(text) for text in segmented]


def test_segmenting_is_done_in_python_only() -> None:
    """The index is readable without us: its schema names nothing but SQLite's own tokenizer."""
    with closing(new_index()) as index:
        sql, = index.execute("SELECT sql FROM sqlite_master WHERE name = 'posts_fts'").fetchone()
    assert "tokenize='unicode61 remove_diacritics 2'" in sql
    assert 'content="posts"' in sql
    assert isinstance(index, sqlite3.Connection)


def test_giant_texts_are_cut_up_where_no_word_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """In pieces or whole: the same words."""
    text = "显卡吃灰 the H100s are\nidle，Ｃａｆé très ガギ 电力。" * 30
    whole = held(segment(text))
    monkeypatch.setattr(search_words, "_PIECE", 7)
    assert held(segment(text)) == whole
