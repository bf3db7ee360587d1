"""Threads that are new to the archive with all their posts, settled before the rows of their pages are written.

Most of an import are such threads. What settle would read back, link and write again is at hand here, so each row is written once. Only
what needs no second thought: a thread with a number, each of whose posts was seen once, with a text of its own. Whatever else there is,
also what is stored of such a thread later, waits for ``settle``, which comes to the same rows.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from forumclean.archiver.connection import marks, next_id, sets, write_many
from forumclean.archiver.rows import html_key, of_json
from forumclean.archiver.writer import SETTLE_EVERYTHING
from forumclean.pipeline.fold import LISTS, POST_COLUMNS, fold_post
from forumclean.pipeline.places import posts_before
from forumclean.pipeline.settle_forums import forum_of, note_due
from forumclean.pipeline.settle_posts import ROW, Settled, ThreadPosts, grouped, mark_deleted
from forumclean.pipeline.settle_threads import ROW as THREAD_ROW
from forumclean.pipeline.settle_threads import About, source_of, thread_row
from forumclean.pipeline.settle_users import Users
from forumclean.pipeline.sighting import Sighting

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from forumclean.archiver.waiting import Fresh, RevisionRow, Row

_TID = 0
_POST_COLUMNS = ("id", "site_id", *ROW, "text", "html")
_POSTS = f"INSERT INTO posts ({', '.join(_POST_COLUMNS)}) VALUES ({marks(_POST_COLUMNS)})"
_THREADS = f"INSERT INTO threads (id, site_id, tid, {', '.join(THREAD_ROW)}) VALUES ({marks(THREAD_ROW)}, ?, ?, ?)"
_LISTS = {
    table: f"INSERT INTO {table} (post_id, ordinal, {', '.join(columns)}) VALUES (?, ?, {marks(columns)})" for table, columns in LISTS.items()}
_OPENS = tuple(POST_COLUMNS.index(name) for name in ("author_uid", "author_name", "author_kind", "created_at"))
_FIRST, _POSITION = POST_COLUMNS.index("is_first"), POST_COLUMNS.index("position")

Pages = list[tuple[About, list[Sighting], "Fresh"]]
"""Of one thread, best first: what each says, and its posts."""


class FreshThreads:
    """Settles the new threads of one transaction; a ``Settler`` for ``Archive.store``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Nothing is settled yet."""
        self.connection = connection
        self.counts: Counter[str] = Counter()
        """New rows by table, as ``settle`` counts them."""
        self._users = Users(connection, everything=False)
        self._posts = ThreadPosts(connection, self._users)
        self._derived: dict[str, list[Row]] = {}
        self._threads: list[Row] = []
        self._forums: dict[tuple[int, int], int] = {}
        self._due: set[tuple[int, int]] = set()
        """Forums that settled pages speak of."""

    def settle(self, pages: Sequence[Fresh]) -> Mapping[str, Sequence[Row]]:
        """Settle the threads that are new; returns statements with the rows of their posts."""
        self._derived, self._threads = {_POSTS: []}, []
        if self._flagged():
            return {}
        forums = next_id(self.connection, "forums")
        self._posts.begin()
        number = next_id(self.connection, "threads")
        for (site_id, tid), some in self._new(pages).items():
            found = _read(number, tid, some)
            if found is not None and self._thread(site_id, number, tid, found):
                number += 1
        write_many(self.connection, _THREADS, self._threads)
        self.counts += Counter(
            threads=len(self._threads), posts=len(self._derived[_POSTS]), forums=next_id(self.connection, "forums") - forums)
        return self._derived

    def written(self) -> None:
        """Write what was gathered of users: their rows may change those that are written now."""
        self._users.flush()
        note_due(self.connection, self._due)
        if self._users.ambiguous:
            self.connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, '1')", (SETTLE_EVERYTHING,))

    def _flagged(self) -> bool:
        return self.connection.execute("SELECT 1 FROM meta WHERE key = ?", (SETTLE_EVERYTHING,)).fetchone() is not None

    def _new(self, pages: Sequence[Fresh]) -> dict[tuple[int, int], list[Fresh]]:
        """The pages by site and tid, where neither the thread nor one of its posts is known, nor is a post in two of them."""
        found: dict[tuple[int, int], list[Fresh]] = {}
        for page in pages:
            found.setdefault((page.source.site_id, page.thread[_TID]), []).append(page)
        often: Counter[tuple[int, int]] = Counter()
        for (site_id, _), some in found.items():
            often.update((site_id, row.pid) for page in some for row in page.sightings if row.pid is not None)
        for site_id in {key[0] for key in found}:
            tids = self._known("threads", "tid", site_id, [tid for site, tid in found if site == site_id])
            pids = self._known("posts", "pid", site_id, [pid for site, pid in often if site == site_id])
            for tid in tids:
                del found[site_id, tid]
            often.update((site_id, pid) for pid in pids)
        return {
            key: some for key, some in found.items()
            if all(often[key[0], row.pid] == 1 for page in some for row in page.sightings if row.pid is not None)}

    def _known(self, table: str, column: str, site_id: int, numbers: Sequence[int]) -> Iterable[int]:
        """Which of these numbers the archive has."""
        return {number for some in sets(numbers) for (number,) in self.connection.execute(
            f"SELECT {column} FROM {table} WHERE site_id = ? AND {column} IN ({marks(some)})", (site_id, *some))}

    def _thread(self, site_id: int, thread_id: int, tid: int, pages: Pages) -> bool:
        """Settle one thread; whether it could be."""
        seen = [about for about, _, _ in pages]
        own = [one for _, some, _ in pages for one in some]
        if before := posts_before(seen, Counter(one.source.id for one in own)):
            own = [one._replace(before=before.get(one.source.id)) for one in own]
        found = grouped(own)
        if any(len(members) > 1 for _, members in found):
            return False
        number = self._posts.next_id
        settled = [Settled(number + place, pid, members) for place, (pid, members) in enumerate(found)]
        folded = [fold_post([post.members[0].stated()]) for post in settled]
        opening = [place for place, one in enumerate(folded) if one.values[_FIRST] == 1 or one.values[_POSITION] == 1]
        if len(opening) > 1 and any(settled[place].pid is None for place in opening):
            return False
        self._posts.next_id += len(settled)
        mark_deleted(settled, own)
        texts = {row.id: row for _, _, page in pages for row in page.revisions}
        users: dict[int, tuple[int, int | None]] = {}
        for post, one in zip(settled, folded, strict=True):
            sighting = post.members[0]
            row = self._posts.row(site_id, post, one, sighting.revision_id)
            users[sighting.id] = (post.id, row[1])
            text: RevisionRow | None = texts.get(sighting.revision_id or 0)
            self._derived[_POSTS].append((post.id, site_id, *row, *((None, None) if text is None else text[3:])))
            for table, rows in one.lists.items():
                self._derived.setdefault(_LISTS[table], []).extend((post.id, ordinal, *values) for ordinal, values in enumerate(rows, start=1))
        opening.sort(key=lambda place: (_order(folded[place].values[_FIRST]), settled[place].pid))
        first = tuple(folded[opening[0]].values[column] for column in _OPENS) if opening else (None, None, None, None)
        self._threads.append((thread_id, site_id, tid, *thread_row(self._users, site_id, seen, first, self._forum(site_id, seen))))
        for about, some, page in pages:
            page.thread_id, page.stated_at = thread_id, about.source.stated_at
            page.links.update((one.id, users[one.id]) for one in some)
            self._due.update((site_id, fid) for fid in page.forums)
        return True

    def _forum(self, site_id: int, seen: Sequence[About]) -> int | None:
        """The forum that the best page states; pages that print a config block are not settled here."""
        fid = next((one.fid for one in seen if one.fid is not None), None)
        if fid is None:
            return None
        if (forum := self._forums.get((site_id, fid))) is None:
            forum = self._forums[site_id, fid] = forum_of(self.connection, site_id, fid)
        return forum


def _order(is_first: Any) -> int:
    """As SQLite orders the column, greatest first."""
    return 2 if is_first is None else int(is_first != 1)


def _read(thread_id: int, tid: int, pages: Sequence[Fresh]) -> Pages | None:
    """What settle would read of the pages of one thread, were they written; ``None`` where their rows would change when they are."""
    found: Pages = []
    for page in pages:
        origin = page.source
        source = source_of((origin.id, origin.sha256, page.view, origin.captured_at, origin.captured_at, page.captured_how, page.host))
        _, fid, number, fields = page.thread
        texts = {row.id: row for row in page.revisions}
        try:
            about = About(source, 0, fid, number, _sound(fields))
            posts = []
            for row in page.sightings:
                content_hash = key = None
                if row.revision_id is not None:
                    _, content_hash, key, _, _ = texts[row.revision_id]
                    if row.html is not None or (key is not None and key != html_key(source.worth[0], origin.sha256, row.ordinal)):
                        return None
                posts.append(Sighting(
                    row.id, row.ordinal, None, row.pid, row.page, row.state, _sound(row.fields), row.revision_id, None, content_hash, key, 0, None,
                    thread_id, tid, source))
        except UnicodeEncodeError:
            return None
        found.append((about, posts, page))
    found.sort(key=lambda one: (one[0].source.worth, 0), reverse=True)
    return found


def _sound(fields: str) -> Any:
    """Decode what SQLite can hold as it is; raises UnicodeEncodeError for half characters."""
    fields.encode()
    return of_json(fields)
