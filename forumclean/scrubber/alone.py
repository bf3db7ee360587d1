"""A line that looks like pairs from end to end is blank, or a short text (``2 B``, ``}``, ``1 A``) stands between two blocks.

Every way to put a text between the blocks is a reading, the blank line is another. How many blocks the line must hold is not decided here:
`breaks` weighs that along the whole post.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, NamedTuple

from forumclean.scrubber.grammar import A_SIDE, BLANKS, FUSED, LEAST, LENGTHS, MOST, PAIR
from forumclean.scrubber.outlook import STANDS, pair_opens
from forumclean.scrubber.runs import first_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forumclean.scrubber.document import Document
    from forumclean.scrubber.runs import Run

_HOPELESS = 12.0
"""Nats behind the best reading so far: no longer texts are tried, and this is not asked for to the end."""
_LONGEST = 5
"""Pairs of text that are believed in between two blocks."""
_HOPE, _STANDS = -4.0, -6.0
"""Log-odds (nats) of text against noise below which no text starts with a pair; and below which none does that ends there, or soon behind it."""


class Reading(NamedTuple):
    """One reading of a line: its text (offsets of the body; empty for a blank line), the pairs before it and behind it."""

    start: int
    end: int
    before: int
    after: int
    score: float
    """Log-probability of the text and of the characters of the pairs, whatever the lengths."""


def texts_in(text: str, run: Run, openers: frozenset[str], *, pairs: bool) -> list[int]:
    """The pairs of a run with which a text may start, by what they are; any, where lines of the document are ``pairs``."""
    edges = [*first_starts(text, run), run.end]
    firsts = [n for n in range(len(edges) - 1) if not n or n >= LEAST]
    if pairs:
        return firsts
    return [
        n for n in firsts
        if text[edges[n]] in openers or (pair_opens(text[edges[n] : edges[n + 1]]) > _HOPE and STANDS[text[edges[n] : edges[min(n + 2, len(edges) - 1)]]] > _STANDS)
    ]


def readings(text: str, run: Run, firsts: Sequence[int] | None, document: Document, *, lost: bool) -> list[Reading]:
    """All readings of a line whose text may start with some of its pairs (``None``: with any); the blank line comes first.

    ``lost``: blanks were collapsed, so the A of a pair that lost its own may be the last character of the text.
    """
    edges = [*first_starts(text, run), run.end]
    count = len(edges) - 1
    out = [Reading(run.end, run.end, count, 0, count * PAIR)]
    top = out[0].score
    whole = firsts is None and count <= MOST
    for n in [n for n in range(count) if not n or n >= LEAST] if firsts is None else firsts:
        for end in range(n, count + 1 if whole or count - n <= _LONGEST else n + _LONGEST + 1):
            if 0 < count - end < LEAST:
                continue
            noise = (n + count - end) * PAIR
            score = 0.0
            if end > n:
                score = noise + document.line(text[edges[n] : edges[end]], top - _HOPELESS - noise)
                out.append(Reading(edges[n], edges[end], n, count - end, score))
            if lost and end < count and text[edges[end]] in A_SIDE and text[edges[end] + 1] in BLANKS:
                stop = edges[end] + 1
                out.append(Reading(edges[n], stop, n, count - end, noise + document.line(text[edges[n] : stop], top - _HOPELESS - noise)))
            top = max(top, out[-1].score, score or top)
            if score < top - _HOPELESS:
                break
    return out


def _two() -> tuple[float, ...]:
    """Chance that two blocks have n pairs together, by n."""
    blocks = range(LEAST, MOST + 1)
    return tuple(sum(ONE[a] * ONE[n - a] for a in blocks if n - a in blocks) or _NEVER for n in range(FUSED + 1))


_NEVER = exp(-99.0)
"""Chance of what the grammar does not allow."""
NONE = (1.0, *[_NEVER] * FUSED)
ONE = (*map(exp, LENGTHS), *[_NEVER] * (FUSED - MOST))
TWO = _two()
"""Chance that no block, one block, two blocks have n pairs, by n."""
