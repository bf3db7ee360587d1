"""The part of a Discuz X thread page that a tree is needed for: its posts without their author panels, and nothing around them.

Names, times and figures are read where they stand in the text (``discuz_x_hooks``); only what members can fill with markup is taken from
the tree. That is a third of a page, and to build a tree, to ask it and to let it go takes as long as there is markup in it. What is cut
are whole cells of a table, which a browser keeps apart whatever is in them, and what stands before the first post and behind the last.
"""

from __future__ import annotations

import re
from itertools import pairwise

_POST = b' id="post_'
"""``viewthread.htm``: ``<div id="post_$post[pid]">``, around each post; behind them ``<div id="post_new">``."""
_PANEL, _AVATAR, _CELL = b'<td class="pls"', b'id="favatar', b'<td class="plc'
"""``viewthread_node.htm``: ``<td class="pls"><div id="favatar$post[pid]">…</div></td><td class="plc">``."""
_ASKED_FOR = re.compile(rb'"(?:(?:locked|pattl|pstl|rate|sign)\b|postmessage_)')
"""Parts of a post that a skin could have moved into its panel."""
_MESSAGE = b"postmessage_"
"""What is cut must hold none: a page can be written in other ways in its other parts."""
_END = b'<div id="postlistreply"'
"""``viewthread.htm``: the place for a new post, behind the last one."""
_TAG = 500
"""Bytes of a tag before its id."""
_DOCTYPE = re.compile(rb"\s{0,99}<!doctype[^>]{0,500}>", re.IGNORECASE)
"""It decides how a table in a paragraph is read."""
_AROUND = ((b"<!--", b"-->"), (b"<script", b"</script"), (b"<form", b"</form"))
"""What would be something else if its beginning were cut."""


def trimmed(html: bytes) -> tuple[bytes, int] | None:
    """The posts of a page (UTF-8) as a document of their own, and how many they are; ``None`` where they do not stand as Discuz prints them.

    Fewer posts in its tree: markup of a member swallowed some, and the whole page is needed to see what a browser would make of it.
    """
    starts = _starts(html)
    if not starts or -1 in starts or any(html.rfind(opens, 0, starts[0]) > html.rfind(closes, 0, starts[0]) for opens, closes in _AROUND):
        return None
    end = html.rfind(_END)
    end = end if end > starts[-1] else len(html)
    if html.find(_MESSAGE, 0, starts[0]) >= 0 or html.find(_MESSAGE, end) >= 0:
        return None
    doctype = _DOCTYPE.match(html)
    pieces = [b"" if doctype is None else doctype[0]]
    done = starts[0]
    for start, stop in pairwise([*starts, end]):
        panel = html.find(_PANEL, start, stop)
        cell = html.find(_CELL, panel, stop) if panel >= 0 else -1
        if cell >= 0 and html.find(_AVATAR, panel, cell) >= 0 and _ASKED_FOR.search(html, panel, cell) is None:
            pieces.append(html[done:panel])
            done = cell
    return b"".join([*pieces, html[done:end]]), len(starts)


def _starts(html: bytes) -> list[int]:
    """Where the tags of the elements around posts begin."""
    starts = []
    at = html.find(_POST)
    while at >= 0:
        if html[at + len(_POST) : at + len(_POST) + 1].isdigit():
            starts.append(html.rfind(b"<", max(0, at - _TAG), at))
        at = html.find(_POST, at + 1)
    return starts
