"""One document through all rules: bodies and evidence in, clean text with its cuts and doubts out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forumclean.cuts import replay
from forumclean.records import Evidence, Scrubbed
from forumclean.scrubber.element import element_cuts
from forumclean.scrubber.jammer import jammer_cuts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forumclean.records import Body

_UNKNOWN = Evidence()


def scrub(bodies: Sequence[Body], evidence: Evidence = _UNKNOWN) -> list[Scrubbed]:
    r"""Clean all bodies of one document together, because the noise of one post is evidence for the next.

    Gives one `Scrubbed` per body, in order: its clean text, the cuts (sorted, not overlapping, each by a rule of ``RULES``) and the doubts
    (sorted). Pure: the same bodies and evidence give the same answer. Line breaks are never cut; a line that was all noise stays as an
    empty one.

        >>> from forumclean.records import Body
        >>> [done] = scrub([Body("第一行。# a6 I- l @* J/ z. r\n/ D1 T# G% ]0 d: Y* l11 月 21 日")])
        >>> done.text
        '第一行。\n11 月 21 日'
        >>> done.cuts[0]
        Cut(start=4, before='# a6 I- l @* J/ z. r', after='', rule='jammer.line-end')
    """
    out = []
    for body, (cuts, doubts) in zip(bodies, jammer_cuts(bodies, evidence), strict=True):
        every = element_cuts(body) if body.marks else cuts
        if cuts and every is not cuts:
            every = sorted(cuts + every)
        text = replay(body.text, every) if every else body.text
        out.append(Scrubbed(text, tuple(every), tuple(sorted(doubts)) if doubts else ()))
    return out
