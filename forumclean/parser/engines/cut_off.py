"""Pages that were not saved whole: a download that broke off leaves half a post, which looks like a whole one once the markup is repaired."""

from __future__ import annotations

import re

_END = re.compile(r"</(?:body|html)\s{0,9}>", re.IGNORECASE)
_START = re.compile(r"<(?P<name>[a-zA-Z][a-zA-Z0-9]{0,15})\b[^<>]*$")
_TAIL = 4096
"""Characters at the end of a page in which its end is looked for first: nearly all pages are whole."""
_LONGEST = 1000
"""Characters of a tag before its id."""


def ends_inside(text: str, pid: int) -> bool:
    """Whether a page ends inside its last post, ``pid``: its message was opened and not closed, or the page broke off before there was one.

    ``text``: the page as decoded, its markup not repaired. A page that closes its body ends where it should, whatever members wrote.

    >>> ends_inside('<td id="postmessage_7">half a sent', 7), ends_inside('<td id="postmessage_7">a sentence</td></tr>', 7)
    (True, False)
    """
    if _END.search(text, max(0, len(text) - _TAIL)) is not None:
        return False
    ids = re.finditer(rf"""\bid\s?=\s?["']?(?:postmessage_|pid|post_){pid}(?!\d)""", text)
    opened = max(ids, key=re.Match.start, default=None)
    if opened is None or _END.search(text, opened.end()) is not None:
        return False
    tag = _START.search(text, max(0, opened.start() - _LONGEST), opened.start())
    if tag is None:
        return False
    opens = len(re.findall(rf"<{tag['name']}\b", text[opened.end() :], re.IGNORECASE))
    closes = len(re.findall(rf"</{tag['name']}\b", text[opened.end() :], re.IGNORECASE))
    return closes <= opens
