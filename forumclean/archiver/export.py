"""The archive as JSON lines: one post (or document) per line, streamed."""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator

ExportKind = Literal["post", "document"]
POSTS: tuple[ExportKind, ...] = ("post",)

_PAGE = 200
"""Threads or documents a query: between two queries writers may move on, and the WAL can be emptied."""

# orders that the content alone decides: two archives that hold the same are exported alike, whatever was imported first
_THREAD = "s.slug, t.tid IS NULL, t.tid, t.source_key, t.id"
_ON_ITS_PAGE = "CASE WHEN p.position IS NULL THEN (SELECT min(ifnull(g.page, 0) * 1000000 + g.ordinal) FROM sightings AS g WHERE g.post_id = p.id) END"
_PATH = "(SELECT min(p.path || coalesce('!' || p.member, '')) FROM source_paths AS p WHERE p.source_id = d.source_id)"
_DOCUMENT = f"s.slug, {_PATH}, o.sha256, d.id"

_THREADS = f"SELECT t.id FROM threads AS t JOIN sites AS s ON s.id = t.site_id ORDER BY {_THREAD}"
_POSTS = f"""
    SELECT 'post' AS kind, s.slug AS site, f.fid, f.name AS forum, t.tid, t.title, p.pid, p.position, p.floor_label AS floor, p.subject,
        p.author_uid, p.author_name AS author, p.created_at, p.edited_at, p.state, p.text
    FROM posts AS p
    JOIN threads AS t ON t.id = p.thread_id
    JOIN sites AS s ON s.id = p.site_id
    LEFT JOIN forums AS f ON f.id = t.forum_id
    WHERE p.thread_id IN ({{}})
    ORDER BY {_THREAD}, p.position IS NULL, p.position, p.created_at IS NULL, p.created_at, p.pid IS NULL, p.pid, {_ON_ITS_PAGE},
        p.author_name, p.text, p.id"""
_FOUND = f"""SELECT d.id FROM documents AS d JOIN sources AS o ON o.id = d.source_id LEFT JOIN sites AS s ON s.id = o.site_id
    ORDER BY {_DOCUMENT}"""
_DOCUMENTS = f"""
    SELECT 'document' AS kind, s.slug AS site, d.title, d.author, d.publisher, d.published_at, {_PATH} AS path, d.text
    FROM documents AS d
    JOIN sources AS o ON o.id = d.source_id
    LEFT JOIN sites AS s ON s.id = o.site_id
    WHERE d.id IN ({{}})
    ORDER BY {_DOCUMENT}"""
_SOURCES = {"post": (_THREADS, _POSTS), "document": (_FOUND, _DOCUMENTS)}


def export_jsonl(connection: sqlite3.Connection, kinds: Collection[ExportKind] = POSTS) -> Iterator[str]:
    """Give one line of JSON, without its line end, for each post (threads together, posts in order), then for each document.

    Keys are always the same for a kind; what is not known is null, and so is the text of a post whose text was lost. Times are UTC.
    Sorted by site, tid, position, time and pid; documents by site and path: archives with the same content give the same lines.
    """
    for kind, (listed, sql) in _SOURCES.items():
        if kind in kinds:
            yield from _lines(connection, listed, sql)


def _lines(connection: sqlite3.Connection, listed: str, sql: str) -> Iterator[str]:
    encode = json.JSONEncoder(ensure_ascii=False).encode
    ids = array("q", (row[0] for row in connection.execute(listed)))
    for start in range(0, len(ids), _PAGE):
        some = ids[start:start + _PAGE]
        cursor = connection.execute(sql.format(", ".join("?" * len(some))), some)
        keys = [column[0] for column in cursor.description]
        for row in cursor:
            yield encode(dict(zip(keys, row, strict=True)))
