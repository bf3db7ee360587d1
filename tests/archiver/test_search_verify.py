from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from forumclean.archiver.schema import FIRST_SCHEMA
from forumclean.archiver.search_index import index_pending, rebuild_index
from forumclean.archiver.search_verify import verify_index


@pytest.fixture
def archive(tmp_path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    for statement in FIRST_SCHEMA:
        connection.execute(statement)
    connection.execute("INSERT INTO sites (id, slug) VALUES (1, 'board')")
    connection.execute("INSERT INTO threads (id, site_id, title) VALUES (1, 1, '题')")
    for post_id in range(1, 9):
        connection.execute("INSERT INTO posts (id, site_id, thread_id, text, state) VALUES (?, 1, 1, ?, 'ok')", (post_id, f"第{post_id}楼 电力"))
    index_pending(connection)
    return connection


def test_an_index_in_step_is_fine_also_on_a_read_only_connection(archive: sqlite3.Connection, tmp_path: Path) -> None:
    assert verify_index(archive) == []
    archive.execute("UPDATE posts SET text = '改了' WHERE id = 3")  # pending: the index rightly holds the old words
    reader = sqlite3.connect(f"{(tmp_path / 'a.db').as_uri()}?mode=ro", uri=True)
    assert verify_index(reader) == []
    assert verify_index(reader, deep=False) == []


@pytest.mark.parametrize(("damage", "message"), [
    pytest.param(
        "INSERT INTO posts_fts (posts_fts, rowid, title, text) VALUES ('delete', 2, '', '第 2 楼 电 力')",
        "posts_fts lacks 1 posts (2)", id="a row missing",
    ),
    pytest.param("INSERT INTO posts_fts (rowid, text) VALUES (99, '幽')", "posts_fts holds rows that are gone: 1 posts (99)", id="a row too many"),
    pytest.param("DELETE FROM search_pending; DELETE FROM posts_fts_docsize", "posts_fts lacks 8 posts (1, 2, 3, 4, 5, …)", id="all rows missing"),
    pytest.param("DROP TRIGGER posts_search_update", "trigger posts_search_update is missing or changed", id="a trigger missing"),
])
def test_what_is_wrong_is_named_and_repaired(archive: sqlite3.Connection, damage: str, message: str) -> None:
    for statement in damage.split(";"):
        archive.execute(statement)
    line, = verify_index(archive)
    assert line.startswith(message)
    rebuild_index(archive)
    assert verify_index(archive) == []


def test_other_words_are_found_by_the_deep_look_only(archive: sqlite3.Connection) -> None:
    """Same rows, same words in all, but two posts exchanged: only comparing every entry shows it."""
    for post_id, other in (2, 3), (3, 2):
        archive.execute("INSERT INTO posts_fts (posts_fts, rowid, title, text) VALUES ('delete', ?, '', ?)", (post_id, f"第 {post_id} 楼 电 力"))
        archive.execute("INSERT INTO posts_fts (rowid, title, text) VALUES (?, '', ?)", (post_id, f"第 {other} 楼 电 力"))
    assert verify_index(archive, deep=False) == []
    assert verify_index(archive) == ["posts_fts does not hold the words of the posts (40 in the index, 40 expected)"]


def test_a_damaged_index_is_a_line_not_a_traceback(archive: sqlite3.Connection) -> None:
    archive.execute("UPDATE posts_fts_data SET block = x'00' WHERE id > 10")
    assert any("posts_fts" in line for line in verify_index(archive))
    rebuild_index(archive)
    assert verify_index(archive) == []
