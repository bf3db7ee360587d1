"""HTML documents: which engine reads them, what becomes of the rest, and configs printed on a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from forumclean.errors import UsageError
from forumclean.parser import parse
from forumclean.records import Page, RawDocument
from forumclean.settings import Settings

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "html"
# a forum row as a template prints it before the first post: "tea house"
ROW = """Array
(
    [fid] => 9
    [fup] => 1
    [type] => forum
    [name] => 茶馆
    [status] => 1
    [threads] => 5
    [posts] => 60
    [jammer] => 1
    [displayorder] => 2
    [lastpost] => 7\t新茶\t1600000000\t掌柜
)
"""


def read(html: str, name: str = "page.html", settings: Settings | None = None) -> Page:
    """The one page of an HTML document."""
    page, = parse(RawDocument.from_bytes(html.encode(), name), settings or Settings())
    return page


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<!DOCTYPE html><html><body><p>一篇文章。</p></body></html>", id="an article"),
        pytest.param("<html><head><title>x</title></head><body></body></html>", id="an empty page"),
        pytest.param("<div>" * 2000 + "茶" + "</div>" * 2000, id="deep nesting"),
        pytest.param("<html><body>" + "<a href=x>y</a>" * 500, id="links only"),
    ],
)
def test_pages_without_posts_give_none(html: str) -> None:
    """Nothing is invented: no posts, no thread, no document; the page is said to be unknown."""
    page = read(html)
    assert (page.posts, page.threads, page.document) == ((), (), None)
    assert page.status == "unsupported"
    assert [issue.code for issue in page.issues] == ["unknown-page"]


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("x/*.html")), ids=lambda path: path.stem)
def test_thread_pages_are_read(path: Path) -> None:
    """Each fixture of a thread page gives its posts, as a page whose marks are proof."""
    page = read(path.read_text("utf-8"), path.name)
    assert page.kind == "thread"
    assert page.engine == "discuz-x"
    assert page.reasons
    assert page.posts
    assert page.evidence.proof


@pytest.mark.parametrize("tags", [("<pre>", "</pre>"), ("<div>", "</div>")], ids=["pre", "no pre"])
def test_a_config_printed_on_a_page_is_found(tags: tuple[str, str]) -> None:
    """The row is read, its jammer flag is evidence, and the posts of the page are read all the same."""
    path = FIXTURES / "x" / "thread-52-1-1.html"
    html = path.read_text("utf-8")
    start = html.index(">", html.index("<body")) + 1
    page = read(html[:start] + tags[0] + ROW + tags[1] + html[start:], path.name)
    assert page.kind == "thread+config"
    assert [(config.fid, config.name, config.jammer) for config in page.configs] == [(9, "茶馆", True)]
    assert page.evidence.jammer is True
    assert len(page.posts) == len(read(html, path.name).posts)


def test_the_engine_can_be_named() -> None:
    """--engine overrules the choice; an unknown name is a usage error that lists the known ones."""
    path = FIXTURES / "x" / "thread-52-1-1.html"
    assert read(path.read_text("utf-8"), path.name, Settings(engine="discuz-x")).engine == "discuz-x"
    with pytest.raises(UsageError, match="discuz-x"):
        read("<html>", settings=Settings(engine="vbulletin"))


def test_scripts_that_say_array_are_no_config() -> None:
    """``new Array(`` in a script is not a printed row."""
    page = read("<!DOCTYPE html><html><head><script>var a = new Array(\n[1], [2]);</script></head><body>x</body></html>")
    assert page.configs == ()
