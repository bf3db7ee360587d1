"""Where a post is from and how it changed: sightings, what was cut, revisions, and where a source was found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.archiver.pages.thread import Post, position_on_pages, read_posts
from forumclean.archiver.views import UNSETTLED
from forumclean.cuts import restore
from forumclean.records import Cut, Doubt

if TYPE_CHECKING:
    import sqlite3


class Revision(NamedTuple):
    """A text that a post had. Times are UTC."""

    id: int
    first_seen_at: str | None
    last_seen_at: str | None
    text: str
    is_present: bool


class Sighting(NamedTuple):
    """A post as one source shows it."""

    id: int
    source_id: int
    path: str | None
    """Where the source was found first, with its member behind ``!``."""
    ordinal: int
    page: int | None
    view: str
    captured_at: str | None
    revision_id: int | None
    fields: dict[str, Any]
    parsed: str | None
    """The text before anything was cut; ``None``: no text, or its cuts do not fit it."""
    cuts: tuple[Cut, ...]
    doubts: tuple[Doubt, ...]


class History(NamedTuple):
    """A post with all that is known about it."""

    post: Post
    thread_id: int
    page: int
    site: str
    tid: int | None
    title: str | None
    host: str | None
    engine: str | None
    revisions: tuple[Revision, ...]
    """Oldest first."""
    sightings: tuple[Sighting, ...]


class Source(NamedTuple):
    """One input. Times are UTC."""

    id: int
    sha256: str | None
    site: str | None
    kind: str
    engine: str | None
    encoding: str | None
    host: str | None
    view: str | None
    captured_at: str | None
    captured_how: str | None
    recaptured_at: str | None
    status: str
    places: tuple[tuple[str, str | None, str | None, int | None], ...]
    """(path, member, hash of the absolute path, bytes) of each place where it was found."""
    issues: tuple[tuple[str, str, str], ...]
    """(level, code, message)."""
    posts: int
    threads: int
    """That it lists or shows."""
    document_id: int | None
    site_id: int | None


def read_history(connection: sqlite3.Connection, post_id: int) -> History | None:
    """Return everything about a post (``posts.id``); ``None`` if there is none."""
    posts = read_posts(connection, [post_id])
    where = position_on_pages(connection, post_id)
    if not posts or where is None:
        return None
    thread_id, page = where
    site, tid, title, revision_id = connection.execute(
        "SELECT s.slug, t.tid, (SELECT o.title FROM threads_overview AS o WHERE o.thread_id = t.id), p.revision_id FROM posts AS p"
        " JOIN threads AS t ON t.id = p.thread_id JOIN sites AS s ON s.id = p.site_id WHERE p.id = ?", (post_id,),
    ).fetchone()
    host, engine = connection.execute(
        "SELECT max(o.host), max(o.engine) FROM sightings AS si JOIN sources AS o ON o.id = si.source_id WHERE si.post_id = ?", (post_id,),
    ).fetchone()
    revisions = tuple(
        Revision(row_id, first, last, text, row_id == revision_id) for row_id, first, last, text in connection.execute(
            "SELECT id, first_seen_at, last_seen_at, text FROM revisions WHERE post_id = ? ORDER BY first_seen_at IS NULL, first_seen_at, last_seen_at, id",
            (post_id,),
        )
    )
    return History(posts[0], thread_id, page, site, tid, title, host, engine, revisions, _sightings(connection, post_id))


def _sightings(connection: sqlite3.Connection, post_id: int) -> tuple[Sighting, ...]:
    rows = connection.execute(
        f"""SELECT si.id, si.source_id, (SELECT p.path || coalesce('!' || p.member, '') FROM source_paths AS p WHERE p.source_id = si.source_id
            ORDER BY p.id LIMIT 1), si.ordinal, si.page, si.view, si.captured_at, si.revision_id, si.fields, r.text, si.cuts, {UNSETTLED.format("si")}
        FROM sightings AS si LEFT JOIN revisions AS r ON r.id = si.revision_id WHERE si.post_id = ? ORDER BY si.captured_at, si.id""",
        (post_id,),
    )
    return tuple(_sighting(row) for row in rows)


def _sighting(row: tuple[Any, ...]) -> Sighting:
    *head, fields, text, cuts, doubts = row
    made = tuple(Cut(*cut) for cut in json.loads(cuts or "[]"))
    try:
        parsed = None if text is None else restore(text, made)
    except ValueError:  # verify says so; a page that is read does not fail
        parsed, made = None, ()
    return Sighting._make((*head, json.loads(fields), parsed, made, tuple(Doubt(*doubt) for doubt in json.loads(doubts or "[]"))))


def read_source(connection: sqlite3.Connection, source_id: int) -> Source | None:
    """Return what is known about an input (``sources.id``); ``None`` if there is none."""
    row = connection.execute(
        "SELECT o.id, o.sha256, s.slug, o.kind, o.engine, o.encoding, o.host, o.view, o.captured_at, o.captured_how, o.recaptured_at, o.status,"
        " o.site_id FROM sources AS o LEFT JOIN sites AS s ON s.id = o.site_id WHERE o.id = ?", (source_id,),
    ).fetchone()
    if row is None:
        return None
    places = tuple(connection.execute("SELECT path, member, place, size FROM source_paths WHERE source_id = ? ORDER BY id", (source_id,)))
    issues = tuple(connection.execute("SELECT level, code, message FROM issues WHERE source_id = ? ORDER BY id", (source_id,)))
    posts, = connection.execute("SELECT count(*) FROM sightings WHERE source_id = ?", (source_id,)).fetchone()
    threads, = connection.execute("SELECT count(DISTINCT thread_id) FROM thread_sightings WHERE source_id = ?", (source_id,)).fetchone()
    document = connection.execute("SELECT id FROM documents WHERE source_id = ?", (source_id,)).fetchone()
    return Source._make((*row[:-1], places, issues, posts, threads, None if document is None else document[0], row[-1]))


class Document(NamedTuple):
    """An input that is no forum page, as text."""

    id: int
    source_id: int
    kind: str
    title: str | None
    author: str | None
    publisher: str | None
    published_at: str | None
    text: str


def read_document(connection: sqlite3.Connection, document_id: int) -> Document | None:
    """Return a document (``documents.id``); ``None`` if there is none."""
    row = connection.execute(
        "SELECT id, source_id, kind, title, author, publisher, published_at, text FROM documents WHERE id = ?", (document_id,),
    ).fetchone()
    return None if row is None else Document._make(row)
