"""Which containers were read to their end: as long as the file has the same size and time, none of its members is looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forumclean import settings
from forumclean.archiver.connection import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from forumclean.records import Ref


def members_read(connection: sqlite3.Connection, ref: Ref) -> int | None:
    """How many documents a container holds that was read to its end by this version when its file had this size and time, else ``None``."""
    row = connection.execute(
        "SELECT members FROM containers WHERE place = ? AND size = ? AND mtime_ns = ? AND reader = ?",
        (ref.place, ref.size, ref.mtime_ns, settings.READER)).fetchone()
    return None if row is None else int(row[0])


def record(connection: sqlite3.Connection, found: Iterable[tuple[Ref, int]]) -> None:
    """Note containers whose members are all stored, with the number of these."""
    with transaction(connection):
        connection.executemany(
            "INSERT OR REPLACE INTO containers (place, size, mtime_ns, reader, members) VALUES (?, ?, ?, ?, ?)",
            [(ref.place, ref.size, ref.mtime_ns, settings.READER, members) for ref, members in found if ref.place is not None])
