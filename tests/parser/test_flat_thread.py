"""Flattened thread pages: posts split, panels and fields read, furniture out, bodies as they came."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.parser.dates import zone
from forumclean.parser.engines.flat_thread import FlatThread, read_thread

FLAT = Path(__file__).resolve().parents[2] / "fixtures" / "flat"
CHINA = zone("+08:00")
NOW = datetime(2020, 3, 9, 1, 30, tzinfo=UTC)


def _read(name: str) -> FlatThread:
    return read_thread((FLAT / name).read_text("utf-8"), CHINA, NOW, name)


def _texts(found: FlatThread) -> list[str | None]:
    return [None if post.body is None else post.body.text for post in found.posts]


def _column(found: FlatThread, name: str) -> list[object]:
    return [post.fields.get(name) for post in found.posts]


def _page(*bodies: str, buttons: str = "回复\n使用道具\n举报\n") -> str:
    """A page of posts by 甲, each with panel, header, body and buttons."""
    panel = "甲\n甲\n当前离线\n积分172\n注册会员\n发消息\n"
    return "".join(f"{panel}{number}#\n发表于 2020-3-4 08:44:{number:02}\n|\n只看该作者\n{body}\n{buttons}" for number, body in enumerate(bodies, 1))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("第一段\n\n\n第二段", id="blank lines"),
        pytest.param("支持", id="a button's word is all they wrote"),
        pytest.param("顶", id="another one"),
        pytest.param("沙发", id="a floor's name"),
        pytest.param("当前离线的人很多", id="words of the card in a sentence"),
        pytest.param("他说\n回复\n就走了", id="a button's word on a line"),
        pytest.param("乙 发表于 2020-3-4 08:44\n引的话\n\n我的话", id="a quotation's attribution"),
        pytest.param("a | b | c", id="bars inside a line"),
        pytest.param("| a |\n|\n| b |x", id="a bar on a line of its own inside"),
        pytest.param("text# a6 I- l @* J/ z. r\n\n/ D1 T# G% ]0 d: Y* l more", id="jammers stay for the scrubber"),
        pytest.param("    indented\n\tcode", id="code inside"),
        pytest.param("积分: 9", id="a line like a panel's"),
        pytest.param("点评\n写得好", id="the heading of comments without comments"),
        pytest.param("评分\n一般", id="the heading of ratings without ratings"),
        pytest.param("他说此帖仅作者可见这几个字", id="the words of a notice in a sentence"),
        pytest.param("第 2 页 / 共 3 页", id="a pager's words"),
        pytest.param("Powered by Discuz! 是页脚", id="a footer's words"),
        pytest.param("x", id="one letter"),
    ],
)
def test_a_body_is_left_alone(body: str) -> None:
    found = read_thread(_page("开头", body, "中间", "结尾"), CHINA)
    assert _texts(found) == ["开头", body, "中间", "结尾"]
    assert not found.left


def test_panels_alone_make_posts_and_lost_bodies_are_missing() -> None:
    found = _read("panels_only.txt")
    assert [post.state for post in found.posts] == ["ok", "missing", "missing"]
    assert [dict(post.stats) for post in found.posts] == [
        {"total_online_hours": 812, "month_online_hours": 9},
        {"花币": 15, "total_online_hours": 40, "month_online_hours": 2},
        {"total_online_hours": 7, "month_online_hours": 1},
    ]
    first = _texts(found)[0]
    assert first is not None
    assert first.startswith("今年的番茄长得不错,阳台上一共收了 4 斤。# a6 I- l @* J/ z. r\n\n/ D1 T#")
    assert first.endswith("下一季打算换成黄瓜。")
    assert (found.thread.tid, found.thread.page, dict(found.thread.fields)) == (None, None, {})
    assert [issue.code for issue in found.issues] == ["bodies-missing"]


def test_a_whole_page() -> None:
    found = _read("thread-52-2-1.txt")
    assert (found.thread.tid, found.thread.page) == (52, 2)
    assert found.thread.fields == {
        "title": "雨天怎么浇花", "views": 412, "replies": 21, "pages_total": 3,
        "extras": {"breadcrumb": ["论坛", "生活", "阳台花园"], "from": {"tid": "file name"}},
    }
    assert _column(found, "author_name") == ["老花匠", "匿名", "已走的人", "小麦", "老花匠"]
    assert _column(found, "author_kind") == [None, "anonymous", "deleted", None, None]
    assert _column(found, "position") == [1, 2, 3, 4, 5]
    assert _column(found, "created_at") == [
        "2020-03-04T00:44:37Z", "2020-03-04T02:02:11Z", "2020-03-05T02:00:00Z", "2020-03-05T23:00:00Z", "2020-03-08T13:03:00Z",
    ]
    assert _column(found, "created_at_precision") == ["second"] * 4 + ["minute"]
    assert [post.state for post in found.posts] == ["ok", "ok", "banned", "ok", "ok"]
    assert found.posts[0].stats == {"credits": 172, "threads": 20, "posts": 1364}
    assert _texts(found) == [
        '3 i+ z$ b* U8 O1 T3 \\3 Y\n\n" T0 |1 x9 c$ S- m# g2 B. \\7 W先看土,再看天。\n  - 土干了才浇',
        "老花匠 发表于 2020-3-4 08:44\n先看土,再看天。\n\n同意,我也是这样做的。",
        "[locked: 作者被禁止或删除 内容自动屏蔽]",
        "支持",
        "[locked: 游客，如果您要查看本帖隐藏内容请回复]\n后面还有一句。",
    ]


def test_what_surrounds_a_body_becomes_fields() -> None:
    first, second, _, _, last = _read("thread-52-2-1.txt").posts
    assert (first.fields["edited_by"], first.fields["edited_at"], first.fields["edited_at_precision"]) == ("老花匠", "2020-03-05T08:21:00Z", "minute")
    assert first.fields["signature"] == "院里养花,心里不慌"
    assert second.fields["quotes"] == [{"pid": None, "author": "老花匠", "at": "2020-03-04T00:44:00Z", "text": None}]
    assert second.fields["comments"] == [{"author": "小麦", "text": "说得好", "at": "2020-03-04T04:00:00Z"}]
    assert last.fields["ratings"] == [{"author": "小麦", "score": 5, "reason": "赞一个!"}, {"author": "匿名者", "score": 2, "reason": "很好"}]
    assert last.fields["extras"] == {"attachments_hidden": True}


@pytest.mark.parametrize(
    ("bodies", "texts"),
    [
        pytest.param(["一\n谢谢", "二\n谢谢"], ["一\n谢谢", "二\n谢谢"], id="the same short word twice is a habit"),
        pytest.param(["顶顶顶顶顶顶", "顶顶顶顶顶顶"], ["顶顶顶顶顶顶", "顶顶顶顶顶顶"], id="the same post twice is no signature"),
        pytest.param(["一\n院里养花心里不慌", "二"], ["一\n院里养花心里不慌", "二"], id="under one of two posts only"),
        pytest.param(["一\n院里养花心里不慌", "二\n院里养花心里不慌"], ["一", "二"], id="under every post of the author"),
        pytest.param(["一\n收藏3\n花", "二\n花", "三"], ["一", "二", "三"], id="known from the first post"),
        pytest.param(["一" + "\n" * 9 + "花" + "\n" * 8, "二" + "\n" * 9 + "草" + "\n" * 8, "三"], ["一", "二", "三"], id="set apart by the layout"),
    ],
)
def test_signatures_leave_the_text_only_where_the_page_shows_them(bodies: list[str], texts: list[str]) -> None:
    assert _texts(read_thread(_page(*bodies), CHINA)) == texts


def test_times_alone_split_posts() -> None:
    """Extractors that drop panels and buttons leave the line with the time; authors are then unknown, not guessed."""
    found = _read("times_only.txt")
    assert _texts(found) == ["链条要先洗再上油。\n第二天再擦一遍。", "学到了\n点评", "木头车架怎么办"]
    assert _column(found, "author_name") == [None, None, None]


def test_traditional_chinese() -> None:
    found = _read("traditional.txt")
    assert _texts(found) == ["去海邊吧。", "好啊"]
    assert _column(found, "author_name") == ["阿明", "阿花"]
    assert _column(found, "position") == [1, 2]
    assert found.posts[0].stats == {"credits": 120, "registered_at": "2010-1-2", "last_login_at": "2012-5-6"}
    assert found.posts[1].fields["edited_by"] == "阿花"
    assert found.thread.fields["title"] == "週末去哪裡"
    assert found.thread.fields["replies"] == 1


def test_a_relative_time_without_the_page_time_is_kept_as_printed() -> None:
    found = read_thread((FLAT / "thread-52-2-1.txt").read_text("utf-8"), CHINA)
    assert "created_at" not in found.posts[4].fields
    assert found.posts[4].fields["extras"]["created_at_text"] == "昨天 21:03"
    assert [issue.code for issue in found.issues] == ["relative-times"]


def test_prose_outside_all_posts_is_not_lost() -> None:
    prose = "\n".join(["这一段不属于任何帖子，但是也不应该丢掉，所以它要作为文档保存下来，让人以后还能找到它，再长一些也没有关系，直到超过六十个字为止。"] * 6)
    found = read_thread(prose + "\n" + _page("正文"), CHINA)
    assert prose in found.left
    assert "text-outside-posts" in [issue.code for issue in found.issues]


def test_the_starters_mark_is_no_floor() -> None:
    """X prints 楼主 on every post of the thread's starter: only the first post of the page may be the first."""
    text = _page("甲的帖", "甲的回帖", "再回").replace("1#", "楼主").replace("2#", "楼主").replace("3#", "楼主")
    assert _column(read_thread(text, CHINA), "position") == [1, None, None]


@given(st.lists(st.text("甲乙 \n|回复举报支持当前离线发表于2020-3-4:#楼主点评评分x", max_size=60), max_size=6))
@settings(deadline=None, max_examples=150)
def test_no_text_is_fatal_and_ordinals_count(bodies: list[str]) -> None:
    found = read_thread(_page(*bodies), CHINA)
    assert [post.ordinal for post in found.posts] == list(range(1, len(found.posts) + 1))
    assert len(found.posts) >= len(bodies)


@given(st.text(st.characters(codec="utf-8"), max_size=300))
@settings(deadline=None, max_examples=150)
def test_every_body_stands_in_its_page(body: str) -> None:
    """What is not a field or a notice stays character for character: prose without any of Discuz's words comes back whole."""
    body = "".join(char for char in body if char not in "\r|·•*_—–-\\").strip() or "x"
    found = read_thread(_page("开头", "字" + body + "字", "尾"), CHINA)
    assert _texts(found)[1] == "字" + body + "字"
