"""Order, lots, repetition and the number of processes do not change what an import leaves (design: twice is once)."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.archiver.archive import Archive
from forumclean.pipeline import local, readers
from forumclean.settings import Settings

TESTS = Path(__file__).resolve().parents[1]
content = runpy.run_path(str(TESTS / "archive_content.py"))["content"]
board = runpy.run_path(str(TESTS / "bench" / "synthetic_board.py"))


@pytest.fixture(scope="module")
def files(tmp_path_factory: Any) -> list[str]:
    """The pages of a small board, and pages that it showed in an earlier year."""
    folder: Path = tmp_path_factory.mktemp("law")
    board["write"](folder / "now", 160)
    board["write"](folder / "then", 100, 2)
    return sorted(map(str, folder.rglob("*.html")))


def imported(archive: Path, lots: list[list[str]], jobs: list[int]) -> dict[str, Any]:
    for lot, number in zip(lots, jobs, strict=True):
        local.ingest(str(archive), lot, Settings(), jobs=number)
    with Archive.open_readonly(archive) as opened:
        assert opened.verify() == []
        found: dict[str, Any] = content(opened.connection)
    return found


@settings(max_examples=6)
@given(data=st.data())
def test_shuffled_split_and_repeated_inputs_give_the_same_archive(tmp_path_factory: Any, files: list[str], data: Any) -> None:
    """By one process and by two."""
    folder = tmp_path_factory.mktemp("law")
    shuffled = data.draw(st.permutations(files)) + data.draw(st.lists(st.sampled_from(files), max_size=3))
    cut = data.draw(st.integers(0, len(shuffled)))
    lots = [lot for lot in (shuffled[:cut], shuffled[cut:]) if lot]
    jobs = data.draw(st.lists(st.sampled_from([1, 1, 2]), min_size=len(lots), max_size=len(lots)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers, "WORTH_WORKERS", 1)
        patch.setattr(readers, "LOT_BYTES", 50_000)
        patch.setattr(local, "TRANSACTION_BYTES", 100_000)
        assert imported(folder / "other.db", lots, jobs) == imported(folder / "one.db", [files], [1])
