"""The archive as JSON lines: one post (or document) per line, streamed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator

ExportKind = Literal["post", "document"]
POSTS: tuple[ExportKind, ...] = ("post",)

_PAGE = 200
"""Threads or documents a query: between two queries writers may move on, and the WAL can be emptied."""

_POSTS = """
    SELECT 'post' AS kind, s.slug AS site, f.fid, f.name AS forum, t.tid, t.title, p.pid, p.position, p.floor_label AS floor, p.subject,
        p.author_uid, p.author_name AS author, p.created_at, p.edited_at, p.state, p.text
    FROM posts AS p
    JOIN threads AS t ON t.id = p.thread_id
    JOIN sites AS s ON s.id = p.site_id
    LEFT JOIN forums AS f ON f.id = t.forum_id
    WHERE p.thread_id > ? AND p.thread_id <= ?
    ORDER BY p.thread_id, p.position IS NULL, p.position, p.id"""
_DOCUMENTS = """
    SELECT 'document' AS kind, s.slug AS site, d.title, d.author, d.publisher, d.published_at,
        (SELECT p.path || coalesce('!' || p.member, '') FROM source_paths AS p WHERE p.source_id = d.source_id ORDER BY p.id LIMIT 1) AS path,
        d.text
    FROM documents AS d
    JOIN sources AS o ON o.id = d.source_id
    LEFT JOIN sites AS s ON s.id = o.site_id
    WHERE d.id > ? AND d.id <= ?
    ORDER BY d.id"""
_SOURCES = {"post": ("threads", _POSTS), "document": ("documents", _DOCUMENTS)}


def export_jsonl(connection: sqlite3.Connection, kinds: Collection[ExportKind] = POSTS) -> Iterator[str]:
    """Give one line of JSON, without its line end, for each post (threads together, posts in order), then for each document.

    Keys are always the same for a kind; what is not known is null, and so is the text of a post whose text was lost. Times are UTC.
    """
    for kind, (paged, sql) in _SOURCES.items():
        if kind in kinds:
            yield from _lines(connection, paged, sql)


def _lines(connection: sqlite3.Connection, paged: str, sql: str) -> Iterator[str]:
    encode = json.JSONEncoder(ensure_ascii=False).encode
    last = 0
    while True:
        page_end, = connection.execute(f"SELECT max(id) FROM (SELECT id FROM {paged} WHERE id > ? ORDER BY id LIMIT {_PAGE})", (last,)).fetchone()
        if page_end is None:
            return
        cursor = connection.execute(sql, (last, page_end))
        keys = [column[0] for column in cursor.description]
        for row in cursor:
            yield encode(dict(zip(keys, row, strict=True)))
        last = page_end
