"""Boards that call things by other names: what is known by its place is known all the same, and no words of a template become a name."""

from pathlib import Path

import pytest

from forumclean.parser import parse
from forumclean.records import Page, RawDocument
from forumclean.settings import Settings

PAGE = (Path(__file__).resolve().parents[2] / "fixtures" / "html" / "x" / "thread-52-1-1.html").read_text("utf-8")
OWN_LINK = PAGE.replace("mod=redirect&goto=findpost&ptid=52&pid=801", "mod=viewthread&tid=52")
DELETED = "该用户已被删除"  # this member was deleted


def read(html: str, url: str | None = None) -> Page:
    """The one page of a document."""
    page, = parse(RawDocument.from_bytes(html.encode(), "page.html", url=url), Settings())
    return page


def test_the_usual_names_need_no_link() -> None:
    """The page as it is: its first floor is called as Discuz calls it."""
    assert (read(PAGE).posts, read(PAGE).threads) == (read(OWN_LINK).posts, read(OWN_LINK).threads)


@pytest.mark.parametrize("label", ["顶楼", "Author", "<em>首页</em>"])
def test_first_post_by_its_link(label: str) -> None:
    """Whatever the first floor is called, its link leads to the thread: it opens the thread, and the thread is its author's."""
    page = read(OWN_LINK.replace("楼主</a>", f"{label}</a>", 1))
    first, second = page.posts[:2]
    assert (first.fields["position"], first.fields["is_first"], second.fields["position"]) == (1, True, 2)
    assert page.threads[0].fields["author_name"] == first.fields["author_name"]
    assert "is_first" not in second.fields


def test_links_to_posts_open_nothing() -> None:
    """A label that nobody knows, and a link to the post: nothing is guessed."""
    first = read(PAGE.replace("楼主</a>", "顶楼</a>", 1)).posts[0]
    assert first.fields["floor_label"] == "顶楼"
    assert not first.fields.keys() & {"position", "is_first"}


def test_a_view_of_one_author() -> None:
    """Floors are counted among one author's posts there: the first one is known, positions are not."""
    page = read(OWN_LINK, "http://bbs.example.org/forum.php?mod=viewthread&tid=52&authorid=3")
    assert page.posts[0].fields["is_first"]
    assert not any("position" in post.fields for post in page.posts)


@pytest.mark.parametrize("words", [DELETED, "This user has been deleted", "Thành viên đã bị xóa"])
def test_deleted_authors_in_any_language(words: str) -> None:
    """What stands in an element of its own beside a name that leads nowhere is no part of the name."""
    fields = read(PAGE.replace(DELETED, words)).posts[2].fields
    assert (fields["author_name"], fields["author_kind"], fields["author_uid"]) == ("旧人", "deleted", 77)


def test_tools_are_nobody() -> None:
    """A skin without the element of the time: the links beside it are to tools, and no author's."""
    fields = read(PAGE.replace('id="authorposton803"', "")).posts[2].fields
    assert (fields["author_name"], fields["author_kind"]) == ("旧人", "deleted")


def test_edit_notice_in_english() -> None:
    """The words of the English and the multilingual packs."""
    page = read(PAGE.replace("本帖最后由 钓鱼老李 于 2014-6-1 21:30 编辑", "This post was last edited by 钓鱼老李 at 2014-6-1 21:30"))
    usual, fields = read(PAGE).posts[0], page.posts[0].fields
    assert (fields["edited_by"], fields["edited_at"]) == (usual.fields["edited_by"], usual.fields["edited_at"])
    assert page.posts[0].body == usual.body
