"""How much each view of a page can say."""

from __future__ import annotations

VIEW_RANK = {"api": 6, "database": 6, "desktop": 5, "touch": 4, "printable": 3, "archiver": 2, "flattened": 1}
"""Where two views state the same field, the higher rank wins (design: the richest view)."""
