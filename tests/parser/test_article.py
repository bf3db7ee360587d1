"""Texts that are no forum page: what they state about themselves, and nothing more."""

from __future__ import annotations

import pytest

from forumclean.parser.dates import zone
from forumclean.parser.engines.article import read_article
from forumclean.records import Document

CHINA = zone("Asia/Shanghai")


def _stated(text: str) -> tuple[str | None, ...]:
    found = read_article(text, CHINA)
    return found.title, found.author, found.publisher, found.published_at


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("只有一行", "只有一行", id="one line"),
        pytest.param("标题\n\n正文里说 2020-3-4 那天下雨,作者:不是他。", "标题", id="dates and labels inside a sentence"),
        pytest.param("标题\n\n时间:过得真快,转眼就是春天了。", "标题", id="a label with prose behind it"),
        pytest.param("来源与作者的故事\n\n正文", "来源与作者的故事", id="a title with the words of labels"),
        pytest.param("字" * 300 + "\n第二行", None, id="a first line of prose is no title"),
        pytest.param("---\n分隔线下面的字\n", "分隔线下面的字", id="a rule is no front matter"),
        pytest.param("\n\n  \n", None, id="blanks"),
    ],
)
def test_nothing_is_invented(text: str, title: str | None) -> None:
    assert _stated(text) == (title, None, None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("题\n作者:甲 来源:乙报 2025-02-01 2312\n", ("题", "甲", "乙报", "2025-02-01T15:12:00Z"), id="one line, half width"),
        pytest.param("题\n作者：甲　来源：乙报　2025-02-01 23:12\n", ("题", "甲", "乙报", "2025-02-01T15:12:00Z"), id="full width"),
        pytest.param("题\n来源：乙报\n", ("题", None, "乙报", None), id="source only"),
        pytest.param("题\n2025-02-01 10:00:05\n", ("题", None, None, "2025-02-01T02:00:05Z"), id="date alone"),
        pytest.param("题\n发布时间：2025年2月1日\n正文", ("题", None, None, "2025-01-31T16:00:00Z"), id="labelled date"),
        pytest.param("题\n2025-02-01 10:00 来源: 乙报 作者: 甲 责任编辑: 丙\n", ("题", "甲", "乙报", "2025-02-01T02:00:00Z"), id="other order, editor"),
        pytest.param("乙报首页 > 新闻 > 正文 返回\n\n题\n0\n分享至", ("题", None, None, None), id="navigation first"),
        pytest.param("# 题\n\n正文", ("题", None, None, None), id="markdown heading"),
        pytest.param("标题：题\n作者：甲\n", ("题", "甲", None, None), id="labelled title"),
        pytest.param('---\ntitle: "题"\ndate: "2025-12-22 22:20:48 +0800"\n---\n# 别的\n', ("题", None, None, "2025-12-22T14:20:48Z"), id="front matter"),
        pytest.param("---\nauthor: 甲\nsource: 乙报\n---\n题\n", ("题", "甲", "乙报", None), id="front matter without a title"),
    ],
)
def test_what_is_stated_is_found(text: str, expected: tuple[str | None, ...]) -> None:
    assert _stated(text) == expected


def test_the_whole_text_is_kept() -> None:
    text = "题\n\n作者:甲\n正文\n\n  尾 \n"
    assert read_article(text, CHINA).text == text


def test_secrets_are_masked_unless_they_are_asked_for() -> None:
    text = "题\n$_config['db']['1']['dbpw'] = 'geheim';\n"
    assert "geheim" not in read_article(text, CHINA).text
    assert read_article(text, CHINA, keep_private=True).text == text


def test_precision_says_what_is_known() -> None:
    assert read_article("题\n2025-02-01\n", CHINA) == Document(
        text="题\n2025-02-01\n", title="题", published_at="2025-01-31T16:00:00Z", published_at_precision="day",
    )
