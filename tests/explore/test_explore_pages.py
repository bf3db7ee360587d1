"""The pages as a server gives them, on the Datasette that is installed: what stands on them, where they lead, what they refuse."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

Rows = Callable[..., list[tuple[Any, ...]]]


def _id(rows: Rows, table: str, where: str, *values: object) -> int:
    return int(rows(f"SELECT id FROM {table} WHERE {where}", *values)[0][0])


def test_the_board(board: Any) -> None:
    page = board.get("/-/board")
    assert page.status == 200
    assert "渔友" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in page.text


def test_a_forum(board: Any, rows: Rows) -> None:
    forum = _id(rows, "forums", "fid = 6")
    page = board.get(f"/-/forum/{forum}")
    assert "周末水库 &amp; 夜钓" in page.text
    assert board.get(f"/-/forum/{forum}?type=出钓").text.count("周末水库") == 1
    assert "No threads." in board.get(f"/-/forum/{forum}?type=不存在").text


def test_a_thread_tells_what_is_missing(board: Any, rows: Rows) -> None:
    """Floors 5 and 6 lie between posts that are here; 8 to 19 the board counted."""
    thread = _id(rows, "threads", "tid = 52")
    page = board.get(f"/-/thread/{thread}").text
    assert "Floors 5 to 6 are not in the archive" in page
    assert "Floors 8 to 19 are not in the archive" in page
    assert "1 of 2 pages were saved" in page


def test_a_thread_has_what_hangs_on_its_posts(board: Any, rows: Rows) -> None:
    page = board.get(f"/-/thread/{_id(rows, 'threads', 'tid = 52')}").text
    first, second = _id(rows, "posts", "pid = 801"), _id(rows, "posts", "pid = 802")
    for words in ("钓鱼老李", "楼主", "水库.jpg", "水位表.zip", "2.6 kB", "写得细", "2 versions"):
        assert words in page, words
    assert f'href="#p{first}">↰' in page
    assert page.index(f'id="p{first}"') < page.index(f'id="p{second}"')
    assert '<time datetime="2014-06-01T12:05:33Z">2014-06-01 20:05</time>' in page, "times are the board's"


def test_a_floor(board: Any, rows: Rows) -> None:
    thread, seventh = _id(rows, "threads", "tid = 52"), _id(rows, "posts", "pid = 805")
    assert board.get(f"/-/thread/{thread}?floor=7").headers["location"].endswith(f"/-/thread/{thread}#p{seventh}")
    assert board.get(f"/-/thread/{thread}?floor=6").headers["location"].endswith(f"#p{seventh}"), "the next one that is there"


def test_the_picture_of_the_mirror_is_shown(board: Any, rows: Rows) -> None:
    page = board.get(f"/-/thread/{_id(rows, 'threads', 'tid = 52')}").text
    found = re.search(r'<img src="(/-/asset/\d+)"', page)
    assert found is not None
    picture = board.get(found[1])
    assert (picture.status, picture.headers["content-type"], picture.headers["x-content-type-options"]) == (200, "image/png", "nosniff")
    assert picture.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_the_picture_of_a_mirror_that_has_moved(board: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named again, the folder is found by the paths inside it."""
    from forumclean.explore.reading import _local_copies
    from forumclean.settings import FILES_VARIABLE

    copy = shutil.copy(board.archive, tmp_path / "elsewhere.db")
    with closing(sqlite3.connect(copy)) as archive:
        archive.execute("UPDATE source_paths SET place = 'elsewhere' || id")  # as if everything had lain in another place
        thread = archive.execute("SELECT id FROM threads WHERE tid = 52").fetchone()[0]
        url = "http://bbs.example.org/data/attachment/forum/201406/01/a.jpg"
        assert _local_copies(archive, [url], thread, str(copy)) == {}
        monkeypatch.setenv(FILES_VARIABLE, str(tmp_path))
        assert list(_local_copies(archive, [url], thread, str(copy))) == [url]


def test_only_recorded_raster_pictures_are_handed_out(board: Any, rows: Rows) -> None:
    drawing = rows("SELECT source_id FROM source_paths WHERE path LIKE '%drawing.svg'")
    page = rows("SELECT source_id FROM source_paths WHERE path LIKE '%thread-52-1-1.html'")
    for source_id in (drawing[0][0], page[0][0], 99_999):
        assert board.get(f"/-/asset/{source_id}").status == 404


def test_a_post_tells_where_it_is_from(board: Any, rows: Rows) -> None:
    page = board.get(f"/-/post/{_id(rows, 'posts', 'pid = 801')}").text
    assert "bbs.example.org/thread-52-1-1.html" in page
    assert re.search(r"<del>点?</del>|<ins>五点半|<del>六", page), "the edit"
    assert '<del class="cut"' in page
    assert "http://bbs.example.org/forum.php?mod=redirect&amp;goto=findpost&amp;ptid=52&amp;pid=801" in page


def test_an_author_by_number_and_by_name(board: Any, rows: Rows) -> None:
    user = _id(rows, "users", "name = '钓鱼老李'")
    assert "周末水库" in board.get(f"/-/author/{user}").text
    assert board.get("/-/author/0?name=钓鱼老李").status == 200
    assert board.get("/-/author/0?name=没有这个人").status == 404


def test_the_overview_has_rows_behind_its_charts(board: Any) -> None:
    page = board.get("/-/overview").text
    assert "Posts per month" in page
    links = re.findall(r'<th scope="row" lang="zh"><a href="([^"]+)"', page)
    assert links
    for link in links:
        assert board.get(link.replace("&amp;", "&")).status == 200, link


@pytest.mark.parametrize("url", [
    "thread-52-1-1.html", "http://bbs.example.org/thread-52-1-2.html", "http://bbs.example.org/viewthread.php?tid=52", "forum.php?mod=viewthread%26tid=52",
    "http://bbs.example.org/archiver/?tid-52.html",
])
def test_old_addresses_of_a_thread(board: Any, rows: Rows, url: str) -> None:
    assert board.get(f"/-/find?url={url}").headers["location"].endswith(f"/-/thread/{_id(rows, 'threads', 'tid = 52')}")


@pytest.mark.parametrize("url", ["http://other.example.net/thread-52-1-1.html", "https://other.example.net/redirect.php?goto=findpost%26pid=802"])
def test_the_address_of_another_board_is_a_guess(board: Any, url: str) -> None:
    page = board.get(f"/-/find?url={url}")
    assert page.status == 404
    assert "nothing from <b>other.example.net</b>; its boards are bbs.example.org. " in page.text
    assert "with this number</a>" in page.text


@pytest.mark.parametrize("query", [
    "pid=802", "url=http://bbs.example.org/forum.php?mod=redirect%26goto=findpost%26pid=802%26ptid=52", "url=redirect.php?goto=findpost%26pid=802",
    "url=http://bbs.example.org/thread-52-1-1.html%23pid802",
])
def test_old_addresses_of_a_post(board: Any, rows: Rows, query: str) -> None:
    assert board.get(f"/-/find?{query}").headers["location"].endswith(f"#p{_id(rows, 'posts', 'pid = 802')}")


@pytest.mark.parametrize(("path", "status"), [
    ("/-/find?url=http://bbs.example.org/thread-99999-1-1.html", 404), ("/-/find?url=nothing", 404), ("/-/find", 200), ("/-/thread/99999", 404),
    ("/-/thread/999999999999999999999999", 404), ("/-/thread/x", 404), ("/-/post/99999", 404), ("/-/source/99999", 404), ("/-/document/99999", 404),
    ("/-/forum/99999", 404), ("/-/board?db=other", 404), ("/-/explore/plugin.py", 404), ("/-/thread/1?page=zz", 200), ("/-/thread/1?page=99999999", 200),
    ("/-/../../etc/passwd", 404), ("/./x", 404), ("/a/b/c/d/e", 404), ("/-/nothing", 404),
])
def test_what_is_not_there(board: Any, path: str, status: int) -> None:
    assert board.get(path).status == status


def test_search_page(board: Any) -> None:
    page = board.get("/-/search?q=水库").text
    assert "<mark>水库</mark>" in page
    assert "Nothing found." in board.get("/-/search?q=不存在的词").text
    assert "<mark>水库</mark>" in board.get("/-/search?q=水库 author:钓鱼老李 after:2014 before:2015&order=date").text
    assert "no forum is called 汽车" in board.get("/-/search?q=水库 forum:汽车").text


@pytest.mark.parametrize("query", ['"水库', "OR", "-水库", "after:yesterday", "author:", "%%%"])
def test_wrong_queries_get_help(board: Any, query: str) -> None:
    """Never a fault of the server, on our page and in the box above the tables, as a page and as data."""
    for path in ("/-/search?q=", f"/{board.name}/posts?_search=", f"/{board.name}/posts.json?_search="):
        answer = board.get(path + query.replace("%", "%25"))
        assert answer.status == 400, (path, answer.text[:300])
        assert "Traceback" not in answer.text


@pytest.mark.parametrize(("query", "pids"), [
    ("水库", [801, 802]), ("水", [801, 802]), ("开竿", [801]), ("ＬＯＬ", [801]), ("同去 author:小周&小吴", [802]), ("同去 before:2014", []), ('"同去 脚本"', [802]), ("水库 OR 同去", [801, 802]),
    ("水库 -开竿", [802]), ("一行*", [805]),
])
def test_the_search_box_of_datasette(board: Any, query: str, pids: list[int]) -> None:
    answer = board.get(f"/{board.name}/posts.json?_shape=array&_search={query.replace('&', '%26')}")
    assert sorted(row["pid"] for row in json.loads(answer.text)) == pids


def test_the_search_box_marks_what_it_found(board: Any, rows: Rows) -> None:
    page = board.get(f"/{board.name}/posts?_search=水库").text
    assert "<mark>水库</mark>" in page
    assert f'/-/go/{_id(rows, "posts", "pid = 801")}?db={board.name}"' in page


def test_other_databases_are_left_alone(board: Any) -> None:
    """Their function is Datasette's own: an archive's is asked on the archive only."""
    answer = board.get("/_memory.json?sql=select+escape_fts('水库+x')&_shape=arrayfirst")
    if answer.status == 200:  # no such database is served unless asked for
        assert json.loads(answer.text) == ['"水库" "x"']


def test_a_row_that_changes_while_it_is_served_is_found(board: Any) -> None:
    """Kept in step: what another program writes is indexed before the next search."""
    with closing(sqlite3.connect(board.archive)) as connection:
        connection.execute("INSERT INTO posts (site_id, thread_id, pid, position, text, state) SELECT site_id, id, 890, 9, '补录的帖子', 'ok' FROM threads WHERE tid = 52")
        connection.commit()
        found = board.get(f"/{board.name}/posts.json?_shape=array&_search=补录")
        assert [row["pid"] for row in json.loads(found.text)] == [890]
        connection.execute("DELETE FROM posts WHERE pid = 890")
        connection.commit()
    assert "Nothing found." in board.get("/-/search?q=补录").text
    assert json.loads(board.get(f"/{board.name}/posts.json?_shape=array&_search=补录").text) == []


def test_no_query_can_write(board: Any) -> None:
    for sql in ("delete from posts", "insert into meta values ('x', 'y')", "pragma user_version = 7", "attach 'x.db' as x"):
        assert board.get(f"/{board.name}.json?sql={sql.replace(' ', '+')}").status in {302, 400, 403}
    assert board.get("/-/board").status == 200


def test_tables_are_described(board: Any) -> None:
    assert "Read it as a board" in board.get(f"/{board.name}").text
    page = board.get(f"/{board.name}/sources").text
    assert "earliest capture of these bytes" in page, "from the comments of the schema"
    assert 'href="/-/board">Read it as a board</a>' in board.get("/").text
    assert "Read it as a board" not in board.get(f"/{board.name}/posts").text


def test_named_queries_run(board: Any) -> None:
    from forumclean.explore.queries import QUERIES

    for name in QUERIES:
        answer = board.get(f"/{board.name}/{name}.json?_shape=array")
        assert answer.status == 200, answer.text
        assert isinstance(json.loads(answer.text), list), name


def test_a_busy_port_is_said(board: Any) -> None:
    port = board.address.rpartition(":")[2]
    command = [sys.executable, "-m", "forumclean", "serve", str(board.archive), "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"port {port} cannot be used" in done.stderr


def test_what_is_no_archive_is_said(tmp_path: Any) -> None:
    (tmp_path / "x.db").write_bytes(b"not a database" * 100)
    for name, words in (("x.db", "not an SQLite file"), ("gone.db", "no such archive")):
        done = subprocess.run([sys.executable, "-m", "forumclean", "serve", name], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert words in done.stderr
