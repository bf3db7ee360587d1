"""Search: a query in, hits with snippets out. Nothing that waits to be indexed is missed, nothing stale is shown."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from forumclean.archiver.search_filters import unknown_names
from forumclean.archiver.search_index import DOCUMENT, KINDS, POST, THREAD, index_pending, pending, rebuild_index
from forumclean.archiver.search_matches import COMMON, Match, Order, Wish, is_common, matches, pending_matches
from forumclean.archiver.search_query import Query, parse, unknown_field
from forumclean.archiver.search_schema import is_first
from forumclean.archiver.search_snippet import ranges, snippet
from forumclean.archiver.search_verify import verify_index
from forumclean.archiver.search_words import own_words

__all__ = ["Hit", "Order", "Query", "Results", "find", "index_pending", "parse", "pending", "rebuild_index", "search", "verify_index"]

_MOST = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something found. Texts are as stored; ranges are code points of the text they belong to."""

    kind: str
    """``post``, ``document``, or ``thread``: a thread found by its title whose first post is not in the archive."""
    id: int
    """Of the row in ``posts``, ``documents`` or ``threads``."""
    pid: int | None = None
    tid: int | None = None
    thread_id: int | None = None
    forum: str | None = None
    title: str | None = None
    """Of the thread or document; of a thread without a title its first words. ``None`` where nothing is known."""
    title_ranges: tuple[tuple[int, int], ...] = ()
    author: str | None = None
    created_at: str | None = None
    """UTC; of a document: when it was published."""
    snippet: str = ""
    ranges: tuple[tuple[int, int], ...] = ()
    """Where the snippet shows what was searched for."""
    path: str | None = None
    """Where a document was read from, relative to the PATH given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of hits, and how they were looked for."""

    hits: list[Hit]
    order: Order
    """As they stand, which may not be what was asked for: see ``note``."""
    note: str | None = None
    """For people: why the order is another one, or that a name is not known here."""
    more: bool = False
    """There are hits behind these."""


_DETAILS = {
    POST: f"""
        SELECT r.id, r.pid, t.tid, t.id, f.name, coalesce(t.title, CASE WHEN {is_first('r')} THEN r.subject END,
                (SELECT o.title FROM threads_overview AS o WHERE o.thread_id = t.id)),
            r.author_name, r.created_at, r.text, NULL
        FROM posts AS r JOIN threads AS t ON t.id = r.thread_id LEFT JOIN forums AS f ON f.id = t.forum_id""",
    THREAD: """
        SELECT r.id, NULL, r.tid, r.id, f.name, r.title, r.author_name, r.created_at,
            (SELECT p.text FROM posts AS p WHERE p.thread_id = r.id AND p.text IS NOT NULL ORDER BY p.position, p.id LIMIT 1), NULL
        FROM threads AS r LEFT JOIN forums AS f ON f.id = r.forum_id""",
    DOCUMENT: """
        SELECT r.id, NULL, NULL, NULL, NULL, r.title, r.author, r.published_at, r.text,
            (SELECT p.path || coalesce('!' || p.member, '') FROM source_paths AS p WHERE p.source_id = r.source_id ORDER BY p.path LIMIT 1)
        FROM documents AS r""",
}


def search(connection: sqlite3.Connection, query: str, *, limit: int = 20, order: Order = "relevance") -> list[Hit]:
    """Return the best ``limit`` hits of a query (its language: ``search_query``), or the newest with ``order="date"``; see ``find``."""
    return find(connection, query, limit=limit, order=order).hits


def find(connection: sqlite3.Connection, query: str, *, limit: int = 20, offset: int = 0, order: Order = "relevance") -> Results:
    """Return ``limit`` hits of a query behind the first ``offset`` ones.

    What is pending is indexed first; where the archive cannot be written (read-only, locked, the caller's transaction) it is looked
    through on the side instead. Words that are in very many posts are not ranked, that takes seconds: their hits come newest first, with a
    note. Raises ``UsageError`` for a query that cannot be understood.
    """
    asked = parse(query)
    limit, offset = max(limit, 0), max(offset, 0)
    note = unknown_names(connection, asked.filters)
    behind = pending(connection) and not _caught_up(connection)
    if order == "relevance" and not asked.groups:
        order = "date"
    elif order == "relevance" and is_common(connection, asked):
        order, note = "date", note or f"found in more than {COMMON:,} posts: newest first, as ranking so many takes too long; add a word to rank them"
    wish = Wish(asked, min(limit + offset + 1, _MOST), order)
    found = [match for kind in KINDS for match in matches(connection, kind, wish, settled=behind)]
    if behind:
        found += pending_matches(connection, wish)
    found.sort(key=lambda match: (match.place, KINDS.index(match.kind), match.row_id))
    if order == "date":
        found.sort(key=lambda match: match.date, reverse=True)
    note = note or (None if found else unknown_field(query))
    hits = [_hit(connection, match, asked) for match in found[offset:offset + limit]]
    return Results(hits=hits, order=order, note=note, more=len(found) > offset + limit)


def _caught_up(connection: sqlite3.Connection) -> bool:
    """Index what is pending; tells whether that could be done."""
    if connection.in_transaction or connection.execute("PRAGMA query_only").fetchone()[0]:
        return False
    try:
        index_pending(connection)
    except sqlite3.OperationalError:  # read-only, locked, or the disk is full: searching works all the same
        return False
    return True


def _hit(connection: sqlite3.Connection, match: Match, asked: Query) -> Hit:
    row = connection.execute(f"{_DETAILS[match.kind]} WHERE r.id = ?", (match.row_id,)).fetchone()
    row_id, pid, tid, thread_id, forum, title, author, created_at, text, path = row
    piece = snippet(own_words(text) if match.kind is not DOCUMENT else text, asked)
    return Hit(
        kind=match.kind.name, id=row_id, pid=pid, tid=tid, thread_id=thread_id, forum=forum, title=title, title_ranges=ranges(title, asked),
        author=author, created_at=created_at, snippet=piece.text, ranges=piece.ranges, path=path,
    )
