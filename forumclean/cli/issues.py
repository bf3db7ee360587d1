"""``forumclean issues``: what went wrong, and where."""

from __future__ import annotations

import click

from forumclean.cli import options, render


@click.command(short_help="List what went wrong, by input.")
@options.ARCHIVE
@click.option("--run", "run_id", metavar="ID", type=click.IntRange(1, options.MOST), help="Only issues of this import (see `forumclean runs`).")
@click.option("--level", type=click.Choice(["info", "warning", "error"]), help="Only issues of this level.")
@click.option("--code", metavar="CODE", help="Only issues with this code.")
@click.option("--path", metavar="PART", help="Only issues of inputs whose path holds PART.")
@click.option("--limit", type=click.IntRange(1, options.MOST), default=100, show_default=True, help="At most so many, newest import first.")
@options.JSON
def issues(archive: str, run_id: int | None, level: str | None, code: str | None, path: str | None, limit: int, as_json: bool) -> None:
    """List what went wrong or is worth knowing, by input."""
    from dataclasses import asdict

    from forumclean.archiver.archive import Archive
    from forumclean.archiver.reading import list_issues

    with Archive.open_readonly(archive) as opened:
        found = list(list_issues(opened.connection, run_id=run_id, level=level, code=code, path=path, limit=limit))
    if as_json:
        render.print_json([asdict(issue) for issue in found])
        return
    rows = [(issue.run_id, issue.level, issue.code, issue.path, issue.message, issue.excerpt) for issue in found]
    render.table(("run", "level", "code", "input", "what", "excerpt"), rows, right=(0,))
