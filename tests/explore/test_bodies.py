"""What a post looks like: nothing in it can run, what it mentions leads to our pages, and its own words stay as they are."""

from __future__ import annotations

import pytest

from forumclean.explore.bodies import Surroundings, body, from_html, from_text

AROUND = Surroundings(
    find=lambda url: f"/-/find?url={url}", hosts=frozenset({"bbs.example.org"}), anchors={801: "#p1"},
    pictures={"http://bbs.example.org/a.jpg": "/-/asset/7"},
)


@pytest.mark.parametrize("html", [
    pytest.param("一行<br>\n两行", id="line breaks"),
    pytest.param("a &lt;b&gt; &amp; c", id="escaped text"),
    pytest.param('<div class="quote"><blockquote>引用</blockquote></div>', id="quote"),
    pytest.param('<div class="blockcode"><div><ol><li>for i in *; do</li></ol></div></div>', id="code"),
    pytest.param('<font color="#f00">红</font><strong>粗</strong>', id="members' colours"),
])
def test_left_alone(html: str) -> None:
    assert str(from_html(html, AROUND)) == html


@pytest.mark.parametrize(("text", "shown"), [
    pytest.param("一行\n  两行", '<div class="lines">一行\n  两行</div>', id="blanks and breaks"),
    pytest.param("<script>alert(1)</script>", '<div class="lines">&lt;script&gt;alert(1)&lt;/script&gt;</div>', id="markup is text"),
    pytest.param("看 [2] 和 a[0]", '<div class="lines">看 [2] 和 a[0]</div>', id="brackets"),
    pytest.param(">不是引用", '<div class="lines">&gt;不是引用</div>', id="a sign is no quotation"),
])
def test_text_left_alone(text: str, shown: str) -> None:
    assert str(from_text(text, AROUND)) == shown


@pytest.mark.parametrize(("html", "href"), [
    pytest.param("http://bbs.example.org/forum.php?mod=redirect&amp;goto=findpost&amp;pid=801&amp;ptid=5", "#p1", id="a post of this page"),
    pytest.param("http://bbs.example.org/thread-9-1-1.html", "/-/find?url=http://bbs.example.org/thread-9-1-1.html", id="a thread of this board"),
    pytest.param("thread-9-1-1.html", "/-/find?url=thread-9-1-1.html", id="relative, base unknown"),
    pytest.param("http://other.example.org/thread-9-1-1.html", "http://other.example.org/thread-9-1-1.html", id="another board"),
    pytest.param("http://bbs.example.org/data/x.zip", "http://bbs.example.org/data/x.zip", id="a file of this board"),
    pytest.param("magnet:?xt=urn:btih:x", "magnet:?xt=urn:btih:x", id="another scheme"),
])
def test_links(html: str, href: str) -> None:
    assert f'href="{href}"' in str(from_html(f'<a href="{html}">x</a>', AROUND)).replace("&amp;", "&")


def test_a_link_to_nowhere_is_none() -> None:
    assert "href" not in from_html('<a href="data/x.zip">x</a>', AROUND)


def test_a_picture_is_its_local_copy() -> None:
    assert '<img src="/-/asset/7" alt="a.jpg" loading="lazy">' in from_html('<img src="http://bbs.example.org/a.jpg">', AROUND)


@pytest.mark.parametrize("html", ['<img src="http://x.example/b%20c.png">', '<a href="http://x.example/"><img src="http://x.example/b%20c.png"></a>'])
def test_a_picture_that_is_not_here_is_named_and_not_fetched(html: str) -> None:
    shown = str(from_html(html, AROUND))
    assert "b c.png" in shown
    assert "<img" not in shown
    assert shown.count("<a ") == 1


def test_quoted_lines_are_one_quotation() -> None:
    assert str(from_text("> 甲\n> 乙\n我看", AROUND)) == (
        '<div class="quote"><blockquote><div class="lines">甲\n乙</div></blockquote></div><div class="lines">我看</div>'
    )


def test_notes_in_brackets() -> None:
    shown = str(from_text("[image: http://bbs.example.org/a.jpg] [locked: 请回复] http://bbs.example.org/thread-9-1-1.html。", AROUND))
    assert '<img src="/-/asset/7"' in shown
    assert '<span class="locked">请回复</span>' in shown
    assert 'href="/-/find?url=http://bbs.example.org/thread-9-1-1.html"' in shown
    assert shown.endswith("</a>。</div>")


@pytest.mark.parametrize("html", [
    "<script>hurt()</script>", "<img src=x onerror=hurt()>", "<svg onload=hurt()>", '<a href="javascript:hurt()">x</a>', "<iframe src=javascript:hurt()>",
    '<img src="http://a/b" alt="&quot; onerror=hurt() x=&quot;">', '<a href="http://a/&quot; onclick=hurt() &quot;">x</a>', '<math><mi//xlink:href="data:x,<script>hurt()</script>">',
    '<p style="background:url(javascript:hurt())">x</p>', "<img src='http://a/<script>hurt()</script>'>", "<form action=javascript:hurt()><button>x</button></form>",
])
def test_nothing_can_run(html: str) -> None:
    """No handler, script, frame or form is left, in whatever place it was written."""
    shown = str(body(None, html, AROUND))
    tags = shown.replace("&quot;", "").split("<")[1:]
    assert not [tag for tag in tags if tag.startswith(("script", "svg", "iframe", "form", "math", "button")) or ("on" in tag.partition(">")[0] and '"' not in tag)]
    assert "javascript:" not in shown


def test_hostile_length_is_linear() -> None:
    """A megabyte of opened tags, and of brackets, comes back."""
    assert from_html("<a " * 300_000, AROUND) is not None
    assert from_text("[image: " * 130_000, AROUND).endswith("</div>")
