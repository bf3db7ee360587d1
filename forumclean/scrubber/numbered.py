"""Numbered lines: behind a line that starts with ``1. `` the next mostly starts with ``2. ``, so there the pair in ``2. b`` is text.

The lines before and behind are asked for their own number, as far as it stands in view, or could be read into their noise.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from forumclean.scrubber.grammar import LEAST
from forumclean.scrubber.runs import first_starts, last_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forumclean.scrubber.repeats import Gains
    from forumclean.scrubber.runs import Run

_NUMBERED = re.compile(r"[ \xa0]{0,4}(?: (\d{1,3})([.):]?) | ([A-Za-z])([.)]) ) (?=[ \xa0])", re.VERBOSE)
"""The number and what separates it from its text."""
_BARE = re.compile(r"[ \xa0]{0,4}(?:\d{1,3}|[A-Za-z])\Z")
"""A number, all that is left of a line if the rest is noise."""
_NEXT = 5.5
"""How much likelier (nats) than elsewhere a line starts with a number where its neighbour has the one before or behind it: of lines with ``7. `` in
free documentation 14 to 20 in 100 are followed by one with ``8. ``, and 5 in 10,000 lines have just this number."""
_ALIKE = 2.0
"""What each further one adds that is a number and noise with the same separator in front: lines as short as this one."""
_HEAD = 8
"""Characters of a line that hold its number."""
_FAR = 4
"""Lines that are looked at on each side."""
_MOST = 3
"""Pairs in which a number is looked for."""
_LAST = _MOST * len("&quot;&nbsp;B")
"""Characters that hold them."""
_DIGIT = re.compile(r"[0-9][ \xa0]")
"""What a number at the end of a run looks like."""
_BEHIND = frozenset(".): \xa0")
"""What stands behind a number."""


class _Line(NamedTuple):
    """How a line starts."""

    head: str
    sure: int
    """Characters of it that are no noise."""


class Numbered:
    """The numbers of the lines of one document."""

    def __init__(self, texts: Sequence[str], noise: Sequence[Sequence[Run]]) -> None:
        """``noise``: the runs of each body."""
        self._noise = dict(zip(texts, noise, strict=True))
        self._lines: dict[str, tuple[list[int], list[_Line]]] = {}

    def ends(self, text: str, run: Run, left: int) -> Gains | None:
        """What the neighbours add to the readings of the end of a line, of which nothing but a number stands before the run; ``None``: nothing."""
        if text[run.start] not in _BEHIND:
            return None
        begin = max(left, run.start - _HEAD)
        core = text[max(begin, text.rfind("\n", begin, run.start) + 1) : run.start]
        if not _BARE.match(core):
            return None
        gain = self._gain(text, run.start, core + text[run.start : run.start + _HEAD])
        return dict.fromkeys(first_starts(text, run)[1:run.pairs - LEAST + 1], (gain, -inf)) if gain else None

    def starts(self, text: str, run: Run) -> Gains | None:
        """The same of the start of a line, by the number that each reading gives it."""
        if _DIGIT.search(text, run.end - _LAST, run.end) is None:
            return None
        out: Gains = {}
        for at in last_starts(text, run)[-_MOST:]:
            head = text[at : at + _HEAD]
            if head[0].isdigit() and (gain := self._gain(text, run.end, head)):
                out[at] = (gain, -inf)
        return out or None

    def _gain(self, text: str, at: int, head: str) -> float:
        """What the lines before and behind the one at an offset add to its start ``head``."""
        number = _number(head)
        if number is None:
            return 0.0
        begins, lines = self._known(text)
        n = bisect_right(begins, at) - 1
        return _beside(lines[max(0, n - _FAR) : n][::-1], number, -1) + _beside(lines[n + 1 : n + _FAR + 1], number, 1)

    def _known(self, text: str) -> tuple[list[int], list[_Line]]:
        """The lines of a body, and where they begin."""
        known = self._lines.get(text)
        if known is None:
            behind = {text.rfind("\n", 0, run.start) + 1: run.end for run in self._noise[text] if run.place in ("line-start", "alone")}
            stops = {text.rfind("\n", 0, run.start) + 1: run.start for run in self._noise[text] if run.place == "line-end"}
            begins = [0, *[found.end() for found in re.finditer("\n", text)]]
            lines = []
            for begin in begins:
                start = behind.get(begin, begin)
                head = text[start : start + _HEAD].partition("\n")[0]
                lines.append(_Line(head, stops.get(begin, start + _HEAD) - start))
            known = self._lines[text] = begins, lines
        return known


def _number(head: str) -> tuple[int, str] | None:
    """The number at a line's start and what follows it; letters count from 1,001 on."""
    found = _NUMBERED.match(head)
    if found is None:
        return None
    return (int(found[1]), found[2]) if found[1] else (1000 + ord(found[3]), found[4])


def _beside(lines: list[_Line], number: tuple[int, str], step: int) -> float:
    """What the lines with text among some add that go on with the next number."""
    gain = 0.0
    for line in lines:
        if not line.head.strip():
            continue
        number = number[0] + step, number[1]
        found = _NUMBERED.match(line.head)
        if not found or _number(line.head) != number:
            break
        if found.end() <= line.sure:
            return gain or _NEXT
        gain += _ALIKE if gain else _NEXT
    return gain
