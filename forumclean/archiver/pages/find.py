"""From the numbers of an old URL to the row that holds what it led to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.views import MOVED_TO

if TYPE_CHECKING:
    import sqlite3


class Found(NamedTuple):
    """Where to go. ``kind``: ``post``, ``thread``, ``forum``, ``author`` or ``board``; ``id`` of its row."""

    kind: str
    id: int | None = None


class Asked(NamedTuple):
    """The numbers and the host that a URL states."""

    host: str | None = None
    tid: int | None = None
    fid: int | None = None
    pid: int | None = None
    uid: int | None = None
    page: int | None = None
    name: str | None = None
    """Of a user."""


_THREAD = f"SELECT coalesce({MOVED_TO}, t.id) FROM threads AS t WHERE site_id IN {{}} AND tid = ?"
"""The address of a thread that was moved leads to where it is now."""


def find(connection: sqlite3.Connection, asked: Asked) -> Found | None:
    """Return the row that the most exact of the numbers names; ``None`` if the archive has none.

    Numbers count within a board: the host picks the board it belongs to; without a host, or with one nobody knows, any board will do
    (``is_foreign`` tells that it is a guess).
    """
    sites = _sites(connection, asked.host)
    if asked.pid is not None and (post := _one(connection, "SELECT id FROM posts WHERE site_id IN {} AND pid = ?", sites, asked.pid)):
        return Found("post", post)
    if asked.tid is not None and (thread := _one(connection, _THREAD, sites, asked.tid)):
        first = _first_on_page(connection, thread, asked.page)
        return Found("thread", thread) if first is None else Found("post", first)
    if asked.fid is not None and (forum := _one(connection, "SELECT id FROM forums WHERE site_id IN {} AND fid = ?", sites, asked.fid)):
        return Found("forum", forum)
    if asked.uid is not None and (user := _one(connection, "SELECT id FROM users WHERE site_id IN {} AND uid = ?", sites, asked.uid)):
        return Found("author", user)
    if asked.name is not None and (user := _one(connection, "SELECT id FROM users WHERE site_id IN {} AND name = ?", sites, asked.name)):
        return Found("author", user)
    return None


def hosts(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the hosts of all boards of the archive."""
    return frozenset(host for host, in connection.execute("SELECT host FROM site_hosts UNION SELECT slug FROM sites"))


def is_foreign(connection: sqlite3.Connection, host: str | None) -> bool:
    """Tell whether a host is none of the archive's boards; never without a host, or where no page said which host it is from."""
    if host is None or host in hosts(connection):
        return False
    return connection.execute("SELECT 1 FROM site_hosts LIMIT 1").fetchone() is not None


def _sites(connection: sqlite3.Connection, host: str | None) -> list[int]:
    known = [site_id for site_id, in connection.execute(
        "SELECT site_id FROM site_hosts WHERE host = ?1 UNION SELECT id FROM sites WHERE slug = ?1", (host,),
    )]
    return known or [site_id for site_id, in connection.execute("SELECT id FROM sites ORDER BY id")]


def _one(connection: sqlite3.Connection, sql: str, sites: list[int], value: int | str) -> int | None:
    row = connection.execute(f"{sql.format('(' + ', '.join('?' * len(sites)) + ')')} ORDER BY site_id, id LIMIT 1", (*sites, value)).fetchone()
    return None if row is None else int(row[0])


def _first_on_page(connection: sqlite3.Connection, thread_id: int, page: int | None) -> int | None:
    """Return the first post that was seen on a later page of the thread; our own pages are cut in another way."""
    if page is None or page < 2:  # noqa: PLR2004 - page 1 is the thread itself
        return None
    row = connection.execute(
        "SELECT p.id FROM posts AS p JOIN sightings AS si ON si.post_id = p.id WHERE p.thread_id = ? AND si.page = ?"
        " AND si.view IN ('desktop', 'flattened') ORDER BY p.position IS NULL, p.position, p.id LIMIT 1",
        (thread_id, page),
    ).fetchone()
    return None if row is None else int(row[0])
