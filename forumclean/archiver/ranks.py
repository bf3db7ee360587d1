"""How much each view of a page can say."""

from __future__ import annotations

VIEW_RANK = {"api": 6, "database": 6, "desktop": 5, "touch": 4, "printable": 3, "archiver": 2, "flattened": 1, "flattened archiver": 0}
"""Where two views state the same field, the higher rank wins (design: the richest view). A flattened page of the archiver has
the archiver's pages, and neither floors nor signatures."""


def rank_sql(column: str) -> str:
    """The rank of the view in a column, as an SQL expression.

    >>> rank_sql("v")[:45]
    "CASE v WHEN 'api' THEN 6 WHEN 'database' THEN"
    """
    return f"CASE {column} " + " ".join(f"WHEN '{view}' THEN {rank}" for view, rank in VIEW_RANK.items()) + " ELSE 0 END"


PAGES_SEEN = f"""SELECT DISTINCT ifnull(x.page, 1) FROM thread_sightings AS x JOIN sources AS o ON o.id = x.source_id
    WHERE x.thread_id = {{thread}} AND x.ordinal = 0 AND {rank_sql("o.view")} = (
        SELECT max({rank_sql("i.view")}) FROM thread_sightings AS y JOIN sources AS i ON i.id = y.source_id WHERE y.thread_id = {{thread}} AND y.ordinal = 0)"""
"""The pages of a thread that were seen, in the richest view in which any were: each view has pages of another length. For ``format(thread=…)``."""
