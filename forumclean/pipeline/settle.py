"""Pass 2: forums, threads, posts and users computed from all their sightings.

Works off ``unsettled`` in transactions of whole threads, so that readers never see a part of a thread's change and a killed run is
completed by the next. What comes out depends on what was seen, not on the order in which it was stored or settled.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.connection import explained, transaction
from forumclean.archiver.writer import SETTLE_EVERYTHING
from forumclean.pipeline.rescrub import rescrub
from forumclean.pipeline.settle_forums import drop_unused_forums, drop_unused_sites, is_due, note_due, settle_forums, settle_sites
from forumclean.pipeline.settle_posts import ThreadPosts
from forumclean.pipeline.settle_signatures import settle_signatures
from forumclean.pipeline.settle_threads import ROW, about, derive_thread, thread_by_tid, thread_of_source
from forumclean.pipeline.settle_users import Users, finish_everything

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from forumclean.archiver.archive import Archive
    from forumclean.pipeline.settle_threads import About

_STATED = tuple(ROW.index(name) for name in ("pages_seen", "title", "author_name", "forum_id"))
_END = 2**62
"""After every place in the queue."""
SIGHTINGS_AT_ONCE = 4000
"""A transaction ends after the thread that reaches this number of sightings."""

_DUE = "SELECT source_id FROM unsettled"
# pages of threads that nothing is derived of yet, and of nothing else: settled early, the end has them no more; flattened posts wait for it,
# because their signatures show in all posts of an author only
_NEW = """SELECT source_id FROM unsettled AS u WHERE EXISTS (SELECT 1 FROM thread_sightings AS t WHERE t.source_id = u.source_id)
    AND NOT EXISTS (SELECT 1 FROM thread_sightings AS t JOIN sources AS s ON s.id = t.source_id
    LEFT JOIN threads AS h ON h.site_id = s.site_id AND h.tid = t.tid
    WHERE t.source_id = u.source_id AND (t.ordinal > 0 OR t.tid IS NULL OR h.id IS NOT NULL))
    AND NOT EXISTS (SELECT 1 FROM sightings AS x WHERE x.source_id = u.source_id AND x.signer IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM config_sightings AS c WHERE c.source_id = u.source_id)"""
_QUEUE = (
    "DROP TABLE IF EXISTS temp.settle_queue",
    "DROP TABLE IF EXISTS temp.settle_last",
    "CREATE TEMP TABLE settle_queue (n INTEGER PRIMARY KEY, site_id INTEGER, tid INTEGER, source_id INTEGER, ordinal INTEGER)",
    # CROSS JOIN: in this order, whatever the sizes; a night's few pages are not looked for among all
    """INSERT INTO temp.settle_queue (site_id, tid, source_id, ordinal) SELECT s.site_id, t.tid, u.source_id, t.ordinal FROM temp.settle_due AS u
    CROSS JOIN sources AS s ON s.id = u.source_id CROSS JOIN thread_sightings AS t ON t.source_id = u.source_id
    WHERE t.ordinal = 0 OR t.tid IS NOT NULL ORDER BY s.site_id, t.tid, u.source_id""",
    "CREATE INDEX temp.settle_queue_source ON settle_queue (source_id)",
    # a list page is settled when the last of its threads is
    "CREATE TEMP TABLE settle_last (n INTEGER, source_id INTEGER)",
    """INSERT INTO temp.settle_last (n, source_id) SELECT ifnull(max(q.n), 0), u.source_id FROM temp.settle_due AS u
    LEFT JOIN temp.settle_queue AS q ON q.source_id = u.source_id GROUP BY u.source_id""",
    "CREATE INDEX temp.settle_last_n ON settle_last (n)",
)


def settle(archive: Archive, *, everything: bool = False) -> Counter[str]:
    """Scrub again what older rules have scrubbed; derive what the unsettled sources touch, or with ``everything`` the whole archive anew.

    Returns what changed: ``posts``, ``threads``, ``forums``, … (new rows), ``changed posts``, ``removed posts`` and so on; empty when
    nothing did. Raises ``ArchiveError`` where the archive cannot be written; what was settled before stays.
    """
    connection = archive.connection
    with explained(archive.path):
        if everything:
            with transaction(connection):
                _flag(connection)
        counts = rescrub(connection)
        while True:
            whole = _flagged(connection)
            if not whole and not is_due(connection) and connection.execute("SELECT 1 FROM unsettled LIMIT 1").fetchone() is None:
                return +counts
            counts += _pass(archive, everything=whole)


def settle_new(archive: Archive) -> Counter[str]:
    """Derive the threads that are new, in the middle of an import: what workers read in the meantime costs no time then.

    A thread of which more is stored later waits for ``settle``, so that each is derived twice at most. What comes out is the same.
    """
    connection = archive.connection
    with explained(archive.path):
        if _flagged(connection):
            return Counter()
        users = Users(connection, everything=False)
        with transaction(connection):
            note_due(connection, connection.execute(
                f"SELECT DISTINCT f.site_id, f.fid FROM ({_NEW}) AS u CROSS JOIN forum_sightings AS f ON f.source_id = u.source_id"))
        counts = _settle_threads(archive, users, _NEW)
        if users.ambiguous:
            with transaction(connection):
                _flag(connection)
        return counts


def _flag(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, '1')", (SETTLE_EVERYTHING,))


def _flagged(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM meta WHERE key = ?", (SETTLE_EVERYTHING,)).fetchone() is not None


def _pass(archive: Archive, *, everything: bool) -> Counter[str]:
    """Settle what is unsettled; ``everything`` makes that all sources, and tidies up after."""
    connection = archive.connection
    if everything:
        with transaction(connection):
            connection.execute("INSERT OR IGNORE INTO unsettled (source_id) SELECT id FROM sources WHERE sha256 IS NOT NULL")
            # readings that were replaced may have left links that lead nowhere any more
            connection.execute("UPDATE thread_sightings SET thread_id = NULL WHERE ordinal > 0 AND tid IS NULL AND thread_id IS NOT NULL")
    counts = settle_forums(connection, archive.began.forums)
    settle_signatures(connection)
    users = Users(connection, everything=everything)
    counts += _settle_threads(archive, users)
    with transaction(connection):
        if everything:
            _tidy(connection, counts)
            connection.execute("DELETE FROM meta WHERE key = ?", (SETTLE_EVERYTHING,))
        if users.ambiguous:  # once for each second owner of a name, so this comes to an end
            _flag(connection)
        settle_sites(connection)
    return counts


def _settle_threads(archive: Archive, users: Users, due: str = _DUE) -> Counter[str]:
    connection = archive.connection
    forums = _forums(connection)
    connection.execute("DROP TABLE IF EXISTS temp.settle_due")
    connection.execute("CREATE TEMP TABLE settle_due (source_id INTEGER PRIMARY KEY)")
    connection.execute(f"INSERT INTO temp.settle_due (source_id) {due}")
    for statement in _QUEUE:
        connection.execute(statement)
    threads = _Threads(connection, users, ThreadPosts(connection, users, new_from=archive.began.posts), archive.began.threads)
    lots = _lots(connection)
    done = -1  # sources without threads stand at 0
    while done < _END:
        load = 0
        with transaction(connection):
            threads.posts.begin()
            upto = done
            while load < SIGHTINGS_AT_ONCE:
                lot = next(lots, None)
                if lot is None:
                    upto = _END
                    break
                load += 1 + threads.settle(lot)
                upto = lot.last
            users.flush()
            connection.execute(
                "DELETE FROM unsettled WHERE source_id IN (SELECT source_id FROM temp.settle_last WHERE n > ? AND n <= ?)", (done, upto))
        done = upto
    # forums that only their threads speak of
    return threads.counts + threads.posts.counts + Counter(forums=_forums(connection) - forums)


def _forums(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM forums").fetchone()[0])


def _lots(connection: sqlite3.Connection) -> Iterator[_Lot]:
    """The threads to settle. A page without a tid comes alone."""
    rows = connection.execute("SELECT n, site_id, tid, source_id, ordinal FROM temp.settle_queue ORDER BY n")
    for (site_id, tid, _), group in groupby(rows, key=lambda row: (row[1], row[2], row[3] if row[2] is None else None)):
        members = list(group)
        yield _Lot(members[-1][0], site_id, tid, [row[3] for row in members], any(row[4] == 0 for row in members))


class _Lot(NamedTuple):
    """A thread to settle and the unsettled sources that say something about it."""

    last: int
    """Its last place in the queue."""
    site_id: int
    tid: int | None
    source_ids: list[int]
    has_pages: bool
    """Whether one of them is a page of the thread itself; lists say nothing about posts."""


@dataclass(slots=True)
class _Threads:
    """Settles threads one after another, in the caller's transaction."""

    connection: sqlite3.Connection
    users: Users
    posts: ThreadPosts
    new_from: int
    """First id of the threads that are new in this run."""
    counts: Counter[str] = field(default_factory=Counter)

    def settle(self, lot: _Lot) -> int:
        """One thread; returns the number of its sightings."""
        if lot.tid is not None:
            thread_id = thread_by_tid(self.connection, lot.site_id, lot.tid, lot.source_ids)
        else:
            thread_id = thread_of_source(self.connection, lot.site_id, lot.source_ids[0])
        seen = about(self.connection, thread_id)
        size = self.posts.settle(lot.site_id, thread_id, lot.tid, seen) if lot.has_pages else 0
        self._derive(lot.site_id, thread_id, seen)
        for other in self.posts.elsewhere:
            self._derive(lot.site_id, other, about(self.connection, other))
        self.posts.elsewhere.clear()
        return size

    def _derive(self, site_id: int, thread_id: int, seen: list[About]) -> None:
        was = derive_thread(self.connection, self.users, site_id, thread_id, seen)
        if was is not None:
            is_new = tuple(was[column] for column in _STATED) == (0, None, None, None)
            if is_new or thread_id < self.new_from:
                self.counts["threads" if is_new else "changed threads"] += 1


def _tidy(connection: sqlite3.Connection, counts: Counter[str]) -> None:
    """After everything was settled: what only replaced readings had led to."""
    unseen = "SELECT id FROM posts AS p WHERE NOT EXISTS (SELECT 1 FROM sightings WHERE post_id = p.id)"
    for table in ("quotes", "attachments", "comments", "ratings"):
        connection.execute(f"DELETE FROM {table} WHERE post_id IN ({unseen})")
    counts["removed posts"] += connection.execute(f"DELETE FROM posts WHERE id IN ({unseen})").rowcount
    connection.execute("DELETE FROM revisions WHERE NOT EXISTS (SELECT 1 FROM sightings WHERE revision_id = revisions.id)")
    counts["removed threads"] += connection.execute(
        "DELETE FROM threads WHERE NOT EXISTS (SELECT 1 FROM thread_sightings WHERE thread_id = threads.id)").rowcount
    drop_unused_forums(connection)
    finish_everything(connection)
    drop_unused_sites(connection)
