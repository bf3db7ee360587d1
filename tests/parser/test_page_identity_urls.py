"""URLs of boards: what they say, and what they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.parser.board_urls import MAX_URL, Target, host_of, read_path, read_url, unquote

SILENT = [
    pytest.param("", "index", id="nothing: the folder itself"),
    pytest.param("article-12-1.html", "other", id="a portal article is no thread"),
    pytest.param("forum-faq.html", "other", id="no page: not the default rule"),
    pytest.param("my notes/t-1.html", "other", id="a name that somebody chose"),
    pytest.param("notthread-1-1-1.html", "other", id="the end of another word"),
    pytest.param("thread-1-1-1.html.bak", "other", id="the beginning of another name"),
    pytest.param("forum.php?mod=post&action=newthread&fid=2", "other", id="a form"),
    pytest.param("forum.php?mod=attachment&aid=MTI%3D", "other", id="a file"),
    pytest.param("forum.php?mod=redirect&tid=3&goto=nextnewset", "jump", id="to the neighbour of the thread"),
    pytest.param("forum.php?mod=viewthread&tid=x", "thread", id="no number"),
    pytest.param("forum.php?mod=viewthread&tid=0", "thread", id="zero is nobody's number"),
    pytest.param(f"forum.php?mod=viewthread&tid={'9' * 30}", "thread", id="too large for a number"),
    pytest.param("viewthread.php?tid=" + "1" * MAX_URL, "other", id="longer than any URL"),
]


@pytest.mark.parametrize(("url", "kind"), SILENT)
def test_nothing_is_guessed(url: str, kind: str) -> None:
    """A URL that states no number gives none."""
    assert read_url(url)[:3] == (kind, None, None)


KNOWN = [
    pytest.param("viewthread.php?tid=5&page=2&extra=page%3D7#pid9", Target("thread", 5, page=2), id="D4-D7; extra is the list's page"),
    pytest.param("http://h/bbs/forum.php?mod=viewthread&amp;page=3&amp;tid=5", Target("thread", 5, page=3), id="X, any order, escaped"),
    pytest.param("forum.php?mod=viewthread&tid=5&mobile=2", Target("thread", 5, view="touch"), id="touch"),
    pytest.param("forum.php?mod=viewthread&tid=5&mobile=no", Target("thread", 5), id="desktop on request"),
    pytest.param("forum.php?mod=viewthread&action=printable&tid=5", Target("thread", 5, view="printable"), id="printable"),
    pytest.param("forum.php?mod=viewthread&tid=5&authorid=4", Target("thread", 5, part=True), id="one author's posts"),
    pytest.param("forum.php?mod=viewthread&tid=5&ordertype=1", Target("thread", 5, part=True), id="newest first"),
    pytest.param("thread-5-2-7.html", Target("thread", 5, page=2), id="rewritten: the last number is the list's page"),
    pytest.param("https://h/thread-5-2-1.shtml", Target("thread", 5, page=2), id="another ending"),
    pytest.param("t-5-2-1.html", Target("thread", 5, page=2), id="a site's own prefix"),
    pytest.param("forum.php?mod=forumdisplay&fid=2&page=3", Target("forum", fid=2, page=3), id="X forum"),
    pytest.param("forumdisplay.php?fid=2", Target("forum", fid=2), id="D4-D7 forum"),
    pytest.param("forum-2-3.html", Target("forum", fid=2, page=3), id="rewritten forum"),
    pytest.param("forum-linux-3.html", Target("forum", page=3, name="linux"), id="a word for a forum"),
    pytest.param("group-9-1.html", Target("forum", fid=9, page=1), id="group"),
    pytest.param("forum.php?gid=1", Target("index"), id="category"),
    pytest.param("https://h/bbs/", Target("index"), id="the board's folder"),
    pytest.param("archiver/?tid-5.html&page=2", Target("thread", 5, page=2, view="archiver"), id="X archiver"),
    pytest.param("archiver/tid-5-page-2.html", Target("thread", 5, page=2, view="archiver"), id="D6 archiver"),
    pytest.param("archiver/?fid-2.html", Target("forum", fid=2, view="archiver"), id="archiver forum"),
    pytest.param("redirect.php?goto=findpost&pid=8&ptid=5", Target("post", 5, pid=8), id="permalink D7"),
    pytest.param("forum.php?mod=redirect&goto=findpost&ptid=5&pid=8", Target("post", 5, pid=8), id="permalink X"),
    pytest.param("forum.php?mod=redirect&tid=5&goto=lastpost#lastpost", Target("jump", 5), id="last post"),
    pytest.param("home.php?mod=space&uid=7", Target("user", uid=7), id="member by number"),
    pytest.param("space-uid-7.html", Target("user", uid=7), id="member, rewritten"),
    pytest.param("home.php?mod=space&username=%C0%CF%CD%F5", Target("user", name="老王"), id="member by name, in GBK"),
    pytest.param("member.php?mod=logging&action=login", Target("login"), id="login"),
]


@pytest.mark.parametrize(("url", "target"), KNOWN)
def test_known_forms(url: str, target: Target) -> None:
    """Every form of discuz-facts gives its numbers."""
    assert read_url(url) == target


@pytest.mark.parametrize(("path", "target"), [
    pytest.param("index.html", Target(), id="an index of whatever"),
    pytest.param("space-uid-7.html", Target(), id="a member's page is no place in the board"),
    pytest.param("mirror/h/thread-5-2-3.html", Target("thread", 5, page=2), id="HTTrack: TID-PAGE-PREV"),
    pytest.param("desktop_thread-5-2-1.html", Target("thread", 5, page=2), id="a word put before"),
    pytest.param("bbs/forum.php?mod=viewthread&tid=5&page=2.html", Target("thread", 5, page=2), id="wget -E"),
    pytest.param("viewthread.php@tid=5&page=2.html", Target("thread", 5, page=2), id="wget on Windows"),
    pytest.param("forum.php%3Fmod=viewthread&tid=5", Target("thread", 5), id="escaped question mark"),
    pytest.param("viewthread.php？tid=5", Target("thread", 5), id="full-width question mark"),
    pytest.param("archiver\\tid-5-p2.html", Target("thread", 5, page=2, view="archiver"), id="Windows folder"),
])
def test_file_names(path: str, target: Target) -> None:
    """A mirror's file names are read like the URLs they stand for."""
    assert read_path(path) == target


@pytest.mark.parametrize(("url", "host"), [
    pytest.param("forum.php", None, id="relative"),
    pytest.param("javascript:;", None, id="no address"),
    pytest.param("http://[broken", None, id="broken brackets"),
    pytest.param("http://h:port/", None, id="no port"),
    pytest.param("HTTPS://BBS.Example.org:443/", "bbs.example.org", id="usual port"),
    pytest.param("http://h:8080/", "h:8080", id="a port of its own"),
])
def test_hosts(url: str, host: str | None) -> None:
    """The host in lower case, with an unusual port."""
    assert host_of(url) == host


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """No text makes the readers fail, and numbers are positive."""
    for target in (read_url(text), read_path(text), read_url(f"forum.php?mod=viewthread&{text}")):
        assert all(number is None or number > 0 for number in target[1:6] if not isinstance(number, str))
    host_of(text)
    unquote(text)


@given(st.integers(1, 10**9), st.integers(1, 9999), st.integers(1, 99))
def test_rewritten_and_dynamic_agree(tid: int, page: int, before: int) -> None:
    """The rewritten form of a thread's URL says what the dynamic one says."""
    assert read_url(f"thread-{tid}-{page}-{before}.html") == read_url(f"forum.php?mod=viewthread&tid={tid}&extra=page%3D{before}&page={page}")
