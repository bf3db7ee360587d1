"""Which containers were read to their end: as long as the file has the same size and time, none of its members is looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forumclean import settings
from forumclean.archiver.connection import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from forumclean.records import Ref


AT_ONCE = 250
"""Places looked for in one query."""


def members_read(connection: sqlite3.Connection, refs: Sequence[Ref]) -> list[int | None]:
    """How many documents each of some containers holds that was read to its end by this version when its file had this size and time, else ``None``."""
    known: dict[tuple[str | None, int | None, int | None], int] = {}
    for start in range(0, len(refs), AT_ONCE):
        some = refs[start : start + AT_ONCE]
        for *place, members in connection.execute(
            f"SELECT place, size, mtime_ns, members FROM containers WHERE place IN ({', '.join('?' * len(some))}) AND reader = ?",
            [*(ref.place for ref in some), settings.READER]):
            known[tuple(place)] = members
    return [known.get((ref.place, ref.size, ref.mtime_ns)) for ref in refs]


def record(connection: sqlite3.Connection, found: Iterable[tuple[Ref, int]]) -> None:
    """Note containers whose members are all stored, with the number of these."""
    with transaction(connection):
        connection.executemany(
            "INSERT OR REPLACE INTO containers (place, size, mtime_ns, reader, members) VALUES (?, ?, ?, ?, ?)",
            [(ref.place, ref.size, ref.mtime_ns, settings.READER, members) for ref, members in found if ref.place is not None])
