"""Thread pages of Discuz! X as a whole: recognition, thread, posts, two captures, a skin."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_x import DISCUZ_X
from forumclean.parser.engines.html import HtmlPage, Parts, open_page
from forumclean.parser.engines.registry import ENGINES, best, engine
from forumclean.parser.markup.links import canonical_targets
from forumclean.records import Body, Issue, Post, Ref

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "html" / "x"
THREAD = (FOLDER / "thread-52-1-1.html").read_text("utf-8")


def page(text: str, path: str = "x.html", **more: Any) -> HtmlPage:
    found = open_page(Ref(path=path), text, zone("Asia/Shanghai"), **more)
    assert isinstance(found, HtmlPage)
    return found


def read(text: str, path: str = "x.html", **more: Any) -> Parts:
    return DISCUZ_X.read(page(text, path, **more))


def clean(body: Body | None) -> str | None:
    text = body.text if body is not None else None
    for mark in sorted((mark for mark in body.marks if mark.name == "jammer"), reverse=True) if body is not None else ():
        text = text[: mark.start] + text[mark.end :]  # type: ignore[index]
    return text


def numbered(parts: Parts) -> dict[int | None, Post]:
    return {post.pid: post for post in parts.posts}


@pytest.mark.parametrize("text", [
    pytest.param("", id="empty"),
    pytest.param("<p>Powered by Discuz! X3.4</p><p>GMT+8, 2020-1-1 00:00, Processed in 0.1 second(s)</p>", id="a footer"),
    pytest.param('<body id="nv_forum" class="pg_viewthread"><div id="messagetext">x</div>', id="a notice with the body's class"),
    pytest.param('<div id="post_new"></div><div id="postlist"></div>', id="no post"),
    pytest.param("<pre>id=&quot;postmessage_7&quot; postmessage_7 authorposton7</pre>", id="a page about Discuz"),
])  # fmt: skip
def test_other_pages_are_not_taken(text: str) -> None:
    """By the ids of posts, never by the footer, the body's class or words."""
    assert DISCUZ_X.score(page(text))[0] == 0
    assert DISCUZ_X.read(page(text)).posts == ()


def test_recognised_with_reasons() -> None:
    """The stock template surely, a skin that renames and leaves out still."""
    score, reasons = DISCUZ_X.score(page(THREAD))
    assert score > 0.95
    assert "messages with numbers" in reasons
    assert DISCUZ_X.score(page((FOLDER / "thread-52-1-1-skin.html").read_text("utf-8")))[0] > 0.5


def test_the_registry_gives_this_engine() -> None:
    """Every name leads to an engine of that name; a page of this family to this one."""
    assert [engine(name).name for name in ENGINES] == list(ENGINES)
    choice = best(page(THREAD))
    assert choice is not None
    assert choice.engine is DISCUZ_X


def test_the_thread() -> None:
    """Identity, title, type, counters, pages, and what says them; the forums of the breadcrumbs; the page's own time and zone."""
    parts = read(THREAD, "mirror/thread-52-1-1.html")
    (thread,) = parts.threads
    assert (parts.host, thread.tid, thread.fid, thread.page) == ("bbs.example.org", 52, 6, 1)
    fields = dict(thread.fields)
    extras = fields.pop("extras")
    assert fields == {
        "title": "周末水库 & 夜钓", "type_name": "出钓", "views": 2922, "replies": 18, "pages_total": 2, "author_name": "钓鱼老李", "author_uid": 3,
        "created_at": "2014-06-01T12:05:33Z",
    }
    assert extras == {"known_from": {"tid": "script", "fid": "script", "page": "pager", "host": "reporturl", "pages_total": "pager"}}
    assert parts.forums == ({"fid": 5, "name": "户外"}, {"fid": 6, "name": "渔友", "parent_fid": 5})
    assert (parts.captured_at, parts.captured_how, parts.timezone, parts.timezone_source) == ("2014-06-02T03:26:00Z", "page", "+08:00", "page")
    assert parts.issues == ()


def test_the_posts() -> None:
    """Order, floors, authors of all kinds, times in all forms, states."""
    posts = read(THREAD).posts
    seen = [(post.ordinal, post.pid, post.state, post.fields.get("position"), post.fields["author_kind"], post.fields["author_name"]) for post in posts]
    assert seen == [
        (1, 801, "ok", 1, "member", "钓鱼老李"), (2, 802, "ok", 2, "member", "小周&小吴"), (3, 803, "banned", 3, "deleted", "旧人"),
        (4, 804, "locked", 4, "anonymous", "匿名"), (5, 805, "ok", 7, "guest", "过客"),
    ]  # fmt: skip
    assert [(post.fields["created_at"], post.fields["created_at_precision"]) for post in posts] == [
        ("2014-06-01T12:05:33Z", "second"), ("2014-06-01T14:10:00Z", "second"), ("2014-06-01T15:00:01Z", "second"),
        ("2014-06-02T02:56:00Z", "day"), ("2014-05-29T16:00:00Z", "day"),
    ]  # fmt: skip
    assert [post.fields.get("author_uid") for post in posts] == [3, 8, 77, None, None]
    assert [post.fields.get("is_first") for post in posts] == [True, None, None, None, None]
    assert "192.0.2" not in repr(posts)


def test_the_first_post() -> None:
    """Text without noise, signature, edit notice; what stands around it as fields."""
    post = numbered(read(THREAD))[801]
    assert clean(post.body) == (
        "周末去了水库，早上六点开竿。\n鱼情一般，[smiley: lol] 只有 3 条。\n[image: http://bbs.example.org/data/attachment/forum/201406/01/a.jpg] \n上次的帖子"
    )
    assert post.fields["signature"] == {"text": "愿者上钩 a 1 b 2 c 3", "html": "愿者上钩 <b>a 1 b 2 c 3</b>"}
    assert (post.fields["edited_by"], post.fields["edited_at"], post.fields["edited_at_precision"]) == ("钓鱼老李", "2014-06-01T13:30:00Z", "minute")
    assert post.fields["comments"] == [
        {"text": "水位看 3 号桩最准", "author": "河边的树", "author_uid": 9, "at": "2014-06-02T00:15:00Z", "at_precision": "minute"},
    ]
    assert post.fields["ratings"] == [
        {"author": "河边的树", "author_uid": 9, "scores": {"金钱": 3}, "reason": "写得细"}, {"author": "路人丙", "author_uid": 4, "scores": {"威望": -1}, "reason": "图太大"},
    ]  # fmt: skip
    assert post.fields["author_group"] == "注册会员"
    assert dict(post.stats) == {
        "threads": 12, "posts": 345, "credits": 678, "total_online_hours": 41, "registered_at": "2011-2-3",
    }


def test_the_reply() -> None:
    """Subject, quotation, code, a file below the message, the exact number behind N万."""
    post = numbered(read(THREAD))[802]
    assert clean(post.body) == (
        "> 钓鱼老李 发表于 2014-6-1 20:05\n> 周末去了水库，早上六点开竿。\n\n同去，脚本给你：\nfor f in *.log; do\n"
        '\techo "$f"\ndone\n\n'
        '<font class="jammer">这是我打的字</font>\n[attachment: 水位表.zip]'
    )
    assert post.fields["subject"] == "回复：周末水库"
    assert post.fields["quotes"] == [{"pid": 801, "author": "钓鱼老李", "at": "2014-06-01T12:05:00Z", "text": "周末去了水库，早上六点开竿。"}]
    assert post.fields["attachments"] == [
        {"aid": 71, "name": "水位表.zip", "url": "http://bbs.example.org/forum.php?mod=attachment&aid=71", "size": 65792, "downloads": 20, "kind": "file"},
    ]
    assert post.stats["posts"] == 23456


def test_another_capture_is_the_same() -> None:
    """Other noise, tokens and counters: the same texts, link targets and HTML."""
    one, two = read(THREAD), read((FOLDER / "thread-52-1-1-again.html").read_text("utf-8"))
    for first, second in zip(one.posts, two.posts, strict=True):
        assert clean(first.body) == clean(second.body)
        assert canonical_targets(first.html or "") == canonical_targets(second.html or "")
        assert first.body != second.body or not (first.body and first.body.marks)
    assert one.threads[0].fields["views"] != two.threads[0].fields["views"]


def test_a_skin_gives_the_same_posts() -> None:
    """Renamed classes, other wrappers, single quotes, no panel ids, a plugin's block before the message: only figures are fewer."""
    stock, skin = read(THREAD), read((FOLDER / "thread-52-1-1-skin.html").read_text("utf-8"))
    assert [(post.pid, post.state, clean(post.body), dict(post.fields)) for post in skin.posts] == [
        (post.pid, post.state, clean(post.body), dict(post.fields)) for post in stock.posts
    ]
    assert skin.threads == stock.threads


def test_ajax_answer() -> None:
    """One post inside XML (`inajax=1`), without a page around it."""
    start = THREAD.index('<table id="pid805"')
    text = f'<?xml version="1.0" encoding="utf-8"?>\n<root><![CDATA[{THREAD[start:THREAD.index("</div><div id=", start)] if "</div><div id=" in THREAD[start:] else THREAD[start:]}]]></root>'
    parts = read(text, captured_at="2014-06-02T03:26:00Z")
    assert [(post.pid, clean(post.body)) for post in parts.posts] == [(805, "一行字")]
    assert {issue.code for issue in parts.issues} <= {"no-tid"}


@pytest.mark.parametrize(("panel", "author"), [
    pytest.param('<div class="authi"><a href="space-uid-12.html" class="xw1">甲</a></div>', ("甲", 12, "member"), id="rewritten URL"),
    pytest.param('<div class="authi"><a href="home.php?mod=space&username=x&uid=12"><font color="red">甲</font></a></div>', ("甲", 12, "member"), id="coloured name"),
    pytest.param('<div class="authi"><a href="/u/zz">甲</a></div><img src="/uc_server/avatar.php?uid=12&size=s">', ("甲", 12, "member"), id="the site's own URL, avatar by number"),
    pytest.param('<div class="authi"><a href="/u/zz">甲</a></div><img src="x/avatar/000/01/23/45_avatar_big.jpg">', ("甲", 12345, "member"), id="avatar by path"),
    pytest.param('<div class="authi"><a href="/u/zz">甲</a></div>', ("甲", None, "member"), id="no number anywhere"),
    pytest.param('<div class="pi">甲 <em>该用户已被删除</em></div>', ("甲", None, "deleted"), id="deleted"),
    pytest.param('<div class="pi"><a href="javascript:;">甲 <em>10.0.0.x</em></a></div>', ("甲", None, "guest"), id="guest"),
    pytest.param('<div class="pi">匿名</div>', ("匿名", None, "anonymous"), id="anonymous"),
    pytest.param('<div class="pi">楼主很懒，什么也没有留下</div><a href="x">y</a>', (None, None, None), id="nobody"),
])  # fmt: skip
def test_authors(panel: str, author: tuple[str | None, int | None, str | None]) -> None:
    """Who wrote a post, and what kind of author that is, from the panel in all its forms."""
    (post,) = read(f'<div id="post_5"><div id="favatar5" class="pls favatar">{panel}</div><div id="postmessage_5">一</div></div>').posts
    assert (post.fields.get("author_name"), post.fields.get("author_uid"), post.fields.get("author_kind")) == author


@pytest.mark.parametrize(("label", "position"), [
    pytest.param("<em>5</em><sup>#</sup>", 5, id="number"),
    pytest.param("来自 <em>12</em><sup>#</sup>", 12, id="sticky reply"),
    pytest.param("1楼-楼主", 1, id="a site's own words with a number"),
    pytest.param("樓主", 1, id="first floor, zh-TW"),
    pytest.param("推荐", None, id="recommended"),
    pytest.param("顶楼", None, id="a site's own words"),
])  # fmt: skip
def test_floors(label: str, position: int | None) -> None:
    """A label is kept as printed; a position only where it says one."""
    (post,) = read(f'<div id="post_5"><a id="postnum5">{label}</a><div id="postmessage_5">一</div></div>').posts
    assert post.fields.get("position") == position
    assert post.fields["floor_label"]


def test_what_is_missing_is_said() -> None:
    """A page that does not say who, when or which thread is read, and says so."""
    parts = read('<div id="post_5"><div id="postmessage_5">一</div></div>')
    assert clean(parts.posts[0].body) == "一"
    assert {issue.code for issue in parts.issues} == {"no-author", "no-time", "no-floor", "no-tid", "no-page-time"}
    assert all(isinstance(issue, Issue) and issue.stage == "parse" for issue in parts.issues)


def test_one_authors_posts_have_no_positions() -> None:
    """`authorid=` counts floors among the posts it shows: they are no places in the thread, nor are its pages."""
    parts = read(re.sub(r"REPORTURL = '[^']*'", "X = ''", THREAD), url="http://bbs.example.org/forum.php?mod=viewthread&tid=52&authorid=3")
    assert all("position" not in post.fields and "floor_label" not in post.fields for post in parts.posts)
    assert parts.threads[0].page is None
    assert "pages_total" not in parts.threads[0].fields
    assert parts.threads[0].fields["extras"]["filter"] == "author"


def test_an_answer_to_a_script_names_its_thread_by_its_floors() -> None:
    """``inajax=1`` sends one post as XML: the links of floors say which thread it is of; if they disagree, nobody knows."""
    floor = '<a href="forum.php?mod=redirect&goto=findpost&ptid={}&pid={}"   id="postnum{}" onclick="x">'
    post = '<table id="pid{1}"><div class="authi">甲</div>' + floor.format("{0}", "{1}", "{1}") + '#</a><td id="postmessage_{1}">一</td></table>'
    xml = '<?xml version="1.0"?>\n<root><![CDATA[{}]]></root>'
    (thread,) = read(xml.format(post.format(52, 801))).threads
    assert (thread.tid, thread.page) == (52, None)
    assert read(xml.format(post.format(52, 801) + post.format(53, 802))).threads[0].tid is None
    assert "floor_label" not in read(xml.format(post.format(52, 801))).posts[0].fields
