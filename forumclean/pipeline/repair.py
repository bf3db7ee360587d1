"""Builds again what is derived, where something that is not ours has changed it: ``forumclean verify --repair``.

What was seen (sources, sightings, revisions) is the truth and is not touched, but for links that lead nowhere. What is derived is made of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forumclean.archiver.connection import explained, transaction
from forumclean.archiver.search import rebuild_index
from forumclean.pipeline.settle import settle

if TYPE_CHECKING:
    import sqlite3

    from forumclean.archiver.archive import Archive

_DERIVED = frozenset({"quotes", "attachments", "comments", "ratings", "signatures", "user_names", "forum_settings", "posts"})
"""Tables whose rows are nothing without what they refer to."""


def repair(archive: Archive) -> None:
    """Cut links that lead nowhere, give posts the texts of their revisions, settle everything, index everything.

    Raises ``ArchiveError`` where the archive cannot be written or the file itself is damaged.
    """
    with explained(archive.path):
        with transaction(archive.connection):
            _cut_links(archive.connection)
            archive.connection.execute(
                "UPDATE posts SET (text, html) = (SELECT r.text, r.html FROM revisions AS r WHERE r.id = posts.revision_id)"
                " WHERE id IN (SELECT p.id FROM posts AS p LEFT JOIN revisions AS r ON r.id = p.revision_id"
                " WHERE p.text IS NOT r.text OR p.html IS NOT r.html)")
        settle(archive, everything=True)
        rebuild_index(archive.connection)


def _cut_links(connection: sqlite3.Connection) -> None:
    """Rows that hang on a missing row go if they are derived; elsewhere the link becomes unknown, for settle to find again."""
    for table, rowid, _, number in connection.execute("PRAGMA foreign_key_check").fetchall():
        if rowid is None:  # a table without rowids: user_stats, whose links settle finds again
            continue
        _, _, _, column, _, *_ = next(row for row in connection.execute(f"PRAGMA foreign_key_list({table})") if row[0] == number)
        optional = not any(row[1] == column and row[3] for row in connection.execute(f"PRAGMA table_info({table})"))
        if optional:
            connection.execute(f'UPDATE {table} SET "{column}" = NULL WHERE rowid = ?', (rowid,))
        elif table in _DERIVED:
            connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))
