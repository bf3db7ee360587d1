"""The posts of one thread: which sightings are the same post, what its row says, which revisions it has."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forumclean.archiver.connection import write, write_many
from forumclean.archiver.rows import of_json
from forumclean.pipeline.deletions import Shown, deleted
from forumclean.pipeline.fold import LISTS, POST_COLUMNS, fold_post
from forumclean.pipeline.identity import posts
from forumclean.pipeline.places import posts_before
from forumclean.pipeline.settle_revisions import Revisions
from forumclean.pipeline.settle_threads import SOURCE, source_of
from forumclean.pipeline.settle_users import wider
from forumclean.pipeline.sighting import Sighting, best_first

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from forumclean.pipeline.fold import Folded
    from forumclean.pipeline.settle_threads import About, Source
    from forumclean.pipeline.settle_users import Users

AT_ONCE = 500
"""Ids in one ``IN (…)``."""

_SIGHTING = "x.id, x.ordinal, x.post_id, x.pid, x.page, x.state, x.fields, r.id, r.post_id, ifnull(x.own_hash, r.content_hash), r.html_key, x.html IS NOT NULL, x.own_hash"
_OWN = f"SELECT {_SIGHTING} FROM sightings AS x LEFT JOIN revisions AS r ON r.id = x.revision_id WHERE x.source_id = ?"
_AWAY = (
    f"SELECT {_SIGHTING}, t.thread_id, t.tid, {SOURCE} FROM sightings AS x JOIN sources AS s ON s.id = x.source_id"
    " JOIN thread_sightings AS t ON t.source_id = x.source_id AND t.ordinal = 0 LEFT JOIN revisions AS r ON r.id = x.revision_id"
    " WHERE x.post_id IN "
)
ROW = ("thread_id", "user_id", "revision_id", "first_seen_at", "last_seen_at", "pid", *POST_COLUMNS)
_THREAD, _USER, _REVISION, _PID = (ROW.index(name) for name in ("thread_id", "user_id", "revision_id", "pid"))
_UID, _NAME, _KIND, _STATE = (POST_COLUMNS.index(name) for name in ("author_uid", "author_name", "author_kind", "state"))
_INSERT = (
    f"INSERT OR FAIL INTO posts (id, site_id, {', '.join(ROW)}, text, html) SELECT {', '.join('?' * (len(ROW) + 2))}, r.text, r.html"
    " FROM (SELECT 1) LEFT JOIN revisions AS r ON r.id = ?"
)
_STATS = (
    "UPDATE OR FAIL user_stats SET user_id = p.user_id, seen_at = ?1 FROM sightings AS x JOIN posts AS p ON p.id = x.post_id"
    " WHERE user_stats.sighting_id = x.id AND x.source_id = ?2 AND (user_stats.user_id IS NOT p.user_id OR user_stats.seen_at IS NOT ?1)"
)
"""Figures of an author's panel are the user's, at the time the page states."""

Row = tuple[Any, ...]


@dataclass(slots=True)
class Settled:
    """A post on its way into its row: its id, and all its sightings, best first."""

    id: int
    pid: int | None
    members: list[Sighting]
    deleted: bool = False


@dataclass(slots=True)
class ThreadPosts:
    """Settles the posts of one thread after another, in the caller's transaction."""

    connection: sqlite3.Connection
    users: Users
    next_id: int = 0
    """First id that no post has."""
    new_from: int = 2**63
    """First id of the posts that are new in this run: they do not count as changed."""
    counts: Counter[str] = field(default_factory=Counter)
    elsewhere: set[int] = field(default_factory=set)
    """Other threads that got, lost or share a post that changed: what opens them may be another post now."""

    def begin(self) -> None:
        """A transaction begins: ids given out in one that failed are free again."""
        (self.next_id,) = self.connection.execute("SELECT ifnull(max(id), 0) + 1 FROM posts").fetchone()

    def settle(self, site_id: int, thread_id: int, tid: int | None, seen: Sequence[About]) -> int:
        """Derive all posts that were seen in this thread; returns the number of sightings."""
        pages = [one.source for one in seen if one.ordinal == 0]
        own = [one for page in pages for one in self._on(page, thread_id, tid)]
        if not own:
            return 0
        if before := posts_before(seen, Counter(one.source.id for one in own)):
            own = [one._replace(before=before.get(one.source.id)) for one in own]
        found = grouped(own)
        by_pid = self._posts_by_pid(site_id, [pid for pid, _ in found if pid is not None])
        old = self._rows({one.post_id for one in own if one.post_id is not None} | set(by_pid.values()))
        away = self._away(old, own)
        taken: set[int] = set()
        settled = []
        for pid, members in found:
            post_id = self._id_for(pid, members, by_pid, old, taken)
            taken.add(post_id)
            if post_id in away:
                members.extend(away[post_id])
            settled.append(Settled(post_id, pid, best_first(members)))
        left = [post_id for post_id in old if post_id not in taken]
        # seen on pages of this thread no more (they were read anew), but on others
        settled += [Settled(post_id, old[post_id][_PID], best_first(away[post_id])) for post_id in left if post_id in away]
        mark_deleted(settled, own)
        self._write(site_id, settled, old, [post_id for post_id in left if post_id not in away])
        self.connection.executemany(_STATS, [(page.stated_at, page.id) for page in pages])
        self.elsewhere.discard(thread_id)
        return len(own)

    def _on(self, page: Source, thread_id: int, tid: int | None) -> list[Sighting]:
        """The sightings on one page of the thread."""
        return [
            Sighting._make((*row[:6], of_json(row[6]), *row[7:], thread_id, tid, page, None)) for row in self.connection.execute(_OWN, (page.id,))
        ]

    def _posts_by_pid(self, site_id: int, pids: Sequence[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for some in _lots(pids):
            found.update(self.connection.execute(
                f"SELECT pid, id FROM posts WHERE site_id = ? AND pid IN ({_marks(some)})", (site_id, *some)))
        return found

    def _rows(self, ids: Iterable[int]) -> dict[int, Row]:
        """The rows of posts as they are, without texts."""
        found: dict[int, Row] = {}
        for some in _lots(sorted(ids)):
            for row in self.connection.execute(f"SELECT id, {', '.join(ROW)} FROM posts WHERE id IN ({_marks(some)})", some):
                found[row[0]] = row[1:]
        return found

    def _away(self, old: Mapping[int, Any], own: Sequence[Sighting]) -> dict[int, list[Sighting]]:
        """Sightings of these posts on pages of other threads (moved and merged threads), by post."""
        mine = {one.id for one in own}
        found: dict[int, list[Sighting]] = {}
        for some in _lots(sorted(old)):
            for row in self.connection.execute(f"{_AWAY}({_marks(some)})", some):
                if row[0] not in mine:
                    one = Sighting._make((*row[:6], of_json(row[6]), *row[7:15], source_of(row[15:]), None))
                    found.setdefault(row[2], []).append(one)
        return found

    def _id_for(
        self, pid: int | None, members: Sequence[Sighting], by_pid: Mapping[int, int], old: Mapping[int, Row], taken: set[int],
    ) -> int:
        """The id this post has already, by its pid or by its sightings, else a new one."""
        if pid is not None and pid in by_pid:
            return by_pid[pid]
        if old:
            for post_id in sorted({one.post_id for one in members if one.post_id is not None} - taken):
                if post_id in old and old[post_id][_PID] in (None, pid):
                    return post_id
        self.next_id += 1
        return self.next_id - 1

    def _write(self, site_id: int, settled: Sequence[Settled], old: Mapping[int, Row], gone: Sequence[int]) -> None:
        revisions = Revisions(self.connection, list(old))
        if old:
            for post in settled:
                revisions.claim(post.id, post.members)
        chosen = [revisions.settle(post.id, post.members) for post in settled]
        revisions.prepare()
        self._drop(gone, old)
        lists = _Lists(self.connection, list(old))
        new: list[Row] = []
        for post, revision_id in zip(settled, chosen, strict=True):
            folded = fold_post([one.stated() for one in post.members])
            row = self.row(site_id, post, folded, revision_id)
            if (was := old.get(post.id)) is None:
                new.append((post.id, site_id, *row, revision_id))
            else:
                self._change(post.id, row, was, html_changed=revision_id in revisions.html_changed)
            lists.take(post.id, folded)
        write_many(self.connection, _INSERT, new)
        self.counts["posts"] += len(new)
        self.elsewhere.update(row[2 + _THREAD] for row in new)
        lists.write()
        revisions.write()

    def row(self, site_id: int, post: Settled, folded: Folded, revision_id: int | None) -> Row:
        """The values of ``ROW``; tells the users what was seen of the author."""
        values = folded.values
        if post.deleted:
            values = (*values[:_STATE], "deleted", *values[_STATE + 1 :])
        user_id = self.users.author(site_id, values[_UID], values[_NAME], values[_KIND])
        members = post.members
        span = whole = (members[0].source.first, members[0].source.last)
        for one in members:
            if len(members) > 1:
                span = (one.source.first, one.source.last)
                whole = wider(whole, span)
            self.users.saw(site_id, one.fields, span)
        thread_id = next((one.thread_id for one in members if one.thread_id is not None), None)
        return (thread_id, user_id, revision_id, *whole, post.pid, *values)

    def _change(self, post_id: int, row: Row, old: Row, *, html_changed: bool) -> None:
        if row != old:
            changed = [place for place, value in enumerate(row) if value != old[place]]
            names = ", ".join(f"{ROW[place]} = ?" for place in changed)
            write(self.connection, f"UPDATE OR FAIL posts SET {names} WHERE id = ?", (*(row[place] for place in changed), post_id))
            self.elsewhere |= {row[_THREAD], old[_THREAD]}
            if row[_USER] != old[_USER]:
                self._moved(post_id, old[_USER])
        if html_changed or row[_REVISION] != old[_REVISION]:
            self.connection.execute(
                "UPDATE posts SET (text, html) = (SELECT text, html FROM revisions WHERE id = revision_id) WHERE id = ?", (post_id,))
        if post_id < self.new_from and (row != old or html_changed):
            self.counts["changed posts"] += 1

    def _moved(self, post_id: int, user_id: int | None) -> None:
        """A post turned out to be somebody else's than ``user_id``: so are the figures seen beside it, on whatever page."""
        if user_id is not None:
            self.users.released(user_id)
        self.connection.execute(
            "UPDATE user_stats SET user_id = (SELECT user_id FROM posts WHERE id = ?1)"
            " WHERE sighting_id IN (SELECT id FROM sightings WHERE post_id = ?1)", (post_id,))

    def _drop(self, gone: Sequence[int], old: Mapping[int, Row]) -> None:
        for some in _lots(gone):
            for table in LISTS:
                self.connection.execute(f"DELETE FROM {table} WHERE post_id IN ({_marks(some)})", some)
            # a revision may have moved to the post that this one turned out to be; settling revisions drops what is left
            self.connection.execute(f"DELETE FROM posts WHERE id IN ({_marks(some)})", some)
        self.elsewhere.update(old[post_id][_THREAD] for post_id in gone)
        self.counts["removed posts"] += len(gone)


class _Lists:
    """The rows that hang on some posts (quotes, attachments, …): what changed of them is written at once."""

    def __init__(self, connection: sqlite3.Connection, ids: Sequence[int]) -> None:
        """``ids``: of the posts that exist already."""
        self.connection = connection
        self._old: dict[tuple[str, int], list[Row]] = {}
        self._new: dict[str, list[Row]] = {}
        for some in _lots(ids):
            for table, columns in LISTS.items():
                rows = connection.execute(
                    f"SELECT post_id, {', '.join(columns)} FROM {table} WHERE post_id IN ({_marks(some)}) ORDER BY post_id, ordinal", some)
                for post_id, *values in rows:
                    self._old.setdefault((table, post_id), []).append(tuple(values))

    def take(self, post_id: int, folded: Folded) -> None:
        """Compare what a post has now with what it had."""
        for table in LISTS if self._old else folded.lists:
            new = folded.lists.get(table, ())
            old = tuple(self._old.get((table, post_id), ()))
            if new == old:
                continue
            if old:
                self.connection.execute(f"DELETE FROM {table} WHERE post_id = ?", (post_id,))
            self._new.setdefault(table, []).extend((post_id, ordinal, *values) for ordinal, values in enumerate(new, start=1))

    def write(self) -> None:
        """Write the new rows, when the rows of ``posts`` are there."""
        for table, rows in self._new.items():
            columns = LISTS[table]
            write_many(
                self.connection, f"INSERT INTO {table} (post_id, ordinal, {', '.join(columns)}) VALUES ({_marks(range(len(columns) + 2))})", rows)


def grouped(own: Sequence[Sighting]) -> list[tuple[int | None, list[Sighting]]]:
    """The sightings of a thread by post: those with a pid first, page by page."""
    if any(one.pid is None for one in own):
        by_id = {one.id: one for one in own}
        found = [(post.pid, [by_id[seen.id] for seen in post.members]) for post in posts(one.seen() for one in own)]
        return sorted(found, key=lambda post: post[0] is None)
    by_pid: dict[int | None, list[Sighting]] = {}  # what ``identity`` finds where there is nothing to find out
    for one in sorted(own, key=lambda one: (one.source.order, one.ordinal)):
        by_pid.setdefault(one.pid, []).append(one)
    return list(by_pid.items())


def mark_deleted(settled: Sequence[Settled], own: Sequence[Sighting]) -> None:
    """Find the posts that later captures of their page lack. Whoever was seen in other threads too may have been moved."""
    if len({one.source.id for one in own}) == len({(one.source.order[0], one.page) for one in own}):
        return  # every page was captured once
    here = {one.thread_id for one in own}
    last = {
        post.pid: max(one.source.worth[1] for one in post.members) for post in settled
        if post.pid is not None and here.issuperset(one.thread_id for one in post.members)
    }
    gone = deleted(
        (Shown(one.source.worth[1:], (one.source.order[0], one.page), one.ordinal, one.pid, one.fields.get("author_name"))
         for one in own if one.pid is not None), last)
    for post in settled:
        post.deleted = post.pid in gone


def _marks(values: Any) -> str:
    return ", ".join("?" * len(values))


def _lots(values: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
