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


def test_a_quotation_is_no_post() -> None:
    """Where the headers of posts are gone, the attribution of a quotation must not pass for one."""
    text = f"20\n主题\n9\n积分\n小麦 发表于 2020-3-4 08:44\n引的话\n\n{PROSE}\n回复\n\n使用道具 举报\n老花匠 发表于 2020-3-5 08:44\n引的话\n\n{PROSE}\n回复\n\n使用道具 举报\n"
    assert [post.fields.get("author_name") for post in _page(text).posts] == []
