"""Pages about a post: where it is from, what was cut, how it changed; sources, documents, files, and the way from an old URL."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING

from forumclean.archiver.pages.assets import read_asset, typed_paths
from forumclean.archiver.pages.find import Asked, Found, find, hosts, is_foreign
from forumclean.archiver.pages.history import History, read_document, read_history, read_source
from forumclean.explore import files
from forumclean.explore.answers import Answer, File, Missing, Redirect, number, page, row_id
from forumclean.explore.differences import cut_pieces, differences
from forumclean.explore.reading import post_address
from forumclean.parser.board_urls import host_of, read_path, read_url

if TYPE_CHECKING:
    import sqlite3

    from forumclean.explore.host import Request
    from forumclean.explore.shelf import Shelf


@page
async def post(shelf: Shelf, request: Request) -> Answer:
    """Show everything about a post (``posts.id``)."""
    history: History | None = await shelf.read(read_history, row_id(request))
    if history is None:
        raise Missing(f"There is no post {row_id(request)} in this archive.")
    changes = [
        (old, new, await asyncio.to_thread(differences, old.text, new.text)) for old, new in pairwise(history.revisions)
    ]
    cuts = [(sighting, cut_pieces(sighting.parsed, sighting.cuts, sighting.doubts)) for sighting in history.sightings
            if sighting.parsed is not None and (sighting.cuts or sighting.doubts)]
    title = f"Post {history.post.floor_label or history.post.position or history.post.id} of “{history.title or 'a thread'}”"
    site = await shelf.read(_site_id, history.thread_id)
    return Answer("post", {"title": title, "history": history, "changes": changes, "cuts": cuts, "original": original_url(history)}, site)


def _site_id(connection: sqlite3.Connection, thread_id: int) -> int:
    return int(connection.execute("SELECT site_id FROM threads WHERE id = ?", (thread_id,)).fetchone()[0])


def original_url(history: History) -> str | None:
    """Return the address that the post has on its board; ``None`` where the pages do not say which host or which number that is.

    The scheme is not recorded; boards that moved to https redirect.
    """
    if history.host is None or history.post.pid is None:
        return None
    tid = "" if history.tid is None else f"&ptid={history.tid}"
    if (history.engine or "").startswith(("discuz-x", "discuz_x", "tolerant", "flat")):
        return f"http://{history.host}/forum.php?mod=redirect&goto=findpost{tid}&pid={history.post.pid}"
    return f"http://{history.host}/redirect.php?goto=findpost{tid}&pid={history.post.pid}"


@page
async def source(shelf: Shelf, request: Request) -> Answer:
    """Show where an input was found and what was made of it."""
    found = await shelf.read(read_source, row_id(request))
    if found is None:
        raise Missing(f"There is no source {row_id(request)} in this archive.")
    return Answer("source", {"title": found.places[0][0] if found.places else f"Source {found.id}", "source": found}, found.site_id)


@page
async def document(shelf: Shelf, request: Request) -> Answer:
    """Show an input that is no forum page."""
    found = await shelf.read(read_document, row_id(request))
    if found is None:
        raise Missing(f"There is no document {row_id(request)} in this archive.")
    return Answer("document", {"title": found.title or f"Document {found.id}", "document": found})


@page
async def asset(shelf: Shelf, request: Request) -> File:
    """Hand out a picture of the mirror."""
    recorded = await shelf.read(read_asset, row_id(request))
    if recorded is not None:
        folders = files.roots(await shelf.read(typed_paths), shelf.path)
        picture = await asyncio.to_thread(files.read_picture, recorded, folders)
        if picture is not None:
            return File(picture.data, picture.type)
    raise Missing("This picture is not in the archive, or its file is no longer where it was ingested from.")


_HOSTS_NAMED = 8
"""On the page that says that a host is none of them."""


@page
async def find_old(shelf: Shelf, request: Request) -> Redirect | Answer:
    """Lead from an old URL, or from the numbers ``pid``, ``tid``, ``fid``, ``uid``, to what the archive has of it.

    Numbers of another host are offered as a guess: boards move to other hosts, but most hosts are other boards.
    """
    asked = _asked(request)
    if not any(asked[1:]):
        if request.args.get("url"):
            raise Missing("That URL names no thread, post, forum or member of a Discuz board.")
        return Answer("find", {"title": "Find by old address", "guess": None})
    found = await shelf.read(find, asked)
    if found is None:
        raise Missing(f"Nothing in this archive was at {request.args.get('url') or 'that address'}.")
    to = await _address(shelf, found)
    if await shelf.read(is_foreign, asked.host):
        guess = {"kind": found.kind, "to": to, "host": asked.host, "known": sorted(await shelf.read(hosts) - {"unknown"})[:_HOSTS_NAMED]}
        return Answer("find", {"title": "Another board", "guess": guess}, status=404)
    return Redirect(to)


def _asked(request: Request) -> Asked:
    url = (request.args.get("url") or "").strip()
    target = read_url(url)
    if target.kind == "other":
        target = read_path(url)  # the name of a saved file does as well
    given = {name: number(request, name, 0) or None for name in ("pid", "tid", "fid", "uid")}
    fragment = url.rpartition("#")[2] if "#" in url else ""
    digits = fragment.removeprefix("pid").removeprefix("post_")
    anchor = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None  # noqa: PLR2004 - …#pid123 leads to that post
    return Asked(
        host_of(url) or request.args.get("host"), given["tid"] or target.tid, given["fid"] or target.fid,
        given["pid"] or target.pid or (anchor if target.kind == "thread" else None), given["uid"] or target.uid, target.page, target.name,
    )


async def _address(shelf: Shelf, found: Found) -> str:
    if found.kind == "post" and found.id is not None:
        return await post_address(shelf, found.id)
    return shelf.url(f"{found.kind}/{found.id}")
