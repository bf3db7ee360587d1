"""Bad input and bad archives: one line that names the input and says what to do, the right exit code, nothing half written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., "CompletedProcess[str]"]
POST = "一盆薄荷放在窗台上,每天早晚各浇一次水。\n"  # "a pot of mint on the sill"


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def test_a_missing_path_stops_before_anything_is_written(forumclean: Run, tmp_path: Path) -> None:
    """Exit 2, the path named, no archive made, although another path was fine."""
    (tmp_path / "good.txt").write_text(POST, "utf-8")
    done = forumclean("ingest", "f.db", "good.txt", "nowhere/at/all")
    assert done.returncode == 2
    assert "nowhere/at/all" in done.stderr
    assert len(_lines(done.stderr)) == 1
    assert not list(tmp_path.glob("f.db*"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "empty", id="empty file"),
        pytest.param(bytes(range(256)) * 40, "binary", id="binary"),
    ],
)
def test_an_input_that_holds_nothing_is_an_issue(forumclean: Run, tmp_path: Path, content: bytes, code: str) -> None:
    """Exit 3 and one line with the file's name; its neighbour is imported all the same."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "bad.txt").write_bytes(content)
    (folder / "good.txt").write_text(POST, "utf-8")
    done = forumclean("ingest", "f.db", "in")
    assert done.returncode == 3, done.stderr
    assert len(_lines(done.stderr)) == 1
    assert "bad.txt" in done.stderr
    assert f"[{code}]" in done.stderr
    database = sqlite3.connect(tmp_path / "f.db")
    assert database.execute("SELECT count(*) FROM documents").fetchone() == (1,)
    assert database.execute("SELECT code, level FROM issues").fetchall() == [(code, "error")]


def test_a_failure_is_said_once(forumclean: Run, tmp_path: Path) -> None:
    """The next night the same bad file is not news: exit 0, silence under --quiet; until it changes."""
    bad = tmp_path / "in" / "bad.txt"
    bad.parent.mkdir()
    bad.write_bytes(b"")
    assert forumclean("ingest", "f.db", "in", "--quiet").returncode == 3
    again = forumclean("ingest", "f.db", "in", "--quiet")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    bad.write_bytes(b"\x00\x01\x02" * 900)
    assert forumclean("ingest", "f.db", "in", "--quiet").returncode == 3


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no /proc: a file that nobody can read, not even root, is hard to come by")
def test_an_unreadable_file_is_an_issue(forumclean: Run) -> None:
    """No traceback, the name and the reason, exit 3."""
    done = forumclean("ingest", "f.db", "/proc/self/mem")
    assert done.returncode == 3
    assert len(_lines(done.stderr)) == 1
    assert "mem: error: cannot be read (input/output error)" in done.stderr


@pytest.mark.parametrize(
    ("make", "word"),
    [
        pytest.param(lambda path: path.write_bytes(b"not a database at all, just text\n" * 40), "SQLite", id="not SQLite"),
        pytest.param(lambda path: sqlite3.connect(path).executescript("CREATE TABLE t(x); INSERT INTO t VALUES(1)").close(), "forumclean", id="not ours"),
        pytest.param(lambda path: path.mkdir(), "folder", id="a folder"),
    ],
)
def test_an_archive_that_is_not_ours_is_left_alone(forumclean: Run, tmp_path: Path, make: Callable[[Path], object], word: str) -> None:
    """Exit 1, one line that names it, not a byte of it changed."""
    archive = tmp_path / "f.db"
    make(archive)
    before = archive.read_bytes() if archive.is_file() else None
    (tmp_path / "good.txt").write_text(POST, "utf-8")
    for verb in (["ingest", "f.db", "good.txt"], ["search", "f.db", "水"], ["verify", "f.db"]):  # 水: "water"
        done = forumclean(*verb)
        assert done.returncode == 1, (verb, done.stdout, done.stderr)
        assert len(_lines(done.stderr)) == 1
        assert "f.db" in done.stderr
        assert word in done.stderr
    assert before is None or archive.read_bytes() == before


def test_a_missing_archive_is_said_by_the_reading_verbs(forumclean: Run, tmp_path: Path) -> None:
    """Reading never makes an archive."""
    for verb in (["search", "no.db", "x"], ["export", "no.db", "--to", "jsonl"], ["runs", "no.db"], ["issues", "no.db"], ["verify", "no.db"]):
        done = forumclean(*verb)
        assert done.returncode in {1, 2}, verb
        assert "no.db" in done.stderr
        assert len(_lines(done.stderr)) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", ["nowhere/f.db", pytest.param("/sys/f.db", marks=pytest.mark.skipif(not Path("/sys").is_dir(), reason="no /sys"))])
def test_a_folder_that_cannot_be_written(forumclean: Run, tmp_path: Path, place: str) -> None:
    """Exit 1 and one line; nothing is left behind."""
    (tmp_path / "good.txt").write_text(POST, "utf-8")
    done = forumclean("ingest", place, "good.txt")
    assert done.returncode == 1
    assert len(_lines(done.stderr)) == 1
    assert place in done.stderr
    assert not Path(tmp_path / place).exists()


def test_a_locked_archive(forumclean: Run, tmp_path: Path) -> None:
    """Another writer holds it: wait as told, then exit 1 with one line; afterwards the same command works."""
    (tmp_path / "one.txt").write_text(POST, "utf-8")
    (tmp_path / "two.txt").write_text(POST * 2, "utf-8")
    assert forumclean("ingest", "f.db", "one.txt").returncode == 0
    other = sqlite3.connect(tmp_path / "f.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = forumclean("ingest", "f.db", "two.txt", "--wait", "0.2")
    other.execute("ROLLBACK")
    other.close()
    assert done.returncode == 1
    assert len(_lines(done.stderr)) == 1
    assert "f.db" in done.stderr
    assert forumclean("ingest", "f.db", "two.txt").returncode == 0


def test_a_full_disk_leaves_a_whole_archive(forumclean: Run, tmp_path: Path) -> None:
    """No room left (here: a limit on the size of files): exit 1, one line, and what is there still verifies."""
    resource = pytest.importorskip("resource")
    (tmp_path / "small.txt").write_text(POST, "utf-8")
    assert forumclean("ingest", "f.db", "small.txt").returncode == 0
    (tmp_path / "large.txt").write_text("".join(f"{number} {POST}" for number in range(60_000)), "utf-8")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, hard))
    try:
        done = forumclean("ingest", "f.db", "large.txt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert done.returncode == 1, done.stderr
    assert len(_lines(done.stderr)) == 1
    assert forumclean("verify", "f.db").returncode == 0
    assert sqlite3.connect(tmp_path / "f.db").execute("SELECT count(*) FROM documents").fetchone() == (1,)
    assert forumclean("ingest", "f.db", "large.txt").returncode == 0


def test_wrong_options_are_usage_errors(forumclean: Run) -> None:
    """Exit 2 for what click refuses and for what we refuse."""
    assert forumclean("ingest").returncode == 2
    assert forumclean("ingest", "a.db", "x", "--no-such-option").returncode == 2
    assert forumclean("nonsense").returncode == 2
    assert forumclean("rules", "no.such.rule").returncode == 2
