"""Cuts: made, replayed, undone. Both directions are exact; nothing that was cut is lost (design: law 1).

Floor 0: the scrubber makes cuts, the archive undoes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forumclean.records import Cut


def replay(text: str, cuts: Iterable[Cut]) -> str:
    """Make ``cuts`` in a parsed text and give the clean one back.

    ``cuts`` are sorted by start and do not overlap; offsets are code points of ``text``. Raises `ValueError` where the text does not hold
    what a cut says it held.

        >>> from forumclean.records import Cut
        >>> replay("一二三", [Cut(1, "二", "", "jammer.element")])
        '一三'
    """
    parts: list[str] = []
    done = 0
    for cut in cuts:
        start, before, after, _ = cut
        if start < done or not text.startswith(before, start):
            raise ValueError(f"this cut does not belong to this text: {cut!r}")
        parts += (text[done:start], after)
        done = start + len(before)
    return "".join([*parts, text[done:]])


def restore(clean: str, cuts: Iterable[Cut]) -> str:
    """Undo ``cuts``: the parsed text, character for character. Raises `ValueError` where they do not belong to ``clean``.

    >>> from forumclean.records import Cut
    >>> restore("一三", [Cut(1, "二", "", "jammer.element")])
    '一二三'
    """
    parts: list[str] = []
    done = shift = 0
    for cut in cuts:
        start, before, after, _ = cut
        start -= shift
        if start < done or start > len(clean) or not clean.startswith(after, start):
            raise ValueError(f"this cut does not belong to this text: {cut!r}")
        parts += (clean[done:start], before)
        done = start + len(after)
        shift += len(before) - len(after)
    return "".join([*parts, clean[done:]])
