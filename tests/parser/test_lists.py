"""Forum list pages and the index of Discuz! X: recognition, rows of threads, forums."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_lists import DISCUZ_LISTS, page_time
from forumclean.parser.engines.html import HtmlPage, Parts, open_page
from forumclean.records import Ref

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "html" / "lists"


def _page(text: str, path: str = "x.html") -> HtmlPage:
    page = open_page(Ref(path=path), text, zone("Asia/Shanghai"))
    assert isinstance(page, HtmlPage)
    return page


def _read(name: str) -> Parts:
    return DISCUZ_LISTS.read(_page((FOLDER / name).read_text("utf-8"), name))


def _row(cells: str, name: str = "normalthread_5") -> dict[str, Any]:
    (thread,) = DISCUZ_LISTS.read(_page(f'<table><tbody id="{name}"><tr>{cells}</tr></tbody></table>')).threads
    return dict(thread.fields)


UNTOUCHED = [
    pytest.param("", id="empty"),
    pytest.param("<p>normalthread_5 threadlist category_1</p>", id="the words, not the ids"),
    pytest.param('<div id="postlist"><div id="post_9"></div></div><div id="category_1"></div>', id="a thread page with a list beside it"),
    pytest.param('<td id="postmessage_3">id=&quot;threadlist&quot; &lt;tbody id=&quot;normalthread_5&quot;&gt;</td>', id="a post about lists"),
    pytest.param('<body class="pg_forumdisplay"><p>closed</p></body>', id="the body's class alone"),
    pytest.param('<h1>Categories</h1><div class="category">1</div>', id="another site's categories"),
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_other_pages_are_not_lists(text: str) -> None:
    """What has not the ids of a list, or has posts, is no list."""
    assert DISCUZ_LISTS.score(_page(text)) == (0.0, ())


@pytest.mark.parametrize(("name", "kind"), [("forum.html", "forum_list"), ("index.html", "index"), ("picture.html", "forum_list")])
def test_lists_are_recognised(name: str, kind: str) -> None:
    """Lists and the index are known by their ids, with reasons."""
    page = _page((FOLDER / name).read_text("utf-8"))
    score, reasons = DISCUZ_LISTS.score(page)
    assert score > 0.5
    assert reasons
    assert DISCUZ_LISTS.read(page).kind == kind


def test_page_facts() -> None:
    """Host, time and zone are the page's own; the numbers come from its own address."""
    parts = _read("forum.html")
    assert (parts.host, parts.captured_at, parts.captured_how) == ("bbs.example.org", "2026-11-21T19:26:00Z", "page")
    assert (parts.timezone, parts.timezone_source, parts.issues) == ("+08:00", "page", ())
    assert [(thread.ordinal, thread.tid, thread.fid) for thread in parts.threads] == [(1, 31, None), (2, 32, 7), (3, 45, 7), (4, 46, 7)]


def test_sticky_thread() -> None:
    """A global sticky with its type; brackets that a member typed in the title stay there and are no price."""
    assert dict(_read("forum.html").threads[0].fields) == {
        "title": "换种子的规矩 [售价 9 金钱]", "type_name": "公告", "sticky": 3, "digest": 0, "replies": 4, "views": 2278,
        "author_name": "老农", "author_uid": 4, "created_at": "2019-06-06T16:00:00Z", "created_at_precision": "day",
        "last_post_author": "1024", "last_post_at": "2019-06-10T12:16:00Z", "last_post_at_precision": "minute",
    }


def test_closed_digest() -> None:
    """A forum's own sticky, closed, of the second digest level, without replies."""
    fields = _read("forum.html").threads[1].fields
    assert {name: fields[name] for name in ("sticky", "closed", "digest", "replies", "views")} == {
        "sticky": 1, "closed": 1, "digest": 2, "replies": 0, "views": 88,
    }


def test_special_thread() -> None:
    """Reward, read permission, solved; the exact number behind 1万 (10,000), none for 3万 without one; an anonymous author has no name."""
    fields = dict(_read("forum.html").threads[2].fields)
    assert fields.pop("extras") == {"readperm": 10, "reward": 20, "solved": True, "author_kind": "anonymous"}
    assert fields == {
        "title": "谁家黄瓜 < 20 cm？", "type_name": "[活动]", "sticky": 0, "digest": 0, "special": "reward", "replies": 10234, "pages_total": 12,
        "created_at": "2026-11-19T16:00:00Z", "created_at_precision": "day",
        "last_post_at": "2026-11-21T19:23:00Z", "last_post_at_precision": "minute",
    }


def test_moved_thread() -> None:
    """A stub names the thread it leads to; its dashes are no numbers; a guest keeps the name; 昨天 (yesterday) refers to the page's time."""
    fields = dict(_read("forum.html").threads[3].fields)
    assert fields == {
        "title": "搬走的帖子", "sticky": 0, "digest": 0, "closed": 146, "extras": {"moved": True}, "author_name": "路过的人",
        "created_at": "2018-01-01T16:00:00Z", "created_at_precision": "day", "last_post_author": "阿土",
        "last_post_at": "2026-11-21T13:05:00Z", "last_post_at_precision": "minute",
    }


def test_a_row_says_no_more_than_it_shows() -> None:
    """A skin's row without icon, counters and names: only what is there."""
    assert _row('<th><a href="thread-5-1-1.html">种豆</a> <a href="thread-5-2-1.html">2</a></th>') == {"title": "种豆", "sticky": 0}


def test_renamed_cells() -> None:
    """Without the stock classes, people and the last post are known by what their links lead to."""
    cells = """<th><a href="thread-5-1-1.html">种豆得瓜</a></th><td><a href="space-uid-3.html">小满</a></td>
    <td><a href="space-uid-4.html">老农</a> <a href="forum.php?mod=redirect&tid=5&goto=lastpost#lastpost">2020-1-2 03:04</a></td>"""
    assert _row(cells) == {
        "title": "种豆得瓜", "sticky": 0, "author_name": "小满", "author_uid": 3, "last_post_author": "老农",
        "last_post_at": "2020-01-01T19:04:00Z", "last_post_at_precision": "minute",
    }


@pytest.mark.parametrize(("type_", "name"), [
    pytest.param('<em>[<a href="forum.php?mod=forumdisplay&fid=2&filter=typeid&typeid=1">讨论</a>]</em>', "讨论", id="brackets around the link"),
    pytest.param('<a href="forum.php?mod=forumdisplay&fid=2&filter=typeid&typeid=1">[讨论]</a>', "讨论", id="brackets inside"),
    pytest.param('<em>[<a href="forum.php?mod=forumdisplay&fid=2&filter=typeid&typeid=7">[活动]</a>]</em>', "[活动]", id="a name with brackets"),
    pytest.param('<a title="讨论" href="forum.php?mod=forumdisplay&fid=2&filter=typeid&typeid=1"><img src="i.gif" alt="x"></a>', "讨论", id="an icon"),
])
def test_types(type_: str, name: str) -> None:
    """The type is the words of the link that filters by it, without the template's brackets."""
    assert _row(f'<th>{type_} <a class="xst" href="thread-5-1-1.html">标题</a></th>')["type_name"] == name


@pytest.mark.parametrize(("icon", "level"), [
    pytest.param('<td class="icn"><a title="分类置顶主题"><img src="a.gif"></a></td>', 2, id="words"),
    pytest.param('<td class="icn"><a title="分類置頂主題"><img src="a.gif"></a></td>', 2, id="traditional"),
    pytest.param('<td class="icn"><a><i class="tpin tpin3"></i></a></td>', 3, id="X3.5"),
    pytest.param("", 1, id="only the row's id"),
])
def test_sticky_levels(icon: str, level: int) -> None:
    """How far a thread is sticky: by the image, the class or the words; at least in its forum."""
    assert _row(f'{icon}<th><a class="xst" href="thread-5-1-1.html">标题</a></th>', "stickthread_5")["sticky"] == level


def test_thread_of_another_forum() -> None:
    """Guide pages name the forum in the row: it is the thread's, and nobody's name."""
    cells = """<th><a class="xst" href="thread-5-1-1.html">标题</a></th><td class="by"><a href="forum-8-1.html">水泵</a></td>
    <td class="by"><cite><a href="space-uid-3.html">小满</a></cite><em>2020-1-2</em></td><td class="by"><cite>x</cite><em>2020-1-3 04:05</em></td>"""
    page = _page(f'<table><tbody id="normalthread_5"><tr>{cells}</tr></tbody></table>')
    (thread,) = DISCUZ_LISTS.read(page).threads
    assert (thread.fid, thread.fields["author_name"], thread.fields["last_post_author"]) == (8, "小满", "x")


def test_picture_mode() -> None:
    """Lists of pictures have no rows: titles, authors and replies come from their links and words."""
    first, second = _read("picture.html").threads
    assert (first.tid, dict(first.fields)) == (51, {"title": "雨后的薄荷", "author_name": "小满", "author_uid": 8, "replies": 14})
    assert (second.tid, dict(second.fields)) == (52, {"title": "窗台", "author_name": "阿土", "author_uid": 9})


@pytest.mark.parametrize("text", [
    pytest.param('<tbody id="normalthread_x"></tbody><div id="threadlist"></div>', id="no number"),
    pytest.param('<table id="threadlisttableid"><tr><td>', id="cut"),
    pytest.param('<table><tbody id="normalthread_5"></tbody></table>', id="an empty row"),
    pytest.param('<ul id="waterfall"><li></li><li><a href="x">y</a></li></ul>', id="pictures of nothing"),
    pytest.param('<div id="category_1"><table class="fl_tb"><tr><td><h2>x</h2></td></tr></table></div>', id="a forum without a link"),
])
def test_bad_lists(text: str) -> None:
    """Broken lists are read as far as they go, and what is missing is an issue."""
    parts = DISCUZ_LISTS.read(_page(text))
    assert all(not thread.fields.keys() - {"sticky"} for thread in parts.threads)
    assert bool(parts.issues) == ("waterfall" not in text)


@given(st.text(alphabet="<>abt/\"'=[]() 置顶万1:-&;\n", max_size=200))
def test_any_row_is_read(text: str) -> None:
    """No row makes the reader fail."""
    parts = DISCUZ_LISTS.read(_page(f'<table><tbody id="normalthread_5"><tr>{text}</tr></tbody></table><div id="category_3">{text}</div>'))
    assert {thread.tid for thread in parts.threads} <= {5}


def test_last_footer_counts() -> None:
    """Mirrors write GMT behind the footer, members quote footers before it."""
    text = "GMT+8, 2001-1-1 00:00 quoted <p>GMT+8, 2026-11-22 03:26, Processed</p><!-- Mirrored Sat, 21 Nov 2026 19:31:28 GMT -->"
    made = page_time(text)
    assert made is not None
    assert made.isoformat() == "2026-11-22T03:26:00+08:00"
    assert page_time("no footer, but GMT") is None
