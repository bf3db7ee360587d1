"""What Datasette calls: the entry point ``forumclean`` of the group ``datasette``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forumclean.archiver.schema import APPLICATION_ID
from forumclean.explore import glance, provenance, reading, searching
from forumclean.explore.answers import hand_out
from forumclean.explore.cells import cell, link_to, remember_request
from forumclean.explore.descriptions import database_metadata
from forumclean.explore.host import IS_STABLE, describe, hookimpl, is_described, last_hookimpl, speak_plainly, store_query
from forumclean.explore.queries import QUERIES
from forumclean.explore.shelf import remember, remembered, shelves
from forumclean.explore.templates import static_version

if TYPE_CHECKING:
    import sqlite3

ROUTES = (
    (r"/-/board$", reading.board),
    (r"/-/forum/(?P<id>\d+)$", reading.forum),
    (r"/-/thread/(?P<id>\d+)$", reading.thread),
    (r"/-/go/(?P<id>\d+)$", reading.go),
    (r"/-/author/(?P<id>\d+)$", reading.author),
    (r"/-/post/(?P<id>\d+)$", provenance.post),
    (r"/-/source/(?P<id>\d+)$", provenance.source),
    (r"/-/document/(?P<id>\d+)$", provenance.document),
    (r"/-/asset/(?P<id>\d+)$", provenance.asset),
    (r"/-/find$", provenance.find_old),
    (r"/-/search$", searching.search),
    (r"/-/overview$", glance.overview),
    (r"/-/explore/(?P<name>[A-Za-z.]+)$", hand_out),
)
"""Addresses of our pages."""


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Add our pages."""
    return list(ROUTES)


@last_hookimpl  # the last one wins: Datasette registers its own escape_fts in the same way
def prepare_connection(conn: sqlite3.Connection, database: str | None, datasette: Any) -> None:
    """Make the search box understand Chinese, on archives only."""
    if conn.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
        remember(datasette, database)
        searching.prepare(conn)


@hookimpl
def filters_from_request(request: Any, database: str, table: str, datasette: Any) -> Any:
    """Understand ``author:`` and its like in the search box."""
    return searching.filters(request, database, table, datasette)


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Refuse queries that cannot be read, and let cells know what is searched for."""
    return lambda app: searching.refuse_unreadable(datasette, remember_request(app))


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str | None, datasette: Any) -> Any:  # noqa: PLR0913, PLR0917 - as Datasette calls it
    """Show times, links to our pages, and snippets with the words marked; in archives only."""
    return cell(row, value, column, table, link_to(datasette, database)) if database and database in remembered(datasette) else None


@hookimpl
def extra_css_urls(database: str | None, datasette: Any) -> list[str]:
    """Make room for the rows."""
    return [str(datasette.urls.path(f"/-/explore/rows.css?v={static_version('rows.css')}"))] if database in remembered(datasette) else []


@hookimpl
def menu_links(datasette: Any) -> Any:
    """Lead from Datasette's pages to ours."""

    async def links() -> list[dict[str, str]]:
        found = await shelves(datasette)
        return [
            {"href": shelf.url(path), "label": label if shelf.is_only else f"{shelf.name}: {label}"}
            for shelf in found for path, label in (("board", "Boards"), ("search", "Search posts"), ("overview", "Overview"))
        ]

    return links


@hookimpl
def database_actions(datasette: Any, database: str) -> Any:
    """Lead from a database's page to its board."""

    async def links() -> list[dict[str, str]]:
        return [{"href": shelf.url("board"), "label": "Read it as a board"} for shelf in await shelves(datasette) if shelf.name == database]

    return links


@hookimpl
def startup(datasette: Any) -> Any:
    """Look which databases are archives; tell 1.0 about their tables, and the questions people ask. 0.65 asks by itself, below."""
    speak_plainly()

    async def tell() -> None:
        for shelf in await shelves(datasette):
            if not IS_STABLE:
                await describe(datasette, shelf.name, database_metadata(str(datasette.urls.path("/-/"))))
                for name, query in QUERIES.items():
                    await store_query(datasette, shelf.name, name, query)

    return tell


def _way_to_boards(datasette: Any) -> str:
    return f'<p><a href="{datasette.urls.path("/-/board")}">Read it as a board</a></p>'


if IS_STABLE:

    @hookimpl
    def get_metadata(datasette: Any) -> dict[str, Any]:
        """Describe the tables of archives, and lead from the start page to their boards."""
        archives = remembered(datasette)
        described = {"databases": {name: database_metadata(str(datasette.urls.path("/-/"))) for name in archives}}
        return described | ({"description_html": _way_to_boards(datasette)} if archives and not is_described(datasette) else {})

    @hookimpl
    def canned_queries(datasette: Any, database: str) -> dict[str, dict[str, str]]:
        """Add questions people ask."""
        return QUERIES if database in remembered(datasette) else {}

else:

    @hookimpl
    def top_homepage(datasette: Any) -> str:
        """Lead from the start page to the boards."""
        return _way_to_boards(datasette) if remembered(datasette) else ""
