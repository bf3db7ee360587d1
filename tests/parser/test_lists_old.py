"""Forum lists and the index of Discuz! 6 and 7 (``forumdisplay.htm``, ``discuz.htm``): the same facts as of X, from their own cells."""

from __future__ import annotations

import pytest

from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_lists import DISCUZ_LISTS
from forumclean.parser.engines.html import HtmlPage, Parts, open_page
from forumclean.parser.engines.registry import best
from forumclean.records import Ref

HEAD = (
    '<html><head><title>阳台种菜 -  城南园艺论坛  - Powered by Discuz!</title><link rel="archives" title="x" href="http://bbs.example.org/bbs/archiver/" />'
    "<script>gid = parseInt('3');var fid = parseInt('8');var tid = parseInt('0');</script></head><body>"
)
FOOT = '<div id="footer"><p>当前时区 GMT+8, 现在时间是 2008-6-12 21:40</p></div></body></html>'


def row(name: str, folder: str, *cells: str) -> str:
    """A row of 6.1: icon, badges, title, author, counters, last post."""
    icon, label, inner, author, nums, last = cells
    return (
        f'<tbody id="{name}" ><tr><td class="folder"><a href="viewthread.php?tid=1&amp;extra=page%3D1" title="新窗口打开" target="_blank"><img src="images/default/{folder}.gif" /></a></td>'
        f'<td class="icon">{icon}</td><th class="{folder.removeprefix("folder_")}" ><label>{label}&nbsp;</label>\n{inner}</th>'
        f'<td class="author"><cite>\n{author}</cite><em>2008-5-2</em></td><td class="nums">{nums}</td><td class="lastpost">{last}</td></tr></tbody>'
    )


def last(tid: int, at: str, who: str) -> str:
    return f'<em><a href="redirect.php?tid={tid}&amp;goto=lastpost#lastpost">{at}</a></em><cite>by {who}</cite>'


LIST_61 = (
    HEAD + '<div id="foruminfo"><div id="nav"><div class="userinfolist"><p><a id="forumlist" href="index.php">城南园艺论坛</a> &raquo; 阳台种菜</p>'
    '<p>版主: <a class="notabs" href="space.php?username=a">阿禾</a>, <a href="space.php?username=b">柳条筐</a></p></div></div></div>'
    '<div class="mainbox threadlist"><h1><a href="forumdisplay.php?fid=8" class="bold">阳台种菜</a></h1><table summary="forum_8" id="forum_8">'
    '<thead class="category"><tr><td class="folder">&nbsp;</td><th>标题</th><td class="author">作者</td><td class="nums">回复/查看</td><td class="lastpost">最后发表</td></tr></thead>'
    '<tbody><tr><td class="folder"></td><th>论坛公告: <a href="announcement.php?id=1#1">换服务器</a></th><td class="author"><cite><a href="space.php?uid=1">站长</a></cite></td></tr></tbody>'
    + row("stickthread_40", "folder_lock", "", '<img src="images/default/pin_2.gif" alt="分类置顶" /> <img src="images/default/digest_1.gif" alt="精华 1" />',
          '<span id="thread_40"><a href="viewthread.php?tid=40&amp;extra=page%3D1" style="font-weight: bold">版规</a></span>',
          '<a href="space.php?uid=1">站长</a>', "<strong>3</strong> / <em>901</em>", last(40, "2008-5-9 10:00", '<a href="space.php?username=%B0%A2">阿禾</a>'))
    + row("normalthread_512", "folder_hot", "", "", '<em>[<a href="forumdisplay.php?fid=8&amp;filter=type&amp;typeid=2">记录</a>]</em> '
          '<span id="thread_512"><a href="viewthread.php?tid=512&amp;extra=page%3D1">阳台番茄记录</a></span> - [售价 金钱 <span class="bold">5</span> 元] '
          '<span class="threadpages"> &nbsp; <a href="viewthread.php?tid=512&amp;page=1">1</a> <a href="viewthread.php?tid=512&amp;page=3">3</a></span> '
          '<a href="redirect.php?tid=512&amp;goto=newpost#newpost" class="new">New</a>',
          '<a href="space.php?uid=31">老茶壶</a>', "<strong>22</strong> / <em>1204</em>", last(512, "2008-6-12 20:01", "匿名"))
    + row("normalthread_530", "folder_common", '<img src="images/default/pollsmall.gif" alt="投票" />', "",
          '<span id="thread_530"><a href="viewthread.php?tid=530&amp;extra=page%3D1">浇水用什么时候</a></span>', "匿名", "<strong>0</strong> / <em>7</em>",
          last(530, "2008-6-1 7:00", '<a href="space.php?username=c">柳条筐</a>'))
    + row("normalthread_77", "folder_common", "", "", '移动: <span id="thread_77"><a href="viewthread.php?tid=78&amp;extra=page%3D1">搬走了</a></span>',
          '<a href="space.php?uid=44">柳条筐</a>', "<strong>1</strong> / <em>0</em>", last(78, "2008-4-1 7:00", '<a href="space.php?username=c">柳条筐</a>'))
    + "</table></div>" + FOOT
)  # fmt: skip


def read(text: str, path: str = "forumdisplay.php@fid=8.html") -> Parts:
    page = open_page(Ref(path=path), text, zone("Asia/Shanghai"))
    assert isinstance(page, HtmlPage)
    choice = best(page)
    assert choice is not None
    assert choice.engine is DISCUZ_LISTS
    return DISCUZ_LISTS.read(page)


def test_a_list_of_6_1() -> None:
    """Title, type, counters, pages, people and times; stickies of other forums have no forum; announcements are no threads."""
    parts = read(LIST_61)
    assert (parts.kind, parts.host, parts.captured_at) == ("forum_list", "bbs.example.org", "2008-06-12T13:40:00Z")
    rows = {thread.tid: (thread.fid, dict(thread.fields)) for thread in parts.threads}
    assert list(rows) == [40, 512, 530, 77]
    assert rows[40] == (None, {
        "title": "版规", "sticky": 2, "closed": 1, "digest": 1, "replies": 3, "views": 901, "author_name": "站长", "author_uid": 1,
        "created_at": "2008-05-01T16:00:00Z", "created_at_precision": "day", "last_post_author": "阿禾", "last_post_at": "2008-05-09T02:00:00Z",
        "last_post_at_precision": "minute",
    })  # fmt: skip
    assert rows[512] == (8, {
        "title": "阳台番茄记录", "type_name": "记录", "sticky": 0, "replies": 22, "views": 1204, "pages_total": 3, "author_name": "老茶壶", "author_uid": 31,
        "created_at": "2008-05-01T16:00:00Z", "created_at_precision": "day", "last_post_at": "2008-06-12T12:01:00Z", "last_post_at_precision": "minute",
        "extras": {"price": 5},
    })  # fmt: skip
    assert rows[530][1]["special"] == "poll"
    assert rows[530][1]["extras"] == {"author_kind": "anonymous"}
    assert "author_name" not in rows[530][1]
    assert (rows[77][1]["closed"], rows[77][1]["extras"]) == (78, {"moved": True})
    assert parts.forums == ({"fid": 8, "name": "阳台种菜", "moderators": ["阿禾", "柳条筐"]},)
    assert parts.issues == ()


def test_a_list_of_7_2() -> None:
    """Its table has an id and its rows the pin in front; the forum's number of threads stands beside its name."""
    changed = LIST_61.replace('<div class="mainbox threadlist"><h1><a href="forumdisplay.php?fid=8" class="bold">阳台种菜</a></h1>', (
        '<div id="forumheader" class="s_clear"><h1 style="">阳台种菜</h1><p class="forumstats">[ <strong>61</strong> 主题 / 512 回复 ]</p>'
        '<p id="modedby">版主: <a href="space.php?username=a">阿禾</a></p></div><div id="threadlist" class="threadlist datalist">'
    )).replace('<img src="images/default/folder_lock.gif" /></a>', '<img src="images/default/pin_2.gif" alt="分类置顶" /></a>')  # fmt: skip
    changed = changed.replace("<p>版主: ", "<p>", 1).replace("</strong> / <em>", "</strong>/<em>").replace(" &raquo; 阳台种菜</p>", ' &raquo; <a href="forumdisplay.php?fid=8">阳台种菜</a></p>')
    parts = read(changed)
    assert [(thread.tid, thread.fields["sticky"], thread.fields["replies"], thread.fields["views"]) for thread in parts.threads] == [
        (40, 2, 3, 901), (512, 0, 22, 1204), (530, 0, 0, 7), (77, 0, 1, 0),
    ]
    assert parts.forums == ({"fid": 8, "name": "阳台种菜", "threads_count": 61, "moderators": ["阿禾"]},)


TOP = HEAD.replace("parseInt('8')", "parseInt('0')")
INDEX_61 = (
    TOP + '<div id="foruminfo"><div id="nav"><a href="index.php">城南园艺论坛</a></div></div>'
    '<div class="mainbox forumlist"><h3><a href="index.php?gid=3">种植</a></h3><table id="category_3" summary="category3">'
    '<thead class="category"><tr><th>版块</th><td class="nums">主题</td><td class="nums">帖数</td><td class="lastpost">最后发表</td></tr></thead>'
    '<tbody id="forum8"><tr><th class="new"><h2><a href="forumdisplay.php?fid=8">阳台种菜</a><em> (今日: 4)</em></h2><p>花盆里的菜园</p>'
    '<p>子版块: <a href="forumdisplay.php?fid=9"><u>多肉</u></a></p><p class="moderators">版主: <a href="space.php?username=a">阿禾</a></p></th>'
    '<td class="nums">61</td><td class="nums">573</td><td class="lastpost"><a href="redirect.php?tid=512&amp;goto=lastpost#lastpost">阳台番茄记录</a>'
    '<cite>by <a href="space.php?username=c">柳条筐</a> - 2008-6-12 20:01</cite></td></tr></tbody>'
    '<tbody id="forum10"><tr><th><h2><a href="forumdisplay.php?fid=10">私人花园</a></h2></th><td class="nums">5</td><td class="nums">9</td>'
    '<td class="lastpost">私密版块</td></tr></tbody></table></div>' + FOOT
)  # fmt: skip


def test_the_index_of_6_1() -> None:
    """Categories, forums, figures, last posts; what a private forum does not show is absent."""
    parts = read(INDEX_61, "index.php.html")
    assert parts.kind == "index"
    assert parts.forums == (
        {"fid": 3, "name": "种植", "type": "group"},
        {"fid": 8, "name": "阳台种菜", "description": "花盆里的菜园", "moderators": ["阿禾"], "threads_count": 61, "posts_count": 573, "last_post_tid": 512,
         "last_post_title": "阳台番茄记录", "last_post_author": "柳条筐", "last_post_at": "2008-06-12T12:01:00Z", "last_post_at_precision": "minute",
         "parent_fid": 3, "type": "forum", "counts_with_subforums": True},
        {"fid": 10, "name": "私人花园", "threads_count": 5, "posts_count": 9, "parent_fid": 3, "type": "forum", "counts_with_subforums": True},
    )  # fmt: skip


def test_other_layouts_of_the_index() -> None:
    """7.x prints the figures in one cell; both print several forums in a row where the administrator wants it."""
    seven = INDEX_61.replace('<td class="nums">61</td><td class="nums">573</td>', '<td class="forumnums"><em>61</em> / 573</td>').replace('class="lastpost">', 'class="forumlast">')
    (forum,) = [forum for forum in read(seven, "index.html").forums if forum["fid"] == 8]
    assert (forum["threads_count"], forum["posts_count"], forum["last_post_at"]) == (61, 573, "2008-06-12T12:01:00Z")
    cells = "".join(
        f'<th width="50%"><h2><a href="forumdisplay.php?fid={fid}">{name}</a></h2><p>主题: {threads}, 帖数: {posts}</p>'
        f'<p>最后发表: <a href="redirect.php?tid=512&amp;goto=lastpost#lastpost">2008-6-12 20:01</a> by 柳条筐</p></th>'
        for fid, name, threads, posts in ((8, "阳台种菜", 61, 573), (10, "私人花园", 5, 9))
    )
    wide = f'{TOP}<div class="mainbox forumlist"><h3><a href="index.php?gid=3">种植</a></h3><table id="category_3"><tbody><tr>{cells}</tr></tbody></table></div>{FOOT}'
    assert [(f["fid"], f["name"], f.get("threads_count"), f.get("posts_count"), f.get("last_post_at")) for f in read(wide, "index.html").forums] == [
        (3, "种植", None, None, None), (8, "阳台种菜", 61, 573, "2008-06-12T12:01:00Z"), (10, "私人花园", 5, 9, "2008-06-12T12:01:00Z"),
    ]


@pytest.mark.parametrize("words", ["本版块或指定的范围内尚无主题。"])
def test_an_empty_forum(words: str) -> None:
    """No threads, and no warning: the page says so."""
    rows = LIST_61.partition("<tbody>")[0] + f'<tbody><tr><th colspan="6">{words}</th></tr></tbody></table><div id="subforum_8"></div></div>{FOOT}'
    page = open_page(Ref(path="x.html"), rows, zone("Asia/Shanghai"))
    assert isinstance(page, HtmlPage)
    parts = DISCUZ_LISTS.read(page)
    assert (parts.threads, parts.issues) == ((), ())
