"""Lists and the index for telephones: what they name, and nothing more."""

from __future__ import annotations

from pathlib import Path

import pytest

from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_touch_lists import DISCUZ_TOUCH_LISTS
from forumclean.parser.engines.html import HtmlPage, Parts, open_page
from forumclean.parser.engines.registry import best
from forumclean.records import Ref

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "html"
HEAD = '<script src="static/js/mobile/common.js"></script><header class="header"><span class="name">手工</span></header>'
X3 = HEAD + """<div class="threadlist"><ul>
<li> <a href="forum.php?mod=viewthread&amp;tid=71&amp;extra=page%3D1&amp;mobile=2"  >
修钟表 [图] 的手艺<span class="by">钟匠老周</span>
</a>
<span class="num">11</span>
<span class="icon_tu"><img src="static/image/mobile/images/icon_tu.png"></span></li>
<li><a href="forum.php?mod=viewthread&amp;tid=70&amp;mobile=2">置顶说明<span class="by">甲乙</span></a>
<span class="num">0</span><span class="icon_top"><img src="static/image/mobile/images/icon_top.png"></span></li>
<li><a href="forum.php?mod=announcement&amp;id=2">公告</a></li>
</ul></div>"""
X35 = HEAD + """<div class="threadlist_box cl"><div class="threadlist cl"><ul>
<li class="list_top"><a href="forum.php?mod=viewthread&tid=70"><span class="micon">顶</span><em>置顶说明</em></a></li>
<li class="list"><div class="threadlist_top cl"><a href="home.php?mod=space&uid=4" class="mimg"><img src="x.png"></a>
<div class="muser"><h3><a href="home.php?mod=space&uid=4" class="mmc">钟匠老周</a></h3><span class="mtime">2021-5-1</span></div></div>
<a href="forum.php?mod=viewthread&tid=72"><div class="threadlist_tit cl"><span class="micon lock">关闭</span><span class="micon digest">精华</span><em>竹编入门</em></div></a>
<a href="forum.php?mod=viewthread&tid=72"><div class="threadlist_mes cl">先把竹子劈成篾</div></a>
<div class="threadlist_foot cl"><ul><li class="mr"><a href="forum.php?mod=forumdisplay&fid=8&filter=typeid&typeid=3">#教程</a></li>
<li><i class="dm-eye-fill"></i>310</li><li><i class="dm-chat-s-fill"></i>2</li></ul></div></li>
</ul></div></div>"""
MOBILE = """<a href="forum.php?mobile=yes">x</a><div class="tl">
<div class="bm"><div class="bm_h">手工</div>
<div class="bm_c"><a href="forum.php?mod=viewthread&amp;tid=71&amp;mobile=yes" ><img src="static/image/common/pin_1.gif" alt="本版置顶" />
修钟表的手艺</a><img src="static/image/common/digest_2.gif" /><br />
<span class="xg1"><a href="home.php?mod=space&amp;uid=4&amp;mobile=yes">钟匠老周</a> 2015-3-1 回复11</span></div></div></div>"""
INDEX = HEAD + """<div class="subforumshow bm_h cl" href="#sub_forum_5"><h2><a href="javascript:;">生活</a></h2></div>
<div id="sub_forum_5" class="sub_forum bm_c"><ul><li><a href="forum.php?mod=forumdisplay&amp;fid=8&amp;mobile=2">手工</a></li></ul></div>"""


def page(text: str) -> HtmlPage:
    found = open_page(Ref(path="forum-8-1.html"), text, zone("Asia/Shanghai"))
    assert isinstance(found, HtmlPage)
    return found


def read(text: str) -> Parts:
    return DISCUZ_TOUCH_LISTS.read(page(text))


@pytest.mark.parametrize("text", [
    pytest.param("", id="empty"),
    pytest.param('<div class="threadlist"></div>', id="a class alone"),
    pytest.param(HEAD, id="a head"),
    pytest.param((FOLDER / "views" / "touch-x3.html").read_text("utf-8"), id="a thread"),
    pytest.param((FOLDER / "x" / "thread-52-1-1.html").read_text("utf-8"), id="a desktop thread"),
    pytest.param('<tbody id="normalthread_7"></tbody><div class="threadlist"></div> mobile=2', id="a desktop list"),
])  # fmt: skip
def test_other_pages_are_not_taken(text: str) -> None:
    """By their list of threads or folding forums, on pages without posts."""
    assert DISCUZ_TOUCH_LISTS.score(page(text))[0] < 0.5


@pytest.mark.parametrize(("text", "kind"), [(X3, "forum_list"), (X35, "forum_list"), (MOBILE, "forum_list"), (INDEX, "index")])
def test_the_registry_gives_this_engine(text: str, kind: str) -> None:
    """Surely."""
    choice = best(page(text))
    assert choice is not None
    assert choice.engine is DISCUZ_TOUCH_LISTS
    if kind == "forum_list":
        assert read(text).kind == kind


def test_rows_of_x3() -> None:
    """Title, author and replies; a notice of the board is no thread."""
    first, top = read(X3).threads
    assert (first.tid, first.fid, dict(first.fields)) == (71, 8, {"title": "修钟表 [图] 的手艺", "author_name": "钟匠老周", "replies": 11})
    assert (top.tid, top.fid, top.fields["sticky"], top.fields["title"]) == (70, None, 1, "置顶说明")


def test_rows_of_x35() -> None:
    """And views, the day, type, digest, closed; a sticky thread has its title only."""
    top, first = read(X35).threads
    assert (top.tid, dict(top.fields)) == (70, {"title": "置顶说明", "sticky": 1})
    assert dict(first.fields) == {
        "title": "竹编入门", "author_name": "钟匠老周", "author_uid": 4, "views": 310, "replies": 2, "created_at": "2021-04-30T16:00:00Z",
        "created_at_precision": "day", "digest": 1, "closed": 1, "type_name": "教程",
    }


def test_rows_of_the_first_mobile_template() -> None:
    """Icons in the link are no words."""
    (first,) = read(MOBILE).threads
    assert [first.fields.get(name) for name in ("title", "author_uid", "sticky", "digest")] == ["修钟表的手艺", 4, 1, 2]


def test_forums_of_the_index() -> None:
    """Categories and the forums below them."""
    forums = read(INDEX).forums
    assert {"fid": 5, "name": "生活", "type": "group"} in forums


def test_an_empty_list_is_said() -> None:
    """A page of the family with nothing in it."""
    found = DISCUZ_TOUCH_LISTS.read(HtmlPage(Ref(path="x"), "", page("").markup, None, zone("+08:00"), None))
    assert [issue.code for issue in found.issues] == ["empty-list"]
