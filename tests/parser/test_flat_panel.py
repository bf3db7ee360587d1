"""The author panel: figures behind labels, in every arrangement, and nothing that is no figure."""

from __future__ import annotations

import pytest

from forumclean.parser.panel import CARD, figures, is_panel_line


@pytest.mark.parametrize(
    "lines",
    [["经验:"], ["天策币:", "威望："], ["注册会员"], ["说得好，33 楼的朋友"], ["2020-3-4 08:44"], ["第 3 页"], ["12"], ["主题"], []],
)
def test_no_figure(lines: list[str]) -> None:
    assert figures(lines) == {}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["总在线: 4222 小时", "本月在线: 33 小时"], {"total_online_hours": 4222, "month_online_hours": 33}, id="online hours"),
        pytest.param(["20主题1364帖子172积分"], {"threads": 20, "posts": 1364, "credits": 172}, id="number card on one line"),
        pytest.param(["20", "主题", "1364", "帖子", "172", "积分"], {"threads": 20, "posts": 1364, "credits": 172}, id="number first"),
        pytest.param(["积分", "172", "20", "主题", "1364", "帖子"], {"credits": 172, "threads": 20, "posts": 1364}, id="label first, then a card"),
        pytest.param(["积分172"], {"credits": 172}, id="glued"),
        pytest.param(["花币: 7 枚"], {"花币": 7}, id="a board's own credits keep their name"),
        pytest.param(["威望: -3", "金钱: 12.5 元"], {"prestige": -3, "money": 12.5}, id="negative and fraction"),
        pytest.param(["帖子: 1.2万"], {"posts": "1.2万"}, id="rounded figures stay as printed"),
        pytest.param(["註冊時間: 2010-1-2", "UID: 77"], {"registered_at": "2010-1-2", "uid": 77}, id="dates stay as printed"),
        pytest.param(["积分: 1", "积分: 2"], {"credits": 1}, id="the first one counts"),
    ],
)
def test_figures(lines: list[str], expected: dict[str, object]) -> None:
    assert figures(lines) == expected


@pytest.mark.parametrize("line", ["今天收了 4 斤番茄", "回复", "字" * 200, "", "http://example.org:80"])
def test_lines_of_a_body(line: str) -> None:
    assert not is_panel_line(line)


@pytest.mark.parametrize("line", ["经验:", "总在线: 5 小时", "注册会员", "发消息", "Rank: 7Rank: 7", "注册会员, 积分 172, 距离下一级还需 28 积分", "主题"])
def test_lines_of_a_panel(line: str) -> None:
    assert is_panel_line(line)


@pytest.mark.parametrize(("line", "name"), [("当前离线", ""), ("老王 当前在线", "老王"), ("老王当前离线", "老王")])
def test_cards(line: str, name: str) -> None:
    card = CARD.match(line)
    assert card is not None
    assert card["name"] == name


def test_a_sentence_is_no_card() -> None:
    assert CARD.match("他当前离线了") is None
