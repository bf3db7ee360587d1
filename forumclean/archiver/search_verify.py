"""Proof that the search index holds the words of the rows: all of them, in their places, and no others."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

from forumclean.archiver.search_index import KINDS, Kind, Row, new_index
from forumclean.archiver.search_schema import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

_BATCH = 5_000
"""Rows whose words are worked out at a time."""
_SHOWN = 5
"""Ids named in a message."""


def verify_index(connection: sqlite3.Connection, *, deep: bool = True) -> list[str]:
    """Return what is wrong with the index, one line each; empty when it is in step. Writes nothing but temporary tables.

    Rows that are pending are expected to be in the index as their note says. ``deep`` compares every word and its place, which
    takes about as long as building the index; without it only the rows are compared.
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
    """Compare every entry of the index with those that a fresh index of the same rows has."""
    held = _digest(connection, kind)
    expected = (0, 0)
    rows = _expected(connection, kind)
    with closing(new_index()) as fresh:
        while batch := list(islice(rows, _BATCH)):
            kind.feed(fresh, batch)
            count, total = _digest(fresh, kind)
            expected = expected[0] + count, expected[1] + total
            fresh.execute(f"INSERT INTO {kind.table}_fts ({kind.table}_fts) VALUES ('delete-all')")
    if held == expected:
        return []
    return [f"{kind.table}_fts does not hold the words of the {kind.table} ({held[0]:,} in the index, {expected[0]:,} expected)"]


def _digest(connection: sqlite3.Connection, kind: Kind) -> tuple[int, int]:
    """Return number and sum of hashes of all (word, row, column, place) of an index, whatever their order."""
    connection.execute(f"CREATE VIRTUAL TABLE temp.{kind.table}_words USING fts5vocab(main, {kind.table}_fts, instance)")
    count = total = 0
    try:
        for entry in connection.execute(f'SELECT term, doc, col, "offset" FROM temp.{kind.table}_words'):
            count += 1
            total += hash(entry)
    finally:
        connection.execute(f"DROP TABLE temp.{kind.table}_words")
    return count, total


def _expected(connection: sqlite3.Connection, kind: Kind) -> Iterator[Row]:
    notes = f"FROM search_pending WHERE kind = '{kind.name}'"
    yield from connection.execute(f"{kind.rows} WHERE r.id NOT IN (SELECT id {notes})")
    yield from connection.execute(f"SELECT id, old_title, old_text {notes} AND indexed")
