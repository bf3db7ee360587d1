"""Which page of which thread: the witnesses and their order."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.parser.page_identity import identify, mirror_url, report_url

VARIABLES = "<script>var fid = parseInt('37'), tid = parseInt('33');</script>"


def _report(url: str) -> str:
    return f"<script>var REPORTURL = '{b64encode(url.encode()).decode()}', SITEURL = 'http://b.example/';</script>"


SILENT = [
    pytest.param("", id="empty"),
    pytest.param("<p>var tid = parseInt('33');</p>", id="a member's words are in no script"),
    pytest.param("&lt;script&gt;tid = parseInt('33');&lt;/script&gt;", id="an escaped script"),
    pytest.param("<script>tid = parseInt('');fid = parseInt('0')</script>", id="empty variables"),
    pytest.param("<script>REPORTURL = 'bm90IGEgdXJs'</script>", id="base64 of no URL"),
    pytest.param("<script>REPORTURL = '!!!!!!!!!!!!'</script>", id="no base64"),
    pytest.param("<script>var tid = parseInt('3')", id="a script without an end"),
    pytest.param("<body><a href='http://b.example/thread-3-1-1.html' rel=canonical></a></body>", id="a link in the body"),
    pytest.param("<meta name=description content='http://b.example/thread-3-1-1.html'>", id="words of the first post"),
]


@pytest.mark.parametrize("text", SILENT)
def test_nothing_is_guessed(text: str) -> None:
    """A page that does not say what it is, is nothing in particular."""
    page = identify(text)
    assert (page.tid, page.fid, page.page, page.host, dict(page.how)) == (None, None, None, None, {})


ANSWER = '<a href="post.php?action=reply&amp;fid=37&amp;tid=33&amp;extra=">'
ANSWER_X = '<a href="forum.php?mod=post&action=reply&fid=37&extra=page%3D1&tid=33&repquote=5">'


@pytest.mark.parametrize(("text", "how"), [
    pytest.param(VARIABLES.upper().replace("PARSEINT", "parseInt").replace("FID", "fid").replace("TID", "tid"), "script", id="tags in capitals, as old browsers save"),
    pytest.param(ANSWER + ANSWER_X, "reply", id="no scripts: the links to answer"),
])
def test_saved_pages(text: str, how: str) -> None:
    """What programs that save pages make of them says the same."""
    page = identify(text)
    assert (page.fid, page.tid, page.how["fid"], page.how["tid"]) == (37, 33, how, how)


@pytest.mark.parametrize("text", [
    pytest.param(ANSWER + ANSWER.replace("tid=33", "tid=34"), id="two threads"),
    pytest.param(ANSWER.replace("reply", "newthread"), id="a link to begin a thread"),
])
def test_links_that_disagree_say_nothing(text: str) -> None:
    """A member can link to another thread's form: then no link is believed."""
    assert (identify(text).fid, identify(text).tid) == (None, None)


def test_script_goes_first() -> None:
    """The page's own variables win, and who says otherwise is named."""
    page = identify(VARIABLES + _report("http://b.example/forum.php?mod=viewthread&tid=34"), path="thread-33-2-1.html")
    assert (page.fid, page.tid, page.page) == (37, 33, 1)
    assert dict(page.how) == {"tid": "script", "fid": "script", "page": "reporturl", "host": "reporturl"}
    assert page.conflicts == ("tid: script 33, reporturl 34", "page: reporturl 1, file 2")


def test_pager_goes_before_everything() -> None:
    """The page number that is printed wins: Discuz shows the last page for numbers beyond it."""
    page = identify(_report("http://b.example/forum.php?mod=viewthread&tid=34&page=99"), printed_page=5)
    assert (page.page, page.how["page"]) == (5, "pager")


def test_canonical_names_no_page() -> None:
    """Discuz writes the canonical link of page 1 on every page."""
    page = identify('<head><link href="http://b.example/thread-3-1-1.html" rel="canonical"></head>', path="thread-3-4-1.html")
    assert (page.kind, page.host, page.tid, page.page, page.how["page"], page.conflicts) == ("thread", "b.example", 3, 4, "file", ())


@pytest.mark.parametrize(("comment", "url"), [
    pytest.param("<!-- Mirrored from b.example/thread-3-2-1.html by HTTrack Website Copier/3.x -->", "http://b.example/thread-3-2-1.html", id="HTTrack"),
    pytest.param("<!-- saved from url=(0034)http://b.example/thread-3-2-1.html -->", "http://b.example/thread-3-2-1.html", id="a browser"),
    pytest.param("<!--\n Page saved with SingleFile \n url: http://b.example/?a=1&amp;b=2 \n saved date: x-->", "http://b.example/?a=1&b=2", id="SingleFile"),
    pytest.param("<!-- from http://b.example/ -->", None, id="another comment"),
])
def test_mirrors_say_where_from(comment: str, url: str | None) -> None:
    """Programs that save pages leave their address in a comment."""
    assert mirror_url(f"<html>{comment}") == url


def test_container_and_mirror_before_the_file() -> None:
    """The address in a container, then the mirror's comment, then the name of the file."""
    comment = "<!-- Mirrored from m.example/thread-4-1-1.html by HTTrack -->"
    assert identify(comment, url="http://w.example/thread-3-1-1.html", path="thread-5-1-1.html").tid == 3
    assert identify(comment, path="thread-5-1-1.html").tid == 4
    assert identify("", path="thread-5-1-1.html").tid == 5


def test_base_of_links() -> None:
    """Links refer to ``<base href>`` where it is absolute, else to the board's root, else to the page."""
    assert identify('<base href="http://b.example/bbs/">' + _report("http://c.example/x/forum.php")).base == "http://b.example/bbs/"
    assert identify("<base >" + _report("http://c.example/x/forum.php")).base == "http://b.example/"
    assert identify("", url="http://d.example/thread-1-1-1.html").base == "http://d.example/thread-1-1-1.html"


def test_printable_and_archiver_have_no_first_page() -> None:
    """A printable page holds all pages: it has no number."""
    assert identify(_report("http://b.example/forum.php?mod=viewthread&action=printable&tid=3")).page is None


def test_parts_of_a_thread() -> None:
    """One author's posts are no page of the thread."""
    assert identify(_report("http://b.example/forum.php?mod=viewthread&tid=3&authorid=7")).part


def test_report_url_in_gbk() -> None:
    """The address is in the page's own charset."""
    assert report_url(f"REPORTURL = '{b64encode('http://b.example/?n=老王'.encode('gbk')).decode()}'") == "http://b.example/?n=老王"


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_is_read(text: str, path: str) -> None:
    """Nothing on a page makes identification fail."""
    for found in (identify(text, path, path), identify(f"<head><script>{text}</script><link {text}><base href={path}>", path, path, 3)):
        assert found.tid is None or found.tid > 0
