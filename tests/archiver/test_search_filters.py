"""Fields of a query: what stays text, what narrows down, what is refused with help; and very common words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from forumclean.archiver import search_matches
from forumclean.archiver.schema import FIRST_SCHEMA
from forumclean.archiver.search import find, parse, search
from forumclean.archiver.search_filters import Filter
from forumclean.errors import UsageError


@pytest.fixture
def archive(tmp_path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    for statement in FIRST_SCHEMA:
        connection.execute(statement)
    connection.executescript("""
        INSERT INTO sites (id, slug) VALUES (1, 'board');
        INSERT INTO forums (id, site_id, fid, name) VALUES (1, 1, 2, '硬件与服务器'), (2, 1, 36, '站务'), (3, 1, 4, '二手硬件');
        INSERT INTO users (id, site_id, uid, name) VALUES (1, 1, 7, '老王'), (2, 1, 8, 'Ａlice_W');
        INSERT INTO user_names (user_id, site_id, name) VALUES (1, 1, '王老');
        INSERT INTO threads (id, site_id, tid, forum_id, title) VALUES (1, 1, 10, 1, '甲'), (2, 1, 20, 2, '乙'), (3, 1, 30, 3, '丙');
        INSERT INTO posts (id, site_id, thread_id, pid, position, user_id, author_name, created_at, text, state) VALUES
            (1, 1, 1, 101, 1, 1, '老王', '2014-12-31T23:59:59Z', '电力一', 'ok'),
            (2, 1, 1, 102, 2, 2, 'Ａlice_W', '2015-01-01T00:00:00Z', '电力二', 'ok'),
            (3, 1, 2, 103, 1, NULL, '过客', '2015-06-01T00:00:00Z', '电力三', 'ok'),
            (4, 1, 3, 104, 1, 1, '老王', NULL, '电力四', 'ok');
        INSERT INTO sources (id, sha256, kind, status) VALUES (1, 'aa', 'article', 'ok');
        INSERT INTO documents (id, source_id, kind, title, author, published_at, text) VALUES (9, 1, 'article', '文', '老王', '2015-03-03', '电力五');
    """)
    return connection


@pytest.mark.parametrize("text", ["http://author:x", "authors:x", '"author:老王"', "作者:老王", "8:30", "forum", "C:\\author"])
def test_what_is_no_field(text: str) -> None:
    """Only the four names at the beginning of an item are fields."""
    assert parse(text).filters == ()


@pytest.mark.parametrize(("text", "filters"), [
    ("author:老王", [Filter("author", "老王")]),
    ("AUTHOR：老王", [Filter("author", "老王")]),
    ('author:"A B" x', [Filter("author", "A B")]),
    ("-author:老王 x", [Filter("author", "老王", excluded=True)]),
    ("x NOT forum:2", [Filter("forum", "2", excluded=True)]),
    ("before:2015", [Filter("before", "2015-01-01")]),
    ("after:2015-6", [Filter("after", "2015-06-01")]),
    ("after:2015年6月3日", [Filter("after", "2015-06-03")]),
    ("-before:2015/02/03", [Filter("after", "2015-02-03")]),
])
def test_fields(text: str, filters: list[Filter]) -> None:
    assert list(parse(text).filters) == filters


@pytest.mark.parametrize(("text", "words"), [
    ("author:", "author:老王"), ("before: 2015", "right behind the colon"), ("after:yesterday", "is no date"), ("after:2015-13", "is no date"), ("before:2015-02-30", "is no date"),
    ("x OR author:y", "OR joins words only"), ("-x", "only excludes"),
])
def test_what_is_refused(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        parse(text)


@pytest.mark.parametrize(("query", "found"), [
    ("电力 author:老王", {1, 4, 9}), ("电力 author:王老", {1, 4}), ("电力 author:alice_w", {2}), ("电力 author:过客", {3}), ("电力 -author:老王", {2, 3}),
    ("电力 author:老王 author:过客", {1, 3, 4, 9}), ("电力 forum:2", {1, 2}), ("电力 forum:硬件", {1, 2, 4}), ("电力 forum:站务", {3}), ("电力 forum:没有", set()), ("电力 -forum:2", {3, 4, 9}),
    ("电力 after:2015", {2, 3, 9}), ("电力 before:2015", {1}), ("电力 after:2015 before:2015-06", {2, 9}), ("author:过客", {3}), ("forum:2 after:2015", {2}),
    ("author:老王 -电力", set()), ("author:老王 -四", {1, 9}), ("-一 after:2014 -五 -丙", {2, 3}), ("forum:2 NOT 电力二", {1}),
])
@pytest.mark.parametrize("order", ["relevance", "date"])
@pytest.mark.parametrize("state", ["indexed", "pending"])
def test_what_is_found(archive: sqlite3.Connection, query: str, found: set[int], order: str, state: str) -> None:
    """The same in every order, and whether the rows are in the index or still wait for it."""
    if state == "pending":
        archive.execute("PRAGMA query_only = ON")
    hits = search(archive, query, order=order)  # type: ignore[arg-type]
    assert {hit.id for hit in hits} == found
    assert len(hits) == len(found)


def test_newest_first_with_fields_only(archive: sqlite3.Connection) -> None:
    results = find(archive, "author:老王")
    assert ([hit.id for hit in results.hits], results.order) == ([9, 1, 4], "date")


def test_pages_of_hits(archive: sqlite3.Connection) -> None:
    every = [hit.id for hit in search(archive, "电力", order="date")]
    pages = [find(archive, "电力", limit=2, offset=at, order="date") for at in (0, 2, 4)]
    assert [hit.id for page in pages for hit in page.hits] == every
    assert [page.more for page in pages] == [True, True, False]


def test_common_words_are_not_ranked(archive: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit the newest come first, with a note; whatever way their dates are found."""
    ranked = find(archive, "电力")
    assert (ranked.order, ranked.note) == ("relevance", None)
    monkeypatch.setattr(search_matches, "COMMON", 3)
    for few in (3_000, 0):
        monkeypatch.setattr(search_matches, "_FEW", few)
        results = find(archive, "电力", limit=3)
        assert [hit.id for hit in results.hits] == [3, 9, 2]
        assert results.order == "date"
        assert results.note is not None
        assert "newest first" in results.note


def test_unknown_fields_are_said_where_nothing_is_found(archive: sqlite3.Connection) -> None:
    assert "title: is no field" in str(find(archive, "title:电力").note)
    archive.execute("UPDATE posts SET text = 'title:电力' WHERE id = 1")
    assert find(archive, "title:电力").note is None


def test_unknown_names_are_said(archive: sqlite3.Connection) -> None:
    assert find(archive, "电力 forum:汽车").note == "no forum is called 汽车; there are 硬件与服务器, 二手硬件, 站务"
    assert "no member is called 过客" in str(find(archive, "电力 author:过客").note)
