"""What reads like a time or a member on boards of any software."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.parser.dates import zone
from forumclean.parser.engines.tolerant_signs import is_name, member_in, resolve, time_within

CHINA = zone("+08:00")


@pytest.mark.parametrize("href", [
    "forum.php?mod=viewthread&tid=7", "thread-7-1-1.html", "viewtopic.php?t=3&u=4", "javascript:;", "http://example.com/", "user/login",
    "home.php?mod=space&uid=7&do=thread", "member.php?mod=register", "forum.php?mod=redirect&goto=findpost&ptid=1&pid=2",
])
def test_other_links_are_no_members(href: str) -> None:
    """Threads, buttons and parts of a member's space are not the member."""
    assert member_in(href) is None


@pytest.mark.parametrize(("href", "uid"), [
    ("home.php?mod=space&uid=7", 7), ("space-uid-7.html", 7), ("space.php?uid=7", 7), ("./memberlist.php?mode=viewprofile&u=12&sid=0a", 12),
    ("member.php?9-farmer", 9), ("members/farmer.9/", 9), ("index.php?action=profile;u=5", 5), ("/u/farmer", None), ("users/farmer", None),
])  # fmt: skip
def test_members(href: str, uid: int | None) -> None:
    """Members' links of Discuz and other programs, with the number where there is one."""
    found = member_in(href)
    assert found is not None
    assert found.uid == uid


@pytest.mark.parametrize(("words", "name"), [
    ("", False), ("只看该作者", False), ("加好友", False), ("view user's profile", False), ("字" * 41, False), ("1024", True), ("A.B.C", True), ("老农", True),
])  # fmt: skip
def test_names(words: str, *, name: bool) -> None:
    """Buttons are no names; numbers can be."""
    assert is_name(words) is name


@pytest.mark.parametrize("text", ["", "no time", "12 楼", "v1.2.3", "积分 2020", "10:20", "字" * 170 + "2020-1-2"])
def test_no_times(text: str) -> None:
    """Numbers, versions and long prose hold no posting time."""
    assert time_within(text) is None


@pytest.mark.parametrize(("text", "found", "at"), [
    ("发表于 2020-3-4 08:44:37 | 只看该作者", ("2020-3-4 08:44:37", True), "2020-03-04T00:44:37Z"),
    ("by farmer » Sat Mar 14, 2009 8:15 pm", ("Mar 14, 2009 8:15 pm", True), "2009-03-14T12:15:00Z"),
    ("14 March 2009 - 20:15", ("14 March 2009", False), "2009-03-13T16:00:00Z"),
    ("Posted: 03-04-2009, 08:15", ("03-04-2009, 08:15", True), None),
    ("March 45, 2009", ("March 45, 2009", False), None),
])
def test_times(text: str, found: tuple[str, bool], at: str | None) -> None:
    """What is written, whether it is called a posting time, and the moment where it says one."""
    assert time_within(text) == found
    when = resolve(found[0], CHINA, None)
    assert (None if when is None else when.at) == at


@pytest.mark.parametrize(("written", "at"), [
    ("2020-03-04T08:44:37+09:00", "2020-03-03T23:44:37Z"), ("2020-03-04T08:44:37Z", "2020-03-04T08:44:37Z"), ("2020-03-04T08:44", "2020-03-04T00:44:00Z"),
    ("2020-13-04T08:44", None), ("12 Dec 2009 12:30 am", "2009-12-11T16:30:00Z"),
])  # fmt: skip
def test_exact_times(written: str, at: str | None) -> None:
    """ISO in attributes; midnight on the English clock; no thirteenth month."""
    when = resolve(written, CHINA, None)
    assert (None if when is None else when.at) == at


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    """Nothing makes the readers fail."""
    member_in(text)
    assert is_name(text) in {True, False}
    if (found := time_within(text)) is not None:
        when = resolve(found[0], CHINA, None)
        assert when is None or when.at.endswith("Z")
