"""``forumclean settle``: derive every post again from what was seen."""

from __future__ import annotations

import click

from forumclean.cli import options, render


@click.command(short_help="Compute threads and posts again from what was seen.")
@options.ARCHIVE
@options.JSON
def settle(archive: str, as_json: bool) -> None:
    """Compute threads and posts again from their stored sightings; what older rules have scrubbed is scrubbed again.

    Changes nothing when nothing changed.
    """
    from forumclean.archiver.archive import Archive
    from forumclean.archiver.search import index_pending
    from forumclean.pipeline.settle import settle as run

    with Archive.open(archive, create=False) as opened:
        counts = dict(run(opened, everything=True))
        counts["indexed"] = index_pending(opened.connection)
    if as_json:
        render.print_json(counts)
    else:
        render.say(f"{archive}: " + (", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing changed"))
