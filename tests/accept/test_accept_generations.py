"""Discuz! 6.x pages of a real board and the archiver view, against their truth, through the real command."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOTICE = re.compile(r"\[\s*本帖最后由 .{1,60}? 于 .{1,30}? 编辑\s*\]")
PLACEHOLDER = re.compile(r"\[(?:image|smiley|attachment|media|locked)(?::[^\]]*)?\]")


def ingest(archive: Path, folder: Path) -> Path:
    """Ingest a folder into a new archive."""
    command = [sys.executable, "-m", "forumclean", "ingest", str(archive), str(folder), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return archive


def squeezed(text: str) -> str:
    """Without blanks, placeholders, quote marks, the edit notice and the label above quotations."""
    text = PLACEHOLDER.sub("", NOTICE.sub("", text)).replace("引用:", "")
    return re.sub(r"\s+", "", re.sub(r"(?m)^(?:> ?)+", "", text))


@pytest.fixture(scope="module")
def old_board(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each post of the truth with what the archive holds of it."""
    folder = shared / "corpus-d6"
    archive = ingest(tmp_path_factory.mktemp("d6") / "a.db", folder)
    db = sqlite3.connect(archive)
    db.row_factory = sqlite3.Row
    rows = {
        row["pid"]: dict(row)
        for row in db.execute(
            "SELECT p.*, t.tid, t.title, t.forum_id, f.fid, (SELECT count(*) FROM posts) AS many FROM posts p JOIN threads t ON t.id = p.thread_id"
            " LEFT JOIN forums f ON f.id = t.forum_id"
        )
    }
    assert sqlite3.connect(archive).execute("SELECT DISTINCT engine FROM sources WHERE kind = 'thread'").fetchall() == [("discuz-6",)]
    truth = [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]
    assert len(truth) == 59
    return [(want, rows.get(want["pid"], {})) for want in truth]


def test_6x_posts_authors_times(old_board: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Every post, in its place, with its author and time; none more."""
    wrong = []
    for want, got in old_board:
        day, _, clock = want["time"].partition(" ")
        year, month, date = map(int, day.split("-"))
        hour, minute = map(int, clock.split(":"))
        at = sqlite3.connect(":memory:").execute(
            "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', ?, '-8 hours')", (f"{year:04}-{month:02}-{date:02} {hour:02}:{minute:02}:00",),
        ).fetchone()[0]
        seen = (got.get("author_name"), got.get("position"), got.get("created_at"), got.get("tid"), got.get("fid"), got.get("many"))
        if seen != (want["author"], want["ordinal"], at, want["tid"], want["fid"], 59):
            wrong.append((want["pid"], seen))
    assert wrong == []


def test_6x_texts(old_board: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Every text; an edit notice becomes a field."""
    assert [want["pid"] for want, got in old_board if squeezed(got["text"]) != squeezed(want["text"])] == []
    edited = {want["pid"] for want, _ in old_board if NOTICE.search(want["text"])}
    assert edited
    assert {want["pid"] for want, got in old_board if got["edited_at"]} == edited


def test_6x_titles_and_signatures(old_board: list[tuple[dict[str, Any], dict[str, Any]]], shared: Path) -> None:
    """Titles as the pages print them; these pages show no signatures, so no author has one."""
    titles = {}
    for number in range(1, 9):
        text = (shared / f"corpus-d6/page{number}.html").read_bytes().decode("gb18030")
        titles[f"page{number}.html"] = " ".join(re.search(r"<h1>([^<]*)</h1>", text)[1].split())  # type: ignore[index]
    assert {(want["page"], got["title"]) for want, got in old_board} == set(titles.items())
    assert all(want["signature"] is None for want, _ in old_board)


def test_archiver_of_x(shared: Path, tmp_path: Path) -> None:
    """Posts in order, authors, times and titles exact; smiley codes stay raw in some texts."""
    archive = ingest(tmp_path / "a.db", shared / "corpus/archiver")
    command = [sys.executable, str(shared / "score/score_archive.py"), str(archive), str(shared / "corpus"), "--view", "archiver", "--json"]
    figures = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    exact = ("posts found", "author", "time", "no noise left", "no signature in text", "locked noted", "thread title")
    assert {name: figures[name] for name in exact} == dict.fromkeys(exact, 1.0)
    assert figures["text"] >= 0.96
    assert figures["invented posts"] == 0
    engines = sqlite3.connect(archive).execute("SELECT DISTINCT engine FROM sources WHERE kind NOT IN ('notice')").fetchall()
    assert engines == [("discuz-archiver",)]
