"""Rows on their way into the archive: those of many documents are written table by table, which takes less time than page by page.

Only tables that nobody asks before the end of the transaction, but of documents that were there before: ``write`` first.

Pages of threads may be settled on their way: then their rows are written once, with all links that settle would add later.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from forumclean.archiver import rows
from forumclean.archiver.connection import marks, write_many

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping, Sequence

    from forumclean.archiver.sources import Source

AT_ONCE = 20_000
"""Rows that wait at most, and those of one batch."""
Row = tuple[Any, ...]

_COLUMNS = {
    "thread_sightings": f"source_id, ordinal, {rows.THREAD_COLUMNS}, thread_id",
    "revisions": "id, content_hash, html_key, text, html, post_id, first_seen_at, last_seen_at",
    "sightings": f"id, source_id, ordinal, captured_at, post_id, revision_id, html, signer, {rows.SIGHTING_COLUMNS}",
    "user_stats": "sighting_id, name, value, user_id, seen_at",
    "config_sightings": "source_id, ordinal, config_id",
    "forum_sightings": "source_id, site_id, ordinal, fid, fields",
    "issues": f"source_id, run_id, {rows.ISSUE_COLUMNS}",
    "unsettled": "source_id",
}
"""What a row consists of, by table, in the order in which the tables are written: what is referred to goes first."""
_INSERTS = {
    table: f"INSERT{' OR IGNORE' * (table == 'unsettled')} INTO {table} ({columns}) VALUES ({marks(columns.split(', '))})" for table, columns in _COLUMNS.items()
}
NOBODY = (None, None, None)
"""Post, first and last capture of a revision that is not settled."""


class SightingRow(NamedTuple):
    """A row of ``sightings``."""

    id: int
    source_id: int
    ordinal: int
    captured_at: str | None
    post_id: int | None
    revision_id: int | None
    html: str | None
    signer: str | None
    pid: int | None
    page: int | None
    view: str
    state: str
    fields: str
    marks: str | None
    cuts: str | None
    doubts: str | None


class RevisionRow(NamedTuple):
    """The columns of ``revisions`` that are no matter of settling."""

    id: int
    content_hash: str | None
    html_key: str | None
    text: str | None
    html: str | None


@dataclass(slots=True)
class Fresh:
    """A page of a thread with a number, new to the archive like all its texts. Settle may fill in the links."""

    source: Source
    captured_how: str | None
    host: str | None
    view: str
    thread: Row
    """``THREAD_COLUMNS`` of what it says about its thread."""
    sightings: Sequence[SightingRow]
    revisions: Sequence[RevisionRow]
    stats: Sequence[tuple[int, str, Any]]
    """Sighting, name, value."""
    forums: Sequence[int]
    """Numbers of the forums that it says something about."""
    thread_id: int | None = None
    """Set: the page is settled, and so are all links below."""
    stated_at: str | None = None
    """``user_stats.seen_at`` of its figures."""
    links: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    """Sighting → post and its user."""


class Settler(Protocol):
    """Settles pages before they are written."""

    def settle(self, pages: Sequence[Fresh]) -> Mapping[str, Sequence[Row]]:
        """Settle those that can be, and return statements with the rows that are to be written with them."""

    def written(self) -> None:
        """All this is written."""


class Waiting:
    """Rows that wait, within one transaction."""

    def __init__(self, connection: sqlite3.Connection, settler: Settler | None = None) -> None:
        """None yet."""
        self.connection = connection
        self._settler = settler
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        self._fresh: list[Fresh] = []
        self._count = 0

    def add(self, table: str, some: Collection[Row]) -> None:
        """Rows of a table, in the order in which they are to be written."""
        self._rows[table].extend(some)
        self._count += len(some)

    def add_page(self, page: Fresh) -> None:
        """A page that may be settled before it is written."""
        self._fresh.append(page)
        self._count += len(page.sightings) + len(page.revisions) + len(page.stats)

    @property
    def is_full(self) -> bool:
        """Whether it is time to write."""
        return self._count >= AT_ONCE

    def write(self) -> None:
        """Write all."""
        derived = self._settler.settle(self._fresh) if self._settler is not None and self._fresh else {}
        for page in self._fresh:
            self._lay_out(page)
        for table, statement in _INSERTS.items():
            if some := self._rows.pop(table, None):
                write_many(self.connection, statement, some)
            if table == "revisions":  # texts first, then the posts that show them, then what refers to posts
                for derivation, found in derived.items():
                    write_many(self.connection, derivation, found)
        if self._settler is not None and self._fresh:
            self._settler.written()
        self._fresh.clear()
        self._count = 0

    def drop(self) -> None:
        """Forget what is waiting."""
        self._rows.clear()
        self._fresh.clear()
        self._count = 0

    def _lay_out(self, page: Fresh) -> None:
        source_id, links = page.source.id, page.links
        self._rows["thread_sightings"].append((source_id, 0, *page.thread, page.thread_id))
        if page.thread_id is None:
            self._rows["unsettled"].append((source_id,))
            self._rows["revisions"] += [(*row, *NOBODY) for row in page.revisions]
            self._rows["sightings"] += page.sightings
            self._rows["user_stats"] += [(*row, None, None) for row in page.stats]
            return
        span = (page.source.captured_at, page.source.captured_at)
        post_of = {row.revision_id: links[row.id][0] for row in page.sightings}
        self._rows["revisions"] += [(*row, post_of[row.id], *span) for row in page.revisions]
        self._rows["sightings"] += [(*row[:4], links[row.id][0], *row[5:]) for row in page.sightings]
        self._rows["user_stats"] += [(*row, links[row[0]][1], page.stated_at) for row in page.stats]
