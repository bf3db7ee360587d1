"""An exact search over the line breaks of a post: every break has one block, before it or behind it, never two.

So the readings of lines that follow each other hang together: where a block stands at the end of one line, none stands at the start of the
next. Lines that look like noise from end to end come in chains; along each, the readings of all its lines (`alone`) and the places of all
its blocks are summed up, forwards and backwards, and each line gets the reading that is the most probable over all of them.
"""

from __future__ import annotations

from math import exp, inf, log
from typing import TYPE_CHECKING, NamedTuple

from forumclean.scrubber.alone import readings, texts_in
from forumclean.scrubber.grammar import FUSED, LEAST, MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from forumclean.scrubber.alone import Reading
    from forumclean.scrubber.document import Document
    from forumclean.scrubber.runs import Run

_WRONG = -9.0
"""Log-probability that a break has no block, or two, in a post whose blocks add up."""
_LOOSE = log(0.1)
"""The same in another post: a line was lost or joined."""
_HALF = log(0.5)
_FEW_BLANK, _LINES = 0.5, 5.0
"""So many blank lines are believed in before any is seen, among so many lines."""
_ROUNDS = 3
"""How often the share of blank lines is counted again."""
_MANY = 4
"""Blocks before breaks, and none behind them, that show that the hidden half was dropped."""
Weights = tuple[tuple[float, float], tuple[float, float]]
"""Log-probability of a break's state: ``[a block stands before it][a block stands behind it]``."""


class Line(NamedTuple):
    """The best reading of a line: its text (offsets of the body; empty for a blank line) and how sure that is."""

    start: int
    end: int
    other: tuple[int, int]
    """The text of the next best reading."""
    margin: float
    """How much better (nats) the best reading is."""


class _Chain(NamedTuple):
    """Lines that follow each other and look like noise from end to end."""

    body: int
    runs: list[Run]
    known: tuple[bool | None, bool | None]
    """Whether a block stands before the break in front of the first line, and behind the break at the end of the last; ``None``: no break."""


class Breaks:
    """Reads the lines of one document that look like noise from end to end."""

    def __init__(self, texts: Sequence[str], runs: Sequence[Sequence[Run]], openers: frozenset[str], learn: Callable[[], Document], *, collapsed: bool) -> None:
        """``runs``: the noise of each body. ``learn`` gives the document's model, when the first line asks for it; ``collapsed``: blank lines without a block are gone."""
        self._texts, self._runs, self._openers, self._learn, self._collapsed = texts, runs, openers, learn, collapsed
        self._lines: dict[tuple[int, int], Line] | None = None

    def read(self, body: int, run: Run) -> Line | None:
        """The text hidden in a run that fills its line; ``None``: there is none, without a doubt."""
        if self._lines is None:
            self._lines = self._search()
        return self._lines.get((body, run.start))

    def _search(self) -> dict[tuple[int, int], Line]:
        """The lines with more than one reading."""
        blank = lines = 0.0
        open_chains: list[tuple[_Chain, list[list[Reading]]]] = []
        for body, (text, runs) in enumerate(zip(self._texts, self._runs, strict=True)):
            lines += text.count("\n") + 1
            blank += text.count("\n\n")
            for chain in _chains(body, text, runs):
                firsts = [texts_in(text, run, self._openers) for run in chain.runs]
                may_be_blank = _may_be_blank(chain)
                if not any(firsts) and may_be_blank:
                    blank += len(chain.runs)
                    continue
                document = self._learn()
                found = [
                    readings(text, run, first, document, lost=self._collapsed) if first or not may_be_blank else readings(text, run, [], document, lost=False)[:1]
                    for run, first in zip(chain.runs, firsts, strict=True)
                ]
                open_chains.append((chain, found))
        weights = [self._weights(text, runs) for text, runs in zip(self._texts, self._runs, strict=True)] if open_chains else []
        share = (blank + sum(len(chain.runs) for chain, _ in open_chains) + _FEW_BLANK) / (lines + _LINES)
        out: dict[tuple[int, int], Line] = {}
        for _ in range(_ROUNDS):
            seen = blank
            for chain, found in open_chains:
                for run, posterior in zip(chain.runs, _posteriors(chain, found, weights[chain.body](share), share), strict=True):
                    out[chain.body, run.start] = _line(posterior)
                    seen += sum(p for p, reading in posterior if reading.start == reading.end)
            dropped = seen / 3 if self._collapsed else 0.0
            share = (seen + dropped + _FEW_BLANK) / (lines + dropped + _LINES)
        return out

    def _weights(self, text: str, runs: Sequence[Run]) -> Callable[[float], Weights]:
        """How probable the states of a break are in this body, by the share of blank lines."""
        alone = sum(run.place == "alone" for run in runs)
        starts = sum(run.place == "line-start" for run in runs)
        breaks, beside = text.count("\n"), len(runs) - alone
        if not starts and beside >= _MANY:
            return lambda _: ((_HALF, _WRONG), (_HALF, _WRONG))
        if breaks > beside + 2 * alone or (breaks < beside + alone and not self._collapsed):
            return lambda _: ((_LOOSE, _HALF), (_HALF, _LOOSE))
        if self._collapsed:
            return lambda share: ((_WRONG, _HALF), (_HALF, log(share / 4)))  # a blank line between, dropped: its two blocks stand on its neighbours
        return lambda _: ((_WRONG, _HALF), (_HALF, _WRONG))


def _chains(body: int, text: str, runs: Sequence[Run]) -> list[_Chain]:
    """The chains of a body."""
    mark = "\n" if "\n" in text else "\r"
    out: list[_Chain] = []
    last = -1  # the break behind the last line of the last chain
    for n, run in enumerate(runs):
        if run.place != "alone" or run.pairs > FUSED:
            continue
        first, end = text.rfind(mark, 0, run.start), text.find(mark, run.end)
        behind = end >= 0 and n + 1 < len(runs) and runs[n + 1].place == "line-start" and text.rfind(mark, run.end, runs[n + 1].start) == end
        after = behind if end >= 0 else None
        if out and first == last >= 0:
            out[-1].runs.append(run)
            out[-1] = out[-1]._replace(known=(out[-1].known[0], after))
        else:
            before = n > 0 and runs[n - 1].place == "line-end" and text.find(mark, runs[n - 1].end, run.start) == first
            out.append(_Chain(body, [run], (before if first >= 0 else None, after)))
        last = end
    return out


def _may_be_blank(chain: _Chain) -> bool:
    """Tell whether all lines of a chain can be blank, by the lengths of their blocks."""
    before, after = chain.known
    taken = (before is not False) + (after is not False)
    blocks = len(chain.runs) + 1 - taken
    pairs = sum(run.pairs for run in chain.runs)
    return LEAST * blocks <= pairs <= MOST * blocks and (len(chain.runs) > 1 or blocks > 0)


def _posteriors(chain: _Chain, found: list[list[Reading]], weights: Weights, share: float) -> list[list[tuple[float, Reading]]]:
    """The readings of each line of a chain with their probability, the most probable first."""
    blank, written = log(share), log(1 - share)
    tables = [
        [(reading, reading.score + (blank if reading.start == reading.end else written)) for reading in each] for each in found
    ]
    factors = [
        [[_sum([score + reading.fits(first, second) for reading, score in table]) for second in (False, True)] for first in (False, True)] for table in tables
    ]
    before, after = chain.known
    forward = [[0.0, -inf] if before is None else [weights[before][0], weights[before][1]]]
    for factor in factors[:-1]:
        ends = [_sum([forward[-1][0] + factor[0][second], forward[-1][1] + factor[1][second]]) for second in (0, 1)]
        forward.append([_sum([ends[0] + weights[0][first], ends[1] + weights[1][first]]) for first in (0, 1)])
    backward = [[0.0, -inf] if after is None else [weights[0][after], weights[1][after]]]
    for factor in reversed(factors[1:]):
        starts = [_sum([factor[first][0] + backward[-1][0], factor[first][1] + backward[-1][1]]) for first in (0, 1)]
        backward.append([_sum([weights[second][0] + starts[0], weights[second][1] + starts[1]]) for second in (0, 1)])
    backward.reverse()
    out = []
    for table, left, right in zip(tables, forward, backward, strict=True):
        scored = [(score + _sum([left[s] + reading.fits(bool(s), bool(f)) + right[f] for s in (0, 1) for f in (0, 1)]), reading) for reading, score in table]
        total = _sum([score for score, _ in scored])
        out.append(sorted(((exp(score - total), reading) for score, reading in scored), reverse=True))
    return out


def _line(posterior: list[tuple[float, Reading]]) -> Line:
    (first, best), *others = posterior
    if not others:
        return Line(best.start, best.end, (best.start, best.end), inf)
    second, other = others[0]
    return Line(best.start, best.end, (other.start, other.end), log(first) - log(second) if second > 0 else inf)


def _sum(logs: list[float]) -> float:
    """Logarithm of a sum of probabilities given by their logarithms."""
    top = max(logs)
    return top + log(sum([exp(value - top) for value in logs])) if top > -inf else -inf
