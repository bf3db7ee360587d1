"""Cells of Datasette's tables: times for people, links to our pages, and, where something is searched for, snippets with the words marked."""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, quote

from forumclean.archiver.search import Query, parse
from forumclean.archiver.search_snippet import ranges, snippet
from forumclean.archiver.search_words import own_words
from forumclean.errors import UsageError
from forumclean.explore.templates import Markup, highlighted, moment

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SEARCHED = {"posts": "post", "threads": "thread", "documents": "document"}
"""Tables with a search box, and what their rows are called."""
_LONG = 240
"""Characters of a text in a table; its row shows all."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class _Asked(NamedTuple):
    """The present request; Datasette 0.65 tells cells nothing of it."""

    words: str = ""
    is_row: bool = False
    """The page of one row, where texts are shown whole."""


_asked: ContextVar[_Asked] = ContextVar("asked", default=_Asked())  # noqa: B039 - a record that cannot be changed


def remember_request(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Wrap Datasette so that cells know the request they are drawn for."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        words = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("_search", [""])[0]
        token = _asked.set(_Asked(words, scope["path"].strip("/").count("/") > 1))
        try:
            await app(scope, receive, send)
        finally:
            _asked.reset(token)

    return wrapped


def cell(row: Any, value: Any, column: str, table: str | None, address: Callable[[str], str]) -> Markup | None:
    """Return how a cell of an archive looks; ``None`` leaves it to Datasette. ``address`` makes one of ours out of ``thread/12``."""
    if value is None or value == "":
        return None
    if column.endswith("_at") and isinstance(value, str) and _MOMENT.fullmatch(value):
        return moment(value)
    asked = _asked.get()
    if isinstance(value, str) and table in SEARCHED and (query := _query(asked.words)) is not None and query.groups:
        found = _searched(value, column, table, query)
    elif isinstance(value, str) and column in {"text", "html"} and len(value) > _LONG and not asked.is_row:
        found = Markup("{}…").format(value[:_LONG])
    else:
        found = None
    page = _page_of(row, column, table)
    return found if page is None else Markup('<a href="{}">{}</a>').format(address(page), found or value)


def _page_of(row: Any, column: str, table: str | None) -> str | None:
    """Return which of our pages a cell leads to."""
    keys = row.keys()
    if column == "title" and table == "threads" and "id" in keys:
        return f"thread/{row['id']}"
    if column == "title" and "thread_id" in keys:
        return f"thread/{row['thread_id']}"
    if column == "title" and table == "documents" and "id" in keys:
        return f"document/{row['id']}"
    if column == "position" and table == "posts" and "id" in keys:
        return f"go/{row['id']}"
    return None


def _searched(value: str, column: str, table: str, query: Query) -> Markup | None:
    if column == "text":
        piece = snippet(own_words(value) if table == "posts" else value, query)
        return highlighted(piece.text, piece.ranges)
    found = ranges(value, query) if column in {"title", "subject"} else ()
    return highlighted(value, found) if found else None


@lru_cache(maxsize=64)
def _query(text: str) -> Query | None:
    try:
        return parse(text) if text else None
    except UsageError:
        return None


def link_to(datasette: Any, database: str) -> Callable[[str], str]:
    """Return what makes addresses of our pages for a database."""
    return lambda page: f"{datasette.urls.path('/-/' + page)}?db={quote(database)}"
