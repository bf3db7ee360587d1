"""Fields of a query: ``author:``, ``forum:``, ``before:`` and ``after:``, and what they mean in the archive's tables.

Names are compared as words are: without regard to case, width and accents. A forum is also found by its number, or by a part of its name.
Times of posts are UTC, and so are the days typed: ``after:2015 before:2016`` is the year 2015.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.search_words import fold
from forumclean.errors import UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

FIELDS = ("author", "forum", "before", "after")
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
_FORUMS_NAMED = 12
"""Forums listed in a note."""


class Filter(NamedTuple):
    """A field with its value; ``excluded``: written with a minus."""

    field: str
    value: str
    """Of ``before`` and ``after``: an ISO date, the first day that is not, or is, wanted."""
    excluded: bool = False


class Condition(NamedTuple):
    """SQL on the rows of a table, with its values."""

    sql: str
    values: tuple[object, ...] = ()


class Columns(NamedTuple):
    """What a table calls the things that fields are about; ``None``: it has no such thing."""

    user_id: str | None
    author: str
    forum: str | None
    """Condition on ``{forums}``, a list of ``forums.id``."""
    moment: str


COLUMNS = {
    "post": Columns("user_id", "author_name", "{table}thread_id IN (SELECT id FROM threads WHERE forum_id IN ({forums}))", "created_at"),
    "thread": Columns("user_id", "author_name", "{table}forum_id IN ({forums})", "created_at"),
    "document": Columns(None, "author", None, "published_at"),
}
"""By kind of what is found."""


def read_filter(field: str, value: str, *, excluded: bool = False) -> Filter:
    """Return a filter as typed. Raises ``UsageError`` for a value that is missing, or is no date."""
    field = field.lower()
    if not value:
        example = {"author": "author:老王", "forum": 'forum:"硬件 与服务器"', "before": "before:2015-06", "after": "after:2014"}[field]
        raise UsageError(f"{field}: needs its value right behind the colon, as in {example}")
    if field in {"before", "after"}:
        value = _day(field, value)
        # not before a day is from that day on
        return Filter({"before": "after", "after": "before"}[field] if excluded else field, value)
    return Filter(field, value, excluded)


def _day(field: str, value: str) -> str:
    found = _DAY.fullmatch(value)
    try:
        return date(*(int(part or 1) for part in found.groups())).isoformat()  # type: ignore[union-attr]
    except (AttributeError, ValueError):
        raise UsageError(f"{field}:{value} is no date: write a year, a month or a day, as in {field}:2015, {field}:2015-06, {field}:2015-06-30") from None


def conditions(connection: sqlite3.Connection, kind: str, filters: Sequence[Filter], table: str = "") -> list[Condition]:
    """Return what rows of a kind (``post``, ``thread``, ``document``) must fulfil; ``table``: the name before the columns, with its dot.

    Several authors, or forums, are alternatives.
    """
    columns, found = COLUMNS[kind], []
    for field, make in (("author", _author), ("forum", _forum)):
        for excluded in (False, True):
            values = [one.value for one in filters if one.field == field and one.excluded is excluded]
            if values:
                any_of = [make(connection, columns, value, table) for value in values]
                sql = " OR ".join(condition.sql for condition in any_of)
                # a row of which the author is not known is not by the author that is excluded
                sql = f"NOT coalesce(({sql}), 0)" if excluded else f"({sql})"
                found.append(Condition(sql, tuple(value for condition in any_of for value in condition.values)))
    times = [(columns.moment, "<" if one.field == "before" else ">=", one.value) for one in filters if one.field in {"before", "after"}]
    return found + [Condition(f"{table}{moment} {sign} ?", (day,)) for moment, sign, day in times]


def _author(connection: sqlite3.Connection, columns: Columns, value: str, table: str) -> Condition:
    users = author_ids(connection, value) if columns.user_id else []
    if users:
        return Condition(f"{table}{columns.user_id} IN ({', '.join('?' * len(users))})", tuple(users))
    return Condition(f"{table}{columns.author} = ? COLLATE NOCASE", (value,))


def author_ids(connection: sqlite3.Connection, name: str) -> list[int]:
    """Return ``users.id`` of all members who bear a name, or did."""
    exact = connection.execute("SELECT id FROM users WHERE name = ?1 UNION SELECT user_id FROM user_names WHERE name = ?1", (name,)).fetchall()
    if not exact:
        wanted = fold(name)
        rows = connection.execute("SELECT id, name FROM users UNION ALL SELECT user_id, name FROM user_names")
        exact = [(user_id,) for user_id, other in rows if other and fold(other) == wanted]
    return sorted({user_id for user_id, in exact})


def _forum(connection: sqlite3.Connection, columns: Columns, value: str, table: str) -> Condition:
    forums = forum_ids(connection, value)
    if not forums or columns.forum is None:
        return Condition("0")
    return Condition(columns.forum.format(table=table, forums=", ".join(map(str, forums))))


def forum_ids(connection: sqlite3.Connection, value: str) -> list[int]:
    """Return ``forums.id`` of the forums with a number or name, else of those whose name holds it."""
    wanted = fold(value)
    known = [(forum_id, fid, fold(name or "")) for forum_id, fid, name in connection.execute("SELECT id, fid, name FROM forums")]
    exact = [forum_id for forum_id, fid, name in known if name == wanted or str(fid) == wanted]
    return exact or [forum_id for forum_id, _, name in known if wanted in name]


def unknown_names(connection: sqlite3.Connection, filters: Sequence[Filter]) -> str | None:
    """Return a note for people on a forum or an author that the archive does not have; ``None`` if it has all."""
    for one in filters:
        if one.field == "forum" and not forum_ids(connection, one.value):
            names = [name for name, in connection.execute("SELECT name FROM forums WHERE name IS NOT NULL ORDER BY fid LIMIT ?", (_FORUMS_NAMED,))]
            return f"no forum is called {one.value}" + (f"; there are {', '.join(names)}" if names else "")
        if one.field == "author" and not author_ids(connection, one.value):
            return f"no member is called {one.value}: looked for guests of that name"
    return None
