"""forumclean: turn any pile of Discuz leftovers into one clean, searchable SQLite archive."""

from __future__ import annotations

__version__ = "0.1.0"
