"""A thread and its posts, a page at a time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

PER_PAGE = 50
"""Posts of a page."""
ORDER = "p.position IS NULL, p.position, p.id"
"""SQL: the order of posts in their thread; posts whose place is not known stand last."""


class Thread(NamedTuple):
    """The head of a thread. Times are UTC."""

    id: int
    site_id: int
    site: str
    tid: int | None
    title: str | None
    type_name: str | None
    forum_id: int | None
    forum: str | None
    author: str | None
    user_id: int | None
    created_at: str | None
    views: int | None
    replies: int | None
    pages_seen: int
    pages_total: int | None
    sticky: int | None
    digest: int | None
    closed: int | None
    special: str | None
    extras: dict[str, Any]
    posts: int
    """In the archive."""
    last_position: int | None
    host: str | None
    """Of the board, as its pages say."""


class Quote(NamedTuple):
    """What a post quotes."""

    quoted_pid: int | None
    author: str | None
    text: str | None
    target: int | None
    """``posts.id`` of the quoted post, where it is in the archive."""
    target_position: int | None


class Attachment(NamedTuple):
    """A file that hangs on a post."""

    name: str | None
    url: str | None
    kind: str | None
    size: int | None
    downloads: int | None
    source_id: int | None
    aid: int | None


class Comment(NamedTuple):
    """点评: a short remark on a post."""

    author: str | None
    created_at: str | None
    text: str | None


class Rating(NamedTuple):
    """评分: credits that a reader gave."""

    author: str | None
    scores: dict[str, Any]
    reason: str | None


class Post(NamedTuple):
    """A post as it is read; what hangs on it comes beside it."""

    id: int
    pid: int | None
    position: int | None
    floor_label: str | None
    user_id: int | None
    author_name: str | None
    author_kind: str | None
    author_group: str | None
    created_at: str | None
    created_at_precision: str | None
    edited_at: str | None
    edited_at_precision: str | None
    edited_by: str | None
    subject: str | None
    text: str | None
    html: str | None
    state: str
    extras: dict[str, Any]


class Page(NamedTuple):
    """One page of a thread. The mappings are by ``posts.id``; ``signatures`` by ``users.id``."""

    thread: Thread
    number: int
    pages: int
    before: int | None
    """Position of the last post of the page before, to tell a gap at the top of this one; ``None`` where not known."""
    posts: tuple[Post, ...]
    quotes: dict[int, list[Quote]]
    attachments: dict[int, list[Attachment]]
    comments: dict[int, list[Comment]]
    ratings: dict[int, list[Rating]]
    revisions: dict[int, int]
    cuts: dict[int, int]
    signatures: dict[int, tuple[str, str | None]]


_POST = """
    SELECT p.id, p.pid, p.position, p.floor_label, p.user_id, p.author_name, p.author_kind, u.group_title, p.created_at, p.created_at_precision,
        p.edited_at, p.edited_at_precision, p.edited_by, p.subject, p.text, p.html, p.state, p.extras
    FROM posts AS p LEFT JOIN users AS u ON u.id = p.user_id"""
_THREAD = """
    SELECT t.id, t.site_id, s.slug, t.tid, t.title, t.type_name, t.forum_id, f.name, coalesce(u.name, t.author_name), t.user_id, t.created_at,
        t.views, t.replies, t.pages_seen, t.pages_total, t.sticky, t.digest, t.closed, t.special, t.extras,
        (SELECT count(*) FROM posts AS p WHERE p.thread_id = t.id), (SELECT max(p.position) FROM posts AS p WHERE p.thread_id = t.id),
        (SELECT o.host FROM thread_sightings AS ts JOIN sources AS o ON o.id = ts.source_id
         WHERE ts.thread_id = t.id AND o.host IS NOT NULL LIMIT 1)
    FROM threads AS t
    JOIN sites AS s ON s.id = t.site_id
    LEFT JOIN forums AS f ON f.id = t.forum_id
    LEFT JOIN users AS u ON u.id = t.user_id
    WHERE t.id = ?"""


def read_thread(connection: sqlite3.Connection, thread_id: int) -> Thread | None:
    """Return the head of a thread (``threads.id``); ``None`` if there is none."""
    row = connection.execute(_THREAD, (thread_id,)).fetchone()
    if row is None:
        return None
    head = Thread._make(row)
    head = head._replace(extras=json.loads(row[19] or "{}"))
    return head if head.title else head._replace(title=_title(connection, thread_id))


def _title(connection: sqlite3.Connection, thread_id: int) -> str | None:
    row = connection.execute("SELECT title FROM threads_overview WHERE thread_id = ?", (thread_id,)).fetchone()
    return None if row is None else row[0]


def read_page(connection: sqlite3.Connection, thread_id: int, number: int) -> Page | None:
    """Return page ``number`` (from 1; beyond the last it is the last) of a thread with all that hangs on its posts."""
    thread = read_thread(connection, thread_id)
    if thread is None:
        return None
    pages = max(1, -(-thread.posts // PER_PAGE))
    number = min(max(1, number), pages)
    ids = [post_id for post_id, in connection.execute(
        f"SELECT p.id FROM posts AS p WHERE p.thread_id = ? ORDER BY {ORDER} LIMIT ? OFFSET ?",
        (thread_id, PER_PAGE + (number > 1), (number - 1) * PER_PAGE - (number > 1)),
    )]
    before: int | None = 0
    if number > 1:
        before, = connection.execute("SELECT position FROM posts WHERE id = ?", (ids.pop(0),)).fetchone()
    posts = read_posts(connection, ids)
    users = sorted({post.user_id for post in posts if post.user_id is not None})
    return Page(
        thread, number, pages, before, posts, _quotes(connection, ids, thread.site_id), _attachments(connection, ids),
        _comments(connection, ids), _ratings(connection, ids), _revisions(connection, ids), _cuts(connection, ids),
        _signatures(connection, users),
    )


def read_posts(connection: sqlite3.Connection, ids: Sequence[int]) -> tuple[Post, ...]:
    """Return posts in the order of ``ids``; those that are gone are left out."""
    found = {row[0]: Post._make((*row[:-1], json.loads(row[-1] or "{}"))) for row in connection.execute(f"{_POST} WHERE p.id IN {_marks(ids)}", ids)}
    return tuple(found[post_id] for post_id in ids if post_id in found)


def position_on_pages(connection: sqlite3.Connection, post_id: int) -> tuple[int, int] | None:
    """Return (``threads.id``, number of the page) where a post is read; ``None`` if there is no such post."""
    row = connection.execute("SELECT thread_id, position FROM posts WHERE id = ?", (post_id,)).fetchone()
    if row is None:
        return None
    thread_id, position = row
    if position is None:
        earlier = "p.position IS NOT NULL OR p.id < :id"
    else:
        earlier = "p.position < :position OR p.position = :position AND p.id < :id"
    rank, = connection.execute(
        f"SELECT count(*) FROM posts AS p WHERE p.thread_id = :thread AND ({earlier})", {"thread": thread_id, "position": position, "id": post_id},
    ).fetchone()
    return thread_id, rank // PER_PAGE + 1


def post_at(connection: sqlite3.Connection, thread_id: int, position: int) -> int | None:
    """Return ``posts.id`` of a floor; of the next one that is there if it is missing, else of the last."""
    row = connection.execute(
        "SELECT id FROM posts WHERE thread_id = ? AND position IS NOT NULL ORDER BY position < ?, abs(position - ?), id LIMIT 1",
        (thread_id, position, position),
    ).fetchone()
    return None if row is None else row[0]


def _marks(ids: Sequence[int]) -> str:
    return f"({', '.join('?' * len(ids))})"


def _hanging(
    connection: sqlite3.Connection, columns: str, ids: Sequence[int], make: Callable[[tuple[Any, ...]], Any],
) -> dict[int, list[Any]]:
    """Group rows by post; ``columns``: what to select and from where, the table named ``h``."""
    found: dict[int, list[Any]] = {}
    for post_id, *values in connection.execute(f"SELECT h.post_id, {columns} WHERE h.post_id IN {_marks(ids)} ORDER BY h.post_id, h.ordinal", ids):
        found.setdefault(post_id, []).append(make(tuple(values)))
    return found


def _quotes(connection: sqlite3.Connection, ids: Sequence[int], site_id: int) -> dict[int, list[Quote]]:
    columns = (
        "h.quoted_pid, h.quoted_author, h.text, q.id, q.position FROM quotes AS h"
        f" LEFT JOIN posts AS q ON q.site_id = {site_id} AND q.pid = h.quoted_pid AND h.quoted_pid IS NOT NULL"
    )
    return _hanging(connection, columns, ids, Quote._make)


def _attachments(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, list[Attachment]]:
    """Return each file of a post once: pages show one in the text and again in the list below it."""
    columns = "h.name, h.url, h.kind, h.size, h.downloads, h.source_id, h.aid FROM attachments AS h"
    return {post_id: _each_once(files) for post_id, files in _hanging(connection, columns, ids, Attachment._make).items()}


def _each_once(files: list[Attachment]) -> list[Attachment]:
    kept: list[Attachment] = []
    seen: set[object] = set()
    for file in files:
        keys: set[object] = {key for key in (("aid", file.aid), ("url", file.url)) if key[1]} or {(file.name, file.size)}
        if not keys & seen:
            kept.append(file)
        seen |= keys
    return kept


def _comments(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, list[Comment]]:
    return _hanging(connection, "h.author_name, h.created_at, h.text FROM comments AS h", ids, Comment._make)


def _ratings(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, list[Rating]]:
    return _hanging(
        connection, "h.author_name, h.scores, h.reason FROM ratings AS h", ids, lambda row: Rating(row[0], json.loads(row[1] or "{}"), row[2]),
    )


def _revisions(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, int]:
    return dict(connection.execute(f"SELECT post_id, count(*) FROM revisions WHERE post_id IN {_marks(ids)} GROUP BY post_id", ids))


def _cuts(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, int]:
    """Count the places cut in the sighting that shows the present text with the most cuts: sightings of one text are not added up."""
    return dict(connection.execute(
        f"SELECT post_id, max(json_array_length(cuts)) FROM sightings WHERE cuts IS NOT NULL AND post_id IN {_marks(ids)} GROUP BY post_id", ids,
    ))


def _signatures(connection: sqlite3.Connection, users: Sequence[int]) -> dict[int, tuple[str, str | None]]:
    """Return text and HTML of each user's latest signature."""
    rows = connection.execute(
        f"SELECT user_id, text, html FROM signatures WHERE user_id IN {_marks(users)} ORDER BY user_id, last_seen_at, id", users,
    )
    return {user_id: (text, html) for user_id, text, html in rows}
