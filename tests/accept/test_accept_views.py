"""Touch and printable pages against the corpus's truth, through the real command and the scorer beside the corpus."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Ingest = Callable[..., Path]


@pytest.fixture(scope="module")
def ingest(tmp_path_factory: pytest.TempPathFactory) -> Ingest:
    """Ingest folders, one run each, into a new archive."""

    def run(*folders: Path) -> Path:
        archive = tmp_path_factory.mktemp("views") / "a.db"
        for folder in folders:
            command = [sys.executable, "-m", "forumclean", "ingest", str(archive), str(folder), "--quiet"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        return archive

    return run


@pytest.mark.parametrize(("view", "folder"), [("touch", "mobile_touch"), ("printable", "printable")])
def test_each_view_is_exact(ingest: Ingest, shared: Path, view: str, folder: str) -> None:
    """Every post, author, time (relative ones to their precision), text, title and ban; no noise, nothing invented."""
    archive = ingest(shared / "corpus" / folder)
    command = [sys.executable, str(shared / "score/score_archive.py"), str(archive), str(shared / "corpus"), "--view", view, "--json"]
    figures: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert figures.pop("invented posts") == 0
    assert figures == dict.fromkeys(figures, 1.0)
    assert {"posts found", "author", "time", "text", "state banned", "thread title"} <= figures.keys()
