"""A view that shows less of a post, told as cuts into the text of the revision that a richer view shows. Pure.

Printable and archiver pages leave out hidden parts, print codes that the desktop resolves, and end texts early: that is no edit, so it makes
no revision (design: observed and derived). Yet nothing is lost: what such a view showed is in the cuts of its sighting, under the rule
``VIEW``, and can be restored from the revision like everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forumclean.cuts import replay
from forumclean.records import Cut

if TYPE_CHECKING:
    from collections.abc import Sequence

VIEW = "poorer-view"
"""The rule of these cuts: before it what this view showed, after it what the revision has there."""
WHY = (
    "This view of the post shows something else than a richer view, or than a later one at the board's new address, whose text the revision is."
    " It is no edit and no noise; nothing was cut."
)


def as_cuts(parsed: str, own: Sequence[Cut], revision: str) -> list[Cut]:
    """Cuts that lead from ``parsed`` (the text of a poorer view before cleaning) to the text of the revision.

    ``own``: the cuts that cleaning made. They stay as they are where the texts agree; where they differ, one cut under ``VIEW`` replaces
    them. Raises ``ValueError`` where ``own`` does not belong to ``parsed``.

    >>> as_cuts("a ~x b", [Cut(2, "~x ", "", "jammer")], "a!")
    [Cut(start=1, before=' ~x b', after='!', rule='poorer-view')]
    >>> as_cuts("a~x b", [Cut(1, "~x", "", "jammer")], "a b!")
    [Cut(start=1, before='~x', after='', rule='jammer'), Cut(start=5, before='', after='!', rule='poorer-view')]
    """
    clean = replay(parsed, own)
    if clean == revision:
        return list(own)
    first, behind = _same(clean, revision)
    start, end = first, len(clean) - behind
    left, inside, right, shift = [], [], [], 0
    for cut in own:
        begin = cut.start - shift  # in the clean text
        finish = begin + len(cut.after)
        shift += len(cut.before) - len(cut.after)
        if finish <= start and not (begin == finish == start < end):
            left.append(cut)
        elif begin >= end:
            right.append(cut)
        else:
            inside.append(cut)
            start, end = min(start, begin), max(end, finish)
    before = sum(len(cut.before) - len(cut.after) for cut in left)
    within = sum(len(cut.before) - len(cut.after) for cut in inside)
    after = clean[start:first] + revision[first : len(revision) - behind] + clean[len(clean) - behind : end]
    return [*left, Cut(start + before, parsed[start + before : end + before + within], after, VIEW), *right]


def _same(one: str, other: str) -> tuple[int, int]:
    """How many characters two texts share at the beginning, and behind that at the end."""
    shorter = min(len(one), len(other))
    first = _first_difference(one[:shorter], other[:shorter])
    rest = shorter - first
    behind = _first_difference(one[len(one) - rest :][::-1], other[len(other) - rest :][::-1])
    return first, behind


def _first_difference(one: str, other: str) -> int:
    """Where two texts of equal length part: halved until found, for comparing slices is fast."""
    low, high = 0, len(one)
    if one == other:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
