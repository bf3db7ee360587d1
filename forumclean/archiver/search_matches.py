"""Which rows a query finds, in which order: before any row is read for its words.

A million posts hold common words (的) in every fifth post. Ranking costs about 5 µs a match, so beyond ``COMMON`` matches there is none. The
newest of few matches are found by looking up their dates; the newest of many by walking the posts from the newest on until enough of them
match, which takes the fewer steps the more matches there are.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Literal, NamedTuple

from forumclean.archiver.search_filters import Condition, conditions
from forumclean.archiver.search_index import DOCUMENT, KINDS, POST, THREAD, Kind, new_index
from forumclean.archiver.search_schema import is_first

if TYPE_CHECKING:
    import sqlite3

    from forumclean.archiver.search_query import Query

Order = Literal["relevance", "date"]

COMMON = 30_000
"""Matches beyond which posts are not ranked."""
_FEW = 3_000
"""Matches up to which dates are looked up one by one."""


class Wish(NamedTuple):
    """What is wanted of each index."""

    query: Query
    limit: int
    order: Order


class Match(NamedTuple):
    """A match before its row is read."""

    kind: Kind
    row_id: int
    place: int
    """In the list of its own index: scores of different indexes cannot be compared, so their lists are interleaved."""
    date: str


_DATES = {POST: "r.created_at", THREAD: "r.created_at", DOCUMENT: "r.published_at"}
# the title of a thread finds its first post; the thread itself is a hit only where that post is not in the archive
_SHOWN = {POST: "1", THREAD: f"NOT EXISTS (SELECT 1 FROM posts AS p WHERE p.thread_id = r.id AND {is_first('p')})", DOCUMENT: "1"}
_CHUNK = 500


def is_common(connection: sqlite3.Connection, asked: Query) -> bool:
    """Tell whether more posts, or documents, match than can be ranked while somebody waits."""
    return any(_count(connection, kind, asked, COMMON + 1) > COMMON for kind in (POST, DOCUMENT))


def _count(connection: sqlite3.Connection, kind: Kind, asked: Query, most: int) -> int:
    table = f"{kind.table}_fts"
    sql = f"SELECT count(*) FROM (SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT ?)"
    return int(connection.execute(sql, (asked.match(), most)).fetchone()[0])


def matches(connection: sqlite3.Connection, kind: Kind, wish: Wish, *, settled: bool) -> list[Match]:
    """Look into the archive's index; ``settled``: leave out rows that are pending, the index does not hold their present words."""
    found = conditions(connection, kind.name, wish.query.filters, "r.")
    if settled:
        found.append(Condition(f"r.id NOT IN (SELECT id FROM search_pending WHERE kind = '{kind.name}')"))
    if wish.query.excluded and not wish.query.groups:
        found.append(Condition(f"r.id NOT IN (SELECT rowid FROM {kind.table}_fts WHERE {kind.table}_fts MATCH ?)", (wish.query.unwanted(),)))
    first: tuple[str, ...] = (wish.query.match(),) if wish.query.groups else ()
    if not first:
        sql = _plain(kind, found)
    elif wish.order == "date" and kind is not THREAD and _count(connection, kind, wish.query, _FEW + 1) > _FEW:
        sql = _newest_of_many(kind, found)
    else:
        sql = _from_index(kind, found, wish.order)
    values = [*first, *(value for condition in found for value in condition.values), wish.limit]
    return [Match(kind, row_id, place, date or "") for place, (row_id, date) in enumerate(connection.execute(sql, values))]


def _also(found: list[Condition]) -> str:
    return "".join(f" AND {condition.sql}" for condition in found)


def _plain(kind: Kind, found: list[Condition]) -> str:
    return f"SELECT r.id, {_DATES[kind]} FROM {kind.table} AS r WHERE {_SHOWN[kind]}{_also(found)} ORDER BY {_DATES[kind]} DESC, r.id DESC LIMIT ?"


def _newest_of_many(kind: Kind, found: list[Condition]) -> str:
    table = f"{kind.table}_fts"
    # the plus: rows are not fetched by the ids that match, but walked by date
    return (
        f"SELECT r.id, {_DATES[kind]} FROM {kind.table} AS r WHERE +r.id IN (SELECT rowid FROM {table} WHERE {table} MATCH ?){_also(found)}"
        f" ORDER BY {_DATES[kind]} DESC, r.id DESC LIMIT ?"
    )


def _from_index(kind: Kind, found: list[Condition], order: Order) -> str:
    table = f"{kind.table}_fts"
    if order == "relevance" and kind is not THREAD and not found:  # no row is read before the limit
        return f"SELECT f.rowid, NULL FROM {table} AS f WHERE {table} MATCH ? ORDER BY f.rank LIMIT ?"
    by = f"{_DATES[kind]} DESC, f.rowid DESC" if order == "date" else "f.rank, f.rowid"
    return (
        f"SELECT f.rowid, {_DATES[kind]} FROM {table} AS f CROSS JOIN {kind.table} AS r ON r.id = f.rowid"
        f" WHERE {table} MATCH ? AND {_SHOWN[kind]}{_also(found)} ORDER BY {by} LIMIT ?"
    )


def pending_matches(connection: sqlite3.Connection, wish: Wish) -> list[Match]:
    """Look through the rows that are pending, by means of an index of their own."""
    found: list[Match] = []
    with closing(new_index()) as side:
        for kind in KINDS:
            kind.feed(side, connection.execute(f"{kind.rows} WHERE r.id IN (SELECT id FROM search_pending WHERE kind = '{kind.name}')"))
            ids = _ids_from(side, kind, wish.query) if wish.query.groups else _ids_without_words(connection, side, kind, wish.query)
            shown = _shown(connection, kind, wish.query, ids)
            found += [Match(kind, row_id, place, shown[row_id]) for place, row_id in enumerate(ids) if row_id in shown]
    return found


def _ids_from(side: sqlite3.Connection, kind: Kind, asked: Query) -> list[int]:
    sql = f"SELECT rowid FROM {kind.table}_fts WHERE {kind.table}_fts MATCH ? ORDER BY rank"
    return [row_id for row_id, in side.execute(sql, (asked.match(),))]


def _ids_without_words(connection: sqlite3.Connection, side: sqlite3.Connection, kind: Kind, asked: Query) -> list[int]:
    """Return all that is pending, but for what holds an excluded word."""
    ids = [row_id for row_id, in connection.execute("SELECT id FROM search_pending WHERE kind = ?", (kind.name,))]
    if not asked.excluded:
        return ids
    unwanted = {row_id for row_id, in side.execute(f"SELECT rowid FROM {kind.table}_fts WHERE {kind.table}_fts MATCH ?", (asked.unwanted(),))}
    return [row_id for row_id in ids if row_id not in unwanted]


def _shown(connection: sqlite3.Connection, kind: Kind, asked: Query, ids: list[int]) -> dict[int, str]:
    """Return the dates of those rows that are hits."""
    also = conditions(connection, kind.name, asked.filters, "r.")
    values = [value for condition in also for value in condition.values]
    shown: dict[int, str] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start:start + _CHUNK]
        sql = (
            f"SELECT r.id, coalesce({_DATES[kind]}, '') FROM {kind.table} AS r WHERE r.id IN ({', '.join('?' * len(chunk))})"
            f" AND {_SHOWN[kind]}{_also(also)}"
        )
        shown.update(connection.execute(sql, [*chunk, *values]))
    return shown
