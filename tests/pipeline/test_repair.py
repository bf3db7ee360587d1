"""Whatever is broken in what is derived, ``verify`` finds, and ``verify --repair`` makes again what it was."""

from __future__ import annotations

import runpy
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from forumclean.archiver.archive import Archive
from forumclean.pipeline.local import ingest
from forumclean.pipeline.repair import repair
from forumclean.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
content = runpy.run_path(str(ROOT / "tests" / "archive_content.py"))["content"]

BROKEN = {
    "a text changed": "UPDATE posts SET text = 'x' WHERE id = 1",
    "a current revision lost": "UPDATE posts SET revision_id = NULL WHERE id = 1",
    "a count of pages wrong": "UPDATE threads SET pages_seen = 9",
    "a state invented": "UPDATE posts SET state = 'ok' WHERE state = 'missing'",
    "a row gone from the index": "DELETE FROM posts_fts_docsize WHERE id = 1",
    "a trigger gone": "DROP TRIGGER posts_search_update",
    "a quote of nobody": "INSERT INTO quotes (post_id, ordinal) VALUES (999, 1)",
    "a sighting unlinked": "UPDATE sightings SET post_id = NULL WHERE id = 1",
    "a sighting of a post that is not there": "UPDATE sightings SET post_id = 777 WHERE id = 1",
    "a post that nobody saw": "INSERT INTO posts (site_id, thread_id, state) VALUES (1, 1, 'missing')",
    "an author that is not there": "UPDATE posts SET user_id = 99 WHERE user_id IS NOT NULL",
    "threads unlinked": "UPDATE thread_sightings SET thread_id = NULL",
    "posts gone": "DELETE FROM posts",
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: Any) -> tuple[Path, dict[str, Any]]:
    path = tmp_path_factory.mktemp("sound") / "a.db"
    ingest(str(path), [str(ROOT / "forumclean" / "demo" / "samples"), str(ROOT / "fixtures" / "html" / "x")], Settings())
    with Archive.open_readonly(path) as archive:
        assert archive.verify() == []
        return path, content(archive.connection)


@pytest.mark.parametrize("damage", BROKEN.values(), ids=BROKEN)
def test_it_is_found_and_repaired(tmp_path: Path, sound: tuple[Path, dict[str, Any]], damage: str) -> None:
    path = tmp_path / "a.db"
    shutil.copy(sound[0], path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(damage)
    connection.close()
    with Archive.open_readonly(path) as archive:
        assert archive.verify() != []
    with Archive.open(path) as archive:
        repair(archive)
    with Archive.open_readonly(path) as archive:
        assert archive.verify() == []
        assert content(archive.connection) == sound[1]


def test_a_sound_archive_stays_as_it_is(tmp_path: Path, sound: tuple[Path, dict[str, Any]]) -> None:
    path = tmp_path / "a.db"
    shutil.copy(sound[0], path)
    with Archive.open(path) as archive:
        repair(archive)
        assert content(archive.connection) == sound[1]
