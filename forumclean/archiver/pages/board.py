"""Sites, their forums, and the threads of a forum."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

PER_PAGE = 50
"""Threads of a page."""
Sort = Literal["last", "started", "replies", "views"]


class Forum(NamedTuple):
    """A forum of a board's front page. Times are UTC."""

    id: int
    site_id: int
    fid: int | None
    name: str | None
    type: str | None
    parent_fid: int | None
    description: str | None
    moderators: tuple[str, ...]
    threads: int
    """In the archive."""
    threads_stated: int | None
    """As the board counted them."""
    posts_stated: int | None
    last_post_title: str | None
    last_post_at: str | None
    last_post_author: str | None
    last_post_thread: int | None
    """``threads.id`` of the last post, where it is in the archive."""


class Site(NamedTuple):
    """A board."""

    id: int
    slug: str
    title: str | None
    threads: int
    posts: int
    first_post: str | None
    last_post: str | None
    forums: tuple[Forum, ...]
    homeless: int
    """Threads whose forum is not known."""


class Line(NamedTuple):
    """A thread in a list."""

    id: int
    title: str | None
    type_name: str | None
    author: str | None
    user_id: int | None
    started: str | None
    last_post: str | None
    last_author: str | None
    replies: int | None
    views: int | None
    posts: int
    """In the archive."""
    expected: int | None
    sticky: int | None
    digest: int | None
    closed: int | None
    special: str | None


class Listing(NamedTuple):
    """A page of a forum's threads."""

    forum: Forum | None
    """``None``: the threads whose forum is not known."""
    site: str
    types: tuple[tuple[str, int], ...]
    """Names of thread types with the number of their threads."""
    number: int
    pages: int
    total: int
    lines: tuple[Line, ...]


_FORUM = """
    SELECT f.id, f.site_id, f.fid, f.name, f.type, f.parent_fid, f.description, f.moderators,
        (SELECT count(*) FROM threads AS t WHERE t.forum_id = f.id), f.threads_count, f.posts_count, f.last_post_title, f.last_post_at,
        f.last_post_author, (SELECT t.id FROM threads AS t WHERE t.site_id = f.site_id AND t.tid = f.last_post_tid)
    FROM forums AS f"""
# what the last post of a thread is: the latest in the archive; for a thread known from lists only, what the list said
_KEYS: dict[Sort, str] = {
    "last": "coalesce(v.last_post, v.listed_last, v.started)", "started": "v.started", "replies": "coalesce(v.replies, v.posts - 1)", "views": "v.views",
}
_LINES = """
    SELECT t.id, t.title, t.type_name, coalesce(u.name, t.author_name) AS author, t.user_id, t.created_at AS started, t.replies, t.views,
        t.sticky, t.digest, t.closed, t.special,
        (SELECT max(p.created_at) FROM posts AS p WHERE p.thread_id = t.id) AS last_post,
        (SELECT count(*) FROM posts AS p WHERE p.thread_id = t.id) AS posts,
        (SELECT max(json_extract(ts.fields, '$.last_post_at')) FROM thread_sightings AS ts WHERE ts.thread_id = t.id) AS listed_last
    FROM threads AS t LEFT JOIN users AS u ON u.id = t.user_id"""


def _forum(row: tuple[object, ...]) -> Forum:
    forum = Forum._make(row)
    names = json.loads(str(row[7])) if row[7] else []
    return forum._replace(moderators=tuple(str(name) for name in names))


def read_sites(connection: sqlite3.Connection) -> tuple[Site, ...]:
    """Return every board with its forums, as its front page shows them: by parent, then by number."""
    forums = [_forum(row) for row in connection.execute(f"{_FORUM} ORDER BY f.site_id, f.fid IS NULL, f.fid, f.name")]
    sites = []
    known = connection.execute("SELECT id, slug, title FROM sites ORDER BY slug").fetchall()
    for site_id, slug, title in known:
        threads, homeless = connection.execute(
            "SELECT count(*), count(*) - count(forum_id) FROM threads WHERE site_id = ?", (site_id,),
        ).fetchone()
        posts, first, last = _posts_of(connection, None if len(known) == 1 else site_id)
        own = tuple(forum for forum in forums if forum.site_id == site_id)
        if threads or own:
            sites.append(Site(site_id, slug, title, threads, posts, first, last, own, homeless))
    return tuple(sites)


def _posts_of(connection: sqlite3.Connection, site_id: int | None) -> tuple[int, str | None, str | None]:
    """Count a board's posts, with the times of the first and the last; without a site those of all, which indexes alone can tell."""
    if site_id is None:
        sql = "SELECT (SELECT count(*) FROM posts), (SELECT min(created_at) FROM posts), (SELECT max(created_at) FROM posts)"
        row: tuple[int, str | None, str | None] = connection.execute(sql).fetchone()
    else:
        row = connection.execute("SELECT count(*), min(created_at), max(created_at) FROM posts WHERE site_id = ?", (site_id,)).fetchone()
    return row


def read_forum(  # noqa: PLR0913 - what a listing may be asked for
    connection: sqlite3.Connection, forum_id: int | None, *, site_id: int | None = None, number: int = 1, type_name: str | None = None,
    sort: Sort = "last",
) -> Listing | None:
    """Return page ``number`` of a forum's threads: sticky ones first, then by ``sort``, descending.

    ``forum_id`` ``None``: the threads of ``site_id`` whose forum is not known. Returns ``None`` if there is no such forum or site.
    """
    forum = None
    if forum_id is not None:
        row = connection.execute(f"{_FORUM} WHERE f.id = ?", (forum_id,)).fetchone()
        if row is None:
            return None
        forum = _forum(row)
        site_id = forum.site_id
    site = connection.execute("SELECT slug FROM sites WHERE id = ?", (site_id,)).fetchone()
    if site is None:
        return None
    where = "t.forum_id = ?" if forum else "t.forum_id IS NULL AND t.site_id = ?"
    asked: list[int | str | None] = [forum_id if forum else site_id]
    types = tuple(connection.execute(
        f"SELECT type_name, count(*) FROM threads AS t WHERE {where} AND type_name IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1", asked,
    ))
    if type_name is not None:
        where += " AND t.type_name = ?"
        asked.append(type_name)
    total, = connection.execute(f"SELECT count(*) FROM threads AS t WHERE {where}", asked).fetchone()
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, number), pages)
    ids = [thread_id for thread_id, in connection.execute(
        f"SELECT v.id FROM ({_LINES} WHERE {where}) AS v ORDER BY coalesce(v.sticky, 0) DESC, {_KEYS[sort]} DESC, v.id DESC LIMIT ? OFFSET ?",
        [*asked, PER_PAGE, (number - 1) * PER_PAGE],
    )]
    return Listing(forum, site[0], types, number, pages, total, read_lines(connection, ids))


def read_lines(connection: sqlite3.Connection, ids: list[int]) -> tuple[Line, ...]:
    """Return threads as a list shows them, in the order of ``ids``."""
    marks = ", ".join("?" * len(ids))
    rows = connection.execute(
        f"""SELECT v.id, coalesce(v.title, o.title), v.type_name, coalesce(v.author, o.author), v.user_id, coalesce(v.started, o.started),
            coalesce(v.last_post, v.listed_last),
            (SELECT p.author_name FROM posts AS p WHERE p.thread_id = v.id ORDER BY p.created_at DESC, p.position DESC LIMIT 1),
            v.replies, v.views, v.posts, o.posts_expected, v.sticky, v.digest, v.closed, v.special
        FROM ({_LINES} WHERE t.id IN ({marks})) AS v JOIN threads_overview AS o ON o.thread_id = v.id""",
        ids,
    )
    found = {row[0]: Line._make(row) for row in rows}
    return tuple(found[thread_id] for thread_id in ids if thread_id in found)


def read_timezones(connection: sqlite3.Connection) -> dict[int, str]:
    """Return ``sites.id`` → time zone, of the boards whose zone is known."""
    return dict(connection.execute("SELECT id, timezone FROM sites WHERE timezone IS NOT NULL"))


def sites_of(connection: sqlite3.Connection, threads: Sequence[int]) -> dict[int, int]:
    """Return ``threads.id`` → ``sites.id``."""
    return dict(connection.execute(f"SELECT id, site_id FROM threads WHERE id IN ({', '.join('?' * len(threads))})", threads))
