"""The tolerant engine: no posts where there are none, and the posts of pages that nobody knows."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.parser.dates import zone
from forumclean.parser.engines.html import HtmlPage, Parts, open_page
from forumclean.parser.engines.tolerant import MAX_TAGS, TOLERANT
from forumclean.records import Ref

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "html"


def _page(text: str, path: str = "x.html") -> HtmlPage:
    page = open_page(Ref(path=path), text, zone("Asia/Shanghai"))
    assert isinstance(page, HtmlPage)
    return page


def _read(name: str) -> Parts:
    return TOLERANT.read(_page((FOLDER / name).read_text("utf-8")))


def _post(author: int, day: int, words: str, name: str = "") -> str:
    """A post as some skin could print it."""
    return f"""<div class="it"><b><a href="space-uid-{author}.html">{name or f'member{author}'}</a></b>
    <i>发表于 2020-3-{day} 10:00</i><div class="say">{words}</div></div>"""


FIGURES = '<li><a href="space-uid-{0}.html">member{0}</a> 2020-3-{0} 10:00 在线 {0} 小时</li>'
RESULT = '<div><h3><a href="/a/{0}">说说{1}字的写法</a></h3>先写{1}的头一笔，再写其余<a href="/u/m{0}">m{0}</a>2020-3-{0} 10:00</div>'

UNTOUCHED = [
    pytest.param("", id="empty"),
    pytest.param("just text, 2020-1-2 10:00", id="no markup"),
    pytest.param("<p>2020-1-2 10:00</p>" * 5, id="times without members"),
    pytest.param('<p><a href="space-uid-3.html">小满</a> said something</p>' * 5, id="members without times"),
    pytest.param('<?xml version="1.0"?><rss><item><a href="space-uid-3.html">x</a>2020-1-2 10:00 words</item><item/></rss>', id="a feed"),
    pytest.param(_post(1, 2, "one block, and nothing says that this is a thread"), id="not repeated"),
    pytest.param(_post(1, 2, "") + _post(2, 3, "") + _post(3, 4, ""), id="nothing said"),
    pytest.param("".join(map(FIGURES.format, range(1, 9))), id="a table of figures"),
    pytest.param("".join(RESULT.format(n, word) for n, word in enumerate("金木水火土", 1)), id="search results"),
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_pages_without_posts(text: str) -> None:
    """Where nothing is repeated, or the repeated has no text of its own, or leads elsewhere, there are no posts."""
    page = _page(text)
    assert TOLERANT.score(page) == (0.0, ())
    assert (TOLERANT.read(page).kind, TOLERANT.read(page).posts) == ("html", ())


NO_POSTS = [
    "tolerant/article.html", "tolerant/list.html", "tolerant/threads.html", "tolerant/members.html", "tolerant/login.html",
    "lists/forum.html", "lists/index.html", "lists/picture.html", "notices/denied.html", "notices/cloudflare.html", "notices/antitheft.html",
]  # fmt: skip


@pytest.mark.parametrize("name", NO_POSTS)
@pytest.mark.parametrize("renamed", [False, True])
def test_articles_lists_and_notices_hold_no_posts(name: str, *, renamed: bool) -> None:
    """An article with comments, lists of any kind, the index, a login page, notices; also with every name and script gone."""
    text = (FOLDER / name).read_text("utf-8")
    if renamed:
        text = re.sub(r'(?s)<script.*?</script>|<(?:base|link)[^>]*>| (?:class|id)="[^"]*"', "", text)
    assert TOLERANT.read(_page(text)).posts == ()


def test_unknown_skin() -> None:
    """A skin of lists: authors (a number as a name, a deleted member), times, floors, text with its jammer marked, nothing else."""
    parts = _read("tolerant/skin.html")
    assert (parts.kind, parts.view, [thread.fields["title"] for thread in parts.threads]) == ("thread", "flattened", ["水管怎么接"])
    said = [[post.fields.get(name) for name in ("author_name", "author_uid", "created_at", "floor_label")] for post in parts.posts]
    assert said == [
        ["老农", 4, "2020-03-04T00:44:37Z", "楼主"], ["1024", 9, "2020-03-04T01:00:01Z", "沙发"],
        ["已删除的人", None, "2020-03-05T14:10:00Z", "3#"], ["老农", 4, "2020-03-05T23:00:00Z", "4#"],
    ]  # fmt: skip
    texts = [post.body.text for post in parts.posts if post.body is not None]
    assert texts[0] == "接口漏水，缠了三圈生料带还是滴。\n有没有别的办法？, q% [ x3 ~\n先谢了。"
    assert texts[1:3] == ["换个橡胶垫圈，两块钱的事。", "顶"]
    assert texts[3].endswith("换了，好使，这里有图。")
    assert [mark.name for post in parts.posts if post.body is not None for mark in post.body.marks] == ["jammer"]
    assert [issue.code for issue in parts.issues] == ["unknown-skin"]


def test_other_software() -> None:
    """A page of another program: numbers of posts and members, English times, signatures and joining dates left out."""
    parts = _read("tolerant/phpbb.html")
    assert parts.threads[0].fields == {"title": "Leaking pipe"}
    assert [(post.pid, dict(post.fields), post.body and post.body.text) for post in parts.posts] == [
        (501, {"author_name": "farmer", "author_uid": 12, "created_at": "2009-03-14T12:15:00Z", "created_at_precision": "minute"},
         "The joint drips, even with three layers of tape."),
        (502, {"author_name": "Mia", "author_uid": 40, "created_at": "2009-03-14T13:02:00Z", "created_at_precision": "minute"},
         "New rubber washer. Costs nothing and lasts for years."),
        (503, {"author_name": "farmer", "author_uid": 12, "created_at": "2009-03-14T16:40:00Z", "created_at_precision": "minute"},
         "That did it, thanks!"),
    ]  # fmt: skip


def test_posts_of_several_siblings() -> None:
    """Author and time in one element, the text in the next."""
    posts = _read("tolerant/pairs.html").posts
    assert [(post.fields["author_name"], post.body and post.body.text) for post in posts] == [
        ("阿梅", "昨晚的戏真好看，散场时天都黑透了。"), ("老周", "我坐第三排，连锣鼓声都震耳朵。"), ("阿梅", "下周还有一场，要不要一起去？"),
    ]


def test_classes_of_each_post_differ() -> None:
    """Names drawn at random for every element: the bare tags still tell the columns of a table apart."""
    words = ("下了一夜的雨，早上院子里都是桂花。", "我这边没有下，只是风大。", "傍晚收了衣服才下的。", "桂花可以晒干了泡茶。")
    rows = "".join(
        f'<table class="a{n}x"><tr><td class="b{n}y"><p class="c{n}"><a href="space-uid-{n}.html">member{n}</a></p><p>来自第 {n} 区</p></td>'
        f'<td class="{n}d"><p>发表于 2020-3-{n} 10:00</p><div class="z{n * 3}">{said}</div></td></tr></table>'
        for n, said in enumerate(words, 1)
    )
    posts = TOLERANT.read(_page(f"<body>{rows}</body>")).posts
    assert [post.body and post.body.text for post in posts] == list(words)
    assert [post.fields["author_uid"] for post in posts] == [1, 2, 3, 4]


def test_only_post_of_a_thread() -> None:
    """One block is a post where the page's address says that this is a thread."""
    text = f"<h1>雨</h1><div>{_post(3, 2, '下了一夜的雨。')}</div>"
    assert TOLERANT.read(_page(text)).posts == ()
    (post,) = TOLERANT.read(_page(text, "thread-5-1-1.html")).posts
    assert (post.fields["author_name"], post.body and post.body.text) == ("member3", "下了一夜的雨。")


def test_notices_in_place_of_posts() -> None:
    """A blocked post keeps its place and says why, although the skin renamed its box; an anonymous author has no name."""
    text = _post(1, 2, "下了一夜的雨。") + _post(2, 3, "提示: 作者被禁止或删除 内容自动屏蔽") + _post(0, 4, "风大得很，伞都翻了。", "匿名")
    posts = TOLERANT.read(_page(text)).posts
    assert [post.state for post in posts] == ["ok", "banned", "ok"]
    assert (posts[2].fields.get("author_name"), posts[2].fields["author_kind"]) == (None, "anonymous")


def test_what_is_unsure_is_said() -> None:
    """Times that could be two days, and authors without names, are left out and reported."""
    block = '<li><a href="/user/{n}"><img src="{n}.jpg"></a><i>Posted: 03-0{n}-2009</i><div class="m">{said}</div></li>'
    words = ("rain all night long", "only wind here", "tea from dried blossoms")
    text = "".join(block.format(n=n, said=said) for n, said in enumerate(words, 1))
    parts = TOLERANT.read(_page(f"<ul>{text}</ul>"))
    assert all("created_at" not in post.fields for post in parts.posts)
    assert [issue.code for issue in parts.issues] == ["unknown-skin", "author-missing", "time-missing"]


def test_too_much_is_not_searched() -> None:
    """A page with more tags than any forum prints is not searched, and says so."""
    page = _page("<p>2020-1-2 10:00<a href=space-uid-1.html>x</a></p>" * (MAX_TAGS // 4 + 1))
    assert TOLERANT.score(page) == (0.0, ())
    assert [issue.code for issue in TOLERANT.read(page).issues] == ["too-large-to-search"]


@pytest.mark.parametrize("text", [
    pytest.param("<div>" * 3000 + _post(1, 2, "deep down") * 3, id="nested deep"),
    pytest.param((_post(1, 2, "cut in the middle of") + _post(2, 3, "something else, which"))[:-9], id="cut"),
    pytest.param("<table><tr><td><a href=space-uid-1.html>n<td>2020-1-1 10:00 text" * 200, id="nothing closed"),
    pytest.param('<i title="2020-1-1 10:00">a</i><a href="space-uid-1.html">b</a>' * 500, id="titles"),
    pytest.param('<div id=x><div id=x><a href="javascript:alert(1)">2020-1-1</a></div></div>' * 20, id="ids and scripts"),
])
def test_hostile_pages(text: str) -> None:
    """Broken pages give posts with texts of their own, or none; nothing fails."""
    for post in TOLERANT.read(_page(text, "thread-1-1-1.html")).posts:
        assert post.body is not None
        assert "javascript" not in post.body.text


PIECES = [
    "<div>", "</div>", "<p>", "<table><tr><td>", "</table>", "2020-1-2 10:00", '<a href="space-uid-1.html">', "</a>", "发表于", "词", "<li>",
    "<h1>", "some words", "<!--", "-->", "\x00",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_markup_is_read(pieces: list[str]) -> None:
    """No markup makes the engine fail, and what it finds is numbered from 1."""
    page = _page("".join(pieces), "thread-1-1-1.html")
    assert [post.ordinal for post in TOLERANT.read(page).posts] == list(range(1, len(TOLERANT.read(page).posts) + 1))
