"""``forumclean coverage``: which threads lack pages, floors or texts."""

from __future__ import annotations

import click

from forumclean.cli import options, render


@click.command(short_help="List threads that lack pages, floors or texts.")
@options.ARCHIVE
@click.option("--urls", is_flag=True, help="Print the addresses of the pages to fetch, as the board writes them, one a line.")
@options.JSON
def coverage(archive: str, urls: bool, as_json: bool) -> None:
    """List threads that lack pages, floors or texts, so that you know what to fetch."""
    if urls:
        _print_urls(archive, as_json)
    else:
        _print_threads(archive, as_json)


def _print_urls(archive: str, as_json: bool) -> None:
    from forumclean.archiver.archive import Archive
    from forumclean.archiver.wanted import list_wanted

    with Archive.open_readonly(archive) as opened:
        found = list(list_wanted(opened.connection))
    if as_json:
        render.print_json([page._asdict() for page in found])
        return
    for page in found:
        if page.url is not None:
            render.say(page.url)
    if unknown := len({(page.site, page.tid) for page in found if page.url is None}):
        render.note(f"{render.counted(unknown, 'threads')} more: no page that was read has a link that shows how their board writes addresses (see --json)")


def _print_threads(archive: str, as_json: bool) -> None:
    from dataclasses import asdict

    from forumclean.archiver.archive import Archive
    from forumclean.archiver.reading import list_gaps

    with Archive.open_readonly(archive) as opened:
        found = list(list_gaps(opened.connection))
    if as_json:
        render.print_json([asdict(thread) for thread in found])
        return
    rows = [
        (
            thread.tid, thread.title, thread.forum, f"{thread.pages_seen}/{thread.pages_total or '?'}",
            f"{thread.posts_seen}/{thread.posts_expected or '?'}", thread.posts_without_text,
            " ".join(map(str, thread.missing_pages)), " ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in thread.missing_floors),
        )
        for thread in found
    ]
    render.table(("tid", "thread", "forum", "pages", "posts", "without text", "missing pages", "missing floors"), rows, right=(0, 5))
