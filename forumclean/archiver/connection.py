"""How an archive is opened, locked and closed, and what SQLite's errors mean to people.

One writer: it holds an advisory lock on ``ARCHIVE-lock`` beside the archive for its whole life (POSIX locks end with the process, however
it ends, and are not inherited by workers), and SQLite's own write lock during each transaction. Readers are never blocked (WAL).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from forumclean.errors import ArchiveError, ForumcleanError, LockedError, NotOursError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence, Sized

try:
    import fcntl
except ImportError:  # pragma: no cover - not on Windows: SQLite's lock on each transaction remains
    fcntl = None  # type: ignore[assignment]

T = TypeVar("T")

CACHE_KIB = 64 * 1024
"""Page cache of a writer: the upper pages of all indexes of a large archive stay in memory."""
CHECKPOINT_PAGES = 8192
"""Pages in the WAL before SQLite moves them into the archive: fewer, larger moves than by default."""
AT_ONCE = 512
"""Values in one ``IN (…)``."""
POLL = 0.05
"""Seconds between two looks at a lock that somebody else holds."""

_BUSY = "another process is writing to it; try again later, or give --wait SECONDS"
_FULL = "cannot write, the disk is full or failing ({}); what was stored before is safe: make room and run again"
_READONLY = "cannot write there ({}); check the permissions of the file and of its folder"
_MEANINGS: tuple[tuple[str, type[ArchiveError], str], ...] = (
    ("locked", LockedError, _BUSY),
    ("disk is full", ArchiveError, _FULL),
    ("disk I/O error", ArchiveError, _FULL),
    ("readonly", ArchiveError, _READONLY),
    ("unable to open", ArchiveError, _READONLY),
    ("not a database", NotOursError, "not an SQLite file; give the name of an archive, or of a file that does not exist yet"),
    ("malformed", ArchiveError, "the archive is damaged ({}); restore a copy, or import into a new one"),
)
"""Words of SQLite's messages: which error that is, and what to tell people."""

_open_here: set[Path] = set()
"""Archives that this process writes to: POSIX locks do not tell two openings in one process apart."""


@contextlib.contextmanager
def explained(path: str) -> Iterator[None]:
    """Errors of SQLite inside become ``ArchiveError`` with one line for people; the archive is left as the last commit made it."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise explain(path, error) from error


def explain(path: str, error: sqlite3.DatabaseError) -> ForumcleanError | sqlite3.DatabaseError:
    """The error for people behind an error of SQLite; what can only be a fault of ours comes back as it is."""
    text = str(error)
    if not isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
        for words, kind, advice in _MEANINGS:
            if words in text:
                return kind(f"{path}: {advice.format(text)}")
    return error


def connect(path: str, mode: str, wait: float) -> sqlite3.Connection:
    """A connection without implicit transactions. ``mode``: ``rwc``, ``rw``, ``ro`` or ``ro&immutable=1``."""
    uri = f"{Path(path).absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=wait, isolation_level=None, cached_statements=256)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def tune(connection: sqlite3.Connection) -> None:
    """Settings of a writer's connection. Switches the file to WAL, which stays."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, with the write lock from the start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself has rolled back where the disk was full
            connection.execute("ROLLBACK")
        raise


def write(connection: sqlite3.Connection, statement: str, row: Sequence[Any]) -> sqlite3.Cursor:
    """Execute a statement with values that strangers wrote.

    Half characters (lone surrogates) become U+FFFD and numbers beyond 64 bits NULL, as SQLite can hold neither.
    """
    try:
        return connection.execute(statement, row)
    except (UnicodeEncodeError, OverflowError):
        return connection.execute(statement, [sound(value) for value in row])


def write_many(connection: sqlite3.Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """``write`` for each of many rows, in order."""
    todo = iter(rows)
    row: Sequence[Any] = ()

    def fed() -> Iterator[Sequence[Any]]:
        nonlocal row
        for row in todo:  # noqa: UP028 - the row that cannot be written must be known
            yield row

    while True:
        try:
            connection.executemany(statement, fed())
        except (UnicodeEncodeError, OverflowError):
            connection.execute(statement, [sound(value) for value in row])
        else:
            return


def marks(values: Sized) -> str:
    """Question marks for so many values."""
    return ", ".join("?" * len(values))


def sets(values: Sequence[T]) -> Iterator[list[T]]:
    """Values for ``IN (…)``, some at a time. Few lengths, the last value repeated: each makes a statement that SQLite has to compile once.

    >>> list(sets([7, 8, 9]))
    [[7, 8, 9, 9]]
    """
    for start in range(0, len(values), AT_ONCE):
        some = values[start : start + AT_ONCE]
        yield [*some, *[some[-1]] * ((1 << (len(some) - 1).bit_length()) - len(some))]


def next_id(connection: sqlite3.Connection, table: str) -> int:
    """The id that SQLite would give to the next row of a table."""
    return int(connection.execute(f"SELECT ifnull(max(id), 0) + 1 FROM {table}").fetchone()[0])


def sound(value: Any) -> Any:
    """A value as SQLite can hold it, see ``write``."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return None
    return value


def identity(path: str) -> tuple[int, int] | None:
    """Which file this is, whatever it holds; ``None``: there is none."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def lock_file(path: str) -> Path:
    """The file that a writer holds while it works; deleted when it is done, harmless when left behind by a killed run."""
    return Path(f"{path}-lock")


class WriterLock:
    """The lock of one archive's writer, from construction to ``release``.

    Raises ``LockedError`` if another process, or this one, still writes to the archive after ``wait`` seconds.
    """

    def __init__(self, path: str, wait: float) -> None:
        """Take the lock, waiting for it."""
        self.key = Path(path).resolve()
        self.path = lock_file(path)
        self.file: BinaryIO | None = None
        give_up = time.monotonic() + wait
        while not self._take():
            if time.monotonic() >= give_up:
                raise LockedError(f"{path}: {_BUSY}")
            time.sleep(POLL)

    def _take(self) -> bool:
        if self.key in _open_here:
            return False
        if fcntl is not None and not self._take_file():
            return False
        _open_here.add(self.key)
        return True

    def _take_file(self) -> bool:
        handle = self.path.open("ab")
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # the holder before us may have deleted the file between our open and our lock
            held = self.path.exists() and self.path.stat().st_ino == os.fstat(handle.fileno()).st_ino
        except BlockingIOError:
            held = False
        except OSError:  # a file system without locks: SQLite's lock on each transaction remains
            held = True
        if held:
            self.file = handle
        else:
            handle.close()
        return held

    def release(self) -> None:
        """Let the next writer in."""
        _open_here.discard(self.key)
        if self.file is not None:
            self.path.unlink(missing_ok=True)
            self.file.close()
            self.file = None

