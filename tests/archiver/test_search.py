from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from forumclean.archiver.schema import FIRST_SCHEMA
from forumclean.archiver.search import Hit, index_pending, search
from forumclean.errors import UsageError


@pytest.fixture
def archive(tmp_path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    for statement in FIRST_SCHEMA:
        connection.execute(statement)
    connection.executescript("""
        INSERT INTO sites (id, slug) VALUES (1, 'board');
        INSERT INTO forums (id, site_id, fid, name) VALUES (1, 1, 2, '硬件');
        INSERT INTO threads (id, site_id, tid, forum_id, title) VALUES (1, 1, 10, 1, '求助:网卡不见了'), (2, 1, 20, NULL, '只在列表里的矿机');
        INSERT INTO posts (id, site_id, thread_id, pid, position, author_name, created_at, text, state) VALUES
            (1, 1, 1, 100, 1, '甲', '2024-03-01T08:00:00Z', '重启以后电力不足,ＡＩ芯片发热', 'ok'),
            (2, 1, 1, 101, 2, '乙', '2024-03-02T08:00:00Z', '> 重启以后电力不足
换个网卡试试', 'ok'),
            (3, 1, 1, 102, 3, '丙', NULL, NULL, 'missing');
        INSERT INTO sources (id, sha256, kind, status) VALUES (1, 'aa', 'article', 'ok');
        INSERT INTO source_paths (source_id, path, member) VALUES (1, 'news/power.zip', 'a.txt');
        INSERT INTO documents (id, source_id, kind, title, author, published_at, text)
            VALUES (1, 1, 'article', '电力与算力', '丁', '2024-03-03', '> 电力是算力的上限');
    """)
    return connection


def _ids(hits: list[Hit]) -> list[tuple[str, int]]:
    return [(hit.kind, hit.id) for hit in hits]


def test_a_hit_tells_what_where_and_who(archive: sqlite3.Connection) -> None:
    post, document = search(archive, "电力")
    assert post == Hit(
        kind="post", id=1, pid=100, tid=10, thread_id=1, forum="硬件", title="求助:网卡不见了", author="甲", created_at="2024-03-01T08:00:00Z",
        snippet="重启以后电力不足,ＡＩ芯片发热", ranges=((4, 6),),
    )
    assert document == Hit(
        kind="document", id=1, title="电力与算力", title_ranges=((0, 2),), author="丁", created_at="2024-03-03",
        snippet="> 电力是算力的上限", ranges=((2, 4),), path="news/power.zip!a.txt",
    )


@pytest.mark.parametrize(("query", "found"), [
    pytest.param("芯", [("post", 1)], id="one character"),
    pytest.param("ai芯片", [("post", 1)], id="folded mixed word"),
    pytest.param("电力 -算力", [("post", 1)], id="exclusion"),
    pytest.param("网卡 芯片", [("post", 1)], id="one word in the title, one in the text"),
    pytest.param("网卡", [("post", 1), ("post", 2)], id="title before text"),
    pytest.param("矿机", [("thread", 2)], id="a thread of which no post is in the archive"),
    pytest.param("重启以后", [("post", 1)], id="quoted lines are found where they were written"),
    pytest.param("不存在", [], id="nothing"),
])
def test_what_is_found(archive: sqlite3.Connection, query: str, found: list[tuple[str, int]]) -> None:
    assert _ids(search(archive, query)) == found


def test_newest_first(archive: sqlite3.Connection) -> None:
    assert _ids(search(archive, "电力 OR 网卡", order="date")) == [("document", 1), ("post", 2), ("post", 1)]


def test_unknown_dates_come_last(archive: sqlite3.Connection) -> None:
    archive.execute("UPDATE posts SET text = '电力' WHERE id = 3")
    assert _ids(search(archive, "电力", order="date"))[-1] == ("post", 3)


def test_limit(archive: sqlite3.Connection) -> None:
    assert len(search(archive, "电力 OR 网卡", limit=2)) == 2
    assert search(archive, "电力", limit=0) == []


def test_a_thread_known_by_replies_only_is_found_by_its_title(archive: sqlite3.Connection) -> None:
    archive.execute("INSERT INTO posts (id, site_id, thread_id, position, text, state) VALUES (9, 1, 2, 21, '顶', 'ok')")
    hit, = search(archive, "矿机")
    assert (hit.kind, hit.tid, hit.snippet, hit.title_ranges) == ("thread", 20, "顶", ((6, 8),))
    archive.execute("INSERT INTO posts (id, site_id, thread_id, position, text, state) VALUES (8, 1, 2, 1, '主楼', 'ok')")
    assert _ids(search(archive, "矿机")) == [("post", 8)]


def test_a_thread_without_a_title_is_called_by_its_first_words(archive: sqlite3.Connection) -> None:
    archive.execute("UPDATE threads SET title = NULL WHERE id = 1")
    hit, = search(archive, "试试")
    assert (hit.title, hit.title_ranges) == ("重启以后电力不足,ＡＩ芯片发热", ())


def _changed(archive: sqlite3.Connection) -> None:
    index_pending(archive)
    archive.execute("UPDATE posts SET text = '改成水力了' WHERE id = 1")
    archive.execute("DELETE FROM documents")
    archive.execute("INSERT INTO posts (id, site_id, thread_id, created_at, text, state) VALUES (7, 1, 2, '2024-05-01T00:00:00Z', '电力新帖', 'ok')")


def test_pending_rows_are_indexed_first(archive: sqlite3.Connection) -> None:
    _changed(archive)
    assert _ids(search(archive, "电力")) == [("post", 7)]
    assert archive.execute("SELECT count(*) FROM search_pending").fetchone() == (0,)


@pytest.mark.parametrize("hindrance", ["read-only", "query-only", "locked", "in a transaction"])
@pytest.mark.parametrize("order", ["relevance", "date"])
def test_where_the_index_cannot_be_written_nothing_is_missed_and_nothing_stale_shown(
    archive: sqlite3.Connection, tmp_path: Path, hindrance: str, order: str,
) -> None:
    _changed(archive)
    file = (tmp_path / "a.db").as_uri()
    reader = archive
    if hindrance == "read-only":
        reader = sqlite3.connect(f"{file}?mode=ro", uri=True)
    elif hindrance == "query-only":
        reader = sqlite3.connect(f"{file}?mode=ro", uri=True)
        reader.execute("PRAGMA query_only = ON")
    elif hindrance == "locked":
        archive.execute("PRAGMA journal_mode = WAL")
        archive.execute("BEGIN IMMEDIATE")
        reader = sqlite3.connect(file, uri=True, timeout=0)
    else:
        archive.execute("BEGIN")
    assert _ids(search(reader, "电力", order=order)) == [("post", 7)]
    assert _ids(search(reader, "水力", order=order)) == [("post", 1)]
    assert sorted(_ids(search(reader, "矿机 OR 网卡", order=order))) == [("post", 1), ("post", 2), ("thread", 2)]
    assert archive.execute("SELECT count(*) FROM search_pending").fetchone() == (3,)


def test_a_query_that_cannot_be_understood_is_refused_with_help(archive: sqlite3.Connection) -> None:
    with pytest.raises(UsageError, match="not closed"):
        search(archive, '"电力')


def test_plain_connections_of_python_work_too(tmp_path: Path, archive: sqlite3.Connection) -> None:
    """With Python's own implicit transactions, as Datasette plugins and notebooks have them."""
    archive.close()
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("UPDATE posts SET text = '风力' WHERE id = 1")
    connection.commit()
    assert _ids(search(connection, "风力")) == [("post", 1)]
    assert not connection.in_transaction
