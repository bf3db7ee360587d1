"""The part of a Discuz X thread page that a tree is needed for: its posts without author panels and buttons, and nothing around them.

Names, times and figures are read where they stand in the text (``discuz_x_hooks``); only what members can fill with markup is taken from
the tree. That is a third of a page, and to build a tree, to ask it and to let it go takes as long as there is markup in it. What is cut
are whole cells of a table, which a browser keeps apart whatever is in them, and what stands before the first post and behind the last.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

_POST = ' id="post_'
"""``viewthread.htm``: ``<div id="post_$post[pid]">``, around each post; behind them ``<div id="post_new">``."""
_PANEL, _AVATAR, _CELL = '<td class="pls"', 'id="favatar', '<td class="plc'
"""``viewthread_node.htm``: ``<td class="pls"><div id="favatar$post[pid]">…</div></td><td class="plc">``."""
_BUTTONS, _ANY_CELL = '<div class="po ', '<td class="pl'
"""``<td class="plc"><div class="po hin">…</div></td></tr><tr class="ad"><td class="pls">…</td><td class="plc">…</td></tr></table>``."""
_ASKED_FOR = re.compile(r'"(?:(?:locked|pattl|pstl|rate|sign)\b|postmessage_)')
"""Parts of a post that a skin could have moved into its panel."""
_MESSAGE = "postmessage_"
"""What is cut must hold none: a page can be written in other ways in its other parts."""
_END = '<div id="postlistreply"'
"""``viewthread.htm``: the place for a new post, behind the last one."""
_TAG = 500
"""Characters of a tag before its id."""
_DOCTYPE = re.compile(r"[ \t\n\r\f\v]{0,99}<!doctype[^>]{0,500}>", re.IGNORECASE)
"""It decides how a table in a paragraph is read."""
_AROUND = (("<!--", "-->"), ("<script", "</script"), ("<form", "</form"))
"""What would be something else if its beginning were cut."""


class Trimmed(NamedTuple):
    """The posts of a page as a document of their own."""

    html: bytes
    """As UTF-8."""
    marks: list[int]
    """Where their ids stand in the page's text, one for each post."""
    bodies: list[int]
    """Behind their panels, or the same: from there on the page's text holds what is asked for of them."""


def trimmed(text: str) -> Trimmed | None:
    """The posts of a page; ``None`` where they do not stand as Discuz prints them.

    Fewer posts in its tree: markup of a member swallowed some, and the whole page is needed to see what a browser would make of it.
    """
    marks = _marks(text)
    starts = [text.rfind("<", max(0, at - _TAG), at) for at in marks]
    if not starts or -1 in starts or any(text.rfind(opens, 0, starts[0]) > text.rfind(closes, 0, starts[0]) for opens, closes in _AROUND):
        return None
    end = text.rfind(_END)
    end = end if end > starts[-1] else len(text)
    if text.find(_MESSAGE, 0, starts[0]) >= 0 or text.find(_MESSAGE, end) >= 0:
        return None
    doctype = _DOCTYPE.match(text)
    pieces = ["" if doctype is None else doctype[0]]
    bodies = marks.copy()
    done = starts[0]
    for place, (start, stop) in enumerate(pairwise([*starts, end])):
        panel = text.find(_PANEL, start, stop)
        cell = text.find(_CELL, panel, stop) if panel >= 0 else -1
        if cell >= 0 and text.find(_AVATAR, panel, cell) >= 0 and _ASKED_FOR.search(text, start, cell) is None:
            pieces.append(text[done:panel])
            bodies[place] = done = cell
        buttons = text.rfind(_BUTTONS, start, stop)
        cell = text.rfind(_CELL, start, buttons) if buttons >= 0 else -1
        last = text.rfind(_ANY_CELL, buttons, stop) if cell >= 0 else -1
        if last >= 0 and _ASKED_FOR.search(text, cell, last) is None:
            pieces.append(text[done:cell])
            done = last
    return Trimmed("".join([*pieces, text[done:end]]).encode("utf-8", "replace"), marks, bodies)


def _marks(text: str) -> list[int]:
    """Where the ids of the elements around posts stand."""
    marks = []
    at = text.find(_POST)
    while at >= 0:
        if "0" <= text[at + len(_POST) : at + len(_POST) + 1] <= "9":
            marks.append(at)
        at = text.find(_POST, at + 1)
    return marks
