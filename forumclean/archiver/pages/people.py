"""An author: who that is, the posts, the figures over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import sqlite3

PER_PAGE = 50
"""Posts of a page."""
EXCERPT = 160
"""Characters of a post in a list."""
_FIGURES = 2_000
"""Figures looked at, newest first: enough for years of captures."""


class Author(NamedTuple):
    """A member, or a name without one. Times are UTC."""

    user_id: int | None
    site_id: int
    site: str
    uid: int | None
    name: str | None
    group: str | None
    registered_at: str | None
    names: tuple[str, ...]
    """Other names the member was seen under."""
    posts: int
    threads: int
    first_post: str | None
    last_post: str | None
    first_seen: str | None
    """First capture of a page that shows a post of theirs."""
    last_seen: str | None
    signature: tuple[str, str | None] | None
    """Text and HTML of the latest."""


class Excerpt(NamedTuple):
    """A post in a list."""

    id: int
    thread_id: int
    title: str | None
    position: int | None
    created_at: str | None
    text: str | None


class Figure(NamedTuple):
    """A figure of the author panel over time."""

    name: str
    values: tuple[tuple[str | None, Any], ...]
    """(UTC time of the capture, value); only captures where the value changed."""


class Profile(NamedTuple):
    """An author with a page of posts, newest first."""

    author: Author
    number: int
    pages: int
    posts: tuple[Excerpt, ...]
    figures: tuple[Figure, ...]


def read_author(
    connection: sqlite3.Connection, *, user_id: int | None = None, name: str | None = None, site_id: int | None = None, number: int = 1,
) -> Profile | None:
    """Return an author by ``users.id``, or by name: a member of that name, else whoever posted under it without being one.

    ``site_id`` narrows a name down to a board. Returns ``None`` if there is nobody.
    """
    if user_id is None and name is not None:
        row = connection.execute("SELECT id FROM users WHERE name = ? AND (? IS NULL OR site_id = ?) ORDER BY id", (name, site_id, site_id)).fetchone()
        user_id = None if row is None else row[0]
    asked: tuple[int | str | None, ...]
    if user_id is not None:
        where, asked = "p.user_id = ?", (user_id,)
        who = connection.execute(
            "SELECT u.id, u.site_id, s.slug, u.uid, u.name, u.group_title, u.registered_at FROM users AS u JOIN sites AS s ON s.id = u.site_id"
            " WHERE u.id = ?", (user_id,),
        ).fetchone()
    else:
        where, asked = "p.user_id IS NULL AND p.author_name = ? AND (? IS NULL OR p.site_id = ?)", (name, site_id, site_id)
        who = connection.execute(
            f"SELECT NULL, p.site_id, s.slug, NULL, p.author_name, NULL, NULL FROM posts AS p JOIN sites AS s ON s.id = p.site_id WHERE {where} LIMIT 1",
            asked,
        ).fetchone()
    if who is None:
        return None
    totals = connection.execute(
        "SELECT count(*), count(DISTINCT p.thread_id), min(p.created_at), max(p.created_at), min(p.first_seen_at), max(p.last_seen_at)"
        f" FROM posts AS p WHERE {where}", asked,
    ).fetchone()
    author = Author._make((*who, _names(connection, user_id, who[4]), *totals, _signature(connection, user_id)))
    pages = max(1, -(-author.posts // PER_PAGE))
    number = min(max(1, number), pages)
    posts = connection.execute(
        f"SELECT p.id, p.thread_id, coalesce(t.title, p.subject, (SELECT o.title FROM threads_overview AS o WHERE o.thread_id = t.id)), p.position, p.created_at, substr(p.text, 1, {EXCERPT})"
        f" FROM posts AS p JOIN threads AS t ON t.id = p.thread_id WHERE {where}"
        " ORDER BY p.created_at DESC, p.id DESC LIMIT ? OFFSET ?",
        [*asked, PER_PAGE, (number - 1) * PER_PAGE],
    )
    return Profile(author, number, pages, tuple(map(Excerpt._make, posts)), _figures(connection, user_id))


def _names(connection: sqlite3.Connection, user_id: int | None, name: str | None) -> tuple[str, ...]:
    rows = connection.execute("SELECT name FROM user_names WHERE user_id = ? AND name IS NOT ? ORDER BY first_seen_at, name", (user_id, name))
    return tuple(other for other, in rows)


def _signature(connection: sqlite3.Connection, user_id: int | None) -> tuple[str, str | None] | None:
    row: tuple[str, str | None] | None = connection.execute(
        "SELECT text, html FROM signatures WHERE user_id = ? ORDER BY last_seen_at DESC, id DESC LIMIT 1", (user_id,),
    ).fetchone()
    return row


def _figures(connection: sqlite3.Connection, user_id: int | None) -> tuple[Figure, ...]:
    rows = connection.execute(
        "SELECT name, seen_at, value FROM user_stats WHERE user_id = ? ORDER BY seen_at IS NULL, seen_at DESC, sighting_id DESC LIMIT ?",
        (user_id, _FIGURES),
    ).fetchall()
    found: dict[str, list[tuple[str | None, Any]]] = {}
    for name, seen_at, value in reversed(rows):
        values = found.setdefault(name, [])
        if not values or values[-1][1] != value:
            values.append((seen_at, value))
    return tuple(Figure(name, tuple(values)) for name, values in sorted(found.items()))
