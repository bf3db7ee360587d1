"""Printable pages: a thread on one page, told apart by rules alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_printable import DISCUZ_PRINTABLE
from forumclean.parser.engines.html import HtmlPage, Parts, open_page
from forumclean.parser.engines.registry import best
from forumclean.records import Ref

PRINTABLE = (Path(__file__).resolve().parents[2] / "fixtures" / "html" / "views" / "print-71.html").read_text("utf-8")
RULE = '<hr noshade size="2" width="100%" color="#808080">'


def page(text: str, path: str = "x.html") -> HtmlPage:
    found = open_page(Ref(path=path), text, zone("Asia/Shanghai"))
    assert isinstance(found, HtmlPage)
    return found


def read(text: str) -> Parts:
    return DISCUZ_PRINTABLE.read(page(text))


@pytest.mark.parametrize("text", [
    pytest.param("", id="empty"),
    pytest.param("<b>作者: </b>甲 <b>时间: </b>2015-3-1 08:02<br />", id="no rule"),
    pytest.param(f"{RULE}{RULE}<p>noshade</p>", id="rules alone"),
    pytest.param(f'{RULE}<table><tr><td>欢迎光临 X (http://x.example/)</td></tr></table><a onclick="window.print()">x</a>', id="a footer"),
    pytest.param("作者: 甲    时间: 2015-3-1 08:02\n标题: 乙", id="flattened"),
])  # fmt: skip
def test_other_pages_are_not_taken(text: str) -> None:
    """It takes a rule with author and time behind it."""
    assert DISCUZ_PRINTABLE.score(page(text))[0] == 0


def test_the_registry_gives_this_engine() -> None:
    """Surely, with reasons."""
    choice = best(page(PRINTABLE))
    assert choice is not None
    assert (choice.engine, choice.score > 0.9) == (DISCUZ_PRINTABLE, True)


def test_thread_and_posts() -> None:
    """All posts in order, with what little the view says; a notice is one only where it stands alone."""
    parts = read(PRINTABLE)
    (thread,) = parts.threads
    assert (parts.view, parts.host, thread.tid, thread.page, thread.fields["title"]) == ("printable", "bbs.example.org", 71, 1, "修钟表的手艺")
    names = ("author_name", "author_kind", "subject", "created_at", "created_at_precision")
    assert [(post.pid, post.state, *(post.fields.get(name) for name in names)) for post in parts.posts] == [
        (None, "ok", "钟匠老周", None, "修钟表的手艺", "2015-03-01T00:02:00Z", "minute"),
        (None, "ok", "甲乙", None, None, "2015-03-01T00:30:00Z", "minute"),
        (None, "banned", "匿名", "anonymous", None, "2015-03-01T01:00:00Z", "minute"),
        (None, "ok", "走了的人", None, "回复标题", "2015-03-02T02:00:00Z", "minute"),
    ]
    assert [post.fields.get("is_first") for post in parts.posts] == [True, None, None, None]


def test_texts_end_where_the_rule_stands() -> None:
    """A rule that members type is another one; the footer is no part of the last post."""
    texts = [post.body.text for post in read(PRINTABLE).posts if post.body is not None]
    assert texts[1].endswith("摆轮该洗油了 [smiley: lol]\n就这样")
    assert texts[3] == "先看发条\n提示: 该帖被管理员或版主屏蔽了一半，我自己打的"


def test_old_boards_say_no_address() -> None:
    """D4-D7 print no script: the file's name tells the thread, the footer the host."""
    old = PRINTABLE.replace("REPORTURL", "X").replace("SITEURL", "Y")
    parts = DISCUZ_PRINTABLE.read(page(old, "print-71.html"))
    assert (parts.host, parts.threads[0].tid) == ("bbs.example.org", 71)


@pytest.mark.parametrize(("one", "two"), [pytest.param("作者", "作者", id="zh-CN"), pytest.param("Author", "Time", id="en"), pytest.param("作者", "時間", id="zh-TW")])
def test_labels_of_any_language(one: str, two: str) -> None:
    """Labels are what stands there, in bold before a colon."""
    assert len(read(PRINTABLE.replace("作者: ", f"{one}: ").replace("时间: ", f"{two}: ")).posts) == 4


def test_broken_markup_stays_in_its_post() -> None:
    """Each message is parsed on its own."""
    broken = read(PRINTABLE.replace("摆轮该洗油了", "摆轮<div><table><b></div></div>该洗油了"))
    assert [post.fields.get("author_name") for post in broken.posts] == ["钟匠老周", "甲乙", "匿名", "走了的人"]
    assert broken.posts[3] == read(PRINTABLE).posts[3]


def test_many_rules_are_no_posts() -> None:
    """What is between rules without author and time belongs to the post before."""
    post = f"{RULE}\n<b>作者: </b>甲&nbsp; &nbsp; <b>时间: </b>2015-3-1 08:02<br />\n乙"
    parts = read("<hr noshade>" * 5_000 + post * 500 + "<hr noshade><b>作者: </b>" * 2_000)
    assert [post.fields["author_name"] for post in parts.posts] == ["甲"] * 500


@given(st.integers(0, len(PRINTABLE)), st.integers(0, 400), st.text(max_size=20))
@settings(max_examples=40)
def test_damage_never_raises(at: int, length: int, junk: str) -> None:
    """Whatever is cut out or put in: posts are numbered as they stand, and each has a body."""
    posts = read(PRINTABLE[:at] + junk + PRINTABLE[at + length :]).posts
    assert [post.ordinal for post in posts] == list(range(1, len(posts) + 1))
    assert all(post.body is not None for post in posts)
