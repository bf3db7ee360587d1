"""Which line around the panel of a flattened post is its author's name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forumclean.parser.furniture import FLOOR, TOOLS, is_tools
from forumclean.parser.panel import LABELS, is_panel_line

if TYPE_CHECKING:
    from forumclean.parser.engines.flat_heads import Head

PANEL = 60
"""Lines, blank ones not counted, that a panel can have between the card and the header."""

SENTENCE = re.compile(r"[，。！？；：、…]|[,!?;:] ")
"""Signs that a name does not have."""
_PANEL_LINES = 2  # lines that only panels have, before the line above them is taken for a name


def trimmed_line(line: str) -> str:
    """A line without the blanks and table bars around it."""
    return line.strip(" \t\xa0\u3000|")


def first_name(texts: list[str]) -> str | None:
    """The first text between a tail and the next header, if it can be a name: extractors that leave out links leave out names.

    A sentence is none: boards print a line of their own below the first post.
    """
    if texts and SENTENCE.search(texts[0]):
        texts = texts[1:]
    if not texts or (texts[0].isdigit() and len(texts) > 1 and (texts[1] in LABELS or texts[1].isdigit())):
        return None
    return texts[0]


def without_tools(before: str) -> str:
    """What stands before a time, without the tools of D6 and D7: ``1楼 大 中 小`` is a floor."""
    words = before.split()
    if len(words) > 1 and FLOOR.match(words[0]) and words[0][:-1].isdigit():
        return words[0]
    while words and words[-1] in TOOLS:
        words.pop()
    return before if len(words) == len(before.split()) else " ".join(words)


def panel_above(bare: list[str]) -> int | None:
    """The line with the name above the panel that ends these lines, where extractors left out the card, for the first post of a page."""
    end = len(bare)
    while end and (not bare[end - 1] or FLOOR.match(bare[end - 1]) or is_tools(bare[end - 1])):
        end -= 1
    start = end
    while start and bare[start - 1] and end - start < PANEL:
        start -= 1
    panel = bare[start:end]
    return start if sum(map(is_panel_line, panel[1:])) >= _PANEL_LINES else None


def name_before(head: Head, lines: list[str], bare: list[str], lowest: int, *, after_tail: int | None) -> tuple[int, str | None]:
    """The first line of a post and its author's name in the lines before a card: printed twice, or once right behind the tail of the last post."""
    card = head.card or 0
    near = [index for index in range(max(lowest, card - PANEL), card) if bare[index]][-2:]
    texts = [trimmed_line(lines[index]) for index in near]
    if head.name is not None:
        return (near[-1] if texts and texts[-1] == head.name else card), head.name
    if len(texts) == 2 and texts[0] == texts[1]:  # noqa: PLR2004 - the name, and the name in the card
        return near[0], texts[1]
    first = next((index for index in range(after_tail, card) if bare[index]), None) if after_tail is not None else None
    if texts and first == near[-1]:
        return near[-1], texts[-1]
    return card, None


def could_be_name(text: str) -> bool:
    """Whether a line can be a user name (Discuz: 15 bytes; with 该用户已被删除, or a guest's address, a little more)."""
    return 0 < len(text) <= 30 and not is_panel_line(text) and not FLOOR.match(text) and not text.startswith(("[", "http"))  # noqa: PLR2004
