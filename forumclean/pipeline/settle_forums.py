"""Forums and their settings from the config blocks that were seen; sites from their sources."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from forumclean.archiver.configs import FACTS
from forumclean.archiver.connection import transaction, write

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

Row = tuple[Any, ...]

_DUE = "settle_forums"
"""Key in ``meta``, there while pages are settled whose sites and forums are not: JSON [[site_id, fid], …]."""
FORUMS_AT_ONCE = 200
"""Forums settled in one transaction."""

_COLUMNS = ", ".join(FACTS)
# the newest by its own last post; a block that was cut off only where no whole one is known
_NEWEST_FIRST = "ORDER BY complete DESC, last_post_at DESC, posts_count DESC, content_hash DESC"
_SEEN = "EXISTS (SELECT 1 FROM config_sightings WHERE config_id = forum_configs.id)"


def settle_forums(connection: sqlite3.Connection, new_from: int = 2**63) -> Counter[str]:
    """Derive the forums that unsettled sources have config blocks of. Those from the id ``new_from`` on do not count as changed."""
    connection.execute("DROP TABLE IF EXISTS temp.settle_forums")
    connection.execute("CREATE TEMP TABLE settle_forums (n INTEGER PRIMARY KEY, site_id, fid, name)")
    connection.execute(
        "INSERT INTO settle_forums (site_id, fid, name) SELECT c.site_id, c.fid, CASE WHEN c.fid IS NULL THEN c.name END"
        " FROM unsettled AS u JOIN config_sightings AS s ON s.source_id = u.source_id JOIN forum_configs AS c ON c.id = s.config_id"
        " WHERE c.fid IS NOT NULL OR c.name IS NOT NULL"
        " UNION SELECT s.site_id, s.fid, NULL FROM unsettled AS u JOIN forum_sightings AS s ON s.source_id = u.source_id"
        " UNION SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), NULL FROM json_each((SELECT value FROM meta WHERE key = ?))", (_DUE,))
    counts: Counter[str] = Counter()
    done = 0
    while forums := connection.execute(
        "SELECT n, site_id, fid, name FROM settle_forums WHERE n > ? ORDER BY n LIMIT ?", (done, FORUMS_AT_ONCE)).fetchall():
        with transaction(connection):
            for done, site_id, fid, name in forums:  # noqa: B007 - done is where the next lot begins
                counts[_derive(connection, site_id, fid, name, new_from)] += 1
    connection.execute("DROP TABLE temp.settle_forums")
    return +Counter({name: count for name, count in counts.items() if name})


def forum_of(connection: sqlite3.Connection, site_id: int, fid: int) -> int:
    """The id of a forum; one that is only known from its threads gets a row too."""
    row = connection.execute("SELECT id FROM forums WHERE site_id = ? AND fid = ?", (site_id, fid)).fetchone()
    if row is None:
        row = (connection.execute("INSERT INTO forums (site_id, fid) VALUES (?, ?)", (site_id, fid)).lastrowid,)
    return int(row[0])


def drop_unused_forums(connection: sqlite3.Connection) -> None:
    """Config blocks that no source prints any more, and forums that nothing speaks of."""
    gone = f"SELECT id FROM forum_configs WHERE NOT {_SEEN}"
    connection.execute(f"UPDATE forums SET config_id = NULL WHERE config_id IN ({gone})")
    connection.execute(f"DELETE FROM forum_configs WHERE id IN ({gone})")
    unused = (
        "SELECT id FROM forums AS f WHERE config_id IS NULL AND NOT EXISTS (SELECT 1 FROM threads WHERE forum_id = f.id)"
        " AND NOT EXISTS (SELECT 1 FROM forum_sightings AS s WHERE s.site_id = f.site_id AND s.fid = f.fid)"
    )
    connection.execute(f"DELETE FROM forum_settings WHERE forum_id IN ({unused})")
    connection.execute(f"DELETE FROM forums WHERE id IN ({unused})")


def drop_unused_sites(connection: sqlite3.Connection) -> None:
    """Sites whose pages have all turned out to be another's go."""
    empty = " AND ".join(f"NOT EXISTS (SELECT 1 FROM {table} WHERE site_id = s.id)" for table in _OF_SITES)
    connection.execute(f"DELETE FROM site_hosts WHERE site_id IN (SELECT s.id FROM sites AS s WHERE {empty})")
    connection.execute(f"DELETE FROM sites AS s WHERE {empty}")


_OF_SITES = ("sources", "threads", "posts", "users", "user_names", "forums", "forum_configs", "forum_sightings")
"""Tables with rows of a site."""


def is_due(connection: sqlite3.Connection) -> bool:
    """Whether pages are settled whose sites and forums are not; see ``note_due``."""
    return _noted(connection) is not None


def note_due(connection: sqlite3.Connection, forums: Iterable[tuple[int, int]]) -> None:
    """Note that pages are settled, but not yet their sites and the forums (site and fid) that they speak of."""
    old = _noted(connection)
    new = sorted({*(old or ()), *forums})
    if new != old:
        connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (_DUE, json.dumps(new)))


def _noted(connection: sqlite3.Connection) -> list[tuple[int, int]] | None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_DUE,)).fetchone()
    return None if row is None else [(site_id, fid) for site_id, fid in json.loads(row[0])]


def settle_sites(connection: sqlite3.Connection) -> None:
    """Engine, charset and time zone of a site are what most of its sources say; a stated zone goes before an assumed one. Last in a pass."""
    connection.execute("DELETE FROM meta WHERE key = ?", (_DUE,))
    for (site_id,) in connection.execute("SELECT id FROM sites").fetchall():
        new = tuple(value for find in (_engine, _charset, _zone) for value in find(connection, site_id))
        names = "engine, charset, timezone, timezone_source"
        if connection.execute(f"SELECT {names} FROM sites WHERE id = ?", (site_id,)).fetchone() != new:
            connection.execute(f"UPDATE sites SET ({names}) = (?, ?, ?, ?) WHERE id = ?", (*new, site_id))


_ARTICLES = "('article', 'text')"
"""Kinds of documents: what reads them is no engine of a board."""


def _engine(connection: sqlite3.Connection, site_id: int) -> Row:
    return connection.execute(
        f"SELECT engine FROM sources WHERE site_id = ? AND engine IS NOT NULL AND kind NOT IN {_ARTICLES}"
        " GROUP BY engine ORDER BY count(*) DESC, engine LIMIT 1", (site_id,)).fetchone() or (None,)


def _charset(connection: sqlite3.Connection, site_id: int) -> Row:
    return connection.execute(
        f"SELECT encoding FROM sources WHERE site_id = ? AND encoding IS NOT NULL AND kind NOT IN {_ARTICLES}"
        " GROUP BY encoding ORDER BY count(*) DESC, encoding LIMIT 1", (site_id,)).fetchone() or (None,)


def _zone(connection: sqlite3.Connection, site_id: int) -> Row:
    row = connection.execute(
        "SELECT timezone, timezone_source FROM sources WHERE site_id = ? AND timezone IS NOT NULL GROUP BY timezone, timezone_source"
        " ORDER BY CASE timezone_source WHEN 'page' THEN 0 WHEN 'option' THEN 1 ELSE 2 END, count(*) DESC, timezone LIMIT 1",
        (site_id,)).fetchone()
    return row or (None, None)


def _derive(connection: sqlite3.Connection, site_id: int, fid: int | None, name: str | None, new_from: int) -> str:
    """Compute one forum; returns what became of it, for the counts."""
    where, key = ("fid = ?", fid) if fid is not None else ("fid IS NULL AND name = ?", name)
    indexed = "ifnull(fid, -1) = ?" if fid is not None else "ifnull(fid, -1) = -1 AND name = ?"  # as forum_configs_key has it
    configs = f"FROM forum_configs WHERE site_id = ? AND {indexed} AND {_SEEN} {_NEWEST_FIRST}"
    winner = connection.execute(f"SELECT id {configs} LIMIT 1", (site_id, key)).fetchone()
    facts = _facts(connection, configs, (site_id, key))
    if fid is not None:
        facts = {**_listed(connection, site_id, fid), **facts}
    if winner is None and not facts:
        return ""
    config_id = winner[0] if winner else None
    new = (*(_column(facts.get(column)) for column in FACTS), config_id)
    old = connection.execute(f"SELECT id, {_COLUMNS}, config_id FROM forums WHERE site_id = ? AND {where}", (site_id, key)).fetchone()
    if old is None:
        marks = ", ".join("?" * (len(new) + 2))
        cursor = write(connection, f"INSERT INTO forums (site_id, fid, {_COLUMNS}, config_id) VALUES ({marks})", (site_id, fid, *new))
        _settings(connection, int(cursor.lastrowid or 0), config_id)
        return "forums"
    if old[1:] != new:
        write(connection, f"UPDATE forums SET ({_COLUMNS}, config_id) = ({', '.join('?' * len(new))}) WHERE id = ?", (*new, old[0]))
    changed = _settings(connection, old[0], config_id)
    return "changed forums" if old[0] < new_from and (old[1:] != new or changed) else ""


def _facts(connection: sqlite3.Connection, configs: str, key: Row) -> dict[str, Any]:
    """Each fact from the newest block that states it."""
    facts: dict[str, Any] = {}
    for (stated,) in connection.execute(f"SELECT facts {configs}", key):
        facts = {**json.loads(stated), **facts}
        if len(facts) == len(FACTS):
            break
    return facts


def _listed(connection: sqlite3.Connection, site_id: int, fid: int) -> dict[str, Any]:
    """What lists and breadcrumbs say, each fact from the latest page that states it.

    The index adds the figures of sub-forums to those of their parent and says so; such sums are no facts about the forum.
    """
    facts: dict[str, Any] = {}
    for stated, _ in connection.execute(
        "SELECT f.fields, max(ifnull(s.captured_at, '') || ' ' || s.sha256) AS seen FROM forum_sightings AS f"
        " JOIN sources AS s ON s.id = f.source_id WHERE f.site_id = ? AND f.fid = ? GROUP BY f.fields ORDER BY seen DESC", (site_id, fid)):
        fields = json.loads(stated)
        if fields.get("counts_with_subforums"):
            fields = {name: value for name, value in fields.items() if not name.endswith("_count")}
        facts = {**fields, **facts}
    return facts


def _column(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple) else value


def _settings(connection: sqlite3.Connection, forum_id: int, config_id: int | None) -> bool:
    """Make ``forum_settings`` the leaves of this block, touching only rows that differ; whether any did."""
    (printed,) = connection.execute("SELECT settings FROM forum_configs WHERE id = ?", (config_id,)).fetchone() or ("[]",)
    new = {path: (value, kind, int(decoded)) for path, value, kind, decoded in json.loads(printed)}
    old = {row[0]: row[1:] for row in connection.execute(
        "SELECT path, value, value_type, decoded FROM forum_settings WHERE forum_id = ?", (forum_id,))}
    gone = [(forum_id, path) for path in old if path not in new]
    changed = [(forum_id, path, *row) for path, row in new.items() if old.get(path) != row]
    connection.executemany("DELETE FROM forum_settings WHERE forum_id = ? AND path = ?", gone)
    connection.executemany(
        "INSERT INTO forum_settings (forum_id, path, value, value_type, decoded) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (forum_id, path) DO UPDATE SET value = excluded.value, value_type = excluded.value_type, decoded = excluded.decoded",
        changed)
    return bool(gone or changed)
