"""The pages people read: the board, a forum, a thread, an author."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.archiver.pages.assets import find_assets, find_moved_assets, paths_of_pages, typed_paths
from forumclean.archiver.pages.board import Forum, read_forum, read_sites
from forumclean.archiver.pages.find import hosts
from forumclean.archiver.pages.people import read_author
from forumclean.archiver.pages.thread import Page, Post, position_on_pages, post_at, read_page
from forumclean.explore import files, words
from forumclean.explore.answers import Answer, Missing, Redirect, number, page, row_id
from forumclean.explore.bodies import Surroundings, body, picture_urls

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from forumclean.explore.host import Request
    from forumclean.explore.shelf import Shelf
    from forumclean.explore.templates import Markup


class Poll(NamedTuple):
    """What a thread asks."""

    voters: int | None
    options: list[tuple[str, int | None]]
    """(text, votes)."""


class Shown(NamedTuple):
    """A post of a page, ready to be shown."""

    post: Post
    body: Markup
    signature: Markup | None
    gap: tuple[int, int] | None
    """First and last floor that are missing before it."""


@page
async def board(shelf: Shelf, _request: Request) -> Answer:
    """Show the boards and their forums."""
    sites = await shelf.read(read_sites)
    return Answer("board", {"title": "Boards", "sites": [(site, sections(site.forums)) for site in sites]}, zone_by_row=True)


class Section(NamedTuple):
    """A category of a front page with its forums; ``group`` ``None``: those that are in none."""

    group: Forum | None
    forums: list[tuple[Forum, int]]
    """(forum, how deep it lies below another one: 0, 1, …)."""


def sections(forums: tuple[Forum, ...]) -> list[Section]:
    """Put forums as the front page does: below their category, a sub-forum below its parent. Each stands once, also in a circle of parents."""
    children: dict[int, list[Forum]] = {}
    for forum in forums:
        if forum.parent_fid is not None:
            children.setdefault(forum.parent_fid, []).append(forum)
    placed: set[int] = set()

    def below(parent: Forum, depth: int) -> Iterable[tuple[Forum, int]]:
        for child in children.get(parent.fid, []) if parent.fid is not None else []:
            if child.id not in placed and child.type != "group":
                placed.add(child.id)
                yield child, depth
                yield from below(child, depth + 1) if depth < _DEEPEST else ()

    found = [Section(forum, list(below(forum, 0))) for forum in forums if forum.type == "group"]
    fids = {forum.fid for forum in forums}
    rest: list[tuple[Forum, int]] = []
    for roots_only in (True, False):
        for forum in forums:
            if forum.type != "group" and forum.id not in placed and not (roots_only and forum.parent_fid in fids and forum.parent_fid is not None):
                placed.add(forum.id)
                rest += [(forum, 0), *below(forum, 1)]
    return [*found, Section(None, rest)]


_DEEPEST = 8
"""Discuz has two levels below a category."""


@page
async def forum(shelf: Shelf, request: Request) -> Answer:
    """Show the threads of a forum; ``0``: those of ``site`` whose forum is not known."""
    sort = request.args.get("sort") or "last"
    if sort not in words.SORTS:
        sort = "last"
    asked = row_id(request) or None
    listing = await shelf.read(
        read_forum, asked, site_id=number(request, "site", 0), number=number(request, "page", 1), type_name=request.args.get("type") or None, sort=sort,
    )
    if listing is None:
        raise Missing(f"There is no forum {asked}.")
    name = (listing.forum.name or f"forum {listing.forum.fid}") if listing.forum else "Threads whose forum is not known"
    return Answer(
        "forum", {"title": name, "listing": listing, "sort": sort, "type": request.args.get("type") or None, "site_id": number(request, "site", 0)},
        listing.forum.site_id if listing.forum else number(request, "site", 0),
    )


@page
async def author(shelf: Shelf, request: Request) -> Answer:
    """Show an author by ``users.id``; ``0``: by ``name``."""
    asked, name = row_id(request) or None, request.args.get("name")
    profile = await shelf.read(read_author, user_id=asked, name=name, number=number(request, "page", 1))
    if profile is None:
        raise Missing(f"There is no author {name or asked}.")
    who = profile.author
    signature = None if who.signature is None else body(who.signature[0], who.signature[1], await _surroundings(shelf, {}, {}))
    return Answer("author", {"title": who.name or "nameless", "profile": profile, "signature": signature, "charts": True}, who.site_id)


@page
async def thread(shelf: Shelf, request: Request) -> Answer | Redirect:
    """Show a page of a thread; ``floor`` leads to that floor."""
    thread_id = row_id(request)
    if floor := number(request, "floor", 0):
        post = await shelf.read(post_at, thread_id, floor)
        if post is None:
            raise Missing(f"There is no floor {floor} here.")
        return Redirect(await post_address(shelf, post))
    found: Page | None = await shelf.read(read_page, thread_id, number(request, "page", 1))
    if found is None:
        raise Missing(f"There is no thread {thread_id} in this archive.")
    attached = [file.url for files in found.attachments.values() for file in files if file.url and file.kind == "image"]
    pictures = await _pictures(shelf, thread_id, list(dict.fromkeys([*picture_urls(found.posts), *attached])))
    anchors = {post.pid: f"#p{post.id}" for post in found.posts if post.pid is not None}
    around = await _surroundings(shelf, anchors, pictures)
    title = found.thread.title or f"thread {found.thread.tid or found.thread.id}"
    context = {"title": title, "found": found, "thread": found.thread, "shown": list(_shown(found, around)), "end": _end(found),
               "on_page": {post.id for post in found.posts}, "pictures": pictures, "poll": _poll(found.thread.extras.get("poll")), "boxes": _boxes(found.thread.extras)}
    return Answer("thread", context, found.thread.site_id)


@page
async def go(shelf: Shelf, request: Request) -> Redirect:
    """Lead to a post (``posts.id``) on its thread's pages."""
    return Redirect(await post_address(shelf, row_id(request)))


async def post_address(shelf: Shelf, post_id: int) -> str:
    """Return the address of a post on its thread's pages."""
    where = await shelf.read(position_on_pages, post_id)
    if where is None:
        raise Missing(f"There is no post {post_id} in this archive.")
    thread_id, on_page = where
    return shelf.url(f"thread/{thread_id}#p{post_id}", page=on_page if on_page > 1 else None)


async def _surroundings(shelf: Shelf, anchors: dict[int, str], pictures: dict[str, str]) -> Surroundings:
    return Surroundings(lambda url: shelf.url("find", url=url), await shelf.read(hosts), anchors, pictures)


async def _pictures(shelf: Shelf, thread_id: int, urls: list[str]) -> dict[str, str]:
    """Return the addresses of the local copies of the pictures that a thread shows."""
    found: dict[str, int] = await shelf.read(_local_copies, urls, thread_id, shelf.path) if urls else {}
    return {url: shelf.url(f"asset/{source_id}") for url, source_id in found.items()}


_AT_A_TIME = 500
_MOVED = 5_000
"""Places of moved files that a page looks for."""


def _local_copies(connection: sqlite3.Connection, urls: list[str], thread_id: int, archive: str) -> dict[str, int]:
    folders = files.roots(typed_paths(connection), archive)
    pages = paths_of_pages(connection, thread_id)
    wanted: dict[str, str] = {}
    for url in urls:
        for path in files.places(url, pages, folders):
            wanted.setdefault(files.place_of(path), url)
    found: dict[str, int] = {}
    keys = list(wanted)
    for start in range(0, len(keys), _AT_A_TIME):
        for place, source_id in find_assets(connection, keys[start:start + _AT_A_TIME]).items():
            found.setdefault(wanted[place], source_id)
    if files.have_moved():
        moved = {path: url for url in urls if url not in found for path in files.relative_places(url, pages)}
        for path, source_id in find_moved_assets(connection, list(moved)[:_MOVED]).items():
            found.setdefault(moved[path], source_id)
    return found


def _poll(extras: Any) -> Poll | None:
    """Read the poll of a thread's extras; what has another shape is left out."""
    if not isinstance(extras, dict) or not isinstance(extras.get("options"), list):
        return None
    options = [option for option in extras["options"] if isinstance(option, dict)]
    voters = extras.get("voters")
    return Poll(voters if isinstance(voters, int) else None, [
        (str(option.get("text", "")), option["votes"] if isinstance(option.get("votes"), int) else None) for option in options
    ])


def _boxes(extras: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return (kind, lines) of what debates and activities show above their posts: points and votes of both sides, place and time."""
    return [(kind, lines) for kind in ("debate", "activity") if (lines := _lines(extras.get(kind)))]


def _lines(value: Any) -> list[str]:
    """Return the lines, without the one of the box around both sides of a debate, which says all of it again."""
    lines = [line for line in value if isinstance(line, str) and line.strip()] if isinstance(value, list) else []
    sides = [line for line in dict.fromkeys(lines) if line.startswith(words.SIDES)]
    return [line for line in lines if sum(side != line and side in line for side in sides) < 2]  # noqa: PLR2004 - for and against


def _shown(found: Page, around: Surroundings) -> Iterable[Shown]:
    before = found.before
    seen: set[int] = set()
    for post in found.posts:
        gap = None
        if post.position is not None and before is not None:
            gap = (before + 1, post.position - 1) if post.position > before + 1 else None
            before = max(before, post.position)
        signature: Any = None
        if post.user_id is not None and post.user_id in found.signatures and post.user_id not in seen:
            seen.add(post.user_id)  # once a page is enough
            text, html = found.signatures[post.user_id]
            signature = body(text, html, around)
        yield Shown(post, body(post.text, post.html, around), signature, gap)


def _end(found: Page) -> tuple[int, int] | None:
    """Return the floors that are missing behind the last post, as far as the board's count of replies tells."""
    last, stated = found.thread.last_position, found.thread.replies
    if found.number < found.pages or last is None or stated is None or stated + 1 <= last:
        return None
    return last + 1, stated + 1
