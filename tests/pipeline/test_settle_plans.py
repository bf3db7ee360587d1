"""What settle asks of all sources at once must not go through one table for each row of another: the time would grow with the square."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from forumclean.archiver.archive import Archive
from forumclean.pipeline import settle, settle_signatures

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("queue", [settle._QUEUE, settle_signatures._QUEUE], ids=["threads", "signatures"])
def test_inner_tables_are_searched(tmp_path: Path, queue: tuple[str, ...]) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        connection = archive.connection
        connection.execute("CREATE TEMP TABLE settle_due (source_id INTEGER PRIMARY KEY)")
        plans = []
        for statement in queue:
            if statement.startswith("INSERT"):
                plans.append([row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")])
            connection.execute(statement)
        assert [step for step in plans[-1] if step.startswith("SCAN")] == ["SCAN u"]


def test_one_author_is_found_without_reading_the_others(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        plan = [row[3] for row in archive.connection.execute(f"EXPLAIN QUERY PLAN {settle_signatures._LOAD}", (1, "甲"))]
        assert plan[0] == "SEARCH x USING INDEX sightings_signer (signer=?)"
        assert not [step for step in plan if step.startswith("SCAN")]
