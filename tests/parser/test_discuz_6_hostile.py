"""Thread pages of Discuz! 6 and 7 with forged, broken, cut and repeated markup: nothing is invented, nothing raises."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_6 import DISCUZ_6
from forumclean.parser.engines.html import HtmlPage, Parts, open_page
from forumclean.records import Ref

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "html" / "d6"
OLD, NEW, POLL = ((FOLDER / name).read_text("utf-8") for name in ("thread-6.1.html", "thread-7.2.html", "poll-6.1.html"))
PIDS = [901, 905, 906, 908, 909, 911]


def read(text: str) -> Parts:
    found = open_page(Ref(path="x.html"), text, zone("Asia/Shanghai"))
    assert isinstance(found, HtmlPage)
    return DISCUZ_6.read(found)


FORGED = (
    '<table id="pid7777" summary="pid7777"><tr><td class="postauthor"><cite><a href="space.php?uid=1">站长</a></cite></td><td class="postcontent">'
    '<div class="postinfo"><strong id="postnum7777">99#</strong> 发表于 2001-1-1 10:00&nbsp;</div>'
    '<div class="postmessage"><div id="postmessage_7777" class="t_msgfont">伪造</div></div></td></tr></table>'
)


@pytest.mark.parametrize("where", ["路过，学习了。", "够用了。"])
def test_a_post_written_into_a_message_is_no_post(where: str) -> None:
    """It stays in the text of the message it stands in, with an issue."""
    parts = read(OLD.replace(where, where + FORGED))
    assert [post.pid for post in parts.posts] == PIDS
    assert [issue.code for issue in parts.issues] == ["nested-post"]
    assert any("伪造" in post.body.text for post in parts.posts if post.body is not None)


@pytest.mark.parametrize("opened", ["<table><tr><td>", "<table><tr><td><table><tr><td>", "<table><tr><td><div><table><tr><td><div>"])
def test_posts_that_broken_html_swallowed_are_posts(opened: str) -> None:
    """Unclosed tables in a message take in what Discuz prints behind it; the posts are found, and the message ends where it ended."""
    broken = OLD.replace("路过，学习了。", f"路过，{opened}学习了。")
    parts = read(broken)
    assert [post.pid for post in parts.posts] == PIDS
    texts = {post.pid: post.body.text.strip() for post in parts.posts if post.body is not None}
    assert texts[906] == "路过，\n学习了。"
    assert texts[911].startswith("密码在这里：")
    assert [post.fields["author_name"] for post in parts.posts] == ["老茶壶", "柳条筐", "游客", "匿名", "枯叶", "阿禾"]


def test_fields_are_not_read_from_messages() -> None:
    """Author, time, floor and title come from Discuz's own lines, whatever a message holds in front of them or behind."""
    said = '<h1>我的标题</h1><cite>假</cite> 发表于 1999-1-1 00:00 <strong id="postnum905">88#</strong><div class="signatures">假签名</div>'
    for text in (OLD.replace("够用了。", said), OLD.replace("路过，学习了。", said)):
        parts = read(text)
        assert parts.threads[0].fields["title"] == "阳台番茄记录"
        assert [post.fields["position"] for post in parts.posts] == [1, 2, 3, 4, 5, 6]
        assert [post.fields["created_at"][:4] for post in parts.posts] == ["2008"] * 6
        assert {post.pid: post.fields["signature"]["text"] for post in parts.posts if "signature" in post.fields} == {901: "慢慢来，比较快。\n我的茶", 905: "慢慢来"}


def test_the_same_post_twice_is_one() -> None:
    """A page that repeats a post (frames, bad joins) has it once."""
    start, end = OLD.index('<table id="pid905"'), OLD.index('<table id="pid906"')
    assert [post.pid for post in read(OLD[:end] + OLD[start:end] + OLD[end:]).posts] == PIDS


@pytest.mark.parametrize("text", [OLD, NEW, POLL], ids=["6.1", "7.2", "poll"])
def test_cut_anywhere(text: str) -> None:
    """A page cut off: the posts before the cut are the same, none is made up."""
    whole = {post.pid: post for post in read(text).posts}
    draw = random.Random(7)
    for at in [draw.randrange(len(text)) for _ in range(60)]:
        parts = read(text[:at])
        assert {post.pid for post in parts.posts} <= set(whole)
        for post in parts.posts[:-2]:
            assert post.body == whole[post.pid].body


@pytest.mark.parametrize("text", [OLD, NEW], ids=["6.1", "7.2"])
def test_without_any_one_line(text: str) -> None:
    """Whatever line is missing, no author, time or number appears that the whole page does not have."""
    whole = read(text)
    known = {name: {post.fields.get(name) for post in whole.posts} | {None} for name in ("author_name", "author_uid", "created_at", "position")}
    lines = text.split("\n")
    draw = random.Random(11)
    for gone in draw.sample(range(len(lines)), 60):
        for post in read("\n".join(lines[:gone] + lines[gone + 1 :])).posts:
            assert all(post.fields.get(name) in values for name, values in known.items()), lines[gone]


@given(st.data())
def test_scrambled_markup_never_raises(data: st.DataObject) -> None:
    """Any pieces of such pages in any order."""
    pieces = re.split(r"(?=<t[dr]\b)", OLD + NEW)
    order = data.draw(st.lists(st.integers(0, len(pieces) - 1), max_size=30))
    parts = read("".join(pieces[number] for number in order))
    assert len({post.pid for post in parts.posts}) == len(parts.posts)


@pytest.mark.parametrize("text", [
    pytest.param('<table id="pid1"><td class="postauthor"><cite>' + "<b>" * 3000 + "x", id="deep"),
    pytest.param('<div id="postmessage_1" class="t_msgfont">' + "[<i> 本帖最后由 " * 4000, id="edit notices without end"),
    pytest.param('<td class="postauthor">' + '<cite><a href="space.php?uid=' * 2000, id="links without end"),
    pytest.param('<div class="postinfo">' + "发表于 " * 50000 + '<div id="postmessage_1" class="t_msgfont">x', id="times without end"),
    pytest.param('<fieldset class="x">' * 500 + '<div id="postmessage_1" class="t_msgfont">x', id="ratings without end"),
    pytest.param('<div id="postmessage_99999999999999999999" class="t_msgfont">x</div>', id="a number no post has"),
])  # fmt: skip
def test_heavy_pages_are_read_in_time(text: str) -> None:
    """Patterns take linear time; the posts are at most the one that is there."""
    assert len(read(text).posts) <= 1
