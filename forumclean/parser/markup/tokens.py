"""The tags of HTML as lexbor writes it (``tree.normal``, a node's ``html``): closed elements, quoted values, four entities.

That form is regular enough for one expression, which is several times faster than asking the tree for each node.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

TAG = re.compile(r"<(?:!--[\s\S]*?-->|(/?)([a-zA-Z][^\s/>]*)([^>]*)>)")
"""One tag or comment; lexbor escapes ``>`` in values."""
_RUN = r"""(?: [^<]++ | <br> | <font\ class="jammer">[^<]*+</font> | <span\ style="display:none">[^<]*+</span> )++"""
RUN = re.compile(_RUN, re.VERBOSE)
"""Most messages from end to end, and of the others most of what is in them."""
TOKENS = re.compile(rf"({_RUN}) | <(/?)([a-zA-Z][^\s/>]*+)([^>]*+)>", re.VERBOSE)
"""For ``findall``: (run, ``/`` or empty, name, attributes as written). A run is text, line breaks and the jammers of Discuz X: most of a
message. Comments are passed over."""
JAMMER = re.compile(r'<(font class="jammer"|span style="display:none")>([^<]*)</(?:font|span)>')
"""For ``split`` of a run: text, which, content, text, …"""
# other serialisers (nh3's) leave `>` in values
_TAG = re.compile(r"""<([a-zA-Z][^\s/>]*+)([^">]*+(?:"[^"]*+"[^">]*+)*+)>""")
_ATTRIBUTE = re.compile(r"""([^\s=>/]+)(?:="([^"]*)")?""")
RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"})
"""Elements whose text is not escaped."""


def text_of(escaped: str) -> str:
    """Serialised text without its entities (there are only four). No-break spaces stay what they are.

    >>> text_of("a &lt;b&gt; &amp;amp; c")
    'a <b> &amp; c'
    """
    if "&" not in escaped:
        return escaped
    return (
        escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\xa0").replace("&quot;", '"').replace("&amp;", "&")
    )  # the ampersand last: `&amp;lt;` is the text `&lt;`


def attributes_of(written: str) -> dict[str, str]:
    """The attributes of a tag.

    >>> attributes_of(' href="?a=1&amp;b=2" class="x y" disabled')
    {'href': '?a=1&b=2', 'class': 'x y', 'disabled': ''}
    """
    if not written:
        return {}
    return {name: text_of(value) for name, value in _ATTRIBUTE.findall(written)}


def tags(html: str, names: Container[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Start tags of the given names (lower case), in order, with their attributes."""
    for found in _TAG.finditer(html):
        if found[1] in names:
            yield found[1], attributes_of(found[2])


def plain(html: str) -> str:
    """The text of a fragment (of any writing) without its tags, white space made single: for names, labels, short notices.

    >>> plain(" <em>5</em><sup>#</sup> &nbsp;of <b>9</b>")
    '5# of 9'
    """
    if "<" in html:
        html = TAG.sub("", html)
    return " ".join((unescape(html) if "&" in html else html).split())
