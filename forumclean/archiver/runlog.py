"""The log of imports, inputs that could not be read, what went wrong, and the rule catalogue of the last run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from forumclean.archiver import rows
from forumclean.archiver.connection import transaction, write
from forumclean.archiver.moments import now

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from forumclean.records import Issue, Ref

PAST = "past"
"""Status of an input that could not be opened once, and a later import has not met so again."""


def begin_run(connection: sqlite3.Connection, version: str, settings: Mapping[str, Any], paths: Sequence[str]) -> int:
    """Open the log entry of an import. The caller is the only writer, so an entry still open is of a run that was killed."""
    with transaction(connection):
        connection.execute("UPDATE runs SET status = 'interrupted' WHERE status = 'running'")
        cursor = write(
            connection, "INSERT INTO runs (started_at, version, paths, settings, status) VALUES (?, ?, ?, ?, 'running')",
            (now(), version, _json(list(paths)), _json(dict(settings))),
        )
    return int(cursor.lastrowid or 0)


def end_run(connection: sqlite3.Connection, run_id: int, counts: Mapping[str, Any], exit_code: int, status: str) -> None:
    """Close the log entry."""
    with transaction(connection):
        connection.execute(
            "UPDATE runs SET finished_at = ?, counts = ?, exit_code = ?, status = ? WHERE id = ?",
            (now(), _json(dict(counts)), exit_code, status, run_id),
        )


def failed(connection: sqlite3.Connection, ref: Ref, issue: Issue, run_id: int | None) -> bool:
    """Record an input that could not be read; False if the same trouble with the same file is on record (place, size, mtime, code).

    ``run_id`` of its source is the run that met it last. Where the trouble is no error (a link that is not followed, an odd name of a member), the row is ``noted``, not ``failed``.
    """
    with transaction(connection):
        old = connection.execute(
            'SELECT s.id FROM source_paths AS p JOIN sources AS s ON s.id = p.source_id JOIN issues AS i ON i.source_id = s.id'
            ' WHERE p.place IS ? AND p.member IS ? AND p."offset" IS ? AND p.size IS ? AND p.mtime_ns IS ?'
            f" AND s.sha256 IS NULL AND s.status <> '{PAST}' AND i.code = ? AND (p.place IS NOT NULL OR p.path = ?)",
            (ref.place, ref.member, ref.offset, ref.size, ref.mtime_ns, issue.code, ref.path),
        ).fetchone()
        if old is not None:
            connection.execute("UPDATE sources SET run_id = ? WHERE id = ?", (run_id, old[0]))
            return False
        at = rows.mtime_capture(ref)
        cursor = connection.execute(
            "INSERT INTO sources (kind, status, captured_at, captured_how, run_id) VALUES ('unreadable', ?, ?, ?, ?)",
            ("failed" if issue.level == "error" else "noted", *at, run_id))
        source_id = cursor.lastrowid
        write(
            connection, 'INSERT INTO source_paths (source_id, path, member, "offset", size, mtime_ns, place) VALUES (?, ?, ?, ?, ?, ?, ?)',
            (source_id, ref.path, ref.member, ref.offset, ref.size, ref.mtime_ns, ref.place),
        )
        write(
            connection, f"INSERT INTO issues (source_id, run_id, {rows.ISSUE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (source_id, run_id, issue.level, issue.stage, issue.code, issue.message, issue.excerpt),
        )
    return True


def settle_troubles(connection: sqlite3.Connection, run_id: int, is_below: Callable[[str, str], bool]) -> None:
    """Note which files and folders that could not be opened are so no more: met again, that is news.

    The run has looked at all that ``is_below`` (given path and place, see ``Ref``) says is below its PATHs. Troubles inside files are left
    alone: nobody looks there as long as the file is as it was.
    """
    troubles = connection.execute(
        "SELECT s.id, p.path, p.place FROM sources AS s JOIN issues AS i ON i.source_id = s.id JOIN source_paths AS p ON p.source_id = s.id"
        " WHERE s.sha256 IS NULL AND s.status = 'failed' AND s.run_id IS NOT ? AND i.code = 'unreadable'"
        ' AND p.place IS NOT NULL AND p.member IS NULL AND p."offset" IS NULL', (run_id,)).fetchall()
    over = [(source_id,) for source_id, path, place in troubles if is_below(path, place)]
    if over:
        with transaction(connection):
            connection.executemany(f"UPDATE sources SET status = '{PAST}' WHERE id = ?", over)


def record_rules(connection: sqlite3.Connection, rules: Iterable[Sequence[str | None]]) -> bool:
    """Keep the catalogue (name, why, evidence) of the rules in use; whether it differs from the one on record."""
    new = sorted(tuple(rule) for rule in rules)
    if connection.execute("SELECT name, why, evidence FROM rules ORDER BY name").fetchall() == new:
        return False
    with transaction(connection):
        connection.execute("DELETE FROM rules")
        connection.executemany("INSERT INTO rules (name, why, evidence) VALUES (?, ?, ?)", new)
    return True


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
