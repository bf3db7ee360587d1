"""Files of a mirror that the archive knows: which one is the picture behind a URL.

The archive keeps no bytes of them, only where they were found. A picture is served from the ingested folder by whoever knows that folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


class Asset(NamedTuple):
    """A file as recorded."""

    source_id: int
    sha256: str
    paths: tuple[tuple[str, str | None], ...]
    """(path relative to the PATH that was ingested, hash of the absolute path) of each place outside containers."""


def find_assets(connection: sqlite3.Connection, places: Sequence[str]) -> dict[str, int]:
    """Return ``sources.id`` of the assets that were found at ``places`` (hashes of absolute paths)."""
    marks = ", ".join("?" * len(places))
    return dict(connection.execute(
        "SELECT p.place, p.source_id FROM source_paths AS p JOIN sources AS o ON o.id = p.source_id"
        f" WHERE p.place IN ({marks}) AND p.member IS NULL AND o.status = 'asset'", places,
    ))


def find_moved_assets(connection: sqlite3.Connection, paths: Sequence[str]) -> dict[str, int]:
    """Return ``sources.id`` of the assets that were found at ``paths`` (relative to the PATH that was ingested); looks through all places."""
    marks = ", ".join("?" * len(paths))
    return dict(connection.execute(
        "SELECT p.path, p.source_id FROM source_paths AS p JOIN sources AS o ON o.id = p.source_id"
        f" WHERE p.path IN ({marks}) AND p.member IS NULL AND o.status = 'asset'", paths,
    ))


def read_asset(connection: sqlite3.Connection, source_id: int) -> Asset | None:
    """Return a file that is recorded as an asset; ``None`` for any other source."""
    row = connection.execute("SELECT sha256 FROM sources WHERE id = ? AND status = 'asset' AND sha256 IS NOT NULL", (source_id,)).fetchone()
    if row is None:
        return None
    paths = tuple(connection.execute("SELECT path, place FROM source_paths WHERE source_id = ? AND member IS NULL ORDER BY id", (source_id,)))
    return Asset(source_id, row[0], paths)


def paths_of_pages(connection: sqlite3.Connection, thread_id: int) -> tuple[str, ...]:
    """Return some of the paths (relative to their PATH) where pages of a thread were found."""
    rows = connection.execute(
        "SELECT DISTINCT p.path FROM thread_sightings AS ts JOIN source_paths AS p ON p.source_id = ts.source_id"
        " WHERE ts.thread_id = ? AND ts.ordinal = 0 AND p.member IS NULL LIMIT 10", (thread_id,),
    )
    return tuple(path for path, in rows)


def typed_paths(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the PATHs that were typed for imports, latest first."""
    return tuple(path for path, in connection.execute(
        "SELECT j.value FROM runs AS r, json_each(r.paths) AS j GROUP BY j.value ORDER BY max(r.id) DESC LIMIT 50",
    ))
