"""``coverage --urls`` names the pages that would fill the gaps; once they are there it names nothing."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
board = runpy.run_path(str(TESTS / "bench" / "synthetic_board.py"))
URL = "http://board.example.org/forum.php?mod=viewthread&tid={}&page={}"


def test_missing_pages_are_named_until_they_are_there(tmp_path: Path, forumclean: Any) -> None:
    folder = tmp_path / "in"
    board["write"](folder, 400)
    threads = [thread for thread in board["threads"](400) if thread.pages > 2]
    gone = [(threads[0].tid, 2), (threads[1].tid, threads[1].pages)]
    held = {}
    for tid, page in gone:
        path, = folder.rglob(f"thread-{tid}-{page}-1.html")
        held[path] = path.read_bytes()
        path.unlink()
    assert forumclean("ingest", "a.db", folder, "--quiet").returncode == 0
    done = forumclean("coverage", "a.db", "--urls")
    assert (done.stdout.splitlines(), done.stderr) == ([URL.format(*one) for one in gone], "")
    said = json.loads(forumclean("coverage", "a.db", "--urls", "--json").stdout)
    assert [(page["tid"], page["page"], page["url"]) for page in said] == [(*one, URL.format(*one)) for one in gone]
    for path, data in held.items():
        path.write_bytes(data)
    forumclean("ingest", "a.db", folder, "--quiet")
    assert forumclean("coverage", "a.db", "--urls").stdout == ""


def test_a_board_without_links_is_said(tmp_path: Path, forumclean: Any) -> None:
    """A flattened page shows no addresses: nothing is invented."""
    text = (TESTS.parent / "forumclean" / "demo" / "samples" / "thread-877-1-1.txt").read_text("utf-8")
    (tmp_path / "thread-877-2-1.txt").write_text(text)
    forumclean("ingest", "a.db", tmp_path / "thread-877-2-1.txt", "--quiet")
    done = forumclean("coverage", "a.db", "--urls")
    assert done.stdout == ""
    assert "1 thread more" in done.stderr
