from __future__ import annotations

import json
import sqlite3

import pytest

from forumclean.archiver import export
from forumclean.archiver.export import export_jsonl
from forumclean.archiver.schema import FIRST_SCHEMA


@pytest.fixture
def archive() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in FIRST_SCHEMA:
        connection.execute(statement)
    connection.executescript("""
        INSERT INTO sites (id, slug) VALUES (1, 'board');
        INSERT INTO forums (id, site_id, fid, name) VALUES (1, 1, 2, '硬件');
        INSERT INTO threads (id, site_id, tid, forum_id, title) VALUES (1, 1, 10, 1, '求助'), (2, 1, NULL, NULL, NULL);
        INSERT INTO posts (id, site_id, thread_id, pid, position, text, state, author_name, created_at) VALUES
            (1, 1, 2, NULL, NULL, '另一主题', 'ok', NULL, NULL), (2, 1, 1, 101, 2, NULL, 'missing', '乙', NULL),
            (3, 1, 1, 100, 1, '行一' || char(10) || '"行二"', 'ok', '甲', '2024-01-01T00:00:00Z'), (4, 1, 1, 102, NULL, '不知几楼', 'ok', NULL, NULL);
        INSERT INTO sources (id, site_id, kind, status) VALUES (1, 1, 'article', 'ok');
        INSERT INTO source_paths (source_id, path) VALUES (1, 'a.txt'), (1, 'b.txt');
        INSERT INTO documents (id, source_id, kind, title, text) VALUES (1, 1, 'article', '文', '正文');
    """)
    return connection


def test_a_post_is_one_line_with_all_its_keys(archive: sqlite3.Connection) -> None:
    first = next(export_jsonl(archive))
    assert first == (
        '{"kind": "post", "site": "board", "fid": 2, "forum": "硬件", "tid": 10, "title": "求助", "pid": 100, "position": 1, "floor": null, '
        '"subject": null, "author_uid": null, "author": "甲", "created_at": "2024-01-01T00:00:00Z", "edited_at": null, "state": "ok", '
        '"text": "行一\\n\\"行二\\""}'
    )


def test_threads_together_posts_in_order_unknown_floors_last(archive: sqlite3.Connection) -> None:
    posts = [json.loads(line) for line in export_jsonl(archive)]
    assert [post["pid"] for post in posts] == [100, 101, 102, None]
    assert [post["text"] for post in posts][1:] == [None, "不知几楼", "另一主题"]


def test_documents_on_demand(archive: sqlite3.Connection) -> None:
    line, = export_jsonl(archive, ["document"])
    assert json.loads(line) == {
        "kind": "document", "site": "board", "title": "文", "author": None, "publisher": None, "published_at": None, "path": "a.txt", "text": "正文",
    }
    assert [json.loads(line)["kind"] for line in export_jsonl(archive, ["document", "post"])] == ["post"] * 4 + ["document"]


@pytest.mark.parametrize("page", [1, 2, 3])
def test_pages_lose_and_repeat_nothing(archive: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    archive.executemany("INSERT INTO threads (id, site_id) VALUES (?, 1)", ((n,) for n in range(5, 40, 3)))
    archive.executemany("INSERT INTO posts (id, site_id, thread_id, text, state) VALUES (?, 1, ?, 'x', 'ok')", ((n + 10, n) for n in range(5, 40, 3)))
    whole = list(export_jsonl(archive))
    monkeypatch.setattr(export, "_PAGE", page)
    assert list(export_jsonl(archive)) == whole
    assert len(whole) == 16


def test_an_empty_archive_exports_nothing() -> None:
    connection = sqlite3.connect(":memory:")
    for statement in FIRST_SCHEMA:
        connection.execute(statement)
    assert list(export_jsonl(connection, ["post", "document"])) == []


def test_what_was_imported_first_does_not_show() -> None:
    """Ids follow the order of imports; the lines follow boards, threads, floors, times and pages."""
    threads = [(1, "a", 20), (1, "b", 3), (2, "c", 1), (1, "d", None), (1, "e", None)]
    posts = [("a", 2, None, 9), ("a", 1, None, 8), ("a", None, "2024-01-02", 4), ("a", None, "2024-01-01", 7), ("a", None, None, None),
             ("b", 1, None, 1), ("c", 1, None, 2), ("d", None, None, None), ("e", None, None, None)]

    def lines(turn: int) -> list[str]:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        for statement in FIRST_SCHEMA:
            connection.execute(statement)
        connection.execute("INSERT INTO sites (id, slug) VALUES (1, 'm'), (2, 'b')")
        connection.execute("INSERT INTO sources (id, site_id, sha256, kind, status) VALUES (1, 1, 'y', 'article', 'ok'), (2, 1, 'x', 'article', 'ok')")
        connection.executemany("INSERT INTO source_paths (source_id, path) VALUES (?, ?)", [(1, "z.txt"), (2, "y.txt"), (2, "x.txt")][::turn])
        connection.executemany("INSERT INTO documents (source_id, kind, text) VALUES (?, 'article', ?)", [(1, "z"), (2, "x")][::turn])
        connection.executemany("INSERT INTO threads (site_id, source_key, title, tid) VALUES (?, ?2, ?2, ?)", threads[::turn])
        connection.executemany(
            "INSERT INTO posts (site_id, thread_id, position, created_at, pid, text, state) SELECT site_id, id, ?2, ?3, ?4, ?1, 'ok'"
            " FROM threads WHERE title = ?1", posts[::turn])
        return list(export_jsonl(connection, ["post", "document"]))

    assert lines(1) == lines(-1)
    found = [json.loads(line) for line in lines(1)]
    assert [post["title"] for post in found if post["kind"] == "post"] == [*"cb", *"a" * 5, *"de"]
    assert [post["pid"] for post in found if post["title"] == "a"] == [8, 9, 7, 4, None]
    assert [document["path"] for document in found if document["kind"] == "document"] == ["x.txt", "z.txt"]
