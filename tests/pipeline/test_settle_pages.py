"""A thread whose pages were cut another way later, in whatever order the captures come: each post once, in its place."""

from __future__ import annotations

import random
import runpy
from pathlib import Path
from typing import Any

import pytest

from forumclean.archiver.archive import Archive
from forumclean.pipeline.settle import settle

TESTS = Path(__file__).resolve().parents[1]
make = runpy.run_path(str(TESTS / "archive_pages.py"))
content = runpy.run_path(str(TESTS / "archive_content.py"))["content"]
batch, seen = make["batch"], make["seen"]
JANUARY, FEBRUARY, MARCH = (f"2024-0{month}-01T00:00:00Z" for month in (1, 2, 3))
EIGHT = list(range(1, 9))


def cut(per_page: int, at: str, *, pids: bool, view: str = "desktop") -> list[Any]:
    """The pages of a thread with so many posts on each, as captured at that time."""
    return [
        batch(
            f"{per_page} {start} {view}",
            *(seen(
                ordinal, f"第 {number} 楼", pid=number if pids else None, author_name=f"人{number % 3}", created_at=f"2023-01-01T00:00:{number:02}Z",
                created_at_precision="second",
              ) for ordinal, number in enumerate(EIGHT[start : start + per_page], 1)),
            tid=1, page=1 + start // per_page, at=at, view=view, thread={"pages_total": -(-len(EIGHT) // per_page)})
        for start in range(0, len(EIGHT), per_page)
    ]


CAPTURES = {
    "two pages became one": lambda pids: cut(2, JANUARY, pids=pids) + cut(4, FEBRUARY, pids=pids),
    "one page became two": lambda pids: cut(4, JANUARY, pids=pids) + cut(2, FEBRUARY, pids=pids),
    "to and fro": lambda pids: cut(4, JANUARY, pids=pids) + cut(3, FEBRUARY, pids=pids) + cut(8, MARCH, pids=pids),
    "another view has pages of its own": lambda pids: cut(4, JANUARY, pids=pids) + cut(3, FEBRUARY, pids=pids, view="printable"),
}


@pytest.mark.parametrize("pids", [pytest.param(True, id="numbered"), pytest.param(False, id="known by author and second")])
@pytest.mark.parametrize("captures", CAPTURES.values(), ids=CAPTURES.keys())
def test_pages_that_were_cut_another_way(tmp_path: Path, captures: Any, *, pids: bool) -> None:
    """No post twice, none lost, none called deleted."""
    pages = captures(pids)
    contents = []
    for number in range(3):
        random.Random(number).shuffle(pages)
        with Archive.open(tmp_path / f"{number}.db") as archive:
            for page in pages:
                archive.store([page])
                if number:
                    settle(archive)
            settle(archive)
            assert archive.verify() == []
            texts = archive.connection.execute("SELECT text, state FROM posts ORDER BY created_at").fetchall()
            assert texts == [(f"第 {n} 楼", "ok") for n in EIGHT]
            contents.append(content(archive.connection))
    assert contents[0] == contents[1] == contents[2]
