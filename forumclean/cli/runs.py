"""``forumclean runs``: the log of imports."""

from __future__ import annotations

import click

from forumclean.cli import options, render


@click.command(short_help="List the imports: when, how long, what was new.")
@options.ARCHIVE
@click.option("--limit", type=click.IntRange(1, options.MOST), default=20, show_default=True, help="At most so many, newest first.")
@options.JSON
def runs(archive: str, limit: int, as_json: bool) -> None:
    """List the imports, newest first: when, how long, what was new, changed, unchanged and failed, and by which version."""
    from dataclasses import asdict

    from forumclean.archiver.archive import Archive
    from forumclean.archiver.reading import list_runs

    with Archive.open_readonly(archive) as opened:
        found = list_runs(opened.connection, limit=limit)
    if as_json:
        render.print_json([asdict(run) for run in found])
        return
    columns = ("new", "changed", "unchanged", "unsupported", "failed")
    rows = [
        (run.id, run.started_at, run.counts.get("seconds"), *(run.counts.get(name) for name in columns), run.status, run.exit_code, run.version)
        for run in found
    ]
    render.table(("run", "started", "seconds", *columns, "status", "exit", "version"), rows, right=(0, 2, 3, 4, 5, 6, 7, 9))
