"""``forumclean verify``: whether the archive is whole."""

from __future__ import annotations

import click

from forumclean.cli import options, render


@click.command(short_help="Check that the archive is whole; --repair.")
@options.ARCHIVE
@click.option("--repair", is_flag=True, help="Build again what is derived (posts, counts, search index), then verify.")
@options.JSON
def verify(archive: str, repair: bool, as_json: bool) -> int:
    """Check integrity, references, counts and the search index. Exit 1 with what is wrong."""
    from forumclean.archiver.archive import Archive

    if repair:
        from forumclean.pipeline.repair import repair as mend

        with Archive.open(archive, create=False) as opened:
            mend(opened)
    with Archive.open_readonly(archive) as opened:
        wrong = opened.verify()
    if as_json:
        render.print_json({"archive": archive, "ok": not wrong, "wrong": wrong})
    else:
        for line in wrong:
            render.say(line)
        if not wrong:
            render.say(f"{archive}: fine")
    return 1 if wrong else 0
