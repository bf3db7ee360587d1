"""Search: a query in, hits with snippets out. Nothing that waits to be indexed is missed, nothing stale is shown."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Literal, NamedTuple

from forumclean.archiver.search_index import DOCUMENT, KINDS, POST, THREAD, Kind, index_pending, new_index, pending, rebuild_index
from forumclean.archiver.search_query import Query, parse
from forumclean.archiver.search_schema import is_first
from forumclean.archiver.search_snippet import ranges, snippet
from forumclean.archiver.search_verify import verify_index
from forumclean.archiver.search_words import own_words

__all__ = ["Hit", "Order", "Query", "index_pending", "parse", "pending", "rebuild_index", "search", "verify_index"]

Order = Literal["relevance", "date"]


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
    """Of the thread or document; ``None`` where it is unknown."""
    title_ranges: tuple[tuple[int, int], ...] = ()
    author: str | None = None
    created_at: str | None = None
    """UTC; of a document: when it was published."""
    snippet: str = ""
    ranges: tuple[tuple[int, int], ...] = ()
    """Where the snippet shows what was searched for."""
    path: str | None = None
    """Where a document was read from, relative to the PATH given."""


class _Wish(NamedTuple):
    """What is wanted of each index."""

    query: Query
    limit: int
    order: Order


class _Match(NamedTuple):
    """A match before its row is read."""

    kind: Kind
    row_id: int
    place: int
    """In the list of its own index: scores of different indexes cannot be compared, so their lists are interleaved."""
    date: str


_DETAILS = {
    POST: f"""
        SELECT r.id, r.pid, t.tid, t.id, f.name, coalesce(t.title, CASE WHEN {is_first('r')} THEN r.subject END),
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
_DATES = {POST: "coalesce(r.created_at, '')", THREAD: "coalesce(r.created_at, '')", DOCUMENT: "coalesce(r.published_at, '')"}
# the title of a thread finds its first post; the thread itself is a hit only where that post is not in the archive
_SHOWN = {POST: "1", THREAD: f"NOT EXISTS (SELECT 1 FROM posts AS p WHERE p.thread_id = r.id AND {is_first('p')})", DOCUMENT: "1"}
_CHUNK = 500


def search(connection: sqlite3.Connection, query: str, *, limit: int = 20, order: Order = "relevance") -> list[Hit]:
    """Return the best ``limit`` hits of a query (its language: ``search_query``), or the newest with ``order="date"``.

    What is pending is indexed first; where the archive cannot be written (read-only, locked, the caller's transaction) it is looked
    through on the side instead. Raises ``UsageError`` for a query that cannot be understood.
    """
    wish = _Wish(parse(query), max(limit, 0), order)
    behind = pending(connection) and not _caught_up(connection)
    found = [match for kind in KINDS for match in _matches(connection, kind, wish, settled=behind)]
    if behind:
        found += _pending_matches(connection, wish.query)
    found.sort(key=lambda match: (match.place, KINDS.index(match.kind), match.row_id))
    if order == "date":
        found.sort(key=lambda match: match.date, reverse=True)
    return [_hit(connection, match, wish.query) for match in found[:wish.limit]]


def _caught_up(connection: sqlite3.Connection) -> bool:
    """Index what is pending; tells whether that could be done."""
    if connection.in_transaction or connection.execute("PRAGMA query_only").fetchone()[0]:
        return False
    try:
        index_pending(connection)
    except sqlite3.OperationalError:  # read-only, locked, or the disk is full: searching works all the same
        return False
    return True


def _matches(connection: sqlite3.Connection, kind: Kind, wish: _Wish, *, settled: bool) -> list[_Match]:
    """Look into the archive's index; ``settled``: leave out rows that are pending, the index does not hold their present words."""
    table = kind.table
    where = f"{table}_fts MATCH ?"
    if settled:
        where += f" AND f.rowid NOT IN (SELECT id FROM search_pending WHERE kind = '{kind.name}')"
    if wish.order == "date" or kind is THREAD:
        by = f"{_DATES[kind]} DESC" if wish.order == "date" else "f.rank"
        sql = (
            f"SELECT f.rowid, {_DATES[kind]} FROM {table}_fts AS f CROSS JOIN {table} AS r ON r.id = f.rowid"
            f" WHERE {where} AND {_SHOWN[kind]} ORDER BY {by}, f.rowid LIMIT ?"
        )
    else:  # no row is read before the limit
        sql = f"SELECT f.rowid, '' FROM {table}_fts AS f WHERE {where} ORDER BY f.rank LIMIT ?"
    rows = connection.execute(sql, (wish.query.match(), wish.limit))
    return [_Match(kind, row_id, place, date) for place, (row_id, date) in enumerate(rows)]


def _pending_matches(connection: sqlite3.Connection, asked: Query) -> list[_Match]:
    """Look through the rows that are pending, by means of an index of their own."""
    found = []
    with closing(new_index()) as side:
        for kind in KINDS:
            kind.feed(side, connection.execute(f"{kind.rows} WHERE r.id IN (SELECT id FROM search_pending WHERE kind = '{kind.name}')"))
            matching = side.execute(f"SELECT rowid FROM {kind.table}_fts WHERE {kind.table}_fts MATCH ? ORDER BY rank", (asked.match(),))
            ids = [row_id for row_id, in matching]
            shown: dict[int, str] = {}
            for start in range(0, len(ids), _CHUNK):
                chunk = ids[start:start + _CHUNK]
                marks = ", ".join("?" * len(chunk))
                sql = f"SELECT r.id, {_DATES[kind]} FROM {kind.table} AS r WHERE r.id IN ({marks}) AND {_SHOWN[kind]}"
                shown.update(connection.execute(sql, chunk))
            found += [_Match(kind, row_id, place, shown[row_id]) for place, row_id in enumerate(ids) if row_id in shown]
    return found


def _hit(connection: sqlite3.Connection, match: _Match, asked: Query) -> Hit:
    row = connection.execute(f"{_DETAILS[match.kind]} WHERE r.id = ?", (match.row_id,)).fetchone()
    row_id, pid, tid, thread_id, forum, title, author, created_at, text, path = row
    piece = snippet(own_words(text) if match.kind is not DOCUMENT else text, asked)
    return Hit(
        kind=match.kind.name, id=row_id, pid=pid, tid=tid, thread_id=thread_id, forum=forum, title=title, title_ranges=ranges(title, asked),
        author=author, created_at=created_at, snippet=piece.text, ranges=piece.ranges, path=path,
    )
