"""Which thread a page belongs to, and the row of that thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.archiver.connection import write
from forumclean.archiver.ranks import VIEW_RANK
from forumclean.archiver.rows import of_json
from forumclean.pipeline.fold import THREAD_COLUMNS, fold_thread
from forumclean.pipeline.settle_forums import forum_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from forumclean.pipeline.settle_users import Users

ROW = ("forum_id", "user_id", *THREAD_COLUMNS, "pages_seen")


class Source(NamedTuple):
    """A page of a thread, or a list page with a row about it."""

    id: int
    first: str | None
    """Earliest capture."""
    last: str | None
    """Latest capture."""
    stated_at: str | None
    """``first``, unless only the time of the file is known."""
    order: tuple[int, str, str]
    """For identity: richest view first, then the earliest capture."""
    worth: tuple[int, str, str]
    """For folding: the greatest wins (richest view, then latest capture, then hash)."""
    host: str | None
    """Of the board, as the page says it."""


class About(NamedTuple):
    """What one source says about a thread."""

    source: Source
    ordinal: int
    fid: int | None
    page: int | None
    fields: Mapping[str, Any]


SOURCE = "s.id, s.sha256, s.view, s.captured_at, ifnull(s.recaptured_at, s.captured_at), s.captured_how, s.host"
"""Columns of ``sources AS s`` that ``source_of`` reads."""


def source_of(row: Sequence[Any]) -> Source:
    """A source from its ``SOURCE`` columns."""
    source_id, sha256, view, first, last, how, host = row
    rank = VIEW_RANK.get(view, 0)
    stated_at = None if how == "mtime" else first
    return Source(source_id, first, last, stated_at, (-rank, first or "", sha256), (rank, last or "", sha256), host)


def thread_by_tid(connection: sqlite3.Connection, site_id: int, tid: int, source_ids: Sequence[int]) -> int:
    """The thread with this tid, made if need be; the sources' rows about it are linked to it."""
    row = connection.execute("SELECT id FROM threads WHERE site_id = ? AND tid = ?", (site_id, tid)).fetchone()
    if row is None:
        row = (connection.execute("INSERT INTO threads (site_id, tid) VALUES (?, ?)", (site_id, tid)).lastrowid,)
    connection.executemany(
        "UPDATE thread_sightings SET thread_id = ?1 WHERE source_id = ?2 AND tid = ?3 AND thread_id IS NOT ?1",
        [(row[0], source_id, tid) for source_id in source_ids])
    return int(row[0])


def thread_of_source(connection: sqlite3.Connection, site_id: int, source_id: int) -> int:
    """The thread of a page without a tid: it shares it with every page ever found at the same place."""
    members = _same_places(connection, source_id)
    marks = ", ".join("?" * len(members))
    key = min(row[0] for row in connection.execute(f"SELECT sha256 FROM sources WHERE id IN ({marks})", members))
    old: list[int] = [row[0] for row in connection.execute(
        f"SELECT t.id FROM thread_sightings AS s JOIN threads AS t ON t.id = s.thread_id WHERE s.source_id IN ({marks})"
        " AND s.ordinal = 0 AND t.tid IS NULL UNION"
        # a page that was read anew has lost its link, but not its thread
        f" SELECT t.id FROM threads AS t JOIN sources AS o ON o.sha256 = t.source_key WHERE o.id IN ({marks}) AND t.site_id = ? AND t.tid IS NULL"
        " ORDER BY 1", [*members, *members, site_id])]
    if not old:
        old = [int(connection.execute("INSERT INTO threads (site_id, source_key) VALUES (?, ?)", (site_id, key)).lastrowid or 0)]
    thread_id = old[0]
    connection.execute(
        f"UPDATE thread_sightings SET thread_id = ? WHERE ordinal = 0 AND thread_id IS NOT ? AND source_id IN ({marks})",
        (thread_id, thread_id, *members))
    for other in old[1:]:
        # their posts are found again through their sightings, which belong to this thread now
        connection.execute("UPDATE posts SET thread_id = ? WHERE thread_id = ?", (thread_id, other))
        connection.execute("DELETE FROM threads WHERE id = ?", (other,))
    connection.execute("UPDATE threads SET source_key = ? WHERE id = ? AND source_key IS NOT ?", (key, thread_id, key))
    return thread_id


def _same_places(connection: sqlite3.Connection, source_id: int) -> list[int]:
    """This source and all that are linked to it by common places, among pages of the site that have posts but no tid."""
    found = {source_id}
    fresh = [source_id]
    while fresh:
        others = connection.execute(
            'SELECT DISTINCT b.source_id FROM source_paths AS a JOIN source_paths AS b ON b.place = a.place AND b.member IS a.member'
            ' AND b."offset" IS a."offset" JOIN thread_sightings AS t ON t.source_id = b.source_id AND t.ordinal = 0 AND t.tid IS NULL'
            " JOIN sources AS s ON s.id = b.source_id WHERE a.source_id = ?1 AND s.site_id = (SELECT site_id FROM sources WHERE id = ?1)",
            (fresh.pop(),))
        new = [row[0] for row in others if row[0] not in found]
        found.update(new)
        fresh += new
    return sorted(found)


def about(connection: sqlite3.Connection, thread_id: int) -> list[About]:
    """All that was seen of a thread, best source first."""
    rows = connection.execute(
        f"SELECT t.ordinal, t.fid, t.page, t.fields, {SOURCE} FROM thread_sightings AS t JOIN sources AS s ON s.id = t.source_id"
        " WHERE t.thread_id = ?", (thread_id,))
    found = [About(source_of(row[4:]), row[0], row[1], row[2], of_json(row[3])) for row in rows]
    found.sort(key=lambda one: (one.source.worth, -one.ordinal), reverse=True)
    return found


def derive_thread(
    connection: sqlite3.Connection, users: Users, site_id: int, thread_id: int, seen: Sequence[About],
) -> tuple[Any, ...] | None:
    """Compute the row of a thread whose posts are settled; returns what its ``ROW`` was, ``None`` where that changed nothing."""
    values = thread_row(users, site_id, seen, _first_post(connection, thread_id), _forum(connection, site_id, thread_id, seen))
    names = ", ".join(ROW)
    old: tuple[Any, ...] = connection.execute(f"SELECT {names} FROM threads WHERE id = ?", (thread_id,)).fetchone()
    if old == values:
        return None
    write(connection, f"UPDATE threads SET ({names}) = ({', '.join('?' * len(values))}) WHERE id = ?", (*values, thread_id))
    if old[1] is not None and old[1] != values[1]:
        users.released(old[1])
    return old


def thread_row(users: Users, site_id: int, seen: Sequence[About], first: Sequence[Any], forum_id: int | None) -> tuple[Any, ...]:
    """``ROW`` of a thread. ``first``: author uid, name and kind and time of the post that opens it, as far as it is known."""
    folded = fold_thread([one.fields for one in seen], [one.fields for one in seen if one.ordinal])
    for one in seen:
        users.saw(site_id, one.fields, (one.source.first, one.source.last))
    uid, name, kind, created_at = first
    if folded["author_uid"] is None and folded["author_name"] is None:
        folded["author_uid"], folded["author_name"] = uid, name
    else:
        kind = None
    folded["created_at"] = folded["created_at"] or created_at
    new = {
        "forum_id": forum_id, "user_id": users.author(site_id, folded["author_uid"], folded["author_name"], kind), **folded, **_pages(seen)}
    return tuple(new[name] for name in ROW)


def _pages(seen: Sequence[About]) -> dict[str, int | None]:
    """How many pages there are and how many were seen, both of the richest view in which any were: each view has its own length of pages."""
    pages = [one for one in seen if one.ordinal == 0]
    if not pages:
        return {"pages_seen": 0}
    rank = pages[0].source.worth[0]
    counted = {"pages_seen": len({one.page or 1 for one in pages if one.source.worth[0] == rank})}
    total = next((one.fields["pages_total"] for one in seen if one.source.worth[0] == rank and one.fields.get("pages_total") is not None), None)
    return counted | {"pages_total": total}


def _first_post(connection: sqlite3.Connection, thread_id: int) -> tuple[Any, ...]:
    """Author uid, name and kind and time of the post that opens the thread, as far as it is known."""
    row = connection.execute(
        "SELECT author_uid, author_name, author_kind, created_at FROM posts WHERE thread_id = ? AND (is_first = 1 OR position = 1)"
        " ORDER BY is_first DESC, pid IS NULL, pid, created_at, author_name, author_uid LIMIT 1", (thread_id,)).fetchone()
    return row or (None, None, None, None)


def _forum(connection: sqlite3.Connection, site_id: int, thread_id: int, seen: Sequence[About]) -> int | None:
    """The forum that the best source states, else the one whose config block is printed on the thread's pages."""
    fid = next((one.fid for one in seen if one.fid is not None), None)
    if fid is None:
        printed = connection.execute(
            "SELECT DISTINCT c.fid FROM thread_sightings AS t JOIN config_sightings AS k ON k.source_id = t.source_id"
            " JOIN forum_configs AS c ON c.id = k.config_id WHERE t.thread_id = ? AND t.ordinal = 0 AND c.fid IS NOT NULL LIMIT 2",
            (thread_id,)).fetchall()
        if len(printed) == 1:
            fid = printed[0][0]
    return None if fid is None else forum_of(connection, site_id, fid)
