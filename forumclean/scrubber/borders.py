"""Where a block of noise ends and the text it is glued to begins: the most probable reading of a noisy channel.

A run holds the block and sometimes a piece of text that looks like pairs: ``- item``, ``# comment``, ``…, y``, ``方案 B`` (plan B). Every border
between two pairs is a reading. Its score is how likely Discuz writes that many pairs (`grammar.LENGTHS`) and just these (`grammar.PAIR`
each), plus how likely the text that is left starts or ends its line like this (`document.Document`). The best reading wins; how much better
it is than the next says how sure it is.
"""

from __future__ import annotations

import re
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from forumclean.scrubber.brackets import FAR, balance
from forumclean.scrubber.document import REACH, Document
from forumclean.scrubber.grammar import A_SIDE, BLANKS, FUSED, LEAST, LENGTHS, MOST, PAIR
from forumclean.scrubber.outlook import end_is_clear, end_is_easy, start_is_clear, start_is_easy
from forumclean.scrubber.runs import first_starts, last_starts

if TYPE_CHECKING:
    from collections.abc import Callable

    from forumclean.records import Blanks, Profile
    from forumclean.scrubber.runs import Run

_HOPELESS = 10.0
"""Nats behind the best reading so far: shorter blocks are not tried."""
_TWO = -7.0
"""Log-probability that two blocks stand in a row with text beside them: the blank line between two breaks was lost."""
_USUAL = 12
"""Up to this length one pair more or less hardly changes how likely a length is."""


_GOES_ON, _STARTS = -2.0, -0.7
"""Log-weights of a full stop before a small letter, and of none before a capital one."""
REPEAT = 8
"""Characters of a line that are compared with other lines."""
NEAR = 3
"""Characters beyond a run that are enough for most borders."""
_WORD = 24
"""How far a word is followed."""
_WORD_AFTER = re.compile(r"[^A-Za-z\n]{0,4}([A-Z]?[a-z]{1,24}|[A-Z]{1,24})")
_WORD_BEFORE = re.compile(r"([A-Z]?[a-z]+|[A-Z]+)[^A-Za-z\n]{0,3}\Z")


class Border(NamedTuple):
    """The best reading of one border of a block; offsets are code points of the body."""

    at: int
    other: int
    """Where the border is in the next best reading."""
    margin: float
    """How much better (nats) the best reading is."""


class Borders:
    """Finds the borders of one document's blocks; ``learn`` makes its model when the first doubtful border asks for it."""

    def __init__(self, blanks: Blanks, learn: Callable[[], Document], openers: frozenset[str], profile: Profile) -> None:
        """``blanks``: how blanks survived; where they were collapsed, the A of a pair may be the last character of the text.

        ``openers``: the A with which lines of this document start, a blank behind. ``profile``: how brave its user is.
        """
        self._collapsed = blanks == "collapsed"
        self._learn = learn
        self.openers = openers
        self.profile = profile
        self._document: Document | None = None

    @property
    def document(self) -> Document:
        """What the real text of this document looks like."""
        if self._document is None:
            self._document = self._learn()
        return self._document

    def end(self, text: str, run: Run) -> Border | None:
        """Where the block ends in a run with text behind it; ``None``: at the run's end, without a doubt."""
        last = text[run.end - 3 : run.end]
        if run.pairs == LEAST:
            return None
        if (
            run.pairs <= _USUAL and last[0] in A_SIDE and last[0] not in self.openers
            and (end_is_easy(last[0], last[2], text[run.end]) or end_is_clear(last, text[run.end : run.end + NEAR].partition("\n")[0]))
        ):
            return None
        document, starts = self.document, first_starts(text, run)
        ends = [*starts[1:], run.end]
        line = text.find("\n", ends[-1], ends[-1] + REACH)
        stop = ends[-1] + REACH if line < 0 else line + 1
        readings, top = [], -inf
        for n in range(len(ends), LEAST - 1, -1):
            at = ends[n - 1]
            score = document.opens(text[at:stop]) + document.word(word_after(text, at)) + document.repeats(text[at : at + REPEAT].partition("\n")[0]) + NOISE[n]
            readings.append((score, at))
            top = max(top, score)
            if n <= MOST and score < top - _HOPELESS:
                break
        return best(readings)

    def start(self, text: str, run: Run, left: int = 0, after: str = "") -> Border | None:
        """Where the block starts in a run with text before it; ``None``: at the run's start, without a doubt.

        ``left``: the text before it starts here at the earliest (the end of the noise before). ``after``: what the next line starts with.
        """
        first = text[run.start : run.start + 3]
        whole = first[0] in A_SIDE and first[1] in BLANKS
        if whole and run.pairs <= _USUAL and (
            start_is_easy(text[run.start - 1], first[0], first[2], self._collapsed)
            or (run.start - REACH > left and start_is_clear(text[run.start - REACH : run.start].rpartition("\n")[2], first, self._collapsed))
        ):
            return None
        document, starts = self.document, last_starts(text, run)
        begin = starts[0]
        before = text[max(left, begin - REACH) : begin]
        if begin - REACH < left:
            before = "\n" + before
        before = before[before.rfind("\n") if "\n" in before else 0 :]
        line = text[max(left, text.rfind("\n", 0, begin) + 1, begin - FAR) : begin]
        readings, top = [], -inf
        for n, start in zip(range(len(starts), LEAST - 1, -1), starts, strict=False):
            lost = self._collapsed and text[start] in A_SIDE and text[start + 1] in BLANKS  # A may be text, and a blank A lost
            for at in (start, start + 1) if lost else (start,):
                score = document.goes_on(before, text[begin:at] + "\n") + document.word(word_before(text, at)) + NOISE[n] + balance(line + text[begin:at]) + _stops(text[at - 1], after) + document.repeats((line + text[begin:at])[-REPEAT:], end=True)
                readings.append((score, at))
                top = max(top, score)
            if n <= MOST and score < top - _HOPELESS:
                break
        return best(readings)


def _fused() -> dict[int, float]:
    """Best log-probability of two blocks that make n pairs together."""
    blocks = range(LEAST, MOST + 1)
    return {n: max(LENGTHS[a] + LENGTHS[n - a] for a in blocks if n - a in blocks) for n in range(2 * LEAST, FUSED + 1)}


_LONG = _fused()
NOISE = tuple(n * PAIR + (LENGTHS[n] if n <= MOST else _TWO + _LONG[n]) for n in range(FUSED + 1))
"""Log-probability that noise of n given pairs stands here, by n."""


def best(readings: list[tuple[float, int]]) -> Border | None:
    """Pick the best of some readings (score, border)."""
    if len(readings) == 1:
        return None
    (first, at), (second, other) = sorted(readings, reverse=True)[:2]
    return Border(at, other, first - second)


def _stops(last: str, after: str) -> float:
    """Log-weight (nats) of a line's last character before the first of the next: a sentence stops, or goes on."""
    if last in ".!?":
        return _GOES_ON if after.islower() else 0.0
    return _STARTS if after.isupper() and last.islower() else 0.0


def word_after(text: str, at: int) -> str:
    """The first word behind an offset, if it is close; ``read`` of ``readLine``."""
    found = _WORD_AFTER.match(text, at)
    return found[1] if found else ""


def word_before(text: str, at: int) -> str:
    """The last word before an offset, if it is close; ``Line`` of ``readLine``."""
    found = _WORD_BEFORE.search(text, max(0, at - _WORD), at)
    return found[1] if found else ""
