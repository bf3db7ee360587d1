"""Proof that the search index holds the words of the rows: all of them, in their places, and no others."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from forumclean.archiver.search_index import KINDS, Kind, Row
from forumclean.archiver.search_schema import TRIGGERS
from forumclean.archiver.search_words import held

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN = 5
"""Ids named in a message."""


def verify_index(connection: sqlite3.Connection, *, deep: bool = True) -> list[str]:
    """Return what is wrong with the index, one line each; empty when it is in step. Writes nothing but temporary tables.

    Rows that are pending are expected to be in the index as their note says. ``deep`` compares every word and its place, which
    takes longer than building the index; without it only the rows are compared.
    """
    wrong = _triggers(connection)
    for kind in KINDS:
        try:
            lines = _rows(connection, kind)
            if deep and not lines:
                lines = _words(connection, kind)
        except sqlite3.DatabaseError as error:
            lines = [f"{kind.table}_fts cannot be read: {error}"]
        wrong += lines
    return wrong


def _triggers(connection: sqlite3.Connection) -> list[str]:
    there = {sql for sql, in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")}
    return [f"trigger {statement.split()[2]} is missing or changed: the search index may miss changes" for statement in TRIGGERS
            if statement not in there]


def _rows(connection: sqlite3.Connection, kind: Kind) -> list[str]:
    """Compare the rows the index knows with those it should know."""
    indexed = f"SELECT id FROM {kind.table}_fts_docsize"
    due = (
        f"SELECT id FROM {kind.table} WHERE id NOT IN (SELECT id FROM search_pending WHERE kind = '{kind.name}')"
        f" UNION ALL SELECT id FROM search_pending WHERE kind = '{kind.name}' AND indexed"
    )
    lines = []
    for what, sql in ("lacks", f"{due} EXCEPT {indexed}"), ("holds rows that are gone:", f"{indexed} EXCEPT SELECT id FROM ({due})"):
        ids = [str(row_id) for row_id, in connection.execute(sql)]
        if ids:
            lines.append(f"{kind.table}_fts {what} {len(ids):,} {kind.table} ({', '.join(ids[:_SHOWN])}{', …' if len(ids) > _SHOWN else ''})")
    return lines


def _words(connection: sqlite3.Connection, kind: Kind) -> list[str]:
    """Compare all entries of the index with the words of the rows, as sums of hashes: they come in different orders.

    The hashes are of strings: Python's hash of a tuple is so nearly linear that in a sum two exchanged words can cancel out.
    """
    connection.execute(f"CREATE VIRTUAL TABLE temp.{kind.table}_words USING fts5vocab(main, {kind.table}_fts, instance)")
    try:
        held = sum(hash(entry) for entry, in connection.execute(f"SELECT term || ' ' || doc || ' ' || col || ' ' || \"offset\" FROM temp.{kind.table}_words"))
        if held == sum(map(hash, _entries(connection, kind))):
            return []
        count, = connection.execute(f"SELECT count(*) FROM temp.{kind.table}_words").fetchone()
    finally:
        connection.execute(f"DROP TABLE temp.{kind.table}_words")
    expected = sum(1 for _ in _entries(connection, kind))
    return [f"{kind.table}_fts does not hold the words of the {kind.table} ({count:,} in the index, {expected:,} expected)"]


def _entries(connection: sqlite3.Connection, kind: Kind) -> Iterator[str]:
    """Give "word id column place" of every word that the index should hold."""
    columns = kind.columns.split(", ")
    for row in _expected(connection, kind):
        row_id, *texts = kind.words(row)
        for column, text in zip(columns, texts, strict=True):
            for place, word in enumerate(held(text)):
                yield f"{word} {row_id} {column} {place}"


def _expected(connection: sqlite3.Connection, kind: Kind) -> Iterator[Row]:
    notes = f"FROM search_pending WHERE kind = '{kind.name}'"
    yield from connection.execute(f"{kind.rows} WHERE r.id NOT IN (SELECT id {notes})")
    yield from connection.execute(f"SELECT id, old_title, old_text {notes} AND indexed")
