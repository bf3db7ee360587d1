"""How a board writes the addresses of its pages is learnt from its links."""

from __future__ import annotations

import time

import pytest

from forumclean.parser.url_forms import page_url

BASE = '<base href="http://b.example/bbs/" />'


@pytest.mark.parametrize("html", [
    pytest.param("", id="nothing"),
    pytest.param('<a href="forum.php?mod=forumdisplay&fid=6">x</a> thread-1-1-1.html tid=5', id="no link to a thread"),
    pytest.param('<a href="home.php?mod=space&uid=1&tid=3">x</a>', id="a link to something else"),
    pytest.param('<a href="forum.php?mod=post&action=reply&fid=6&tid=52">x</a>', id="a link to a form"),
])
def test_where_no_link_shows_it_nothing_is_invented(html: str) -> None:
    assert page_url(BASE + html) is None


@pytest.mark.parametrize(("html", "url", "form"), [
    pytest.param(
        BASE + '<a href="forum.php?mod=viewthread&amp;tid=52&amp;page=2">2</a>', None,
        "http://b.example/bbs/forum.php?mod=viewthread&tid={tid}&page={page}", id="Discuz X, with a base"),
    pytest.param(
        BASE + "<a href='thread-52-2-1.html'>2</a>", None, "http://b.example/bbs/thread-{tid}-{page}-1.html", id="rewritten"),
    pytest.param(
        '<a href="viewthread.php?tid=52&amp;page=2">2</a>', "http://b.example/viewthread.php?tid=52",
        "http://b.example/viewthread.php?tid={tid}&page={page}", id="Discuz 6, fetched from"),
    pytest.param(
        '<link href="http://b.example/thread-52-1-1.html" rel="canonical" /><a href="thread-52-2-1.html">2</a>', None,
        "http://b.example/thread-{tid}-{page}-1.html", id="by the page's own address"),
    pytest.param('<a href="thread-52-2-1.html">2</a>', None, "thread-{tid}-{page}-1.html", id="a mirror that does not say where it is from"),
    pytest.param(
        BASE + '<a href="thread-52-2-1.html">2</a><a href="thread-52-3-1.html">3</a><a href="http://other.example/forum.php?mod=viewthread&tid=9">x</a>',
        None, "http://b.example/bbs/thread-{tid}-{page}-1.html", id="a member's link to another board"),
])
def test_the_form_of_most_links(html: str, url: str | None, form: str) -> None:
    assert page_url(html, url) == form


@pytest.mark.parametrize("html", ['href="' * 100_000, 'href="' + "a" * 200_000 + "tid=1", "tid=" * 200_000, "<link " * 50_000, "<base " + "x" * 100_000])
def test_hostile_pages_cost_little(html: str) -> None:
    begun = time.process_time()
    assert page_url(html) is None
    assert time.process_time() - begun < 2
