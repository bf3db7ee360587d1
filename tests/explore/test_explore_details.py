"""Details of the pages: what hangs on posts, how forums stand, whose clock a time is of."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from forumclean.archiver.pages.board import Forum
from forumclean.archiver.pages.thread import read_page
from forumclean.explore.reading import sections

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def copy(board: Any, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The archive, to be changed."""
    with closing(sqlite3.connect(shutil.copy(board.archive, tmp_path / "copy.db"))) as archive:
        yield archive


def test_an_attached_picture_leads_to_its_local_copy(board: Any, rows: Rows) -> None:
    page = board.get(f"/-/thread/{rows('SELECT id FROM threads WHERE tid = 52')[0][0]}").text
    found = re.search(r'class="attached">.*?href="(/-/asset/\d+)"[^>]*>水库.jpg', page)
    assert found is not None
    assert board.get(found[1]).headers["content-type"] == "image/png"
    assert "\N{PAPERCLIP}" not in page


@pytest.mark.parametrize(("aid", "name", "url", "listed"), [
    pytest.param(72, "水库.jpg", "http://bbs.example.org/b.jpg", 2, id="another file of the name"),
    pytest.param(70, "水库.jpg", "http://bbs.example.org/forum.php?mod=attachment&aid=70", 1, id="the same number"),
    pytest.param(None, None, "http://bbs.example.org/data/attachment/forum/201406/01/a.jpg", 1, id="the same address"),
])
def test_a_file_is_listed_once(copy: sqlite3.Connection, aid: int | None, name: str | None, url: str, listed: int) -> None:
    post, thread = copy.execute("SELECT p.id, p.thread_id FROM posts AS p WHERE p.pid = 801").fetchone()
    copy.execute("INSERT INTO attachments (post_id, ordinal, aid, name, url, kind) VALUES (?, 9, ?, ?, ?, 'image')", (post, aid, name, url))
    page = read_page(copy, thread, 1)
    assert page is not None
    assert len(page.attachments[post]) == listed


def test_a_debate_shows_both_sides(board: Any, copy: sqlite3.Connection, tmp_path: Path) -> None:
    lines = ["正方观点 (3) 浇水 反方观点 (2) 不浇", "正方观点 (3)", "浇水 <b>", 7, "反方观点 (2) 不浇", " "]
    copy.execute("UPDATE threads SET special = 'debate', extras = ? WHERE tid = 52", (json.dumps({"debate": lines, "activity": "no list"}),))
    copy.commit()
    thread, = copy.execute("SELECT id FROM threads WHERE tid = 52").fetchone()
    with board.another(tmp_path / "copy.db") as served:
        page = served.get(f"/-/thread/{thread}").text
    assert "for, 反方 against" in page
    assert "<b>正方观点 (3)</b>" in page
    assert "浇水 &lt;b&gt;" in page
    assert "<b>反方观点 (2) 不浇</b>" in page
    assert page.count("反方观点") == 1, "the box around both is left out"
    assert page.count('class="poll"') == 1


def test_times_are_of_each_board(board: Any, copy: sqlite3.Connection, tmp_path: Path) -> None:
    """In an archive of two boards with different clocks, a row's time is its own board's on every page."""
    copy.execute("INSERT INTO sites (id, slug, timezone) VALUES (90, 'west.example.org', '-05:00')")
    copy.execute("INSERT INTO threads (id, site_id, tid, title) VALUES (900, 90, 3, '西岸钓点')")
    copy.execute("INSERT INTO posts (id, site_id, thread_id, pid, position, text, state, created_at, created_at_precision)"
                 " VALUES (9000, 90, 900, 1, 1, '西岸的水库', 'ok', '2015-03-01T15:30:00Z', 'minute')")
    copy.commit()
    with board.another(tmp_path / "copy.db") as served:
        for path in ("/-/search?q=西岸", "/-/thread/900", "/-/post/9000"):
            assert '<time datetime="2015-03-01T15:30:00Z">2015-03-01 10:30</time>' in served.get(path).text, path
        found = served.get("/-/search?q=水库").text
        assert "Times are those of each board." in found
        assert '<time datetime="2014-06-01T12:05:33Z">2014-06-01 20:05</time>' in found
        assert "1 thread and 1 post, <" in served.get("/-/board").text
        assert "Times are UTC." in served.get("/-/overview").text


def test_what_a_source_holds(board: Any, rows: Rows, copy: sqlite3.Connection, tmp_path: Path) -> None:
    listing, = rows("SELECT source_id FROM source_paths WHERE path LIKE '%forum-6-1.html'")[0]
    text = " ".join(board.get(f"/-/source/{listing}").text.split())
    assert re.search(r"<dt>Holds</dt><dd>\d+ threads?</dd>", text), text
    copy.execute("UPDATE source_paths SET path = 'all.warc.gz', member = 'http://x/', size = 5000 WHERE source_id = ?", (listing,))
    copy.commit()
    with board.another(tmp_path / "copy.db") as served:
        assert "in a file of 5.0 kB" in served.get(f"/-/source/{listing}").text


def _forum(fid: int | None, parent: int | None = None, kind: str = "forum", row: int = 0) -> Forum:
    return Forum(row or fid or 0, 1, fid, f"f{fid}", kind, parent, None, (), 0, None, None, None, None, None, None)


@pytest.mark.parametrize(("forums", "shown"), [
    pytest.param([_forum(1), _forum(2)], [(None, "f1 f2")], id="no parents"),
    pytest.param([_forum(1, kind="group"), _forum(2, 1), _forum(3)], [("f1", "f2"), (None, "f3")], id="a category"),
    pytest.param([_forum(1, kind="group"), _forum(2, 1), _forum(3, 1), _forum(4, 2)], [("f1", "f2 -f4 f3")], id="a sub-forum follows its parent"),
    pytest.param([_forum(2, 9), _forum(5), _forum(9), _forum(11, 2)], [(None, "f5 f9 -f2 --f11")], id="without categories, and before its parent"),
    pytest.param([_forum(2, 77)], [(None, "f2")], id="a parent that is not here"),
    pytest.param([_forum(2, 3), _forum(3, 2), _forum(4, 4)], [(None, "f2 -f3 f4")], id="circles"),
    pytest.param([_forum(None, row=8), _forum(None, None, row=9)], [(None, "fNone fNone")], id="no numbers"),
])
def test_forums_stand_below_their_parents(forums: list[Forum], shown: list[tuple[str | None, str]]) -> None:
    found = [(part.group and part.group.name, " ".join("-" * depth + str(forum.name) for forum, depth in part.forums)) for part in sections(tuple(forums))]
    assert [part for part in found if part[0] or part[1]] == shown
