"""Stores what was seen: whole documents, many in one transaction.

The writer only adds observations and hands new sources to settle by a row in ``unsettled``, in the same transaction. A document that is
read again is written over its old rows inside a savepoint: if the digest of its rows is as before, the savepoint is undone. If it is not
(a newer parser reads it differently), everything is settled anew, because what was derived from the old rows may have spread.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from forumclean.archiver import rows, sources
from forumclean.archiver.connection import marks, transaction, write
from forumclean.archiver.observed import observed
from forumclean.archiver.sightings import Numbers, SightingWriter
from forumclean.archiver.waiting import AT_ONCE, Fresh, Waiting

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from forumclean.archiver.configs import ConfigRow
    from forumclean.archiver.observed import Observed, Row
    from forumclean.archiver.waiting import Settler
    from forumclean.records import Batch

SETTLE_EVERYTHING = "settle_everything"
"""Key in ``meta``, there while derived rows may rest on observations that were replaced."""

_OBSERVATIONS = ("thread_sightings", "config_sightings", "forum_sightings", "issues")
"""Tables with rows of a source, apart from sightings and documents, which carry ids that others point to."""


def store(
    connection: sqlite3.Connection, batches: Iterable[Batch | Observed], run_id: int | None, settler: Settler | None = None,
) -> Counter[str]:
    """Store whole documents in one transaction, reading ``batches`` one by one; returns the numbers of new rows by table.

    ``sources`` counts new documents; ``unchanged`` documents that were there with the same rows, ``changed`` those that read
    differently than when they were stored. A batch's ``content_hash`` must determine its text. ``settler`` may settle pages that are new.
    """
    counts: Counter[str] = Counter()
    with transaction(connection):
        document: _Document | None = None
        waiting, sites, numbers = Waiting(connection, settler), sources.Sites(connection), Numbers(connection)
        again = False
        for batch in observed(batches):
            if document is None and not again:
                if (found := sources.find(connection, batch.sha256)) is not None:
                    waiting.write()  # some of it may be this very document's
                again = sources.read_in_run(connection, found, batch, run_id)
            if again:
                counts["unchanged"] += batch.last
                again = not batch.last
                continue
            if document is None:
                document = _Document(waiting, batch, run_id, sites, numbers, found)
            document.add(batch)
            if batch.last:
                counts.update(document.finish(batch.digest))
                document = None
        waiting.write()
    return +counts


@dataclass(slots=True)
class _Document:
    """One document on its way into the archive, batch by batch."""

    waiting: Waiting
    first: Observed
    run_id: int | None
    sites: sources.Sites
    numbers: Numbers
    known: sources.Source | None
    """Its row, if these bytes were stored before."""
    connection: sqlite3.Connection = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    source: sources.Source = field(init=False)
    said: Row = ()
    """What its row says that it is."""
    sightings: SightingWriter = field(init=False)
    threads: list[Row] = field(default_factory=list)
    """What it says about threads."""
    forums: list[int] = field(default_factory=list)
    """Numbers of the forums that it says something about."""
    configs: int = 0
    document: Row | None = None
    """What it is if it is no forum page."""
    is_there: bool = False
    """Its row in ``sources``: that of a new one is written when all is known that it says, but before rows that refer to it."""
    is_moved: bool = False
    """It was read as another board's before, and the user says now whose it is."""

    def __post_init__(self) -> None:
        """Find its row in ``sources``, or give it a number; make room for a second reading."""
        self.connection = self.waiting.connection
        if self.known is None:
            first = self.first
            self.source = sources.Source(self.numbers.source, first.sha256, self.sites.put(first.site, first.host), first.capture.at, None)
            self.numbers.source += 1
        else:
            self.is_there = True
            self.source = sources.known_again(self.connection, self.first, self.known)
            self.connection.execute("SAVEPOINT rereading")
            self._clear()
            self._move()
        self.sightings = SightingWriter(self.waiting, self.source, self.numbers)
        if self.is_moved:
            self.sightings.posts.clear()  # they are the other board's

    def add(self, batch: Observed) -> None:
        """Store all that one batch adds."""
        if batch is self.first or batch.status != "ok":  # what the document is, is said by its first part, or by the part that spoils it
            self.said = batch.source
        source_id = self.source.id
        self.threads += batch.threads
        self.waiting.add("forum_sightings", [(source_id, self.source.site_id, *row) for row in batch.forums])
        self.waiting.add("issues", [(source_id, self.run_id, *rows.issue_row(issue)) for issue in batch.issues])
        self.forums += [fid for _, fid, _ in batch.forums]
        self.counts["thread_sightings"] += len(batch.threads)
        self.counts["issues"] += len(batch.issues)
        if batch.posts:
            self.sightings.insert(batch.posts, self.counts)
        for config in batch.configs:
            self._config(config)
        if batch.document is not None:
            self.document = batch.document
        if self.sightings.size >= AT_ONCE or self.waiting.is_full:
            self._put(None)
            self._hand_over()
            self.waiting.write()

    def finish(self, digest: str | None) -> Counter[str]:
        """After the last batch: its row, and the note to settle. Returns what is new."""
        if self.known is None:
            self.counts["sources"] += 1
            self._put(digest)
        elif digest == self.source.digest and not self.is_moved:
            self.waiting.drop()
            self.connection.execute("ROLLBACK TO rereading")
            self.numbers.take_back(self.sightings)
            self.connection.execute("RELEASE rereading")
            return Counter(unchanged=1)
        else:
            self._put(digest)
            self._spread()
        if self.document is not None:
            self._document(self.document)
        if self._is_fresh():
            self.waiting.add_page(Fresh(
                self.source, self.first.capture.how, self.first.host, self.sightings.sightings[0].view, self.threads[0][1:],
                self.sightings.sightings, self.sightings.revisions, self.sightings.stats, self.forums))
        else:
            self._hand_over()
            self.waiting.add("unsettled", [(self.source.id,)])
        return self.counts

    def _is_fresh(self) -> bool:
        """Whether this is a new page of a thread with a number, with posts nothing of which was seen before."""
        posts = self.sightings
        return (
            bool(posts.sightings) and posts.are_new and not self.configs and len(self.threads) == 1 and self.threads[0][:1] == (0,)
            and self.threads[0][1] is not None and not any(row.signer is not None for row in posts.sightings))

    def _hand_over(self) -> None:
        """What was kept of it so far waits among the rows of other documents."""
        self.waiting.add("thread_sightings", [(self.source.id, *row, None) for row in self.threads])
        self.threads.clear()
        self.sightings.hand_over()

    def _put(self, digest: str | None) -> None:
        """Write its row in ``sources``, or what the row says by now."""
        if self.is_there:
            write(
                self.connection, f"UPDATE sources SET ({rows.SOURCE_COLUMNS}, digest) = ({marks((*self.said, digest))}) WHERE id = ?",
                (*self.said, digest, self.source.id))
        else:
            sources.insert(self.connection, self.source._replace(digest=digest), self.first, self.run_id, self.said)
            self.is_there = True

    def _spread(self) -> None:
        """The document reads differently now: drop what only the old reading had, and have everything settled anew."""
        if self.document is None:
            self.connection.execute("DELETE FROM documents WHERE source_id = ?", (self.source.id,))
        self.connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, '1')", (SETTLE_EVERYTHING,))
        self.connection.execute("RELEASE rereading")
        self.counts["changed"] += 1

    def _move(self) -> None:
        """Give the document to the site that the user names for it now; where nobody names one it stays."""
        site_id = self.source.site_id if self.first.site is None else self.sites.put(self.first.site, self.first.host)
        if site_id != self.source.site_id:
            self.is_moved = True
            self.source = self.source._replace(site_id=site_id)
            self.connection.execute("UPDATE sources SET site_id = ? WHERE id = ?", (site_id, self.source.id))

    def _clear(self) -> None:
        key = (self.source.id,)
        for table in _OBSERVATIONS:
            self.connection.execute(f"DELETE FROM {table} WHERE source_id = ?", key)

    def _config(self, row: ConfigRow) -> None:
        self.configs += 1
        self.waiting.add("config_sightings", [(self.source.id, self.configs, self._put_config(row))])

    def _put_config(self, row: ConfigRow) -> int:
        """Find or make the row of equal settings; of two printings the newer is kept."""
        names = ", ".join(row._fields)
        found = self.connection.execute(
            f"SELECT id, {names} FROM forum_configs WHERE site_id = ? AND ifnull(fid, -1) = ? AND hash = ?",
            (self.source.site_id, -1 if row.fid is None else row.fid, row.hash),
        ).fetchone()
        if found is None:
            self.counts["forum_configs"] += 1
            cursor = write(
                self.connection, f"INSERT INTO forum_configs (site_id, {names}) VALUES (?, {marks(row)})", (self.source.site_id, *row))
            return int(cursor.lastrowid or 0)
        if row.age > type(row)(*found[1:]).age:
            write(self.connection, f"UPDATE forum_configs SET ({names}) = ({marks(row)}) WHERE id = ?", (*row, found[0]))
        return int(found[0])

    def _document(self, row: Row) -> None:
        old = self.connection.execute(f"SELECT {rows.DOCUMENT_COLUMNS} FROM documents WHERE source_id = ?", (self.source.id,)).fetchone()
        if old is None:
            self.counts["documents"] += 1
            write(
                self.connection, f"INSERT INTO documents (source_id, {rows.DOCUMENT_COLUMNS}) VALUES (?, {marks(row)})", (self.source.id, *row))
        elif old != row:
            write(
                self.connection, f"UPDATE documents SET ({rows.DOCUMENT_COLUMNS}) = ({marks(row)}) WHERE source_id = ?", (*row, self.source.id))
