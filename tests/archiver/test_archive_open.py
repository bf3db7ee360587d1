"""Opening and closing: every way it can fail is one clear line, and nothing half made stays behind."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from forumclean.archiver.archive import Archive
from forumclean.archiver.reading import list_runs
from forumclean.archiver.schema import APPLICATION_ID
from forumclean.errors import ArchiveError, LockedError, NotOursError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    Archive.open(path).close()
    return path


def test_a_closed_archive_is_one_file(archive: Path) -> None:
    """No -wal, -shm or -lock stays: the file can be copied or opened read-only."""
    assert [path.name for path in archive.parent.iterdir()] == ["a.db"]
    with Archive.open_readonly(archive) as opened:
        assert opened.verify() == []
    assert [path.name for path in archive.parent.iterdir()] == ["a.db"]


def test_an_archive_says_whose_it_is(archive: Path) -> None:
    """By ``application_id``, so that other tools and plugins can tell."""
    connection = sqlite3.connect(archive)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_an_empty_file_becomes_an_archive(tmp_path: Path) -> None:
    """``mktemp`` makes such files; but they are none before something was written."""
    path = tmp_path / "a.db"
    path.touch()
    with pytest.raises(NotOursError, match="empty"):
        Archive.open(path, create=False)
    with pytest.raises(NotOursError, match="empty"):
        Archive.open_readonly(path)
    with Archive.open(path) as opened:
        assert opened.counts()["posts"] == 0


def foreign_text(path: Path) -> None:
    path.write_text("just a text file, longer than the header of a database, to be taken for one\n" * 20)


def foreign_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE posts (id)")
    connection.commit()
    connection.close()


def newer_archive(path: Path) -> None:
    Archive.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()


def damaged_archive(path: Path) -> None:
    Archive.open(path).close()
    data = bytearray(path.read_bytes())
    data[100:4096] = b"\xff" * 3996  # the schema page
    path.write_bytes(data)


@pytest.mark.parametrize(("make", "error", "words"), [
    pytest.param(foreign_text, NotOursError, "not an SQLite file", id="no database"),
    pytest.param(foreign_database, NotOursError, "another program", id="another application's database"),
    pytest.param(newer_archive, NotOursError, "newer version", id="made by a newer version"),
    pytest.param(damaged_archive, ArchiveError, "damaged", id="damaged"),
    pytest.param(Path.mkdir, ArchiveError, "is a folder", id="a folder"),
])
@pytest.mark.parametrize("opener", [pytest.param(Archive.open, id="write"), pytest.param(Archive.open_readonly, id="read")])
def test_what_is_no_archive_is_refused_and_left_alone(tmp_path: Path, make: object, error: type[Exception], words: str, opener: object) -> None:
    """One line that names the file; its bytes stay as they are."""
    path = tmp_path / "x.db"
    make(path)  # type: ignore[operator]
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(error, match=words) as caught:
        opener(path)  # type: ignore[operator]
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert before == (path.read_bytes() if path.is_file() else b"")
    assert [left.name for left in tmp_path.iterdir()] == ["x.db"]


def test_a_missing_folder_or_archive_is_said(tmp_path: Path) -> None:
    """Nothing is made on the way."""
    with pytest.raises(ArchiveError, match="does not exist"):
        Archive.open(tmp_path / "no" / "a.db")
    for opener in (lambda path: Archive.open(path, create=False), Archive.open_readonly):
        with pytest.raises(ArchiveError, match="no such archive"):
            opener(tmp_path / "a.db")
    assert list(tmp_path.iterdir()) == []


def test_a_second_writer_waits_then_gives_up(archive: Path) -> None:
    """One writer at a time, in this process too; a reader is never blocked."""
    with Archive.open(archive):
        with pytest.raises(LockedError, match="another process"):
            Archive.open(archive, wait=0.1)
        with Archive.open_readonly(archive) as reader:
            assert reader.counts()["posts"] == 0
    Archive.open(archive, wait=0).close()


def test_a_writer_in_another_process_is_waited_for(archive: Path) -> None:
    """The lock ends with the process that holds it, even when it is killed."""
    holder = subprocess.Popen(
        [sys.executable, "-c", f"from forumclean.archiver.archive import Archive\narchive = Archive.open({str(archive)!r})\nprint(1, flush=True)\ninput()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdin
    assert holder.stdout
    holder.stdout.readline()
    with pytest.raises(LockedError):
        Archive.open(archive, wait=0.1)
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    Archive.open(archive, wait=0).close()
    assert [path.name for path in archive.parent.iterdir()] == ["a.db"]


def test_a_lock_by_another_program_is_said_too(archive: Path) -> None:
    """Some tool holds SQLite's own write lock."""
    other = sqlite3.connect(archive, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LockedError):
        Archive.open(archive, wait=0.1)
    other.execute("ROLLBACK")
    other.close()


def test_what_a_caller_meets_on_the_connection_is_explained(archive: Path) -> None:
    """Settle and search work on the connection: their errors of SQLite leave as ours."""
    with pytest.raises(ArchiveError, match="disk is full"), Archive.open(archive):
        raise sqlite3.OperationalError("database or disk is full")


def as_nobody(job: Callable[[], object]) -> str:
    """Run in a child without the rights of root (who may write everywhere); returns what it gave, or the error's words."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - in the child
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            said = str(job())
        except BaseException as error:  # noqa: BLE001
            said = f"{type(error).__name__}: {error}"
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def locked_folder(archive: Path) -> Iterator[Path]:
    """An archive in a folder in which nothing may be written, and which everybody can reach."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(archive, folder / "a.db")
        (folder / "a.db").chmod(0o444)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


def test_a_read_only_archive_can_be_read(locked_folder: Path) -> None:
    """It was checkpointed, so it opens immutable."""
    def count() -> int:
        with Archive.open_readonly(locked_folder / "a.db") as opened:
            return opened.counts()["posts"]

    assert as_nobody(count) == "0"


@pytest.mark.parametrize("name", [pytest.param("a.db", id="old"), pytest.param("new.db", id="new")])
def test_a_place_that_cannot_be_written_is_said(locked_folder: Path, name: str) -> None:
    """Read-only file, read-only folder: one line, nothing left behind."""
    said = as_nobody(lambda: Archive.open(locked_folder / name))
    assert said.startswith("ArchiveError: ")
    assert "cannot write there" in said
    assert [left.name for left in locked_folder.iterdir()] == ["a.db"]


@pytest.mark.parametrize("limit", [pytest.param(20_000, id="while it is made"), pytest.param(400_000, id="while it is filled")])
def test_a_full_disk_leaves_no_half_archive(tmp_path: Path, limit: int) -> None:
    """Files may not grow beyond a limit: one line, the new file is gone or whole as of the last commit."""
    path = tmp_path / "a.db"
    script = f"""
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
        from forumclean.archiver.archive import Archive
        from forumclean.errors import ArchiveError
        try:
            with Archive.open({str(path)!r}) as archive:
                for number in range(100):
                    archive.begin_run("1", {{"padding": "x" * 50_000}}, [])
        except ArchiveError as error:
            print("said:", error)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False)
    assert "disk is full or failing" in done.stdout, done.stderr
    if path.exists():
        with Archive.open(path) as archive:
            assert archive.verify() == []
            assert list_runs(archive.connection)
    else:
        assert list(tmp_path.iterdir()) == []
