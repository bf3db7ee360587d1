"""How things look to people. The only module that imports rich.

Stored text comes from strangers: everything printed passes ``plain``, and no markup in it is interpreted.
"""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from forumclean.records import Issue

# control characters but tab and newline; C1; and the marks that reorder text on a terminal (bidi overrides and isolates)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|[\ud800-\udfff]")


def plain(text: object) -> str:
    r"""``text`` with control characters shown as escapes, so that printing it can do nothing to a terminal.

    >>> plain("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return _CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), str(text))


def one_line(text: object) -> str:
    r"""``plain`` with line breaks escaped, too: for names of files.

    >>> one_line("a\nb")
    'a\\nb'
    """
    return plain(text).replace("\n", "\\n")


def say(text: str = "") -> None:
    """One line of data on stdout."""
    click.echo(plain(text))


def data(line: str) -> None:
    """One line for programs on stdout, as it is."""
    click.echo(line)


def note(text: str) -> None:
    """One line for people on stderr."""
    click.echo(plain(text), err=True)


def counted(number: int, plural: str) -> str:
    """A number with its noun.

    >>> counted(1, "posts"), counted(1204, "posts")
    ('1 post', '1,204 posts')
    """
    return f"{number:,} {plural.removesuffix('s') if number == 1 else plural}"


def issue_line(name: object, issue: Issue) -> str:
    """One line for one issue: input, level, what happened; the excerpt is left to ``forumclean issues``."""
    return f"{one_line(name)}: {issue.level}: {issue.message} [{issue.code}]"


def print_json(value: Any) -> None:
    """One JSON value on stdout, readable, Chinese as Chinese."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    click.echo(re.sub("[\ud800-\udfff]", "\ufffd", text))


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()) -> None:
    """A table on stdout: boxes and colours on a terminal, tab-separated values in a pipe. On a terminal, columns without a value are left out."""
    if not terminal():
        click.echo("\t".join(headings))
        for row in rows:
            click.echo("\t".join(plain("" if cell is None else cell).replace("\t", " ").replace("\n", " ") for cell in row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    cells = [["" if cell is None else plain(cell) for cell in row] for row in rows]
    shown = [index for index in range(len(headings)) if not cells or any(row[index] for row in cells)]
    for index in shown:
        drawn.add_column(headings[index], justify="right" if index in right else "left", overflow="fold")
    for row in cells:
        drawn.add_row(*(Text(row[index]) for index in shown))
    Console().print(drawn)


def terminal() -> bool:
    """Whether stdout is a terminal; it may be closed."""
    return sys.stdout is not None and sys.stdout.isatty()


def colours() -> bool:
    """Whether stdout is a terminal that wants colours (``NO_COLOR`` and ``TERM=dumb`` are honoured)."""
    return terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


MATCH = ("\x1b[1;33m", "\x1b[0m"), ("[", "]")
"""How a hit of a search is shown: on a terminal with colours, and elsewhere."""
CUT = ("\x1b[9;31m", "\x1b[0m"), ("[-", "-]")
"""How a cut is shown."""


def highlighted(text: str, ranges: Iterable[tuple[int, int]], style: tuple[tuple[str, str], tuple[str, str]]) -> str:
    """``text`` with the ranges in ``style`` (``MATCH`` or ``CUT``); control characters escaped."""
    start, end = style[0] if colours() else style[1]
    parts, at = [], 0
    for first, last in ranges:
        parts += [plain(text[at:first]), start, plain(text[first:last]), end]
        at = last
    return "".join([*parts, plain(text[at:])])


@contextmanager
def progress(label: str, count: Callable[[], int], *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A progress line on a terminal's stderr, with rate and time left; silent in pipes, cron and when quiet.

    Call what it gives with the number done. ``count`` tells how many there are; it is called only where somebody looks.
    """
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """Inputs a second."""

        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:,.0f}/s")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    # drawn when there is news, by nobody else: a process with a thread for it could not be copied to make workers
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task(label, total=count())
        yield lambda done: bar.update(task, completed=done, refresh=True)
