"""Thread pages for telephones: touch (X3, X3.5) and the first mobile template. What is recognised, what is read, what stays unsaid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_mobile import DISCUZ_MOBILE
from forumclean.parser.engines.discuz_touch import DISCUZ_TOUCH
from forumclean.parser.engines.html import HtmlPage, Parts, open_page
from forumclean.parser.engines.mobile_post import files_as_desktop
from forumclean.parser.engines.registry import best
from forumclean.records import Post, Ref

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "html"
X3, X35, MOBILE = (
    (FOLDER / "views" / name).read_text("utf-8") for name in ("touch-x3.html", "touch-x35.html", "mobile-1.html")
)
DESKTOP = (FOLDER / "x" / "thread-52-1-1.html").read_text("utf-8")


def page(text: str, path: str = "x.html", **more: Any) -> HtmlPage:
    found = open_page(Ref(path=path), text, zone("Asia/Shanghai"), **more)
    assert isinstance(found, HtmlPage)
    return found


def touch(text: str, **more: Any) -> Parts:
    return DISCUZ_TOUCH.read(page(text, **more))


def clean(post: Post) -> str:
    assert post.body is not None
    text = post.body.text
    for mark in sorted((mark for mark in post.body.marks if mark.name == "jammer"), reverse=True):
        text = text[: mark.start] + text[mark.end :]
    return text.strip()


def heads(parts: Parts) -> list[tuple[Any, ...]]:
    names = ("author_name", "author_uid", "author_kind", "floor_label", "position", "created_at")
    return [(post.pid, post.state, *(post.fields.get(name) for name in names)) for post in parts.posts]


@pytest.mark.parametrize("text", [
    pytest.param("", id="empty"),
    pytest.param('<div class="footer"><a href="forum.php?mobile=2">x</a> mobile=2 static/image/mobile/</div>', id="a footer"),
    pytest.param('<div class="jump_c"><p>抱歉，指定的主题不存在</p></div>', id="a notice"),
    pytest.param('<div class="plc cl"><form id="fastpostform"></form></div><div id="post_new"></div>', id="no post"),
    pytest.param(DESKTOP, id="a desktop page"),
    pytest.param('<pre>&lt;div class="plc cl" id="pid7"&gt; &lt;div class="bm_user"&gt;</pre>', id="a page about templates"),
])  # fmt: skip
def test_other_pages_are_not_taken(text: str) -> None:
    """By the numbered wrappers of posts and what stands in them, never by a footer or links."""
    assert DISCUZ_TOUCH.score(page(text))[0] < 0.5
    assert DISCUZ_MOBILE.score(page(text))[0] == 0


@pytest.mark.parametrize(("text", "name"), [
    pytest.param(X3, "discuz-touch", id="X3"), pytest.param(X35, "discuz-touch", id="X3.5"), pytest.param(MOBILE, "discuz-mobile", id="mobile=1"),
    pytest.param(X35.replace("先把", '<div id="postmessage_911" class="postmessage">先把').replace("再刮青", "再刮青</div>"), "discuz-touch", id="a poll"),
    pytest.param(DESKTOP, "discuz-x", id="desktop"),
])  # fmt: skip
def test_each_template_has_its_engine(text: str, name: str) -> None:
    """Surely, and with reasons."""
    choice = best(page(text))
    assert choice is not None
    assert (choice.engine.name, choice.score > 0.8) == (name, True)
    assert choice.reasons


def test_touch_of_x3() -> None:
    """The thread, its forum and its posts; a relative time without the page's own time is no time."""
    parts = touch(X3)
    (thread,) = parts.threads
    assert (parts.view, parts.host, thread.tid, thread.fid, thread.page) == ("touch", "bbs.example.org", 71, 8, 1)
    assert {name: thread.fields[name] for name in ("title", "type_name", "pages_total", "author_uid")} == {
        "title": "修钟表的手艺", "type_name": "求助", "pages_total": 2, "author_uid": 4,
    }
    assert parts.forums == ({"fid": 8, "name": "手工"},)
    assert heads(parts) == [
        (901, "ok", "钟匠老周", 4, "member", "楼主", 1, "2015-03-01T00:02:03Z"),
        (902, "ok", "甲乙", 6, "member", "沙发", 2, "2015-03-01T00:30:00Z"),
        (903, "banned", "匿名", None, "anonymous", "板凳", 3, "2015-03-01T01:00:00Z"),
        (904, "ok", "走了的人", 77, "deleted", "地板", 4, "2015-03-02T02:00:00Z"),
        (905, "ok", "游客", None, "guest", "5#", 5, None),
    ]
    assert [issue.code for issue in parts.issues] == ["no-time", "no-page-time"]


def test_relative_times_refer_to_the_crawl() -> None:
    """Where a crawler says when it was there: to the precision that the words have."""
    (*_, last) = touch(X3, captured_at="2015-03-09T04:00:00Z").posts
    assert (last.fields["created_at"], last.fields["created_at_precision"]) == ("2015-03-06T22:32:00Z", "minute")


def test_messages_of_x3() -> None:
    """Edit notice, quotation, smiley, ban, subject and hidden part as on the desktop; the word 引用 (quotation) is the template's."""
    first, quoting, banned, answered, _ = touch(X3).posts
    assert clean(first) == "家里有座老钟，走一天慢 2 分钟。\n[image: http://img.example.org/clock.jpg]"
    assert (first.fields["edited_by"], first.fields["edited_at"]) == ("钟匠老周", "2015-03-02T01:10:00Z")
    assert clean(quoting) == "> 钟匠老周 发表于 2015-3-1 08:02\n> 家里有座老钟\n\n摆轮该洗油了 [smiley: lol]"
    assert quoting.fields["quotes"] == [{"pid": 901, "author": "钟匠老周", "at": "2015-03-01T00:02:00Z", "text": "家里有座老钟"}]
    assert clean(banned) == "[locked: 作者被禁止或删除 内容自动屏蔽]"
    assert (answered.fields["subject"], clean(answered)) == ("回复标题", "先看发条\n[locked: 如果您要查看本帖隐藏内容请回复]")


def test_a_ban_that_somebody_quotes_is_no_ban() -> None:
    """Only the template's own box stands in place of a message; quotations have another element inside."""
    typed = '<div class="grey quote"><blockquote>提示: 作者被禁止或删除 内容自动屏蔽</blockquote></div>笑'
    quoting = touch(X3.replace("图在楼下", typed)).posts[-1]
    assert quoting.state == "ok"
    assert clean(quoting).endswith("笑")


def test_an_open_tag_spoils_no_other_post() -> None:
    """The template leaves ``<b>`` open behind a deleted author, members leave whatever they like."""
    assert "<b>" not in str(touch(X3).posts[-1].html)
    broken = touch(X3.replace("摆轮该洗油了", "摆轮</div></div><div><table><tr><td><b><ul>该洗油了"))
    assert heads(broken) == heads(touch(X3))


def test_touch_of_x35() -> None:
    """Counters, type in its own element, files, pictures, comments (their wrappers look like posts), sorted fields, a warning."""
    parts = touch(X35)
    fields = dict(parts.threads[0].fields)
    assert [fields[name] for name in ("title", "type_name", "views", "replies")] == ["竹编入门 [第一课]", "[教程]", 310, 2]
    assert fields["extras"]["sort_fields"] == {"材料": "毛竹", "工具": "篾刀"}
    first, banned, warned = parts.posts
    assert clean(first) == "先把竹子劈成篾\n再刮青\n[image: http://bbs.example.org/data/attachment/forum/202105/01/a.jpg]\n[attachment: 图纸.zip]"
    assert [(file["aid"], file["kind"], file["name"]) for file in first.fields["attachments"]] == [(55, "image", "a.jpg"), (56, "file", "图纸.zip")]
    assert first.fields["comments"] == [
        {"id": 31, "text": "刀要快", "author": "甲乙", "author_uid": 6, "at": "2021-05-01T23:08:00Z", "at_precision": "minute"},
    ]
    assert (banned.state, warned.state, warned.fields["extras"], warned.fields["position"]) == ("banned", "ok", {"warned": True}, 3)


def test_first_mobile_template() -> None:
    """Floor and author stand in one line, a name may be no link."""
    parts = DISCUZ_MOBILE.read(page(MOBILE))
    fields = parts.threads[0].fields
    assert (parts.threads[0].tid, parts.threads[0].fid) == (71, 8)
    assert [fields[name] for name in ("title", "type_name", "views", "replies", "pages_total")] == ["修钟表的手艺", "求助", 120, 2, 2]
    assert heads(parts) == [
        (901, "ok", "钟匠老周", 4, "member", "楼主", 1, "2015-03-01T00:02:03Z"),
        (902, "ok", "游客", None, "guest", "2#", 2, "2015-03-01T00:30:00Z"),
        (903, "banned", "匿名", None, "anonymous", "3#", 3, "2015-03-01T01:00:00Z"),
    ]
    assert clean(parts.posts[0]) == "家里有座老钟，走一天慢 2 分钟。\n怎么修？\n[attachment: 钟.rar]"
    assert clean(parts.posts[1]) == "> 钟匠老周 发表于 2015-3-1 08:02\n> 家里有座老钟\n\n摆轮该洗油了"


def test_one_authors_posts_have_no_floors() -> None:
    """Such a page counts among the posts of one author: no floor, no page number."""
    parts = touch(X3.replace("只看楼主", "显示全部楼层"))
    assert parts.threads[0].page is None
    assert parts.threads[0].fields["extras"]["filter"] == "author"
    assert all("position" not in post.fields for post in parts.posts)


def test_what_is_not_there_is_an_issue() -> None:
    """A post without author, time or message is kept, and said."""
    parts = touch('<div class="plc cl" id="pid5"><div class="display pi"></div></div>')
    assert [(post.pid, post.state, post.body) for post in parts.posts] == [(5, "missing", None)]
    assert {"no-author", "no-time", "no-message", "no-tid"} <= {issue.code for issue in parts.issues}


def test_files_that_are_none() -> None:
    """Links and lists of members stay as they are."""
    for html in ('<a href="?aid=5"><img src="x.gif"></a>', "<ul><li><a>x</a></li></ul>", "post_attlist"):
        assert files_as_desktop(html) == html


@given(st.sampled_from([X3, X35, MOBILE]), st.floats(0, 1), st.integers(0, 600), st.text(max_size=20))
@settings(max_examples=60)
def test_damage_never_raises(text: str, place: float, length: int, junk: str) -> None:
    """Whatever is cut out or put in: no post twice, in the order of the page."""
    at = int(place * len(text))
    read = DISCUZ_MOBILE.read if text is MOBILE else DISCUZ_TOUCH.read
    posts = read(page(text[:at] + junk + text[at + length :])).posts
    assert len({post.pid for post in posts}) == len(posts)
    assert [post.ordinal for post in posts] == list(range(1, len(posts) + 1))
