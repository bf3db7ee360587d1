"""Thread pages of Discuz! 6 and 7 as a whole: recognition, thread, posts, special threads, skins and damage."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from forumclean.parser import parse
from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_6 import DISCUZ_6
from forumclean.parser.engines.html import HtmlPage, Parts, open_page
from forumclean.parser.engines.registry import best
from forumclean.records import Body, Post, RawDocument, Ref
from forumclean.settings import Settings

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "html"
OLD = (FOLDER / "d6" / "thread-6.1.html").read_text("utf-8")
NEW = (FOLDER / "d6" / "thread-7.2.html").read_text("utf-8")
POLL = (FOLDER / "d6" / "poll-6.1.html").read_text("utf-8")


def page(text: str, path: str = "saved.html", **more: Any) -> HtmlPage:
    found = open_page(Ref(path=path), text, zone("Asia/Shanghai"), **more)
    assert isinstance(found, HtmlPage)
    return found


def read(text: str, **more: Any) -> Parts:
    return DISCUZ_6.read(page(text, **more))


def clean(body: Body | None) -> str | None:
    if body is None:
        return None
    text = body.text
    for mark in sorted((mark for mark in body.marks if mark.name == "jammer"), reverse=True):
        text = text[: mark.start] + text[mark.end :]
    return text


def numbered(text: str) -> dict[int | None, Post]:
    return {post.pid: post for post in read(text).posts}


def essence(text: str) -> list[tuple[object, ...]]:
    """What must not depend on a skin: number, author, time, state and text of each post."""
    named = ("author_name", "created_at")
    return [(post.pid, *(post.fields.get(name) for name in named), post.state, " ".join((clean(post.body) or "").replace("發表於", "发表于").split())) for post in read(text).posts]


@pytest.mark.parametrize("text", [
    pytest.param("", id="empty"),
    pytest.param("<p>Powered by Discuz! 6.1.0</p>", id="a footer"),
    pytest.param('<td class="postauthor">x</td><td class="postcontent">y</td>', id="classes without a post"),
    pytest.param('<div id="postmessage_7">x</div>', id="a message of no family"),
    pytest.param('<pre>&lt;div id="postmessage_7" class="t_msgfont"&gt;</pre>', id="a page about Discuz"),
])  # fmt: skip
def test_other_pages_are_not_taken(text: str) -> None:
    """By the ids of posts and the classes around them, never by the footer."""
    assert DISCUZ_6.score(page(text))[0] == 0


@pytest.mark.parametrize(("path", "name"), [
    pytest.param("d6/thread-6.1.html", "discuz-6", id="6.1"), pytest.param("d6/thread-7.2.html", "discuz-6", id="7.2"),
    pytest.param("d6/poll-6.1.html", "discuz-6", id="a poll of 6.1"), pytest.param("x/thread-52-1-1.html", "discuz-x", id="X"),
    pytest.param("x/thread-52-1-1-skin.html", "discuz-x", id="a skin of X"),
])  # fmt: skip
def test_each_generation_has_its_engine(path: str, name: str) -> None:
    """Neither engine takes the other's pages."""
    choice = best(page((FOLDER / path).read_text("utf-8")))
    assert choice is not None
    assert choice.engine.name == name


def test_the_thread_of_6_1() -> None:
    """Identity from the page's script and its link to the archiver; title without its type; the pager counts posts and pages."""
    parts = read(OLD)
    (thread,) = parts.threads
    assert (parts.host, thread.tid, thread.fid, thread.page) == ("bbs.example.org", 512, 8, 1)
    assert (parts.captured_at, parts.timezone) == ("2008-06-12T13:40:00Z", "+08:00")
    fields = dict(thread.fields)
    extras = fields.pop("extras")
    assert fields == {
        "title": "阳台番茄记录", "type_name": "记录", "replies": 22, "pages_total": 3, "author_name": "老茶壶", "author_uid": 31,
        "created_at": "2008-05-02T11:04:00Z",
    }  # fmt: skip
    assert extras["tags"] == ["番茄", "阳台"]
    assert extras["moderation"] == {"text": "本主题由 阿禾 于 2008-5-3 10:02 加入精华", "by": "阿禾", "at": "2008-05-03T02:02:00Z", "action": "加入精华"}
    assert parts.forums == ({"fid": 8, "name": "阳台种菜"},)
    assert parts.issues == ()


def test_the_first_post_of_6_1() -> None:
    """Panel and menu, files inline and below, rating, signature, edit notice; its jammers are marks."""
    post = numbered(OLD)[901]
    assert post.fields["floor_label"], post.fields["is_first"] == ("1#", True)
    assert {name: post.fields[name] for name in ("author_group", "edited_by", "edited_at", "subject")} == {
        "author_group": "高级会员", "edited_by": "老茶壶", "edited_at": "2008-05-02T11:30:00Z", "subject": "阳台番茄记录",
    }  # fmt: skip
    assert post.stats == {
        "uid": 31, "digests": 2, "posts": 318, "credits": 905, "read_access": 50, "total_online_hours": 66, "registered_at": "2006-4-2",
    }
    assert [(file["aid"], file["name"], file["kind"]) for file in post.fields["attachments"]] == [(77, "sprout.jpg", "image"), (78, "种植日历.rar", "file")]
    assert all("&k=" not in file["url"] for file in post.fields["attachments"])
    assert post.fields["ratings"] == [
        {"author": "柳条筐", "author_uid": 44, "scores": {"威望": 3}, "reason": "图好看", "at": "2008-05-03T00:11:00Z", "at_precision": "minute"},
    ]
    assert post.fields["signature"]["text"] == "慢慢来，比较快。\n我的茶"
    text = clean(post.body) or ""
    assert text.split("\n")[:2] == ["今年种了 12 盆番茄，番茄苗长到 2 B 左右。", "先看图："]
    assert text.strip().endswith("[smiley: lol] 谁家也种了？\n\n\n[attachment: 种植日历.rar]")
    assert {mark.name for mark in (post.body or Body("")).marks} == {"jammer"}


def test_who_wrote_in_6_1() -> None:
    """Members, guests, anonymous and deleted authors; nothing is known of those who have no number."""
    fields = [post.fields for post in read(OLD).posts]
    assert [(f["author_name"], f["author_kind"], f.get("author_uid")) for f in fields] == [
        ("老茶壶", "member", 31), ("柳条筐", "member", 44), ("游客", "guest", None), ("匿名", "anonymous", None), ("枯叶", "deleted", None), ("阿禾", "member", 52),
    ]
    assert [f["floor_label"] for f in fields] == ["1#", "沙发", "3#", "4#", "5#", "6#"]
    assert [f["position"] for f in fields] == [1, 2, 3, 4, 5, 6]


def test_boxes_of_6_1() -> None:
    """Quote and code without their labels; shown parts stay, hidden ones are noted, banned posts say so, refused files leave no text."""
    posts = numbered(OLD)
    assert posts[905].fields["quotes"] == [{"pid": 901, "author": "老茶壶", "at": "2008-05-02T11:04:00Z", "text": "今年种了 12 盆番茄"}]
    text = clean(posts[905].body) or ""
    assert "引用" not in text
    assert 'for i in 1 2 3; do\n  echo "water $i"\ndone' in text
    assert "Copy" not in text
    assert clean(posts[908].body) == "种子在城东花市买的\n\n\n别告诉别人。"
    assert posts[908].fields["extras"] == {"revealed": True}
    assert (posts[909].state, clean(posts[909].body)) == ("banned", "[locked: 作者被禁止或删除 内容自动屏蔽]")
    assert (posts[911].state, clean(posts[911].body)) == ("ok", "密码在这里：\n[locked: 本帖隐藏的内容需要积分高于 100 才可浏览]\n\n谢谢")
    assert posts[911].fields["extras"]["attachments_hidden"] is True


def test_posts_of_7_2() -> None:
    """The author above the message, relative times with their title, the edit notice in front, ratings by menu, lazy pictures."""
    parts = read(NEW)
    thread = parts.threads[0]
    assert (thread.tid, thread.fid, thread.page, thread.fields["title"], thread.fields["type_name"]) == (88, 12, 1, "自行车后轮偏摆 - 怎么调", "求助")
    posts = {post.pid: post for post in parts.posts}
    assert [(p.fields["author_name"], p.fields["author_kind"], p.fields.get("author_uid"), p.state) for p in parts.posts] == [
        ("链条油", "member", 61, "ok"), ("辐条扳手", "member", 62, "ok"), ("游客", "guest", None, "ok"), ("匿名", "anonymous", None, "banned"),
        ("前拨", "member", 64, "ok"), ("旧链", "deleted", 70, "banned"),
    ]  # fmt: skip
    assert [p.fields["created_at"] for p in parts.posts][:3] == ["2009-09-12T06:05:00Z", "2009-09-14T00:30:00Z", "2009-09-15T02:30:00Z"]
    assert posts[3301].fields["edited_at"] == "2009-09-12T06:20:00Z"
    assert clean(posts[3301].body) == "后轮偏摆大概 3 mm，\n要调哪一侧？"
    assert posts[3301].fields["ratings"] == [{"author": "辐条扳手", "author_uid": 62, "scores": {"威望": 2}, "reason": "问得清楚"}]
    assert posts[3302].fields["subject"] == "先看编法"
    assert posts[3302].fields["quotes"] == [{"pid": 3301, "author": "链条油", "at": "2009-09-12T06:05:00Z", "text": "要调哪一侧？"}]
    assert posts[3302].fields["attachments"][0] == {
        "aid": 55, "name": "轮圈.jpg", "url": "http://bbs.example.org/attachment.php?aid=55", "kind": "image", "size": 90112, "downloads": 3,
    }  # fmt: skip
    assert (clean(posts[3302].body) or "").split("\n")[2:6] == ["偏向哪边就紧另一边：", "每次 1/4 圈", "转一圈再看", "扳手买 14G 的"]
    assert clean(posts[3306].body) == "我也遇到过"
    assert parts.issues == ()


def test_later_pages_of_7_2_have_their_title_in_the_breadcrumbs() -> None:
    """Dashes in a subject are no borders of the page's title."""
    later = re.sub(r'<div id="threadtitle">.*?</h1>', "<div>", NEW, flags=re.DOTALL).replace("page=1", "page=2")
    assert read(later).threads[0].fields["title"] == "自行车后轮偏摆 - 怎么调"
    assert read(later).threads[0].page == 2
    assert read(re.sub(r"&raquo; 自行车[^<]*</div>", "</div>", later)).threads[0].fields["title"] == "自行车后轮偏摆 - 怎么调"


def test_a_poll_of_6_1() -> None:
    """Special threads print the author behind the message and load the replies; both are read, and the poll."""
    parts = read(POLL)
    thread = parts.threads[0]
    assert (thread.fields["title"], thread.fields["special"], thread.fields["author_name"]) == ("浇水用什么时候", "poll", "阿禾")
    assert thread.fields["extras"]["poll"] == {
        "options": [{"text": "早上", "percent": 73.17, "votes": 30}, {"text": "晚上", "percent": 26.83, "votes": 11}], "multiple": False, "voters": 41,
    }
    first, reply = parts.posts
    assert (first.pid, first.fields["position"], first.fields["created_at"], clean(first.body)) == (1001, 1, "2008-05-19T22:12:00Z", "大家投一下，\n早上还是晚上？")
    assert "subject" not in first.fields
    assert (reply.pid, reply.fields["author_name"], reply.fields["author_uid"], reply.fields["created_at"], reply.fields["position"]) == (
        1004, "老茶壶", 31, "2008-05-19T23:30:00Z", 2,
    )
    assert parts.issues == ()


SKINS = [
    pytest.param(lambda text: text.replace('id="postnum', 'id="postnum_'), id="6.0: other ids for floors"),
    pytest.param(lambda text: text.replace("t_msgfont", "t_bigfont"), id="a visitor's own size of letters"),
    pytest.param(lambda text: text.replace('class="mainbox viewthread', 'class="kuang'), id="the box renamed"),
    pytest.param(lambda text: re.sub(r"<dl class=\"profile\">.*?</dl>", "", text), id="no figures"),
    pytest.param(lambda text: re.sub(r'<div class="popupmenu_popup userinfopanel".*?</div>', "", text, flags=re.DOTALL), id="no menus"),
    pytest.param(lambda text: re.sub(r'<div class="postactions">.*?</div>\s*</div>', "", text, flags=re.DOTALL), id="no buttons"),
    pytest.param(lambda text: text.replace("space.php?uid=", "space-uid-").replace('" target="_blank" id="userinfo', '.html" target="_blank" id="userinfo'), id="URLs rewritten"),
    pytest.param(lambda text: text.replace("space.php?uid=", "user/"), id="URLs of the board's own"),
    pytest.param(lambda text: text.replace('<div class="postmessage', '<div class="ad">广告 发表于 2001-1-1 10:00</div><div class="postmessage'), id="advertisements"),
    pytest.param(lambda text: text.replace("<table id=", '<div class="outer"><div><table id=').replace("\t\t</table>\n", "\t\t</table></div></div>\n"), id="wrapped"),
    pytest.param(lambda text: text.replace("\r", "").replace("\n", "\r\n"), id="CRLF"),
    pytest.param(lambda text: re.sub(r"(</?)(td|tr|table|div|cite|strong)\b", lambda found: found[1] + found[2].upper(), text), id="tags in capitals"),
    pytest.param(lambda text: text.replace("发表于", "發表於"), id="zh-TW"),
    pytest.param(lambda text: text.partition("<body")[0].partition("<script")[0] + "<body" + text.partition("<body")[2], id="no scripts"),
]  # fmt: skip


@pytest.mark.parametrize("change", SKINS)
@pytest.mark.parametrize("text", [OLD, NEW, POLL], ids=["6.1", "7.2", "poll"])
def test_skins_change_nothing(change: Any, text: str) -> None:
    """What is renamed, left out, put in or wrapped: the same posts, authors, times and texts."""
    changed = change(text)
    choice = best(page(changed))
    assert choice is not None
    assert choice.engine is DISCUZ_6
    assert essence(changed) == essence(text)


def test_what_a_skin_leaves_out_is_reported_not_made_up() -> None:
    """No times and no author columns: nothing in their place, and an issue for each."""
    bare = re.sub(r"发表于 [\d: -]+&nbsp;", "", re.sub(r'<td class="postauthor">.*?</td>', "<td></td>", OLD, flags=re.DOTALL))
    parts = read(bare)
    assert [post.pid for post in parts.posts] == [901, 905, 906, 908, 909, 911]
    assert [post.fields.keys() & {"author_name", "author_uid", "created_at"} for post in parts.posts] == [set()] * 6
    assert [issue.code for issue in parts.issues] == ["no-author", "no-time"]


def test_one_author_only() -> None:
    """A page that shows one author's posts says nothing of positions and pages."""
    only = OLD.replace("只看该作者", "显示全部帖子")
    parts = read(only)
    assert not any("position" in post.fields for post in parts.posts)
    assert parts.threads[0].page is None
    assert "pages_total" not in parts.threads[0].fields


def test_gbk_with_damaged_bytes() -> None:
    """One bad byte costs one character."""
    raw = OLD.encode("gb18030")
    at = raw.index("路过".encode("gb18030"))
    (found,) = parse(RawDocument.from_bytes(raw[:at] + b"\xff" + raw[at:], "viewthread.php@tid=512.html"), Settings())
    texts = [clean(post.body) or "" for post in found.posts]
    assert found.engine == "discuz-6"
    assert texts[2].replace("\ufffd", "").endswith("学习了。")
    assert [text for number, text in enumerate(texts) if number != 2] == [clean(post.body) for number, post in enumerate(read(OLD).posts) if number != 2]


SPECIALS = [
    pytest.param(3, '<h2>补充资料</h2>\n{message}<div id="bestpost" class="t_msgfont"><strong>最佳答案 <em>( 回答者: <a href="space.php?username=x">老茶壶</a> )</em></strong>'
                 '<div class="t_msgfont">换一个</div></div>', "reward", {"solved": True, "answered_by": "老茶壶"}, id="a reward with its answer"),
    pytest.param(4, '<div class="box"><h4>活动信息</h4><table><tr><th>活动类别</th><td>徒步</td></tr></table><h2>活动描述</h2>{message}<div class="box"><h4>申请加入</h4></div></div>',
                 "activity", ["活动类别 徒步"], id="an activity"),
    pytest.param(5, '{message}<div class="box debatepoints"><table><tr><td class="stand1"><h2>正方观点</h2><p>该</p></td></tr></table></div>', "debate", ["正方观点 该"],
                 id="a debate"),
    pytest.param(2, '{message}<div class="box tradethumblist"><h4>推荐商品</h4><dl><dd><p>旧相机</p><p>商品现价 <strong>300</strong> 元</p></dd></dl></div>', "trade",
                 ["旧相机 商品现价 300 元"], id="a trade"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "inner", "kind", "told"), SPECIALS)
def test_other_special_threads_of_6_1(number: int, inner: str, kind: str, told: object) -> None:
    """What stands around the message is the thread's, not the message's: no answer, price or point of view becomes text."""
    start = POLL.index('<div id="postmessage_1001">')
    end = POLL.index("</form>", start) + len("</form>")
    text = POLL[:start] + inner.format(message='<div id="postmessage_1001">说明</div>') + POLL[end:]
    parts = read(text.replace("specialthread_1", f"specialthread_{number}"))
    fields = parts.threads[0].fields
    assert (fields["special"], fields["extras"][kind]) == (kind, told)
    assert [(post.pid, clean(post.body), post.fields["author_name"]) for post in parts.posts] == [(1001, "说明", "阿禾"), (1004, "早上。", "老茶壶")]
    assert "subject" not in parts.posts[0].fields
