"""Pages that were read as another board's: read again with the right hint they are where they belong, as if it had been given at first."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from forumclean.archiver.archive import Archive
from forumclean.pipeline import local
from forumclean.settings import Settings

TESTS = Path(__file__).resolve().parents[1]
board = runpy.run_path(str(TESTS / "bench" / "synthetic_board.py"))
content = runpy.run_path(str(TESTS / "archive_content.py"))["content"]

OLD, NEW = "board.example.org", "www.new.example"
ALIAS = Settings(aliases={NEW: OLD})


@pytest.fixture
def nights(tmp_path: Path) -> list[str]:
    """Some threads at the old address, all of them at the new one, and a page without an address."""
    board["write"](tmp_path / "1", 60)
    for path in (tmp_path / "1").rglob("*.html"):
        moved = tmp_path / "2" / path.name
        moved.parent.mkdir(exist_ok=True)
        moved.write_bytes(path.read_bytes().replace(OLD.encode(), NEW.encode()).replace(b"2023-11-20", b"2023-12-20"))
    min((tmp_path / "1").rglob("*.html")).unlink()
    (tmp_path / "2" / "letter.txt").write_text("一封信，写给种菜的邻居。", "utf-8")
    return [str(tmp_path / "1"), str(tmp_path / "2")]


def imported(path: Path, nights: list[str], *hints: Settings, full: bool = False) -> Any:
    for paths, hint in zip(([night] for night in nights), hints, strict=True):
        local.ingest(str(path), paths, hint, full=full)
    with Archive.open_readonly(path) as archive:
        assert archive.verify() == []
        return content(archive.connection)


def slugs(found: Any) -> list[str]:
    return [row[0] for row in found["sites"]]


def test_without_a_hint_everything_stays_where_it_is(tmp_path: Path, nights: list[str]) -> None:
    """The untouched: read again, and read again without the hint that was given at first."""
    first = imported(tmp_path / "a.db", nights, Settings(), Settings())
    assert slugs(first) == [OLD, "unknown", NEW]
    assert imported(tmp_path / "a.db", nights, Settings(), Settings(), full=True) == first
    right = imported(tmp_path / "b.db", nights, Settings(), ALIAS)
    assert slugs(right) == [OLD, "unknown"]
    assert imported(tmp_path / "b.db", nights, Settings(), Settings(), full=True) == right


def test_a_forgotten_alias(tmp_path: Path, nights: list[str]) -> None:
    """Posts, users and forums of the second board join those of the first; nothing is left of it."""
    right = imported(tmp_path / "right.db", nights, Settings(), ALIAS)
    imported(tmp_path / "a.db", nights, Settings(), Settings())
    assert imported(tmp_path / "a.db", nights, Settings(), ALIAS, full=True) == right


def test_a_wrong_site(tmp_path: Path, nights: list[str]) -> None:
    """One name for all that is given, and later another."""
    right = imported(tmp_path / "right.db", nights, Settings(site="right"), Settings(site="right"))
    imported(tmp_path / "a.db", nights, Settings(site="wrong"), Settings(site="wrong"))
    assert imported(tmp_path / "a.db", nights, Settings(site="right"), Settings(site="right"), full=True) == right
