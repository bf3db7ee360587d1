"""Pages that html2text made: posts, authors, times and texts as in a plain copy; what members wrote in signs of Markdown stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.parser.dates import zone
from forumclean.parser.engines.flat_dialects import plain_form
from forumclean.parser.engines.flat_markdown import is_markdown, without_markdown
from forumclean.parser.engines.flat_thread import FlatThread, read_thread

CHINA = zone("+08:00")


def post(name: str, uid: int, floor: str, text: str, below: str = "") -> str:
    """As html2text 2020 and later draw a post of X."""
    tool = f"[只看该作者](forum.php?mod=viewthread&tid=7&page=1&authorid={uid})"
    return (
        f"[{name}](home.php?mod=space&uid={uid}) **[{name}](home.php?mod=space&uid={uid})**\n_当前离线_\n\n积分\n\n    [9](home.php?mod=space&uid={uid}&do=profile)\n"
        f"[![](http://board.example/uc_server/avatar.php?uid={uid})](home.php?mod=space&uid={uid}) | [20](home.php?mod=space&uid={uid}&do=thread)主题| "
        f"[1364](home.php?mod=space&uid={uid}&do=thread&type=reply)帖子| [9](home.php?mod=space&uid={uid}&do=profile)积分 _[新手上路](home.php?gid=1)_\n\n"
        f"|  **[ {floor}](forum.php?mod=redirect&goto=findpost&ptid=7&pid={uid}) ** ![](static/image/common/online_member.gif) _发表于 2020-3-4 08:44:37_ | "
        f"{tool} |  {text}  \n---  \n  \n{below}|\n_[回复](forum.php?mod=post&action=reply&fid=2&tid=7) _\n[使用道具](javascript:;) [举报](javascript:;)\n\n  \n|  \n  \n"
    )


def texts(page: str) -> list[str | None]:
    return [None if one.body is None else one.body.text for one in read_thread(page, CHINA).posts]


@pytest.mark.parametrize("text", ["a * b * c", "x[i](j) = 2", "snake_case_name", "2**n", "# 一级", "> 引", "f(**kw)", "a_b _ c", "1) b", "| a | b |"])
def test_what_members_wrote_stays(text: str) -> None:
    """On pages that are not Markdown at all, and inside a post of one that is."""
    assert plain_form(f"正文\n{text}") == f"正文\n{text}"
    assert texts(post("老花匠", 20, "楼主", f"先看土  \n{text}"))[0] == f"先看土\n{text}"


def test_posts_of_a_page() -> None:
    found: FlatThread = read_thread(post("老花匠", 20, "楼主", "一") + post("小麦", 21, "_5_ #", "二  \n  \n三", "_院里养花_  \n"), CHINA)
    assert [(one.fields.get("author_name"), one.fields.get("position"), one.fields["created_at"], one.fields.get("signature"), dict(one.stats)) for one in found.posts] == [
        ("老花匠", 1, "2020-03-04T00:44:37Z", None, {"credits": 9, "threads": 20, "posts": 1364}),
        ("小麦", 5, "2020-03-04T00:44:37Z", "院里养花", {"credits": 9, "threads": 20, "posts": 1364}),
    ]
    assert [one.body and one.body.text for one in found.posts] == ["一", "二\n\n三"]


@pytest.mark.parametrize(
    ("drawn", "meant"),
    [
        (r"1\. 一  " + "\n" + r"\- 二  " + "\n" + r"\+ 三", "1. 一\n- 二\n+ 三"),
        (r"C:\\\[a", "C:\\[a"),
        ('[字](http://a.example/b_(c).html "题") 和 <http://a.example/>', "字 和 http://a.example/"),
        ("**加粗的字**与_斜体的字_ 完", "加粗的字与_斜体的字_ 完"),
        ("_斜体的字_ 完", "斜体的字 完"),
        ("![](http://a.example/p.jpg) ![](static/image/smiley/default/lol.gif) ![](static/image/filetype/zip.gif)完", "[image: http://a.example/p.jpg] [smiley: lol] 完"),
        ("  1. int a;  \n\n  2. int b;", "int a;\nint b;"),
    ],
)
def test_what_the_extractor_drew_is_undone(drawn: str, meant: str) -> None:
    assert texts(post("老花匠", 20, "楼主", f"看  \n{drawn}"))[0] == f"看\n{meant}"


def test_filled_lines_are_joined() -> None:
    """Only where the next word would not have fitted; the page's own ends stay."""
    long = "word " * 14 + "endofline"
    assert texts(post("老花匠", 20, "楼主", f"看  \n{long}\nnextword tail\nshort  \n{long} -\nshort"))[0] == f"看\n{long} nextword tail\nshort\n{long} - short"


def test_rules_inside_a_text() -> None:
    """A table has a rule of its own; the last one ends the text."""
    assert texts(post("老花匠", 20, "楼主", "表  \na| b  \n---|---  \nc| d", "签名\n") + post("小麦", 21, "沙发", "好")) == ["表\na| b\nc| d", "好"]


@given(st.text('[](){}*_|->#\\ \n发表于只看该作者1.:!"http', max_size=200))
def test_nothing_breaks(text: str) -> None:
    page = f"{text}\n[只看该作者](a.php)\n{text}"
    assert is_markdown(page)
    assert isinstance(without_markdown(page), str)
