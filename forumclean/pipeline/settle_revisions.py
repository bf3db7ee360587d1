"""The revisions of the posts of one thread: each text of a post once, however many sightings show it.

The writer stores a text as a revision of nobody, so the sightings of one post may point at several rows with the same hash. One of them
becomes the post's, the others go. Its HTML is that of the sighting with the smallest ``html_key``: one with a pid, of the richest view.

A poorer view makes no revision (design: observed and derived): what counts is the richest view that shows the post itself, and no mere notice
in its place. So an edit that only a poorer view has seen is not in ``revisions`` and not in ``posts.text``, even if it was captured last: the
text is the richest view's latest, and the poorer sighting keeps the difference in its cuts (``settle_poorer``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.rows import html_key
from forumclean.pipeline.identity import EMPTY
from forumclean.pipeline.settle_captures import shared_by
from forumclean.pipeline.settle_moved import Divided, moved
from forumclean.pipeline.settle_poorer import Poorer
from forumclean.pipeline.settle_users import wider

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from forumclean.pipeline.settle_captures import Shared
    from forumclean.pipeline.sighting import Sighting

AT_ONCE = 500

SHOWN = frozenset({"ok", "locked"})
"""States in which the text is the post's, perhaps without a part; in the others it is a notice."""


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
        self._posts = frozenset(post_ids)
        self._had: dict[tuple[int, str], _Row] = {}
        self._spans: dict[int, tuple[str | None, str | None]] = {}
        self._kept: set[int] = set()
        self._loose: set[int] = set()
        self._copied: dict[int, int] = {}
        """New row → row whose text it shares."""
        self._html: list[tuple[str | None, tuple[str, int] | None, int]] = []
        self._rows: list[tuple[int | None, str | None, str | None, int]] = []
        self._links: list[tuple[int, int | None, int]] = []
        self._next_id = 0
        self._revived: dict[int, tuple[str, str]] = {}
        """New row → its hash and text: what captures share, or of a sighting that was below a richer view."""
        self._poorer = Poorer(connection)
        self._shared: dict[int, Shared] = {}
        """What several captures of a post share, by id of the sighting."""
        self._asked: set[int] = set()
        """Best sightings of the posts whose captures were read together."""
        for start in range(0, len(post_ids), AT_ONCE):
            self._load(post_ids[start : start + AT_ONCE])

    def _load(self, post_ids: Sequence[int]) -> None:
        marks = ", ".join("?" * len(post_ids))
        for revision_id, post_id, content_hash, key, first, last in self.connection.execute(
            f"SELECT id, post_id, content_hash, html_key, first_seen_at, last_seen_at FROM revisions WHERE post_id IN ({marks})", post_ids):
            self._had[post_id, content_hash] = _Row(revision_id, post_id, key)
            self._spans[revision_id] = (first, last)
            self._loose.add(revision_id)

    def claim(self, post_id: int, members: Sequence[Sighting]) -> None:
        """First, for all posts: a row that is a post's already, and shows what it still has, stays with it whoever else points there."""
        for content_hash in self._divided(members).groups:
            if (own := self._had.get((post_id, content_hash))) is not None:
                self._kept.add(own.id)

    def settle(self, post_id: int, members: Sequence[Sighting]) -> int | None:
        """Decide on the revisions of one post; returns the id of the current one: that of the best sighting with a text.

        A notice in the place of the text (banned, hidden) is none, as long as any other was seen: the post keeps what it said.
        """
        if len(members) == 1 and (alone := self._alone(post_id, members[0])) is not None:
            return alone
        groups, elsewhere, below = self._divided(members)
        self._links += [(post_id, None, one.id) for one in members if one.content_hash is None and one.post_id != post_id]
        shown = next((one_hash for one_hash, group in groups.items() if any(one.state in SHOWN for one in group)), next(iter(groups), None))
        current = None
        for content_hash, group in groups.items():
            same = elsewhere.get(content_hash, {})
            revision_id = self._one(post_id, content_hash, group, [one for others in same.values() for one in others])
            for other_hash, others in same.items():
                self._below(post_id, revision_id, other_hash, others)
            if content_hash == shown:
                current = revision_id
        for content_hash, group in below.items():
            if current is not None:
                self._below(post_id, current, content_hash, group)
        return current

    def _alone(self, post_id: int, one: Sighting) -> int | None:
        """The row of the only sighting of a post, where it is nobody's yet and holds what it has to: it is the post's from now on.

        This is what all that follows comes to for most posts of a new thread; ``None`` where it may come to something else.
        """
        row_id = one.revision_id
        if row_id is None or one.revision_post is not None or one.own_hash is not None or one.has_html or row_id in self._kept or post_id in self._posts:
            return None
        if one.html_key is not None and (one.pid is None or one.html_key != _key(one)):
            return None
        self._kept.add(row_id)
        self._rows.append((post_id, one.source.first, one.source.last, row_id))
        self._links.append((post_id, row_id, one.id))
        return row_id

    def _divided(self, members: Sequence[Sighting]) -> Divided:
        if members[0].id not in self._asked:
            self._asked.add(members[0].id)
            self._shared.update(shared_by(members, self._poorer.parsed))
        rich = _rich(members)
        groups: dict[str, list[Sighting]] = {}
        below: dict[str, list[Sighting]] = {}
        for one in members:
            shared = self._shared.get(one.id)
            content_hash = one.content_hash if shared is None else shared.content_hash
            if content_hash is not None:
                shown = one.worth[0] >= rich or content_hash in groups  # the richer come first
                (groups if shown else below).setdefault(content_hash, []).append(one)
        elsewhere: dict[str, dict[str, list[Sighting]]] = {}
        for content_hash, other in (moved(groups, self._shows) if len(groups) > 1 else {}).items():
            elsewhere.setdefault(other, {})[content_hash] = groups.pop(content_hash)
        return Divided(groups, elsewhere, below)

    def _shows(self, group: Sequence[Sighting]) -> tuple[str, str | None]:
        """Text and HTML of the sightings in one group."""
        shared = self._shared.get(group[0].id)
        return self._poorer.shows(group) if shared is None else (shared.text, None)

    def _one(self, post_id: int, content_hash: str, group: Sequence[Sighting], elsewhere: Sequence[Sighting]) -> int:
        """One text of one post: which row it is from now on. ``elsewhere``: sightings of it at other addresses, which count for its span."""
        showing = [one for one in group if one.content_hash == content_hash]  # the others share it with captures that show it, or with none
        rows = self._rows_of(showing)
        own = self._had.get((post_id, content_hash))
        if own is not None:
            rows.setdefault(own.id, own)
        kept = own or self._row_for(content_hash, rows, group[0])
        # a row may have become another post's since the writer pointed here: that post keeps it
        self._loose.update(row.id for row in rows.values() if self._is_mine(row))
        self._kept.add(kept.id)
        key, source = _best_html(list(rows.values()), showing)
        if key != kept.html_key or (source is not None and source[0] == "revisions" and source[1] != kept.id):
            self._html.append((key, source, kept.id))
        span = None
        for one in elsewhere:
            span = wider(span, (one.source.first, one.source.last))
        for one in group:
            span = wider(span, (one.source.first, one.source.last))
            if one.content_hash != content_hash:
                self._poorer.share(one, post_id, kept.id, self._shared[one.id].cuts)
            elif one.own_hash is not None:
                self._poorer.take_back(one)
            if one.revision_id != kept.id:
                self._leave(one)
        if kept.post_id != post_id or self._spans.get(kept.id) != span:
            self._rows.append((post_id, *(span or (None, None)), kept.id))
        self._links += [(post_id, kept.id, one.id) for one in showing if (one.post_id, one.revision_id) != (post_id, kept.id)]
        return kept.id

    def _row_for(self, content_hash: str, rows: Mapping[int, _Row], best: Sighting) -> _Row:
        """A row for a text that the post does not have yet: one that is free, or a new one."""
        free = [row for row in rows.values() if self._is_mine(row) and row.id not in self._kept]
        if free:
            return free[0] if len(free) == 1 else min(free, key=lambda row: row.id)
        if rows:
            return self._copy(min(rows.values(), key=lambda row: row.id))
        return self._revive(content_hash, best)

    def _is_mine(self, row: _Row) -> bool:
        return row.post_id is None or row.post_id in self._posts

    def _rows_of(self, group: Sequence[Sighting]) -> dict[int, _Row]:
        """The rows with the text of these sightings; those below a richer view point at another text."""
        return {one.revision_id: _Row(one.revision_id, one.revision_post, one.html_key) for one in group if one.revision_id is not None and one.own_hash is None}

    def _below(self, post_id: int, revision_id: int, content_hash: str, group: Sequence[Sighting]) -> None:
        """One text that is no revision: its sightings are linked to the current one, or to that which says the same."""
        rows = self._rows_of(group)
        own = self._had.get((post_id, content_hash))  # it was the richest view until now
        if own is not None:
            rows.setdefault(own.id, own)
        self._loose.update(row.id for row in rows.values() if self._is_mine(row))
        numbered = [one for one in group if one.pid is not None]
        key, source = _best_html(list(rows.values()), numbered)
        holder = next((one for one in numbered if _key(one) == key), None)
        for one in group:
            if one.own_hash is not None and one.revision_id != revision_id:
                self._leave(one)
        self._poorer.put(post_id, revision_id, group, source, holder)

    def _leave(self, one: Sighting) -> None:
        """The revision that a sighting was below may be nobody's now."""
        if one.revision_id is not None and (one.revision_post is None or one.revision_post in self._posts):
            self._loose.add(one.revision_id)

    def _revive(self, content_hash: str, one: Sighting) -> _Row:
        """A text that no row has becomes a revision: what captures share, or what only sightings below a richer view had."""
        row = _Row(self._new_id(), None, None)
        shared = self._shared.get(one.id)
        self._revived[row.id] = (content_hash, self._poorer.own_text(one) if shared is None else shared.text)
        return row

    def _new_id(self) -> int:
        if not self._next_id:
            (self._next_id,) = self.connection.execute("SELECT max(id) FROM revisions").fetchone()
        self._next_id += 1
        return self._next_id

    def _copy(self, row: _Row) -> _Row:
        """Two posts shared one row: the second gets a row of its own."""
        copy = _Row(self._new_id(), None, row.html_key)
        self._copied[copy.id] = row.id
        return copy

    def prepare(self) -> None:
        """Write the texts that posts are about to take; before any row of ``posts`` is written."""
        many = self.connection.executemany
        many(
            "INSERT INTO revisions (id, content_hash, html_key, text, html) SELECT ?1, content_hash, html_key, text, html FROM revisions"
            " WHERE id = ?2", self._copied.items())
        many("INSERT INTO revisions (id, content_hash, text) VALUES (?, ?, ?)", [(row_id, *row) for row_id, row in self._revived.items()])
        self._poorer.prepare(self._text)
        # all are read before any is written: a row may both give and take
        moved = [(key, None if source is None else self._read(*source), row_id) for key, source, row_id in self._html]
        many("UPDATE revisions SET html_key = ?, html = ? WHERE id = ?", moved)
        self.html_changed.update(row_id for _, _, row_id in self._html)

    def _text(self, row_id: int) -> str:
        """The text of a row; those that are to come are there already."""
        (text,) = self.connection.execute("SELECT text FROM revisions WHERE id = ?", (row_id,)).fetchone()
        return str(text)

    def _read(self, table: str, row_id: int) -> str | None:
        (html,) = self.connection.execute(f"SELECT html FROM {table} WHERE id = ?", (row_id,)).fetchone()
        return html if html is None else str(html)

    def write(self) -> None:
        """Write the links, when the rows of ``posts`` are there.

        In this order SQLite meets no reference to a row that is not there yet; while it has met one, it searches all referring tables
        with each new row, which makes settling half as slow again.
        """
        many = self.connection.executemany
        self._poorer.write()
        many("UPDATE OR FAIL sightings SET post_id = ?, revision_id = ? WHERE id = ?", self._links)
        # before another row takes the place (post, hash) of one of these; a sighting that waits to be settled may still point at them
        left = [(row_id,) for row_id in self._loose - self._kept]
        many("DELETE FROM revisions WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM sightings WHERE revision_id = ?1)", left)
        many("UPDATE revisions SET post_id = NULL WHERE id = ?", left)
        many("UPDATE OR FAIL revisions SET post_id = ?, first_seen_at = ?, last_seen_at = ? WHERE id = ?", self._rows)


def _rich(members: Sequence[Sighting]) -> int:
    """The rank of view from which on sightings make revisions: of the richest that shows the post itself."""
    best = members[0].worth[0]
    if len(members) == 1 or members[-1].worth[0] == best:
        return best
    return next(
        (one.worth[0] for one in members if one.state in SHOWN and one.content_hash not in {None, EMPTY}),
        next((one.worth[0] for one in members if one.content_hash is not None), best),
    )


def _best_html(rows: Sequence[_Row], group: Sequence[Sighting]) -> tuple[str | None, tuple[str, int] | None]:
    """The key of the best HTML of sightings with one text, and where it is: of one with a pid, else of one without (their own column keeps it)."""
    shown = {_key(one): one for one in group}
    # a row may still hold the HTML of another post that it was shared with; of an equal key the row stored last is the newer reading
    found = [(row.html_key, 0, -row.id) for row in rows if row.html_key in shown and shown[row.html_key].pid is not None]
    found += [(key, 1, one.id) for key, one in shown.items() if one.has_html]
    if not found:
        return None, None
    key, kept, number = min(found, key=lambda one: (one[0] or "", *one[1:]))
    return key, ("sightings", number) if kept else ("revisions", -number)


def _key(one: Sighting) -> str:
    """What ``revisions.html_key`` holds where the HTML is this sighting's."""
    key = html_key(one.source.worth[0], one.source.worth[2], one.ordinal)
    return key if one.pid is not None else f"~{key}"
