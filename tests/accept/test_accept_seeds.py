"""What the five seeds must give, through the command itself."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HOURS = [(4222, 33), (13541, 68), (19466, 61), (37, 15), (10325, 37), (9012, 20), (2976, 41), (66, 18), (184, 24)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


@pytest.fixture(scope="module")
def archive(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    """The seeds, ingested by a real process."""
    path = tmp_path_factory.mktemp("seeds") / "s.db"
    done = subprocess.run([sys.executable, "-m", "forumclean", "ingest", path, shared / "seeds"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return sqlite3.connect(path)


def one(archive: sqlite3.Connection, sql: str, *values: Any) -> Any:
    """The only row of a query; a bare value if it has one column."""
    rows = archive.execute(sql, values).fetchall()
    assert len(rows) == 1, rows
    return rows[0][0] if len(rows[0]) == 1 else rows[0]


def test_the_forum_is_read_from_its_config_block(archive: sqlite3.Connection) -> None:
    """Counters, names and the last post of the printed forum row are the forum's."""
    assert one(archive, "SELECT fid, name, parent_fid, jammer, threads_count, posts_count FROM forums") == (
        6974, "虚拟币讨论大厅", 6729, 1, 28902, 471552,
    )
    assert "实习版主1" in one(archive, "SELECT moderators FROM forums")
    assert one(archive, "SELECT last_post_tid, last_post_author, last_post_at FROM forums") == (2784894, "rainwang", "2025-11-27T06:37:34Z")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("creditspolicy.post.rewardnum", "5"),
        ("creditspolicy.reply.extcredits3", "10"),
        ("threadtypes.types.1603", "虚拟币交流"),
        ("jammer", "1"),
        ("extra.iconwidth", "60"),
    ],
)
def test_settings_are_leaves(archive: sqlite3.Connection, path: str, value: str) -> None:
    """A printed or decoded value is found under its dotted path."""
    assert one(archive, "SELECT value FROM forum_settings WHERE path = ?", path) == value


def test_every_leaf_is_kept(archive: sqlite3.Connection) -> None:
    """98 top-level settings, 177 printed leaves, 13 thread types, and the serialized values decoded."""
    printed = "SELECT count(*) FROM forum_settings WHERE NOT decoded"
    assert one(archive, f"{printed} AND value_type <> 'array'") == 177
    paths = [path for path, in archive.execute("SELECT path FROM forum_settings WHERE NOT decoded")]
    assert len({path.split(".")[0] for path in paths}) == 98
    assert len([path for path in paths if path.startswith("threadtypes.types.")]) == 13
    assert one(archive, "SELECT count(*) FROM forum_settings WHERE decoded AND path LIKE 'formulaperm.%'") == 5


def test_the_body_is_restored(archive: sqlite3.Connection, shared: Path) -> None:
    """The first post equals the text its author wrote, line for line."""
    text = one(archive, "SELECT text FROM posts WHERE position = 1")
    assert _lines(text) == _lines((shared / "seeds-expected/001_body.txt").read_text("utf-8"))
    assert len(_lines(text)) == 111


def test_lost_posts_are_kept(archive: sqlite3.Connection) -> None:
    """Posts whose text the extractor lost are rows with state missing; the thread has no title, and none is invented."""
    rows = archive.execute("SELECT position, state, text IS NULL FROM posts ORDER BY position").fetchall()
    assert rows == [(1, "ok", 0)] + [(position, "missing", 1) for position in range(2, 10)]
    assert one(archive, "SELECT title FROM threads") is None
    assert "2025 年年末" in one(archive, "SELECT title FROM threads_overview")


def test_panel_figures(archive: sqlite3.Connection) -> None:
    """Hours online, in total and this month, nine authors whose names the text does not hold."""
    got = archive.execute(
        "SELECT s.ordinal, u.name, u.value, u.user_id FROM user_stats u JOIN sightings s ON s.id = u.sighting_id ORDER BY s.ordinal",
    ).fetchall()
    assert {user for *_, user in got} == {None}
    figures = {(ordinal, name): int(value) for ordinal, name, value, _ in got}
    assert [(figures[n, "total_online_hours"], figures[n, "month_online_hours"]) for n in range(1, 10)] == HOURS
    assert len(figures) == 18


@pytest.mark.parametrize(
    ("start", "row"),
    [
        ("000", ("1121tech", None, None, "2025-12-22T14:20:48Z")),
        ("002", ("DeepSeek,被打脸的到底是谁?", None, None, None)),
        ("003", ("字节跳动千亿豪赌AI芯片:140亿美元背后的算力战争与行业变局", None, None, None)),
        ("004", ("为什么说deepseek的出世揭开了资本主义的画皮", "锁定坚强", "为什么会这样啊", "2025-02-01T15:12:00Z")),
    ],
)
def test_articles_are_documents(archive: sqlite3.Connection, shared: Path, start: str, row: tuple[Any, ...]) -> None:
    """What is no forum page is a document with title, author, source and date where the text states them, and its whole text."""
    got = one(
        archive, "SELECT d.title, d.author, d.publisher, d.published_at, d.text FROM documents d"
        " JOIN source_paths p ON p.source_id = d.source_id WHERE p.path LIKE ?", f"{start}%",
    )
    assert got[:4] == row
    source, = (shared / "seeds").glob(f"{start}*")
    assert _lines(got[4]) == _lines(source.read_text("utf-8"))


@pytest.mark.parametrize("query", ["电力", "H100", "算力 电力", "比特大陆", "画皮"])
def test_search_finds_them(archive: sqlite3.Connection, query: str) -> None:
    """Chinese words of two characters, Latin words and several words at once are found."""
    path = archive.execute("PRAGMA database_list").fetchone()[2]
    done = subprocess.run([sys.executable, "-m", "forumclean", "search", path, query], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_again_changes_nothing(archive: sqlite3.Connection, shared: Path) -> None:
    """A second run over the same folder says so and leaves every table but the run log as it was."""
    path = archive.execute("PRAGMA database_list").fetchone()[2]
    tables = [name for name, in archive.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'")]
    before = {table: archive.execute(f"SELECT * FROM {table}").fetchall() for table in tables if table not in {"runs", "sqlite_sequence"}}
    done = subprocess.run([sys.executable, "-m", "forumclean", "ingest", path, shared / "seeds"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "nothing new" in done.stdout
    assert before == {table: archive.execute(f"SELECT * FROM {table}").fetchall() for table in before}
