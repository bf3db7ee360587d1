"""``forumclean demo``: the main job on bundled samples."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import click

from forumclean.cli import render

DATABASE = "demo.db"
WIDTH = 100


@click.command(short_help="The main job on bundled samples.")
def demo() -> int:
    """Ingest the bundled samples, show before and after, leave demo.db in the current folder."""
    from forumclean.archiver.archive import Archive
    from forumclean.archiver.search import search
    from forumclean.cli.ingest import print_summary
    from forumclean.pipeline.local import ingest
    from forumclean.settings import Settings

    with resources.as_file(resources.files("forumclean.demo") / "samples") as samples:
        before = (Path(samples) / "board-page.txt").read_text("utf-8").split("\n")
        summary = ingest(DATABASE, [str(samples)], Settings(), full=True)
    start = next(index for index, line in enumerate(before) if line.startswith("总在线"))  # "hours online": the author panel
    _heading(f"Before: what an extractor left of a thread page (14 of its {len(before)} lines)")
    _lines(before[start:start + 14])
    with Archive.open_readonly(DATABASE) as archive:
        _heading("After: the first post of that thread")
        text, = archive.connection.execute(
            "SELECT p.text FROM posts p JOIN threads t ON t.id = p.thread_id JOIN forums f ON f.id = t.forum_id"
            " WHERE f.fid = 12 AND p.position = 1 AND p.text IS NOT NULL ORDER BY t.id",
        ).fetchone()
        _lines(text.split("\n")[:8])
        _heading("forumclean search demo.db 雨水")  # "rain water"
        for hit in search(archive.connection, "雨水", limit=3):
            render.say(f"  {hit.title or hit.path or ''} · {hit.author or 'unknown'} · {hit.created_at or 'no date'}")
            click.echo("    " + render.highlighted(hit.snippet, hit.ranges, render.MATCH))
    _heading("What was stored")
    print_summary(DATABASE, summary)
    render.say("\nNext: forumclean explain demo.db --post 1, or forumclean serve demo.db")
    return summary.exit_code


def _heading(text: str) -> None:
    render.say(f"\n── {text} " + "─" * max(0, 90 - len(text)))


def _lines(lines: list[str]) -> None:
    for line in lines:
        render.say("  " + (line if len(line) <= WIDTH else line[:WIDTH - 1] + "…"))
