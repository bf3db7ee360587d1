"""What the rows of posts, threads, users and forums say, given all that was seen of them."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from forumclean.archiver.archive import Archive
from forumclean.pipeline.settle import settle
from forumclean.records import Thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forumclean.records import Batch

TESTS = Path(__file__).resolve().parents[1]
make = runpy.run_path(str(TESTS / "archive_pages.py"))
batch, config, ref, seen = (make[name] for name in ("batch", "config", "ref", "seen"))

JANUARY, FEBRUARY = "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "a.db") as opened:
        yield opened
        assert opened.verify() == []


def settled(archive: Archive, *batches: Batch) -> None:
    archive.store(batches)
    settle(archive)


def rows(archive: Archive, query: str) -> list[Any]:
    return archive.connection.execute(query).fetchall()


def test_noise_counters_and_poorer_views_make_no_revision(archive: Archive) -> None:
    """The text is equal, so it is the same revision, seen from the first to the last capture."""
    settled(
        archive,
        batch("a", seen(1, "正文", pid=1, stats={"credits": 1}), tid=1, at=JANUARY, thread={"views": 5}),
        batch("b", seen(1, "正文", pid=1, stats={"credits": 2}), tid=1, at=FEBRUARY, view="touch", thread={"views": 9}),
    )
    assert rows(archive, "SELECT text, first_seen_at, last_seen_at FROM revisions") == [("正文", JANUARY, FEBRUARY)]
    assert rows(archive, "SELECT first_seen_at, last_seen_at FROM posts") == [(JANUARY, FEBRUARY)]


def test_an_edit_makes_a_revision_and_the_old_text_stays(archive: Archive) -> None:
    """The post shows the latest capture of the richest view."""
    settled(archive, batch("a", seen(1, "初稿", pid=1), tid=1, at=JANUARY), batch("b", seen(1, "定稿", pid=1), tid=1, at=FEBRUARY))
    assert rows(archive, "SELECT text FROM posts") == [("定稿",)]
    assert rows(archive, "SELECT text, first_seen_at, last_seen_at FROM revisions ORDER BY first_seen_at") == [
        ("初稿", JANUARY, JANUARY), ("定稿", FEBRUARY, FEBRUARY)]
    assert rows(archive, "SELECT p.id = r.post_id FROM revisions AS r, posts AS p") == [(1,), (1,)]


def test_each_field_is_of_the_richest_view_that_states_it(archive: Archive) -> None:
    """A later but poorer view fills gaps only."""
    settled(
        archive,
        batch("a", seen(1, "富", pid=1, subject="题", author_name="甲"), tid=1, at=JANUARY, view="desktop"),
        batch("b", seen(1, "贫", pid=1, subject="另", author_name="甲", edited_by="乙", edited_at=JANUARY), tid=1, at=FEBRUARY, view="archiver"),
    )
    assert rows(archive, "SELECT text, subject, edited_by FROM posts") == [("富", "题", "乙")]


@pytest.mark.parametrize(("sightings", "state", "text"), [
    pytest.param([seen(1, None, pid=1)], "missing", None, id="nobody saw a text"),
    pytest.param([seen(1, None, pid=1), seen(1, "有", pid=1)], "ok", "有", id="one view lost what another shows"),
    pytest.param([seen(1, "有", pid=1), seen(1, None, pid=1, state="banned")], "banned", "有", id="banned later: the text stays"),
    pytest.param([seen(1, None, pid=1, state="ok")], "missing", None, id="ok without a text is a gap"),
    pytest.param([seen(1, "[locked: 屏蔽]", pid=1, state="banned"), seen(1, "有", pid=1)], "ok", "有", id="released"),
    pytest.param([seen(1, "[locked: 屏蔽]", pid=1, state="banned")], "banned", "[locked: 屏蔽]", id="nobody saw what it was"),
    pytest.param([seen(1, "有", pid=1), seen(1, "[locked: 屏蔽]", pid=1, state="banned")], "banned", "有", id="a notice is no text"),
    pytest.param([seen(1, "有", pid=1), seen(1, "新", pid=1), seen(1, "[locked: 仅作者可见]", pid=1, state="hidden")], "hidden", "新", id="hidden later"),
    pytest.param([seen(1, "有", pid=1), seen(1, "[locked: 密码]", pid=1, state="locked")], "locked", "[locked: 密码]", id="a locked text may be partly new"),
])
def test_the_state_of_a_post(archive: Archive, sightings: list[Any], state: str, text: str | None) -> None:
    """``missing`` only where no view has more to say."""
    settled(archive, *(batch(f"p{number}", one, tid=1, at=f"2024-0{number}-01T00:00:00Z") for number, one in enumerate(sightings, start=1)))
    assert rows(archive, "SELECT state, text FROM posts") == [(state, text)]


@pytest.mark.parametrize(("tid", "page", "stated", "expected"), [
    pytest.param(1, 1, None, (3, 0), id="first page: its order"),
    pytest.param(None, None, None, (3, 0), id="a source that is its own thread"),
    pytest.param(1, 2, 23, (23, 0), id="stated"),
    pytest.param(1, 2, None, (None, None), id="later page: unknown"),
    pytest.param(1, None, None, (None, None), id="page of a known thread, number unknown"),
])
def test_the_position_of_a_post(archive: Archive, tid: int | None, page: int | None, stated: int | None, expected: tuple[Any, Any]) -> None:
    """NULL rather than a guess."""
    said = {} if stated is None else {"position": stated}
    settled(archive, batch("a", seen(3, **said), tid=tid, page=page))
    assert rows(archive, "SELECT position, is_first FROM posts") == [expected]


def test_a_moved_post_is_in_the_thread_where_it_was_seen_last(archive: Archive) -> None:
    """Split and merged threads: one post, and both threads know what opens them."""
    settled(archive, batch("a", seen(1, pid=1, author_name="甲"), seen(2, "二", pid=2), tid=1, page=1, at=JANUARY))
    settled(archive, batch("b", seen(1, pid=1, author_name="甲"), tid=2, page=1, at=FEBRUARY))
    assert rows(archive, "SELECT p.pid, t.tid FROM posts AS p JOIN threads AS t ON t.id = p.thread_id ORDER BY pid") == [(1, 2), (2, 1)]
    assert rows(archive, "SELECT tid, author_name FROM threads ORDER BY tid") == [(1, None), (2, "甲")]


def test_of_a_merged_thread_nothing_is_to_be_fetched(archive: Archive) -> None:
    """All its posts are in another by now; as long as one is not, it lacks some."""
    both = [seen(number, f"{number} 楼", pid=number, position=number, created_at=JANUARY) for number in (1, 2)]
    settled(archive, batch("a", *both, tid=1, page=1, at=JANUARY, thread={"replies": 1}))
    settled(archive, batch("b", both[0], tid=2, page=1, at=FEBRUARY, thread={"replies": 0}))
    assert rows(archive, "SELECT tid, posts_seen FROM coverage") == [(1, 1)]
    settled(archive, batch("c", *both, tid=2, page=1, at="2024-03-01T00:00:00Z", thread={"replies": 1}))
    assert rows(archive, "SELECT tid, posts_seen FROM coverage") == []


def test_a_pid_that_turns_up_later_keeps_the_post(archive: Archive) -> None:
    """The printable page came first; the desktop page brings the pid. Same row, all sightings, no second revision."""
    author = {"author_name": "甲", "created_at": JANUARY, "created_at_precision": "second"}
    settled(archive, batch("a", seen(1, **author), tid=1, view="printable"))
    before = rows(archive, "SELECT id FROM posts")
    settled(archive, batch("b", seen(5, pid=9, **author), tid=1, page=1))
    assert rows(archive, "SELECT id FROM posts") == before
    assert rows(archive, "SELECT pid, (SELECT count(*) FROM sightings), (SELECT count(*) FROM revisions) FROM posts") == [(9, 2, 1)]


def test_two_posts_that_turn_out_to_be_one_are_merged(archive: Archive) -> None:
    """Revisions and sightings move; what hung on the lost row is gone with it."""
    author = {"author_name": "甲", "created_at": JANUARY, "created_at_precision": "second"}
    settled(
        archive, batch("a", seen(1, "一", **author), tid=1),
        batch("b", seen(3, "二", pid=9, author_name="甲", quotes=[{"text": "引"}]), tid=1, page=1))
    assert rows(archive, "SELECT count(*) FROM posts") == [(2,)]
    settled(archive, batch("c", seen(3, "二", pid=9, **author), tid=1, page=1, at=FEBRUARY))
    assert rows(archive, "SELECT pid, (SELECT count(*) FROM sightings), (SELECT count(*) FROM revisions) FROM posts") == [(9, 3, 2)]
    assert rows(archive, "SELECT text FROM quotes") == [("引",)]


def test_lists_are_replaced_as_a_whole(archive: Archive) -> None:
    """Quotes, attachments, comments and ratings of the best view that states them; unknown shapes are ignored."""
    settled(archive, batch("a", seen(
        1, pid=1, quotes=[{"pid": 3, "author": "乙", "at": JANUARY, "text": "引"}], attachments=[{"aid": 7, "name": "图.png", "size": 10}],
        comments=[{"id": 1, "author": "丙", "text": "点评"}], ratings=[{"author": "丁", "scores": {"威望": 2}, "reason": "好"}]), tid=1))
    assert rows(archive, "SELECT ordinal, quoted_pid, quoted_author, quoted_at, text FROM quotes") == [(1, 3, "乙", JANUARY, "引")]
    assert rows(archive, "SELECT aid, name, size FROM attachments") == [(7, "图.png", 10)]
    assert rows(archive, "SELECT comment_id, author_name, text FROM comments") == [(1, "丙", "点评")]
    assert rows(archive, "SELECT author_name, scores, reason FROM ratings") == [("丁", '{"威望":2}', "好")]
    settled(archive, batch("b", seen(1, pid=1, quotes=["?", {"text": "新引"}], comments="?"), tid=1, at=FEBRUARY))
    assert rows(archive, "SELECT ordinal, text FROM quotes") == [(1, "新引")]
    assert rows(archive, "SELECT count(*) FROM comments") == [(0,)]


def test_a_bare_name_is_the_member_of_that_name(archive: Archive) -> None:
    """Also when the member turns up later; guests and anonymous authors are nobody."""
    settled(
        archive,
        batch("a", seen(1, "一", pid=1, author_name="甲"), seen(2, "二", pid=2, author_name="甲", author_kind="guest"), tid=1, page=1, view="archiver"))
    assert rows(archive, "SELECT uid, name FROM users") == [(None, "甲")]
    settled(archive, batch("b", seen(1, "三", pid=3, author_name="甲", author_uid=8, signature="签"), tid=2))
    assert rows(archive, "SELECT uid, name FROM users") == [(8, "甲")]
    assert rows(archive, "SELECT p.pid, u.uid FROM posts AS p LEFT JOIN users AS u ON u.id = p.user_id ORDER BY pid") == [(1, 8), (2, None), (3, 8)]
    assert rows(archive, "SELECT text FROM signatures") == [("签",)]


def test_a_bare_name_of_two_members_is_neither(archive: Archive) -> None:
    """What had been given to the first is taken back when the second turns up."""
    settled(archive, batch("a", seen(1, "一", pid=1, author_name="甲"), seen(2, "二", pid=2, author_name="甲", author_uid=8), tid=1))
    settled(archive, batch("b", seen(1, "三", pid=3, author_name="甲", author_uid=9), tid=2))
    assert rows(archive, "SELECT p.pid, u.uid, u.name FROM posts AS p JOIN users AS u ON u.id = p.user_id ORDER BY pid") == [
        (1, None, "甲"), (2, 8, "甲"), (3, 9, "甲")]


def test_names_over_time_are_kept(archive: Archive) -> None:
    """A user's name is the last one; figures are the user's, dated where the page states its time."""
    settled(archive, batch("a", seen(1, pid=1, author_name="旧名", author_uid=8, stats={"credits": 1}), tid=1, at=JANUARY))
    settled(archive, batch("b", seen(1, pid=1, author_name="新名", author_uid=8, stats={"credits": 9}), tid=1, at=FEBRUARY))
    assert rows(archive, "SELECT name FROM users") == [("新名",)]
    assert rows(archive, "SELECT name, last_seen_at FROM user_names ORDER BY last_seen_at") == [("旧名", JANUARY), ("新名", FEBRUARY)]
    assert rows(archive, "SELECT value, user_id, seen_at FROM user_stats ORDER BY value") == [(1, 1, JANUARY), (9, 1, FEBRUARY)]


def test_figures_of_nobody_stay_figures_of_nobody(archive: Archive) -> None:
    """No author, no capture time but the file's: user_id and seen_at are NULL."""
    settled(archive, batch("a", seen(1, None, stats={"total_online_hours": 4222})))
    assert rows(archive, "SELECT name, value, user_id, seen_at FROM user_stats") == [("total_online_hours", 4222, None, None)]


def test_captures_of_one_file_are_one_thread(archive: Archive) -> None:
    """Without a tid the place of the file tells; another folder's file of the same name is another thread."""
    settled(archive, batch("001.txt", seen(1, "一")))
    settled(archive, batch("001.txt", seen(1, "一改"), salt="later", ref=ref("001.txt", seconds=1_800_000_000)))
    settled(archive, batch("001.txt", seen(1, "别的"), salt="other", ref=ref("001.txt", place="elsewhere")))
    assert rows(archive, "SELECT p.text, t.pages_seen FROM posts AS p JOIN threads AS t ON t.id = p.thread_id ORDER BY p.id") == [("一改", 1), ("别的", 1)]


def test_standard_input_is_a_thread_by_its_bytes(archive: Archive) -> None:
    """Everything that is ever piped in has the path ``-``."""
    nowhere = ref("-", place=None)
    settled(archive, batch("-", seen(1, "一"), ref=nowhere), batch("-", seen(1, "二"), ref=nowhere, salt="2"))
    assert rows(archive, "SELECT count(*) FROM threads") == [(2,)]


def test_list_rows_tell_about_threads_without_posts(archive: Archive) -> None:
    """A forum list gives threads; a row without a tid gives nothing."""
    listed = (Thread(ordinal=1, tid=5, fid=3, fields={"title": "置顶", "replies": 7}), Thread(ordinal=2, fields={"title": "?"}))
    settled(archive, replace(batch("list", kind="list"), page=replace(batch("list").page, threads=listed)))
    assert rows(archive, "SELECT t.tid, t.title, t.replies, t.pages_seen, f.fid FROM threads AS t JOIN forums AS f ON f.id = t.forum_id") == [
        (5, "置顶", 7, 0, 3)]


def test_the_newest_block_of_a_forum_wins(archive: Archive) -> None:
    """By its own last post, not by the order of import; a block that was cut off only where no whole one is known."""
    new = config("n", {"name": "新", "rules": "b"}, fid=3, name="新", last_post_at=FEBRUARY, posts_count=9)
    old = config("o", {"name": "旧", "rules": "a", "gone": "1"}, fid=3, name="旧", last_post_at=JANUARY, jammer=True)
    torn = config("t", {"name": "残"}, fid=3, name="残", last_post_at="2025-01-01T00:00:00Z", complete=False)
    for one in (new, old, torn):
        settled(archive, one)
    assert rows(archive, "SELECT fid, name, jammer, posts_count FROM forums") == [(3, "新", 1, 9)]
    assert rows(archive, "SELECT path, value FROM forum_settings ORDER BY path") == [("name", "新"), ("rules", "b")]


def test_printings_that_differ_in_counters_are_one_block(archive: Archive) -> None:
    """A board prints the block with every page; the newest counters are kept."""
    settled(archive, *(
        config(f"c{count}", {"name": "水区", "posts": str(count), "lastpost.tid": str(count)}, fid=3, name="水区", posts_count=count)
        for count in (2, 3, 1)))
    assert rows(archive, "SELECT (SELECT count(*) FROM forum_configs), (SELECT count(*) FROM config_sightings), posts_count FROM forums") == [(1, 3, 3)]
    assert rows(archive, "SELECT value FROM forum_settings WHERE path = 'posts'") == [("3",)]


def test_a_block_without_fid_is_known_by_its_name(archive: Archive) -> None:
    """One with neither stays among the blocks only."""
    settled(archive, config("a", {"x": "1"}, name="无号"), config("b", {"x": "2"}))
    assert rows(archive, "SELECT fid, name FROM forums") == [(None, "无号")]
    assert rows(archive, "SELECT count(*) FROM forum_configs") == [(2,)]


def test_a_thread_is_in_the_forum_whose_block_its_page_prints(archive: Archive) -> None:
    """Where the page says nothing else about its forum."""
    page = batch("a", seen(1), tid=None)
    block = config("a", {"fid": "3"}, fid=3, name="水区").page.configs
    settled(archive, replace(page, page=replace(page.page, configs=block)))
    assert rows(archive, "SELECT f.fid FROM threads AS t JOIN forums AS f ON f.id = t.forum_id") == [(3,)]


def test_html_is_of_the_richest_view_with_equal_text(archive: Archive) -> None:
    """Whichever came first."""
    settled(archive, batch("a", seen(1, pid=1, html="<p>touch</p>"), tid=1, view="touch", at=FEBRUARY))
    settled(archive, batch("b", seen(1, pid=1, html="<p>desktop</p>"), tid=1, at=JANUARY))
    settled(archive, batch("c", seen(1, pid=1), tid=1, view="flattened"))
    assert rows(archive, "SELECT p.html, r.html FROM posts AS p JOIN revisions AS r ON r.id = p.revision_id") == [("<p>desktop</p>",) * 2]


def test_a_site_is_what_most_of_its_pages_say(archive: Archive) -> None:
    """Engine, charset; a time zone that a page states goes before an assumed one."""
    pages = [batch(f"p{number}", seen(1, pid=number), tid=number, encoding="gb18030", timezone="Asia/Shanghai", timezone_source="assumed")
             for number in (1, 2)]
    settled(archive, *pages, batch("q", seen(1, pid=3), tid=3, encoding="utf-8", timezone="+07:00", timezone_source="page"))
    assert rows(archive, "SELECT slug, engine, charset, timezone, timezone_source FROM sites") == [("unknown", "x3", "gb18030", "+07:00", "page")]


@pytest.mark.parametrize(("lost", "places"), [pytest.param({}, [(1, 1), (2, 0)], id="whole"), pytest.param({"heads_lost": True}, [(None, None)] * 2, id="heads lost")])
def test_the_order_on_the_first_page_is_the_thread_s_unless_posts_are_lost(archive: Archive, lost: dict[str, Any], places: list[Any]) -> None:
    settled(archive, batch("a", seen(1, "土", created_at="2024-01-01T00:00:00Z", **lost), seen(2, "水", created_at="2024-01-02T00:00:00Z", **lost), tid=1, page=1, at=JANUARY))
    assert rows(archive, "SELECT position, is_first FROM posts ORDER BY created_at") == places
