"""An exact search over the line breaks of a post: every break has one block, before it or behind it, never two.

So the readings of lines that follow each other hang together: where a block stands at the end of one line, none stands at the start of the
next. Lines that look like noise from end to end come in chains; along each, the readings of all its lines (`alone`) and the places of all
its blocks are summed up, forwards and backwards, and each line gets the reading that is the most probable over all of them.
"""

from __future__ import annotations

from math import exp, inf, log
from typing import TYPE_CHECKING, NamedTuple

from forumclean.scrubber.alone import NONE, ONE, TWO, readings, texts_in
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
_State = tuple[bool, bool]
"""A line is blank or not; the block of a break stands on it or not."""
_STATES: tuple[_State, ...] = ((False, False), (False, True), (True, False), (True, True))
_EDGE = (1.0, 0.0, 0.25, 0.0)
"""The first and the last line of a post: there is no break beyond them. Blank is what an edit notice leaves behind, or a signature."""
_NEAR = 64
"""Characters of a neighbouring line that show whether it is blank."""
Places = tuple[float, float, float, float]
States = tuple[float, float, float, float]
"""A chance for each of `_STATES`."""
Crossing = tuple[States, States, States, States]
"""Chance of a break: by the state of the line before it (its block at the end), that of the line behind it (its block at the start)."""


class _Weighed(NamedTuple):
    """The readings of a line, and the chances of what they are together."""

    readings: list[Reading]
    chances: list[float]
    """Of the text and the characters of the pairs, by reading; the likeliest is 1."""
    blank: tuple[float, float, float]
    """That the line is blank, with no block on it, with one, with two."""
    text: States
    """That it is not; by whether a block stands at its start, and whether one stands at its end."""


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
        self._known: list[tuple[_Chain, list[list[int] | None]]] | None = None
        self._weighed: dict[int, list[_Weighed]] = {}

    def forget(self, sure: float) -> None:
        """Forget the chains with a line that is less sure (nats): the borders know more of the document."""
        lines = self._lines or {}
        chains = self._known or []
        self._weighed = {n: found for n, found in self._weighed.items() if all(lines[chains[n][0].body, run.start].margin >= sure for run in chains[n][0].runs)}
        self._lines = None

    def read(self, body: int, run: Run) -> Line | None:
        """The text hidden in a run that fills its line; ``None``: there is none, without a doubt."""
        if self._lines is None:
            self._lines = self._search()
        return self._lines.get((body, run.start))

    def _search(self) -> dict[tuple[int, int], Line]:
        """The lines with more than one reading."""
        if self._known is None:
            self._known = [(chain, self._firsts(chain)) for body, (text, runs) in enumerate(zip(self._texts, self._runs, strict=True)) for chain in _chains(body, text, runs)]
        chains = self._known
        self._weighed |= {n: [_weighed(each) for each in self._readings(chain, firsts)] for n, (chain, firsts) in enumerate(chains) if firsts and n not in self._weighed}
        asked = [(chains[n][0], found) for n, found in self._weighed.items()]
        if not asked:
            return {}
        lines = sum(text.count("\n") + 1 for text in self._texts)
        blank = sum(text.count("\n\n") for text in self._texts) + sum(len(chain.runs) for chain, firsts in chains if not firsts)
        kinds = {chain.body: self._places(self._texts[chain.body], self._runs[chain.body]) for chain, _ in asked}
        seen = float(blank + sum(len(chain.runs) for chain, _ in asked))
        crossings: dict[Places, Crossing] = {}
        for n in range(_ROUNDS):
            gone = seen / 3 if self._borders.collapsed else 0.0
            share = (seen + gone + _FEW_BLANK) / (lines + gone + _LINES)
            crossings = {places: _crossing(places, share, dropped=self._borders.collapsed) for places in set(kinds.values())}
            if n + 1 < _ROUNDS:
                seen = blank + sum(_blanks(found, _beside(chain, found, crossings[kinds[chain.body]])) for chain, found in asked)
        return {
            (chain.body, run.start): _line(each, *beside)
            for chain, found in asked
            for run, each, beside in zip(chain.runs, found, _beside(chain, found, crossings[kinds[chain.body]]), strict=True)
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
    again, both = _BLANK_AGAIN, _BEFORE * _BEHIND * dropped
    first = share * (1 - again) / (1 - share)
    none, behind, before, two = places
    out: list[States] = []
    for blank in (first, again):  # behind a line of text, behind a blank one
        text, gone = 1 - blank, both * blank
        out.append((none * text, behind * text, none * blank, behind * blank))
        out.append((before * text, two * text + gone * (1 - again), before * blank, two * blank + gone * again))
    return out[0], out[1], out[2], out[3]


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


def _weighed(readings: list[Reading]) -> _Weighed:
    """The readings of a line (the blank one first), weighed; all sums over them are taken once."""
    top = max([reading.score for reading in readings])
    chances = [exp(reading.score - top) for reading in readings]
    none_none = none_one = one_none = one_one = 0.0
    for chance, (_, _, before, after, _) in zip(chances[1:], readings[1:], strict=True):
        none, one = chance * NONE[before], chance * ONE[before]
        none_none += none * NONE[after]
        none_one += none * ONE[after]
        one_none += one * NONE[after]
        one_one += one * ONE[after]
    pairs = readings[0].before
    return _Weighed(readings, chances, (chances[0] * NONE[pairs], chances[0] * ONE[pairs], chances[0] * TWO[pairs]), (none_none, none_one, one_none, one_one))


def _beside(chain: _Chain, found: list[_Weighed], crossing: Crossing) -> list[tuple[States, States]]:
    """For each line of a chain: how likely all that is before it, and all behind it, are by its own state (as shares)."""
    left = crossing[_STATES.index(chain.before)] if chain.before else _EDGE
    forward = [left]
    of_none, of_one, of_blank, of_both = crossing
    for _, _, (no, one, two), (none_none, none_one, one_none, one_one) in found[:-1]:
        none, block, blank, both = left
        a, b = none * none_none + block * one_none, none * none_one + block * one_one
        c, d = blank * no + both * one, blank * one + both * two
        left = _shares([a * of_none[n] + b * of_one[n] + c * of_blank[n] + d * of_both[n] for n in range(4)])
        forward.append(left)
    right = _EDGE
    if chain.behind:
        n = _STATES.index(chain.behind)
        right = of_none[n], of_one[n], of_blank[n], of_both[n]
    backward = [right]
    for _, _, (no, one, two), (none_none, none_one, one_none, one_one) in reversed(found[1:]):
        none, block, blank, both = right
        a, b = none_none * none + none_one * block, one_none * none + one_one * block
        c, d = no * blank + one * both, one * blank + two * both
        right = _shares([row[0] * a + row[1] * b + row[2] * c + row[3] * d for row in crossing])
        backward.append(right)
    backward.reverse()
    return list(zip(forward, backward, strict=True))


def _shares(chances: list[float]) -> States:
    """The same, one together: along a chain they become too small to be told from nothing."""
    none, block, blank, both = chances
    total = none + block + blank + both
    return none / total, block / total, blank / total, both / total


def _blanks(found: list[_Weighed], beside: list[tuple[States, States]]) -> float:
    """How many lines of a chain are expected to be blank."""
    out = 0.0
    for (_, _, (no, one, two), (none_none, none_one, one_none, one_one)), (left, right) in zip(found, beside, strict=True):
        text = left[0] * (none_none * right[0] + none_one * right[1]) + left[1] * (one_none * right[0] + one_one * right[1])
        blank = left[2] * (no * right[2] + one * right[3]) + left[3] * (one * right[2] + two * right[3])
        out += blank / (text + blank)
    return out


def _line(found: _Weighed, left: States, right: States) -> Line:
    """The best reading of a line, by what is before it and behind it."""
    readings, chances, (no, one, two), _ = found
    scored = [(left[2] * (no * right[2] + one * right[3]) + left[3] * (one * right[2] + two * right[3]), readings[0])]
    scored += [
        (chance * (left[0] * NONE[reading.before] + left[1] * ONE[reading.before]) * (NONE[reading.after] * right[0] + ONE[reading.after] * right[1]), reading)
        for chance, reading in zip(chances[1:], readings[1:], strict=True)
    ]
    scored.sort(reverse=True)
    first, best = scored[0]
    second, other = scored[1] if len(scored) > 1 else (0.0, best)
    return Line(best.start, best.end, (other.start, other.end), log(first / second) if second else inf)
