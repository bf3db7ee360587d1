"""``forumclean coverage``: which threads lack pages, floors or texts."""

from __future__ import annotations

import click

from forumclean.cli import options, render


@click.command(short_help="List threads that lack pages, floors or texts.")
@options.ARCHIVE
@options.JSON
def coverage(archive: str, as_json: bool) -> None:
    """List threads that lack pages, floors or texts, so that you know what to fetch."""
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
            " ".join(map(str, thread.missing_pages)), " ".join(f"{first}-{last}" for first, last in thread.missing_floors),
        )
        for thread in found
    ]
    render.table(("tid", "thread", "forum", "pages", "posts", "without text", "missing pages", "missing floors"), rows, right=(0, 5))
