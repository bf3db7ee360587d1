"""Is this run noise? What the run itself says, and what the other runs of the document say.

In text that nobody jammed a run is a list, a key table, a joke. What tells noise from it: A and B are drawn evenly from 28 and 64 characters,
so even five pairs hold many different ones (fewer than three different A: 0.07 %), of many kinds and in no order; and a jammed post carries
one block at every line break, so runs come in numbers. A lone run must be beyond doubt by itself: members do paste jammers.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from forumclean.scrubber.grammar import LEAST
from forumclean.scrubber.runs import first_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forumclean.records import Blanks, Evidence
    from forumclean.scrubber.runs import Run


class Level(IntEnum):
    """What a run looks like, seen alone."""

    TEXT = 0
    """A list or a table: few different characters, or characters in order."""
    WEAK = 1
    """Nothing speaks against noise, but blanks were lost from so many pairs that text could look the same."""
    LIKELY = 2
    """Noise, if there is noise in this document at all."""
    CERTAIN = 3
    """Noise, whatever the rest of the document is: many characters of many kinds."""


_VARIED = 3
"""Different A, and different B, that noise surely has."""
_MANY = 4
"""Pairs that have kept their A; and different B that a lone run must have."""
_STRICT = 2
"""Pairs that have kept their A, in any noise; loose ones are believed only between such."""
_KINDS = 3
"""Of digit or sign (A) and lower, upper or sign (B), how many a lone run must show."""
_ORDERED = 0.6
"""A share of equal steps from one character to the next that chance does not reach (a, b, c; 1, 2, 3)."""
_STRETCH = 3
"""Blocks that are enough to speak of a stretch: only the line breaks between the first and the last of them count."""
_SHARE = 0.25
"""Blocks per line break in a jammed body: one in Discuz's page, half of it where an extractor dropped the hidden ones, less in a quote."""


def level(text: str, run: Run) -> Level:
    """How sure a run is noise, by itself.

        >>> from forumclean.scrubber.runs import find_runs
        >>> [level(t, r).name for t in ("# a6 I- l @* J/ z. r", "a, b, c, d, e, f, g", "1 a2 b3 c4 d5 e") for r in find_runs(t, "collapsed")]
        ['CERTAIN', 'TEXT', 'TEXT']
    """
    if run.even:
        end = min(run.end, run.start + 90)
        a_side, b_side = text[run.start : end : 3].replace("\xa0", " "), text[run.start + 2 : end : 3]
        strict = len(a_side)
    else:
        pairs = first_pairs(text, run)
        a_side, b_side = "".join(pair.a for pair in pairs), "".join(pair.b for pair in pairs)
        strict = sum(1 for pair in pairs if pair.blank > pair.start or pair.end - pair.blank > len(" B"))
    a_set, b_set = set(a_side), set(b_side)
    if len(a_set) < _VARIED or len(b_set) < _VARIED or strict < _STRICT or _listed(a_side, b_side):
        return Level.TEXT
    if strict < _MANY:
        return Level.WEAK
    if len(b_set) < _MANY or _kinds(a_side, b_side) < _KINDS:
        return Level.LIKELY
    return Level.CERTAIN


def _listed(a_side: str, b_side: str) -> bool:
    """Do the two sides count or spell: 1, 2, 3 or a, b, c?"""
    return (a_side.isdigit() and _ordered(a_side)) or ((b_side.islower() or b_side.isupper()) and _ordered(b_side))


def _ordered(side: str) -> bool:
    """Do the characters of one side mostly step by one and the same distance?"""
    codes = list(map(ord, side))
    steps = [b - a for a, b in zip(codes, codes[1:], strict=False)]
    return max(map(steps.count, set(steps)), default=0) >= max(LEAST - 1, _ORDERED * len(steps))


def _kinds(a_side: str, b_side: str) -> int:
    """How many kinds of characters the two sides show together."""
    digits = any(map(str.isdigit, a_side)) + (not a_side.isdigit())
    return digits + any(map(str.islower, b_side)) + any(map(str.isupper, b_side)) + (not b_side.isalpha())


def verdicts(texts: Sequence[str], runs: Sequence[Sequence[Run]], blanks: Blanks, evidence: Evidence) -> list[list[str]]:
    """For each run of each body, why it is left alone: empty if it is noise, by all that the document says.

    ``runs[i]`` are the runs of ``texts[i]``, in order. The noise of a post is all or nothing: a body with noise at many of its line breaks
    vouches for its weaker runs, and the document or the forum's flag (``evidence.jammer``) for a lone one.
    """
    levels = [[level(text, run) for run in found] for text, found in zip(texts, runs, strict=True)]
    certain = sum(each is Level.CERTAIN for found in levels for each in found)
    page = bool(evidence.jammer) or certain >= (2 if evidence.profile == "strict" else 1)
    return [
        _body_verdicts(text, found, each, page=page, one_each=blanks != "collapsed", eager=evidence.profile == "eager")
        for text, found, each in zip(texts, runs, levels, strict=True)
    ]


def _body_verdicts(text: str, runs: Sequence[Run], levels: Sequence[Level], *, page: bool, one_each: bool, eager: bool) -> list[str]:
    """Verdicts for one body; ``page``: the document is jammed; ``one_each``: no line was lost, so a break has one block and no more."""
    good = [run for run, each in zip(runs, levels, strict=True) if each >= Level.LIKELY]
    breaks = text.count("\n") or text.count("\r")
    jammed = page and _dense(text, good, breaks)
    sure = jammed and len(good) > 1
    taken = {at for run in good for at in _breaks_of(text, run)} if one_each and Level.WEAK in levels else set()
    out = []
    for run, each in zip(runs, levels, strict=True):
        if each is Level.TEXT:
            why = "few different characters, or in order: a list or a table"
        elif run.place == "alone" and not breaks:
            why = "the whole text: noise stands at line breaks only"
        elif run.place == "inline" and not (sure and each >= Level.LIKELY):
            why = "inside a line: noise stands at line breaks only"
        elif not jammed:
            why = "the noise of a post is all or nothing, and other line breaks have none"
        elif each is Level.WEAK and (not sure or taken & _breaks_of(text, run)):
            why = "this line break has its noise already" if sure else "too little of it"
        else:
            why = ""
        out.append("" if eager and each is not Level.TEXT else why)
    return out


def _dense(text: str, good: Sequence[Run], breaks: int) -> bool:
    """Is there noise at so many line breaks that the whole body, or one stretch of it, is jammed?"""
    if len(good) >= _STRETCH:
        breaks = min(breaks, text.count("\n", good[0].start, good[-1].end))
    return bool(good) and len(good) >= _SHARE * breaks


def _breaks_of(text: str, run: Run) -> set[int]:
    """The line breaks (offsets) whose one block this run could be."""
    before = text.rfind("\n", 0, run.start) if run.place in ("line-start", "alone") else -1
    after = text.find("\n", run.end) if run.place in ("line-end", "alone") else -1
    return {before, after} - {-1}
