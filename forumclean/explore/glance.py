"""The overview: the archive as charts, each with its rows behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.archiver.pages.overview import Overview, read_overview
from forumclean.archiver.reading import data_version
from forumclean.explore.answers import Answer, page

if TYPE_CHECKING:
    import sqlite3

    from forumclean.explore.host import Request
    from forumclean.explore.shelf import Shelf


class Row(NamedTuple):
    """A row of a chart's table."""

    name: str
    values: tuple[int, ...]
    link: str | None


class Chart(NamedTuple):
    """A table that the page draws. ``kind``: ``time`` (a bar for each month) or ``bars``."""

    title: str
    kind: str
    head: tuple[str, ...]
    rows: list[Row]


_FORUMS_SHOWN = 30
_kept: dict[str, tuple[Any, Overview]] = {}
"""Path of an archive → its version and what was added up: adding up millions takes seconds."""


@page
async def overview(shelf: Shelf, _request: Request) -> Answer:
    """Show the archive at a glance."""
    found: Overview = await shelf.read(_read, shelf.path)
    charts = [
        Chart("Posts per month", "time", ("Month", "Posts"), [
            Row(month, (count,), shelf.rows("posts", created_at__gte=month, created_at__lt=_next(month), _sort="created_at")) for month, count in _filled(found.months)
        ]),
        Chart("Posts per forum", "bars", ("Forum", "Posts"), [
            Row(name or "not known", (posts,), shelf.url(f"forum/{forum_id}") if forum_id else shelf.rows("threads", forum_id__isnull=1))
            for forum_id, name, _threads, posts in found.forums[:_FORUMS_SHOWN]
        ]),
        Chart("Busiest authors", "bars", ("Author", "Posts"), [
            Row(name or "nameless", (posts,), shelf.url(f"author/{user_id}") if user_id else shelf.url("author/0", name=name))
            for user_id, name, posts in found.authors
        ]),
        Chart("How much of each thread is here", "bars", ("Threads", "Threads"), [Row(what, (count,), shelf.rows("coverage")) for what, count in found.coverage]),
        Chart("What was cut from posts", "bars", ("Rule", "Cuts", "Doubts"), [
            Row(rule or "?", (cuts, doubts), shelf.rows("cleaning_report", rule=rule)) for rule, cuts, doubts in found.cleaning
        ]),
        Chart("What became of the inputs", "bars", ("Status", "Inputs"), [Row(status, (count,), shelf.rows("sources", status=status)) for status, count in found.statuses]),
    ]
    return Answer("overview", {"title": "Overview", "overview": found, "charts_of": [chart for chart in charts if chart.rows], "charts": True})


def _read(connection: sqlite3.Connection, path: str) -> Overview:
    version = data_version(connection)
    kept = _kept.get(path)
    if kept is None or kept[0] != version:
        kept = _kept[path] = (version, read_overview(connection))
    return kept[1]


def _next(month: str) -> str:
    """Return the month after one.

    >>> _next("2014-12"), _next("2015-01")
    ('2015-01', '2015-02')
    """
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]), 12)
    return f"{year:04}-{number + 1:02}"


_LONGEST = 12 * 40


def _filled(months: tuple[tuple[str, int], ...]) -> list[tuple[str, int]]:
    """Return the months with those between them in which nobody wrote; as they are where that would be a chart of blanks."""
    counts = dict(months)
    if not counts:
        return []
    filled: list[tuple[str, int]] = []
    month, last = months[0][0], months[-1][0]
    while month <= last and len(filled) < _LONGEST:
        filled.append((month, counts.get(month, 0)))
        month = _next(month)
    return filled if month > last else list(months)
