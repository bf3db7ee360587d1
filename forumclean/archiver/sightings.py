"""Rows of ``sightings``, ``revisions`` and ``user_stats`` for the posts of a page.

Whose post a text is, is settle's business. So a sighting is stored with a revision of nobody (``revisions.post_id`` NULL), unless the
archive already has this very text for a post with this pid: then it points there and no text is stored twice. HTML goes to the revision, the
best of equal contents once; that of a sighting without a pid stays with the sighting, because it may turn out to be another post's.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from forumclean.archiver import rows
from forumclean.archiver.connection import sound, write
from forumclean.archiver.ranks import VIEW_RANK

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from forumclean.archiver.sources import Source
    from forumclean.records import Batch, SeenPost

_INSERT = (
    f"INSERT INTO sightings (source_id, ordinal, captured_at, post_id, revision_id, html, {rows.SIGHTING_COLUMNS})"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class SightingWriter:
    """Writes the posts of one document, batch by batch."""

    def __init__(self, connection: sqlite3.Connection, source: Source) -> None:
        """Take out what an earlier reading of the document had stored."""
        self.connection = connection
        self.source = source
        self.counts: Counter[str] = Counter()
        self.posts: dict[int, int | None] = {}
        """Ordinal → post of an earlier reading of the same document: a hint that keeps ``posts.id`` stable."""
        if source.digest is not None:
            self._take_out()

    def _take_out(self) -> None:
        key = (self.source.id,)
        self.posts = dict(self.connection.execute("SELECT ordinal, post_id FROM sightings WHERE source_id = ?", key))
        self.connection.execute("DELETE FROM user_stats WHERE sighting_id IN (SELECT id FROM sightings WHERE source_id = ?)", key)
        self.connection.execute("DELETE FROM sightings WHERE source_id = ?", key)

    def insert(self, batch: Batch, number: int | None, digest: Callable[[tuple[Any, ...]], None]) -> None:
        """Store the posts of one batch; ``digest`` is told every row. ``number``: of the page in its thread."""
        stats: list[tuple[int | None, str, Any]] = []
        for seen in batch.posts:
            ordinal = seen.post.ordinal
            row = rows.sighting_row(seen, batch.page, number)
            digest((ordinal, *row, seen.content_hash, seen.html, tuple(seen.post.stats.items())))
            revision_id = None if seen.text is None else self._revision(seen, row[0], batch.page.view)
            html = seen.html if row[0] is None else None
            cursor = write(
                self.connection, _INSERT,
                (self.source.id, ordinal, self.source.captured_at, self.posts.get(ordinal), revision_id, html, *row))
            for name, value in seen.post.stats.items():
                stats.append((cursor.lastrowid, name, sound(value)))
        self.connection.executemany("INSERT INTO user_stats (sighting_id, name, value) VALUES (?, ?, ?)", stats)
        self.counts["sightings"] += len(batch.posts)
        self.counts["user_stats"] += len(stats)

    def _revision(self, seen: SeenPost, pid: int | None, view: str) -> int:
        """A revision with this text: the post's own where it is known by its pid, else a new one of nobody."""
        key = html = None
        if pid is not None:
            if seen.html is not None:
                html = seen.html
                key = rows.html_key(VIEW_RANK.get(view, 0), self.source.sha256, seen.post.ordinal)
            found = self.connection.execute(
                "SELECT r.id, r.html_key, r.html FROM posts AS p JOIN revisions AS r ON r.post_id = p.id"
                " WHERE p.site_id = ? AND p.pid = ? AND r.content_hash = ?",
                (self.source.site_id, pid, seen.content_hash),
            ).fetchone()
            if found is not None and (key is None or (found[1] is not None and (found[1] < key or found[1:] == (key, html)))):
                return int(found[0])
        self.counts["revisions"] += 1
        cursor = write(
            self.connection, "INSERT INTO revisions (content_hash, html_key, text, html) VALUES (?, ?, ?, ?)",
            (seen.content_hash, key, seen.text, html),
        )
        return int(cursor.lastrowid or 0)
