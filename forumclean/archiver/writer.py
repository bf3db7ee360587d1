"""Stores what was seen: whole documents, many in one transaction.

The writer only adds observations and hands new sources to settle by a row in ``unsettled``, in the same transaction. A document that is
read again is written over its old rows inside a savepoint: if the digest of its rows is as before, the savepoint is undone. If it is not
(a newer parser reads it differently), everything is settled anew, because what was derived from the old rows may have spread.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forumclean.archiver import rows, sources
from forumclean.archiver.configs import config_row
from forumclean.archiver.connection import transaction, write
from forumclean.archiver.digest import Digest
from forumclean.archiver.sightings import Numbers, SightingWriter
from forumclean.records import Thread

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from forumclean.archiver.configs import ConfigRow
    from forumclean.records import Batch, Page

SETTLE_EVERYTHING = "settle_everything"
"""Key in ``meta``, there while derived rows may rest on observations that were replaced."""

_OBSERVATIONS = ("thread_sightings", "config_sightings", "forum_sightings", "issues")
"""Tables with rows of a source, apart from sightings and documents, which carry ids that others point to."""


def store(connection: sqlite3.Connection, batches: Iterable[Batch], run_id: int | None) -> Counter[str]:
    """Store whole documents in one transaction, reading ``batches`` one by one; returns the numbers of new rows by table.

    ``sources`` counts new documents; ``unchanged`` documents that were there with the same rows, ``changed`` those that read
    differently than when they were stored. A batch's ``content_hash`` must determine its text.
    """
    counts: Counter[str] = Counter()
    with transaction(connection):
        document: _Document | None = None
        sites, numbers = sources.Sites(connection), Numbers(connection)
        again = False
        for batch in batches:
            if document is None and not again:
                found = sources.find(connection, batch.sha256 or "")
                again = sources.read_in_run(connection, found, batch, run_id)
            if again:
                counts["unchanged"] += batch.last
                again = not batch.last
                continue
            if document is None:
                document = _Document(connection, batch, run_id, sites, numbers, found)
            document.add(batch)
            if batch.last:
                counts += document.finish()
                document = None
    return counts


@dataclass(slots=True)
class _Document:
    """One document on its way into the archive, batch by batch."""

    connection: sqlite3.Connection
    first: Batch
    run_id: int | None
    sites: sources.Sites
    numbers: Numbers
    known: sources.Source | None
    """Its row, if these bytes were stored before."""
    counts: Counter[str] = field(default_factory=Counter)
    source: sources.Source = field(init=False)
    sightings: SightingWriter = field(init=False)
    digest: Digest = field(default_factory=Digest)
    configs: int = 0
    has_document: bool = False

    def __post_init__(self) -> None:
        """Find or make the row in ``sources``; make room for a second reading."""
        self.source = sources.put(self.connection, self.first, self.run_id, self.sites, self.known)
        if self.source.digest is not None:
            self.connection.execute("SAVEPOINT rereading")
            self._clear()
        self.sightings = SightingWriter(self.connection, self.source, self.numbers)

    def add(self, batch: Batch) -> None:
        """Store all that one batch adds."""
        page = batch.page
        source_row = rows.source_row(batch)
        self.digest.read(source_row)
        if self.source.digest is not None if batch is self.first else page.status != "ok":
            # what the document is, is said by its first part (which has just been written of a new one), or by the part that spoils it
            write(self.connection, f"UPDATE sources SET ({rows.SOURCE_COLUMNS}) = ({_marks(source_row)}) WHERE id = ?", (*source_row, self.source.id))
        number = self._threads(page, needed=bool(batch.posts))
        if batch.posts:
            self.sightings.insert(batch, number, self.digest)
        for config in page.configs:
            self._config(config_row(config))
        self._forums(page)
        if (document := rows.document_row(page)) is not None:
            self._document(document)
        self._issues(page)

    def finish(self) -> Counter[str]:
        """After the last batch: the digest, and the note to settle. Returns what is new."""
        digest = self.digest.text()
        if self.source.digest is not None:
            if digest == self.source.digest:
                self.connection.execute("ROLLBACK TO rereading")
                self.numbers.take_back(self.sightings)
                self.connection.execute("RELEASE rereading")
                return Counter(unchanged=1)
            self._spread()
        else:
            self.counts["sources"] += 1
        self.connection.execute("UPDATE sources SET digest = ? WHERE id = ?", (digest, self.source.id))
        self.connection.execute("INSERT OR IGNORE INTO unsettled (source_id) VALUES (?)", (self.source.id,))
        return self.counts + self.sightings.counts

    def _spread(self) -> None:
        """The document reads differently now: drop what only the old reading had, and have everything settled anew."""
        if not self.has_document:
            self.connection.execute("DELETE FROM documents WHERE source_id = ?", (self.source.id,))
        self.connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, '1')", (SETTLE_EVERYTHING,))
        self.connection.execute("RELEASE rereading")
        self.counts["changed"] += 1

    def _clear(self) -> None:
        key = (self.source.id,)
        for table in _OBSERVATIONS:
            self.connection.execute(f"DELETE FROM {table} WHERE source_id = ?", key)

    def _threads(self, page: Page, *, needed: bool) -> int | None:
        """Store what the page says about threads; returns its own number. Posts without a thread get an unnamed one."""
        threads = page.threads
        own = next((thread for thread in threads if thread.ordinal == 0), None)
        if own is None and needed:
            own = Thread()
            threads = (own, *threads)
        for thread in threads:
            row = (thread.ordinal, *rows.thread_row(thread))
            self.digest.read(row)
            write(
                self.connection, f"INSERT INTO thread_sightings (source_id, ordinal, {rows.THREAD_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", (self.source.id, *row))
        self.counts["thread_sightings"] += len(threads)
        return own.page if own else None

    def _config(self, row: ConfigRow) -> None:
        self.configs += 1
        self.digest.read(row)
        config_id = self._put_config(row)
        self.connection.execute(
            "INSERT INTO config_sightings (source_id, ordinal, config_id) VALUES (?, ?, ?)", (self.source.id, self.configs, config_id))

    def _forums(self, page: Page) -> None:
        """Store what the page says about forums that it gives a number of."""
        for ordinal, fields in enumerate(page.forums, 1):
            if isinstance(fid := fields.get("fid"), int):
                row = (ordinal, fid, rows.as_json(fields))
                self.digest.read(row)
                write(
                    self.connection, "INSERT INTO forum_sightings (source_id, site_id, ordinal, fid, fields) VALUES (?, ?, ?, ?, ?)",
                    (self.source.id, self.source.site_id, *row))

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
                self.connection, f"INSERT INTO forum_configs (site_id, {names}) VALUES (?, {_marks(row)})", (self.source.site_id, *row))
            return int(cursor.lastrowid or 0)
        if row.age > type(row)(*found[1:]).age:
            write(self.connection, f"UPDATE forum_configs SET ({names}) = ({_marks(row)}) WHERE id = ?", (*row, found[0]))
        return int(found[0])

    def _document(self, row: tuple[Any, ...]) -> None:
        self.digest.read(row)
        self.has_document = True
        old = self.connection.execute(f"SELECT {rows.DOCUMENT_COLUMNS} FROM documents WHERE source_id = ?", (self.source.id,)).fetchone()
        if old is None:
            self.counts["documents"] += 1
            write(
                self.connection, f"INSERT INTO documents (source_id, {rows.DOCUMENT_COLUMNS}) VALUES (?, {_marks(row)})", (self.source.id, *row))
        elif old != row:
            write(
                self.connection, f"UPDATE documents SET ({rows.DOCUMENT_COLUMNS}) = ({_marks(row)}) WHERE source_id = ?", (*row, self.source.id))

    def _issues(self, page: Page) -> None:
        found = [(issue.level, issue.stage, issue.code, issue.message, issue.excerpt) for issue in page.issues]
        self.counts["issues"] += len(found)
        for issue in found:
            self.digest.read(issue)
            write(
                self.connection, f"INSERT INTO issues (source_id, run_id, {rows.ISSUE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (self.source.id, self.run_id, *issue),
            )


def _marks(row: tuple[Any, ...]) -> str:
    """Question marks for the values of a row."""
    return ", ".join("?" * len(row))
