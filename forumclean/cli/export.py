"""``forumclean export``: the archive as JSON lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from forumclean.cli import options, render

if TYPE_CHECKING:
    from forumclean.archiver.export import ExportKind


@click.command(short_help="Print every post as one line of JSON.")
@options.ARCHIVE
@click.option("--to", "form", type=click.Choice(["jsonl"]), default="jsonl", show_default=True, help="The form of the export.")
@click.option(
    "--kind", "kinds", type=click.Choice(["post", "document"]), multiple=True, default=("post",), show_default=True,
    help="What to export. May be repeated.",
)
def export(archive: str, form: str, kinds: tuple[ExportKind, ...]) -> None:  # noqa: ARG001 - there is one form so far
    """Print every post as one line of JSON: site, forum, thread, author, times (UTC), text. Threads together, posts in order.

    Archives with the same content print the same lines.
    """
    from forumclean.archiver.archive import Archive
    from forumclean.archiver.export import export_jsonl

    with Archive.open_readonly(archive) as opened:
        for line in export_jsonl(opened.connection, kinds):
            render.data(line)
