"""Is this run noise? What the run itself says, and what the other runs of the document say.

In text that nobody jammed a run is a list, a key table, a joke. What tells noise from it: A and B are drawn evenly from 28 and 64 characters,
so even five pairs hold many different ones (fewer than three different A: 0.07 %), of many kinds and in no order; and a jammed post carries
one block at every line break, so runs come in numbers. A lone run must be beyond doubt by itself: members do paste jammers.
"""

from __future__ import annotations

from enum import IntEnum
from itertools import pairwise
from typing import TYPE_CHECKING, AnyStr

from forumclean.scrubber.grammar import FUSED, LEAST, MOST
from forumclean.scrubber.runs import sides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forumclean.records import Blanks, Evidence
    from forumclean.scrubber.runs import Run


class Level(IntEnum):
    """What a run looks like, seen alone."""

    TEXT = 0
    """A list or a table: characters in order, or blanks lost from nearly all pairs."""
    FEW = 1
    """Few different characters: a list or a table, but noise too has so few once in a thousand blocks."""
    WEAK = 2
    """Nothing speaks against noise, but blanks were lost from so many pairs that text could look the same."""
    LIKELY = 3
    """Noise, if there is noise in this document at all."""
    CERTAIN = 4
    """Noise, whatever the rest of the document is: many characters of many kinds."""


_VARIED = 3
"""Different A, and different B, that noise surely has."""
_MANY = 4
"""Pairs that have kept their A; and different A, and B, that a lone run must have."""
_LISTED, _PROVED = 0.4, 0.6
"""Shares of different characters among all of a side: less is a list; and what a lone run must have."""
_LEAST = [next(least for least in range(_MANY, FUSED) if least >= _PROVED * pairs) for pairs in range(FUSED + 1)]
"""So many different characters a lone run must have on each side, by its pairs."""
_STRICT = 2
"""Pairs that have kept their A, in any noise; loose ones are believed only between such."""
_NEAR = 64
"""A line break that far (characters, all blanks) still belongs to a run."""
_KINDS = 3
"""Of digit or sign (A) and lower, upper or sign (B), how many a lone run must show."""
_KIND_OF = "".join(
    "0" if char.isdigit() else "a" if char.islower() else "A" if char.isupper() else "?" if char >= "?" else "!" for char in map(chr, range(256))
).encode()
"""Kind of a character of either side, for `bytes.translate`."""
_ORDERED = 0.6
"""A share of equal steps from one character to the next that chance does not reach (a, b, c; 1, 2, 3)."""
_STRETCH = 3
"""Blocks that are enough to speak of a stretch: only the line breaks between the first and the last of them count."""
_SEVERAL = 2
"""Blocks of a body that vouch for its weaker runs."""
_SHARE = 0.25
"""Blocks per line break in a jammed body: one in Discuz's page, half of it where an extractor dropped the hidden ones, less in a quote."""


def level(text: str, run: Run) -> Level:
    """How sure a run is noise, by itself.

    >>> from forumclean.scrubber.runs import find_runs
    >>> [level(t, r).name for t in ("# a6 I- l @* J/ z. r", "a, b, c, d, e, f, g", "1 a2 b3 c4 d5 e") for r in find_runs(t, "collapsed")]
    ['CERTAIN', 'TEXT', 'TEXT']
    """
    start, end, _, pairs, even = run
    if even and pairs <= MOST and wild(one := text[start:end:3], text[start + 2 : end : 3]) and "\xa0" not in one:
        return Level.CERTAIN
    a_side, b_side = sides(text, run)
    pairs = len(a_side)
    strict = pairs if even else pairs - a_side.count(b" ")
    if strict >= _MANY and pairs <= MOST and wild(a_side, b_side):
        return Level.CERTAIN
    return _tame(a_side, b_side, strict)


def _tame(a_side: bytes, b_side: bytes, strict: int) -> Level:
    """How sure a run is noise that is not `wild`; ``strict``: pairs that have kept their A."""
    least, most = min(len(set(a_side)), len(set(b_side))), min(len(a_side), MOST)
    if strict < _STRICT or _listed(a_side, b_side):
        return Level.TEXT
    if least < _VARIED or least < _LISTED * most:
        return Level.FEW
    if strict < _MANY:
        return Level.WEAK
    if least < _MANY or least < _PROVED * most or len(set((a_side + b_side).translate(_KIND_OF))) < _KINDS:
        return Level.LIKELY
    return Level.CERTAIN


def wild(a_side: AnyStr, b_side: AnyStr) -> bool:
    """Tell the usual case early: many different characters of three kinds (small and capital letters, digits or signs), nothing in order."""
    least = _LEAST[len(a_side)]
    return (
        len(set(a_side)) >= least and len(set(b_side)) >= least
        and not a_side.isdigit() and b_side.lower() != b_side != b_side.upper()
    )


def _listed(a_side: bytes, b_side: bytes) -> bool:
    """Tell whether one of the two sides counts or spells: 1, 2, 3 or a, b, c."""
    return (a_side.isdigit() and _ordered(a_side)) or ((b_side.islower() or b_side.isupper()) and _ordered(b_side))


def _ordered(side: bytes) -> bool:
    """Tell whether the characters of one side mostly step by one and the same distance."""
    steps = [b - a for a, b in pairwise(side)]
    return max(map(steps.count, set(steps)), default=0) >= max(LEAST - 1, _ORDERED * len(steps))


def verdicts(texts: Sequence[str], runs: Sequence[Sequence[Run]], blanks: Blanks, evidence: Evidence) -> list[list[str | None]]:
    """For each run of each body, why it is left alone: empty if it is noise; ``None`` if that is not worth a word.

    ``runs[i]`` are the runs of ``texts[i]``, in order. The noise of a post is all or nothing: a body with noise at many of its line breaks
    vouches for its weaker runs, and the document or the forum's flag (``evidence.jammer``) for a lone one.
    """
    levels = [[level(text, run) for run in found] for text, found in zip(texts, runs, strict=True)]
    certain = sum(found.count(Level.CERTAIN) for found in levels)
    page = bool(evidence.jammer) or certain >= (2 if evidence.profile == "strict" else 1)
    one_each, eager = blanks != "collapsed", evidence.profile == "eager"
    return [_body_verdicts(text, list(zip(found, each, strict=True)), page, one_each, eager) if found else [] for text, found, each in zip(texts, runs, levels, strict=True)]


def _body_verdicts(
    text: str, found: Sequence[tuple[Run, Level]], page: bool, one_each: bool, eager: bool  # noqa: FBT001  (the one caller names them)
) -> list[str | None]:
    """Verdicts for one body; ``page``: the document is jammed; ``one_each``: no line was lost, so a break has one block and no more."""
    sure = all(each is Level.CERTAIN for _, each in found)
    good = [run for run, each in found if sure or each >= Level.LIKELY]
    breaks = text.count("\n") or text.count("\r")
    jammed = page and _dense(text, good, breaks)
    asked = not sure and ((one_each and any(each is Level.WEAK for _, each in found)) or (jammed and any(each is Level.FEW for _, each in found)))
    taken = {at for run in good for at in _breaks_of(text, run)} if asked else set()
    full = not sure and len(good) >= _STRETCH and len(taken) + sum(each is Level.FEW for _, each in found) >= breaks

    def why(run: Run, each: Level) -> str | None:
        if each <= Level.FEW and not (full and each is Level.FEW and (own := _breaks_of(text, run)) and taken.isdisjoint(own)):
            return "few different characters, or in order: a list or a table" if jammed else None
        doubts = (
            (run.place == "alone" and not breaks, "the whole text: noise stands at line breaks only"),
            (run.place == "inline" and not (jammed and len(good) >= _SEVERAL and each >= Level.LIKELY), "inside a line, not at a line break"),
            (not jammed, "the noise of a post is all or nothing, and other line breaks have none"),
            (each is Level.WEAK and (len(good) < _SEVERAL or not taken.isdisjoint(_breaks_of(text, run))), "its line break has noise already"),
        )
        return "" if eager else next((reason for holds, reason in doubts if holds), "")

    usual = ("line-start", "line-end") if jammed else ()
    return ["" if run.place in usual and (sure or each >= Level.LIKELY) else why(run, each) for run, each in found]


def _dense(text: str, good: Sequence[Run], breaks: int) -> bool:
    """Tell whether there is noise at so many line breaks that the whole body, or one stretch of it, is jammed."""
    if len(good) >= _STRETCH:
        breaks = min(breaks, text.count("\n", good[0].start, good[-1].end))
    return bool(good) and len(good) >= _SHARE * breaks


def _breaks_of(text: str, run: Run) -> set[int]:
    """The line breaks (offsets) whose one block this run could be."""
    before = text.rfind("\n", max(0, run.start - _NEAR), run.start) if run.place in ("line-start", "alone") else -1
    after = text.find("\n", run.end, run.end + _NEAR) if run.place in ("line-end", "alone") else -1
    return {before, after} - {-1}
