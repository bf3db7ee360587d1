"""What surrounds a command: pipes that close, streams that fail, signals, options that cannot be."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., "CompletedProcess[str]"]
POST = "一盆薄荷放在窗台上,每天早晚各浇一次水。\n"  # "a pot of mint on the sill, watered twice a day"
FORUMCLEAN = f"{sys.executable} -m forumclean"


def shell(command: str, folder: Path) -> CompletedProcess[str]:
    """A line as people type it."""
    return subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One document in ``in/``, and an archive of it."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(POST * 50, "utf-8")
    assert shell(f"{FORUMCLEAN} ingest f.db in", tmp_path).returncode == 0
    return tmp_path


@pytest.mark.parametrize("command", ["export f.db --to jsonl --kind document", "clean in", "inspect in", "rules"])
def test_a_pipe_that_closes_early_is_no_error(folder: Path, command: str) -> None:
    """`forumclean … | head -c 1` ends quietly, with exit code 0 on both sides."""
    done = shell(f"{FORUMCLEAN} {command} | head -c 1", folder)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_output_that_cannot_be_written(folder: Path) -> None:
    """A full disk under the output is one line and exit code 1."""
    done = shell(f"{FORUMCLEAN} export f.db --to jsonl --kind document > /dev/full", folder)
    assert done.returncode == 1
    assert done.stderr == "forumclean: could not go on: no space left on device\n"


@pytest.mark.parametrize("command", ["-h >&-", "rules >&-", "clean <&-"])
def test_closed_streams_are_no_traceback(folder: Path, command: str) -> None:
    """Standard streams that are closed are told or ignored."""
    assert "Traceback" not in shell(f"{FORUMCLEAN} {command}", folder).stderr


@pytest.mark.parametrize(
    "option",
    ["--encoding klingon", "--engine phpbb", "--timezone Mars/Base", "--timezone +99:00", "--alias nonsense", "--wait soon", "--profile bold"],
)
@pytest.mark.parametrize("archive", ["new.db", "f.db"])
def test_options_that_cannot_be_are_refused_first(folder: Path, archive: str, option: str) -> None:
    """Exit code 2, nothing written, also where there would be nothing to read."""
    runs = "SELECT count(*) FROM runs"
    before = sqlite3.connect(folder / "f.db").execute(runs).fetchone()
    assert shell(f"{FORUMCLEAN} ingest {archive} in {option}", folder).returncode == 2
    assert not (folder / "new.db").exists()
    assert sqlite3.connect(folder / "f.db").execute(runs).fetchone() == before


@pytest.mark.parametrize("command", ["search f.db x --limit 99999999999999999999", "runs f.db --limit 0", "explain f.db --post 99999999999999999999"])
def test_numbers_that_cannot_be_are_usage_errors(folder: Path, command: str) -> None:
    """Exit code 2, no traceback."""
    done = shell(f"{FORUMCLEAN} {command}", folder)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_word_can_be_left_out_of_a_search(folder: Path) -> None:
    """-word is no option."""
    assert "薄荷" in shell(f"{FORUMCLEAN} search f.db 薄荷 -仙人掌", folder).stdout  # mint, not cactus
    assert shell(f"{FORUMCLEAN} search f.db 薄荷 -窗台", folder).stdout == ""  # sill


def test_a_file_that_becomes_a_known_bad_one_is_news(folder: Path) -> None:
    """Bytes that failed before are reported again at another place, and only once there."""
    (folder / "in" / "old.txt").write_bytes(b"")
    assert shell(f"{FORUMCLEAN} ingest -q f.db in", folder).returncode == 3
    (folder / "in" / "a.txt").write_bytes(b"")
    second = shell(f"{FORUMCLEAN} ingest -q f.db in", folder)
    assert second.returncode == 3
    assert second.stderr.startswith("a.txt: error: is empty")
    assert second.stderr.count("\n") == 1
    assert (third := shell(f"{FORUMCLEAN} ingest -q f.db in", folder)).returncode == 0
    assert third.stderr == ""


@pytest.mark.parametrize("sent", [pytest.param(signal.SIGTERM, id="SIGTERM"), pytest.param(signal.SIGHUP, id="the terminal is gone")])
def test_a_terminated_run_says_so(tmp_path: Path, sent: signal.Signals) -> None:
    """One line, exit code 1, a log entry, a whole archive; the next run completes it."""
    (tmp_path / "in").mkdir()
    for number in range(400):
        (tmp_path / "in" / f"{number}.txt").write_text(f"{number}\n" + POST * 2000, "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "forumclean", "ingest", "f.db", "in"], cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (tmp_path / "f.db-wal").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.3)
    process.send_signal(sent)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.startswith("forumclean: interrupted")
    assert sqlite3.connect(tmp_path / "f.db").execute("SELECT status FROM runs").fetchall() == [("interrupted",)]
    assert shell(f"{FORUMCLEAN} verify f.db", tmp_path).returncode == 0
    assert shell(f"{FORUMCLEAN} ingest f.db in", tmp_path).returncode == 0
    assert sqlite3.connect(tmp_path / "f.db").execute("SELECT count(*) FROM documents").fetchone() == (400,)
