from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from forumclean.archiver.migrations import STEPS
from forumclean.archiver.pages.find import Asked, find


@pytest.fixture
def archive() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for step in STEPS:
        step.apply(connection)
    connection.executescript("""
        INSERT INTO sites (id, slug) VALUES (1, 'board');
        INSERT INTO forums (id, site_id, fid, name) VALUES (1, 1, 2, '硬件');
        INSERT INTO users (id, site_id, uid, name) VALUES (1, 1, 7, '甲');
    """)
    return connection


def _thread(archive: sqlite3.Connection, thread_id: int, **columns: Any) -> None:
    names = ["id", "site_id", *columns]
    archive.execute(f"INSERT INTO threads ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", (thread_id, 1, *columns.values()))


def _post(archive: sqlite3.Connection, thread_id: int, **columns: Any) -> None:
    columns = {"state": "ok", **columns}
    names = ["site_id", "thread_id", *columns]
    archive.execute(f"INSERT INTO posts ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", (1, thread_id, *columns.values()))


def _rows(archive: sqlite3.Connection, view: str) -> list[dict[str, Any]]:
    cursor = archive.execute(f"SELECT * FROM {view}")
    return [dict(zip([column[0] for column in cursor.description], row, strict=True)) for row in cursor]


@pytest.mark.parametrize("view", ["threads_overview", "coverage", "posts_per_month", "authors_overview", "doubts", "cleaning_report"])
def test_an_empty_archive_has_empty_views(archive: sqlite3.Connection, view: str) -> None:
    assert _rows(archive, view) == []


def test_a_complete_thread(archive: sqlite3.Connection) -> None:
    _thread(archive, 1, tid=10, title="标题", forum_id=1, user_id=1, replies=1, pages_total=1, pages_seen=1)
    _post(archive, 1, position=2, text="二楼", author_name="乙", created_at="2024-02-02T00:00:00Z")
    _post(archive, 1, position=1, text="一楼", author_name="甲", created_at="2024-01-01T00:00:00Z")
    assert _rows(archive, "threads_overview") == [{
        "thread_id": 1, "site": "board", "tid": 10, "title": "标题", "forum": "硬件", "author": "甲", "started": "2024-01-01T00:00:00Z",
        "last_post": "2024-02-02T00:00:00Z", "posts_seen": 2, "posts_expected": 2, "gaps": 0, "posts_without_text": 0, "pages_seen": 1,
        "pages_total": 1, "moved_to": None,
    }]
    assert _rows(archive, "coverage") == []


@pytest.mark.parametrize(("text", "title"), [
    pytest.param("\n 短句\n第二行", "短句 第二行", id="short, on one line"),
    pytest.param("长" * 41, "长" * 40 + "…", id="long"),
    pytest.param("长" * 40 + "\n", "长" * 40, id="only a line end more"),
    pytest.param(None, None, id="no text at all"),
])
def test_without_a_title_the_first_words_stand_in(archive: sqlite3.Connection, text: str | None, title: str | None) -> None:
    _thread(archive, 1, tid=10)
    _post(archive, 1, position=2, text="二楼")
    _post(archive, 1, position=1, text=text, state="ok" if text else "missing")
    if text is None:
        archive.execute("DELETE FROM posts WHERE position = 2")
    assert _rows(archive, "threads_overview")[0]["title"] == title


def test_what_is_not_known_is_null(archive: sqlite3.Connection) -> None:
    _thread(archive, 1, title="列表里的")
    row, = _rows(archive, "threads_overview")
    assert {name for name, value in row.items() if value is None} == {"tid", "forum", "author", "started", "last_post", "posts_expected", "pages_total", "moved_to"}


@pytest.mark.parametrize(("thread", "posts", "expected", "gaps"), [
    pytest.param({"replies": 4}, [{"position": 1}, {"position": 2}], 5, 3, id="replies do not count the first post"),
    pytest.param({}, [{"position": 1}, {"position": 7}], 7, 5, id="a floor tells how many there were"),
    pytest.param({"replies": 0}, [{"position": 1}, {"position": 2}], 2, 0, id="an old count of replies"),
    pytest.param({"replies": 0}, [{}, {}, {}], 1, 0, id="more posts than expected are no gap"),
    pytest.param({"replies": 1}, [{"position": 1}, {"position": 2, "state": "deleted"}, {"position": 3}], 3, 0, id="a deleted post, its floor kept"),
    pytest.param({"replies": 1}, [{"position": 1}, {"position": 2, "state": "deleted"}, {"position": 2}], 3, 0, id="the next one moved up to its floor"),
    pytest.param({"replies": 2}, [{"position": 1}, {"position": 2, "state": "deleted"}, {"position": 3}], 4, 1, id="a deleted post fills no gap"),
    pytest.param({}, [{"position": 1}, {"position": 2}, {"position": 2}, {"position": 4}], 4, 1, id="nor do two posts on one floor"),
    pytest.param({"replies": 3}, [{"position": 1}, {"position": 2}, {"position": 2}, {}], 4, 1, id="two on one floor, one without"),
])
def test_posts_expected(
    archive: sqlite3.Connection, thread: dict[str, int], posts: list[dict[str, int]], expected: int, gaps: int,
) -> None:
    _thread(archive, 1, **thread)
    for post in posts:
        _post(archive, 1, text="x", **post)
    row, = _rows(archive, "threads_overview")
    assert (row["posts_expected"], row["gaps"]) == (expected, gaps)


def test_coverage_lists_threads_that_lack_something(archive: sqlite3.Connection) -> None:
    _thread(archive, 1, title="全", replies=0, pages_seen=1, pages_total=1)
    _post(archive, 1, position=1, text="x")
    _thread(archive, 2, title="只在列表里")
    _thread(archive, 3, title="缺页", pages_seen=1, pages_total=2)
    _post(archive, 3, text="x")
    _thread(archive, 4, title="缺楼", replies=1)
    _post(archive, 4, position=1, text="x")
    _thread(archive, 5, title="缺文")
    _post(archive, 5, position=1, text=None, state="missing")
    assert [row["title"] for row in _rows(archive, "coverage")] == ["只在列表里", "缺页", "缺楼", "缺文"]


@pytest.mark.parametrize(
    ("stub", "moved_to", "lacking"),
    [
        pytest.param({"tid": 20, "closed": 10}, 1, [], id="what it leads to is here"),
        pytest.param({"tid": 20, "closed": 11}, None, [20], id="what it leads to is to be fetched by way of it"),
        pytest.param({"tid": 20, "closed": 1}, None, [20], id="closed, not moved, though a thread 1 is here"),
        pytest.param({"tid": 20, "closed": 20}, None, [20], id="itself"),
    ],
)
def test_a_moved_thread_is_the_one_its_row_leads_to(archive: sqlite3.Connection, stub: dict[str, int], moved_to: int | None, lacking: list[int]) -> None:
    for thread_id, tid in ((1, 10), (3, 1)):
        _thread(archive, thread_id, tid=tid, title="标题")
        _post(archive, thread_id, position=1, text="一楼")
    _thread(archive, 2, title="标题", **stub)
    assert [row["moved_to"] for row in _rows(archive, "threads_overview")] == [None, moved_to, None]
    assert [row["tid"] for row in _rows(archive, "coverage")] == lacking
    found = find(archive, Asked(tid=20))
    assert found is not None
    assert (found.kind, found.id) == ("thread", moved_to or 2)


def test_posts_per_month(archive: sqlite3.Connection) -> None:
    _thread(archive, 1, forum_id=1)
    for author, moment in ("甲", "2024-01-31T23:59:59Z"), ("甲", "2024-01-01T00:00:00Z"), ("乙", "2024-01-02T00:00:00Z"), ("乙", "2024-02-01T00:00:00Z"), ("乙", None):
        _post(archive, 1, author_name=author, created_at=moment)
    assert [tuple(row.values()) for row in _rows(archive, "posts_per_month")] == [
        ("2024-01", "board", "硬件", 3, 2), ("2024-02", "board", "硬件", 1, 1),
    ]


def test_authors_overview(archive: sqlite3.Connection) -> None:
    _thread(archive, 1)
    _thread(archive, 2)
    _post(archive, 1, user_id=1, author_name="甲", created_at="2024-01-01T00:00:00Z")
    _post(archive, 2, user_id=1, author_name="甲的旧名", created_at="2024-03-01T00:00:00Z")
    _post(archive, 2, author_name="访客")
    _post(archive, 2)
    found = [(row["author"], row["uid"], row["posts"], row["threads"], row["first_post"], row["last_post"]) for row in _rows(archive, "authors_overview")]
    assert found == [("甲", 7, 2, 2, "2024-01-01T00:00:00Z", "2024-03-01T00:00:00Z"), ("访客", None, 1, 1, None, None)]


def test_what_a_poorer_view_shows_is_no_cut(archive: sqlite3.Connection) -> None:
    """Where a richer view's revision stands for a sighting's text, what cleaning cut is counted, and not the difference."""
    _thread(archive, 1)
    _post(archive, 1, id=1)
    archive.execute(
        "INSERT INTO sightings (source_id, ordinal, post_id, view, state, fields, cuts, own_hash, own_cuts) VALUES"
        """ (1, 1, 1, 'printable', 'ok', '{}', '[[0,"ab","c","poorer-view"]]', 'h', '[[0,"a","","noise"]]')""")
    assert [(row["rule"], row["cuts"]) for row in _rows(archive, "cleaning_report")] == [("noise", 1)]


def test_cleaning_report(archive: sqlite3.Connection) -> None:
    _thread(archive, 1, forum_id=1)
    _post(archive, 1, text="x")
    archive.execute("INSERT INTO sources (id, kind, status) VALUES (1, 'thread', 'ok')")
    cuts = '[[0, "3 i+ z$", "", "jammer.line"], [9, "\\u00a0\\u00a0", " ", "blanks"], [12, "b*", "", "jammer.line"]]'
    for ordinal, (post_id, made, doubts) in enumerate([(1, cuts, '[[1, "2 B", "jammer.line", "short"]]'), (1, None, None), (None, cuts, None)]):
        archive.execute(
            "INSERT INTO sightings (source_id, ordinal, post_id, view, state, fields, cuts, doubts) VALUES (1, ?, ?, 'flattened', 'ok', '{}', ?, ?)",
            (ordinal, post_id, made, doubts),
        )
    assert [tuple(row.values()) for row in _rows(archive, "cleaning_report")] == [
        ("jammer.line", "board", "硬件", 2, 9, 1, 1), ("blanks", "board", "硬件", 1, 1, 0, 1),
    ]


@pytest.mark.parametrize(
    ("others", "left"),
    [
        ([], 1),  # untouched: one capture cannot tell
        ([(1, '[[0,"a","","noise"]]', None)], 1),  # the same noise says nothing new
        ([(2, "[]", None)], 1),  # another text
        ([(1, '[[0,"b","","noise"]]', None)], 0),
        ([(1, None, None)], 0),  # without any noise, say in print
    ],
)
def test_a_doubt_lasts_until_another_capture_shows_the_same_text(archive: sqlite3.Connection, others: list[tuple[int, str | None, str | None]], left: int) -> None:
    _doubted(archive, [(1, '[[0,"a","","noise"]]', None), *others])
    assert [(row["post_id"], row["text"], row["rule"]) for row in _rows(archive, "doubts")] == [(1, "2 B", "noise")] * left
    assert sum(row["doubts"] for row in _rows(archive, "cleaning_report")) == left


def test_where_other_captures_give_the_text_nothing_is_in_doubt(archive: sqlite3.Connection) -> None:
    _doubted(archive, [(1, '[[0,"a","","noise"]]', "h")])
    assert _rows(archive, "doubts") == []


def _doubted(archive: sqlite3.Connection, shown: list[tuple[int, str | None, str | None]]) -> None:
    """A post and its sightings: which revision they show, by which cuts, and the hash of their own text; the first has a doubt."""
    _thread(archive, 1)
    _post(archive, 1, id=1)
    for revision, text in ((1, "x"), (2, "y")):
        archive.execute("INSERT INTO revisions (id, post_id, content_hash, text) VALUES (?, 1, ?, ?)", (revision, text, text))
    for ordinal, (revision, cuts, own_hash) in enumerate(shown):
        doubts = None if ordinal else '[[1, "2 B", "noise", "short"]]'
        archive.execute(
            "INSERT INTO sightings (source_id, ordinal, post_id, revision_id, view, state, fields, cuts, own_hash, own_cuts, doubts)"
            " VALUES (1, ?, 1, ?, 'flattened', 'ok', '{}', ?, ?, '[]', ?)", (ordinal, revision, cuts, own_hash, doubts))
