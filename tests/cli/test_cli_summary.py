"""What an import says about itself: true counts, and warnings that can be read."""

from __future__ import annotations

import json
import runpy
import sqlite3
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from forumclean.cli import render

Run = Callable[..., "CompletedProcess[str]"]
TESTS = Path(__file__).resolve().parents[1]
SAMPLES = TESTS.parent / "forumclean" / "demo" / "samples"
PAGES = {path.name: path.read_bytes() for path in sorted((TESTS.parent / "fixtures/html/x").glob("*.html"))}
zipped = runpy.run_path(str(TESTS / "container_files.py"))["zipped"]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of HTML pages of a board that prints no config blocks."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, data in PAGES.items():
        (folder / name).write_bytes(data)
    return folder


def test_the_summary_counts_what_the_archive_holds(forumclean: Run, pages: Path, tmp_path: Path) -> None:
    """Of a new archive, all its forums, threads and posts are new: also the forums that only their threads speak of."""
    stored = json.loads(forumclean("ingest", "f.db", "pages", "--json").stdout)["stored"]
    database = sqlite3.connect(tmp_path / "f.db")
    held = {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("forums", "threads", "posts")}
    assert held["forums"]
    assert {table: stored.get(table, 0) for table in held} == held


def test_only_what_is_new_is_called_new(forumclean: Run, pages: Path, tmp_path: Path) -> None:
    """A second folder adds its own to the archive; what was there is not counted again."""
    assert forumclean("ingest", "f.db", "pages").returncode == 0
    (tmp_path / "letter.md").write_bytes((SAMPLES / "letter.md").read_bytes())
    assert forumclean("ingest", "f.db", "letter.md").stdout == "f.db: 1 read\n  new in the archive: 1 document\n"


def test_bytes_met_twice_count_once(forumclean: Run, pages: Path, tmp_path: Path) -> None:
    """The folder, and a zip of it: the cuts of the folder."""
    (tmp_path / "pages.zip").write_bytes(zipped(PAGES))
    alone = json.loads(forumclean("ingest", "one.db", "pages", "--json").stdout)
    both = json.loads(forumclean("ingest", "two.db", "pages.zip", "pages", "--json").stdout)
    assert alone["cuts"]
    assert both["cuts"] == alone["cuts"]
    assert (both["new"], both["unchanged"]) == (alone["new"], alone["unchanged"] + len(PAGES))


def test_a_warning_is_no_failed_input(forumclean: Run, tmp_path: Path) -> None:
    """Members whose names lead out of their container are new and read; the note about their names fails nothing, and is said once."""
    (tmp_path / "odd.zip").write_bytes(zipped({"../../letter.md": (SAMPLES / "letter.md").read_bytes(), "/x.txt": "一盆薄荷。\n".encode()}))  # mint
    done = forumclean("ingest", "f.db", "odd.zip")
    assert (done.returncode, done.stdout) == (0, "f.db: 2 read\n  new in the archive: 2 documents\n")
    assert done.stderr.count("[unsafe-name]") == 2
    database = sqlite3.connect(tmp_path / "f.db")
    assert database.execute("SELECT status, count(*) FROM sources GROUP BY status ORDER BY status").fetchall() == [("noted", 2), ("ok", 2)]
    again = forumclean("ingest", "f.db", "odd.zip")
    assert (again.stderr, "nothing new" in again.stdout) == ("", True)


def test_one_warning_on_many_inputs_is_said_three_times(forumclean: Run, tmp_path: Path) -> None:
    """Then how many more, and where they are listed; errors are all named; --quiet says nothing about warnings."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(9):
        (folder / f"{number}.sql").write_text(f"-- MySQL dump 10.13\nINSERT INTO `t` VALUES ({number});\n", "utf-8")
    for number in range(5):
        (folder / f"{number}.txt").write_bytes(b" " * (number + 1))
    done = forumclean("ingest", "f.db", "in")
    lines = done.stderr.splitlines()
    assert sum("[sql-backup]" in line and ".sql: warning: " in line for line in lines) == 3
    assert sum("[empty]" in line for line in lines) == 5
    assert lines[-1] == "… and 6 more [sql-backup]: forumclean issues f.db --code sql-backup"
    assert len(json.loads(forumclean("issues", "f.db", "--code", "sql-backup", "--json").stdout)) == 9
    assert "sql" not in forumclean("ingest", "g.db", "in", "--quiet").stderr


def test_an_archive_where_inputs_are_wanted_is_called_one(forumclean: Run, pages: Path, tmp_path: Path) -> None:
    """Explain says what it lacks; inspect and ingest say what the file is, and go on."""
    assert forumclean("ingest", "f.db", "pages").returncode == 0
    done = forumclean("explain", "f.db")
    assert (done.returncode, done.stdout) == (2, "")
    assert "f.db: this is an archive: give --post ID" in done.stderr
    look = forumclean("inspect", "f.db")
    assert "is        archive, score 1.00: an archive of forumclean" in look.stdout
    into = forumclean("ingest", "g.db", "f.db")
    assert "[archive]" in into.stderr
    assert "1 unsupported" in into.stdout


def test_explain_says_what_it_cannot_explain(forumclean: Run, tmp_path: Path) -> None:
    """A dump of a database leaves no text: that is said, not passed over."""
    (tmp_path / "a.sql").write_text("-- MySQL dump 10.13\nINSERT INTO `t` VALUES (1);\n", "utf-8")
    done = forumclean("explain", "a.sql")
    assert (done.returncode, done.stdout) == (0, "")
    assert "a.sql: warning: " in done.stderr


def test_inspect_tells_by_its_exit_code(forumclean: Run, tmp_path: Path) -> None:
    """0 where every input can be read, 3 where one cannot; a name with a line break stays on its line."""
    (tmp_path / "good\nname.md").write_bytes((SAMPLES / "letter.md").read_bytes())
    good = forumclean("inspect", "good\nname.md")
    assert (good.returncode, good.stdout.splitlines()[0]) == (0, "good\\nname.md")
    (tmp_path / "bad.txt").write_bytes(b"")
    assert forumclean("inspect", "good\nname.md", "bad.txt").returncode == 3
    assert forumclean("inspect", "bad.txt", "--json").returncode == 3


def test_columns_without_a_value_take_no_room_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What is left gets the width; programs behind a pipe get every column."""
    rows = [(1, "雨水桶要不要加盖", None, ""), (2, "x", 0, None)]  # "does a barrel need a lid?"
    render.table(("tid", "thread", "without text", "missing pages"), rows)
    assert capsys.readouterr().out.splitlines()[0] == "tid\tthread\twithout text\tmissing pages"
    monkeypatch.setattr(render, "terminal", lambda: True)
    render.table(("tid", "thread", "without text", "missing pages"), rows)
    drawn = capsys.readouterr().out
    assert "missing pages" not in drawn
    assert "without text" in drawn
    assert "雨水桶要不要加盖" in drawn


def test_one_missing_floor_is_one_number(forumclean: Run, tmp_path: Path) -> None:
    """A single floor that is not there is named once, not as a span."""
    page = (SAMPLES / "thread-877-1-1.txt").read_text("utf-8")
    (tmp_path / "thread-877-1-1.txt").write_text(page, "utf-8")
    assert forumclean("ingest", "f.db", "thread-877-1-1.txt").returncode == 0
    database = sqlite3.connect(tmp_path / "f.db")
    database.execute("DELETE FROM quotes")
    database.execute("UPDATE posts SET position = position + 1 WHERE position > 1")
    database.commit()
    database.close()
    assert forumclean("coverage", "f.db").stdout.splitlines()[1].split("\t")[-1] == "2"
