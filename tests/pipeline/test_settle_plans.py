"""What settle asks of all sources at once must not go through one table for each row of another: the time would grow with the square."""

from __future__ import annotations

import sqlite3

import pytest

from forumclean.archiver.schema import FIRST_SCHEMA
from forumclean.pipeline import settle, settle_signatures


@pytest.mark.parametrize(("queue", "outer"), [(settle._QUEUE, "SCAN u"), (settle_signatures._QUEUE[:7], "SCAN a")], ids=["threads", "signatures"])
def test_inner_tables_are_searched(queue: tuple[str, ...], outer: str) -> None:
    connection = sqlite3.connect(":memory:")
    for statement in (*FIRST_SCHEMA, "CREATE TEMP TABLE settle_due (source_id INTEGER PRIMARY KEY)"):
        connection.execute(statement)
    plans = []
    for statement in queue:
        if statement.startswith("INSERT"):
            plans.append([row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")])
        connection.execute(statement)
    scanned = [step for step in plans[-1] if step.startswith("SCAN")]
    assert scanned == [outer]
