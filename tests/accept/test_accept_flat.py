"""Desktop pages flattened by real extractors, through the real command and the scorer beside the corpus."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

FULL = {"posts found": 1.0, "author": 0.99, "time": 1.0, "text": 0.68, "locked noted": 1.0, "state banned": 1.0, "thread title": 1.0}
FLOORS = {
    "resiliparse": FULL,
    "bs4_plain": FULL,
    "bs4_lxml_nl": FULL,
    "lynx_w1000": FULL,
    "lynx_80": FULL | {"text": 0.55},  # wrapped inside the noise
    "justext_all": FULL | {"text": 0.6},  # lines of a paragraph are joined, and blanks between them collapsed
    "html2text": FULL | {"text": 0.65, "locked noted": 0.9},  # Markdown: tables, and bold words inside the noise
    "inscriptis": FULL | {"posts found": 0.99, "text": 0.7},  # leaves out what is hidden
    "w3m_200": {"posts found": 0.98, "author": 0.98, "time": 0.98, "text": 0.58, "thread title": 1.0},  # wraps, and draws images as [name]
    "resiliparse_main": {"posts found": 1.0, "time": 1.0, "text": 0.6, "locked noted": 1.0, "state banned": 1.0},  # leaves out links: names, titles
}
"""Extractor → the least share of each figure."""


@pytest.mark.parametrize(("extractor", "code"), [("trafilatura", "lines-lost"), ("trafilatura_recall", "lines-lost"), ("readability_textcontent", "posts-not-found")])
def test_what_an_extractor_destroyed_is_said(extractor: str, code: str, shared: Path, tmp_path: Path) -> None:
    """Pages whose lines or posts are gone are documents with an issue, and no posts are made of them."""
    archive = tmp_path / "a.db"
    command = [sys.executable, "-m", "forumclean", "ingest", str(archive), str(shared / "corpus/flat" / extractor), "--quiet"]
    subprocess.run(command, capture_output=True, check=False)
    connection = sqlite3.connect(archive)
    assert connection.execute("SELECT count(*) FROM posts").fetchone()[0] <= 1
    assert connection.execute("SELECT count(*) FROM documents").fetchone()[0] >= 114
    assert connection.execute("SELECT count(*) FROM issues WHERE code = ?", (code,)).fetchone()[0] >= 50


@pytest.mark.parametrize("extractor", FLOORS)
def test_what_an_extractor_left_is_recovered(extractor: str, shared: Path, tmp_path: Path) -> None:
    """Posts, authors, times, texts; nothing invented."""
    archive = tmp_path / "a.db"
    command = [sys.executable, "-m", "forumclean", "ingest", str(archive), str(shared / "corpus/flat" / extractor), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    command = [sys.executable, str(shared / "score/score_archive.py"), str(archive), str(shared / "corpus"), "--view", "flat", "--json"]
    figures = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert {name: figures[name] for name, floor in FLOORS[extractor].items() if figures[name] < floor} == {}
    assert figures["invented posts"] <= (5 if extractor == "w3m_200" else 0)
