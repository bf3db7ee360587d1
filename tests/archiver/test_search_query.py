from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.archiver.search_index import new_index
from forumclean.archiver.search_query import MAX_CHARACTERS, MAX_PHRASES, parse, unknown_field
from forumclean.errors import UsageError

TEXT = [
    pytest.param("GPT-5", '("gpt 5")', id="a hyphen inside a word"),
    pytest.param("--full", '("full")', id="two hyphens"),
    pytest.param("a - b", '("a") AND ("b")', id="a hyphen alone"),
    pytest.param("text:foo", '("text foo")', id="column syntax of FTS5"),
    pytest.param("NEAR(a b)", '("near a") AND ("b")', id="NEAR of FTS5"),
    pytest.param("^a {b} (c)", '("a") AND ("b") AND ("c")', id="marks of FTS5"),
    pytest.param('5" 屏幕', '("5") AND ("屏 幕")', id="inches"),
    pytest.param("or and not", '("or") AND ("and") AND ("not")', id="lower-case operators are words"),
    pytest.param('"OR"', '("or")', id="quoted operator"),
    pytest.param("a*b 芯*", '("a b") AND ("芯")', id="a star that ends no word"),
    pytest.param("a\x00b", '("a b")', id="NUL"),
    pytest.param("“未完", '("未 完")', id="Chinese quotation mark that is not closed"),
    pytest.param("C++ '; DROP TABLE posts", '("c") AND ("drop") AND ("table") AND ("posts")', id="nothing is SQL"),
]
LANGUAGE = [
    pytest.param("电力", '("电 力")', id="a Chinese word is a phrase"),
    pytest.param("算力 电力", '("算 力") AND ("电 力")', id="all words must match"),
    pytest.param("AI芯片", '("ai 芯 片")', id="mixed word"),
    pytest.param("５　Ｇ", '("5") AND ("g")', id="full-width"),
    pytest.param('"数据 中心"', '("数 据 中 心")', id="quotation"),
    pytest.param("“数据 中心” 「电 力」", '("数 据 中 心") AND ("电 力")', id="Chinese quotations"),
    pytest.param("AI*", '("ai" *)', id="prefix"),
    pytest.param('"foo ba"*', '("foo ba" *)', id="prefix of a phrase's last word"),
    pytest.param("a OR b c", '("a" OR "b") AND ("c")', id="OR binds closer than the blank"),
    pytest.param("a | b ｜ c", '("a" OR "b" OR "c")', id="bars"),
    pytest.param("(a OR b) -c", '("a" OR "b") NOT ("c")', id="brackets may stand but change nothing"),
    pytest.param('a b -c -"d e"', '(("a") AND ("b")) NOT ("c" OR "d e")', id="exclusions"),
    pytest.param("a AND b NOT c AND d", '(("a") AND ("b") AND ("d")) NOT ("c")', id="operators of other engines"),
    pytest.param("-a b", '("b") NOT ("a")', id="exclusion first"),
    pytest.param("！！ 电力 ——", '("电 力")', id="punctuation alone is passed over"),
    pytest.param("内存，硬盘、电源", '("内 存") AND ("硬 盘") AND ("电 源")', id="Chinese commas part words"),
    pytest.param("“内存，硬盘”", '("内 存 硬 盘")', id="but not in a quotation"),
    pytest.param("内存,硬盘", '("内 存 硬 盘")', id="another comma is text"),
]


@pytest.mark.parametrize(("query", "match"), TEXT)
def test_other_characters_are_just_text(query: str, match: str) -> None:
    assert parse(query).match() == match


@pytest.mark.parametrize(("query", "match"), LANGUAGE)
def test_query_language(query: str, match: str) -> None:
    assert parse(query).match() == match


@pytest.mark.parametrize(("query", "help_given"), [
    pytest.param("", "nothing to search for", id="empty"),
    pytest.param("  \t ", "nothing to search for", id="blank"),
    pytest.param("!!! 。", "nothing to search for", id="punctuation"),
    pytest.param('""', "nothing to search for", id="empty quotation"),
    pytest.param('"abc', "is not closed", id="open quotation"),
    pytest.param('a "b c', "is not closed", id="open quotation behind a word"),
    pytest.param("-a", "only excludes", id="only an exclusion"),
    pytest.param("NOT a", "only excludes", id="only NOT"),
    pytest.param("OR a", "a word on both sides", id="OR first"),
    pytest.param("a OR", "OR at the end", id="OR last"),
    pytest.param("a NOT", "NOT at the end", id="NOT last"),
    pytest.param("a OR OR b", "a word on both sides", id="OR twice"),
    pytest.param("a OR !!", "a word on both sides", id="OR with punctuation"),
    pytest.param("-a OR b", "a word on both sides", id="OR behind an exclusion"),
    pytest.param("a OR -b", "cannot be followed by an exclusion", id="OR before an exclusion"),
    pytest.param("a " * (MAX_PHRASES + 1), "too many words", id="too many words"),
    pytest.param("x" * (MAX_CHARACTERS + 1), "too long", id="too long"),
])
def test_what_cannot_be_understood_is_explained(query: str, help_given: str) -> None:
    with pytest.raises(UsageError, match=help_given):
        parse(query)


@pytest.mark.parametrize(("text", "name"), [
    ("电源", None), ("author:x", None), ("FORUM：硬件 x", None), ("http://a.b", None), ("8:30", None), ("C:\\x", None), ("a: b", None), ("x:", None),
    ("title:H100", "title"), ("x -text:foo", "text"), ("作者：老王", "作者"), ("after:2014 title:x", "title"),
])
def test_what_looks_like_a_field(text: str, name: str | None) -> None:
    note = unknown_field(text)
    assert note is None if name is None else (note or "").startswith(f"{name}: is no field")


def test_a_pasted_paragraph_is_one_long_phrase() -> None:
    with closing(new_index()) as index:
        match = parse("电" * MAX_CHARACTERS).match()
        assert index.execute("SELECT count(*) FROM posts_fts WHERE posts_fts MATCH ?", (match,)).fetchone() == (0,)


def test_the_largest_query_is_within_the_limits_of_sqlite() -> None:
    with closing(new_index()) as index:
        match = parse(" OR ".join(["电力"] * (MAX_PHRASES // 2)) + " -算力" * (MAX_PHRASES // 2)).match()
        assert index.execute("SELECT count(*) FROM posts_fts WHERE posts_fts MATCH ?", (match,)).fetchone() == (0,)


@settings(deadline=None, max_examples=200)
@given(st.one_of(st.text(), st.lists(st.sampled_from(["电力", "OR", "AND", "NOT", "-", '"', "a", "*", "“", "”", ":", "^", "(", ")", " "])).map("".join)))
def test_never_a_syntax_error_of_sqlite(query: str) -> None:
    """Whatever is typed is either understood by FTS5 or refused with help."""
    try:
        match = parse(query).match()
    except UsageError:
        return
    with closing(new_index()) as index:
        assert index.execute("SELECT count(*) FROM posts_fts WHERE posts_fts MATCH ?", (match,)).fetchone() == (0,)
