"""The revisions of the posts of one thread: each text of a post once, however many sightings show it.

The writer stores a text as a revision of nobody, so the sightings of one post may point at several rows with the same hash. One of them
becomes the post's, the others go. Its HTML is that of the row with the smallest ``html_key``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forumclean.pipeline.settle_users import wider

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from forumclean.pipeline.settle_posts import Sighting

AT_ONCE = 500


class _Row(NamedTuple):
    """A row of ``revisions`` without its texts."""

    id: int
    post_id: int | None
    html_key: str | None


class Revisions:
    """Settles the revisions of some posts; nothing is written before ``write``."""

    def __init__(self, connection: sqlite3.Connection, post_ids: Sequence[int]) -> None:
        """``post_ids``: of the posts that exist already; their revisions are kept where a sighting still shows them."""
        self.connection = connection
        self.html_changed: set[int] = set()
        """Ids of revisions that got another HTML."""
        self._had: dict[tuple[int, str], _Row] = {}
        self._spans: dict[int, tuple[str | None, str | None]] = {}
        self._kept: set[int] = set()
        self._loose: set[int] = set()
        self._copies: list[tuple[int, int]] = []
        self._html: list[tuple[int, int]] = []
        self._rows: list[tuple[int | None, str | None, str | None, int]] = []
        self._links: list[tuple[int, int | None, int]] = []
        self._next_id = 0
        for start in range(0, len(post_ids), AT_ONCE):
            self._load(post_ids[start : start + AT_ONCE])

    def _load(self, post_ids: Sequence[int]) -> None:
        marks = ", ".join("?" * len(post_ids))
        for revision_id, post_id, content_hash, html_key, first, last in self.connection.execute(
            f"SELECT id, post_id, content_hash, html_key, first_seen_at, last_seen_at FROM revisions WHERE post_id IN ({marks})", post_ids):
            self._had[post_id, content_hash] = _Row(revision_id, post_id, html_key)
            self._spans[revision_id] = (first, last)
            self._loose.add(revision_id)

    def settle(self, post_id: int, members: Sequence[Sighting]) -> int | None:
        """Decide on the revisions of one post; returns the id of the current one: that of the best sighting with a text."""
        groups: dict[str, list[Sighting]] = {}
        for one in members:
            if one.content_hash is not None:
                groups.setdefault(one.content_hash, []).append(one)
            elif one.post_id != post_id:
                self._links.append((post_id, None, one.id))
        current = None
        for content_hash, group in groups.items():
            revision_id = self._one(post_id, content_hash, group)
            current = current or revision_id
        return current

    def _one(self, post_id: int, content_hash: str, group: Sequence[Sighting]) -> int:
        """One text of one post: which row it is from now on."""
        rows = {one.revision_id: _Row(one.revision_id, one.revision_post, one.html_key) for one in group if one.revision_id is not None}
        own = self._had.get((post_id, content_hash))
        if own is not None:
            rows.setdefault(own.id, own)
        self._loose.update(rows)
        free = [row for row in rows.values() if row.id not in self._kept]
        if own is not None:
            kept = own
        elif free:
            kept = free[0] if len(free) == 1 else min(free, key=lambda row: row.id)
        else:
            kept = self._copy(min(rows.values(), key=lambda row: row.id))
        self._kept.add(kept.id)
        if len(rows) > 1:
            best = min((row for row in rows.values() if row.html_key is not None), key=lambda row: row.html_key or "", default=kept)
            if best.html_key != kept.html_key:
                self._html.append((best.id, kept.id))
                self.html_changed.add(kept.id)
        span = None
        for one in group:
            span = wider(span, (one.source.first, one.source.last))
        if kept.post_id != post_id or self._spans.get(kept.id) != span:
            self._rows.append((post_id, *(span or (None, None)), kept.id))
        self._links += [(post_id, kept.id, one.id) for one in group if (one.post_id, one.revision_id) != (post_id, kept.id)]
        return kept.id

    def _copy(self, row: _Row) -> _Row:
        """Two posts shared one row: the second gets a row of its own."""
        if not self._next_id:
            (self._next_id,) = self.connection.execute("SELECT max(id) FROM revisions").fetchone()
        self._next_id += 1
        self._copies.append((self._next_id, row.id))
        return _Row(self._next_id, None, row.html_key)

    def prepare(self) -> None:
        """Write the texts that posts are about to take; before any row of ``posts`` is written."""
        many = self.connection.executemany
        many(
            "INSERT INTO revisions (id, content_hash, html_key, text, html) SELECT ?1, content_hash, html_key, text, html FROM revisions"
            " WHERE id = ?2", self._copies)
        many("UPDATE revisions SET (html_key, html) = (SELECT html_key, html FROM revisions WHERE id = ?1) WHERE id = ?2", self._html)

    def write(self) -> None:
        """Write the links, when the rows of ``posts`` are there.

        In this order SQLite meets no reference to a row that is not there yet; while it has met one, it searches all referring tables
        with each new row, which makes settling half as slow again.
        """
        many = self.connection.executemany
        many("UPDATE sightings SET post_id = ?, revision_id = ? WHERE id = ?", self._links)
        # before another row takes the place (post, hash) of one of these
        many("DELETE FROM revisions WHERE id = ?", [(row_id,) for row_id in self._loose - self._kept])
        many("UPDATE revisions SET post_id = ?, first_seen_at = ?, last_seen_at = ? WHERE id = ?", self._rows)
