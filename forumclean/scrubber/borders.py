"""Where a block of noise ends and the text it is glued to begins.

A run holds the block and sometimes a piece of text that looks like pairs: ``- item``, ``# comment``, ``…, y``, ``方案 B`` (plan B). Every border
between two pairs is a reading. Its score is how likely Discuz writes that many pairs (`grammar.LENGTHS`) and just these (`grammar.PAIR`
each), plus how likely real text looks like what is left (`boundary.Prior`). The best reading wins.
"""

from __future__ import annotations

import re
from functools import cache
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from forumclean.scrubber.boundary import KIND, Prior
from forumclean.scrubber.grammar import A_SIDE, BLANKS, FUSED, LEAST, LENGTHS, MOST, PAIR
from forumclean.scrubber.runs import first_starts, last_starts

if TYPE_CHECKING:
    from collections.abc import Callable

    from forumclean.records import Blanks
    from forumclean.scrubber.runs import Run

_SEEN = 2
"""Characters of text beyond a run by which a reading is judged."""
_WORD = 24
"""How far a word is followed."""
_WORD_AFTER = re.compile(r"[^A-Za-z\n]{0,4}([A-Za-z]{0,24})")
_WORD_BEFORE = re.compile(r"([A-Za-z]{0,24})[^A-Za-z\n]{0,3}\Z")
_HOPELESS = 9.0
"""Nats behind the best reading so far: shorter blocks are not tried."""
_TWO = -7.0
"""Log-probability that two blocks stand in a row with text beside them: the blank line between two breaks was lost."""
_EASY = -4.5
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
        prior, starts = self.prior, first_starts(text, run)
        ends = [*starts[1:], run.end]
        line = text.find("\n", ends[-1], ends[-1] + _SEEN)
        stop = ends[-1] + _SEEN if line < 0 else line + 1
        readings, top = [], -inf
        for n in range(len(ends), LEAST - 1, -1):
            at = ends[n - 1]
            score = prior.score("", text[at:stop]) + prior.word(word_after(text, at)) + _NOISE[n]
            readings.append((score, at))
            top = max(top, score)
            if n <= MOST and score < top - _HOPELESS:
                break
        return _best(readings)

    def start(self, text: str, run: Run) -> Border | None:
        """Where the block starts in a run with text before it; ``None``: at the run's start, without a doubt."""
        first = text[run.start : run.start + 3]
        whole = first[0] in A_SIDE and first[1] in BLANKS
        if whole and run.pairs <= _USUAL and _easy_start(KIND[ord(text[run.start - 1])], first, self._collapsed):
            return None
        prior, starts = self.prior, last_starts(text, run)
        begin = starts[0]
        before = text[max(0, begin - 2) : begin].rpartition("\n")[2]
        readings, top = [], -inf
        for n, start in zip(range(len(starts), LEAST - 1, -1), starts, strict=False):
            lost = self._collapsed and text[start] in A_SIDE and text[start + 1] in BLANKS  # A may be text, and a blank A lost
            for at in (start, start + 1) if lost else (start,):
                score = prior.score(before, text[begin:at] + "\n") + prior.word(word_before(text, at)) + _NOISE[n]
                readings.append((score, at))
                top = max(top, score)
            if n <= MOST and score < top - _HOPELESS:
                break
        return _best(readings)


def _fused() -> dict[int, float]:
    """Best log-probability of two blocks that make n pairs together."""
    blocks = range(LEAST, MOST + 1)
    return {n: max(LENGTHS[a] + LENGTHS[n - a] for a in blocks if n - a in blocks) for n in range(2 * LEAST, FUSED + 1)}


_LONG = _fused()
_NOISE = tuple(n * PAIR + (LENGTHS[n] if n <= MOST else _TWO + _LONG[n]) for n in range(FUSED + 1))
"""Log-probability that noise of n given pairs stands here, by n."""


def _best(readings: list[tuple[float, int]]) -> Border | None:
    """Pick the best of some readings (score, border)."""
    if len(readings) == 1:
        return None
    (best, at), (second, other) = sorted(readings, reverse=True)[:2]
    return Border(at, other, best - second)


def word_after(text: str, at: int) -> str:
    """The first run of letters behind an offset, if it is close."""
    found = _WORD_AFTER.match(text, at)
    return found[1] if found else ""


def word_before(text: str, at: int) -> str:
    """The last run of letters before an offset, if it is close."""
    found = _WORD_BEFORE.search(text, max(0, at - _WORD), at)
    return found[1] if found else ""


_LIKE = dict(zip("nsludcekoxthmgpz", '\n eA1中.,()"#-_。é', strict=True))
"""A character of each kind."""


@cache
def _easy_end(pair: str, kind: str) -> bool:
    """Tell whether the last pair is surely noise, before a character of this kind."""
    after = _LIKE[kind]
    return _TABLE.score("", pair + after) - _TABLE.score("", after) - PAIR < _EASY


@cache
def _easy_start(kind: str, pair: str, collapsed: bool) -> bool:  # noqa: FBT001  (a key of the cache)
    """Tell whether the first pair (where blanks were collapsed, its A too) is surely noise, after a character of this kind."""
    before = _LIKE[kind]
    text = _TABLE.score(before, pair + "\n") - PAIR
    a = _TABLE.score(before, pair[0] + "\n") if collapsed else text
    return max(text, a) - _TABLE.score(before, "\n") < _EASY
