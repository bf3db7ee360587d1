"""Several flattened captures of one post are read together: no edit where only the noise differs."""

from __future__ import annotations

import json
import runpy
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from forumclean.archiver.archive import Archive
from forumclean.cuts import restore
from forumclean.pipeline.settle import settle
from forumclean.records import Body, Cut
from forumclean.scrubber import scrub

if TYPE_CHECKING:
    import sqlite3

    from forumclean.records import Batch

make = runpy.run_path(str(Path(__file__).resolve().parents[1] / "archive_pages.py"))
batch, seen = make["batch"], make["seen"]
content = runpy.run_path(str(Path(__file__).resolve().parents[1] / "archive_content.py"))["content"]
MONTHS = [f"2024-0{month}-01T00:00:00Z" for month in range(1, 6)]
AUTHOR = {"author_name": "甲", "created_at": MONTHS[0], "created_at_precision": "minute"}
NOISE = ["# a6 I- l @* J/ z. r", "3 x! T5 e& N: u; Q", "& a5 p$ r3 J9 q/ H' w", '9 y2 ]" M) t% Z+ k']
PLAN = "方案 B"  # “plan B”: a capture alone takes the B for noise


def capture(month: int, text: str = f"{PLAN}{{}}\n完", **more: Any) -> Batch:
    """One capture of a page with one post; ``{}`` is where the noise stands."""
    [done] = scrub([Body(text.format(NOISE[month]))])
    return batch("c", seen(1, done.text, cuts=done.cuts, **AUTHOR), tid=1, page=1, at=MONTHS[month], view=more.pop("view", "flattened"), **more)


def stored(path: Path, batches: list[Batch]) -> sqlite3.Connection:
    with Archive.open(path) as archive:
        for one in batches:
            archive.store([one])
            settle(archive)
        assert archive.verify() == []
    return Archive.open_readonly(path).connection


def texts(connection: sqlite3.Connection) -> tuple[list[str], list[str]]:
    """The posts' texts; the revisions'."""
    return ([row[0] for row in connection.execute("SELECT text FROM posts")], [row[0] for row in connection.execute("SELECT text FROM revisions ORDER BY text")])


def test_one_capture_is_read_alone(tmp_path: Path) -> None:
    """And so are two of which no rule cut anything."""
    assert texts(stored(tmp_path / "a.db", [capture(0)])) == (["方案\n完"], ["方案\n完"])
    assert texts(stored(tmp_path / "b.db", [capture(0, "甲"), capture(1, "乙")])) == (["乙"], ["乙", "甲"])


def test_two_captures_make_one_text(tmp_path: Path) -> None:
    """Both were read wrongly; together they are right, make no edit, and each still restores to what it showed."""
    connection = stored(tmp_path / "a.db", [capture(0), capture(1)])
    assert texts(connection) == ([f"{PLAN}\n完"], [f"{PLAN}\n完"])
    rows = connection.execute("SELECT r.text, x.cuts FROM sightings AS x JOIN revisions AS r ON r.id = x.revision_id ORDER BY x.captured_at")
    assert [restore(text, [Cut(*cut) for cut in json.loads(cuts)]) for text, cuts in rows] == [f"{PLAN}{noise}\n完" for noise in NOISE[:2]]
    assert connection.execute("SELECT DISTINCT first_seen_at, last_seen_at FROM revisions").fetchall() == [(MONTHS[0], MONTHS[1])]


def test_an_edit_stays_an_edit(tmp_path: Path) -> None:
    """A capture with another text is a revision of its own."""
    connection = stored(tmp_path / "a.db", [capture(0), capture(1), capture(2, "改了{}\n完")])
    assert texts(connection) == (["改了\n完"], ["改了\n完", f"{PLAN}\n完"])


def test_a_richer_view_decides(tmp_path: Path) -> None:
    """With HTML of the post the captures are below it, whatever they share."""
    page = batch("d", seen(1, f"{PLAN}\n完。", pid=9, html="<p>x</p>", **AUTHOR), tid=1, page=1, at=MONTHS[4])
    assert texts(stored(tmp_path / "a.db", [capture(0), capture(1), page])) == ([f"{PLAN}\n完。"], [f"{PLAN}\n完。"])


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_order_does_not_matter(tmp_path: Path, order: tuple[int, ...]) -> None:
    """Captures and an edit, in any order, one import each: the same archive as at once."""
    captures = [capture(0), capture(1), capture(2, "改了{}\n完"), capture(3)]
    stored(tmp_path / "a.db", [captures[place] for place in order])
    with Archive.open(tmp_path / "b.db") as archive:
        archive.store(captures)
        settle(archive)
    assert content(tmp_path / "a.db") == content(tmp_path / "b.db")
    with Archive.open(tmp_path / "a.db") as archive:
        assert not settle(archive, everything=True)
