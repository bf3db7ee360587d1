"""The only door to nh3: HTML of strangers → HTML that can be shown."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3

from forumclean.parser.markup.links import resolve

TAGS = frozenset({
    "a", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
})
"""What BBCode and the HTML of posts use, and nothing that runs, loads or asks."""
ATTRIBUTES = {
    "a": {"href", "title"}, "img": {"src", "alt", "width", "height", "title"}, "font": {"color", "size", "face"},
    "div": {"align"}, "p": {"align"}, "table": {"width", "border"}, "td": {"colspan", "rowspan", "width", "align"},
    "th": {"colspan", "rowspan", "width", "align"}, "ol": {"type", "start"}, "ul": {"type"},
    "*": {"style"},
}  # fmt: skip
CLASSES = {"div": {"quote", "blockcode", "showhide"}, "table": {"t_table"}}
STYLES = frozenset({"color", "background-color", "font-weight", "font-style", "text-decoration", "text-align", "text-indent", "float"})
"""Formatting that members can give; sizes and positions are not among it: they hide text."""
SCHEMES = frozenset({"http", "https", "ftp", "mailto", "ed2k", "magnet", "thunder"})
_CLEANED_AWAY = frozenset({"script", "style", "iframe", "noscript", "template", "textarea", "select", "title", "svg", "math"})


# most messages: escaped text and line breaks, as every serialiser writes them
_HARMLESS = re.compile(r"(?:[^<>&\x00\r\xa0]++|<br>|&(?:lt|gt|amp|nbsp);)*+")


def sanitise(html: str, base: str | None = None) -> str:
    """HTML that is safe to show, well formed, with absolute links.

    Guaranteed: only the elements and attributes of the tables above, no scripts, handlers, frames, forms, ids or comments; every element
    closed; links and pictures only to ``SCHEMES``, absolute where ``base`` (an absolute URL) is given, left as they are otherwise; the
    same input gives the same output. To be called once for each distinct revision.

    >>> sanitise('<a href="thread-7-1-1.html" onclick="x()">a<b>b<script>c</script>', "http://b.example/")
    '<a href="http://b.example/thread-7-1-1.html" rel="noopener noreferrer">a<b>b</b></a>'
    """
    return html if _HARMLESS.fullmatch(html) else _cleaner(base).clean(html)


@lru_cache(maxsize=64)
def _cleaner(base: str | None) -> nh3.Cleaner:
    def absolute(_tag: str, name: str, value: str) -> str | None:
        if name in {"href", "src"}:
            return resolve(value, base) or None
        return value

    return nh3.Cleaner(
        tags=set(TAGS), clean_content_tags=set(_CLEANED_AWAY), attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=absolute if base else None, allowed_classes={tag: set(names) for tag, names in CLASSES.items()},
        filter_style_properties=set(STYLES), url_schemes=set(SCHEMES), link_rel="noopener noreferrer",
    )  # fmt: skip
