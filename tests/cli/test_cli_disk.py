"""A disk that is full, and one that cannot be written: one line, exit code 1, nothing half stored."""

from __future__ import annotations

import runpy
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forumclean.archiver.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Callable

TESTS = Path(__file__).resolve().parents[1]
content = runpy.run_path(str(TESTS / "archive_content.py"))["content"]
board = runpy.run_path(str(TESTS / "bench" / "synthetic_board.py"))


def remount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", place], check=True)


def test_a_full_disk_is_said_and_the_next_run_completes(tmp_path: Path, small_disk: Path, forumclean: Callable[..., Any]) -> None:
    """What was stored before the disk was full stays; with room again the archive becomes what it would have been."""
    board["write"](tmp_path / "in", 1000)
    archive = small_disk / "a.db"
    done = forumclean("ingest", archive, tmp_path / "in", "--jobs", 2)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"forumclean: {archive}: cannot write, the disk is full")
    assert done.stderr.count("\n") == 1
    if archive.exists():
        with Archive.open_readonly(archive) as opened:
            assert opened.verify() == []
    remount(small_disk, "size=60m")
    assert forumclean("ingest", archive, tmp_path / "in", "--quiet").returncode == 0
    assert forumclean("ingest", tmp_path / "b.db", tmp_path / "in", "--quiet").returncode == 0
    with Archive.open_readonly(archive) as one, Archive.open_readonly(tmp_path / "b.db") as other:
        assert one.verify() == []
        assert content(one.connection) == content(other.connection)


def test_a_read_only_disk_can_be_searched(tmp_path: Path, small_disk: Path, forumclean: Callable[..., Any]) -> None:
    """The archive is whole in one file, so it opens there too; an import says that it cannot write."""
    board["write"](tmp_path / "in", 100)
    archive = small_disk / "a.db"
    assert forumclean("ingest", archive, tmp_path / "in", "--quiet").returncode == 0
    remount(small_disk, "ro")
    assert "水泵" in forumclean("search", archive, "水泵").stdout
    assert forumclean("verify", archive).returncode == 0
    done = forumclean("ingest", archive, tmp_path / "in")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "cannot write there" in done.stderr
    assert [path.name for path in small_disk.iterdir()] == ["a.db"]
