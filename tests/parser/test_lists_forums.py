"""Forums that lists and the index name: facts, figures, last posts."""

from pathlib import Path

from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_lists import DISCUZ_LISTS
from forumclean.parser.engines.html import HtmlPage, Parts, open_page
from forumclean.records import Ref

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "html" / "lists"


def _read(name: str) -> Parts:
    page = open_page(Ref(path=name), (FOLDER / name).read_text("utf-8"), zone("Asia/Shanghai"))
    assert isinstance(page, HtmlPage)
    return DISCUZ_LISTS.read(page)


def test_a_page_of_nothing_names_no_forum() -> None:
    """Pictures without breadcrumbs, heading and address belong to no forum."""
    assert _read("picture.html").forums == ()


def test_own_forum_and_its_sub_forum() -> None:
    """The list's own forum: name, parent, exact number of threads, moderators. A sub-forum: its figures, no last post (从未, never)."""
    own, sub = _read("forum.html").forums
    assert own == {"fid": 7, "name": "种菜讨论", "parent_fid": 6, "type": "sub", "threads_count": 12345, "moderators": ["老农", "阿土"]}
    assert sub == {
        "fid": 9, "name": "番茄", "description": "只谈番茄", "threads_count": 20001, "posts_count": 300405, "parent_fid": 7, "type": "sub",
    }


def test_index_rows() -> None:
    """Categories and forums; the index adds sub-forums to the figures, and says so."""
    group, forum, second, *_ = _read("index.html").forums
    assert group == {"fid": 3, "name": "生活", "type": "group"}
    assert forum == {
        "fid": 6, "name": "阳台", "description": "晒太阳", "moderators": ["阿土"], "threads_count": 54, "posts_count": 497,
        "last_post_tid": 69, "last_post_title": "我的窗台", "last_post_author": "小满", "last_post_at": "2026-11-21T19:23:00Z",
        "last_post_at_precision": "minute", "parent_fid": 3, "type": "forum", "counts_with_subforums": True,
    }
    assert second["fid"] == 4


def test_index_cells() -> None:
    """Several forums in a row: exact figures only, the last post without a title."""
    *_, first, second = _read("index.html").forums
    assert first == {
        "fid": 11, "name": "水泵", "threads_count": 12001, "last_post_tid": 80, "last_post_at": "2026-11-21T12:41:00Z",
        "last_post_at_precision": "minute", "parent_fid": 4, "type": "forum", "counts_with_subforums": True,
    }
    assert second == {
        "fid": 12, "name": "传感器", "threads_count": 8, "posts_count": 31, "parent_fid": 4, "type": "forum", "counts_with_subforums": True,
    }
