from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.archiver import search_index
from forumclean.archiver.schema import FIRST_SCHEMA
from forumclean.archiver.search_index import index_pending, pending, rebuild_index
from forumclean.archiver.search_verify import verify_index


def _archive(path: Path | str = ":memory:") -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in FIRST_SCHEMA:
        connection.execute(statement)
    connection.execute("INSERT INTO sites (id, slug) VALUES (1, 'board')")
    connection.execute("INSERT INTO threads (id, site_id, tid, title) VALUES (1, 1, 10, '旧题'), (2, 1, 20, NULL)")
    return connection


def _post(connection: sqlite3.Connection, post_id: int, text: str | None, *, position: int | None = None, thread: int = 1) -> None:
    connection.execute(
        "INSERT INTO posts (id, site_id, thread_id, position, text, state) VALUES (?, 1, ?, ?, ?, 'ok')", (post_id, thread, position, text),
    )


def _found(connection: sqlite3.Connection, match: str) -> list[int]:
    return [row_id for row_id, in connection.execute("SELECT rowid FROM posts_fts WHERE posts_fts MATCH ? ORDER BY rowid", (match,))]


def _notes(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT kind, id, indexed, old_title, old_text FROM search_pending ORDER BY kind, id").fetchall()


@pytest.mark.parametrize("change", [
    pytest.param("UPDATE posts SET text = text, subject = subject", id="the same text again"),
    pytest.param("UPDATE posts SET position = position + 1 WHERE position > 1", id="floors renumbered behind the first"),
    pytest.param("UPDATE posts SET last_seen_at = '2025-01-01T00:00:00Z', html = '<b>x</b>', state = 'locked'", id="other columns"),
    pytest.param("UPDATE threads SET title = title, views = 7", id="a view counter"),
    pytest.param("UPDATE posts SET thread_id = 2 WHERE position = 3", id="a reply moved to another thread"),
])
def test_what_changes_no_words_is_not_indexed_again(change: str) -> None:
    archive = _archive()
    for position in (1, 2, 3):
        _post(archive, position, "电力", position=position)
    index_pending(archive)
    archive.execute(change)
    assert _notes(archive) == []
    assert not pending(archive)


def test_new_rows_are_noted_and_indexed_once() -> None:
    archive = _archive()
    _post(archive, 1, "缺电力")
    assert _found(archive, '"电 力"') == []
    assert pending(archive)
    assert index_pending(archive) == 3  # the post and two threads
    assert index_pending(archive) == 0
    assert _found(archive, '"电 力"') == [1]


def test_a_note_keeps_what_the_index_holds_however_often_the_row_changes() -> None:
    archive = _archive()
    _post(archive, 5, "一")
    index_pending(archive)
    archive.execute("UPDATE posts SET text = '二' WHERE id = 5")
    archive.execute("UPDATE posts SET text = '三' WHERE id = 5")
    archive.execute("DELETE FROM posts WHERE id = 5")
    _post(archive, 5, "四")
    assert _notes(archive) == [("post", 5, 1, None, "一")]
    index_pending(archive)
    assert [_found(archive, word) for word in "一二三四"] == [[], [], [], [5]]
    assert verify_index(archive) == []


def test_insert_or_replace_does_not_overwrite_a_note() -> None:
    """The conflict clause of an outer statement must not reach into the triggers."""
    archive = _archive()
    archive.execute("PRAGMA recursive_triggers = ON")
    _post(archive, 5, "一")
    index_pending(archive)
    archive.execute("UPDATE posts SET text = '二' WHERE id = 5")
    archive.execute("INSERT OR REPLACE INTO posts (id, site_id, thread_id, text, state) VALUES (5, 1, 1, '三', 'ok')")
    assert _notes(archive) == [("post", 5, 1, None, "一")]


def test_the_title_of_a_thread_finds_its_first_post_and_follows_changes() -> None:
    archive = _archive()
    _post(archive, 1, "正文", position=1)
    _post(archive, 2, "回复", position=2)
    index_pending(archive)
    assert _found(archive, '"旧 题"') == [1]
    archive.execute("UPDATE threads SET title = '新题' WHERE id = 1")
    index_pending(archive)
    assert (_found(archive, '"旧 题"'), _found(archive, '"新 题"')) == ([], [1])
    archive.execute("UPDATE posts SET position = 3 WHERE id = 1")  # an earlier post turned up: no longer the first
    index_pending(archive)
    assert _found(archive, '"新 题"') == []
    assert verify_index(archive) == []


def test_a_subject_equal_to_the_title_is_indexed_once() -> None:
    archive = _archive()
    archive.execute("INSERT INTO posts (id, site_id, thread_id, position, subject, state) VALUES (1, 1, 1, 1, '旧题', 'ok')")
    index_pending(archive)
    archive.execute("CREATE VIRTUAL TABLE temp.entries USING fts5vocab(main, posts_fts, instance)")
    assert archive.execute("SELECT count(*) FROM entries").fetchone() == (2,)


def test_threads_and_posts_may_go_in_any_order_within_a_transaction() -> None:
    archive = _archive()
    archive.execute("PRAGMA foreign_keys = ON")
    _post(archive, 1, "正文", position=1)
    index_pending(archive)
    archive.execute("BEGIN")
    archive.execute("PRAGMA defer_foreign_keys = ON")
    archive.execute("DELETE FROM threads WHERE id = 1")
    archive.execute("DELETE FROM posts WHERE id = 1")
    archive.execute("COMMIT")
    index_pending(archive)
    assert _found(archive, '"旧 题"') == []
    assert verify_index(archive) == []


def test_quoted_lines_are_left_out_of_posts_and_kept_in_documents() -> None:
    archive = _archive()
    _post(archive, 1, "> 引文\n答复")
    archive.execute("INSERT INTO sources (id, kind, status) VALUES (1, 'text', 'ok')")
    archive.execute("INSERT INTO documents (id, source_id, kind, text) VALUES (1, 1, 'text', '> 引文')")
    index_pending(archive)
    assert _found(archive, '"引 文"') == []
    assert archive.execute("SELECT rowid FROM documents_fts WHERE documents_fts MATCH '\"引 文\"'").fetchall() == [(1,)]


def test_work_is_done_in_batches_each_committed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A run killed while indexing is continued by the next one."""
    monkeypatch.setattr(search_index, "BATCH", 2)
    archive = _archive(tmp_path / "a.db")
    for post_id in range(1, 6):
        _post(archive, post_id, "电力")
    assert search_index._index_batch(archive, search_index.POST) == 2
    archive.close()
    again = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    assert len(_found(again, "电")) == 2
    assert verify_index(again) == []
    index_pending(again)
    assert len(_found(again, "电")) == 5


def test_inside_a_transaction_of_the_caller_nothing_is_committed() -> None:
    archive = _archive()
    archive.execute("BEGIN")
    _post(archive, 1, "电力")
    index_pending(archive)
    archive.execute("ROLLBACK")
    assert _found(archive, "电") == []
    assert verify_index(archive) == []


def test_an_index_of_older_words_is_built_anew() -> None:
    archive = _archive()
    _post(archive, 1, "电力")
    index_pending(archive)
    archive.execute("UPDATE meta SET value = '0' WHERE key = 'search_version'")
    archive.execute("INSERT INTO posts_fts (posts_fts, rowid, title, text) VALUES ('delete', 1, '', '电 力')")
    assert pending(archive)
    assert index_pending(archive) == 3
    assert _found(archive, "电") == [1]
    assert not pending(archive)


def test_a_rebuilt_index_is_in_step() -> None:
    archive = _archive()
    _post(archive, 1, "电力")
    assert rebuild_index(archive) == 3
    assert verify_index(archive) == []


_CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.integers(1, 4), st.sampled_from(["电力", "> 引\n电", "AI", None]), st.sampled_from([None, 1, 2])),
        st.tuples(st.just("text"), st.integers(1, 4), st.sampled_from(["电力不足", "力", None])),
        st.tuples(st.just("position"), st.integers(1, 4), st.sampled_from([None, 1, 2])),
        st.tuples(st.just("move"), st.integers(1, 4), st.integers(1, 2)),
        st.tuples(st.just("delete"), st.integers(1, 4)),
        st.tuples(st.just("title"), st.integers(1, 2), st.sampled_from(["新题", "AI 电力", None])),
        st.tuples(st.just("index")),
    ),
    max_size=25,
)
_STATEMENTS = {
    "text": "UPDATE posts SET text = ?2 WHERE id = ?1",
    "position": "UPDATE posts SET position = ?2 WHERE id = ?1",
    "move": "UPDATE posts SET thread_id = ?2 WHERE id = ?1",
    "delete": "DELETE FROM posts WHERE id = ?1",
    "title": "UPDATE threads SET title = ?2 WHERE id = ?1",
    "insert": "INSERT OR IGNORE INTO posts (id, site_id, thread_id, text, position, state) VALUES (?1, 1, 1, ?2, ?3, 'ok')",
}


@settings(deadline=None, max_examples=100)
@given(_CHANGES)
def test_the_index_is_in_step_after_any_changes_in_any_order(changes: list[tuple[object, ...]]) -> None:
    """Pending or not: at every moment the index holds exactly what the rows and the notes say."""
    archive = _archive()
    for name, *values in changes:
        if name == "index":
            index_pending(archive)
        else:
            archive.execute(_STATEMENTS[str(name)], values)
    assert verify_index(archive) == []
    index_pending(archive)
    assert verify_index(archive) == []
    assert _notes(archive) == []
    archive.close()
