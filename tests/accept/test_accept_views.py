"""Touch and printable pages against the corpus's truth, through the real command and the scorer beside the corpus."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Ingest = Callable[..., Path]


@pytest.fixture(scope="module")
def ingest(tmp_path_factory: pytest.TempPathFactory) -> Ingest:
    """Ingest folders, one run each, into a new archive."""

    def run(*folders: Path) -> Path:
        archive = tmp_path_factory.mktemp("views") / "a.db"
        for folder in folders:
            command = [sys.executable, "-m", "forumclean", "ingest", str(archive), str(folder), "--quiet"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        return archive

    return run


@pytest.mark.parametrize(("view", "folder"), [("touch", "mobile_touch"), ("printable", "printable")])
def test_each_view_is_exact(ingest: Ingest, shared: Path, view: str, folder: str) -> None:
    """Every post, author, time (relative ones to their precision), text, title and ban; no noise, nothing invented."""
    archive = ingest(shared / "corpus" / folder)
    command = [sys.executable, str(shared / "score/score_archive.py"), str(archive), str(shared / "corpus"), "--view", view, "--json"]
    figures: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert figures.pop("invented posts") == 0
    assert figures == dict.fromkeys(figures, 1.0)
    assert {"posts found", "author", "time", "text", "state banned", "thread title"} <= figures.keys()


FIELDS = {
    "posts": "SELECT pid, position, floor_label, author_uid, author_name, author_kind, created_at, created_at_precision, edited_at, edited_by,"
    " is_first, text, html, state, subject, extras, (SELECT count(*) FROM quotes WHERE post_id = p.id),"
    " (SELECT count(*) FROM attachments WHERE post_id = p.id), (SELECT count(*) FROM comments WHERE post_id = p.id),"
    " (SELECT count(*) FROM ratings WHERE post_id = p.id) FROM posts AS p",
    "threads": "SELECT tid, forum_id IS NOT NULL, title, type_name, author_uid, author_name, created_at, views, replies, pages_total,"
    " pages_seen, special, digest, sticky, closed FROM threads",
    "users": "SELECT name, uid, group_title FROM users",
    "forums": "SELECT fid, name, type, parent_fid, threads_count, posts_count FROM forums",
    "revisions": "SELECT p.pid, r.text, r.html FROM revisions AS r JOIN posts AS p ON p.id = r.post_id",
}


@pytest.mark.parametrize("order", [
    ("desktop", "mobile_touch", "printable", "archiver"), ("archiver", "printable", "mobile_touch", "desktop"), ("printable", "desktop", "archiver", "mobile_touch"),
], ids=" ".join)
def test_all_views_into_one_archive(ingest: Ingest, shared: Path, order: tuple[str, ...]) -> None:
    """In any order: not one row more than the desktop pages give, and every field at least as full."""
    alone, together = (sqlite3.connect(ingest(*(shared / "corpus" / name for name in names))) for names in (("desktop",), order))
    for table, query in FIELDS.items():
        few, many = ({row[0]: row for row in archive.execute(query)} for archive in (alone, together))
        assert together.execute(f"SELECT count(*) FROM {table}").fetchone() == alone.execute(f"SELECT count(*) FROM {table}").fetchone()
        assert few.keys() == many.keys()
        less = [(key, was, now) for key, row in few.items() for was, now in zip(row, many[key], strict=True) if was is not None and was != now]
        assert less == [], table
