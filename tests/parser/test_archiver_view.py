"""The archiver view of every generation: threads, lists, the index; nothing that is not there."""

from __future__ import annotations

import random
from typing import Any

import pytest

from forumclean.parser import parse
from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_archiver import DISCUZ_ARCHIVER
from forumclean.parser.engines.html import HtmlPage, Parts, open_page
from forumclean.parser.engines.registry import best
from forumclean.records import Body, RawDocument, Ref
from forumclean.settings import Settings

SAID = [
    ("老茶壶", "2008-5-2 19:04", "阳台番茄记录", ["今年种了 12 盆番茄，", "[img]http://a.example/t.jpg[/img]", "", "A &amp; B &lt; 3"]),
    ("柳条筐", "2008-5-3 08:10", "", ["[quote]原帖由 [i]老茶壶[/i] 于 2008-5-2 19:04 发表", "今年种了[/quote]", "够用了 :lol"]),
    ("匿名", "2008-5-4 0:07", "", ["前面看得见", "<b>**** Hidden Message *****</b>", "后面也是"]),
    ("枯叶", "2008-5-4 9:30", "", ["*** 作者被禁止或删除 内容自动屏蔽 ***"]),
    ("", "2008-5-5 7:45", "", ["路过"]),
]
TEXTS = [
    "今年种了 12 盆番茄，\n[img]http://a.example/t.jpg[/img]\n\nA & B < 3", "[quote]原帖由 [i]老茶壶[/i] 于 2008-5-2 19:04 发表\n今年种了[/quote]\n够用了 :lol",
    "前面看得见\n[locked: **** Hidden Message *****]\n后面也是", "[locked: 作者被禁止或删除 内容自动屏蔽]", "路过",
]


def noise(draw: random.Random) -> str:
    return "".join(chr(draw.randint(0, 59)) + chr(draw.randint(63, 126)) for _ in range(draw.randint(5, 15)))


def message(lines: list[str], draw: random.Random | None) -> str:
    """Lines as the archiver prints them, with its own jammer at each break."""
    text = lines[0]
    for line in lines[1:]:
        if draw is None:
            text += f"<br />\r\n{line}"
        elif draw.random() < 0.5:
            text += f'<font style="font-size:0px;color:ALTBG2">{noise(draw)}</font><br />\r\n{line}'
        else:
            text += f'<br /><span style="display:none">{noise(draw)}</span>\r\n{line}'
    return text


def html(body: str, nav: str, end: str, *, base: str = "http://bbs.example.org/bbs/") -> str:
    return (
        f'<html><head><base href="{base}" /><title>阳台番茄记录 (页 1)  - 阳台种菜 -  城南园艺论坛  - Powered by Discuz! Archiver</title></head><body>'
        f"<h2 style=\"text-align: center\">城南园艺论坛's Archiver </h2><div id=\"nav\">{nav}</div><div id=\"content\">\n{body}</div>{end}</body></html>"
    )


NAV = '<a href="archiver/"><strong>城南园艺论坛</strong></a>  &raquo; <a href="archiver/?fid-8.html">阳台种菜</a> &raquo; 阳台番茄记录'
FULL = '<div id="footer">查看完整版本: <strong><a href="viewthread.php?tid=512" target="_blank">阳台番茄记录</a></strong></div>'
PAGER = '\n<br /><br />\n<div class="page">页: \n<strong>[1]</strong> \n<a href=archiver/?tid-512-page-2.html>2</a> \n</div>'


def d7(draw: random.Random | None) -> str:
    posts = "".join(
        f'<p class="author"><strong>{who}</strong> 发表于 {at}</p>\n{f"<h3>{title}</h3>" if title else ""}{message(lines, draw)}' for who, at, title, lines in SAID
    )
    return html(posts + PAGER, NAV, FULL)


def d60(draw: random.Random | None) -> str:
    posts = "".join(
        f'\n<div class="archiver_post">\n\t<p><cite>{who}</cite> {at}</p>\n\t<div class="archiver_postbody">{f"<h2>{title}</h2>" if title else ""}'
        f"{message(lines, draw)}</div>\n</div>\n" for who, at, title, lines in SAID
    )
    full = '<h1><a href="viewthread.php?tid=512" target="_blank">查看完整版本: 阳台番茄记录</a></h1>'
    return html(full + posts + PAGER.replace('class="page"', 'class="archiver_pages"'), NAV, "")


def d41(draw: random.Random | None) -> str:
    posts = "".join(
        f'<table cellspacing="1" class="tableborder">\n<tr><td bgcolor="#F8F8F8"><table cellspacing="0" cellpadding="0" width="100%"><td class="bold">{who}</td>'
        f'<td align="right">{at}</td></tr></table></td></tr>\n<tr><td bgcolor="#FFFFFF" class="smalltxt">{f"<b>{title}</b><br><br>" if title else ""}'
        f"{message(lines, draw)}</td></tr>\n</table><br>\n" for who, at, title, lines in SAID
    )
    return html(PAGER + posts, NAV, FULL)


def x(_draw: random.Random | None) -> str:
    posts = "".join(
        f'\t\t\t<p class="author">\n\t\t\t\t\t<strong>{who}</strong>\n\t\t\t\t发表于 {at}\t</p>\n\t\t\t<h3>{title}</h3>\n\t\t{message(lines, None)}\t' for who, at, title, lines in SAID
    )
    end = '<div id="end">\n\t查看完整版本:\n\t<a href="../forum.php?mod=viewthread&tid=512&page=1" target="_blank"><strong>阳台番茄记录</strong></a>\n</div>'
    nav = '<a href="./">论坛</a> &rsaquo; <a href="?fid-8.html">阳台种菜</a> &rsaquo; 阳台番茄记录'
    pager = PAGER.replace("archiver/?tid-512-page-2.html", '"?tid-512.html&page=2"')
    return html(posts + pager, nav, end, base="http://bbs.example.org/bbs/archiver/")


GENERATIONS = [pytest.param(x, id="X"), pytest.param(d7, id="6.1 to 7.2"), pytest.param(d60, id="6.0"), pytest.param(d41, id="4.1")]


def page(text: str, path: str = "tid-512.html") -> HtmlPage:
    found = open_page(Ref(path=path), text, zone("Asia/Shanghai"))
    assert isinstance(found, HtmlPage)
    return found


def read(text: str, path: str = "tid-512.html") -> Parts:
    return DISCUZ_ARCHIVER.read(page(text, path))


def clean(body: Body | None) -> str:
    text = body.text if body is not None else ""
    for mark in sorted((mark for mark in body.marks if mark.name == "jammer"), reverse=True) if body is not None else ():
        text = text[: mark.start] + text[mark.end :]
    return text.strip()


@pytest.mark.parametrize("text", [
    pytest.param("", id="empty"),
    pytest.param('<p class="author"><strong>A</strong> 发表于 2008-1-1 10:00</p>text', id="posts of something else"),
    pytest.param('<a href="archiver/">Archiver</a> <a href="thread-1-1-1.html">x</a>', id="a link to the archiver"),
    pytest.param("<title>My Archiver of songs</title><p>words</p>", id="another archiver"),
])  # fmt: skip
def test_other_pages_are_not_taken(text: str) -> None:
    """Every page of a board links to its archiver."""
    assert DISCUZ_ARCHIVER.score(page(text))[0] <= 0.5
    choice = best(page(text))
    assert choice is None or choice.engine is not DISCUZ_ARCHIVER


@pytest.mark.parametrize("make", GENERATIONS)
def test_a_thread(make: Any) -> None:
    """Authors, times, subjects and texts in order; raw BBCode stays; no number of a post or a member is made up."""
    text = make(None)
    choice = best(page(text))
    assert choice is not None
    assert choice.engine is DISCUZ_ARCHIVER
    parts = read(text)
    assert (parts.kind, parts.view, parts.host) == ("thread", "archiver", "bbs.example.org")
    (thread,) = parts.threads
    assert (thread.tid, thread.fid, thread.page) == (512, 8, 1)
    assert {name: thread.fields[name] for name in ("title", "pages_total", "author_name", "created_at")} == {
        "title": "阳台番茄记录", "pages_total": 2, "author_name": "老茶壶", "created_at": "2008-05-02T11:04:00Z",
    }  # fmt: skip
    assert [(p.pid, p.fields.get("author_name"), p.fields["author_kind"]) for p in parts.posts] == [
        (None, "老茶壶", "member"), (None, "柳条筐", "member"), (None, "匿名", "anonymous"), (None, "枯叶", "member"), (None, None, "guest"),
    ]
    assert [p.fields["created_at"] for p in parts.posts] == [
        "2008-05-02T11:04:00Z", "2008-05-03T00:10:00Z", "2008-05-03T16:07:00Z", "2008-05-04T01:30:00Z", "2008-05-04T23:45:00Z",
    ]
    assert [clean(p.body) for p in parts.posts] == TEXTS
    assert [p.state for p in parts.posts] == ["ok", "ok", "ok", "banned", "ok"]
    assert parts.posts[0].fields["subject"] == "阳台番茄记录"
    assert [p.fields.get("is_first") for p in parts.posts] == [True, None, None, None, None]
    assert parts.forums == ({"fid": 8, "name": "阳台种菜"},)
    assert parts.issues == ()


@pytest.mark.parametrize("make", GENERATIONS[1:])
def test_old_archivers_have_their_own_jammer(make: Any) -> None:
    """Unspaced pairs of any sign below ``<``, control characters and line breaks too: the elements are proof."""
    for seed in range(30):
        parts = read(make(random.Random(seed)))
        assert [clean(p.body) for p in parts.posts] == TEXTS


def test_through_bytes_with_control_characters() -> None:
    """The noise of old archivers has NUL and its like; the page is text all the same."""
    raw = d7(random.Random(3)).encode("gb18030")
    assert b"\x00" in raw or b"\x01" in raw
    (found,) = parse(RawDocument.from_bytes(raw, "archiver/tid-512.html"), Settings())
    assert (found.engine, found.view, len(found.posts)) == ("discuz-archiver", "archiver", 5)
    assert [clean(post.body) for post in found.posts] == TEXTS


def test_posts_of_x_without_a_word() -> None:
    """X prints neither subject nor text of a banned author: the text is missing, not empty; relative times have their title."""
    text = x(None).replace("<h3></h3>\n\t\t路过", "").replace("发表于 2008-5-4 9:30", '发表于 <span title="2008-5-4 09:30:12">3&nbsp;天前</span>')
    parts = read(text)
    assert (parts.posts[4].state, parts.posts[4].body) == ("missing", None)
    assert parts.posts[3].fields["created_at"] == "2008-05-04T01:30:12Z"
    assert [issue.code for issue in parts.issues] == ["no-message"]


def test_paid_threads_of_x() -> None:
    """The free part has an element of its own, the notice none; a message's number is not believed (the page's last post has it)."""
    paid = '<div id="postmessage_316" class="t_f">免费部分<br />\n<br /></div>\n本主题需向作者支付 <strong>5 金钱</strong> 才能浏览 <a href="../forum.php?mod=misc&amp;action=pay">购买主题</a>'
    text = x(None).replace("<h3>阳台番茄记录</h3>\n\t\t" + message(SAID[0][3], None), paid)
    choice = best(page(text))
    assert choice is not None
    assert choice.engine is DISCUZ_ARCHIVER
    first = read(text).posts[0]
    assert (first.pid, clean(first.body)) == (None, "免费部分\n\n[locked: 本主题需向作者支付 5 金钱 才能浏览 购买主题]")


def test_lists() -> None:
    """Threads with their replies; forums and sub-forums; the page's own links are no rows."""
    rows = '<ul type="1" start="1">\n<li><a href="archiver/?tid-512.html">阳台番茄记录</a> (22 篇回复)</li>\n<li><a href="archiver/?tid-9.html">春季团购</a> (0 篇回复)</li>\n</ul>'
    nav = '<a href="archiver/"><strong>城南园艺论坛</strong></a>  &raquo; <a href="archiver/?fid-8.html">阳台种菜</a>'
    end = FULL.replace("viewthread.php?tid=512", "forumdisplay.php?fid=8").replace("阳台番茄记录", "阳台种菜")
    parts = read(html(rows + '<div class="page">页: <strong>[1]</strong> <a href=archiver/?fid-8-page-2.html>2</a></div>', nav, end), "x.html")
    assert parts.kind == "forum_list"
    assert [(row.ordinal, row.tid, row.fid, dict(row.fields)) for row in parts.threads] == [
        (1, 512, 8, {"title": "阳台番茄记录", "replies": 22}), (2, 9, 8, {"title": "春季团购", "replies": 0}),
    ]
    assert parts.forums == ({"fid": 8, "name": "阳台种菜"},)
    tree = '<h3>种植</h3>\n<ul>\n<li><a href="archiver/?fid-8.html">阳台种菜</a>\n<ul>\n<li><a href="archiver/?fid-9.html">多肉</a></li>\n</ul></li>\n</li></ul>'
    index = read(html(tree, '<a href="archiver/"><strong>城南园艺论坛</strong></a>', FULL.replace("viewthread.php?tid=512", "index.php")), "x.html")
    assert index.kind == "index"
    assert index.forums == ({"fid": 8, "name": "阳台种菜", "type": "forum"}, {"fid": 9, "name": "多肉", "parent_fid": 8, "type": "sub"})


def test_a_thread_that_is_not_there() -> None:
    """No posts, and no content."""
    parts = read(html("指定的主题不存在或已被删除或正在被审核，请返回。", NAV, ""))
    assert (parts.kind, parts.status, parts.posts) == ("notice", "deleted page", ())


@pytest.mark.parametrize("make", GENERATIONS)
def test_cut_anywhere(make: Any) -> None:
    """A page cut off has fewer posts, none else."""
    text = make(None)
    draw = random.Random(1)
    for at in [draw.randrange(len(text)) for _ in range(40)]:
        names = [post.fields.get("author_name") for post in read(text[:at]).posts]
        assert names == [who or None for who, *_ in SAID][: len(names)]


def test_hostile_heads_take_linear_time() -> None:
    """Heads without end, and what only looks like them: nobody is invented, and it comes to an end."""
    for piece in ('<p class="author"><strong>', '<td class="bold">', '<div class="archiver_post"><p><cite>', "<b>**** Hidden Message", '<a href="x?tid-'):
        found = read(html(piece * 1500, NAV, FULL)).posts
        assert not any(post.fields.get("author_name") for post in found), piece
