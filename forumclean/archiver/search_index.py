"""Keeps the search index in step with the rows, and proves it.

What is due stands in ``search_pending`` (see ``search_schema``). Each batch is one transaction: the old words are given back, the new
ones fed, the notes deleted; a killed run loses at most one batch of work and nothing else.
"""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext
from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.connection import transaction
from forumclean.archiver.search_schema import INDEXES, TRIGGERS, VERSION, post_title
from forumclean.archiver.search_words import own_words, segment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

BATCH = 20_000
"""Rows a transaction: small ones make FTS5 merge more than it indexes (5.6 k rows/s by the thousand, 8.8 k in one go)."""

Row = tuple[int, str | None, str | None]
"""id, title, text of a row, as stored."""


class Kind(NamedTuple):
    """Something that can be found."""

    name: str
    """As in ``search_pending.kind``."""
    table: str
    columns: str
    """Of the index."""
    rows: str
    """SQL that gives id, title and text of its rows, the table named ``r``."""

    def feed(self, connection: sqlite3.Connection, rows: Iterable[Row], *, forget: bool = False) -> None:
        """Put rows into the index, or take them out of it: then ``rows`` must be what was put in."""
        command = f"{self.table}_fts, " if forget else ""
        value = "'delete', " if forget else ""
        places = ", ".join("?" for _ in self.columns.split(","))
        connection.executemany(
            f"INSERT INTO {self.table}_fts ({command}rowid, {self.columns}) VALUES ({value}?, {places})", map(self.words, rows),
        )

    def words(self, row: Row) -> tuple[int, *tuple[str, ...]]:
        """Return the id of a row and what its columns of the index take."""
        row_id, title, text = row
        if self.name == "thread":
            return row_id, segment(title)
        # "> " marks a quotation in posts only: a document is indexed whole
        return row_id, segment(title), segment(own_words(text) if self.name == "post" else text)


POST = Kind("post", "posts", "title, text", f"SELECT r.id, {post_title('r')}, r.text FROM posts AS r")
THREAD = Kind("thread", "threads", "title", "SELECT r.id, r.title, NULL FROM threads AS r")
DOCUMENT = Kind("document", "documents", "title, text", "SELECT r.id, r.title, r.text FROM documents AS r")
KINDS = (POST, THREAD, DOCUMENT)


def _transaction(connection: sqlite3.Connection) -> AbstractContextManager[None]:
    """Return a transaction of our own, unless the caller has one open already: then it is the caller's to commit."""
    return nullcontext() if connection.in_transaction else transaction(connection)


def pending(connection: sqlite3.Connection) -> bool:
    """Tell whether rows wait to be indexed, or the whole index does because its words are made in another way now."""
    return not _current(connection) or connection.execute("SELECT EXISTS (SELECT 1 FROM search_pending)").fetchone()[0] == 1


def _current(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM meta WHERE key = 'search_version' AND value = ?", (str(VERSION),)).fetchone() is not None


def index_pending(connection: sqlite3.Connection) -> int:
    """Index what is pending, in batches; returns the number of rows indexed or taken out.

    Commits after each batch unless a transaction is open. Raises ``sqlite3.OperationalError`` where the archive cannot be written.
    """
    if not _current(connection):
        _start_anew(connection)
    done = 0
    for kind in KINDS:
        while count := _index_batch(connection, kind):
            done += count
    return done


def _index_batch(connection: sqlite3.Connection, kind: Kind) -> int:
    batch = f"FROM search_pending AS s WHERE s.kind = '{kind.name}'"
    if connection.execute(f"SELECT 1 {batch} LIMIT 1").fetchone() is None:
        return 0  # without asking for the write lock
    with _transaction(connection):
        last, = connection.execute(f"SELECT max(id) FROM (SELECT s.id {batch} ORDER BY s.id LIMIT {BATCH})").fetchone()
        held = connection.execute(f"SELECT s.id, s.old_title, s.old_text {batch} AND s.id <= ? AND s.indexed", (last,))
        kind.feed(connection, held, forget=True)
        due = connection.execute(f"{kind.rows} WHERE r.id IN (SELECT s.id {batch} AND s.id <= ?)", (last,))
        kind.feed(connection, due)
        return connection.execute("DELETE FROM search_pending WHERE kind = ? AND id <= ?", (kind.name, last)).rowcount


def rebuild_index(connection: sqlite3.Connection) -> int:
    """Throw the index away and build it from the rows; returns their number. Also repairs missing triggers.

    Interrupted, it is completed by the next ``index_pending``.
    """
    with _transaction(connection):
        _start_anew(connection)
    done = index_pending(connection)
    with _transaction(connection):
        for kind in KINDS:
            connection.execute(f"INSERT INTO {kind.table}_fts ({kind.table}_fts) VALUES ('optimize')")
    return done


def _start_anew(connection: sqlite3.Connection) -> None:
    with _transaction(connection):
        for kind in KINDS:
            connection.execute(f"DROP TABLE IF EXISTS {kind.table}_fts")
        for statement in INDEXES:
            connection.execute(statement)
        for statement in TRIGGERS:
            connection.execute(f"DROP TRIGGER IF EXISTS {statement.split()[2]}")
            connection.execute(statement)
        connection.execute("DELETE FROM search_pending")
        for kind in KINDS:
            connection.execute(f"INSERT INTO search_pending (kind, id, indexed) SELECT '{kind.name}', id, 0 FROM {kind.table}")
        connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('search_version', ?)", (str(VERSION),))


def new_index() -> sqlite3.Connection:
    """Return an empty index of its own, on disk only if it grows large; to look through rows that the archive's index lacks."""
    connection = sqlite3.connect("")
    for statement in INDEXES:
        connection.execute(statement)
    return connection
