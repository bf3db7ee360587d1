"""``verify`` finds what is broken, and nothing in a good archive; settling everything and rebuilding the index repairs what is derived."""

from __future__ import annotations

import runpy
import sqlite3
from pathlib import Path

import pytest

from forumclean.archiver.archive import Archive
from forumclean.archiver.search import index_pending, rebuild_index
from forumclean.archiver.verify import fits
from forumclean.pipeline.settle import settle
from forumclean.records import Cut

TESTS = Path(__file__).resolve().parents[1]
make = runpy.run_path(str(TESTS / "archive_pages.py"))
content = runpy.run_path(str(TESTS / "archive_content.py"))["content"]
batch, seen = make["batch"], make["seen"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with Archive.open(path) as archive:
        archive.store([
            batch("a.html", seen(1, "清楚的正文", pid=1, cuts=(Cut(0, "! ?", "", "jammer.line"),)), seen(2, "回复", pid=2), tid=1, page=1),
            batch("b.html", seen(1, "清楚的正文 改", pid=1), tid=1, page=1, at="2025-01-01T00:00:00Z"),
        ])
        settle(archive)
        index_pending(archive.connection)
    return path


def test_a_good_archive_has_no_fault(path: Path) -> None:
    """Opened for reading or for writing."""
    for opener in (Archive.open_readonly, Archive.open):
        with opener(path) as archive:
            assert archive.verify() == []


def test_what_waits_to_be_settled_is_no_fault(path: Path) -> None:
    """A killed run leaves it; the next run settles it."""
    with Archive.open(path) as archive:
        archive.store([batch("c.html", seen(1, pid=3), tid=2)])
        assert archive.verify() == []


@pytest.mark.parametrize(("damage", "words", "repaired"), [
    pytest.param("UPDATE posts SET text = 'x' WHERE pid = 2", "not that of their revision", False, id="a post's text was changed"),
    pytest.param("UPDATE posts SET revision_id = NULL WHERE pid = 2", "no revision", True, id="current revision lost"),
    pytest.param("INSERT INTO posts (site_id, thread_id, state) VALUES (1, 1, 'missing')", "no input shows", True, id="a post nobody saw"),
    pytest.param("INSERT INTO revisions (content_hash, text) VALUES ('x', 'x')", "revisions that no input shows", True, id="a revision nobody saw"),
    pytest.param("UPDATE sightings SET post_id = NULL WHERE ordinal = 2", "without a post", True, id="a sighting of no post"),
    pytest.param("UPDATE threads SET pages_seen = 9", "count of pages", True, id="a wrong count"),
    pytest.param("UPDATE sightings SET post_id = 99 WHERE ordinal = 2", "missing row of posts", True, id="a broken reference"),
    pytest.param("UPDATE sightings SET cuts = '[[999,\"a\",\"b\",\"r\"]]' WHERE cuts IS NOT NULL", "cuts do not fit", False, id="cuts of another text"),
    pytest.param("DELETE FROM source_paths", "without a place", False, id="an input from nowhere"),
    pytest.param("INSERT INTO posts_fts (posts_fts) VALUES ('delete-all')", "posts_fts", True, id="an empty search index"),
])
def test_damage_is_found_and_what_is_derived_repaired(path: Path, damage: str, words: str, *, repaired: bool) -> None:
    """Each fault in a line that says what and where; nothing observed is made up by a repair."""
    with Archive.open(path) as archive:
        before = content(archive.connection)
        archive.connection.execute("PRAGMA foreign_keys = OFF")
        archive.connection.execute(damage)
        wrong = archive.verify()
        assert any(words in line for line in wrong), wrong
        archive.connection.execute("PRAGMA foreign_keys = ON")
        settle(archive, everything=True)
        rebuild_index(archive.connection)
        if repaired:
            assert archive.verify() == []
            assert content(archive.connection) == before


def test_a_damaged_file_is_found(path: Path) -> None:
    """A page of the file overwritten: reported, or refused in one line; never a traceback of SQLite."""
    data = bytearray(path.read_bytes())
    connection = sqlite3.connect(path)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'posts'").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    data[(root - 1) * size : root * size] = b"\x55" * size
    path.write_bytes(data)
    with Archive.open_readonly(path) as archive:
        wrong = archive.verify()
    assert any(line.startswith("damaged") for line in wrong)


@pytest.mark.parametrize(("text", "cuts", "right"), [
    pytest.param("ab", "[]", True, id="none"),
    pytest.param("ab", '[[0,"x","",""],[2,"x","",""]]', True, id="both sides"),
    pytest.param("a_b", '[[1,"xx","_",""]]', True, id="replaced"),
    pytest.param("ab", '[[1,"xx","_",""]]', False, id="replacement is not there"),
    pytest.param("ab", '[[3,"x","",""]]', False, id="beyond the end"),
    pytest.param("ab", '[[1,"xx","",""],[2,"x","",""]]', False, id="overlapping"),
])
def test_cuts_fit_the_text_they_led_to(text: str, cuts: str, *, right: bool) -> None:
    """Offsets are of the parsed text."""
    assert fits(text, cuts) is right
