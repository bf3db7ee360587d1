"""Rows on their way into the archive: those of many documents are written table by table, which takes less time than page by page.

Only tables that nobody asks before the end of the transaction, but of documents that were there before: ``write`` first.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from forumclean.archiver import rows
from forumclean.archiver.connection import write_many

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

AT_ONCE = 4000
"""Rows that wait at most, and those of one batch."""
Row = tuple[Any, ...]

_COLUMNS = {
    "thread_sightings": f"source_id, ordinal, {rows.THREAD_COLUMNS}",
    "revisions": "id, content_hash, html_key, text, html",
    "sightings": f"id, source_id, ordinal, captured_at, post_id, revision_id, html, signer, {rows.SIGHTING_COLUMNS}",
    "user_stats": "sighting_id, name, value",
    "config_sightings": "source_id, ordinal, config_id",
    "forum_sightings": "source_id, site_id, ordinal, fid, fields",
    "issues": f"source_id, run_id, {rows.ISSUE_COLUMNS}",
    "unsettled": "source_id",
}
"""What a row consists of, by table, in the order in which the tables are written: what is referred to goes first."""
_INSERTS = {
    table: f"INSERT{' OR IGNORE' * (table == 'unsettled')} INTO {table} ({columns}) VALUES ({', '.join('?' * len(columns.split(', ')))})"
    for table, columns in _COLUMNS.items()
}


class Waiting:
    """Rows that wait, within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """None yet."""
        self.connection = connection
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        self._count = 0

    def add(self, table: str, some: Collection[Row]) -> None:
        """Rows of a table, in the order in which they are to be written."""
        self._rows[table].extend(some)
        self._count += len(some)

    @property
    def is_full(self) -> bool:
        """Whether it is time to write."""
        return self._count >= AT_ONCE

    def write(self) -> None:
        """Write all."""
        for table, statement in _INSERTS.items():
            if some := self._rows.pop(table, None):
                write_many(self.connection, statement, some)
        self._count = 0

    def drop(self) -> None:
        """Forget what is waiting."""
        self._rows.clear()
        self._count = 0
