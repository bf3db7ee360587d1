"""The hands of extractors: pages that some of them drew differently give the same posts as a plain copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.parser.dates import zone
from forumclean.parser.engines.flat_dialects import plain_form
from forumclean.parser.engines.flat_thread import FlatThread, read_thread

if TYPE_CHECKING:
    from collections.abc import Callable

CHINA = zone("+08:00")
BODY = "先看土,再看天。\n\n  土干了才浇\n1. 不多浇"


def _posts(found: FlatThread) -> list[tuple[object, ...]]:
    return [
        (post.fields.get("author_name"), post.fields.get("position"), post.fields.get("created_at"), dict(post.stats),
         None if post.body is None else post.body.text)
        for post in found.posts
    ]


EXPECTED = [
    ("老花匠", 1, "2020-03-04T00:44:37Z", {"credits": 9, "threads": 20, "posts": 1364}, BODY),
    ("小麦", 5, "2020-03-04T01:44:37Z", {"credits": 9, "threads": 20, "posts": 1364}, BODY),
]


def nodes(body: str) -> str:
    """A line end between any two text nodes, beside those that the nodes hold: what ``get_text`` makes with a separator."""
    return "".join(
        f"{name}\n\n\n{name}\n\n\n当前离线\n\n\n\n积分\n9\n\n\n\n20\n主题\n1364\n帖子\n9\n积分\n\n\n\n{floor}\n\n\n\n\n发表于 \n2020-3-4 0{hour}:44:37\n\n\n|\n\n\n只看该作者"
        f"\n\n\n\n\n\n\n\n{body.replace(chr(10), chr(10) * 2)}\n\n\n\n\n\n\n\n\n\n\n回复\n\n\n\n\n使用道具\n\n\n举报\n\n\n\n\n"
        for name, floor, hour in (("老花匠", "楼主", 8), ("小麦", "5\n#", 9)))


def margin(body: str) -> str:
    """Three blanks before every line, names of images in brackets: lynx."""
    page = "".join(
        f"{name}\n{name} 当前离线\n\n积分\n       9\n\n[avatar.php?uid=20&size=middle]\n\n20\n主题\n\n1364\n帖子\n\n9\n积分\n\n  * 发消息\n\n{floor}\n"
        f"[online_member.gif] 发表于 2020-3-4 0{hour}:44:37 | 只看该作者\n\n{body}\n\n回复\n\n使用道具 举报\n\n"
        for name, floor, hour in (("老花匠", "楼主", 8), ("小麦", "5^#", 9)))
    return "\n".join("   " + line if line else line for line in page.split("\n"))


@pytest.mark.parametrize("draw", [nodes, margin])
def test_the_posts_are_those_of_a_plain_copy(draw: Callable[[str], str]) -> None:
    assert _posts(read_thread(draw(BODY), CHINA)) == EXPECTED


def test_a_border_of_an_element_breaks_no_line() -> None:
    """``a<b>b</b>c``: three nodes, one line; the noise beside a line stays beside it."""
    found = read_thread(nodes("很|粗|的字\n下一行").replace("很|粗|的字", "很\n粗\n的字"), CHINA)
    assert [post.body.text for post in found.posts if post.body is not None] == ["很粗的字\n下一行"] * 2


def test_marks_of_a_text_browser_go() -> None:
    found = read_thread(margin("要[DEL:不:DEL]浇水\n  _________________________\n完"), CHINA)
    assert found.posts[0].body is not None
    assert found.posts[0].body.text == "要不浇水\n\n完"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("一\n\n二\n\n三\n" * 20, id="an article with a blank line between paragraphs"),
        pytest.param("   缩进的一行\n" * 10, id="a few indented lines"),
        pytest.param("def f():\n    return 1\n\n" * 20, id="code"),
        pytest.param("\n47\n主题\n1239\n帖子\n正文\n" * 3, id="counters without blank lines"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_texts_are_left_alone(text: str) -> None:
    assert plain_form(text) == text


@given(st.lists(st.text("甲乙ab 12#", max_size=9), max_size=40))
@settings(max_examples=100, deadline=None)
def test_no_word_is_lost(lines: list[str]) -> None:
    page = nodes("x".join(lines) or "x")
    assert "".join(plain_form(page).split()) == "".join(page.split())
    page = margin("x".join(lines) or "x")
    assert "".join(plain_form(page).split()) == "".join(page.replace("[online_member.gif]", "").replace("[avatar.php?uid=20&size=middle]", "").split())
