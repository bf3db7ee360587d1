"""A board moves: its pages, and with them the links in its posts, have another address. Nobody has edited anything."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.archiver.archive import Archive
from forumclean.pipeline.settle import settle
from forumclean.pipeline.work import content_hash

TESTS = Path(__file__).resolve().parents[1]
make = runpy.run_path(str(TESTS / "archive_pages.py"))
content = runpy.run_path(str(TESTS / "archive_content.py"))["content"]
batch, seen = make["batch"], make["seen"]

JAN, FEB, MAR = (f"2024-0{month}-01T00:00:00Z" for month in (1, 2, 3))
OLD, SAFE, NEW, OTHER = "http://old.example", "https://old.example", "https://www.new.example", "https://other.example"


def shown(  # noqa: PLR0913 - a builder: all that a test may want to say
    at: str, root: str, link: str = "{root}/a-1.html", *, text: str = "看图 [image: {root}/p.png]", view: str = "desktop", pid: int | None = 1,
) -> Any:
    """A capture of one post with a picture in its text and a link."""
    target, said = link.format(root=root), text.format(root=root)
    one = seen(1, said, pid=pid, html=f'{said}<a href="{target}">x</a>', author_name="甲", created_at=JAN)
    one = replace(one, content_hash=content_hash(said, (target,)))
    return batch("t.html", one, tid=1, page=1, view=view, at=at, host=root.partition("//")[2], site="b", salt=f"{root}{link}{text}{pid}")


def revisions(folder: Path, *pages: Any) -> list[tuple[str, str, str]]:
    """Text, first and last time of all revisions, whatever the order of the pages."""
    found = []
    for name, some in (("one.db", pages), ("other.db", pages[::-1])):
        with Archive.open(folder / name) as archive:
            for page in some:
                archive.store([page])
                settle(archive)
            assert archive.verify() == []
            found.append(archive.connection.execute("SELECT text, first_seen_at, last_seen_at FROM revisions ORDER BY last_seen_at").fetchall())
            assert len(set(archive.connection.execute("SELECT p.text, r.text FROM posts AS p JOIN revisions AS r ON r.id = p.revision_id").fetchone())) == 1
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize("pages", [
    pytest.param([shown(JAN, OLD), shown(FEB, OLD, "{root}/a-2.html")], id="another link"),
    pytest.param([shown(JAN, OLD), shown(FEB, NEW, "{root}/a-2.html")], id="another link after the move"),
    pytest.param([shown(JAN, OLD), shown(FEB, OLD, f"{OTHER}/a-1.html")], id="a link elsewhere instead of here"),
    pytest.param([shown(JAN, OLD, f"{OTHER}/a"), shown(FEB, OLD, "https://third.example/a")], id="two other sites"),
    pytest.param([shown(JAN, OLD), shown(FEB, NEW, text="看图看图 [image: {root}/p.png]")], id="another text"),
])
def test_an_edit_is_an_edit(tmp_path: Path, pages: list[Any]) -> None:
    """The untouched table."""
    assert [row[1:] for row in revisions(tmp_path, *pages)] == [(JAN, JAN), (FEB, FEB)]


@pytest.mark.parametrize("pages", [
    pytest.param([shown(JAN, OLD), shown(FEB, SAFE), shown(MAR, SAFE)], id="https"),
    pytest.param([shown(JAN, OLD), shown(FEB, SAFE), shown(MAR, NEW)], id="https, then another domain"),
    pytest.param([shown(JAN, NEW), shown(FEB, OLD), shown(MAR, NEW)], id="there and back"),
    pytest.param([shown(JAN, OLD, f"{OLD}/b"), shown(MAR, NEW, f"{OLD}/b")], id="a member's own link to the old address"),
    pytest.param([shown(JAN, OLD, view="printable"), shown(MAR, NEW, view="printable", pid=None)], id="without a number"),
])
def test_a_move_is_none(tmp_path: Path, pages: list[Any]) -> None:
    """One revision from the first to the last capture, with the addresses of the last."""
    last = "https://" + pages[-1].page.host
    assert revisions(tmp_path, *pages) == [(f"看图 [image: {last}/p.png]", JAN, MAR)]


@pytest.mark.parametrize(("texts", "count"), [
    pytest.param(["一\n\n二", "一\n二"], 2, id="a blank line inside"),
    pytest.param(["  一", "一", "二"], 2, id="an edit, and blanks in front"),
    pytest.param(["一\n", "一", "\n一"], 1, id="only the ends"),
])
def test_blank_lines_at_the_ends_are_no_edit(tmp_path: Path, texts: list[str], count: int) -> None:
    """What noise at the end of a text leaves behind differs from capture to capture; also where no page tells its host."""
    pages = [batch("t.txt", seen(1, text, author_name="甲", created_at=JAN), tid=1, page=1, view="flattened", at=at)
             for text, at in zip(texts, (JAN, FEB, MAR), strict=False)]
    assert len(revisions(tmp_path, *pages)) == count


def test_what_each_capture_showed_can_be_restored(tmp_path: Path) -> None:
    """The difference is in the cuts of the earlier one."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.store([shown(JAN, OLD), shown(FEB, NEW)])
        settle(archive)
        cuts = archive.connection.execute("SELECT cuts FROM sightings ORDER BY captured_at").fetchall()
    assert cuts == [(f'[[15,"{OLD[4:-8]}","{NEW[4:-8]}","poorer-view"]]',), (None,)]


captures = st.lists(st.builds(
    shown, st.sampled_from([JAN, FEB, MAR]), st.sampled_from([OLD, SAFE, NEW]), st.sampled_from(["{root}/a", f"{OLD}/a", f"{OTHER}/a"]),
    text=st.sampled_from(["看图 [image: {root}/p.png]", "改过 {root}/", "平", "平\n"]), view=st.sampled_from(["desktop", "desktop", "touch"]),
    pid=st.sampled_from([1, 1, None])), min_size=2, max_size=6, unique_by=lambda one: one.sha256 + one.page.view)


@settings(max_examples=60)
@given(stored=captures, data=st.data())
def test_the_order_of_captures_does_not_matter(tmp_path_factory: Any, stored: list[Any], data: Any) -> None:
    """Nor whether they are settled one by one."""
    stored = list({one.sha256: one for one in stored}.values())
    folder = tmp_path_factory.mktemp("moved")
    with Archive.open(folder / "one.db") as one, Archive.open(folder / "other.db") as other:
        one.store(stored)
        settle(one)
        for capture in data.draw(st.permutations(stored)):
            other.store([capture])
            settle(other)
        assert one.verify() == other.verify() == []
        assert content(one.connection) == content(other.connection)
        assert settle(one, everything=True) == {}
