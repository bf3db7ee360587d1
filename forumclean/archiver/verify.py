"""Is the archive whole? Every check is a query that finds nothing in a good archive, or a function that reads it through."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.ranks import PAGES_SEEN
from forumclean.archiver.search import verify_index
from forumclean.cuts import restore
from forumclean.records import Cut

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 3
"""Examples named in a line."""


class Check(NamedTuple):
    """Rows that must not exist."""

    wrong: str
    """What to say of them; the number comes before it."""
    query: str
    """Gives their ids."""


# what waits for settle is no fault: a killed run leaves it, and the next run settles it
_UNSETTLED = "NOT EXISTS (SELECT 1 FROM unsettled AS u WHERE u.source_id = s.source_id)"

CHECKS = (
    Check("posts that no input shows (posts.id)", "SELECT id FROM posts AS p WHERE NOT EXISTS (SELECT 1 FROM sightings WHERE post_id = p.id)"),
    Check(
        "posts whose text is not that of their revision (posts.id)",
        "SELECT p.id FROM posts AS p JOIN revisions AS r ON r.id = p.revision_id"
        " WHERE p.text IS NOT r.text OR p.html IS NOT r.html OR r.post_id IS NOT p.id",
    ),
    Check("posts with a text but no revision (posts.id)", "SELECT id FROM posts WHERE revision_id IS NULL AND text IS NOT NULL"),
    Check("posts in state ok without a text (posts.id)", "SELECT id FROM posts WHERE state = 'ok' AND text IS NULL"),
    Check(
        "revisions that no input shows (revisions.id)",
        "SELECT id FROM revisions AS r WHERE NOT EXISTS (SELECT 1 FROM sightings WHERE revision_id = r.id)"
        f" AND NOT EXISTS (SELECT 1 FROM sightings AS s WHERE s.post_id = r.post_id AND NOT {_UNSETTLED})",
    ),
    Check("sightings without a post (sightings.id)", f"SELECT id FROM sightings AS s WHERE post_id IS NULL AND {_UNSETTLED}"),
    Check(
        "sightings whose revision is another post's (sightings.id)",
        f"SELECT s.id FROM sightings AS s JOIN revisions AS r ON r.id = s.revision_id WHERE r.post_id IS NOT s.post_id AND {_UNSETTLED}",
    ),
    Check(
        "thread pages without a thread (thread_sightings.id)",
        f"SELECT id FROM thread_sightings AS s WHERE thread_id IS NULL AND (ordinal = 0 OR tid IS NOT NULL) AND {_UNSETTLED}",
    ),
    Check(
        "inputs without a place (sources.id)",
        "SELECT id FROM sources AS s WHERE NOT EXISTS (SELECT 1 FROM source_paths WHERE source_id = s.id)",
    ),
    Check(
        "threads whose count of pages is wrong (threads.id)",
        f"SELECT t.id FROM threads AS t WHERE pages_seen <> (SELECT count(*) FROM ({PAGES_SEEN.format(thread='t.id')}))"
        f" AND NOT EXISTS (SELECT 1 FROM thread_sightings AS s WHERE s.thread_id = t.id AND NOT {_UNSETTLED})",
    ),
)


def verify(connection: sqlite3.Connection) -> list[str]:
    """What is wrong, a line each; empty when all is well. Reads the whole archive, changes nothing."""
    try:
        damage = [f"damaged: {row[0]}" for row in connection.execute("PRAGMA integrity_check(10)") if row[0] != "ok"]
    except sqlite3.DatabaseError as error:
        damage = [f"damaged: {error}"]
    if damage:  # queries on a damaged file would only fail
        return damage
    wrong = [
        f"{table} refers to a missing row of {parent} ({count} rows)"
        for table, parent, count in connection.execute('SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2')
    ]
    for check in CHECKS:
        ids = [str(row[0]) for row in connection.execute(check.query)]
        wrong += _line(check.wrong, ids)
    wrong += _line("sightings whose cuts do not fit their text (sightings.id)", list(unrestorable(connection)))
    (query_only,) = connection.execute("PRAGMA query_only").fetchone()
    connection.execute("PRAGMA query_only = OFF")  # it would forbid the temporary tables too
    try:
        return wrong + verify_index(connection)
    finally:
        connection.execute(f"PRAGMA query_only = {query_only}")


def unrestorable(connection: sqlite3.Connection) -> Iterator[str]:
    """Ids of sightings whose parsed text cannot be restored from revision and cuts."""
    cursor = connection.execute(
        "SELECT s.id, s.cuts, r.text FROM sightings AS s LEFT JOIN revisions AS r ON r.id = s.revision_id WHERE s.cuts IS NOT NULL")
    for sighting_id, cuts, text in cursor:
        if text is None or not fits(text, cuts):
            yield str(sighting_id)


def fits(text: str, cuts: str) -> bool:
    """Whether these cuts (JSON, offsets in the parsed text) can have led to this text.

    >>> fits("ab", '[[1, "xx", "", "rule"]]'), fits("ab", '[[5, "xx", "", "rule"]]')
    (True, False)
    """
    try:
        restore(text, [Cut(*cut) for cut in json.loads(cuts)])
    except ValueError:
        return False
    return True


def _line(wrong: str, ids: list[str]) -> list[str]:
    if not ids:
        return []
    more = ", …" if len(ids) > SHOWN else ""
    return [f"{len(ids)} {wrong}: {', '.join(ids[:SHOWN])}{more}"]
