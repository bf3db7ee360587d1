"""HTML that can be shown (markup/sanitise.py)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.parser.markup.sanitise import ATTRIBUTES, TAGS, sanitise

UNTOUCHED = [
    pytest.param("", id="empty"),
    pytest.param("text &lt;b&gt; &amp;amp; text<br>\nmore&nbsp;", id="text and breaks"),
    pytest.param("<b>a</b><i>b</i><strike>c</strike>", id="formatting"),
    pytest.param('<div class="quote"><blockquote>q</blockquote></div>', id="quotation"),
    pytest.param('<div class="blockcode"><ol><li>x</li></ol></div>', id="code"),
    pytest.param('<font color="red">a</font>', id="colour"),
]


@pytest.mark.parametrize("html", UNTOUCHED)
def test_what_members_format_stays(html: str) -> None:
    """What BBCode gives comes through as it is."""
    assert sanitise(html) == html


@pytest.mark.parametrize(("html", "safe"), [
    pytest.param("a<script>b</script><style>c</style>d", "ad", id="script and style with their content"),
    pytest.param('<img src="a.png" onerror="x()">', '<img src="a.png">', id="handlers"),
    pytest.param('<a href="javascript:x()">a</a>', '<a rel="noopener noreferrer">a</a>', id="script links"),
    pytest.param('<div id="post_9" class="sign quote" style="position:fixed;color:red">a</div>', '<div class="quote" style="color:red">a</div>', id="ids, classes, positions"),
    pytest.param("<b>open", "<b>open</b>", id="unclosed"),
    pytest.param("<form><input><b>a</b></form><iframe src=x>y</iframe>", "<b>a</b>", id="forms and frames"),
    pytest.param("a<!-- b -->c", "ac", id="comments"),
])  # fmt: skip
def test_what_runs_or_disguises_goes(html: str, safe: str) -> None:
    """Nothing runs, loads a page, asks for input, or lies over the page."""
    assert sanitise(html) == safe


def test_links_become_absolute() -> None:
    """Relative to the base that is given, and only then."""
    assert sanitise('<img src="i.png">', "http://b.example/x/") == '<img src="http://b.example/x/i.png">'
    assert sanitise('<img src="i.png">') == '<img src="i.png">'


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(["<b>", "</b>", "<svg>", "<math>", "<style>", "</style>", "<img src=x onerror=y>", "<table>", "<td>", "<!--", "-->",
                                 "<a href='javascript:x'>", "<p title='--&gt;<script>'>", "<noscript>", "<template>", "x", "&lt;script&gt;", "\x00"]), max_size=14))
def test_only_what_the_tables_name(parts: list[str]) -> None:
    """Whatever comes in, only the listed elements and attributes come out."""
    html = sanitise("".join(parts), "http://b.example/")
    for name, attributes in re.findall(r"<([a-z0-9]+)((?:\s[a-z-]+=\"[^\"]*\")*)\s*/?>", html):
        assert name in TAGS
        allowed = ATTRIBUTES.get(name, set()) | ATTRIBUTES["*"] | {"class", "rel"}
        assert {attribute.split("=")[0] for attribute in re.findall(r"[a-z-]+=(?=\")", attributes)} <= {f"{each}" for each in allowed}
    assert "javascript:" not in html
    assert "<script" not in html
