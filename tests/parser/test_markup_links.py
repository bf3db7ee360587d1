"""Links of a message: absolute, without tokens, and what counts in a content hash (markup/links.py)."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.parser.markup.links import attachment_id, canonical, canonical_targets, read_aid, resolve

BASE = "http://bbs.example.org/board/"


@pytest.mark.parametrize(("url", "absolute"), [
    pytest.param("https://a.example/x?y#z", "https://a.example/x?y#z", id="absolute"),
    pytest.param("thread-7-1-1.html", BASE + "thread-7-1-1.html", id="relative to <base>, not to the page"),
    pytest.param("//c.example/x", "http://c.example/x", id="without a scheme"),
    pytest.param("ed2k://|file|x|1|", "ed2k://|file|x|1|", id="schemes that members link to"),
    pytest.param("javascript:alert(1)", "", id="script"),
    pytest.param(" java\nscript:alert(1)", "", id="script with blanks"),
    pytest.param("data:text/html,x", "", id="data"),
    pytest.param("http://[broken/", "http://[broken/", id="broken address"),
])  # fmt: skip
def test_links_are_resolved(url: str, absolute: str) -> None:
    """What runs is no link; the rest is absolute."""
    assert resolve(url, BASE) == absolute


@pytest.mark.parametrize("url", [
    pytest.param("http://a.example/?aid=7", id="another site's aid"),
    pytest.param("forum.php?mod=viewthread&tid=7", id="no attachment"),
    pytest.param("forum.php?mod=attachment&aid=%%%", id="no number"),
    pytest.param("forum.php?mod=attachment&aid=bm9wZQ", id="base64 of something else"),
])  # fmt: skip
def test_not_an_attachment(url: str) -> None:
    """Only Discuz's own links are for attachments, and only if they say which."""
    assert attachment_id(url) is None


@given(st.integers(1, 10**9), st.text("0123456789abcdef", min_size=8, max_size=8), st.integers(0, 2**31))
def test_packed_numbers_come_back(aid: int, key: str, at: int) -> None:
    """Whatever key and time an attachment link carries, with or without padding, it is the same link."""
    packed = base64.b64encode(f"{aid}|{key}|{at}|0|5".encode()).decode()
    assert read_aid(packed) == read_aid(packed.rstrip("=")) == read_aid(packed.replace("=", "%3D")) == read_aid(str(aid)) == aid
    assert canonical_targets(f'<a href="forum.php?mod=attachment&amp;aid={packed}">x</a>') == (f"aid:{aid}",)


def test_tokens_do_not_count() -> None:
    """Form hashes, sessions and the list page one came from change with each capture."""
    one = canonical("http://b.example/forum.php?mod=viewthread&tid=5&extra=page%3D2&formhash=12ab&page=3#pid9")
    assert one == canonical("http://b.example/forum.php?mod=viewthread&tid=5&sid=x1&page=3#pid9") == "http://b.example/forum.php?mod=viewthread&tid=5&page=3#pid9"


def test_targets_are_links_and_pictures_in_order() -> None:
    """Anchors without a target and scripts are none."""
    html = '<a>x</a><a href="javascript:x">y</a><img src="i.png" alt=""><b><a href="t.html" title="a>b">z</a></b>'
    assert canonical_targets(html, BASE) == (BASE + "i.png", BASE + "t.html")
    assert canonical_targets("no < markup & no tags") == ()
