"""A page that was not saved whole does not shorten what another capture of it shows."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from forumclean.archiver.archive import Archive
from forumclean.pipeline.settle import settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forumclean.records import Batch

make = runpy.run_path(str(Path(__file__).resolve().parents[1] / "archive_pages.py"))
batch, seen = make["batch"], make["seen"]
AUTHOR = {"author_name": "甲", "created_at": "2024-01-01T00:00:00Z", "created_at_precision": "minute"}
WHOLE, HALF = "前面 中间 后面", "前面 中"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "a.db") as opened:
        yield opened


def capture(name: str, text: str, at: str, **more: Any) -> Batch:
    return batch(name, seen(1, text, pid=9, html=f"<p>{text}</p>", **AUTHOR, **more), tid=1, page=1, at=at)


def rows(archive: Archive, *batches: Batch) -> tuple[list[Any], int]:
    """The posts' texts and the number of revisions, once all is settled."""
    for one in batches:
        archive.store([one])
        settle(archive)
    assert archive.verify() == []
    texts = [row[0] for row in archive.connection.execute("SELECT text FROM posts")]
    return texts, archive.connection.execute("SELECT count(*) FROM revisions").fetchone()[0]


def test_half_a_post_is_better_than_none(archive: Archive) -> None:
    """Where nothing else was captured, its half is kept."""
    assert rows(archive, capture("half", HALF, "2024-03-01T00:00:00Z", cut_off=True)) == ([HALF], 1)


@pytest.mark.parametrize("half_first", [True, False])
def test_the_whole_post_wins(archive: Archive, half_first: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    """The half was captured later: it is no edit, in whichever order they are read."""
    half, whole = capture("half", HALF, "2024-03-01T00:00:00Z", cut_off=True), capture("whole", WHOLE, "2024-02-01T00:00:00Z")
    assert rows(archive, *((half, whole) if half_first else (whole, half))) == ([WHOLE], 1)


def test_an_edit_is_an_edit(archive: Archive) -> None:
    """The same texts from pages that are whole: the later one is the post's, and both are revisions."""
    assert rows(archive, capture("a", WHOLE, "2024-02-01T00:00:00Z"), capture("b", HALF, "2024-03-01T00:00:00Z")) == ([HALF], 2)
