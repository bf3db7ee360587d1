"""A line that looks like pairs from end to end is blank, or a short text (``2 B``, ``}``, ``1 A``) stands between two blocks.

Each break has one block, so the lines around it tell how many blocks this line holds, and each may have five to fifteen pairs. Every way to
put a text between them is a reading, the blank line is another.
"""

from __future__ import annotations

from functools import cache
from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

from forumclean.scrubber.grammar import LEAST, LENGTHS, MOST, PAIR
from forumclean.scrubber.outlook import pair_opens
from forumclean.scrubber.runs import first_starts

if TYPE_CHECKING:
    from forumclean.scrubber.borders import Borders
    from forumclean.scrubber.runs import Run

_WRONG = -9.0
"""Log-probability that a break has no block, or two."""
_LONGEST = 5
"""Pairs of text that are believed in between two blocks."""
_HOPE = -4.0
"""Log-odds (nats) of text against noise below which no text starts with a pair."""


class Served(NamedTuple):
    """Whether the block of the break before a line, and that of the break behind it, stands on this line; ``None``: it may."""

    before: bool | None
    after: bool | None
    blank: float = 0.1
    """Share of the body's lines that look blank."""


class Line(NamedTuple):
    """The best reading of a line: its text (offsets of the body; empty for a blank line) and how sure that is."""

    start: int
    end: int
    other: tuple[int, int]
    """The text of the next best reading."""
    margin: float
    """How much better (nats) the best reading is."""


def read_alone(text: str, run: Run, served: Served, borders: Borders) -> Line | None:
    """The text hidden in a run that fills its line; ``None``: there is none, without a doubt."""
    starts = first_starts(text, run)
    edges = [*starts, run.end]
    count = len(starts)
    firsts = [n for n in range(count) if (not n or n >= LEAST) and _may_start(text[edges[n] : edges[n + 1]], borders.openers)]
    blank = _blank(count, served.before, served.after)
    if not firsts and blank > _WRONG:
        return None
    model = borders.document
    readings = [(log(served.blank) + count * PAIR + blank, run.end, run.end)]
    for n in firsts or range(count):
        for end in range(n + 1, count + 1 if count - n <= _LONGEST or not firsts else n + _LONGEST + 1):
            noise = _one(n, served.before) + _one(count - end, served.after)
            if noise > 2 * _WRONG - MOST:
                line = text[edges[n] : edges[end]]
                score = log(1 - served.blank) + noise + (n + count - end) * PAIR + model.opens(line + "\n") + model.repeats(line)
                readings.append((score, edges[n], edges[end]))
    if len(readings) == 1:
        return None
    (best, start, end), (second, *other) = sorted(readings, reverse=True)[:2]
    return Line(start, end, (other[0], other[1]), best - second)


@cache
def _one(pairs: int, wanted: bool | None) -> float:  # noqa: FBT001  (a key of the cache)
    """Log-probability of the length of one block, none if ``pairs`` is 0, where it is wanted, unwanted or neither."""
    if not pairs:
        return _WRONG if wanted else 0.0
    if not LEAST <= pairs <= MOST:
        return -99.0
    return LENGTHS[pairs] + (_WRONG if wanted is False else 0.0)


@cache
def _blank(pairs: int, before: bool | None, after: bool | None) -> float:  # noqa: FBT001  (as above)
    """Log-probability that the blocks of a blank line have that many pairs together."""
    ways = [_one(n, before) + _one(pairs - n, after) for n in range(pairs + 1)]
    return log(sum(map(exp, ways)))


def _may_start(pair: str, openers: frozenset[str]) -> bool:
    return pair[0] in openers or pair_opens(pair) > _HOPE
