"""Discuz X desktop pages against the corpus's truth, through the real command and the scorer beside the corpus."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

Ingest = Callable[..., Path]
FULL = ("author", "time", "text", "no noise left", "no signature in text", "locked noted", "state banned", "thread title")


@pytest.fixture(scope="module")
def ingest(tmp_path_factory: pytest.TempPathFactory) -> Ingest:
    """Ingest folders, one run each, into a new archive."""

    def run(*folders: Path, extra: tuple[str, ...] = ()) -> Path:
        archive = tmp_path_factory.mktemp("html") / "a.db"
        for folder in folders:
            command = [sys.executable, "-m", "forumclean", "ingest", str(archive), str(folder), "--quiet", *extra]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        return archive

    return run


def score(archive: Path, shared: Path) -> dict[str, float]:
    """The scorer's figures: shares of one, and the number of invented posts."""
    command = [sys.executable, str(shared / "score/score_archive.py"), str(archive), str(shared / "corpus"), "--json"]
    figures: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return figures


def counts(archive: Path) -> tuple[int, int, int]:
    """Threads, posts, revisions."""
    tables = ("threads", "posts", "revisions")
    threads, posts, revisions = (sqlite3.connect(archive).execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)
    return threads, posts, revisions


@pytest.fixture(scope="module")
def desktop(ingest: Ingest, shared: Path) -> Path:
    """The desktop pages."""
    return ingest(shared / "corpus/desktop")


def test_desktop_is_exact(desktop: Path, shared: Path) -> None:
    """Every post, author, time, text and title; no noise, no signature, nothing invented."""
    figures = score(desktop, shared)
    assert {name: figures[name] for name in ("posts found", *FULL)} == dict.fromkeys(("posts found", *FULL), 1.0)
    assert figures["invented posts"] == 0


@pytest.mark.parametrize(("folder", "posts", "elsewhere"), [("gbk", 71, 33), ("httrack", 432, 0)])
def test_other_mirrors_are_exact_in_what_they_hold(ingest: Ingest, shared: Path, folder: str, posts: int, elsewhere: int) -> None:
    """Pages in GBK, and a mirror with rewritten names. ``elsewhere``: posts of a thread that only its printable page shows, without numbers."""
    archive = ingest(shared / "corpus" / folder)
    figures = score(archive, shared)
    assert counts(archive)[1] == posts + elsewhere
    assert {name: figures[name] for name in FULL} == dict.fromkeys(FULL, 1.0)
    assert figures["invented posts"] == elsewhere  # the scorer knows desktop posts by their numbers
    without = "SELECT t.tid, count(*) FROM posts AS p JOIN threads AS t ON t.id = p.thread_id WHERE p.pid IS NULL GROUP BY 1"
    assert sqlite3.connect(archive).execute(without).fetchall() == ([(3, elsewhere)] if elsewhere else [])


@pytest.mark.parametrize("order", [("desktop", "desktop_repeat2", "desktop_repeat3"), ("desktop_repeat3", "desktop", "desktop_repeat2")], ids=" ".join)
def test_captures_again_make_no_revision(ingest: Ingest, desktop: Path, shared: Path, order: tuple[str, ...]) -> None:
    """Other jammers, counters and tokens: the same posts, the same revisions, in any order."""
    archive = ingest(*(shared / "corpus" / name for name in order))
    assert counts(archive) == counts(desktop)
    query = "SELECT pid, position, author_name, created_at, state, text, html FROM posts ORDER BY pid"
    assert sqlite3.connect(archive).execute(query).fetchall() == sqlite3.connect(desktop).execute(query).fetchall()


def test_without_jammer_nothing_is_cut(ingest: Ingest, desktop: Path, shared: Path, tmp_path: Path) -> None:
    """The same pages from a forum with jammer 0: no cut, and the same texts."""
    with tarfile.open(shared / "corpus/desktop_jammer_off.tar.gz") as archive_file:
        archive_file.extractall(tmp_path, filter="data")
    archive = ingest(tmp_path)
    assert sqlite3.connect(archive).execute("SELECT count(*) FROM sightings WHERE cuts IS NOT NULL").fetchone() == (0,)
    # three posts hold a line break (LF CR LF) that Discuz counts as one or two, jammed or not
    query = "SELECT pid, replace(text, char(10), '') FROM posts WHERE state = 'ok' ORDER BY pid"
    assert sqlite3.connect(archive).execute(query).fetchall() == sqlite3.connect(desktop).execute(query).fetchall()


@pytest.mark.parametrize("name", ["forum2_viewthread", "forum2_forumdisplay", "forum36_viewthread", "forum36_forumdisplay"])
@pytest.mark.parametrize("how", ["page_pre", "page_nopre"])
def test_configs_printed_on_a_page(ingest: Ingest, shared: Path, name: str, how: str) -> None:
    """A forum row printed onto a page, inside <pre> or not, gives the same settings as its JSON twin, blanks apart."""
    dumps = shared / "corpus/config_dumps"
    archive = ingest(dumps / f"{name}.{how}.html")
    rows = sqlite3.connect(archive).execute("SELECT path, value FROM forum_settings WHERE NOT decoded").fetchall()
    want = dict(_leaves(json.loads((dumps / f"{name}.json.txt").read_text("utf-8"))))
    got = {path: _squeezed(value) for path, value in rows}
    assert {path: _squeezed(value) for path, value in want.items() if path != "password"} == {path: got.get(path) for path in want if path != "password"}


def _leaves(value: object, path: str = "") -> list[tuple[str, object]]:
    if isinstance(value, (dict, list)) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [leaf for key, inner in items for leaf in _leaves(inner, f"{path}.{key}" if path else str(key))]
    return [(path, value)]


def _squeezed(value: object) -> str:
    """As print_r writes it, without blanks: true is 1, false and null and empty arrays are nothing."""
    text = "1" if value is True else "" if value is None or value is False or value in ([], {}) else str(value)
    return "".join(text.split())
