"""Archives that earlier versions left: they open, are brought up to date in one transaction, and hold what they held."""

from __future__ import annotations

import gzip
import runpy
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from forumclean import settings
from forumclean.archiver import migrations
from forumclean.archiver.archive import Archive
from forumclean.archiver.search import search
from forumclean.errors import ArchiveError, NotOursError
from forumclean.pipeline.local import ingest
from forumclean.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DUMPS = sorted((ROOT / "fixtures" / "archives").glob("schema-*.db.gz"))
content = runpy.run_path(str(ROOT / "tests" / "archive_content.py"))["content"]


def schema(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Tables and indexes, column by column: SQLite writes changed tables down in its own way."""
    found = set()
    for name, kind in connection.execute("SELECT name, type FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE '%migrations%'"):
        found.add((name, str(connection.execute(f"PRAGMA {'table_info' if kind != 'index' else 'index_info'}({name})").fetchall())))
    return found


@pytest.fixture(params=DUMPS, ids=lambda path: path.name.partition(".")[0])
def old(request: Any, tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    return path


def test_every_released_schema_has_its_archive() -> None:
    """All but the present one, which is made anew by every test."""
    assert [path.name for path in DUMPS] == [f"schema-{number}.db.gz" for number in range(1, len(migrations.STEPS))]


def test_it_is_brought_up_to_date(tmp_path: Path, old: Path) -> None:
    """The same schema as a new archive, the same content, and search works."""
    before = content(sqlite3.connect(old))
    Archive.open(tmp_path / "new.db").close()
    with pytest.raises(NotOursError, match="older version"):
        Archive.open_readonly(old)
    with Archive.open(old) as opened, Archive.open_readonly(tmp_path / "new.db") as new:
        assert content(opened.connection) == before
        assert schema(opened.connection) == schema(new.connection)
        assert opened.verify() == []
        assert list(search(opened.connection, "雨水"))
        names = [name for name, in opened.connection.execute("SELECT name FROM migrations ORDER BY id")]
        assert names == [step.name for step in migrations.STEPS]


def test_a_step_that_fails_leaves_it_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All steps are one transaction."""
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE posts")
        raise RuntimeError("no further")

    steps = (*migrations.STEPS, migrations.Step("broken", fail))
    monkeypatch.setattr(migrations, "STEPS", steps)
    monkeypatch.setattr(migrations.migrate, "__defaults__", (steps,))
    monkeypatch.setattr(migrations.state, "__defaults__", (steps,))
    version, before = sqlite3.connect(old).execute("PRAGMA user_version").fetchone(), schema(sqlite3.connect(old))
    with pytest.raises(RuntimeError):
        Archive.open(old)
    assert sqlite3.connect(old).execute("PRAGMA user_version").fetchone() == version
    assert schema(sqlite3.connect(old)) == before


def test_a_backup_is_the_archive_as_it_was(old: Path) -> None:
    """Beside it, named for its schema; never written over; not made where there is nothing to upgrade."""
    before = content(sqlite3.connect(old))
    (number,) = sqlite3.connect(old).execute("PRAGMA user_version").fetchone()
    copy = old.with_name(f"old.db.schema-{number}")
    Archive.open(old, backup=True).close()
    assert content(sqlite3.connect(copy)) == before
    assert sqlite3.connect(copy).execute("PRAGMA user_version").fetchone() == (number,)
    Archive.open(old, backup=True).close()
    assert [path.name for path in old.parent.glob("*schema*")] == [copy.name]
    old.unlink()
    sqlite3.connect(copy).execute("VACUUM INTO ?", (str(old),))
    with pytest.raises(ArchiveError, match="backup already"):
        Archive.open(old, backup=True)


def test_what_is_still_there_is_read_again_and_what_is_gone_is_named(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the first import of a version that reads better."""
    monkeypatch.setattr(settings, "READER", settings.READER + 1)
    samples = sorted((ROOT / "forumclean" / "demo" / "samples").iterdir())
    given = [str(path) for path in samples if path.name != "letter.md"]
    summary = ingest(str(old), given, Settings())
    assert (summary.outdated, summary.outdated_paths) == (1, ["letter.md"])
    with Archive.open_readonly(old) as opened:
        assert opened.verify() == []
    assert ingest(str(old), given, Settings()).unchanged == 2
    assert ingest(str(old), [str(path) for path in samples], Settings()).outdated == 0
