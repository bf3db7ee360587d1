"""Where a block of noise ends and the text it is glued to begins.

A run holds the block and sometimes a piece of text that looks like pairs: ``- item``, ``# comment``, ``…, y``, ``方案 B`` (plan B). Every border
between two pairs is a reading. Its score is how likely Discuz writes that many pairs (`grammar.LENGTHS`) and just these (`grammar.PAIR`
each), plus how likely real text looks like what is left (`boundary.Prior`). The best reading wins.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from forumclean.scrubber.boundary import KIND, Prior
from forumclean.scrubber.grammar import A_SIDE, FUSED, LEAST, LENGTHS, MOST, PAIR
from forumclean.scrubber.runs import first_pairs, last_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from forumclean.records import Blanks
    from forumclean.scrubber.runs import Run

_SEEN = 2
"""Characters of text beyond a run by which a reading is judged."""
_WORD = 24
"""How far a word is followed."""
_WORD_AFTER = re.compile(r"[^A-Za-z\n]{0,4}([A-Za-z]{0,24})")
_WORD_BEFORE = re.compile(r"([A-Za-z]{0,24})[^A-Za-z\n]{0,3}\Z")
_HOPELESS = 16.0
"""Nats behind the best reading so far: shorter blocks are not tried."""
_TWO = -7.0
"""Log-probability that two blocks stand in a row with text beside them: the blank line between two breaks was lost."""
_EASY = -6.0
"""Log-odds (nats) of text against noise below which the outermost pair is noise without looking further."""
_USUAL = 12
"""Up to this length one pair more or less hardly changes how likely a length is."""
_TABLE = Prior()


class Border(NamedTuple):
    """The best reading of one border of a block; offsets are code points of the body."""

    at: int
    other: int
    """Where the border is in the next best reading."""
    margin: float
    """How much better (nats) the best reading is."""


class Borders:
    """Finds the borders of one document's blocks; ``learn`` makes its prior when the first doubtful border asks for it."""

    def __init__(self, blanks: Blanks, learn: Callable[[], Prior]) -> None:
        """``blanks``: how blanks survived; where they were collapsed, the A of a pair may be the last character of the text."""
        self._collapsed = blanks == "collapsed"
        self._learn = learn
        self._prior: Prior | None = None

    @property
    def prior(self) -> Prior:
        """What the real text of this document looks like."""
        if self._prior is None:
            self._prior = self._learn()
        return self._prior

    def end(self, text: str, run: Run) -> Border | None:
        """Where the block ends in a run with text behind it; ``None``: at the run's end, without a doubt."""
        last = text[run.end - 3 : run.end]
        if run.pairs == LEAST or (run.pairs <= _USUAL and last[0] in A_SIDE and _easy_end(last, KIND[ord(text[run.end])])):
            return None
        prior, pairs = self.prior, first_pairs(text, run)[:FUSED]
        line = text.find("\n", pairs[-1].end, pairs[-1].end + _SEEN)
        stop = pairs[-1].end + _SEEN if line < 0 else line + 1
        return _best(
            (prior.score("", text[at:stop]) + prior.word(_WORD_AFTER.match(text, at)[1]) + _noise(n), at, n)
            for n in range(len(pairs), LEAST - 1, -1)
            for at in (pairs[n - 1].end,)
        )

    def start(self, text: str, run: Run) -> Border | None:
        """Where the block starts in a run with text before it; ``None``: at the run's start, without a doubt."""
        first = text[run.start : run.start + 3]
        if run.even and run.pairs <= _USUAL and _easy_start(KIND[ord(text[run.start - 1])], first, self._collapsed):
            return None
        prior, pairs = self.prior, last_pairs(text, run)[-FUSED:]
        begin = pairs[0].start
        before = text[max(text.rfind("\n", 0, begin) + 1, begin - 2) : begin]
        return _best(
            (prior.score(before, text[begin:at] + "\n") + prior.word(_WORD_BEFORE.search(text, max(0, at - _WORD), at)[1]) + _noise(n), at, n)
            for n, pair in zip(range(len(pairs), LEAST - 1, -1), pairs, strict=False)
            for at in ((pair.start, pair.blank) if self._collapsed and pair.a != " " else (pair.start,))
        )


def _noise(n: int) -> float:
    """Log-probability that noise of n given pairs stands here."""
    return n * PAIR + (LENGTHS[n] if n <= MOST else _TWO + _FUSED[n])


def _fused() -> dict[int, float]:
    """Best log-probability of two blocks that make n pairs together."""
    blocks = range(LEAST, MOST + 1)
    return {n: max(LENGTHS[a] + LENGTHS[n - a] for a in blocks if n - a in blocks) for n in range(2 * LEAST, FUSED + 1)}


_FUSED = _fused()


def _best(readings: Iterable[tuple[float, int, int]]) -> Border | None:
    """Pick the best of the readings (score, border, pairs), which come longest block first."""
    tried: list[tuple[float, int]] = []
    top = -1e9
    for score, at, n in readings:
        tried.append((score, at))
        top = max(top, score)
        if n < MOST and score < top - _HOPELESS:
            break
    tried.sort(reverse=True)
    if len(tried) == 1:
        return None
    (best, at), (second, other) = tried[:2]
    return Border(at, other, best - second)


_LIKE = dict(zip("nsludcekoxthmgpz", "\n eA1中.,()\"#-_。é", strict=True))
"""A character of each kind."""


@cache
def _easy_end(pair: str, kind: str) -> bool:
    """Is the last pair surely noise, before a character of this kind?"""
    after = _LIKE[kind]
    return _TABLE.score("", pair + after) - _TABLE.score("", after) - PAIR < _EASY


@cache
def _easy_start(kind: str, pair: str, collapsed: bool) -> bool:  # noqa: FBT001  (a key of the cache)
    """Is the first pair surely noise, after a character of this kind? And its A, where blanks were collapsed?"""
    before = _LIKE[kind]
    text = _TABLE.score(before, pair + "\n") - PAIR
    a = _TABLE.score(before, pair[0] + "\n") if collapsed else text
    return max(text, a) - _TABLE.score(before, "\n") < _EASY
