"""The archive at a glance: what the charts show. Adds up all posts; the caller may keep the answer until the archive changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3

_MONTH = "[0-9][0-9][0-9][0-9]-[01][0-9]-*"
BUSIEST = 20
"""Authors shown."""


class Totals(NamedTuple):
    """How much there is."""

    threads: int
    posts: int
    authors: int
    documents: int
    sources: int
    first_post: str | None
    last_post: str | None
    posts_without_text: int
    threads_with_gaps: int


class Overview(NamedTuple):
    """Rows of the charts, each ending in the number of posts (cuts, threads) it stands for."""

    totals: Totals
    months: tuple[tuple[str, int], ...]
    """(``2015-03``, posts), UTC."""
    forums: tuple[tuple[int | None, str | None, int, int], ...]
    """(``forums.id``, name, threads, posts)."""
    authors: tuple[tuple[int | None, str | None, int], ...]
    """(``users.id``, name, posts)."""
    coverage: tuple[tuple[str, int], ...]
    """(whole, pages missing, …; threads)."""
    cleaning: tuple[tuple[str, int, int], ...]
    """(rule, cuts, doubts)."""
    statuses: tuple[tuple[str, int], ...]
    """(status of an input, inputs)."""


_AUTHORS = f"""
    SELECT p.user_id, coalesce(u.name, p.author_name), count(*) FROM posts AS p LEFT JOIN users AS u ON u.id = p.user_id
    WHERE p.user_id IS NOT NULL OR p.author_name IS NOT NULL
    GROUP BY p.user_id, CASE WHEN p.user_id IS NULL THEN p.author_name END ORDER BY 3 DESC, 2 LIMIT {BUSIEST}"""
_FORUMS = """
    SELECT f.id, f.name, count(DISTINCT t.id), count(p.id) FROM threads AS t LEFT JOIN forums AS f ON f.id = t.forum_id
    LEFT JOIN posts AS p ON p.thread_id = t.id GROUP BY t.forum_id ORDER BY 4 DESC, 2"""
_COVERAGE = """
    SELECT CASE WHEN posts_seen = 0 THEN 'known from lists only' WHEN pages_seen < pages_total THEN 'pages missing'
        WHEN gaps > 0 THEN 'floors missing' WHEN posts_without_text > 0 THEN 'texts missing' ELSE 'complete, as far as known' END, count(*)
    FROM threads_overview GROUP BY 1 ORDER BY 2 DESC"""


def read_overview(connection: sqlite3.Connection) -> Overview:
    """Add up the archive."""
    totals = Totals._make(connection.execute(
        """SELECT (SELECT count(*) FROM threads), count(*), (SELECT count(*) FROM users), (SELECT count(*) FROM documents),
            (SELECT count(*) FROM sources), min(created_at), max(created_at), total(state = 'missing'), (SELECT count(*) FROM coverage) FROM posts""",
    ).fetchone())
    return Overview(
        totals._replace(posts_without_text=int(totals.posts_without_text)),
        tuple(connection.execute(f"SELECT substr(created_at, 1, 7), count(*) FROM posts WHERE created_at GLOB '{_MONTH}' GROUP BY 1 ORDER BY 1")),
        tuple(connection.execute(_FORUMS)), tuple(connection.execute(_AUTHORS)), tuple(connection.execute(_COVERAGE)),
        tuple(connection.execute("SELECT rule, sum(cuts), sum(doubts) FROM cleaning_report GROUP BY rule ORDER BY 2 DESC, 3 DESC")),
        tuple(connection.execute("SELECT status, count(*) FROM sources GROUP BY 1 ORDER BY 2 DESC")),
    )
