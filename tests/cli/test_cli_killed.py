"""Killed, stopped, in each other's way: an archive is whole at every moment, and the next run completes it.

`make test` kills an import at a few moments, `make soak` at many (FORUMCLEAN_KILLS).
"""

from __future__ import annotations

import os
import random
import runpy
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from forumclean.archiver.archive import Archive
from forumclean.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable

TESTS = Path(__file__).resolve().parents[1]
content = runpy.run_path(str(TESTS / "archive_content.py"))["content"]
board = runpy.run_path(str(TESTS / "bench" / "synthetic_board.py"))
KILLS = int(os.environ.get("FORUMCLEAN_KILLS", "20"))
AT_A_TIME = 4
"""Kills of one archive before it is left to complete."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: Any) -> Path:
    """A small board, enough for workers, a few transactions and an index."""
    made: Path = tmp_path_factory.mktemp("killed") / "in"
    board["write"](made, 500)
    return made


def start(folder: Path, archive: Path, *options: str) -> subprocess.Popen[str]:
    """An import in a process group of its own, small transactions."""
    code = (
        "import sys; from forumclean.pipeline import local, readers, settle; from forumclean.cli import main\n"
        "if __name__ == '__main__':\n"
        "    local.TRANSACTION_BYTES, local.INDEX_AT, readers.WORTH_WORKERS, readers.LOT_BYTES, settle.SIGHTINGS_AT_ONCE = 150_000, 100, 1, 80_000, 50\n"
        "    main()\n"
    )
    script = archive.parent / "slow.py"
    script.write_text(code)
    return subprocess.Popen(
        [sys.executable, str(script), "ingest", str(archive), str(folder), "--quiet", *options],
        start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def group_of(process: subprocess.Popen[str]) -> list[str]:
    """Command lines of all processes that still belong to the session of an import."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == process.pid and fields[0] != "Z":
                    found.append((entry / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
    return found


def nothing_left(process: subprocess.Popen[str]) -> bool:
    """Workers notice that their parent is gone, and go too."""
    for _ in range(100):
        if not group_of(process):
            return True
        time.sleep(0.1)
    return False


def whole(archive: Path) -> None:
    """What is there passes ``verify``; there may be nothing yet."""
    if archive.exists() and archive.stat().st_size:
        with Archive.open_readonly(archive) as opened:
            assert opened.verify() == []


@pytest.fixture(scope="module")
def uninterrupted(folder: Path) -> tuple[dict[str, Any], float]:
    """What an import that nobody kills gives, and how long it takes."""
    archive = folder.parent / "whole.db"
    begun = time.monotonic()
    process = start(folder, archive, "--jobs", "2")
    assert process.communicate(timeout=120) == ("", "")
    taken = time.monotonic() - begun
    with Archive.open_readonly(archive) as opened:
        return content(opened.connection), taken


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_killed_at_any_moment_it_is_whole_and_the_next_run_completes_it(tmp_path: Path, folder: Path, uninterrupted: Any) -> None:
    """SIGKILL, with workers and without; again and again."""
    expected, taken = uninterrupted
    chance = random.Random(os.environ.get("FORUMCLEAN_SEED", "six"))
    kills = 0
    while kills < KILLS:
        archive = tmp_path / f"{kills}.db"
        for _ in range(AT_A_TIME):
            process = start(folder, archive, "--jobs", chance.choice("12"))
            time.sleep(chance.uniform(0.1, 0.6 * taken))
            process.kill()
            process.communicate()
            kills += 1
            assert nothing_left(process), group_of(process)
            whole(archive)
        process = start(folder, archive, "--jobs", "2")
        assert process.communicate(timeout=120) == ("", "")
        assert process.returncode == 0
        with Archive.open_readonly(archive) as opened:
            assert opened.verify() == []
            assert content(opened.connection) == expected
        for left in tmp_path.glob(f"{archive.name}*"):
            left.unlink()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [pytest.param(signal.SIGINT, id="Ctrl-C"), pytest.param(signal.SIGTERM, id="SIGTERM")])
def test_a_stopped_import_says_one_line_and_leaves_no_process(tmp_path: Path, folder: Path, number: signal.Signals) -> None:
    """Ctrl-C reaches the workers too: they say nothing."""
    archive = tmp_path / "a.db"
    process = start(folder, archive, "--jobs", "2")
    wait_for(lambda: archive.exists() and _stored(archive) > 3)
    os.killpg(process.pid, number)
    out, said = process.communicate(timeout=60)
    assert (out, process.returncode) == ("", 1)
    assert said == "forumclean: interrupted; what was finished is in the archive, run the same command again to go on\n"
    assert nothing_left(process), group_of(process)
    whole(archive)
    with Archive.open_readonly(archive) as opened:
        assert opened.connection.execute("SELECT status, exit_code FROM runs").fetchall() == [("interrupted", 1)]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
def test_a_stop_while_workers_start_is_neither_lost_nor_answered_by_them(tmp_path: Path, folder: Path) -> None:
    """A copy of a process does not know at once that it is one."""
    for turn in range(5):
        process = start(folder, tmp_path / f"{turn}.db", "--jobs", "4")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        wait_for(lambda children=children: children.read_text() != "", pause=0.001)  # type: ignore[misc] - a default is no argument
        os.killpg(process.pid, signal.SIGINT)
        out, said = process.communicate(timeout=60)
        assert (out, process.returncode, said.count("\n")) == ("", 1, 1)
        assert nothing_left(process), group_of(process)


def _stored(archive: Path) -> int:
    try:
        with Archive.open_readonly(archive) as opened:
            return int(opened.connection.execute("SELECT count(*) FROM sources").fetchone()[0])
    except ArchiveError:
        return 0


def wait_for(there: Callable[[], bool], pause: float = 0.05) -> None:
    for _ in range(int(30 / pause)):
        if there():
            return
        time.sleep(pause)
    pytest.fail("did not happen within thirty seconds")


def test_two_imports_at_once(tmp_path: Path, folder: Path) -> None:
    """The second stops with one line, or waits; readers see whole pages at every moment."""
    archive = tmp_path / "a.db"
    first = start(folder, archive, "--jobs", "1")
    wait_for(lambda: archive.exists() and _stored(archive) > 0)
    first.send_signal(signal.SIGSTOP)  # it shall not be done before the second has started
    second = start(folder, archive, "--wait", "0")
    assert second.communicate(timeout=60) == ("", f"forumclean: {archive}: another process is writing to it; try again later, or give --wait SECONDS\n")
    assert second.returncode == 1
    first.send_signal(signal.SIGCONT)
    patient = start(folder, archive, "--wait", "120")
    while first.poll() is None:
        with Archive.open_readonly(archive) as reader:
            half = (
                "SELECT t.source_id FROM thread_sightings AS t LEFT JOIN sightings AS x ON x.source_id = t.source_id WHERE t.ordinal = 0 GROUP BY 1"
                " HAVING count(x.id) = 0")
            assert reader.connection.execute(half).fetchall() == []
            assert reader.connection.execute("SELECT count(*) FROM posts WHERE state = 'ok' AND text IS NULL").fetchone() == (0,)
    assert first.communicate() == ("", "")
    assert patient.communicate(timeout=120) == ("", "")
    assert patient.returncode == 0
    with Archive.open_readonly(archive) as opened:
        assert opened.connection.execute("SELECT status FROM runs ORDER BY id").fetchall() == [("finished",), ("finished",)]


def test_an_archive_that_is_replaced_during_the_run_is_said(tmp_path: Path, folder: Path) -> None:
    """Somebody restores a copy meanwhile: what is there now is not what was written to."""
    archive = tmp_path / "a.db"
    Archive.open(tmp_path / "copy.db").close()
    process = start(folder, archive, "--jobs", "1")
    wait_for(lambda: archive.exists() and _stored(archive) > 0)
    before = (tmp_path / "copy.db").read_bytes()
    (tmp_path / "copy.db").replace(archive)
    out, said = process.communicate(timeout=60)
    assert (out, process.returncode) == ("", 1)
    assert said.startswith(f"forumclean: {archive}: was replaced")
    assert said.count("\n") == 1
    assert archive.read_bytes() == before


def test_a_folder_that_goes_away_during_the_run_is_a_failure_not_a_fault(tmp_path: Path, folder: Path) -> None:
    """Each file that is gone is a line, and exit code 3; the rest is stored."""
    shutil.copytree(folder, tmp_path / "in")
    process = start(tmp_path / "in", tmp_path / "a.db", "--jobs", "2")
    wait_for(lambda: (tmp_path / "a.db").exists() and _stored(tmp_path / "a.db") > 3)
    shutil.rmtree(tmp_path / "in")
    out, said = process.communicate(timeout=60)
    assert out == ""
    assert process.returncode in {0, 3}
    assert all("is not there any more" in line or "cannot be read" in line for line in said.splitlines())
    assert bool(said) == (process.returncode == 3)
    whole(tmp_path / "a.db")
