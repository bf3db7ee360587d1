"""Rows of ``sightings``, ``revisions`` and ``user_stats`` for the posts of a page.

Whose post a text is, is settle's business. So a sighting is stored with a revision of nobody (``revisions.post_id`` NULL), unless the
archive already has this very text for a post with this pid: then it points there and no text is stored twice. HTML goes to the revision, the
best of equal contents once; that of a sighting without a pid stays with the sighting, because it may turn out to be another post's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forumclean.archiver import rows
from forumclean.archiver.connection import marks, next_id, sets
from forumclean.archiver.ranks import VIEW_RANK

if TYPE_CHECKING:
    import sqlite3
    from collections import Counter
    from collections.abc import Sequence

    from forumclean.archiver.digest import Digest
    from forumclean.archiver.sources import Source
    from forumclean.archiver.waiting import Waiting
    from forumclean.records import Batch, SeenPost


class Numbers:
    """The next free ids of ``sources``, ``sightings`` and ``revisions``, kept through a transaction: rows are written many at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Ask the archive."""
        self.source = next_id(connection, "sources")
        self.sighting = next_id(connection, "sightings")
        self.revision = next_id(connection, "revisions")

    def take_back(self, writer: SightingWriter) -> None:
        """What a document was given is free again: its rows were undone."""
        self.sighting, self.revision = writer.first_numbers


class SightingWriter:
    """Writes the posts of one document, batch by batch."""

    def __init__(self, waiting: Waiting, source: Source, numbers: Numbers) -> None:
        """Take out what an earlier reading of the document had stored."""
        self.connection = waiting.connection
        self.waiting = waiting
        self.source = source
        self.numbers = numbers
        self.first_numbers = (numbers.sighting, numbers.revision)
        self.posts: dict[int, int | None] = {}
        """Ordinal → post of an earlier reading of the same document: a hint that keeps ``posts.id`` stable."""
        if source.digest is not None:
            self._take_out()

    def _take_out(self) -> None:
        key = (self.source.id,)
        self.posts = dict(self.connection.execute("SELECT ordinal, post_id FROM sightings WHERE source_id = ?", key))
        self.connection.execute("DELETE FROM user_stats WHERE sighting_id IN (SELECT id FROM sightings WHERE source_id = ?)", key)
        self.connection.execute("DELETE FROM sightings WHERE source_id = ?", key)

    def insert(self, batch: Batch, number: int | None, digest: Digest, counts: Counter[str]) -> None:
        """Store the posts of one batch; ``digest`` is told of every row, ``counts`` of their numbers. ``number``: of the page in its thread."""
        source, page, numbers = self.source, batch.page, self.numbers
        known = self._known([seen.post.pid for seen in batch.posts if seen.post.pid is not None])
        revisions: list[tuple[Any, ...]] = []
        sightings: list[tuple[Any, ...]] = []
        stats: list[tuple[int, str, Any]] = []
        for seen in batch.posts:
            ordinal, figures = seen.post.ordinal, seen.post.stats
            row = rows.sighting_row(seen, page, number)
            digest.read((ordinal, *row[:-2], seen.html, tuple(figures.items())))
            if seen.text is not None:
                digest.scrubbed((ordinal, seen.content_hash, *row[-2:]))
            revision_id = None if seen.text is None else self._revision(seen, row[0], page.view, known, revisions)
            html = seen.html if row[0] is None else None
            signer = rows.signer(seen, page.view)
            sightings.append((numbers.sighting, source.id, ordinal, source.captured_at, self.posts.get(ordinal), revision_id, html, signer, *row))
            if figures:
                stats += [(numbers.sighting, name, value) for name, value in figures.items()]
            numbers.sighting += 1
        for table, some in (("revisions", revisions), ("sightings", sightings), ("user_stats", stats)):
            self.waiting.add(table, some)
            counts[table] += len(some)

    def _known(self, pids: Sequence[int]) -> dict[tuple[int, str], tuple[int, str | None]]:
        """The texts that the archive has for posts with these numbers: pid and content hash → id and ``html_key`` of the revision."""
        found: dict[tuple[int, str], tuple[int, str | None]] = {}
        for some in sets([pid for pid in pids if rows.whole(pid) is not None]):
            for pid, content_hash, revision_id, key in self.connection.execute(
                "SELECT p.pid, r.content_hash, r.id, r.html_key FROM posts AS p JOIN revisions AS r ON r.post_id = p.id"
                f" WHERE p.site_id = ? AND p.pid IN ({marks(some)})", (self.source.site_id, *some)):
                found[pid, content_hash] = (revision_id, key)
        return found

    def _revision(
        self, seen: SeenPost, pid: int | None, view: str, known: dict[tuple[int, str], tuple[int, str | None]], new: list[tuple[Any, ...]],
    ) -> int:
        """A revision with this text: the post's own where it is known by its pid, else a new one of nobody."""
        key = html = None
        if pid is not None:
            if seen.html is not None:
                html = seen.html
                key = rows.html_key(VIEW_RANK.get(view, 0), self.source.sha256, seen.post.ordinal)
            found = known.get((pid, seen.content_hash or ""))
            if found is not None and (key is None or (found[1] is not None and (found[1] < key or (found[1] == key and self._html(found[0]) == html)))):
                return found[0]
        revision_id = self.numbers.revision
        self.numbers.revision += 1
        new.append((revision_id, seen.content_hash, key, seen.text, html))
        return revision_id

    def _html(self, revision_id: int) -> str | None:
        (html,) = self.connection.execute("SELECT html FROM revisions WHERE id = ?", (revision_id,)).fetchone()
        return html if html is None else str(html)
