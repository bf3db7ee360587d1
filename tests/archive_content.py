"""What an archive holds, apart from ids, the run log and the machine: equal content means equal archives.

Tests get it as the fixture ``content`` (tests/conftest.py).
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

QUERIES = {
    "sites": "SELECT slug, title, engine, charset, timezone, timezone_source FROM sites",
    "site_hosts": "SELECT s.slug, h.host FROM site_hosts AS h JOIN sites AS s ON s.id = h.site_id",
    "sources": (
        "SELECT s.sha256, i.slug, s.container, s.kind, s.engine, s.score, s.reasons, s.encoding, s.encoding_how, s.host, s.view, s.timezone,"
        " s.timezone_source, s.captured_at, s.captured_how, s.recaptured_at, s.status, s.digest"
        " FROM sources AS s LEFT JOIN sites AS i ON i.id = s.site_id"
    ),
    "source_paths": 'SELECT s.sha256, p.path, p.member, p."offset" FROM source_paths AS p JOIN sources AS s ON s.id = p.source_id',
    "issues": "SELECT s.sha256, i.level, i.stage, i.code, i.message, i.excerpt FROM issues AS i JOIN sources AS s ON s.id = i.source_id",
    "documents": (
        "SELECT s.sha256, d.kind, d.title, d.author, d.publisher, d.published_at, d.published_at_precision, d.text"
        " FROM documents AS d JOIN sources AS s ON s.id = d.source_id"
    ),
    "thread_sightings": (
        "SELECT s.sha256, x.ordinal, t.tid, t.source_key, x.tid, x.fid, x.page, x.fields FROM thread_sightings AS x"
        " JOIN sources AS s ON s.id = x.source_id LEFT JOIN threads AS t ON t.id = x.thread_id"
    ),
    "forum_configs": "SELECT i.slug, c.fid, c.hash, c.content_hash, c.settings FROM forum_configs AS c JOIN sites AS i ON i.id = c.site_id",
    "config_sightings": (
        "SELECT s.sha256, x.ordinal, c.fid, c.hash FROM config_sightings AS x JOIN sources AS s ON s.id = x.source_id"
        " JOIN forum_configs AS c ON c.id = x.config_id"
    ),
    "forums": (
        "SELECT i.slug, f.fid, f.name, f.type, f.parent_fid, f.description, f.jammer, f.threads_count, f.posts_count, f.moderators,"
        " f.last_post_tid, f.last_post_title, f.last_post_at, f.last_post_author FROM forums AS f JOIN sites AS i ON i.id = f.site_id"
    ),
    "forum_settings": (
        "SELECT f.fid, f.name, s.path, s.value, s.value_type, s.decoded FROM forum_settings AS s JOIN forums AS f ON f.id = s.forum_id"
    ),
    "users": "SELECT i.slug, u.uid, u.name, u.group_title, u.registered_at FROM users AS u JOIN sites AS i ON i.id = u.site_id",
    "user_names": (
        "SELECT u.uid, n.name, n.first_seen_at, n.last_seen_at FROM user_names AS n JOIN users AS u ON u.id = n.user_id"
    ),
    "signatures": "SELECT u.uid, u.name, s.text, s.html, s.first_seen_at, s.last_seen_at FROM signatures AS s JOIN users AS u ON u.id = s.user_id",
    "threads": (
        "SELECT i.slug, t.tid, t.source_key, f.fid, t.title, t.type_name, u.uid, u.name, t.author_uid, t.author_name, t.created_at, t.views,"
        " t.replies, t.pages_total, t.pages_seen, t.special, t.digest, t.sticky, t.closed, t.extras FROM threads AS t"
        " JOIN sites AS i ON i.id = t.site_id LEFT JOIN forums AS f ON f.id = t.forum_id LEFT JOIN users AS u ON u.id = t.user_id"
    ),
}
"""Tables whose rows can be told apart without naming a post."""

BELOW = (
    "SELECT s.sha256, x.ordinal, x.own_hash, x.own_cuts FROM sightings AS x JOIN sources AS s ON s.id = x.source_id WHERE x.own_hash IS NOT NULL"
)
_POST = (
    "SELECT p.id, i.slug, t.tid, t.source_key, p.pid, p.position, p.floor_label, u.uid, u.name, p.author_uid, p.author_name, p.author_kind,"
    " p.created_at, p.created_at_precision, p.edited_at, p.edited_at_precision, p.edited_by, p.is_first, p.subject, p.text, p.html, p.state,"
    " r.content_hash, p.first_seen_at, p.last_seen_at, p.extras FROM posts AS p JOIN sites AS i ON i.id = p.site_id"
    " JOIN threads AS t ON t.id = p.thread_id LEFT JOIN users AS u ON u.id = p.user_id LEFT JOIN revisions AS r ON r.id = p.revision_id"
)
OF_POST = {
    "sightings": (
        "SELECT s.sha256, x.ordinal, r.content_hash, x.pid, x.page, x.view, x.captured_at, x.state, x.fields, x.cuts, x.doubts, x.html FROM sightings AS x"
        " JOIN sources AS s ON s.id = x.source_id LEFT JOIN revisions AS r ON r.id = x.revision_id WHERE x.post_id = ?"
    ),
    "user_stats": (
        "SELECT s.sha256, x.ordinal, n.name, n.value, u.uid, u.name, n.seen_at FROM user_stats AS n JOIN sightings AS x ON x.id = n.sighting_id"
        " JOIN sources AS s ON s.id = x.source_id LEFT JOIN users AS u ON u.id = n.user_id WHERE x.post_id = ?"
    ),
    "revisions": "SELECT content_hash, text, html, html_key, first_seen_at, last_seen_at FROM revisions WHERE post_id = ?",
    "quotes": "SELECT ordinal, quoted_pid, quoted_author, quoted_at, text FROM quotes WHERE post_id = ?",
    "attachments": "SELECT ordinal, aid, name, url, kind, size, downloads FROM attachments WHERE post_id = ?",
    "comments": "SELECT ordinal, comment_id, author_uid, author_name, created_at, created_at_precision, text FROM comments WHERE post_id = ?",
    "ratings": "SELECT ordinal, author_uid, author_name, created_at, created_at_precision, scores, reason FROM ratings WHERE post_id = ?",
}


def content(archive: Path | str | sqlite3.Connection) -> dict[str, list[Any]]:
    """Table → its rows in a fixed order. Posts carry their sightings, revisions and lists with them."""
    if not isinstance(archive, sqlite3.Connection):
        connection = sqlite3.connect(archive)
        try:
            return content(connection)
        finally:
            connection.close()
    found = {table: _sorted(archive.execute(query)) for table, query in QUERIES.items()}
    if any(column == "own_hash" for _, column, *_ in archive.execute("PRAGMA table_info(sightings)")) and (below := _sorted(archive.execute(BELOW))):
        found["sightings below richer views"] = below  # since schema 4
    posts = []
    for post_id, *row in archive.execute(_POST).fetchall():
        parts = {table: _sorted(archive.execute(query, (post_id,))) for table, query in OF_POST.items()}
        posts.append([*row, {table: rows for table, rows in parts.items() if rows}])
    found["posts"] = sorted(posts, key=_key)
    return found


def _sorted(rows: Any) -> list[Any]:
    return sorted((list(row) for row in rows), key=_key)


def _key(row: Any) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True)
