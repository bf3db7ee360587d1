"""Rows of ``sites``, ``sources`` and ``source_paths``: which bytes are known, where and when they were found.

The same bytes found again, elsewhere or later, are the same source: it gains a place, and its span of captures grows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from forumclean import settings
from forumclean.archiver import rows
from forumclean.archiver.connection import marks, sets, sound, transaction, write

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from forumclean.archiver.observed import Observed
    from forumclean.archiver.rows import Capture
    from forumclean.records import Ref

UNKNOWN_SITE = "unknown"
Standing = Literal["new", "changed", "unchanged", "repeated"]


class Source(NamedTuple):
    """A document's row."""

    id: int
    sha256: str
    site_id: int
    captured_at: str | None
    digest: str | None
    """Of its rows as stored; ``None``: new."""


class Sites:
    """The sites of pages, each asked for once in a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """None asked for yet."""
        self.connection = connection
        self._known: dict[tuple[str | None, str | None], int] = {}

    def put(self, slug: str | None, host: str | None) -> int:
        """The site of a page, see ``put_site``."""
        key = (slug, host)
        if (site_id := self._known.get(key)) is None:
            before = self.connection.total_changes
            site_id = put_site(self.connection, slug, host)
            if self.connection.total_changes != before:
                self._known.clear()  # a slug that a user gives goes before the host's own name
            self._known[key] = site_id
        return site_id


def known_again(connection: sqlite3.Connection, batch: Observed, found: Source) -> Source:
    """The row of a document that is read again; records the place it was found at and the time of its capture."""
    seen_again(connection, found, batch.ref, batch.capture)
    connection.execute("UPDATE sources SET reader = ?1, rules = ?2 WHERE id = ?3", (settings.READER, settings.RULES, found.id))
    return find(connection, found.sha256) or found


def insert(connection: sqlite3.Connection, source: Source, batch: Observed, run_id: int | None, said: tuple[Any, ...]) -> None:
    """Write the row of a document that is new, and the place it was found at. ``said``: ``SOURCE_COLUMNS``."""
    row = (
        source.id, source.sha256, source.site_id, batch.ref.container, *batch.capture, source.digest, run_id, settings.READER, settings.RULES, *said)
    write(connection, _INSERT, row)
    _insert_path(connection, source.id, batch.ref)


_COLUMNS = f"id, sha256, site_id, container, captured_at, captured_how, digest, run_id, reader, rules, {rows.SOURCE_COLUMNS}"
_INSERT = f"INSERT INTO sources ({_COLUMNS}) VALUES ({marks(_COLUMNS.split(', '))})"


def read_in_run(connection: sqlite3.Connection, found: Source | None, batch: Observed, run_id: int | None) -> bool:
    """Whether this very run has stored these bytes a moment ago (captured again, or in two containers); if so, place and capture are recorded."""
    if found is None or found.digest is None or run_id is None:
        return False
    if connection.execute("SELECT run_id FROM sources WHERE id = ?", (found.id,)).fetchone() != (run_id,):
        return False
    seen_again(connection, found, batch.ref, batch.capture)
    return True


def find(connection: sqlite3.Connection, sha256: str) -> Source | None:
    """The row of the document with these bytes."""
    row = connection.execute("SELECT id, sha256, site_id, captured_at, digest FROM sources WHERE sha256 = ?", (sha256,)).fetchone()
    return None if row is None else Source(*row)


def known(connection: sqlite3.Connection, found: Sequence[tuple[Ref, str, str | None]]) -> list[bool]:
    """For each place, SHA-256 and time of capture: whether this version has read these bytes; if so, place and capture are recorded.

    Bytes that failed are not known elsewhere: a file that has become like a bad one is news, and is read and reported again.
    """
    there: dict[str, tuple[Source, str]] = {}
    for some in sets([sha256 for _, sha256, _ in found]):
        for *source, status in connection.execute(
            "SELECT id, sha256, site_id, captured_at, digest, status FROM sources"
            f" WHERE sha256 IN ({marks(some)}) AND reader = {settings.READER:d}", some):
            there[source[1]] = (Source(*source), status)
    if not there:
        return [False] * len(found)
    with transaction(connection):
        return [sha256 in there and _met(connection, *there[sha256], ref, captured_at) for ref, sha256, captured_at in found]


def _met(connection: sqlite3.Connection, source: Source, status: str, ref: Ref, captured_at: str | None) -> bool:
    if status == "failed" and not _lies_at(connection, source.id, ref):
        return False
    seen_again(connection, source, ref, rows.mtime_capture(ref) if captured_at is None else rows.Capture(captured_at, "container"))
    return True


def _lies_at(connection: sqlite3.Connection, source_id: int, ref: Ref) -> bool:
    """Whether a source was found at this place before: its file was only touched."""
    return ref.place is not None and connection.execute(
        'SELECT 1 FROM source_paths WHERE source_id = ? AND place = ? AND member IS ? AND "offset" IS ?',
        (source_id, ref.place, ref.member, ref.offset)).fetchone() is not None


def outdated(connection: sqlite3.Connection, limit: int) -> tuple[int, list[str]]:
    """How many sources only an older version has read, and the paths of some: they are gone, or were not given to this run."""
    where = "FROM sources AS s WHERE s.sha256 IS NOT NULL AND s.reader IS NOT ?"
    (count,) = connection.execute(f"SELECT count(*) {where}", (settings.READER,)).fetchone()
    paths = connection.execute(
        "SELECT (SELECT p.path || coalesce('!' || p.member, '') FROM source_paths AS p WHERE p.source_id = s.id ORDER BY p.id LIMIT 1)"
        f" {where} ORDER BY s.id LIMIT ?", (settings.READER, limit if count else 0))
    return count, [path for path, in paths]


def seen_again(connection: sqlite3.Connection, source: Source, ref: Ref, at: Capture) -> None:
    """Record one more place and capture of known bytes; what this changes is settled anew."""
    moved = put_path(connection, source.id, ref)
    if _recaptured(connection, source.id, at) or moved:
        connection.execute("INSERT OR IGNORE INTO unsettled (source_id) VALUES (?)", (source.id,))


def put_path(connection: sqlite3.Connection, source_id: int, ref: Ref) -> bool:
    """Record where a source was found, or that its file was only touched; whether the place is a new one for it."""
    old = connection.execute(
        'SELECT id, size, mtime_ns FROM source_paths WHERE source_id = ? AND place IS ? AND path = ? AND member IS ? AND "offset" IS ?',
        (source_id, ref.place, ref.path, ref.member, ref.offset),
    ).fetchone()
    if old is None:
        _insert_path(connection, source_id, ref)
        return True
    if old[1:] != (ref.size, ref.mtime_ns):
        connection.execute("UPDATE source_paths SET size = ?, mtime_ns = ? WHERE id = ?", (ref.size, ref.mtime_ns, old[0]))
    return False


def _insert_path(connection: sqlite3.Connection, source_id: int, ref: Ref) -> None:
    connection.execute(
        'INSERT INTO source_paths (source_id, path, member, "offset", size, mtime_ns, place) VALUES (?, ?, ?, ?, ?, ?, ?)',
        (source_id, ref.path, ref.member, ref.offset, ref.size, ref.mtime_ns, ref.place),
    )


def unchanged(connection: sqlite3.Connection, refs: Sequence[Ref]) -> list[bool]:
    """For each input: whether it was read from the same place before, to its end, when its file had the same size and time."""
    files = {place: (ref.place, ref.size, ref.mtime_ns) for place, ref in enumerate(refs) if ref.place is not None and _is_file(ref)}
    known = {place for place, same in zip(files, unchanged_files(connection, list(files.values())), strict=True) if same}
    return [place in known if _is_file(ref) else _read_before(connection, ref) for place, ref in enumerate(refs)]


def _is_file(ref: Ref) -> bool:
    return ref.member is None and ref.offset is None


def unchanged_files(
    connection: sqlite3.Connection, files: Sequence[tuple[str, int | None, int | None]], *, all_read: bool = False,
) -> list[bool]:
    """``unchanged`` for files that are no members: place, size in bytes, time in nanoseconds. ``all_read``: as the function of that name says."""
    known: set[tuple[str, int, int]] = set()
    join = "" if all_read else f"JOIN sources AS s ON s.id = p.source_id AND s.sha256 IS NOT NULL AND s.reader = {settings.READER:d}"
    for some in sets([place for place, _, _ in files]):
        known.update(connection.execute(
            f"SELECT p.place, p.size, p.mtime_ns FROM source_paths AS p {join}"
            f' WHERE p.place IN ({marks(some)}) AND p.member IS NULL AND p."offset" IS NULL', some))
    return [file in known for file in files]


def all_read(connection: sqlite3.Connection) -> bool:
    """Whether every input on record was read by this version: then a place, size and time say it all."""
    return connection.execute("SELECT 1 FROM sources WHERE sha256 IS NULL OR reader IS NOT ? LIMIT 1", (settings.READER,)).fetchone() is None


def _read_before(connection: sqlite3.Connection, ref: Ref) -> bool:
    """The same for one member of a container: a container may have more members than a query should look at."""
    return connection.execute(
        'SELECT 1 FROM source_paths AS p JOIN sources AS s ON s.id = p.source_id WHERE p.place = ? AND p.member IS ? AND p."offset" IS ?'
        " AND p.size IS ? AND p.mtime_ns = ? AND s.sha256 IS NOT NULL AND s.reader = ?",  # a place and a time that are not known equal nothing
        (ref.place, ref.member, ref.offset, ref.size, ref.mtime_ns, settings.READER),
    ).fetchone() is not None


def standing(connection: sqlite3.Connection, ref: Ref, sha256: str, run_id: int | None = None) -> Standing:
    """Whether these bytes are known (``unchanged``; ``repeated``: since this run), or other ones were read from their place (``changed``)."""
    first_met = connection.execute("SELECT run_id FROM sources WHERE sha256 = ?", (sha256,)).fetchone()
    if first_met is not None:
        return "unchanged" if run_id is None or first_met[0] != run_id else "repeated"
    other = ref.place is not None and connection.execute(
        "SELECT 1 FROM source_paths AS p JOIN sources AS s ON s.id = p.source_id"
        ' WHERE p.place = ? AND p.member IS ? AND p."offset" IS ? AND s.sha256 IS NOT NULL', (ref.place, ref.member, ref.offset)).fetchone()
    return "changed" if other else "new"


def put_site(connection: sqlite3.Connection, slug: str | None, host: str | None) -> int:
    """The site of a page: as given, else the one its host is known for, else the host's own, else ``unknown``."""
    host = sound(host)
    slug = sound(slug)
    if slug is None:
        slug = _site_of_host(connection, host) or host or UNKNOWN_SITE
    connection.execute("INSERT OR IGNORE INTO sites (slug) VALUES (?)", (slug,))
    (site_id,) = connection.execute("SELECT id FROM sites WHERE slug = ?", (slug,)).fetchone()
    if host is not None:
        connection.execute("INSERT OR IGNORE INTO site_hosts (site_id, host) VALUES (?, ?)", (site_id, host))
    return int(site_id)


def _site_of_host(connection: sqlite3.Connection, host: str | None) -> str | None:
    """A slug that a user gave for this host goes before the host's own name."""
    row = connection.execute(
        "SELECT slug FROM site_hosts JOIN sites ON sites.id = site_id WHERE host = ? ORDER BY slug = host, slug LIMIT 1", (host,),
    ).fetchone()
    return None if row is None else row[0]


_WORTH = {None: 0, "mtime": 1, "page": 2, "container": 3}
"""How much a time of capture is worth, by how it is known (design: last seen)."""


def _recaptured(connection: sqlite3.Connection, source_id: int, at: Capture) -> bool:
    """Widen the span of captures. Times that are known in a better way replace the others; a page that states its own time has but one."""
    if at.at is None:
        return False
    first, how, last = connection.execute("SELECT captured_at, captured_how, recaptured_at FROM sources WHERE id = ?", (source_id,)).fetchone()
    better = _WORTH.get(at.how, 0) - _WORTH.get(how, 0)
    if better < 0 or (not better and (how == "page" or (first is not None and first <= at.at <= (last or first)))):
        return False
    times: list[Any] = sorted({time for time in (at.at, *(() if better else (first, last))) if time is not None})
    connection.execute(
        "UPDATE sources SET captured_at = ?, captured_how = ?, recaptured_at = ? WHERE id = ?",
        (times[0], at.how, times[-1] if len(times) > 1 else None, source_id),
    )
    connection.execute("UPDATE sightings SET captured_at = ? WHERE source_id = ? AND captured_at IS NOT ?", (times[0], source_id, times[0]))
    return True
