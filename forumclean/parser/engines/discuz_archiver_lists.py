"""Lists in the archiver of Discuz: a forum's threads (``forum.inc.php``), the index (``index.inc.php``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forumclean.parser.board_urls import read_url
from forumclean.records import Thread

if TYPE_CHECKING:
    from forumclean.parser.markup.tree import Node, Tree

# (4篇回复), (4 replies)
_REPLIES = re.compile(r"^\s*[(（]\s*(\d{1,9})\s*(?:篇回|个回|個回|[Rr]epl)")


def threads_of(tree: Tree, fid: int | None) -> tuple[Thread, ...]:
    """The rows of a forum's list, numbered from 1: ``title``, ``replies``."""
    found: list[Thread] = []
    for link in tree.css("li a[href], td a[href]"):
        target = read_url(link.attributes.get("href") or "")
        title = _plain(link)
        if target.kind != "thread" or target.tid is None or not title or title.isdigit():
            continue
        behind = link.next
        said = _REPLIES.match((behind.text() or "") if behind is not None else "")
        fields: dict[str, object] = {"title": title} | ({} if said is None else {"replies": int(said[1])})
        found.append(Thread(ordinal=len(found) + 1, tid=target.tid, fid=fid, fields=fields))
    return tuple(found)


def forums_of(tree: Tree, fid: int | None) -> tuple[dict[str, object], ...]:
    """The forums of the index, with the categories above them; of a forum's list, its sub-forums. ``fid``: the list's own forum."""
    found: dict[int, dict[str, object]] = {}
    for link in tree.css("li a[href]"):
        target = read_url(link.attributes.get("href") or "")
        name = _plain(link)
        if target.kind != "forum" or target.fid is None or not name or name.isdigit() or target.page is not None:
            continue
        above = fid if fid is not None else _above(link)
        inside = {"parent_fid": above, "type": "sub"} if above is not None and above != target.fid else {"type": "forum"}
        found.setdefault(target.fid, {"fid": target.fid, "name": name, **inside})
    return tuple(found.values())


def _above(link: Node) -> int | None:
    """The forum in whose item of the list the item of a link stands."""
    item = link.parent
    up = item.parent if item is not None else None
    while up is not None and up.tag != "li":
        up = up.parent
    above = None if up is None else up.css_first("a[href]")
    return None if above is None else read_url(above.attributes.get("href") or "").fid


def _plain(node: Node) -> str:
    return " ".join((node.text() or "").split())
