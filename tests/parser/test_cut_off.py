"""Pages that end too early: half a post is said to be half a post."""

from pathlib import Path

import pytest

from forumclean.parser import parse
from forumclean.parser.engines.cut_off import ends_inside
from forumclean.records import Body, Page, RawDocument
from forumclean.settings import Settings

HTML = Path(__file__).resolve().parents[2] / "fixtures" / "html"
CUTS = [
    ("x/thread-52-1-1.html", 801, "早上六点"), ("d6/thread-6.1.html", 905, "脚本倒是"), ("d6/thread-7.2.html", 3302, "偏向哪边"),
    ("views/mobile-1.html", 902, "摆轮该"), ("views/touch-x3.html", 902, "摆轮该"),
]


def read(html: str) -> Page:
    """The one page of a document."""
    page, = parse(RawDocument.from_bytes(html.encode(), "page.html"), Settings())
    return page


@pytest.mark.parametrize("path", sorted(HTML.glob("*/*.html")), ids=lambda path: path.stem)
def test_whole_pages_are_whole(path: Path) -> None:
    """No fixture ends too early."""
    assert "cut-off" not in [issue.code for issue in read(path.read_text("utf-8")).issues]


@pytest.mark.parametrize(("text", "pid"), [
    pytest.param("", 7, id="nothing"),
    pytest.param("<p>postmessage_7", 7, id="a word"),
    pytest.param('<td id="postmessage_70">half', 7, id="another post"),
    pytest.param('<td id="postmessage_7">a<td>b</BODY >', 7, id="broken markup on a whole page"),
    pytest.param('<div id="postmessage_7"><div>a</div></div>', 7, id="the answer to a script"),
])
def test_not_cut(text: str, pid: int) -> None:
    """What ends where it should, or says nothing of the post."""
    assert not ends_inside(text, pid)


@pytest.mark.parametrize(("name", "pid", "words"), CUTS)
def test_cut_inside_a_post(name: str, pid: int, words: str) -> None:
    """The last post says that it is cut off, the ones before do not; the page is kept, with a warning."""
    html = (HTML / name).read_text("utf-8")
    page = read(html[: html.index(words, html.rindex(f'{pid}"', 0, html.index(words))) + len(words)])
    assert (page.posts[-1].body or Body("")).text.endswith(words)
    assert page.posts[-1].pid == pid
    assert page.posts[-1].fields["cut_off"]
    assert not any("cut_off" in post.fields for post in page.posts[:-1])
    assert "cut-off" in [issue.code for issue in page.issues]


def test_cut_before_its_message() -> None:
    """A post of which only the head arrived has no text, and the warning says why."""
    html = (HTML / "x/thread-52-1-1.html").read_text("utf-8")
    page = read(html[: html.index('id="authorposton802"')])
    assert (page.posts[-1].pid, page.posts[-1].state) == (802, "missing")
    assert "cut-off" in [issue.code for issue in page.issues]
    assert "cut_off" not in page.posts[-1].fields
