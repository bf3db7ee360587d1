"""What to fetch: the addresses of pages that the archive lacks, in the form in which the board itself writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.ranks import PAGES_SEEN
from forumclean.archiver.reading import list_gaps

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from forumclean.archiver.reading import Gaps


class Wanted(NamedTuple):
    """A page to fetch."""

    site: str
    tid: int
    page: int
    url: str | None
    """``None``: no page of the board that was read has a link to a thread."""


def list_wanted(connection: sqlite3.Connection) -> Iterator[Wanted]:
    """Give the pages that would fill the gaps of the view ``coverage``, thread by thread. Threads without a tid have no address.

    A thread none of whose posts was seen: all its pages, or the first. Pages that are missing by number; pages with posts whose text was lost.
    Where the thread has more posts than were seen and no page is known to be missing: its last page, which has grown.
    """
    forms: dict[str, str | None] = {}
    for gap in list_gaps(connection):
        if gap.tid is not None:
            form = _own_form(connection, gap.thread_id)
            if form is None:
                if gap.site not in forms:
                    forms[gap.site] = _form_of_site(connection, gap.site)
                form = forms[gap.site]
            for page in _pages(connection, gap):
                yield Wanted(gap.site, gap.tid, page, form and form.replace("{tid}", str(gap.tid)).replace("{page}", str(page)))


def _pages(connection: sqlite3.Connection, gap: Gaps) -> list[int]:
    if gap.posts_seen == 0:
        return list(range(1, (gap.pages_total or 1) + 1))
    pages = set(gap.missing_pages)
    if gap.posts_without_text:
        pages.update(page for page, in connection.execute(
            "SELECT DISTINCT ifnull(x.page, 1) FROM posts AS p JOIN sightings AS x ON x.post_id = p.id WHERE p.thread_id = ? AND p.state = 'missing'",
            (gap.thread_id,)))
    if not pages:
        pages.add(max((page for page, in connection.execute(PAGES_SEEN.format(thread="?1"), (gap.thread_id,))), default=1))
    return sorted(pages)


def _own_form(connection: sqlite3.Connection, thread_id: int) -> str | None:
    row = connection.execute(
        "SELECT s.page_url FROM thread_sightings AS t JOIN sources AS s ON s.id = t.source_id WHERE t.thread_id = ? AND t.ordinal = 0"
        " AND s.page_url IS NOT NULL ORDER BY s.page_url LIKE 'http%' DESC, s.captured_at DESC, s.page_url LIMIT 1", (thread_id,)).fetchone()
    return None if row is None else row[0]


def _form_of_site(connection: sqlite3.Connection, slug: str) -> str | None:
    """The form that most pages of a board have, absolute ones first."""
    row = connection.execute(
        "SELECT s.page_url FROM sources AS s JOIN sites AS i ON i.id = s.site_id WHERE i.slug = ? AND s.page_url IS NOT NULL"
        " GROUP BY 1 ORDER BY s.page_url LIKE 'http%' DESC, count(*) DESC, 1 LIMIT 1", (slug,)).fetchone()
    return None if row is None else row[0]
