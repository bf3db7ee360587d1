"""Makes an archive and brings an older one up to date: named steps, all in one transaction, recorded in the archive's table migrations.

``PRAGMA user_version`` counts the steps that were applied. A step, once released, is never edited: what changes later is a new step. A new
archive is made as it is now, which takes a third of the time of all the steps (and none of the packages that apply them), and says
that all were applied.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.connection import transaction
from forumclean.archiver.schema import APPLICATION_ID, CONTAINERS, FIRST_SCHEMA, POSTS_CREATED, PRESENT_SCHEMA, SIGHTINGS_SIGNER
from forumclean.archiver.views import VIEWS
from forumclean.archiver.writer import SETTLE_EVERYTHING
from forumclean.errors import NotOursError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from sqlite_utils import Database


class Step(NamedTuple):
    """One change of the schema."""

    name: str
    apply: Callable[[sqlite3.Connection], None]
    """Runs inside the step's transaction; must not commit."""


def _first_schema(connection: sqlite3.Connection) -> None:
    for statement in FIRST_SCHEMA:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _posts_by_date(connection: sqlite3.Connection) -> None:
    """The newest posts of a million, and all of a month, without reading them all."""
    connection.execute(POSTS_CREATED)


def _readers(connection: sqlite3.Connection) -> None:
    """Which parser read a source, so that a newer one reads it again; which containers were read to their end."""
    connection.execute("ALTER TABLE sources ADD COLUMN reader INTEGER")
    connection.execute(CONTAINERS)


def _poorer_views(connection: sqlite3.Connection) -> None:
    """A poorer view makes no revision: its sighting keeps its own hash and cuts, and the difference in its cuts."""
    connection.execute("ALTER TABLE sightings ADD COLUMN own_hash TEXT")
    connection.execute("ALTER TABLE sightings ADD COLUMN own_cuts TEXT")
    connection.execute("INSERT OR REPLACE INTO meta (key, value) SELECT ?, '1' WHERE EXISTS (SELECT 1 FROM sightings)", (SETTLE_EVERYTHING,))


def _page_urls(connection: sqlite3.Connection) -> None:
    """How a board writes the addresses of its pages, as the links on a source show."""
    connection.execute("ALTER TABLE sources ADD COLUMN page_url TEXT")


def _signers(connection: sqlite3.Connection) -> None:
    """All flattened sightings of one author, without reading those of all others; see ``rows.signer``."""
    connection.execute("ALTER TABLE sightings ADD COLUMN signer TEXT")
    connection.execute("""
UPDATE sightings AS x SET signer = coalesce(nullif(json_extract(fields, '$.author_name'), ''),
    (SELECT CASE count(*) WHEN 3 THEN char(10) || group_concat(value, '/') END
     FROM (SELECT value FROM user_stats WHERE sighting_id = x.id AND name IN ('credits', 'posts', 'threads') ORDER BY name)))
WHERE view = 'flattened' AND revision_id IS NOT NULL AND ifnull(json_extract(fields, '$.author_kind'), '') NOT IN ('guest', 'anonymous')""")
    connection.execute(SIGHTINGS_SIGNER)


def _scrubbing(connection: sqlite3.Connection) -> None:
    """What it takes to scrub a page again by newer rules. Pages of older archives lack it until they are read again (``--full``)."""
    connection.execute("ALTER TABLE sources ADD COLUMN rules INTEGER")
    connection.execute("ALTER TABLE sources ADD COLUMN evidence TEXT")
    connection.execute("ALTER TABLE sightings ADD COLUMN marks TEXT")


STEPS: Sequence[Step] = (
    Step("first-schema", _first_schema), Step("posts-by-date", _posts_by_date), Step("readers", _readers), Step("poorer-views", _poorer_views),
    Step("page-urls", _page_urls), Step("signers", _signers), Step("scrubbing", _scrubbing),
)
"""In order. Only ever appended to."""


_SET = "forumclean"
_RECORD = (
    'CREATE TABLE "migrations" (\n   "id" INTEGER PRIMARY KEY,\n   "migration_set" TEXT,\n   "name" TEXT,\n   "applied_at" TEXT\n)',
    'CREATE UNIQUE INDEX "idx_migrations_migration_set_name"\n    ON "migrations" ("migration_set", "name")',
)
"""The table of applied steps, as sqlite-utils makes it."""


def state(connection: sqlite3.Connection, path: str, steps: Sequence[Step] = STEPS) -> int:
    """How many steps the archive has seen, 0 for an empty file.

    Raises ``NotOursError`` for another application's database, and for an archive made by a newer version of this program.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    tables = connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()  # also reads the schema: a damaged one is found here
    if not application and not version and not tables:
        return 0
    if application != APPLICATION_ID:
        raise NotOursError(f"{path}: an SQLite file of another program; give the name of an archive, or of a file that does not exist yet")
    if version > len(steps):
        raise NotOursError(f"{path}: made by a newer version of forumclean (schema {version}, this one knows {len(steps)}); update forumclean")
    return int(version)


def is_present(connection: sqlite3.Connection) -> bool:
    """Whether a database is an archive with the schema of this version."""
    try:
        return state(connection, "") == len(STEPS)
    except NotOursError:
        return False


def make(connection: sqlite3.Connection, steps: Sequence[Step] = STEPS) -> None:
    """Make a new archive in an empty file, in one transaction: what ``migrate`` would make of it."""
    with transaction(connection):
        for statement in (*PRESENT_SCHEMA, *_RECORD):
            connection.execute(statement)
        connection.executemany(
            "INSERT INTO migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", [(_SET, step.name, str(datetime.now(UTC))) for step in steps])
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")


def migrate(connection: sqlite3.Connection, path: str, steps: Sequence[Step] = STEPS) -> list[str]:
    """Apply the steps that are missing, all in one transaction; returns their names. If one fails, the archive stays as it was."""
    if state(connection, path, steps) == len(steps):
        return []
    from sqlite_utils import Database  # noqa: PLC0415 - takes a fifth of a second, and nearly every run finds nothing to do
    from sqlite_utils.migrations import Migrations  # noqa: PLC0415

    registered = Migrations(_SET)
    registered.migrations_table = "migrations"
    for step in steps:
        registered(name=step.name)(_migration(step))
    database = Database(connection, recursive_triggers=False, execute_plugins=False)
    with transaction(connection):
        pending = [migration.name for migration in registered.pending(database)]
        registered.apply(database)
        connection.execute(f"PRAGMA user_version = {len(steps)}")
    return pending


def _migration(step: Step) -> Callable[[Database], None]:
    def apply(database: Database) -> None:
        step.apply(database.conn)

    return apply


def refresh_views(connection: sqlite3.Connection) -> bool:
    """Make the views those of this version; whether that changed any. They hold no data, so they are no matter of steps."""
    names = "SELECT name, sql FROM sqlite_master WHERE type = 'view'"
    old = dict(connection.execute(names))
    if list(old.values()) == [statement.strip() for statement in VIEWS]:
        return False
    with transaction(connection):
        for name in old:
            connection.execute(f'DROP VIEW "{name}"')
        for statement in VIEWS:
            connection.execute(statement)
    return True
