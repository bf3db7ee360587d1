"""Questions to an archive, behind the verbs that list: runs, issues, coverage, explain."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.archiver.ranks import PAGES_SEEN
from forumclean.archiver.views import UNSETTLED
from forumclean.cuts import restore
from forumclean.errors import ArchiveError, UsageError
from forumclean.records import Cut, Doubt

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One import, as logged. Times are UTC."""

    id: int
    started_at: str
    finished_at: str | None
    """``None``: still running, or killed."""
    status: str
    exit_code: int | None
    version: str
    paths: Any
    settings: Any
    counts: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIssue:
    """What went wrong with an input, or is worth knowing about it."""

    id: int
    run_id: int | None
    path: str | None
    """Of the input, with its member behind ``!``; the first place where it was found."""
    level: str
    stage: str
    code: str
    message: str
    excerpt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """A thread that lacks pages, floors or texts."""

    thread_id: int
    site: str
    tid: int | None
    title: str | None
    """Or the first words of its first post."""
    forum: str | None
    pages_seen: int
    pages_total: int | None
    posts_seen: int
    posts_expected: int | None
    posts_without_text: int
    missing_pages: tuple[int, ...]
    missing_floors: tuple[tuple[int, int], ...]
    """First and last of each run of floors that are not there; deleted posts leave such runs too."""


class Explained(NamedTuple):
    """One sighting of a post: what was parsed, and what was done to it."""

    name: str
    parsed: str
    cuts: tuple[Cut, ...]
    doubts: tuple[Doubt, ...]


_FOUND_AT = """EXISTS (SELECT 1 FROM source_paths AS p WHERE p.source_id = i.source_id AND instr(p.path || coalesce('!' || p.member, ''), ?))"""
# the first of the places where the same bytes were found
_PATH = """(SELECT p.path || coalesce('!' || p.member, '') FROM source_paths AS p WHERE p.source_id = {}.source_id ORDER BY p.id LIMIT 1)"""


def data_version(connection: sqlite3.Connection) -> tuple[Any, ...]:
    """Return what changes when an import does: the last run with its state, and the last source."""
    row: tuple[Any, ...] = connection.execute("SELECT max(id), (SELECT status FROM runs ORDER BY id DESC LIMIT 1), (SELECT max(id) FROM sources),"
                                              " (SELECT max(id) FROM posts) FROM runs").fetchone()
    return row


def list_runs(connection: sqlite3.Connection, *, limit: int | None = None) -> list[Run]:
    """Return the imports, newest first."""
    rows = connection.execute(
        "SELECT id, started_at, finished_at, status, exit_code, version, paths, settings, counts FROM runs ORDER BY id DESC LIMIT ?",
        (-1 if limit is None else limit,),
    )
    return [
        Run(
            id=row_id, started_at=started_at, finished_at=finished_at, status=status, exit_code=exit_code, version=version,
            paths=json.loads(paths), settings=json.loads(settings), counts=json.loads(counts or "{}"),
        )
        for row_id, started_at, finished_at, status, exit_code, version, paths, settings, counts in rows
    ]


def list_issues(  # noqa: PLR0913 - independent filters
    connection: sqlite3.Connection, *, run_id: int | None = None, level: str | None = None, code: str | None = None,
    path: str | None = None, limit: int | None = None,
) -> Iterator[LoggedIssue]:
    """Give the issues, newest run first, in the order they came up.

    ``run_id``, ``level`` and ``code`` must be equal, ``path`` is a part of a path where the input was found; ``None`` takes all.
    """
    asked = (("i.run_id = ?", run_id), ("i.level = ?", level), ("i.code = ?", code), (_FOUND_AT, path))
    where = " AND ".join(condition for condition, value in asked if value is not None) or "1"
    cursor = connection.execute(
        f"SELECT i.id, i.run_id, {_PATH.format('i')} AS path, i.level, i.stage, i.code, i.message, i.excerpt FROM issues AS i"
        f" WHERE {where} ORDER BY i.run_id DESC, i.id LIMIT ?",
        [*(value for _, value in asked if value is not None), -1 if limit is None else limit],
    )
    keys = [column[0] for column in cursor.description]
    for row in cursor:
        yield LoggedIssue(**dict(zip(keys, row, strict=True)))


def list_gaps(connection: sqlite3.Connection, *, limit: int | None = None) -> Iterator[Gaps]:
    """Give the threads that lack pages, floors or texts (the view ``coverage``), with the numbers of what is missing."""
    columns = "thread_id, site, tid, title, forum, pages_seen, pages_total, posts_seen, posts_expected, posts_without_text"
    for row in connection.execute(f"SELECT {columns} FROM coverage ORDER BY thread_id LIMIT ?", (-1 if limit is None else limit,)):
        known = dict(zip(columns.split(", "), row, strict=True))
        yield Gaps(
            **known,
            missing_pages=tuple(_missing_pages(connection, known["thread_id"], known["pages_total"])),
            missing_floors=tuple(_missing_floors(connection, known["thread_id"], known["posts_expected"])),
        )


def _missing_pages(connection: sqlite3.Connection, thread_id: int, total: int | None) -> Iterator[int]:
    seen = {page for page, in connection.execute(PAGES_SEEN.format(thread="?1"), (thread_id,))}
    return (page for page in range(1, max(total or 0, max(seen, default=0)) + 1) if page not in seen)


def _missing_floors(connection: sqlite3.Connection, thread_id: int, expected: int | None) -> Iterator[tuple[int, int]]:
    """Give the runs between the floors that are known. Posts without a position could be any floor: then nothing is said."""
    positions = [position for position, in connection.execute("SELECT position FROM posts WHERE thread_id = ? ORDER BY position", (thread_id,))]
    if None in positions:
        return
    before = 0
    for position in [*positions, (expected or 0) + 1]:
        if position > before + 1:
            yield before + 1, position - 1
        before = max(before, position)


def explain_post(connection: sqlite3.Connection, post_id: int) -> list[Explained]:
    """Return every sighting of a post with its parsed text restored, oldest capture first; nothing is cut that is not listed.

    Doubts that another capture has settled are left out, as in the view ``doubts``.
    Raises ``UsageError`` if the archive has no such post.
    """
    if connection.execute("SELECT 1 FROM posts WHERE id = ?", (post_id,)).fetchone() is None:
        raise UsageError(f"no post {post_id} in the archive: --post takes posts.id, the number that forumclean search shows")
    rows = connection.execute(
        f"SELECT coalesce({_PATH.format('s')}, '-') || ' post ' || s.ordinal, r.text, s.cuts, {UNSETTLED.format('s')} FROM sightings AS s"
        " LEFT JOIN revisions AS r ON r.id = s.revision_id WHERE s.post_id = ? ORDER BY s.captured_at, s.id",
        (post_id,),
    )
    return [_explained(name, text, cuts, doubts) for name, text, cuts, doubts in rows]


def _explained(name: str, text: str | None, cuts: str | None, doubts: str | None) -> Explained:
    made = tuple(Cut(*cut) for cut in json.loads(cuts or "[]"))
    try:
        parsed = restore(text or "", made)
    except ValueError as error:
        raise ArchiveError(f"{name}: its cuts do not fit its text: run forumclean verify") from error
    return Explained(name, parsed, made, tuple(Doubt(*doubt) for doubt in json.loads(doubts or "[]")))
