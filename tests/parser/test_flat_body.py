"""What is in a post's region of a flattened page besides its text: each becomes a field, and nothing that looks like it does."""

from __future__ import annotations

from typing import Any

import pytest

from forumclean.parser.dates import zone
from forumclean.parser.engines.flat_thread import FlatThread, read_thread

CHINA = zone("+08:00")
PANEL = "{name}\n{name}\n当前离线\n积分172\n注册会员\n  • 发消息\n"


def _page(*bodies: str, names: str = "甲乙丙丁戊己庚") -> str:
    """A page as extractors with bullets and without blank lines of their own make it."""
    return "".join(
        f"{PANEL.format(name=name)}{number}#\n发表于 2020-3-4 08:44:{number:02} | 只看该作者\n{body}\n回复\n\n使用道具 举报\n"
        for number, (name, body) in enumerate(zip(names, bodies, strict=False), 1))


def _loose(*bodies: str) -> str:
    """A page as extractors make it that keep every line end of the markup: five blank lines above a text, nine below."""
    return "".join(
        f"{PANEL.format(name=name)}\n\n{number}#\n\n发表于 2020-3-4 08:44:{number:02}\n|\n只看该作者\n\n\n\n\n\n{body}{chr(10) * 9}回复\n\n使用道具\n举报\n"
        for number, (name, body) in enumerate(zip("甲乙丙丁戊", bodies, strict=False), 1))


def _read(text: str) -> FlatThread:
    return read_thread(text, CHINA)


def _texts(found: FlatThread) -> list[str | None]:
    return [None if post.body is None else post.body.text for post in found.posts]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("• 自己打的点", id="a bullet without the extractor's indent"),
        pytest.param("  3. 从三开始", id="a number out of order"),
        pytest.param("1. 一\n2. 二", id="a list typed by hand"),
        pytest.param("点这里复制代码", id="the words of the button in a sentence"),
        pytest.param("投票吧\n1. 好", id="the word for a poll"),
        pytest.param("20金钱", id="a price outside a first post"),
        pytest.param("正方观点 (3)\n只有一方", id="one side of a debate"),
        pytest.param("参与人数 2\n就这些", id="the words of ratings"),
        pytest.param("收藏 了三年", id="the word of a counter"),
        pytest.param("Re: 没有空行", id="a reply's words"),
        pytest.param("----------\n线下面", id="a rule typed by hand at the beginning"),
        pytest.param("上面\n==========", id="and at the end"),
        pytest.param("我说\n\n本帖子中包含更多资源\n是什么意思", id="the words of a box without its closing mark"),
    ],
)
def test_texts_that_stay(body: str) -> None:
    found = _read(_page("开头", body, "结尾"))
    text = _texts(found)[1]
    assert text == body.replace("\n\n本帖子中包含更多资源", "\n")  # the tip itself is furniture wherever it stands


@pytest.mark.parametrize(
    ("body", "text", "fields"),
    [
        pytest.param("看代码\n  1. int a;\n\n  3. int b;\n复制代码\n完了", "看代码\nint a;\n\nint b;\n完了", {}, id="numbers of a block of code, one not printed"),
        pytest.param("要买\n  • 米\n  • 面", "要买\n米\n面", {}, id="bullets"),
        pytest.param("代码 int c;复制代码\n完", "代码 int c;\n完", {}, id="the button glued to the code"),
        pytest.param("\n回复标题 Re: 养花\n\n正文", "正文", {"subject": "回复标题 Re: 养花"}, id="a reply's subject"),
        pytest.param(
            "正文\n\n点评\n\n乙\n说得好\xa0 发表于 2020-3-4 09:00\n花香满园", "正文",
            {"comments": [{"author": "乙", "text": "说得好", "at": "2020-03-04T01:00:00Z"}], "signature": "花香满园"}, id="a signature below comments"),
        pytest.param(
            "正文\n\n点评\n\n说得好\xa0 发表于 2020-3-4 09:00", "正文",
            {"comments": [{"author": None, "text": "说得好", "at": "2020-03-04T01:00:00Z"}]}, id="comments whose names were links"),
        pytest.param(
            "正文\n\n评分\n\n参与人数 1\t\t金钱 +2\t\t收起 理由\n乙 \t\t+ 2\t\t赞一个!\n\n查看全部评分\n花香满园", "正文",
            {"ratings": [{"author": "乙", "score": 2, "reason": "赞一个!"}], "signature": "花香满园"}, id="a signature below ratings"),
        pytest.param(
            "正文\n\n本帖子中包含更多资源\n您需要 登录 才可以下载或查看，没有帐号？立即注册\n\nx\n花香满园", "正文",
            {"extras": {"attachments_hidden": True}, "signature": "花香满园"}, id="a signature below the box of hidden attachments"),
    ],
)
def test_what_becomes_a_field(body: str, text: str, fields: dict[str, Any]) -> None:
    found = _read(_page("开头", body, "中间", "结尾"))
    assert _texts(found) == ["开头", text, "中间", "结尾"]
    got = found.posts[1].fields
    assert {name: got[name] for name in got.keys() & {"subject", "comments", "ratings", "signature", "extras"}} == fields


@pytest.mark.parametrize(
    ("body", "text", "special", "extras"),
    [
        pytest.param(
            "选哪个\n单选投票, 共有 19 人参与投票\n1. \xa0牛肉面\n2. \xa0饺子\n您所在的用户组没有投票权限\n收藏0\n花香满园", "选哪个", "poll",
            {"poll": {"options": [{"text": "牛肉面"}, {"text": "饺子"}], "multiple": False, "voters": 19}}, id="poll"),
        pytest.param(
            "多选投票: ( 最多可选 2 项 ), 共有 3 人参与投票\n1. 米\n 66.67% (2)\n2. 面 33.33% (1)", "", "poll",
            {"poll": {"options": [{"text": "米", "percent": 66.67, "votes": 2}, {"text": "面", "percent": 33.33, "votes": 1}],
                      "multiple": True, "voters": 3, "max_choices": 2}}, id="poll with votes and without text"),
        pytest.param("20金钱\n怎么浇花?\n我来回答", "怎么浇花?", "reward", {"reward": {"amount": 20, "unit": "金钱"}}, id="reward"),
        pytest.param(
            "谁对?\n正方观点 (3)\n\n浇水\n反方观点 (2)\n\n不浇\n辩手:0 ( 加入 )", "谁对?", "debate",
            {"debate": ["正方观点 (3)", "浇水", "反方观点 (2)", "不浇", "辩手:0 ( 加入 )"]}, id="debate"),
    ],
)
def test_special_threads(body: str, text: str, special: str, extras: dict[str, Any]) -> None:
    found = _read(_page(body, "二楼"))
    assert [one or "" for one in _texts(found)] == [text, "二楼"]
    assert found.thread.fields["special"] == special
    assert extras.items() <= found.thread.fields["extras"].items()


def test_blank_lines_of_the_template_set_signatures_apart() -> None:
    """A text without signature is followed by nine blank lines, one with by fewer; a member's own blank lines change nothing."""
    gap, sign = "\n" * 9, "花香满园"
    found = _read(_loose(f"一{gap}{sign}", f"二{gap}自己的空行", "三", "四"))
    assert _texts(found) == [f"一{gap}{sign}", f"二{gap}自己的空行", "三", "四"]
    signed = _loose("一", "二", f"三{gap}{sign}", f"{gap[:-1]}{sign}").replace(f"{sign}{gap}", f"{sign}{gap[:-1]}")
    found = _read(signed)
    assert _texts(found) == ["一", "二", "三", None]
    assert [post.fields.get("signature") for post in found.posts] == [None, None, sign, sign]


def test_a_heading_nearer_to_the_header_than_a_text_is_a_subject() -> None:
    page = _loose("一", "二", "三").replace("\n\n\n\n\n二", "\n\n\n换个题目\n\n\n二")
    found = _read(page)
    assert _texts(found) == ["一", "二", "三"]
    assert found.posts[1].fields["subject"] == "换个题目"
