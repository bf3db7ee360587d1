"""Which of the databases that Datasette serves are archives of ours, and how their pages are reached."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from forumclean.archiver.archive import Archive
from forumclean.archiver.migrations import is_present
from forumclean.archiver.search import index_pending, pending
from forumclean.errors import ForumcleanError

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE = 0.5
"""Seconds that a search waits for somebody who writes: longer than a checkpoint, shorter than an import."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One archive as it is served."""

    datasette: Any
    name: str
    """Of the database in Datasette."""
    path: str
    is_mutable: bool
    is_only: bool
    """No other archive is served: its pages need not say which they mean."""

    def url(self, path: str, **query: object) -> str:
        """Return the address of a page of ours (``thread/12``, ``thread/12#p7``); ``None`` values are left out."""
        path, mark, anchor = path.partition("#")
        asked = {key: str(value) for key, value in query.items() if value is not None}
        if not self.is_only:
            asked["db"] = self.name
        return str(self.datasette.urls.path(f"/-/{path}")) + (f"?{urlencode(asked)}" if asked else "") + mark + anchor

    def rows(self, table: str, **query: object) -> str:
        """Return the address of a table or a named query in Datasette, filtered by ``column=value``."""
        asked = {key: str(value) for key, value in query.items() if value is not None}
        return str(self.datasette.urls.table(self.name, table)) + (f"?{urlencode(asked)}" if asked else "")

    def row(self, table: str, row_id: int) -> str:
        """Return the address of a row in Datasette."""
        return f"{self.rows(table)}/{row_id}"

    async def read(self, question: Callable[..., Any], *words: Any, **more: Any) -> Any:
        """Ask a reading function of the archive: called with a read-only connection, in a thread."""
        return await self.datasette.get_database(self.name).execute_fn(lambda connection: question(connection, *words, **more))

    async def catch_up(self) -> None:
        """Index what is pending, so that nothing is missed; left alone where the archive cannot be written or somebody else writes to it."""
        if self.is_mutable and await self.read(pending):
            await asyncio.get_running_loop().run_in_executor(None, index_now, self.path)


def index_now(path: str) -> bool:
    """Index what is pending in an archive; tells whether that could be done."""
    try:
        with Archive.open(path, create=False, wait=_PATIENCE) as archive:
            index_pending(archive.connection)
    except ForumcleanError:
        return False
    return True


_remembered: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def remember(datasette: Any, database: str | None) -> None:
    """Note that a database is an archive: some hooks of Datasette cannot wait for an answer."""
    if database is not None:
        _remembered.setdefault(datasette, set()).add(database)


def remembered(datasette: Any) -> frozenset[str]:
    """Return the databases that are known to be archives.

    They were not found by reading the heads of the files: a process that closes any file of its own loses the locks that SQLite holds on it.
    """
    return frozenset(_remembered.get(datasette, ()))


async def shelves(datasette: Any) -> list[Shelf]:
    """Return the archives that are served and have the schema of this version, in Datasette's order."""
    found = [
        (name, database) for name, database in datasette.databases.items()
        if database.path and not name.startswith("_") and await database.execute_fn(is_present)
    ]
    return [Shelf(datasette, name, str(database.path), database.is_mutable, len(found) == 1) for name, database in found]


async def shelf_of(datasette: Any, database: str) -> Shelf | None:
    """Return the archive behind a database of Datasette; ``None`` for other databases."""
    return next((shelf for shelf in await shelves(datasette) if shelf.name == database), None)
