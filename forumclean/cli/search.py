"""``forumclean search``: find posts and documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from forumclean.cli import options, render

if TYPE_CHECKING:
    from forumclean.archiver.search import Hit, Order


@click.command(short_help="Find posts and documents; Chinese works.", context_settings={"ignore_unknown_options": True})  # -word is a word to leave out
@options.ARCHIVE
@click.argument("words", metavar="QUERY...", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, options.MOST), default=20, show_default=True, help="At most so many hits.")
@click.option("--order", type=click.Choice(["relevance", "date"]), default="relevance", show_default=True, help="Best first, or newest first.")
@options.JSON
def search(archive: str, words: tuple[str, ...], limit: int, order: Order, as_json: bool) -> None:
    """Find posts and documents that hold every word of QUERY.

    Chinese words of any length work; "quoted words" stand together; OR, -not and AI* (beginning of a word) do what they say.
    author:NAME, forum:NAME, after:2014 and before:2015-06-30 narrow it down. No hits is not an error.
    """
    from dataclasses import asdict

    from forumclean.archiver.archive import Archive
    from forumclean.archiver.search import find

    with Archive.open_readonly(archive) as opened:
        results = find(opened.connection, " ".join(words), limit=limit, order=order)
    if as_json:
        render.print_json([asdict(hit) for hit in results.hits])
        return
    for hit in results.hits:
        _print(hit)
    if results.note:
        render.note(results.note)
    if not results.hits:
        render.note("nothing found")


def _print(hit: Hit) -> None:
    title = render.highlighted(hit.title, hit.title_ranges, render.MATCH) if hit.title else render.plain(hit.path or "untitled")
    facts = [hit.author, hit.created_at, hit.forum, f"{hit.kind} {hit.id}"]
    click.echo(f"{title}  {render.plain(' · '.join(fact for fact in facts if fact))}")
    if hit.snippet:
        click.echo("    " + render.highlighted(" ".join(hit.snippet.split("\n")), hit.ranges, render.MATCH))
