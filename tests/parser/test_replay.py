"""Pages as archives of the web replay them: what was put in is taken out, links lead to the board again, and host and time are the board's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.parser import parse
from forumclean.parser.replay import from_address, undo
from forumclean.records import Page, RawDocument
from forumclean.settings import Settings

BOARD = "http://bbs.village.example/bbs"
STAMP = "20100519181623"
# a post whose author linked to a copy of another page, which is theirs and stays
LINKED = f"http://web.archive.org/web/20080101000000/{BOARD}/thread-3-1-1.html"


def thread_page(links: str = "", head: str = "", top: str = "", end: str = "", member_link: str = LINKED) -> str:
    """A thread page of Discuz 6 with one post; ``links`` stands before each of its URLs."""
    own = f"{links}{BOARD}/" if links else ""
    return f"""<!DOCTYPE html><html><head>{head}<title>修水管 - 村口</title>
<script type="text/javascript">var fid = parseInt('5'), tid = parseInt('77');</script></head><body>{top}
<div id="nav"><a href="{own}index.php">村口</a> &raquo; <a href="{own}forumdisplay.php?fid=5">杂谈</a> &raquo; 修水管</div>
<div class="mainbox viewthread"><h1>修水管</h1><table id="pid801" summary="pid801"><tr><td class="postauthor"><cite>
<a href="{own}space.php?uid=12" id="userinfo801">老周</a></cite></td><td class="postcontent"><div class="postinfo"><strong>1楼</strong>
发表于 2010-5-1 09:30</div><div class="postmessage"><div id="postmessage_801" class="t_msgfont">谁家有扳手?
<a href="{own}attachment.php?aid=6">图</a> <a href="{member_link}">旧帖</a></div></div></td></tr></table></div>{end}</body></html>"""


REPLAYED = thread_page(
    f"/web/{STAMP}/",
    f'<script src="//archive.example/a.js"></script><script>__wm.wombat("{BOARD}/viewthread.php?tid=77","{STAMP}","https://web.archive.org/");</script>'
    "<!-- End Wayback Rewrite JS Include -->",
    f'<!-- BEGIN WAYBACK TOOLBAR INSERT --><div>15 captures <a href="/web/{STAMP}*/{BOARD}/viewthread.php?tid=77">all</a></div><!-- END WAYBACK TOOLBAR INSERT -->',
    "<!--\n FILE ARCHIVED ON 18:16:23 May 19, 2010 AND RETRIEVED FROM THE\n INTERNET ARCHIVE ON 03:11:02 Nov 22, 2026.\n-->",
    f"/web/{STAMP}/{LINKED}",
)
OLD_REPLAY = thread_page(f"http://web.archive.org/web/{STAMP}/", end="<!-- FILE ARCHIVED ON 18:16:23 May 19, 2010 -->", member_link=f"http://web.archive.org/web/{STAMP}/{LINKED}")
CACHED = (
    f'<base href="{BOARD}/viewthread.php?tid=77"><div><div>This is Google&#39;s cache of <a href="{BOARD}/viewthread.php?tid=77">'
    f"{BOARD}/viewthread.php?tid=77</a>. It is a snapshot of the page as it appeared on 19 May 2010 18:16:23 GMT.</div></div>{thread_page()}")


def read(html: str, name: str = "page.html", url: str | None = None) -> Page:
    """The one page of a document."""
    page, = parse(RawDocument.from_bytes(html.encode(), name, url=url), Settings())
    return page


@pytest.mark.parametrize("html", [
    pytest.param(thread_page(), id="a page of the board that links to the archive"),
    pytest.param(thread_page(end="<p>FILE ARCHIVED ON 18:16:23 May 19, 2010</p>"), id="a member's words are no comment"),
    pytest.param(thread_page(end="&lt;!-- BEGIN WAYBACK TOOLBAR INSERT --&gt;"), id="an escaped comment"),
    pytest.param("", id="nothing"),
])
def test_other_pages_are_left_alone(html: str) -> None:
    """Without the marks of a replay nothing is touched."""
    assert undo(html) is None


@pytest.mark.parametrize("address", [
    f"{BOARD}/thread-77-1-1.html", f"{BOARD}/web/20100519181623/", f"{BOARD}/20101319181623/http://b.example/", "day/20100519/http/x.html", "", None,
])
def test_other_addresses_say_nothing(address: str | None) -> None:
    """An address is that of a replay only with a whole time and a URL behind it."""
    assert from_address(address) is None


@pytest.mark.parametrize(("html", "name", "url"), [
    pytest.param(REPLAYED, "page.html", None, id="saved by hand"),
    pytest.param(REPLAYED, "page.html", f"https://web.archive.org/web/{STAMP}/{BOARD}/viewthread.php?tid=77", id="crawled"),
    pytest.param(thread_page(), "page.html", f"https://web.archive.org/web/{STAMP}id_/{BOARD}/viewthread.php?tid=77", id="crawled as it was"),
    pytest.param(thread_page(), f"arc.example/x/{STAMP}id_/http:/bbs.village.example/bbs/viewthread.php?tid=77", None, id="mirrored as it was"),
    pytest.param(CACHED, "page.html", None, id="a search engine's cache"),
])
def test_a_copy_is_a_page_of_the_board(html: str, name: str, url: str | None) -> None:
    """Host, time of capture, numbers, author and links are the board's; a member's link to the archive stays."""
    page = read(html, name, url)
    assert (page.engine, page.host, page.captured_at, page.captured_how) == ("discuz-6", "bbs.village.example", "2010-05-19T18:16:23Z", "container")
    assert (page.threads[0].tid, page.threads[0].fid, [issue.code for issue in page.issues]) == (77, 5, [])
    fields = page.posts[0].fields
    assert (fields["author_name"], fields["author_uid"], fields["created_at"]) == ("老周", 12, "2010-05-01T01:30:00Z")
    html = page.posts[0].html or ""
    assert f'href="{BOARD}/attachment.php?aid=6' in html
    assert f'href="{LINKED}' in html


def test_an_old_replay_says_no_address() -> None:
    """Copies from before the toolbar: links and time are mended; the host is what the page itself says, nothing here."""
    page = read(OLD_REPLAY)
    assert (page.host, page.captured_at) == (None, "2010-05-19T18:16:23Z")
    assert f'href="{BOARD}/attachment.php?aid=6' in (page.posts[0].html or "")
    assert f'href="{LINKED}' in (page.posts[0].html or "")


def test_half_a_toolbar_is_left() -> None:
    """A copy that was cut inside the toolbar loses nothing."""
    cut = "<html><head></head><body>" + "<!-- BEGIN WAYBACK TOOLBAR INSERT --><p>x</p>"
    undone = undo(cut)
    assert undone is not None
    assert undone[0] == cut


@given(st.text(alphabet='/:*"<>-!httpsweb0123456789 ', max_size=200))
def test_any_text_is_survived(text: str) -> None:
    """Nothing in the text of a copy raises, and undoing is done once."""
    undone = undo(f"<!-- BEGIN WAYBACK TOOLBAR INSERT --><!-- END WAYBACK TOOLBAR INSERT -->{text}")
    assert undone is not None
    assert undo(undone[0]) is None
