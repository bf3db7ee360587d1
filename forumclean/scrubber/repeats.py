"""Lines that stand in a document more than once: each time with other noise, so what they share beside it is text.

People quote each other, and repeat commands, tables, verses. Where ``>>> x * y`` stands three times, each time with a block behind it, nothing
but text puts the pair ``* y`` behind ``>>> x`` in all three: in noise a pair is the same twice in one of 1,792 cases. So each further line that
can be read like this one counts for that reading what its noise would have had to be by chance. Readings are compared by the few characters
of text next to the border, so it does not matter where their runs begin.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from math import inf, lgamma, log
from typing import TYPE_CHECKING, NamedTuple

from forumclean.scrubber.grammar import A_SIDE, BLANKS, LEAST, PAIR
from forumclean.scrubber.runs import first_starts, last_starts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forumclean.scrubber.runs import Run

NEAR = 8
"""Characters of text at a border by which lines are compared."""
_PAIR = 3
"""Characters of a pair."""
_MOST = 5
"""Pairs of text in one run that are compared."""
_SAME = 3 * LEAST
"""Characters of noise that two lines have in common only if it is the same noise, printed twice."""
_LONE = log(28)
"""What an A in common is worth (nats)."""
_LONGER = 1.5
"""Nats for believing that a line goes on where the others end."""
Gains = dict[int, tuple[float, float]]
"""By the offset of a reading: what is to be added to it (nats), and the least that its text is worth."""
_FEW = 6
"""Characters at a border by which most documents show at once that no line of them recurs."""
_SEEN = log(0.1)
"""Log-probability that a line is one of those in view, once it looks like it."""


class _Reading(NamedTuple):
    """One way to draw a border."""

    at: int
    near: str
    """The characters of text next to it (those of a line start backwards), the first of them a line break if the line is short."""
    worth: float
    """What the characters of the run that are text here would be worth as noise (nats, positive)."""


class _Edge(NamedTuple):
    """Where text and a run meet: at the end of a line, or at its start, which is read backwards."""

    text: str
    run: Run
    piece: str
    """Characters of the text next to the run, as `_Reading.near`, and a `_PAIR` of the run."""


_Found = dict[tuple[str, "Run"], Gains]


class Repeats:
    """What the lines of one document have in common where noise begins or ends: gains of each border, by its body and run."""

    def __init__(self, texts: Sequence[str], noise: Sequence[Sequence[Run]], *, collapsed: bool) -> None:
        """``noise``: the runs of each body. ``collapsed``: blanks were, so the A of a pair may be the last character of the text."""
        self._collapsed = collapsed
        self._before = [
            (text, run, right) for text, runs in zip(texts, noise, strict=True)
            for run, right in zip(runs, [*[run.start for run in runs[1:]], len(text)], strict=False) if run.place == "line-start"
        ]
        """The runs with text behind them, each with its body, and where this text ends at the latest."""
        self._behind = [
            (text, run, left) for text, runs in zip(texts, noise, strict=True)
            for run, left in zip(runs, [0, *[run.end for run in runs]], strict=False) if run.place == "line-end"
        ]
        """The runs with text in front of them, each with its body, and where this text starts at the earliest."""
        lines = [line for text, runs in zip(texts, noise, strict=True) if runs for line in text.split("\n")]
        self.ends = self._find_ends(lines)
        """Of the ends of the lines before runs."""
        self.starts = self._find_starts(lines)
        """Of the starts of the lines behind runs."""

    def _find_ends(self, lines: list[str]) -> _Found:
        found = self._behind
        if self._collapsed:
            near = [text[max(left, run.start - _FEW) : run.start + _PAIR].rpartition("\n")[2] for text, run, left in found]
            first = [piece[-_FEW - 2 : -2] for piece in near]
            once = _all_differ(first) and {line[-_FEW:] for line in lines}.union([piece[:-_PAIR] for piece in near]).isdisjoint(
                first + [piece[-_FEW - 1 : -1] for piece in near] + [piece[-_FEW:] for piece in near]
            )
        else:
            marks = [text[run.start - 1 : run.start + _PAIR] for text, run, _ in found]
            once = _all_differ(marks) and {line[-_PAIR - 1 :] for line in lines}.isdisjoint(marks)
        if once:
            return {}
        edges = [_Edge(text, run, _piece(text[max(left, run.start - NEAR) : run.start + _PAIR])) for text, run, left in found]
        tails = {line[-NEAR:] if len(line) >= NEAR else "\n" + line for line in lines}
        for text, run, right in self._before:
            line, stop, _ = text[run.end : min(run.end + NEAR, right)].partition("\n")
            if stop or run.end + len(line) == len(text):
                tails.add(("\n" + line)[-NEAR:])  # a short line with noise at its start only
        return self._gains(edges, tails, backwards=False)

    def _find_starts(self, lines: list[str]) -> _Found:
        found = self._before
        if self._collapsed:
            marks = [text[run.end - step : min(run.end + _FEW - step, right)].partition("\n")[0] for text, run, right in found for step in (2, 3)]
            once = _all_differ(marks[::2]) and {line[:_FEW] for line in lines}.isdisjoint(marks)
        else:
            marks = [text[run.end - _PAIR : run.end + 1] for text, run, _ in found]
            once = _all_differ(marks) and {line[: _PAIR + 1] for line in lines}.isdisjoint(marks)
        if once:
            return {}
        edges = [_Edge(text, run, _piece(text[run.end - _PAIR : min(run.end + NEAR, right)][::-1])) for text, run, right in found]
        heads = {line[NEAR - 1 :: -1] if len(line) >= NEAR else "\n" + line[::-1] for line in lines}
        for text, run, left in self._behind:
            _, stop, line = text[max(left, run.start - NEAR) : run.start].rpartition("\n")
            if stop or run.start == len(line):
                heads.add(("\n" + line[::-1])[-NEAR:])  # a short line with noise at its end only
        return self._gains(edges, heads, backwards=True)

    def _gains(self, edges: list[_Edge], clear: set[str], *, backwards: bool) -> _Found:
        """Gains of all runs that share text with other lines; ``clear``: what lines look like at a border without a run."""
        steps = (_PAIR,) if not self._collapsed else (2, _PAIR) if backwards else (1, 2, _PAIR)  # so much of a run may make a line longer
        marks = [[edge.piece[step - _PAIR - NEAR : step - _PAIR or None] for edge in edges] for step in steps]
        known = clear | {edge.piece[:-_PAIR] for edge in edges} if self._collapsed else clear
        twice = [_twice(each) for each in marks]
        if not any(twice) and all(known.isdisjoint(each) for each in marks):
            return {}
        asked = [edge for n, edge in enumerate(edges) if any(each[n] in known or each[n] in again for each, again in zip(marks, twice, strict=True))]
        readings = [self._readings(edge, backwards=backwards) for edge in asked]
        times, worth = Counter([edge.piece[:-_PAIR] for edge in edges]), defaultdict[str, float](float)
        times.subtract([edge.piece[:-_PAIR] for edge in asked])  # counted with their readings, the same noise once
        for each in {_noise(edge, backwards=backwards): each for edge, each in zip(asked, readings, strict=True)}.values():
            for one in each:
                times[one.near] += 1
                worth[one.near] += one.worth
        out = {}
        for edge, each in zip(asked, readings, strict=True):
            gains = _worth(each, times, worth, clear)
            if any(gain > 0 or least > -inf for at, (gain, least) in gains.items() if at != each[0].at):
                out[edge.text, edge.run] = gains
        return out

    def _readings(self, edge: _Edge, *, backwards: bool) -> list[_Reading]:
        """The readings of a border; the first has no character of the run."""
        text, run, piece = edge
        most = max(0, min(_MOST, run.pairs - LEAST))
        near = piece[:-_PAIR]
        if backwards:
            found = [(start, -n * PAIR) for n, start in enumerate(last_starts(text, run)[: -most - 1 : -1], 1)]
            return [_Reading(run.end, near, 0.0), *[_Reading(at, (near + text[at : run.end][::-1])[-NEAR:], worth) for at, worth in found]]
        out = []
        for n, start in enumerate(first_starts(text, run)[: most + 1]):
            out.append(_Reading(start, (near + text[run.start : start])[-NEAR:], -n * PAIR))
            if self._collapsed and text[start] in A_SIDE and text[start + 1] in BLANKS:
                out.append(_Reading(start + 1, (near + text[run.start : start + 1])[-NEAR:], _LONE - n * PAIR))
        return out


def _piece(piece: str) -> str:
    """Characters up to a run and a pair of it, from a line break on if the line is short."""
    if "\n" in piece:
        return piece[piece.rfind("\n") :]
    return piece if len(piece) == NEAR + _PAIR else "\n" + piece


def _all_differ(found: list[str]) -> bool:
    return len(set(found)) == len(found)


def _twice(found: list[str]) -> set[str]:
    """What is found more than once."""
    if len(set(found)) == len(found):
        return set()
    return {one for one, times in Counter(found).items() if times > 1}


def _noise(edge: _Edge, *, backwards: bool) -> tuple[str, str]:
    """What is the same only of noise that was printed twice."""
    start, end, *_ = edge.run
    return edge.piece, edge.text[max(start, end - _SAME) : end] if backwards else edge.text[start : min(end, start + _SAME)]


def _against(among: int, same: int) -> float:
    """Nats for believing that just these lines of some that look alike are the same again, be they few or many."""
    return log(among + 1) + lgamma(among + 1) - lgamma(same + 1) - lgamma(among - same + 1)


def _worth(readings: list[_Reading], times: Counter[str], worth: Mapping[str, float], clear: set[str]) -> Gains:
    """What the other lines add to each reading of one border."""
    first = readings[0]
    out: Gains = {first.at: (0.0, _SEEN if first.near in clear else -inf)}
    others = max(times[first.near] - 1, 0) + (first.near in clear)
    best = 0.0
    for at, near, mine in readings[1:]:
        shown = near in clear
        same = max(times[near] - 1, 0) + shown  # noise printed twice is counted once, and its readings may end elsewhere
        among = max(others, same)
        gain = max(worth[near] - mine, 0.0) - _against(among, same)
        out[at] = (max(gain, best - _LONGER) if best else gain, _SEEN if shown else -inf)
        best = max(best, gain)
    return out
