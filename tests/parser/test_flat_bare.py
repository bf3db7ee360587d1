"""Flattened archiver and touch pages: posts told apart by the few lines these views print, by nothing that members write."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.parser import parse
from forumclean.parser.dates import zone
from forumclean.parser.engines.flat_bare import as_desktop
from forumclean.parser.engines.flat_thread import read_thread
from forumclean.records import RawDocument, Ref
from forumclean.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

CHINA = zone("+08:00")
ARCHIVER = """花圃's Archiver

论坛 › 阳台 › 月季怎么过冬

老花匠 发表于 2015-5-3 03:05:48

月季怎么过冬

本帖最后由 老花匠 于 2015-5-3 18:08 编辑

剪短,培土
1. 少浇水

小麦 发表于 2015-5-5 14:11:45

老花匠 发表于 2015-5-3 03:05
剪短,培土

沙发

匿名 发表于 2015-5-6 10:00:00

页: [1] 2 3
查看完整版本: 月季怎么过冬

Powered by Discuz! X3.4 Archiver   Copyright © 2001-2020"""
TOUCH = """阳台

月季怎么过冬 只看楼主

  • 楼主 老花匠
  • 收藏 2015-5-3 03:05:48
剪短,培土
  • 少浇水
  • 5# 小麦
  • 2015-5-5 14:11:45
提示: 作者被禁止或删除 内容自动屏蔽
  • 回复
1234.. 9下一页
首页 | 登录 | 注册
标准版 | 触屏版 | 电脑版 | 客户端

© Comsenz Inc."""


def said(text: str) -> list[tuple[Any, ...]]:
    return [
        (post.fields.get("author_name"), post.fields.get("created_at"), post.fields.get("position"), post.state, post.body and post.body.text)
        for post in read_thread(text, CHINA, None, "archiver/tid-7.txt").posts
    ]


OPENING = ("老花匠", "2015-05-02T19:05:48Z")
ANSWER = ("小麦", "2015-05-05T06:11:45Z")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("老花匠 发表于 2015-5-3 03:05\n剪短\n\n小麦 发表于 2015-5-5 14:11\n好", id="nothing says archiver"),
        pytest.param("问: 查看完整版本 在哪里", id="words of the archiver in a sentence"),
        pytest.param("花圃's Archiver\n\n论坛 › 阳台\n  • 月季 (2篇回复)\n页: [1] 2\n查看完整版本: 阳台", id="a list of threads"),
        pytest.param("楼主 老花匠\n2015-5-3 03:05:48\n剪短", id="nothing says touch"),
        pytest.param("标准版 | 触屏版 | 电脑版\n\n2015-5-3 03:05:48\n没有楼层", id="a time without floor and author"),
        pytest.param(ARCHIVER.replace("小麦 发表于", "小麦 发表于 2015-5-5 14:11:45 | 只看该作者\n小麦 发表于"), id="a desktop page that quotes an archiver"),
    ],
)
def test_texts_that_are_no_such_page(text: str) -> None:
    assert as_desktop(text) is None


def test_an_archiver_page() -> None:
    """Author, time and text of every post; a quotation, though it begins like a post, stays in the text that holds it."""
    assert said(ARCHIVER) == [
        (*OPENING, None, "ok", "剪短,培土\n1. 少浇水"),
        (*ANSWER, None, "ok", "老花匠 发表于 2015-5-3 03:05\n剪短,培土\n\n沙发"),
        ("匿名", "2015-05-06T02:00:00Z", None, "missing", None),
    ]
    thread = read_thread(ARCHIVER, CHINA, None, "archiver/tid-7.txt").thread
    assert (thread.tid, thread.page, thread.fields["title"], thread.fields["pages_total"]) == (7, 1, "月季怎么过冬", 3)
    assert read_thread(ARCHIVER.replace("页: [1] 2 3", "页: 1 [2] 3"), CHINA).thread.page == 2


def test_names_on_lines_of_their_own() -> None:
    """As extractors leave them that break the line at every element."""
    split = "花圃's Archiver\n老花匠\n\t\t发表于 2015-5-3 03:05:48\n\t\t剪短\n小麦\n发表于 2015-5-5 14:11:45\n好,谢谢！\n发表于 2015-5-6 14:11:45\n页:\n[1]\n2\n查看完整版本:\n月季"
    assert said(split) == [(*OPENING, None, "ok", "剪短"), (*ANSWER, None, "ok", "好,谢谢！"), (None, "2015-05-06T06:11:45Z", None, "missing", None)]


def test_times_of_quotations_where_times_are_relative() -> None:
    """Nobody answers before the post above: a date behind a relative time is quoted."""
    text = "花圃's Archiver\n\n老花匠 发表于 前天 08:00\n\n剪短\n\n小麦 发表于 昨天 09:00\n\n老花匠 发表于 2015-5-3 08:00\n\n剪短\n\n好"
    assert [(name, text) for name, *_, text in said(text)] == [("老花匠", "剪短"), ("小麦", "老花匠 发表于 2015-5-3 08:00\n\n剪短\n\n好")]


@pytest.mark.parametrize("draw", [
    str, lambda text: text.replace("  • ", ""), lambda text: text.replace("楼主 老", "楼主\n\n老").replace("5# ", "5#\n").replace("收藏 ", "收藏\n"),
], ids=["bullets", "no bullets", "each text on a line"])
def test_a_touch_page(draw: Any) -> None:
    body = "剪短,培土\n少浇水"
    assert said(draw(TOUCH)) == [(*OPENING, 1, "ok", body), (*ANSWER, 5, "banned", "[locked: 作者被禁止或删除 内容自动屏蔽]")]
    assert read_thread(draw(TOUCH), CHINA).thread.fields["title"] == "月季怎么过冬"


def test_a_touch_page_of_x_3_5() -> None:
    """Views and replies before the first time, a row of buttons below each post."""
    text = TOUCH.replace("收藏 ", "3102 ").replace("  • 5# 小麦", "  • 回复\n只看楼主 全部回复2\n  • 来自 5# 小麦")
    assert said(text) == said(TOUCH)


@pytest.mark.parametrize(("footer", "jammer"), [("X3.4 Archiver", False), ("7.2 Archiver", None)])
def test_the_archiver_of_x_has_no_jammers(footer: str, jammer: bool | None) -> None:  # noqa: FBT001 - a value of the records
    text = ARCHIVER.replace("X3.4 Archiver", footer).encode()
    document = RawDocument(ref=Ref(path="archiver/tid-7.txt", size=len(text), mtime_ns=0, place="0" * 32), size=len(text), open=lambda: BytesIO(text))
    page, = pages(document)
    assert (page.kind, page.view, page.evidence.jammer) == ("thread", "flattened archiver", jammer)
    assert [post.ordinal for post in page.posts] == [1, 2, 3]


def pages(document: RawDocument) -> Iterator[Any]:
    return parse(document, Settings())


@given(st.lists(st.sampled_from(["甲 发表于 2015-5-3 03:05:48", "发表于 昨天 12:00", "5# 甲", "昨天 12:00", "页: [1]", "花圃's Archiver", "触屏版", "标准版 | 触屏版", "", "a", "\t"])))
def test_nothing_breaks(lines: list[str]) -> None:
    """Whatever lines come in whatever order: no line of a member is lost but those that are printed above posts."""
    text = "\n".join(lines)
    drawn = as_desktop(text)
    assert drawn is None or sum(line == "a" for line in drawn.text.split("\n")) >= lines.count("a") - lines.count("发表于 昨天 12:00") - lines.count("昨天 12:00")
