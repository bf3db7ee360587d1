"""Search: our own page, and the search box that Datasette puts above the tables ``posts``, ``threads`` and ``documents``."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from forumclean.archiver.pages.board import sites_of
from forumclean.archiver.search import find, parse
from forumclean.archiver.search_filters import conditions
from forumclean.errors import UsageError
from forumclean.explore.answers import Answer, number, page, refuse
from forumclean.explore.cells import SEARCHED
from forumclean.explore.host import FilterArguments
from forumclean.explore.shelf import shelf_of, shelves

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable

    from forumclean.explore.host import Request
    from forumclean.explore.shelf import Shelf

PER_PAGE = 20
"""Hits of a page."""
PAGES = 500
"""Pages of hits; nobody looks further."""


@page
async def search(shelf: Shelf, request: Request) -> Answer:
    """Show hits."""
    q = (request.args.get("q") or "").strip()
    order = "date" if request.args.get("order") == "date" else "relevance"
    on_page = min(max(1, number(request, "page", 1)), PAGES)
    context: dict[str, Any] = {"title": f"Search: {q}" if q else "Search", "q": q, "order": order, "number": on_page, "results": None, "problem": None,
                               "sites": {}}
    if not q:
        return Answer("search", context)
    await shelf.catch_up()
    try:
        context["results"] = await shelf.read(find, q, limit=PER_PAGE, offset=(on_page - 1) * PER_PAGE, order=order)
    except UsageError as error:
        return Answer("search", context | {"problem": str(error)}, status=400)
    context["sites"] = await shelf.read(sites_of, [hit.thread_id for hit in context["results"].hits if hit.thread_id is not None])
    return Answer("search", context, zone_by_row=True)


def escape_fts(text: str | None) -> str:
    """Return what FTS5 shall look for: as Datasette's function of this name, for an index of single characters.

    A query that cannot be read finds nothing; the search box says so before it comes to that.

    >>> escape_fts("电力 H100")
    '("电 力") AND ("h100")'
    """
    try:
        return (parse(text or "").match()) or '""'
    except UsageError:
        return '""'


def prepare(connection: sqlite3.Connection) -> None:
    """Replace Datasette's ``escape_fts`` on a connection to an archive."""
    connection.create_function("escape_fts", 1, escape_fts, deterministic=True)


async def filters(request: Request, database: str, table: str, datasette: Any) -> FilterArguments | None:
    """Understand the fields of a query in the search box, and index what is pending before it is looked for."""
    kind, text = SEARCHED.get(table), request.args.get("_search")
    if kind is None or not text or request.args.get("_searchmode") == "raw" or (shelf := await shelf_of(datasette, database)) is None:
        return None
    try:
        query = parse(text)
    except UsageError:
        return None  # was refused before it came here
    await shelf.catch_up()
    found = await shelf.read(conditions, kind, query.filters)
    clauses: list[str] = []
    values: dict[str, object] = {}
    for condition in found:
        sql = condition.sql
        for value in condition.values:
            name = f"fc_{len(values)}"
            sql = sql.replace("?", f":{name}", 1)
            values[name] = value
        clauses.append(sql)
    return FilterArguments(clauses, params=values, human_descriptions=[f"{one.field} {one.value}" for one in query.filters])


def refuse_unreadable(datasette: Any, app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Wrap Datasette so that a query in a search box that cannot be read is answered with what to do about it.

    Done before Datasette sees it: what a plugin raises later Datasette takes for a fault, and prints all it knows.
    """

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        words = parse_qs(scope.get("query_string", b"").decode("latin-1")) if scope["type"] == "http" else {}
        if "_search" in words and words.get("_searchmode") != ["raw"] and (message := _problem(words["_search"][0])):
            served = await shelves(datasette)
            path = PurePosixPath(scope["path"])
            for shelf in served:
                if str(path.with_suffix("")) in {shelf.rows(table) for table in SEARCHED}:
                    response = await refuse(shelf, served, path.suffix, words["_search"][0], message)
                    await response.asgi_send(send)
                    return
        await app(scope, receive, send)

    return wrapped


def _problem(text: str) -> str | None:
    """Return what is wrong with a query in the search box of a table."""
    try:
        query = parse(text)
    except UsageError as error:
        return str(error)
    return None if query.groups else f"add a word to find beside {text}, or use the filters of the columns, or the search page, which needs no word"
