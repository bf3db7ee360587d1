"""Makes an archive and brings an older one up to date: named steps, each in one transaction, recorded in the archive itself.

``PRAGMA user_version`` counts the steps that were applied. A step, once released, is never edited: what changes later is a new step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.connection import transaction
from forumclean.archiver.moments import now
from forumclean.archiver.schema import APPLICATION_ID, FIRST_SCHEMA
from forumclean.archiver.views import VIEWS
from forumclean.errors import NotOursError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence


class Step(NamedTuple):
    """One change of the schema."""

    name: str
    apply: Callable[[sqlite3.Connection], None]
    """Runs inside the step's transaction; must not commit."""


def _first_schema(connection: sqlite3.Connection) -> None:
    for statement in FIRST_SCHEMA:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


STEPS: Sequence[Step] = (Step("first-schema", _first_schema),)
"""In order. Only ever appended to."""


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


def migrate(connection: sqlite3.Connection, path: str, steps: Sequence[Step] = STEPS) -> list[str]:
    """Apply the steps that are missing; returns their names. A step that fails leaves the archive as it was before that step."""
    applied = []
    for number, step in enumerate(steps, start=1):
        if number <= state(connection, path, steps):
            continue
        with transaction(connection):
            if number <= state(connection, path, steps):  # another process was faster
                continue
            step.apply(connection)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("INSERT INTO migrations (name, applied_at) VALUES (?, ?)", (step.name, now()))
        applied.append(step.name)
    return applied


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
