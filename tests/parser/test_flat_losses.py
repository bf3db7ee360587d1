"""What extractors lost of a page is said, and no post is made of what is left."""

from __future__ import annotations

import pytest

from forumclean.parser import parse
from forumclean.parser.engines.flat_losses import loss_of
from forumclean.records import Page, RawDocument
from forumclean.settings import Settings

PROSE = "先看土再看天，土干了才浇，一次浇透，不要天天浇。" * 5


def _page(text: str) -> Page:
    page, = parse(RawDocument.from_bytes(text.encode(), path="thread-52-1-1.txt"), Settings())
    return page


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"| 名 | 数 |\n|---|---|\n| {PROSE} | 2 |\n| {PROSE} | 3 |", id="a table of an article"),
        pytest.param(PROSE, id="prose"),
        pytest.param("a, b, c, d, e, f, g, h\n1 2 3 4 5 6 7 8", id="lists of letters"),
        pytest.param("这篇文章发表于 2020 年。", id="the words of a header without a date"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_texts_lost_nothing(text: str) -> None:
    assert loss_of(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(f"|  查看: 55\\|回复: 32  | 怎么浇花 [复制链接] |\n| {PROSE} |\n|  |  |\n| {PROSE} |\nPowered by Discuz! X3.4", "lines-lost", id="rows"),
        pytest.param(f"{PROSE}# f) f5 c: z& R4 Y2 _\n" * 4, "posts-not-found", id="noise alone tells whose page it was"),
        pytest.param(f"|\n||\n{PROSE}\n小麦 当前离线\n|\n", "posts-not-found", id="a card without a panel"),
        pytest.param(f"{PROSE}\n{PROSE}\nPowered by Discuz! X3.4", "posts-not-found", id="bodies alone"),
    ],
)
def test_the_loss_is_said_and_the_text_is_kept(text: str, code: str) -> None:
    page = _page(text)
    assert [issue.code for issue in page.issues] == [code]
    assert not page.posts
    assert page.document is not None
    assert page.document.text == text


FOOT = "本版积分规则 {}\nArchiver|手机版|园艺论坛\nGMT+8, 2026-11-22 03:26 , Processed in 0.02 second(s), 4 queries .\nPowered by Discuz! X3.4\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Array\n(\n    [0] => 老花匠 发表于 2020-3-5 08:44\n)\n", id="print_r"),
        pytest.param('{"message": "老花匠 发表于 2020-3-5 08:44"}', id="json"),
        pytest.param('a:1:{i:0;s:32:"老花匠 发表于 2020-3-5 08:44";}', id="serialize"),
        pytest.param('array(1) {\n  [0]=>\n  string(32) "老花匠 发表于 2020-3-5 08:44"\n}', id="var_dump"),
        pytest.param('<?xml version="1.0"?>\n<a>老花匠 发表于 2020-3-5 08:44</a>', id="xml"),
        pytest.param("Powered by Discuz! X3.4\nCopyright © 2001-2020", id="a footer alone"),
    ],
)
def test_printed_data_and_footers_lost_no_posts(text: str) -> None:
    assert loss_of(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("设为首页收藏本站\n园艺论坛\n作者 回复/查看 最后发表\n怎么浇花\n小麦 2015-7-3\n" + FOOT.format("发表帖子"), "list-flattened", id="a list"),
        pytest.param("园艺论坛\n今日: 0|昨日: 3|帖子: 68|会员: 26|欢迎新会员: 小麦\n" + FOOT.format(""), "list-flattened", id="the index"),
        pytest.param("在线会员- 3 人在线\n- 0 会员(0 隐身),\nGMT+8, 2026-11-22 03:26\n, Processed in 0.03 second(s)\n", "list-flattened", id="who is online"),
        pytest.param("園藝今日: 0 |主題: 44\n" + FOOT.format("發表帖子"), "list-flattened", id="traditional"),
        pytest.param("设为首页收藏本站\n\n抱歉，本帖要求阅读权限高于 50 才能浏览\n" + FOOT.format(""), "notice-flattened", id="no permission"),
        pytest.param("抱歉，指定的主题不存在或已被删除或正在被审核\n" + FOOT.format(""), "notice-flattened", id="deleted"),
        pytest.param("288\n2433\n注册会员\n使用道具 举报\n" + FOOT.format("发表回复"), "posts-not-found", id="a thread"),
        pytest.param(f"怎么浇花 [复制链接]\n抱歉，您没有权限，{PROSE}\n" + FOOT.format("发表回复"), "posts-not-found", id="a post that quotes a notice"),
    ],
)
def test_lists_and_notices_are_called_what_they_are(text: str, code: str) -> None:
    page = _page(text)
    assert [issue.code for issue in page.issues] == [code]
    assert page.document is not None
    assert page.document.title is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("怎么浇花\n\n" + PROSE, "怎么浇花", id="an article, its first line"),
        pytest.param("怎么浇花\n作者：老花匠 来源：园艺小报\n" + PROSE + "\n" + FOOT.format(""), "怎么浇花", id="a board's article, above its byline"),
        pytest.param("浇花 -  园艺论坛 -  Powered by Discuz!\n设为首页\n作者 回复/查看 最后发表\n", "浇花 - 园艺论坛", id="the title of the page"),
        pytest.param("设为首页收藏本站\n" + PROSE + "\n" + FOOT.format(""), None, id="navigation"),
        pytest.param(f"# apt update\n{PROSE}# f) f5 c: z& R4 Y2 _\n" * 3, None, id="a comment in a post"),
        pytest.param(f"土 3 x; f6 F+ M; O `2 w4 ^: D' F8 O p\n{PROSE}# f) f5 c: z& R4 Y2 _\n" * 3, None, id="a piece of a post"),
    ],
)
def test_a_title_is_stated_or_there_is_none(text: str, title: str | None) -> None:
    document = _page(text).document
    assert document is not None
    assert document.title == title


def test_a_quotation_is_no_post() -> None:
    """Where the headers of posts are gone, the attribution of a quotation must not pass for one."""
    text = f"20\n主题\n9\n积分\n小麦 发表于 2020-3-4 08:44\n引的话\n\n{PROSE}\n回复\n\n使用道具 举报\n老花匠 发表于 2020-3-5 08:44\n引的话\n\n{PROSE}\n回复\n\n使用道具 举报\n"
    assert [post.fields.get("author_name") for post in _page(text).posts] == []
