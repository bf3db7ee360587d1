"""Where a value came from: sightings of posts and of forums, asked by a query."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from forumclean.archiver.archive import Archive
from forumclean.pipeline.settle import settle

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).resolve().parents[1]
make = runpy.run_path(str(TESTS / "archive_pages.py"))
batch, config, seen = (make[name] for name in ("batch", "config", "seen"))
JANUARY, FEBRUARY = "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "a.db") as opened:
        yield opened
        assert opened.verify() == []


def test_each_field_of_a_post_names_its_sighting(archive: Archive) -> None:
    """The view post_fields marks the sighting that a field is from: the richest view, then the latest capture."""
    archive.store([
        batch("a", seen(1, "正文", pid=1, floor_label="5#", subject="旧"), tid=1, at=JANUARY),
        batch("b", seen(1, "正文", pid=1, subject="新"), tid=1, at=FEBRUARY),
        batch("c", seen(1, "正文", pid=1, subject="手机", author_name="甲"), tid=1, at=FEBRUARY, view="touch"),
    ])
    settle(archive)
    used = "SELECT field, json_quote(value), view FROM post_fields WHERE is_used ORDER BY field"
    assert archive.connection.execute(used).fetchall() == [
        ("author_name", '"甲"', "touch"), ("floor_label", '"5#"', "desktop"), ("subject", '"新"', "desktop"),
    ]
    assert archive.connection.execute("SELECT author_name, floor_label, subject FROM posts").fetchall() == [("甲", "5#", "新")]
    assert archive.connection.execute("SELECT count(*) FROM post_fields WHERE field = 'subject'").fetchone() == (3,)


def test_forums_are_named_by_lists(archive: Archive) -> None:
    """The latest page that states a fact; sums that include sub-forums are no facts; a config block goes first."""
    listed = {"fid": 2, "name": "旧名", "threads_count": 5}
    archive.store([
        batch("a", tid=1, at=JANUARY, forums=(listed,)),
        batch("b", tid=2, at=FEBRUARY, forums=({"fid": 2, "name": "新名", "threads_count": 90, "counts_with_subforums": True},)),
    ])
    assert settle(archive)["forums"] == 1
    facts = "SELECT name, threads_count, config_id IS NULL FROM forums"
    assert archive.connection.execute(facts).fetchall() == [("新名", 5, 1)]
    archive.store([config("c", {"fid": "2"}, fid=2, name="真名")])
    settle(archive)
    assert archive.connection.execute(facts).fetchall() == [("真名", 5, 0)]
    assert not settle(archive, everything=True)
