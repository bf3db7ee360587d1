"""Containers of the corpus's desktop pages: row for row the archive of the folder, through the real command."""

from __future__ import annotations

import json
import runpy
import sqlite3
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import zstandard

content = runpy.run_path(str(Path(__file__).resolve().parents[1] / "archive_content.py"))["content"]
CAPTURED = {"captured_at", "captured_how", "recaptured_at", "first_seen_at", "last_seen_at", "seen_at"}


def ingest(folder: Path, path: Path) -> Path:
    """A new archive of a file or folder."""
    archive = folder / "a.db"
    done = subprocess.run([sys.executable, "-m", "forumclean", "ingest", str(archive), str(path), "--quiet"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return archive


@pytest.fixture(scope="module")
def desktop(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the folder."""
    return ingest(tmp_path_factory.mktemp("folder"), shared / "corpus/desktop")


def all_but_places(archive: Path) -> dict[str, list[Any]]:
    """Every row of every table, apart from where the documents lay."""
    found: dict[str, list[Any]] = content(archive)
    del found["source_paths"]
    found["sources"] = [[*row[:2], *row[3:]] for row in found["sources"]]
    return found


def people_see(archive: Path) -> dict[str, list[Any]]:
    """Every row of what people read, apart from the times at which it was captured."""
    connection = sqlite3.connect(archive)
    found: dict[str, list[Any]] = {}
    for table in ("forums", "threads", "users", "signatures", "documents", "comments", "ratings", "quotes", "attachments", "revisions", "posts"):
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        wanted = [name for name in names if name not in CAPTURED and name != "id" and not name.endswith("_id")]
        rows = connection.execute(f"SELECT {', '.join(wanted)} FROM {table}").fetchall()
        found[table] = sorted(json.dumps(row, ensure_ascii=False) for row in rows)
    return found


def test_zip(desktop: Path, shared: Path, tmp_path: Path) -> None:
    """Also every time of capture: the pages print their own."""
    with zipfile.ZipFile(tmp_path / "desktop.zip", "w", zipfile.ZIP_DEFLATED) as container:
        for path in sorted((shared / "corpus/desktop").iterdir()):
            container.write(path, f"desktop/{path.name}")
    assert all_but_places(ingest(tmp_path, tmp_path / "desktop.zip")) == all_but_places(desktop)


def test_tar_zst(desktop: Path, shared: Path, tmp_path: Path) -> None:
    """As zip."""
    with tarfile.open(tmp_path / "desktop.tar", "w") as container:
        container.add(shared / "corpus/desktop", "desktop")
    (tmp_path / "desktop.tar.zst").write_bytes(zstandard.ZstdCompressor().compress((tmp_path / "desktop.tar").read_bytes()))
    assert all_but_places(ingest(tmp_path, tmp_path / "desktop.tar.zst")) == all_but_places(desktop)


def test_warc(desktop: Path, shared: Path, tmp_path: Path) -> None:
    """Apart from the times of capture, which are the crawler's there: to the second, where the pages print the minute."""
    archive = ingest(tmp_path, shared / "corpus/warc")
    assert people_see(archive) == people_see(desktop)
    hashes = "SELECT sha256, status FROM sources ORDER BY sha256"
    assert sqlite3.connect(archive).execute(hashes).fetchall() == sqlite3.connect(desktop).execute(hashes).fetchall()


def test_a_folder_and_its_containers_in_one_archive_add_nothing(desktop: Path, shared: Path, tmp_path: Path) -> None:
    """The same bytes found again are the same sources with one more place."""
    archive = ingest(tmp_path, shared / "corpus/desktop")
    ingest(tmp_path, shared / "corpus/warc")
    assert people_see(archive) == people_see(desktop)
    connection = sqlite3.connect(archive)
    assert connection.execute("SELECT count(*) FROM sources").fetchone() == (116,)
    assert connection.execute("SELECT count(*) FROM source_paths").fetchone() == (232,)


def test_httrack(shared: Path, tmp_path: Path) -> None:
    """Names that HTTrack rewrote: every page is read, and none is taken for another."""
    connection = sqlite3.connect(ingest(tmp_path, shared / "corpus/httrack"))
    assert connection.execute("SELECT count(*) FROM posts").fetchone() == (432,)
    assert connection.execute("SELECT count(*) FROM sources WHERE status NOT IN ('ok', 'asset')").fetchone() == (0,)
