"""Whole lines: how often a document repeats one, and how often its lines are a pair and nothing else (``2 B``, ``* A``).

The model of text finds both unlikely, for they are rare in most documents; in a document that shows some there are more.
"""

from __future__ import annotations

import re
from collections import Counter

from forumclean.scrubber.language import HIDDEN

_ONE_PAIR = re.compile(r"[!-;] [?-~]")
_BLANKS = re.compile(r"[ \xa0]+")
_AGAIN, _AMONG = 2.0, 10.0
"""So many repeated lines are believed in before any is seen, among so many lines."""
_PAIRS, _OTHERS = 0.05, 5.0
"""The same of lines that are one pair."""
_LESS = 0.75
"""What is taken off the count of such lines: one may be there by chance."""
_FIRM = 4.0
"""How many such lines outweigh what is known of their kinds."""
_KINDS = {
    (a, b): left * right for a, left in (("0", 10), ("!", 17)) for b, right in (("a", 26), ("A", 26), ("!", 12))
}
"""How many pairs there are of each kind: digit or sign, then small letter, capital letter or sign."""
_ALL = sum(_KINDS.values())


class Lines:
    """The whole lines in view of a document."""

    def __init__(self, sample: str) -> None:
        """``sample``: text of the document, ``HIDDEN`` where something was left out."""
        lines = [_BLANKS.sub(" ", line).strip() for line in sample.split("\n") if HIDDEN not in line]
        self._counts = Counter(filter(None, lines))
        self._size = self._counts.total()
        self._repeated = self._size - len(self._counts)
        self._kinds: Counter[tuple[str, str]] = Counter()
        for line, times in self._counts.items():
            if _ONE_PAIR.fullmatch(line):
                self._kinds[_kinds(line)] += times

    def chance(self, line: str) -> float:
        """Probability of a line as one of those repeated, or as a pair; 0 for most."""
        line = _BLANKS.sub(" ", line).strip()
        times = self._counts[line]
        chance = (self._repeated + _AGAIN) / (self._size + _AMONG) * times / self._size if times else 0.0
        if _ONE_PAIR.fullmatch(line):
            pairs, kinds = self._kinds.total(), _kinds(line)
            kind = (self._kinds[kinds] + _FIRM * _KINDS[kinds] / _ALL) / (pairs + _FIRM)
            chance += (max(pairs - _LESS, 0.0) + _PAIRS) / (self._size + _OTHERS) * kind / _KINDS[kinds]
        return chance


def _kinds(pair: str) -> tuple[str, str]:
    a, b = pair[0], pair[-1]
    return "0" if a.isdigit() else "!", "a" if b.islower() else "A" if b.isupper() else "!"
