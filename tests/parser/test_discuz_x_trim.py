"""Only the posts of a thread page become a tree, without their panels (engines/discuz_x_trim.py): what is read is what the whole page gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.parser.engines.discuz_x_hooks import FAMILY, Finds, find
from forumclean.parser.engines.discuz_x_trim import trimmed
from forumclean.parser.markup.tree import Markup

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "html" / "x"
PAGES = {path.name: path.read_text("utf-8") for path in sorted(FIXTURES.glob("thread-*.html"))}
PANEL = '<td class="pls"><div id="favatar7" class="pls favatar">NAME<p>{}</p></div></td>'
POST = f'<div id="post_7"><table id="pid7"><tr>{PANEL}<td class="plc"><div id="postmessage_7">said</div></td></tr></table></div>'
PAGE = f'<!DOCTYPE html><body><div id="nav">…</div>{POST.format("")}<div id="postlistreply"></div><div id="foot">…</div>'


def found(finds: Finds) -> list[object]:
    """All that a post is made of, and what stands around the posts."""
    return [finds.nested, finds.head, finds.tail, *(
        (post.pid, post.inner(), post.head, post.tail, {name: [node.html for node in nodes] for name, nodes in post.beside.items()}) for post in finds.posts
    )]


def whole(text: str) -> list[object]:
    return found(find(Markup(text), text, FAMILY._replace(trimmed=None)))


@pytest.mark.parametrize("page", [
    pytest.param("<div>no posts</div>", id="no posts"),
    pytest.param(f"<!-- {POST} -->", id="in a comment"),
    pytest.param(f"<script>x = '{POST}'</script>", id="in a script"),
    pytest.param(f"<form>{POST}</form>", id="in a form: those of members are none then"),
    pytest.param(f"<div id='post_6'><div id='postmessage_6'>said</div></div>{POST}", id="written in two ways"),
    pytest.param('x id="post_7"', id="in no tag"),
    pytest.param(' id="post_7"' * 100_000, id="no tags, many times"),
])  # fmt: skip
def test_other_pages_are_not_trimmed(page: str) -> None:
    """What would become something else without what stands before it is left whole."""
    assert trimmed(page) is None


@pytest.mark.parametrize("inside", [
    pytest.param("<div class=x>medal</div>", id="medals"), pytest.param("</div></div><b><div>", id="broken markup"),
    pytest.param("<table><tr><th>1</th></table>", id="figures"), pytest.param("", id="nothing"),
])  # fmt: skip
def test_panels_and_what_is_around_the_posts_are_cut(inside: str) -> None:
    """Whatever is in a panel, the cell beside it is the same."""
    page = PAGE.replace("<p></p>", f"<p>{inside}</p>")
    part = trimmed(page)
    assert part is not None
    assert part.html == f"<!DOCTYPE html>{POST.replace(PANEL, '')}".encode()
    assert [page[mark:].startswith(' id="post_7"') for mark in part.marks] == [True]
    assert [page[body:].startswith('<td class="plc">') for body in part.bodies] == [True]


@pytest.mark.parametrize("kept", ['<div class="sign">signed</div>', '<div class="locked">locked</div>', '<dl class="rate">rated</dl>'])
def test_a_panel_with_parts_of_the_post_stays(kept: str) -> None:
    """A skin can move the signature into the panel."""
    text = PAGE.replace("<p></p>", f"<p>{kept}</p>")
    part = trimmed(text)
    assert part is not None
    assert kept in part.html.decode()
    assert part.bodies == part.marks
    assert found(find(Markup(text), text)) == whole(text)


@pytest.mark.parametrize(("inside", "cut"), [
    pytest.param("<em>reply</em>", True, id="buttons"), pytest.param("</div><ul><li><b>", True, id="broken markup"),
    pytest.param('<div class="sign">signed</div>', False, id="a signature that a skin moved there"),
])  # fmt: skip
def test_the_cell_with_the_buttons_is_cut(inside: str, *, cut: bool) -> None:
    """And the next one with it, up to the last cell of the post."""
    buttons = f'<td class="plc" style="overflow:visible;"><div class="po hin">{inside}</div></td></tr><tr class="ad"><td class="pls"></td>'
    text = PAGE.replace('</tr></table></div><div id="postlistreply"', f'</tr><tr>{buttons}<td class="plc"></td></tr></table></div><div id="postlistreply"')
    part = trimmed(text)
    assert part is not None
    assert buttons in text
    assert (buttons in part.html.decode()) is not cut
    assert found(find(Markup(text), text)) == whole(text)


@pytest.mark.parametrize("text", PAGES.values(), ids=PAGES.keys())
def test_what_is_found_is_what_the_whole_page_gives(text: str) -> None:
    """On every page of the fixtures."""
    assert found(find(Markup(text), text)) == whole(text)


@given(
    st.sampled_from(sorted(PAGES.values())), st.floats(0, 1),
    st.sampled_from([
        "<!--", "-->", "</div>", "</td>", "</tr></table>", "<table>", "<div>", "<b>", "<script>", "</script>", "<textarea>", '<div id="post_9">', '"',
        '<td class="plc">', "",
    ]),
)
def test_broken_pages_have_no_fewer_posts(text: str, where: float, broken: str) -> None:
    """Markup put anywhere, or the page cut there: every post of the whole page is found, with its message."""
    at = int(where * len(text))
    text = text[:at] + broken + text[at:] if broken else text[:at]
    every = {post.pid: post.inner() for post in find(Markup(text), text, FAMILY._replace(trimmed=None)).posts if post.message}
    mine = {post.pid: post.inner() for post in find(Markup(text), text).posts if post.message}
    assert every.keys() <= mine.keys()
