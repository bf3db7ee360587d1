"""Pages drawn with the panel beside the post: the two are told apart by the gutter, and nothing is lost."""

from __future__ import annotations

import unicodedata
from itertools import zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.parser.dates import zone
from forumclean.parser.engines.flat_columns import in_columns, side_by_side
from forumclean.parser.engines.flat_thread import FlatThread, read_thread

CHINA = zone("+08:00")
PANEL = ["{name}", "20  1364  172", "", "主题  帖子  积分", "", "注册会员", "炼丹中", "积分172", "  * 发消息"]


def _terminal(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _page(*bodies: str, terminal: bool = False, rows: bool = False) -> str:
    """As inscriptis draws it, columns counted in characters, or as w3m does, counted as a terminal shows them."""
    width = _terminal if terminal else len
    lines = ["  返回列表", "     [复制链接]", ""]
    for number, (name, body) in enumerate(zip(("老花匠", "小麦", "1024"), bodies, strict=False), 1):
        right = [f"{number}#", f"    发表于 2020-3-4 08:44:{number:02} | 只看该作者", *(f"      {line}" for line in body.split("\n"))]
        left = [line.format(name=name) for line in PANEL]
        if terminal:
            left[1:1] = [f"{name} 当前离线", ""]
            left[-1] = "  • 发消息"
        for panel, post in zip_longest(left, right, fillvalue=""):
            lines.append(("    " + panel + " " * (34 - width("    " + panel)) + post).rstrip())
        if rows:
            lines.append("    院里养花,心里不慌,写得比左边的栏宽得多得多得多得多得多得多得多")
        lines += ["", " " * 38 + "回复", "", " " * 38 + "使用道具 举报", ""]
    return "\n".join(lines)


def _texts(found: FlatThread) -> list[str | None]:
    return [None if post.body is None else post.body.text for post in found.posts]


@pytest.mark.parametrize("terminal", [False, True])
def test_panel_and_post_are_told_apart(terminal: bool) -> None:  # noqa: FBT001 - a parameter of the test
    first = "先看土,再看天。\n  土干了才浇\n\n完\n一\n二\n三\n四\n五"
    found = read_thread(_page(first, "好", "长" * 90 + "\n短\n一\n二\n三", terminal=terminal), CHINA)
    assert _texts(found) == [first, "好", "长" * 90 + "\n短\n一\n二\n三"]
    assert [post.fields["author_name"] for post in found.posts] == ["老花匠", "小麦", "1024"]
    assert [post.fields["position"] for post in found.posts] == [1, 2, 3]
    assert {tuple(post.stats.items()) for post in found.posts} == {(("threads", 20), ("posts", 1364), ("credits", 172))}


def test_a_row_through_both_columns_is_a_signature() -> None:
    found = read_thread(_page("一", "二", "三", rows=True), CHINA)
    assert _texts(found) == ["一", "二", "三"]
    assert {post.fields["signature"][:4] for post in found.posts} == {"院里养花"}


def test_a_quotation_in_the_right_column_is_no_post() -> None:
    body = "小麦 发表于 2020-3-4 08:44\n引的话\n\n我的话"
    assert _texts(read_thread(_page(body, "二"), CHINA)) == [body, "二"]


@pytest.mark.parametrize("text", ["一\n二\n", "发表于 2020-3-4 08:44 | 只看该作者\n正文", " " * 40 + "只看该作者", ""])
def test_pages_without_columns(text: str) -> None:
    assert not in_columns(text)


@given(st.lists(st.text("甲乙ab 12#|发表于", max_size=30), max_size=8), st.booleans())
@settings(max_examples=80, deadline=None)
def test_no_character_is_lost(lines: list[str], terminal: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    page = _page("\n".join(lines), "二", terminal=terminal)
    assert sorted("".join(side_by_side(page).split())) == sorted("".join(page.split()))
