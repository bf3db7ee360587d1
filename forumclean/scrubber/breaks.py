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
    from collections.abc import Sequence

    from forumclean.scrubber.alone import Reading
    from forumclean.scrubber.borders import Borders
    from forumclean.scrubber.runs import Run

_WRONG = exp(-9.0)
"""Chance that a break has no block, or two, in a post whose blocks add up."""
_LOOSE = 0.1
"""The same in another post: a line was lost or joined."""
_BEFORE, _BEHIND = 0.5, 0.5
"""Discuz tosses a coin."""
_BLANK_AGAIN = 0.06
"""Chance that a blank line follows a blank one; in technical texts 3 to 9 of 100, whatever their share of blank lines."""
_FEW_BLANK, _LINES = 0.5, 5.0
"""So many blank lines are believed in before any is seen, among so many lines."""
_MOST_BLANK = 0.45
_ROUNDS = 3
"""How often the share of blank lines is counted again."""
_MANY = 4
"""Blocks before breaks, and none behind them, that show that the hidden half was dropped."""
_STATES = [(blank, block) for blank in (False, True) for block in (False, True)]
"""A line is blank or not; the block of a break stands on it or not."""
_State = tuple[bool, bool]
_SIDES = (False, True)
_EDGE = {(False, False): 0.0, (True, False): log(0.25), (False, True): -inf, (True, True): -inf}
"""The first and the last line of a post: there is no break beyond them. Blank is what an edit notice leaves behind, or a signature."""
_NEAR = 64
"""Characters of a neighbouring line that show whether it is blank."""
Places = tuple[float, float, float, float]
Factor = dict[tuple[bool, bool, bool], float]
Crossing = dict[tuple[_State, _State], float]
"""Log-probability of a break: the state of the line before it (its block at the end), that of the line behind it (its block at the start)."""


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
    before: _State | None
    """Of the line before; ``None``: there is none."""
    behind: _State | None
    """Of the line behind."""


class Breaks:
    """Reads the lines of one document that look like noise from end to end."""

    def __init__(self, texts: Sequence[str], runs: Sequence[Sequence[Run]], borders: Borders, *, pairs: bool) -> None:
        """``runs``: the noise of each body. ``borders`` knows how blanks survived, how lines start, and the document's model.

        ``pairs``: lines of the document are one pair and nothing else.
        """
        self._texts, self._runs, self._borders, self._pairs = texts, runs, borders, pairs
        self._lines: dict[tuple[int, int], Line] | None = None

    def read(self, body: int, run: Run) -> Line | None:
        """The text hidden in a run that fills its line; ``None``: there is none, without a doubt."""
        if self._lines is None:
            self._lines = self._search()
        return self._lines.get((body, run.start))

    def _search(self) -> dict[tuple[int, int], Line]:
        """The lines with more than one reading."""
        chains = [(chain, self._firsts(chain)) for body, (text, runs) in enumerate(zip(self._texts, self._runs, strict=True)) for chain in _chains(body, text, runs)]
        asked = [(chain, found, [_factor(each) for each in found]) for chain, firsts in chains if firsts for found in [self._readings(chain, firsts)]]
        if not asked:
            return {}
        lines = sum(text.count("\n") + 1 for text in self._texts)
        blank = sum(text.count("\n\n") for text in self._texts) + sum(len(chain.runs) for chain, firsts in chains if not firsts)
        kinds = {chain.body: self._places(self._texts[chain.body], self._runs[chain.body]) for chain, *_ in asked}
        seen = float(blank + sum(len(chain.runs) for chain, *_ in asked))
        crossings: dict[Places, Crossing] = {}
        for n in range(_ROUNDS):
            gone = seen / 3 if self._borders.collapsed else 0.0
            share = (seen + gone + _FEW_BLANK) / (lines + gone + _LINES)
            crossings = {places: _crossing(places, share, dropped=self._borders.collapsed) for places in set(kinds.values())}
            if n + 1 < _ROUNDS:
                seen = blank + sum(_blanks(factors, _beside(chain, factors, crossings[kinds[chain.body]])) for chain, _, factors in asked)
        return {
            (chain.body, run.start): _line(posterior)
            for chain, found, factors in asked
            for run, posterior in zip(chain.runs, _posteriors(found, _beside(chain, factors, crossings[kinds[chain.body]])), strict=True)
        }

    def _firsts(self, chain: _Chain) -> list[list[int] | None]:
        """With which pairs the texts of a chain's lines may start (``None``: with any); empty if all lines are blank without a doubt."""
        text = self._texts[chain.body]
        firsts = [texts_in(text, run, self._borders.openers, pairs=self._pairs) for run in chain.runs]
        if not _may_be_blank(chain):
            return [each or None for each in firsts]
        return [*firsts] if any(firsts) else []

    def _readings(self, chain: _Chain, firsts: list[list[int] | None]) -> list[list[Reading]]:
        text, borders = self._texts[chain.body], self._borders
        return [readings(text, run, each, borders.document, lost=borders.collapsed) for run, each in zip(chain.runs, firsts, strict=True)]

    def _places(self, text: str, runs: Sequence[Run]) -> Places:
        """How probable it is in this body that a break has no block, one behind it, one before it, two."""
        alone = sum(run.place == "alone" for run in runs)
        starts = sum(run.place == "line-start" for run in runs)
        breaks, beside = text.count("\n"), len(runs) - alone
        if not starts and beside >= _MANY:
            return 1 - _BEFORE, _WRONG, _BEFORE, _WRONG
        if breaks > beside + 2 * alone or (breaks < beside + alone and not self._borders.collapsed):
            return _LOOSE, _BEHIND, _BEFORE, _LOOSE
        return _WRONG, _BEHIND, _BEFORE, _WRONG


def _crossing(places: Places, share: float, *, dropped: bool) -> Crossing:
    """The table of a break by the share of blank lines; ``dropped``: a blank line without a block is gone, and its two blocks stand beside it."""
    share = min(share, _MOST_BLANK)
    blank = (share * (1 - _BLANK_AGAIN) / (1 - share), _BLANK_AGAIN)  # behind a line of text, behind a blank one
    out: Crossing = {}
    for last, before in _STATES:
        for first, behind in _STATES:
            chance = places[2 * before + behind] * (blank[last] if first else 1 - blank[last])
            if dropped and before and behind:
                chance += _BEFORE * _BEHIND * blank[last] * (blank[True] if first else 1 - blank[True])
            out[(last, before), (first, behind)] = log(chance)
    return out


def _chains(body: int, text: str, runs: Sequence[Run]) -> list[_Chain]:
    """The chains of a body."""
    mark = "\n" if "\n" in text else "\r"
    out: list[_Chain] = []
    last = -1  # the break behind the last line of the last chain
    for n, run in enumerate(runs):
        if run.place != "alone" or run.pairs > FUSED:
            continue
        first, end = text.rfind(mark, 0, run.start), text.find(mark, run.end)
        behind = None
        if end >= 0:
            block = n + 1 < len(runs) and runs[n + 1].place == "line-start" and text.rfind(mark, run.end, runs[n + 1].start) == end
            behind = (not text[end + 1 : end + _NEAR].partition(mark)[0].strip(), block)
        if out and first == last >= 0:
            out[-1].runs.append(run)
            out[-1] = out[-1]._replace(behind=behind)
        else:
            block = n > 0 and runs[n - 1].place == "line-end" and text.find(mark, runs[n - 1].end, run.start) == first
            before = (not text[max(0, first - _NEAR) : first].rpartition(mark)[2].strip(), block)
            out.append(_Chain(body, [run], before if first >= 0 else None, behind))
        last = end
    return out


def _may_be_blank(chain: _Chain) -> bool:
    """Tell whether all lines of a chain can be blank, by the lengths of their blocks."""
    taken = (chain.before is None or chain.before[1]) + (chain.behind is None or chain.behind[1])
    blocks = len(chain.runs) + 1 - taken
    return blocks > 0 and LEAST * blocks <= sum(run.pairs for run in chain.runs) <= MOST * blocks


def _beside(chain: _Chain, factors: list[Factor], crossing: Crossing) -> list[tuple[dict[_State, float], dict[_State, float]]]:
    """For each line of a chain: log-probability of all that is before it, and of all behind it, by its own state."""
    forward = [{(blank, first): crossing[chain.before, (blank, first)] if chain.before else _EDGE[blank, first] for blank, first in _STATES}]
    for factor in factors[:-1]:
        ends = {(blank, last): _sum([forward[-1][blank, first] + factor[blank, first, last] for first in _SIDES]) for blank, last in _STATES}
        forward.append({state: _sum([ends[one] + crossing[one, state] for one in _STATES]) for state in _STATES})
    backward = [{(blank, last): crossing[(blank, last), chain.behind] if chain.behind else _EDGE[blank, last] for blank, last in _STATES}]
    for factor in reversed(factors[1:]):
        starts = {(blank, first): _sum([factor[blank, first, last] + backward[-1][blank, last] for last in _SIDES]) for blank, first in _STATES}
        backward.append({state: _sum([crossing[state, one] + starts[one] for one in _STATES]) for state in _STATES})
    return list(zip(forward, reversed(backward), strict=True))


def _blanks(factors: list[Factor], beside: list[tuple[dict[_State, float], dict[_State, float]]]) -> float:
    """How many lines of a chain are expected to be blank."""
    out = 0.0
    for factor, (left, right) in zip(factors, beside, strict=True):
        text, blank = [_sum([left[kind, first] + factor[kind, first, last] + right[kind, last] for first in _SIDES for last in _SIDES]) for kind in _SIDES]
        out += exp(blank - _sum([text, blank]))
    return out


def _posteriors(found: list[list[Reading]], beside: list[tuple[dict[_State, float], dict[_State, float]]]) -> list[list[tuple[float, Reading]]]:
    """The readings of each line of a chain with their probability, the most probable first."""
    out = []
    for each, (left, right) in zip(found, beside, strict=True):
        scored = []
        for reading in each:
            blank = reading.start == reading.end
            ways = [left[blank, first] + reading.fits(first, last) + right[blank, last] for first in _SIDES for last in _SIDES]
            scored.append((reading.score + _sum(ways), reading))
        total = _sum([score for score, _ in scored])
        out.append(sorted(((exp(score - total), reading) for score, reading in scored), reverse=True))
    return out


def _factor(found: list[Reading]) -> Factor:
    """Log-probability of a line by whether it is blank, whether a block stands at its start, whether one stands at its end."""
    return {
        (blank, first, last): _sum([reading.score + reading.fits(first, last) for reading in found if (reading.start == reading.end) == blank])
        for blank in _SIDES for first in _SIDES for last in _SIDES
    }


def _line(posterior: list[tuple[float, Reading]]) -> Line:
    (first, best), *others = posterior
    if not others:
        return Line(best.start, best.end, (best.start, best.end), inf)
    second, other = others[0]
    return Line(best.start, best.end, (other.start, other.end), log(first) - log(second) if second > 0 else inf)


def _sum(logs: list[float]) -> float:
    """Logarithm of a sum of probabilities given by their logarithms."""
    top = max(logs, default=-inf)
    return top + log(sum([exp(value - top) for value in logs])) if top > -inf else -inf
