"""From a request to an answer: which archive is meant, who may read it, and the headers that let no stored text run."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.archiver.pages.board import read_timezones
from forumclean.errors import UsageError
from forumclean.explore.host import Request, Response, demand_reading
from forumclean.explore.shelf import Shelf, shelves
from forumclean.explore.templates import render, static, static_version, zone_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HEADERS = {
    # style attributes only: members' colours; sanitising lets no other property through
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; script-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
"""Of every page: nothing from other hosts, no inline script, no frames."""
FILE_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
"""Of every file."""
MOST = 2**62


class Answer(NamedTuple):
    """A page: its template and what goes into it."""

    page: str
    context: dict[str, Any]
    site_id: int | None = None
    """The board whose time zone the page's times are in; of ``None`` it is that of all boards, or UTC where they have several."""
    status: int = 200
    zone_by_row: bool = False
    """Rows are of several boards, and each has its time in its own board's zone."""


class Redirect(NamedTuple):
    """Another address."""

    to: str


class File(NamedTuple):
    """Bytes that never change under their address."""

    data: bytes
    type: str


class Missing(Exception):  # noqa: N818 - an answer, not a fault
    """There is no such page; the words are for people."""


def page(view: Callable[[Shelf, Request], Awaitable[Answer | Redirect | File]]) -> Callable[[Any, Request], Awaitable[Response]]:
    """Make a view of Datasette out of one of ours: it gets the archive that is meant, once the reader may see it."""

    @wraps(view)
    async def answer(datasette: Any, request: Request) -> Response:
        served = await shelves(datasette)
        wanted = request.args.get("db")
        shelf = next((shelf for shelf in served if wanted in {None, shelf.name}), None)
        if shelf is None:
            return Response.html("No archive is served here that this version of forumclean can read; one made by an older version is brought up to date by any import into it.", status=404, headers=HEADERS)
        await demand_reading(datasette, request.actor, shelf.name)
        try:
            return await _respond(shelf, served, await view(shelf, request))
        except Missing as missing:
            return await _respond(shelf, served, Answer("message", {"title": "Not in the archive", "message": str(missing)}, status=404))
        except UsageError as error:
            return await _respond(shelf, served, Answer("message", {"title": "That cannot be read", "message": str(error)}, status=400))

    del answer.__dict__["__wrapped__"]  # where Datasette would look for the names of the parameters
    return answer


async def _respond(shelf: Shelf, served: list[Shelf], answer: Answer | Redirect | File) -> Response:
    if isinstance(answer, Redirect):
        return Response.redirect(answer.to)
    if isinstance(answer, File):
        return _file(answer)
    zones: dict[int, str] = await shelf.read(read_timezones)
    several = len(set(zones.values())) > 1
    zone = zones.get(answer.site_id) if answer.site_id is not None else None if several else next(iter(zones.values()), None)
    zone_name = "those of each board" if several and answer.zone_by_row else zone or "UTC"
    context = {"q": "", "wide": False, "charts": False} | answer.context
    html = render(
        answer.page, shelf=shelf, served=served, zone=zone_of(zone), zone_name=zone_name, zones={site_id: zone_of(name) for site_id, name in zones.items()},
        asset=lambda name: str(shelf.datasette.urls.path(f"/-/explore/{name}")) + f"?v={static_version(name)}", **context,
    )
    return Response.html(html, status=answer.status, headers=HEADERS)


def _file(answer: File) -> Response:
    headers = FILE_HEADERS | {"Cache-Control": "max-age=31536000, immutable"}
    return Response(answer.data, headers=headers, content_type=answer.type)


async def refuse(shelf: Shelf, served: list[Shelf], extension: str, words: str, message: str) -> Response:
    """Answer a query that was typed into a search box of Datasette and cannot be read."""
    if extension == ".csv":
        return Response.text(message, status=400)
    if extension == ".json":
        return Response.json({"ok": False, "error": message, "status": 400}, status=400)
    return await _respond(shelf, served, Answer("message", {"title": "That cannot be looked for", "message": message, "q": words}, status=400))


async def hand_out(request: Request) -> Response:
    """Return a file of ours: style sheet, script."""
    from forumclean.explore.templates import STATIC  # noqa: PLC0415

    name = request.url_vars["name"]
    data = static(name)
    return Response("no such file", status=404, content_type="text/plain") if data is None else _file(File(data, STATIC[name]))


def number(request: Request, name: str, default: int) -> int:
    """Return a number of the query string; the default where there is none."""
    value = request.args.get(name) or ""
    return min(int(value), MOST) if value.isascii() and value.isdigit() and len(value) < 20 else default  # noqa: PLR2004


def row_id(request: Request) -> int:
    """Return the number in the path of an address."""
    return min(int(request.url_vars["id"][:19]), MOST)
