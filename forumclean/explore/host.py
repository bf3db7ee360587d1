"""The only door to Datasette: what we use of it, and where its stable version (0.65) and the coming 1.0 differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from datasette import hookimpl as _hookimpl
from datasette import hookspecs
from datasette.filters import FilterArguments
from datasette.utils.asgi import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["IS_STABLE", "FilterArguments", "Request", "Response", "demand_reading", "describe", "hookimpl", "is_described", "last_hookimpl", "speak_plainly", "store_query"]

_Hook = TypeVar("_Hook")
hookimpl = cast("Callable[[_Hook], _Hook]", _hookimpl)
last_hookimpl = cast("Callable[[_Hook], _Hook]", _hookimpl(trylast=True))
IS_STABLE = hasattr(hookspecs, "get_metadata")
"""Datasette 0.65; 1.0 keeps descriptions, configuration and queries apart and asks no plugin for them."""


def speak_plainly() -> None:
    """Keep Datasette from describing what is not there with ``rich``, which our command line brings along.

    It prints 40 lines and more for each 404 and 400, and where its router finds no page at all (``/-/../x``) nothing was raised that ``rich``
    could print: then it fails itself, and the answer is a 500. Real faults are still printed, by ``traceback``.
    """
    from datasette import handle_exception  # noqa: PLC0415 - it loads the plugins, us among them

    if hasattr(handle_exception, "rich"):
        handle_exception.rich = None


async def demand_reading(datasette: Any, actor: Any, database: str) -> None:
    """Raise Datasette's ``Forbidden`` unless ``actor`` may see the posts of a database."""
    if IS_STABLE:
        await datasette.ensure_permissions(actor, [("view-table", (database, "posts")), ("view-database", database), "view-instance"])
        return
    from datasette.resources import TableResource  # noqa: PLC0415 - not in 0.65

    await datasette.ensure_permission(action="view-table", resource=TableResource(database=database, table="posts"), actor=actor)


def is_described(datasette: Any) -> bool:
    """Tell whether the user of 0.65 wrote a description for its start page, which a plugin's would hide."""
    own = getattr(datasette, "_metadata_local", None) or {}
    return bool(own.get("description") or own.get("description_html"))


async def describe(datasette: Any, database: str, metadata: dict[str, Any]) -> None:
    """Give 1.0 the metadata of a database that 0.65 asks for by its hook; what the user configured stays."""
    known = await datasette.get_database_metadata(database)
    for key, value in metadata.items():
        if key != "tables" and key not in known:
            await datasette.set_database_metadata(database, key, value)
    tables = datasette.config.setdefault("databases", {}).setdefault(database, {}).setdefault("tables", {})
    for table, facts in metadata["tables"].items():
        known = await datasette.get_resource_metadata(database, table)
        for key, value in facts.items():
            if key == "columns":
                await _describe_columns(datasette, database, table, value)
            elif isinstance(value, str) and key in {"title", "description", "description_html"}:
                if key not in known:
                    await datasette.set_resource_metadata(database, table, key, value)
            else:
                tables.setdefault(table, {}).setdefault(key, value)


async def _describe_columns(datasette: Any, database: str, table: str, columns: dict[str, str]) -> None:
    for column, description in columns.items():
        if not await datasette.get_column_metadata(database, table, column):
            await datasette.set_column_metadata(database, table, column, "description", description)


async def store_query(datasette: Any, database: str, name: str, query: dict[str, str]) -> None:
    """Give 1.0 a named query that 0.65 asks for by its hook; one of the user's by the same name stays."""
    if await datasette.get_query(database, name) is None:
        await datasette.add_query(database, name, query["sql"], title=query["title"], description=query["description"], is_trusted=True)
