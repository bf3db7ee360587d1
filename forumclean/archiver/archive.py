"""The archive as the rest of the house sees it: one object, one file, one writer.

All errors of SQLite leave here as ``ArchiveError``, ``LockedError`` or ``NotOursError`` with one line for people.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from forumclean.archiver import connection as sqlite
from forumclean.archiver import containers, migrations, runlog, sources
from forumclean.archiver.connection import explained, transaction
from forumclean.archiver.writer import store
from forumclean.errors import ArchiveError, NotOursError, UsageError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    from forumclean.archiver.observed import Observed
    from forumclean.archiver.sources import Standing
    from forumclean.archiver.waiting import Settler
    from forumclean.records import Batch, Issue, Ref


class Began(NamedTuple):
    """The first ids of rows that are new since a run began."""

    posts: int
    threads: int
    forums: int


_NEVER = Began(2**63, 2**63, 2**63)
COUNTED = ("sites", "forums", "threads", "posts", "revisions", "sightings", "users", "documents", "sources", "issues")


class Archive:
    """An open archive; a context manager. Make one with ``Archive.open`` or ``Archive.open_readonly``."""

    def __init__(self, path: str, connection: sqlite3.Connection, lock: sqlite.WriterLock | None) -> None:
        """Take over an open connection; ``lock`` is the writer's, ``None`` for a reader."""
        self.path = path
        self.connection = connection
        """For rooms that read, and for settle. In autocommit: writers use ``transaction``."""
        self._lock = lock
        self._file = sqlite.identity(path)
        self._all_read: bool | None = None
        self.began = _NEVER
        """Of the run under way: what it has made itself is new, not changed, whatever it finds out about it later."""

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, create: bool = True, wait: float = 5.0, backup: bool = False) -> Self:
        """Open for writing, and bring an older schema up to date. Waits up to ``wait`` seconds for another writer to finish.

        ``create``: make the archive if the file does not exist or is empty; nothing is left behind if that fails. ``backup``: before an
        older schema is brought up to date, keep a copy of the archive beside it (``ARCHIVE.schema-N``). Raises
        ``ArchiveError`` (not writable, disk full, damaged), ``NotOursError`` (other file, newer schema), ``LockedError``.
        """
        name = os.fspath(path)
        _check_place(name, create=create)
        with explained(name):
            try:
                lock = sqlite.WriterLock(name, wait)
            except OSError as error:
                raise ArchiveError(f"{name}: cannot write there ({error.strerror}); check the permissions of the folder") from error
            is_new = not Path(name).exists()
            connection = None
            try:
                if is_new:
                    _make(name)
                connection = sqlite.connect(name, "rw", wait)
                _prepare(connection, name, create=create, backup=backup)
            except BaseException:
                if connection is not None:
                    connection.close()
                if is_new:
                    _remove(name)
                lock.release()
                raise
        return cls(name, connection, lock)

    @classmethod
    def open_readonly(cls, path: str | os.PathLike[str]) -> Self:
        """Open for reading only: never blocked by a writer, leaves no file behind, works in read-only folders too.

        Raises ``NotOursError`` if the file is no archive, ``ArchiveError`` if there is none.
        """
        name = os.fspath(path)
        _check_place(name, create=False)
        with explained(name):
            connection = _connect_for_reading(name)
            try:
                connection.execute("PRAGMA query_only = ON")
                _demand_present_schema(connection, name)
            except BaseException:
                connection.close()
                raise
        return cls(name, connection, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self.close()
        finally:
            if isinstance(error, sqlite3.DatabaseError):
                # what a caller met on our connection is told to people like our own errors
                clear = sqlite.explain(self.path, error)
                if clear is not error:
                    raise clear from error

    def close(self) -> None:
        """Close; a writer moves everything from the WAL into the file first, so that the file alone is the archive."""
        try:
            if self._lock is not None:
                with suppress(sqlite3.DatabaseError):  # readers may hold it back; a full disk was reported by the write that met it
                    self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self.connection.close()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    def files(self) -> tuple[Path, ...]:
        """The files of the archive itself, which are no inputs."""
        return tuple(Path(f"{self.path}{suffix}") for suffix in ("", "-wal", "-shm", "-journal", "-lock"))

    def begin_run(self, version: str, settings: Mapping[str, Any], paths: Sequence[str]) -> int:
        """Open an entry in the run log; returns its id."""
        with explained(self.path):
            self.began = Began._make(sqlite.next_id(self.connection, table) for table in Began._fields)
            return runlog.begin_run(self.connection, version, settings, paths)

    def end_run(self, run_id: int, counts: Mapping[str, Any], exit_code: int, status: str = "finished") -> None:
        """Close an entry of the run log; ``status``: ``finished`` or ``interrupted``."""
        self.demand_same_file()
        with explained(self.path):
            runlog.end_run(self.connection, run_id, counts, exit_code, status)

    def demand_same_file(self) -> None:
        """Raise ``ArchiveError`` if somebody has put another file in the archive's place since it was opened: what is written now is lost."""
        if sqlite.identity(self.path) != self._file:
            raise ArchiveError(f"{self.path}: was replaced or removed while forumclean was writing to it; run the same command again")

    def record_rules(self, rules: Iterable[Sequence[str | None]]) -> None:
        """Keep the catalogue of rules (name, why, evidence) that this version scrubs with."""
        with explained(self.path):
            runlog.record_rules(self.connection, rules)

    def unchanged(self, refs: Sequence[Ref]) -> list[bool]:
        """For each input: whether it was read to its end from the same place when it had the same size and time."""
        with explained(self.path):
            return sources.unchanged(self.connection, refs)

    def unchanged_files(self, files: Sequence[tuple[str, int, int]]) -> list[bool]:
        """The same for files by their place, size in bytes and time in nanoseconds; see ``Ref``."""
        with explained(self.path):
            if self._all_read is None:
                self._all_read = sources.all_read(self.connection)
            return sources.unchanged_files(self.connection, files, all_read=self._all_read)

    def standing(self, ref: Ref, sha256: str, run_id: int | None = None) -> Standing:
        """How a document that is about to be stored by this run stands to what the archive holds."""
        with explained(self.path):
            return sources.standing(self.connection, ref, sha256, run_id)

    def known(self, found: Sequence[tuple[Ref, str, str | None]]) -> list[bool]:
        """Whether these bytes (SHA-256) are in the archive; of those that are, this place and capture (UTC; else the file's time) are recorded."""
        with explained(self.path):
            return sources.known(self.connection, found)

    def members_read(self, refs: Sequence[Ref]) -> list[int | None]:
        """See ``containers.members_read``."""
        with explained(self.path):
            return containers.members_read(self.connection, refs)

    def record_containers(self, found: Iterable[tuple[Ref, int]]) -> None:
        """See ``containers.record``."""
        with explained(self.path):
            containers.record(self.connection, found)

    def outdated(self, limit: int = 3) -> tuple[int, list[str]]:
        """See ``sources.outdated``."""
        with explained(self.path):
            return sources.outdated(self.connection, limit)

    def store(self, batches: Iterable[Batch | Observed], run_id: int | None = None, settler: Settler | None = None) -> Counter[str]:
        """Store whole documents in one transaction; see ``writer.store``. Settle afterwards what ``settler`` does not."""
        self.demand_same_file()
        with explained(self.path):
            return store(self.connection, batches, run_id, settler)

    def failed(self, ref: Ref, issue: Issue, run_id: int | None = None) -> bool:
        """Record an input that could not be read; False if it was on record already."""
        with explained(self.path):
            return runlog.failed(self.connection, ref, issue, run_id)

    def settle_troubles(self, run_id: int, is_below: Callable[[str, str], bool]) -> None:
        """See ``runlog.settle_troubles``."""
        with explained(self.path):
            runlog.settle_troubles(self.connection, run_id, is_below)

    def counts(self) -> dict[str, int]:
        """Rows of the tables people ask about."""
        with explained(self.path):
            return {table: self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED}

    def verify(self) -> list[str]:
        """What is wrong with the archive, a line each; empty when all is well."""
        from forumclean.archiver.verify import verify  # noqa: PLC0415 - with the search behind it, of no use to an import

        with explained(self.path):
            return verify(self.connection)


def _check_place(path: str, *, create: bool) -> None:
    """Plain words for what SQLite would only call “unable to open”."""
    place = Path(path)
    if not path:
        raise UsageError("the name of the archive is empty")
    if place.is_dir():
        raise ArchiveError(f"{path}: is a folder; give the name of a file in it")
    if not place.absolute().parent.is_dir():
        raise ArchiveError(f"{path}: the folder {place.absolute().parent} does not exist; make it first")
    if not create and not place.exists():
        raise ArchiveError(f"{path}: no such archive")


def _make(path: str) -> None:
    """A new archive, in its place when it is whole: who is killed meanwhile leaves no empty one."""
    part = f"{path}-part"
    try:
        _remove(part)
        with closing(sqlite.connect(part, "rwc", 0)) as connection:
            migrations.make(connection)
        Path(part).replace(path)
    finally:
        _remove(part)


def _prepare(connection: sqlite3.Connection, path: str, *, create: bool, backup: bool) -> None:
    """Make or migrate the schema, and make sure that the file can be written."""
    at = migrations.state(connection, path)
    if at == 0 and not create:
        raise NotOursError(f"{path}: an empty file, not an archive")
    if at == 0:
        migrations.make(connection)
    elif at < len(migrations.STEPS):
        if backup:
            _back_up(connection, f"{path}.schema-{at}")
        migrations.migrate(connection, path)
    migrations.refresh_views(connection)
    sqlite.tune(connection)
    with transaction(connection):
        connection.execute("DELETE FROM meta WHERE key = ''")  # a write that changes nothing: fails now if the file cannot be written


def _back_up(connection: sqlite3.Connection, path: str) -> None:
    """Write a copy of the archive as it is; whole, or not there."""
    if Path(path).exists():
        raise ArchiveError(f"{path}: there is a backup already; move it away, or run without --backup")
    part = f"{path}-part"
    try:
        Path(part).unlink(missing_ok=True)
        connection.execute("VACUUM INTO ?", (part,))
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)


def _demand_present_schema(connection: sqlite3.Connection, path: str) -> None:
    if migrations.state(connection, path) < len(migrations.STEPS):
        raise NotOursError(f"{path}: empty, or made by an older version of forumclean; run any import into it first")


def _connect_for_reading(path: str) -> sqlite3.Connection:
    """A read-only connection leaves its -wal behind; one that could write, but does not, cleans up. On read-only media: immutable."""
    folder = Path(path).absolute().parent
    if os.access(path, os.W_OK) and os.access(folder, os.W_OK):
        return sqlite.connect(path, "rw", 5.0)
    wal = Path(f"{path}-wal")
    pending = wal.exists() and wal.stat().st_size > 0
    return sqlite.connect(path, "ro" if pending else "ro&immutable=1", 5.0)


def _remove(path: str) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
