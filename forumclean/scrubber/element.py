"""Noise that the page's own markup gives away: cut where the parser has marked it, whatever it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forumclean.records import Cut
from forumclean.scrubber.rule import Rule

if TYPE_CHECKING:
    from forumclean.records import Body

MARK = "jammer"
"""Name of the marks that the parser puts on the text of a jammer's element."""

RULES = (
    Rule(
        name="jammer.element",
        why="Discuz puts its random strings into elements of their own (a font of class jammer, a hidden span). Where the parser saw one, its "
        "characters carry a mark, and a mark is proof: they are cut whatever they look like. Hidden elements of other kinds are left alone.",
        evidence="Source of Discuz 4.1 to X3.5; 13,985 of 13,985 blocks of a live X3.4 board have one of the two shapes.",
        confidence="proof",
        examples=(
            ("昨天买的显卡到了⟦) w. d5 k3 Q+ e⟧\n⟦7 V0 _% T, ^8 c⟧还没来得及装", "昨天买的显卡到了\n还没来得及装"),  # "the card came yesterday / not fitted yet"
            ("See you there⟦ -google somebbs⟧\nBring coffee", "See you there\nBring coffee"),
        ),
    ),
)


def element_cuts(body: Body) -> list[Cut]:
    r"""Cut the characters of a body that carry a jammer mark; marks that touch or overlap make one cut.

    >>> from forumclean.records import Body, Mark
    >>> element_cuts(Body("一行 x\n二行", (Mark(2, 4, "jammer"),)))
    [Cut(start=2, before=' x', after='', rule='jammer.element')]
    """
    text, rule = body.text, RULES[0].name
    cuts: list[Cut] = []
    first = last = -1
    for start, end, name, _ in body.marks:
        if name != MARK or start == end:
            continue
        if start > last:
            if first >= 0:
                cuts.append(Cut(first, text[first:last], "", rule))
            first, last = start, end
        elif end > last:
            last = end
    if first >= 0:
        cuts.append(Cut(first, text[first:last], "", rule))
    return cuts
