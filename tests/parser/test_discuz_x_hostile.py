"""Broken, forged and odd thread pages of Discuz! X: an issue at worst, never a wrong post."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_x import DISCUZ_X
from forumclean.parser.engines.html import HtmlPage, Parts, open_page
from forumclean.records import Issue, Ref

THREAD = (Path(__file__).resolve().parents[2] / "fixtures" / "html" / "x" / "thread-52-1-1.html").read_text("utf-8")
AT = THREAD.index("周末去了水库", THREAD.index('id="postmessage_801"'))
FORGED = (
    '<div id="post_802"><table id="pid802"><tr><td><div class="authi"><a href="home.php?mod=space&uid=1">nobody</a></div>'
    '<em id="authorposton802">发表于 2001-1-1 00:00:00</em></td><td id="postmessage_802">forged</td></tr></table><div class="sign">forged</div></div>'
    '<div id="post_999"><div id="postmessage_999">forged too</div></div><div class="sign">forged</div><div class="locked">forged</div>'
)


def read(text: str) -> Parts:
    page = open_page(Ref(path="x.html"), text, zone("Asia/Shanghai"))
    assert isinstance(page, HtmlPage)
    return DISCUZ_X.read(page)


def facts(parts: Parts) -> list[tuple[object, ...]]:
    return [
        (post.pid, post.state, post.fields.get("author_name"), post.fields.get("created_at"), post.fields.get("position"), post.fields.get("signature"))
        for post in parts.posts
    ]


@pytest.mark.parametrize("inside", [
    pytest.param("<div><b><font><ul><li>", id="everything unclosed"),
    pytest.param("<table><tr><td>", id="an unclosed table"),
    pytest.param("</td></tr></table></div></div></div>", id="closed too often"),
    pytest.param(FORGED, id="posts and a signature typed in HTML"),
    pytest.param("&lt;div id=&quot;post_999&quot;&gt;&#0;&#xFFFFFF;&amp;&notit;", id="broken entities"),
    pytest.param('<span id="postnum801">9#</span><em id="authorposton801">x</em>', id="ids that are there already"),
])  # fmt: skip
def test_what_is_in_a_message_stays_there(inside: str) -> None:
    """Markup of members changes no other post, and no author, time, floor or signature of their own."""
    parts = read(THREAD[:AT] + inside + THREAD[AT:])
    assert facts(parts) == facts(read(THREAD))


def test_an_open_comment_ends_the_page() -> None:
    """A browser shows nothing behind it either; what stands before it is read."""
    parts = read(THREAD[:AT] + "</script><!-- " + THREAD[AT:])
    assert [(post.pid, post.fields["author_name"]) for post in parts.posts] == [(801, "钓鱼老李")]


def test_forged_posts_are_named() -> None:
    """With or without the page's own list of posts."""
    for text in (THREAD, THREAD.replace("fixed_avatar", "x")):
        parts = read(text[:AT] + FORGED + text[AT:])
        assert "nested-post" in {issue.code for issue in parts.issues}
        assert 999 not in {post.pid for post in parts.posts}


def test_a_swallowed_post_is_read() -> None:
    """A message whose HTML keeps the rest of the page inside it: what the page's own list names is read."""
    text = (
        '<div id="post_1"><div id="postmessage_1">one<div><div id="post_2"><em id="authorposton2">发表于 2014-6-1 20:05</em>'
        '<div id="postmessage_2">two</div></div></div></div></div><script>fixed_avatar([1,2], 1);</script>'
    )
    assert [(post.pid, post.body.text if post.body else None) for post in read(text).posts] == [(1, "one"), (2, "two")]


def test_the_pay_box_closes_too_much() -> None:
    """X3 prints one `</div>` too many in the box of a paid thread, and the free part with the number of the page's last post."""
    text = THREAD.replace(
        '<div class="locked">提示: <em>作者被禁止或删除 内容自动屏蔽</em></div>',
        '<div id="postmessage_805" class="t_f">free part</div><div class="locked"><a class="y viewpay">购买主题</a>本主题需向作者支付 <strong>5 金钱</strong> 才能浏览</div></div>',
    )
    posts = {post.pid: post for post in read(text).posts}
    assert posts[803].state == "locked"
    assert posts[803].body is not None
    assert posts[803].body.text == "free part\n[locked: 本主题需向作者支付 5 金钱 才能浏览]"
    assert posts[805].body is not None
    assert posts[805].body.text == "一行字"
    assert len(posts) == 5


def test_moderators_see_what_is_banned() -> None:
    """The notice and the text behind it: state and text are both kept."""
    text = THREAD.replace(
        '<div class="locked">提示: <em>作者被禁止或删除 内容自动屏蔽</em></div>',
        '<div class="locked">提示: <em>作者被禁止或删除 内容自动屏蔽，只有管理员或有管理权限的成员可见</em></div><table><tr><td class="t_f" id="postmessage_803">seen</td></tr></table>',
    )
    post = read(text).posts[2]
    assert post.state == "banned"
    assert post.body is not None
    assert post.body.text.endswith("]\nseen")


def test_a_footer_in_a_message_is_no_page_time() -> None:
    """Relative times refer to the footer behind the last post."""
    quoted = "GMT+8, 2001-1-1 00:00 , Processed in 1 second(s)"
    without = THREAD.replace("GMT+8, 2014-6-2 11:26", "")
    assert read(without.replace("一行字", quoted)).captured_at is None
    assert read(THREAD.replace("一行字", quoted)).captured_at == "2014-06-02T03:26:00Z"


def test_too_heavy_is_an_issue() -> None:
    """What cannot be built in time is not read, and says why."""
    issue = open_page(Ref(path="x.html"), THREAD[:AT] + "<div>" * 50000 + THREAD[AT:], zone("Asia/Shanghai"))
    assert isinstance(issue, Issue)
    assert (issue.level, issue.code) == ("error", "markup-too-heavy")


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(THREAD)), st.integers(0, len(THREAD)))
def test_any_piece_of_a_page_is_read(start: int, end: int) -> None:
    """A page cut anywhere, at both ends: no exception, and only posts that the page has."""
    posts = read(THREAD[min(start, end) : max(start, end)]).posts
    assert {post.pid for post in posts} <= {801, 802, 803, 804, 805}
    assert [post.ordinal for post in posts] == list(range(1, len(posts) + 1))
