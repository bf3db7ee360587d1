"""Where an extractor dropped names, panels, floors and whole heads of posts, nothing is said of their places in the thread."""

from __future__ import annotations

import pytest

from forumclean.parser import parse
from forumclean.records import Post, RawDocument
from forumclean.settings import Settings

TIMES = "怎么浇花\n发表于 2015-1-25 12:21:26|只看该作者\n先看土再看天。\n发表于 2015-1-25 21:48:01|只看该作者\n一次浇透。\n"
NAMED = "小麦 发表于 2015-1-25 12:21:26 | 只看该作者\n先看土再看天。\n老花匠 发表于 2015-1-25 21:48:01 | 只看该作者\n一次浇透。\n"
FLOORS = "沙发\n发表于 2015-1-25 12:21:26 | 只看该作者\n先看土再看天。\n板凳\n发表于 2015-1-25 21:48:01 | 只看该作者\n一次浇透。\n"
CARDS = "当前离线\n经验: 5\n发表于 2015-1-25 12:21:26 | 只看该作者\n先看土再看天。\n当前离线\n经验: 6\n发表于 2015-1-25 21:48:01 | 只看该作者\n一次浇透。\n"


def _posts(text: str) -> tuple[Post, ...]:
    page, = parse(RawDocument.from_bytes(text.encode(), path="thread-52-1-1.txt"), Settings())
    return page.posts


@pytest.mark.parametrize("text", [pytest.param(NAMED, id="names"), pytest.param(FLOORS, id="floors"), pytest.param(CARDS, id="panels")])
def test_names_floors_or_panels_are_enough(text: str) -> None:
    posts = _posts(text)
    assert len(posts) == 2
    assert not any("heads_lost" in post.fields for post in posts)


def test_times_alone_are_no_places() -> None:
    assert [post.fields.get("heads_lost") for post in _posts(TIMES)] == [True, True]


def test_the_mark_of_the_starter_alone_is_no_first_post() -> None:
    """X prints 楼主 (thread starter) above each of the starter's posts."""
    posts = _posts(TIMES.replace("发表于 2015-1-25 21", "楼主\n发表于 2015-1-25 21"))
    assert [(post.fields.get("heads_lost"), post.fields.get("position"), post.fields.get("is_first")) for post in posts] == [(True, None, None)] * 2
