"""Names for people of what the archive stores as short words."""

from __future__ import annotations

STATES = {
    "missing": "the text of this post was lost before it was saved", "locked": "locked: the page that was saved did not show it",
    "banned": "hidden by the board", "hidden": "hidden by the board", "deleted": "deleted on the board",
}
"""``posts.state``, where it is not ``ok``."""
STICKY = {1: "sticky", 2: "sticky", 3: "sticky everywhere"}
SPECIALS = {"poll": "poll", "trade": "goods", "reward": "reward", "activity": "activity", "debate": "debate"}
BOXES = {"debate": "Debate: 正方 for, 反方 against", "activity": "Activity"}
"""What a special thread shows above its posts."""
SIDES = ("正方", "反方")
"""How the lines of the two sides of a debate begin."""
FIGURES = {
    "credits": "积分 credits", "posts": "帖子 posts", "threads": "主题 threads", "total_online_hours": "hours online", "month_online_hours": "hours online, this month",
}
"""``user_stats.name``; others are shown as they are."""
SORTS = {"last": "last post", "started": "newest thread", "replies": "most replies", "views": "most views"}


def bytes_of(size: int | None) -> str:
    """The size of a file for people.

    >>> bytes_of(700), bytes_of(1_234_567), bytes_of(None)
    ('700 bytes', '1.2 MB', '')
    """
    if size is None:
        return ""
    for unit, length in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= length:
            return f"{size / length:.1f} {unit}"
    return f"{size} bytes"
