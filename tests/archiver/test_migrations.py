"""The schema is made and changed in named steps, each all or nothing."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from forumclean.archiver import migrations
from forumclean.archiver.archive import Archive
from forumclean.archiver.migrations import STEPS, Step, make, migrate, refresh_views, state
from forumclean.archiver.schema import FIRST_SCHEMA
from forumclean.errors import NotOursError

if TYPE_CHECKING:
    from pathlib import Path


def add_table(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE later (id INTEGER PRIMARY KEY)")


def fail_half_way(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE half (id INTEGER PRIMARY KEY)")
    raise RuntimeError("no further")


@pytest.fixture
def connection(tmp_path: Path) -> sqlite3.Connection:
    made = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    yield made
    made.close()


def test_a_second_migration_does_nothing(connection: sqlite3.Connection) -> None:
    """An up-to-date archive is left as it is."""
    assert migrate(connection, "a.db") == [step.name for step in STEPS]
    before = connection.execute("SELECT * FROM sqlite_master").fetchall()
    assert migrate(connection, "a.db") == []
    assert connection.execute("SELECT * FROM sqlite_master").fetchall() == before
    assert [row[0] for row in connection.execute("SELECT name FROM migrations ORDER BY id")] == [step.name for step in STEPS]


def described(connection: sqlite3.Connection) -> dict[str, object]:
    """All that a schema says, column by column: SQLite writes changed tables down in its own way."""
    found: dict[str, object] = {}
    for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall():
        pragmas = {"table": ("table_xinfo", "foreign_key_list", "index_list"), "index": ("index_xinfo",)}.get(kind, ())
        facts = [connection.execute(f'PRAGMA {pragma}("{name}")').fetchall() for pragma in pragmas]
        if kind == "table":
            facts[2] = sorted(row[1:] for row in facts[2])  # not in the order they were made in
        found[name] = (kind, facts, None if kind == "table" else sql)
    return found


def test_a_new_archive_is_made_as_all_steps_would_make_it(connection: sqlite3.Connection) -> None:
    """At once, and as one that needs no step."""
    make(connection)
    stepwise = sqlite3.connect(":memory:", isolation_level=None)
    migrate(stepwise, "b.db")
    assert described(connection) == described(stepwise)
    assert migrate(connection, "a.db") == []
    for query in ("PRAGMA user_version", "PRAGMA application_id", "SELECT id, migration_set, name FROM migrations", "SELECT * FROM meta", "SELECT * FROM posts_fts_config"):
        assert connection.execute(query).fetchall() == stepwise.execute(query).fetchall(), query
    stepwise.close()


def test_a_new_archive_takes_later_steps(connection: sqlite3.Connection) -> None:
    """What it says was applied is read by who applies the next."""
    make(connection)
    assert migrate(connection, "a.db", (*STEPS, Step("later", add_table))) == ["later"]


def test_an_older_archive_gets_what_it_lacks(connection: sqlite3.Connection) -> None:
    """Only the missing steps run, and are recorded."""
    migrate(connection, "a.db")
    assert migrate(connection, "a.db", (*STEPS, Step("later", add_table))) == ["later"]
    assert state(connection, "a.db", (*STEPS, Step("later", add_table))) == len(STEPS) + 1
    assert connection.execute("SELECT count(*) FROM later").fetchone() == (0,)


def test_a_newer_archive_is_refused(connection: sqlite3.Connection) -> None:
    """What a newer version wrote, an older one must not touch."""
    migrate(connection, "a.db", (*STEPS, Step("later", add_table)))
    with pytest.raises(NotOursError, match="update forumclean"):
        state(connection, "a.db")


def test_a_step_that_fails_leaves_no_trace(connection: sqlite3.Connection) -> None:
    """Neither tables nor the record of it; what was there before stays."""
    migrate(connection, "a.db")
    with pytest.raises(RuntimeError):
        migrate(connection, "a.db", (*STEPS, Step("half", fail_half_way)))
    assert state(connection, "a.db") == len(STEPS)
    assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'half'").fetchone() is None


def test_an_archive_whose_making_fails_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No half file that the next run would stumble over."""
    monkeypatch.setattr(migrations, "PRESENT_SCHEMA", ("CREATE TABLE half (id INTEGER PRIMARY KEY)", "CREATE TABLE half (id INTEGER)"))
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        Archive.open(tmp_path / "a.db")
    assert list(tmp_path.iterdir()) == []


def test_views_follow_the_version(connection: sqlite3.Connection) -> None:
    """A view of an older version is replaced without a step: it holds no data."""
    migrate(connection, "a.db")
    assert not refresh_views(connection)
    connection.execute("DROP VIEW coverage")
    connection.execute("CREATE VIEW coverage AS SELECT 1 AS old")
    assert refresh_views(connection)
    assert connection.execute("SELECT * FROM coverage").fetchall() == []


def test_every_reference_can_be_followed(connection: sqlite3.Connection) -> None:
    """Foreign keys name tables and columns that exist, and deleting a row they point at never searches a whole table of posts."""
    for statement in FIRST_SCHEMA:
        connection.execute(statement)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'")]
    for table in tables:
        for _, _, parent, column, to, *_ in connection.execute(f"PRAGMA foreign_key_list({table})"):
            assert to in [row[1] for row in connection.execute(f"PRAGMA table_info({parent})")], (table, column)
            if parent in {"posts", "revisions", "sightings", "threads", "users"}:
                plan = connection.execute(f'EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE "{column}" = 1').fetchall()
                assert "SEARCH" in plan[0][3], f"{table}.{column} has no index"
