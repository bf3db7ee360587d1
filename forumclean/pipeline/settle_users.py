"""Users, their names over time and their signatures: what threads settle one by one, gathered over the whole archive.

All of it only grows: spans of time widen, names are added. So the order of threads does not matter. Two things do not grow: a bare name
stops meaning a member when a second member turns up under it, and what only a replaced reading said has to go. Both ask for everything to
be settled anew (``Users.ambiguous``; ``finish_everything``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

from forumclean.archiver.connection import write
from forumclean.archiver.rows import NOBODY

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

CACHED = 50_000
"""Users kept in mind between two transactions."""

Span = tuple[str | None, str | None]

_CONFIRMED = (
    "CREATE TEMP TABLE confirmed_user_names (user_id, name, first_seen_at, last_seen_at, PRIMARY KEY (user_id, name))",
    "CREATE TEMP TABLE confirmed_signatures (user_id, text, first_seen_at, last_seen_at, PRIMARY KEY (user_id, text))",
)
_UNUSED = " AND ".join(
    f"NOT EXISTS (SELECT 1 FROM {table} WHERE user_id = users.id)" for table in ("posts", "threads", "user_stats", "signatures", "user_names"))


class Users:
    """The users of one settle."""

    def __init__(self, connection: sqlite3.Connection, *, everything: bool) -> None:
        """``everything``: the whole archive is settled, so note what is confirmed; see ``finish_everything``."""
        self.connection = connection
        self.everything = everything
        self.ambiguous = False
        """A bare name that was taken for a member may mean two by now."""
        self._members: dict[tuple[int, int], int] = {}
        self._named: dict[tuple[int, str], int] = {}
        self._names: dict[tuple[int, int, str], Span] = {}
        self._signatures: dict[tuple[int, str], Span] = {}
        self._signature_html: dict[tuple[int, str], str] = {}
        self._details: dict[int, tuple[str, Any, Any]] = {}
        self._released: set[int] = set()
        if everything:
            for table in ("user_names", "signatures"):
                connection.execute(f"DROP TABLE IF EXISTS temp.confirmed_{table}")
            for statement in _CONFIRMED:
                connection.execute(statement)

    def author(self, site_id: int, uid: Any, name: Any, kind: Any) -> int | None:
        """The user whom a folded post or thread names; ``None`` for guests and where nobody is named."""
        if is_uid(uid):
            return self._member(site_id, uid)
        if not isinstance(name, str) or not name or kind in NOBODY:
            return None
        return self._called(site_id, name)

    def saw(self, site_id: int, fields: Mapping[str, Any], span: Span) -> None:
        """One sighting of an author: the signature, and of a member name and particulars (``author_group``, ``author_registered_at``)."""
        get = fields.get
        uid, name = get("author_uid"), get("author_name")
        if "signature" in fields:
            self._signed(site_id, fields, span)
        if not is_uid(uid) or not isinstance(name, str) or not name:
            return
        user_id = self._member(site_id, uid)
        key = (user_id, site_id, name)
        if (known := self._names.get(key)) != span:
            self._names[key] = wider(known, span)
        group, since = get("author_group"), get("author_registered_at")
        if group is not None or since is not None:
            detail = (span[1] or "", group, since)
            old = self._details.get(user_id)
            if old is None or (old != detail and _key(detail) > _key(old)):
                self._details[user_id] = detail

    def _signed(self, site_id: int, fields: Mapping[str, Any], span: Span) -> None:
        signature, html = _signature(fields["signature"])
        if not signature:
            return
        # whose it is says the page that shows it, whoever a better view of the post names
        author = self.author(site_id, fields.get("author_uid"), fields.get("author_name"), fields.get("author_kind"))
        if author is None:
            return
        self._signatures[author, signature] = wider(self._signatures.get((author, signature)), span)
        if html:
            self._signature_html[author, signature] = min(html, self._signature_html.get((author, signature), html))

    def released(self, user_id: int) -> None:
        """Note that a row does not refer to this user any more: it goes if nothing else does."""
        self._released.add(user_id)

    def flush(self) -> None:
        """Write what was gathered; part of the transaction that settles the threads."""
        touched = self._flush_names()
        self._flush_signatures()
        self._flush_details()
        for site_id, name in touched:
            self._merge(site_id, name)
        for user_id in self._released:
            self.connection.execute(f"DELETE FROM users WHERE id = ? AND {_UNUSED}", (user_id,))
        for gathered in (self._names, self._signatures, self._signature_html, self._details):
            gathered.clear()
        if self._released or touched or len(self._members) + len(self._named) > CACHED:
            self._members.clear()
            self._named.clear()
        self._released.clear()

    def _member(self, site_id: int, uid: int) -> int:
        key = (site_id, uid)
        if (user_id := self._members.get(key)) is None:
            row = self.connection.execute("SELECT id FROM users WHERE site_id = ? AND uid = ?", key).fetchone()
            if row is None:
                cursor = self.connection.execute("INSERT INTO users (site_id, uid) VALUES (?, ?)", key)
                row = (cursor.lastrowid,)
            user_id = self._members[key] = int(row[0])
        return user_id

    def _called(self, site_id: int, name: str) -> int:
        """The only member ever seen under this name, else a user of whom only the name is known."""
        key = (site_id, name)
        if (user_id := self._named.get(key)) is None:
            found = self._owners(site_id, name)
            if len(found) == 1:
                user_id = found[0]
            else:
                row = self.connection.execute("SELECT id FROM users WHERE site_id = ? AND name = ? AND uid IS NULL", key).fetchone()
                if row is None:
                    row = (write(self.connection, "INSERT INTO users (site_id, name) VALUES (?, ?)", key).lastrowid,)
                user_id = int(row[0])
            self._named[key] = user_id
        return user_id

    def _owners(self, site_id: int, name: str) -> list[int]:
        rows = self.connection.execute("SELECT user_id FROM user_names WHERE site_id = ? AND name = ? LIMIT 2", (site_id, name))
        return [row[0] for row in rows]

    def _flush_names(self) -> set[tuple[int, str]]:
        """Write names and make the latest the name of its user; returns names that a member is seen under for the first time."""
        touched = set()
        for (user_id, site_id, name), span in self._names.items():
            if self._widen("user_names", "name", (user_id, name), span):
                write(
                    self.connection, "INSERT INTO user_names (user_id, site_id, name, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, ?)",
                    (user_id, site_id, name, *span))
                touched.add((site_id, name))
        self.connection.executemany(
            "UPDATE users SET name = n.name FROM (SELECT name FROM user_names WHERE user_id = ?1 ORDER BY last_seen_at DESC, name DESC LIMIT 1)"
            " AS n WHERE id = ?1 AND users.name IS NOT n.name", [(user_id,) for user_id in {key[0] for key in self._names}])
        return touched

    def _flush_signatures(self) -> None:
        for (user_id, text), span in self._signatures.items():
            if self._widen("signatures", "text", (user_id, text), span):
                write(
                    self.connection, "INSERT INTO signatures (user_id, text, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?)",
                    (user_id, text, *span))
        # of the ways in which one text was marked up, the first in order: whatever was seen first
        self.connection.executemany(
            "UPDATE signatures SET html = ?3 WHERE user_id = ?1 AND text = ?2 AND (html IS NULL OR html > ?3)",
            [(*key, html) for key, html in self._signature_html.items()])

    def _widen(self, table: str, column: str, key: tuple[int, str], span: Span) -> bool:
        """Widen the span of a row if need be; True if there is no such row yet."""
        if self.everything:
            write(
                self.connection,
                f"INSERT INTO temp.confirmed_{table} (user_id, {column}, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?)"
                f" ON CONFLICT (user_id, {column}) DO UPDATE SET first_seen_at = {_least('first_seen_at')},"
                f" last_seen_at = {_greatest('last_seen_at')}", (*key, *span))
        old = self.connection.execute(f"SELECT first_seen_at, last_seen_at FROM {table} WHERE user_id = ? AND {column} = ?", key).fetchone()
        if old is None:
            return True
        new = wider(old, span)
        if new != old:
            self.connection.execute(f"UPDATE {table} SET first_seen_at = ?, last_seen_at = ? WHERE user_id = ? AND {column} = ?", (*new, *key))
        return False

    def _flush_details(self) -> None:
        for user_id, (seen_at, group, since) in self._details.items():
            old = self.connection.execute("SELECT seen_at, group_title, registered_at FROM users WHERE id = ?", (user_id,)).fetchone()
            if old[0] is None or _key((seen_at, group, since)) > _key(old):
                write(
                    self.connection, "UPDATE users SET seen_at = ?, group_title = ifnull(?, group_title), registered_at = ifnull(?, registered_at)"
                    " WHERE id = ?", (seen_at, group, since, user_id))

    def _merge(self, site_id: int, name: str) -> None:
        """After a member was seen under a name: what was known by the bare name is his, unless he is not the only one."""
        owners = self._owners(site_id, name)
        if len(owners) > 1:
            self.ambiguous = self.ambiguous or self._taken_for_member(site_id, name)
            return
        row = self.connection.execute("SELECT id FROM users WHERE site_id = ? AND name = ? AND uid IS NULL", (site_id, name)).fetchone()
        if row is None:
            return
        bare, member = row[0], owners[0]
        for table in ("posts", "threads", "user_stats"):
            self.connection.execute(f"UPDATE {table} SET user_id = ? WHERE user_id = ?", (member, bare))
        for table, column in (("signatures", "text"), ("temp.confirmed_signatures", "text")) if self.everything else (("signatures", "text"),):
            self.connection.execute(
                f"INSERT INTO {table} (user_id, {column}, first_seen_at, last_seen_at)"
                f" SELECT ?, {column}, first_seen_at, last_seen_at FROM {table} WHERE user_id = ?"
                f" ON CONFLICT (user_id, {column}) DO UPDATE SET first_seen_at = {_least('first_seen_at')},"
                f" last_seen_at = {_greatest('last_seen_at')}", (member, bare))
            self.connection.execute(f"DELETE FROM {table} WHERE user_id = ?", (bare,))
        self.connection.execute("DELETE FROM users WHERE id = ?", (bare,))

    def _taken_for_member(self, site_id: int, name: str) -> bool:
        """Whether something said by a bare name has been given, or may have been given (signatures), to a member of that name."""
        owners = "SELECT user_id FROM user_names WHERE site_id = ?1 AND name = ?2"
        bare = f"user_id IN ({owners}) AND author_uid IS NULL AND author_name = ?2"
        queries = (
            f"SELECT 1 FROM posts WHERE {bare} LIMIT 1", f"SELECT 1 FROM threads WHERE {bare} LIMIT 1",
            f"SELECT 1 FROM signatures WHERE user_id IN ({owners}) LIMIT 1",
        )
        return any(self.connection.execute(query, (site_id, name)).fetchone() for query in queries)


def _signature(stated: Any) -> tuple[str | None, str | None]:
    """Text and HTML of a signature: views without HTML state a bare text."""
    text, html = (stated.get("text"), stated.get("html")) if isinstance(stated, dict) else (stated, None)
    return (text if isinstance(text, str) else None), (html if isinstance(html, str) else None)


def finish_everything(connection: sqlite3.Connection) -> None:
    """After everything was settled: names and signatures that no sighting states any more go, spans shrink, unused users go."""
    for table, column in (("user_names", "name"), ("signatures", "text")):
        connection.execute(
            f"DELETE FROM {table} WHERE NOT EXISTS (SELECT 1 FROM temp.confirmed_{table} AS c"
            f" WHERE c.user_id = {table}.user_id AND c.{column} = {table}.{column})")
        connection.execute(
            f"UPDATE {table} SET first_seen_at = c.first_seen_at, last_seen_at = c.last_seen_at FROM temp.confirmed_{table} AS c"
            f" WHERE c.user_id = {table}.user_id AND c.{column} = {table}.{column}"
            f" AND (c.first_seen_at IS NOT {table}.first_seen_at OR c.last_seen_at IS NOT {table}.last_seen_at)")
        connection.execute(f"DROP TABLE temp.confirmed_{table}")
    connection.execute(f"DELETE FROM users WHERE {_UNUSED}")


def is_uid(uid: Any) -> TypeGuard[int]:
    """Whether this can be the number of a member; guests have 0."""
    return isinstance(uid, int) and 0 < uid < 2**63


def wider(old: Span | None, new: Span) -> Span:
    """The span that covers both; a capture of unknown time widens nothing."""
    if old is None or old == new:
        return new
    first = old[0] if new[0] is None or (old[0] is not None and old[0] < new[0]) else new[0]
    last = old[1] if new[1] is None or (old[1] is not None and old[1] > new[1]) else new[1]
    return (first, last)


def _least(column: str) -> str:
    return f"min(ifnull({column}, excluded.{column}), ifnull(excluded.{column}, {column}))"


def _greatest(column: str) -> str:
    return f"max(ifnull({column}, excluded.{column}), ifnull(excluded.{column}, {column}))"


def _key(detail: tuple[Any, Any, Any]) -> tuple[str, str, str]:
    return (detail[0] or "", str(detail[1] or ""), str(detail[2] or ""))
