"""Flattened pages of other generations of Discuz: tools in front of the time, links between text and buttons, traditional Chinese."""

from __future__ import annotations

import pytest

from forumclean.parser.dates import zone
from forumclean.parser.engines.flat_names import first_name, without_tools
from forumclean.parser.engines.flat_thread import read_thread

CHINA = zone("+08:00")
D6 = """花园论坛

‹‹ 上一主题 | 下一主题 ››
发新话题
收藏 订阅 推荐 打印

雨天怎么浇花

老花匠

花开富贵
1楼 大 中 小 发表于 2008-12-29 10:29  只看该作者

先看土,再看天。

[ 本帖最后由 老花匠 于 2008-12-29 10:30 编辑 ]

查看详细资料

引用 回复 TOP

花市周末大减价，快来看看！
小麦
2楼 大 中 小 发表于 2009-1-6 11:37  只看该作者
同意,我也是这样做的。

QQ Yahoo!

查看个人网站

查看详细资料

引用 回复 TOP

阿土

少说多做
3楼 大 中 小 发表于 2009-1-6 20:05  只看该作者
QQ
上有人问过

查看详细资料

引用 回复 TOP
"""


def test_discuz_6() -> None:
    """Floors, authors behind a line of the board's own, edit notices behind the text, and no links of the profile in it."""
    posts = read_thread(D6, CHINA).posts
    assert [post.body.text for post in posts if post.body is not None] == ["先看土,再看天。", "同意,我也是这样做的。", "QQ\n上有人问过"]
    assert [post.fields.get("author_name") for post in posts] == [None, "小麦", "阿土"]
    assert [post.fields["position"] for post in posts] == [1, 2, 3]
    assert [post.fields["created_at"] for post in posts] == ["2008-12-29T02:29:00Z", "2009-01-06T03:37:00Z", "2009-01-06T12:05:00Z"]
    assert posts[0].fields["edited_by"] == "老花匠"


@pytest.mark.parametrize(("before", "left"), [("1楼 大 中 小", "1楼"), ("1楼 特大 小", "1楼"), ("大 中 小", ""), ("小 麦", "小 麦"), ("楼主", "楼主"), ("", "")])
def test_tools_in_front_of_a_time(before: str, left: str) -> None:
    assert without_tools(before) == left


@pytest.mark.parametrize(
    ("texts", "name"),
    [([], None), (["20", "主题"], None), (["20", "1364", "9"], None), (["1024", "注册会员"], "1024"), (["大减价，快来！", "小麦"], "小麦"), (["A.B.C"], "A.B.C")],
)
def test_names_behind_a_tail(texts: list[str], name: str | None) -> None:
    assert first_name(texts) == name
