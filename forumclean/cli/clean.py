"""``forumclean clean``: clean text on stdout, no archive."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from forumclean.cli import options, render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forumclean.settings import Settings


@click.command(short_help="Print the clean text of posts; no archive needed.")
@click.argument("paths", metavar="[PATH...]", nargs=-1, type=click.Path(readable=False))
@options.reading()
@click.option("--jsonl", is_flag=True, help="Read JSON lines; each line's text is one body. Write them back with text clean and cuts added.")
@click.option("--field", metavar="NAME", default="text", show_default=True, help="With --jsonl: the field that holds the text.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="With --jsonl: so many processes.")
def clean(paths: tuple[str, ...], settings: Settings, jsonl: bool, field: str, jobs: int) -> int:
    """Print the clean text of the posts in PATHs (default: standard input), separated by form feeds."""
    return _clean_jsonl(paths, settings, field, jobs) if jsonl else _clean_pages(paths or ("-",), settings)


def _clean_pages(paths: tuple[str, ...], settings: Settings) -> int:
    from forumclean.pipeline.cleaning import CleanText
    from forumclean.pipeline.cleaning import clean as bodies

    show = render.plain if render.terminal() else str
    first, code = True, 0
    for item in bodies(paths, settings):
        if not isinstance(item, CleanText):
            ref, issue = item
            if issue.level != "info":
                render.note(render.issue_line(ref, issue))
            code = 3 if issue.level == "error" else code
            continue
        click.echo(("" if first else "\f") + show(item.scrubbed.text))
        first = False
    return code


def _clean_jsonl(paths: tuple[str, ...], settings: Settings, field: str, jobs: int) -> int:
    from forumclean.pipeline.cleaning import clean_lines

    code, out = 0, sys.stdout.buffer
    for line, trouble in clean_lines(_lines(paths), settings, field, jobs):
        out.write(line + b"\n")
        if trouble:
            render.note(f"{trouble}; passed on as it came")
            code = 3
    out.flush()
    return code


def _lines(paths: tuple[str, ...]) -> Iterator[bytes]:
    from forumclean import sources

    if not paths or paths == ("-",):
        yield from sys.stdin.buffer
        return
    for item in sources.files(paths):
        if isinstance(item, sources.Unreadable):
            render.note(render.issue_line(item.ref, item.issue))
            continue
        with item.open() as stream:
            yield from stream
