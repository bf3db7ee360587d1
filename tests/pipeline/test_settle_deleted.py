"""Posts that were deleted upstream: they keep their text, and say when they were last seen. Never a post that is only elsewhere."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.archiver.archive import Archive
from forumclean.pipeline.settle import settle

TESTS = Path(__file__).resolve().parents[1]
make = runpy.run_path(str(TESTS / "archive_pages.py"))
content = runpy.run_path(str(TESTS / "archive_content.py"))["content"]
batch, seen = make["batch"], make["seen"]

JAN, FEB, MAR = (f"2024-0{month}-01T00:00:00Z" for month in (1, 2, 3))


def page(at: str, *pids: int, tid: int = 1, number: int = 1, view: str = "desktop", author: str | None = None) -> Any:
    """A capture of a page with these posts; odd and even ones are of two authors."""
    posts = [
        seen(ordinal, f"第 {pid} 帖", pid=pid, author_name=author or ("甲" if pid % 2 else "乙")) for ordinal, pid in enumerate(pids, start=1)
    ]
    return batch(f"t{tid}-{number}-{view}.html", *posts, tid=tid, page=number, view=view, at=at)


def states(folder: Path, *pages: Any) -> dict[int, tuple[str, str, str]]:
    """State, text and time of the last sighting of the posts that are not simply there."""
    with Archive.open(folder / "a.db") as archive:
        for one in pages:
            archive.store([one])
            settle(archive)
        assert archive.verify() == []
        rows = archive.connection.execute("SELECT pid, state, text, last_seen_at FROM posts WHERE state <> 'ok'").fetchall()
        return {row[0]: row[1:] for row in rows}


@pytest.mark.parametrize("pages", [
    pytest.param([page(JAN, 1, 2, 3), page(FEB, 1, 2, 3)], id="nothing is gone"),
    pytest.param([page(JAN, 1, 2, 3), page(FEB, 1, 2)], id="the last one: it may be on the next page"),
    pytest.param([page(JAN, 1, 2, 3), page(FEB, 2, 3)], id="the first one: it may be on the page before"),
    pytest.param([page(JAN, 1, 2, 3), page(FEB, 4, 5, 6)], id="all: posts before them were deleted"),
    pytest.param([page(JAN, 1, 2, 3), page(FEB, 1, 3, number=2)], id="another page: a sticky reply is repeated there"),
    pytest.param(
        [page(JAN, 1, 2, 3), page(JAN, 2, 4, 5, 6, number=2), page(FEB, 2, 5, 6, number=2)], id="a sticky reply stands before what moved to the page before"),
    pytest.param([page(JAN, 1, 2, 3), page(FEB, 1, 3, view="archiver")], id="another view"),
    pytest.param([page(JAN, 1, 2, 3), page(FEB, 1, 3, author="甲")], id="a page of one author's posts"),
    pytest.param([page(JAN, 1, 2, 3), page(FEB, 1, 3), page(MAR, 1, 2, 3)], id="it is back"),
    pytest.param([page(JAN, 1, 2, 3, 4), page(FEB, 1, 3, 4), page(FEB, 2, 9, tid=7)], id="it was moved to another thread"),
    pytest.param([page(JAN, 1, 2, 3), page(FEB, 3, 2, 1)], id="the thread is shown in reverse"),
    pytest.param([page(FEB, 1, 3), page(FEB, 1, 2, 3)], id="captured at the same time"),
])
def test_what_is_only_elsewhere_is_not_deleted(tmp_path: Path, pages: list[Any]) -> None:
    """The untouched table."""
    assert states(tmp_path, *pages) == {}


@pytest.mark.parametrize("pages", [
    pytest.param([page(JAN, 1, 2, 3, 4), page(FEB, 1, 3, 4)], id="its neighbours stand together"),
    pytest.param([page(JAN, 1, 2, 3, 4), page(FEB, 4, 3, 1)], id="in reverse order"),
    pytest.param([page(JAN, 1, 2), page(FEB, 1, 3, 4)], id="the last one, and a newer one stands in its place"),
    pytest.param([page(FEB, 1, 3, 4), page(JAN, 1, 2, 3, 4)], id="the captures come in another order"),
    pytest.param([page(JAN, 1, 2, 3, 4), page(FEB, 1, 3, 4), page(MAR, 1, 3, 4, 5)], id="gone ever since"),
])
def test_a_deleted_post_keeps_its_text(tmp_path: Path, pages: list[Any]) -> None:
    """And tells when it was last seen."""
    assert states(tmp_path, *pages) == {2: ("deleted", "第 2 帖", JAN)}


def test_two_that_stood_together_can_both_be_gone(tmp_path: Path) -> None:
    """What stood around the two stands together."""
    assert set(states(tmp_path, page(JAN, 1, 2, 3, 4), page(FEB, 1, 4))) == {2, 3}


def test_what_moved_up_from_the_next_page_is_a_neighbour_still(tmp_path: Path) -> None:
    """Pages fill up from behind when a post is deleted."""
    pages = [page(JAN, 1, 2, 3), page(JAN, 4, 5, 6, number=2), page(FEB, 1, 3, 4), page(FEB, 5, 6, 7, number=2), page(MAR, 1, 3, 5, 6)]
    assert set(states(tmp_path, *pages)) == {2, 4}


captures = st.lists(
    st.builds(
        lambda at, pids, tid, number: page(at, *pids, tid=tid, number=number), st.sampled_from([JAN, FEB, MAR]),
        st.lists(st.integers(1, 6), min_size=1, max_size=5, unique=True), st.sampled_from([1, 1, 1, 2]), st.sampled_from([1, 1, 2])),
    min_size=2, max_size=6, unique_by=lambda one: one.sha256)


@settings(max_examples=40)
@given(stored=captures, data=st.data())
def test_the_order_of_captures_does_not_matter(tmp_path_factory: Any, stored: list[Any], data: Any) -> None:
    """Nor whether they are settled one by one."""
    folder = tmp_path_factory.mktemp("deleted")
    with Archive.open(folder / "one.db") as one, Archive.open(folder / "other.db") as other:
        one.store(stored)
        settle(one)
        for capture in data.draw(st.permutations(stored)):
            other.store([capture])
            settle(other)
        assert content(one.connection)["posts"] == content(other.connection)["posts"]
