"""Forum config blocks as rows: many printings of one forum's settings are one row, whose counters are the newest.

A board prints the block with every page, and a handful of counters moves with every post. Printings that differ in nothing else are the
same configuration.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from forumclean.records import ForumConfig

COUNTERS = frozenset({
    "threads", "posts", "todayposts", "yesterdayposts",  # forum_forum: counts, updated with each post (Discuz X data dictionary)
    "lastpost", "rank", "oldrank",                       # the last post itself; the daily rank
    "favtimes", "sharetimes",                            # how often members bookmarked and shared the forum
    "commoncredits", "activity", "lastupdate",           # groups: grow with what their members do
    "modworks",                                          # flag: something waits for a moderator
})
"""Top-level settings that change without anybody changing a setting."""

FACTS = (
    "name", "type", "parent_fid", "description", "jammer", "threads_count", "posts_count", "moderators", "last_post_tid",
    "last_post_title", "last_post_at", "last_post_author",
)
"""Columns of ``forums`` that a config block can state."""


class ConfigRow(NamedTuple):
    """A printing, ready for ``forum_configs`` (without its site)."""

    fid: int | None
    name: str | None
    hash: str
    content_hash: str
    complete: int
    last_post_at: str | None
    posts_count: int | None
    facts: str
    settings: str

    @property
    def age(self) -> tuple[str, int, str]:
        """Orders printings of the same hash: last post, then posts, then content. The greatest is kept."""
        return (self.last_post_at or "", -1 if self.posts_count is None else self.posts_count, self.content_hash)


def config_row(config: ForumConfig) -> ConfigRow:
    """The row of one block; pure."""
    settings = [list(leaf) for leaf in config.leaves]
    steady = [leaf for leaf in settings if _top(str(leaf[0])) not in COUNTERS]
    facts = {name: value for name in FACTS if (value := _plain(getattr(config, name))) not in (None, [])}
    kept = _json(settings)
    return ConfigRow(
        fid=config.fid, name=config.name, hash=_digest(_json([config.complete, steady])), content_hash=_digest(kept),
        complete=int(config.complete), last_post_at=config.last_post_at, posts_count=config.posts_count, facts=_json(facts), settings=kept,
    )


def _top(path: str) -> str:
    """The first key of a path; a dot inside a key is escaped, but no counter holds one."""
    return path.partition(".")[0]


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return list(value) if isinstance(value, tuple) else value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
