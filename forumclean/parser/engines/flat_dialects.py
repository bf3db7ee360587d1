"""The hands of extractors: pages that some of them drew differently are brought to the plain form, one line of the page on each line.

Each hand is known by the page's own furniture (the counters of the author panels, navigation), which no member wrote.
"""

from __future__ import annotations

import re

from forumclean.parser.engines.flat_columns import in_columns, side_by_side
from forumclean.parser.engines.flat_markdown import is_markdown, without_markdown

_COUNTERS = re.compile(
    r"\n\d{1,9}\n(?:主题|主題|帖子|积分|積分|听众|聽眾|精华|回帖)\n\d{1,9}\n(?:主题|主題|帖子|积分|積分|听众|聽眾|精华|回帖)\n",
)
"""The counters of a panel with each text node on a line of its own, none of which is blank."""
_RUN = re.compile(r"\n[\n \t]*\n|\n")
_MOSTLY_BLANK = 0.4
_MARGIN = "   "
_NEARLY_ALL = 0.9
_FEW = 20
_STRUCK = re.compile(r"\[(DEL|INS):(.{0,500}?):\1\]")
_DRAWN = re.compile(r"^ {1,8}_{20,}$|^\[[\w.-]{1,40}\.(?:gif|png|jpe?g)\]\s?|^\[avatar\.php[^\]\s]{0,80}\]\s?")


def plain_form(text: str) -> str:
    """The text as an extractor would have left it that breaks lines where the page does."""
    if is_markdown(text):
        return without_markdown(text)
    if _breaks_at_nodes(text):
        return _join_nodes(text)
    if in_columns(text):
        return side_by_side(text)
    if _has_margin(text):
        return _without_margin(text)
    return text


def _breaks_at_nodes(text: str) -> bool:
    """Whether a line end was put between any two text nodes (as with a separator given to ``get_text``), beside those the nodes hold themselves."""
    if _COUNTERS.search(text) is None:
        return False
    lines = text.split("\n")
    return sum(not line.strip() for line in lines) > _MOSTLY_BLANK * len(lines)


def _join_nodes(text: str) -> str:
    """Take these line ends out again: a break of the page has two in a row (its own, and the one between the nodes), an element's border one."""
    return _RUN.sub(lambda run: "\n" * (run[0].count("\n") // 2), text)


def _has_margin(text: str) -> bool:
    """Whether all lines but headings stand three blanks from the left (lynx)."""
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) > _FEW and sum(line.startswith(_MARGIN) for line in lines) > _NEARLY_ALL * len(lines)


def _without_margin(text: str) -> str:
    """Take the margin away. Headings have none: they get the blank line above that tells them from a text (``flat_body``).

    Gone are also lynx's own marks: names of images in brackets, rules, and the brackets around words struck out or inserted.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith(_MARGIN):
            lines.append(_DRAWN.sub("", _STRUCK.sub(r"\2", line[len(_MARGIN):])))
        else:
            lines += ["", line] if line else [line]
    return "\n".join(lines)
