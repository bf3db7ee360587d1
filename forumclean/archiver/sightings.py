"""Rows of ``sightings``, ``revisions`` and ``user_stats`` for the posts of a page.

Whose post a text is, is settle's business. So a sighting is stored with a revision of nobody (``revisions.post_id`` NULL), unless the
archive already has this very text for a post with this pid: then it points there and no text is stored twice. HTML goes to the revision, the
best of equal contents once; that of a sighting without a pid stays with the sighting, because it may turn out to be another post's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forumclean.archiver.connection import marks, next_id, sets
from forumclean.archiver.waiting import NOBODY, RevisionRow, SightingRow

if TYPE_CHECKING:
    import sqlite3
    from collections import Counter
    from collections.abc import Sequence

    from forumclean.archiver.observed import Sighted
    from forumclean.archiver.sources import Source
    from forumclean.archiver.waiting import Waiting


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
        self.sightings: list[SightingRow] = []
        self.revisions: list[RevisionRow] = []
        self.stats: list[tuple[int, str, Any]] = []
        self.are_new = source.digest is None
        """Whether none of its texts is in the archive yet, as far as pids tell."""
        self.posts: dict[int, int | None] = {}
        """Ordinal → post of an earlier reading of the same document: a hint that keeps ``posts.id`` stable."""
        if source.digest is not None:
            self._take_out()

    def _take_out(self) -> None:
        key = (self.source.id,)
        self.posts = dict(self.connection.execute("SELECT ordinal, post_id FROM sightings WHERE source_id = ?", key))
        self.connection.execute("DELETE FROM user_stats WHERE sighting_id IN (SELECT id FROM sightings WHERE source_id = ?)", key)
        self.connection.execute("DELETE FROM sightings WHERE source_id = ?", key)

    def insert(self, posts: Sequence[Sighted], counts: Counter[str]) -> None:
        """The rows of one batch; ``counts`` is told how many."""
        source, numbers = self.source, self.numbers
        known = self._known([seen.pid for seen in posts if seen.pid is not None])
        self.are_new = self.are_new and not known
        had = (len(self.sightings), len(self.revisions), len(self.stats))
        for seen in posts:
            revision_id = None if seen.text is None else self._revision(seen, known)
            html = seen.html if seen.pid is None else None
            self.sightings.append(SightingRow(
                numbers.sighting, source.id, seen.ordinal, source.captured_at, self.posts.get(seen.ordinal), revision_id, html, seen.signer, *seen.row))
            if seen.figures:
                self.stats += [(numbers.sighting, name, value) for name, value in seen.figures]
            numbers.sighting += 1
        now = (len(self.sightings), len(self.revisions), len(self.stats))
        for table, before, after in zip(("sightings", "revisions", "user_stats"), had, now, strict=True):
            counts[table] += after - before

    @property
    def size(self) -> int:
        """Number of its rows that are not handed over yet."""
        return len(self.sightings) + len(self.revisions) + len(self.stats)

    def hand_over(self) -> None:
        """Let the rows wait among those of other documents."""
        self.waiting.add("revisions", [(*row, *NOBODY) for row in self.revisions])
        self.waiting.add("sightings", self.sightings)
        self.waiting.add("user_stats", [(*row, None, None) for row in self.stats])
        self.sightings, self.revisions, self.stats = [], [], []
        self.are_new = False

    def _known(self, pids: Sequence[int]) -> dict[tuple[int, str], tuple[int, str | None]]:
        """The texts that the archive has for posts with these numbers: pid and content hash → id and ``html_key`` of the revision."""
        found: dict[tuple[int, str], tuple[int, str | None]] = {}
        for some in sets(pids):
            for pid, content_hash, revision_id, key in self.connection.execute(
                "SELECT p.pid, r.content_hash, r.id, r.html_key FROM posts AS p JOIN revisions AS r ON r.post_id = p.id"
                f" WHERE p.site_id = ? AND p.pid IN ({marks(some)})", (self.source.site_id, *some)):
                found[pid, content_hash] = (revision_id, key)
        return found

    def _revision(self, seen: Sighted, known: dict[tuple[int, str], tuple[int, str | None]]) -> int:
        """A revision with this text: the post's own where it is known by its pid, else a new one of nobody."""
        key, html = seen.html_key, None
        if seen.pid is not None:
            html = seen.html
            found = known.get((seen.pid, seen.content_hash or ""))
            if found is not None and (key is None or (found[1] is not None and (found[1] < key or (found[1] == key and self._html(found[0]) == html)))):
                return found[0]
        revision_id = self.numbers.revision
        self.numbers.revision += 1
        self.revisions.append(RevisionRow(revision_id, seen.content_hash, key, seen.text, html))
        return revision_id

    def _html(self, revision_id: int) -> str | None:
        (html,) = self.connection.execute("SELECT html FROM revisions WHERE id = ?", (revision_id,)).fetchone()
        return html if html is None else str(html)
