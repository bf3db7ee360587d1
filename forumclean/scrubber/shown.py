"""What a document shows: how likely a symbol follows others, by the model of all text (`language`) and by what the document does elsewhere.

Its lines' starts and ends are counted. After each context, from one symbol back to five, the counts are mixed with what the next shorter
context (in the end, the model) expects. Nothing is counted before it is asked for.
"""

from __future__ import annotations

import re
import string
from functools import cache, lru_cache
from itertools import islice
from math import exp, log

from forumclean.scrubber.language import DIGIT, HIDDEN, IDEOGRAPH, ORDER, language

REACH = ORDER - 1
"""Characters by which the next one is judged, and so by which a border is felt."""
_EDGE = 12
"""Characters of a line, from its start and from its end, that show how lines start and end."""
_LINES = 100
"""Lines that are enough for that."""
_FIRM = (0.0, 200.0, 40.0, 10.0, 4.0, 3.0)
_FULL = (0.0, 40.0, 12.0, 5.0, 3.0, 2.0)
"""How many occurrences in the document outweigh what is known otherwise, by the length of the context: inside a line, and from its start."""
_STARTS = re.compile(r"\n([!-~][ -~]{2,3})")
_LOOKED = 24
"""Line starts that are looked at to see whether lines were broken by hand."""
_AT_FIRST = 0.03
"""Share of lines broken by hand that is expected."""
_SIGNS = frozenset("{}[]();=<>$#@_|\\`\"'*+&%~^")
_RAREST = 0.1
_WORD_KINDS = bytes(
    ord("w") if chr(code) in string.ascii_letters + string.digits else code if chr(code) in "\n\0" else ord(".") for code in range(256)
)
"""Letter or digit, line break, not in view, or else: for `bytes.translate`."""
_KIND = dict.fromkeys(string.ascii_letters, "w") | dict.fromkeys(string.digits, "w") | {IDEOGRAPH: IDEOGRAPH}
_ONE_LETTER_WORDS = frozenset([" a", " A", " I"])
_LONE = re.compile(r"(?<![A-Za-z0-9])[B-HJ-Zb-z](?![A-Za-z0-9'\0])")
_WORD = re.compile(r"[A-Za-z]+")
_LONE_SHARE = 0.034
"""Share of the words of the training text that are a letter and no English word."""
_FEW = 0.1
"""So many indented lines are believed in where none was seen, among five times as many."""


class Shown(dict[str, float]):
    """By a context of up to five symbols and one behind it in one string: log-probability (nats) of that one, in this document."""

    def __init__(self, sample: str, behind: tuple[int, int], *, kept: bool) -> None:
        """``sample``, ``behind``, ``kept``: see `document.Document`."""
        super().__init__()
        known = language()
        self._logs, self._sample = known.logs, sample
        self._edges = "".join([f"\n{line[:_EDGE]}{HIDDEN}{line[-_EDGE:]}" for line in sample.split("\n")[:_LINES] if line]).translate(known.fold)
        self._stops = HIDDEN.join([piece[-REACH:] for piece in self._edges.split(HIDDEN)])
        """What stands before the places where nothing is in view."""
        self._behind, self._kept = behind, kept
        self._indented: float | None = None
        self._lone: float | None = None
        self._seen: dict[str, int] = {}
        self._counted: dict[str, int] = {}
        self._rare: dict[str, float] = {}
        self._rates: dict[str, float] = {}
        self.by_hand = _broken(sample)
        """Share of the line starts in view that look like the middle of a sentence: lines broken by hand, at any word."""

    def __missing__(self, key: str) -> float:
        char, last = key[-1], len(key) - 1
        count, counted, seen = self._edges.count, self._counted, self._seen
        p = exp(self._logs[key])
        if char in _SIGNS:
            p *= self._rarity(char)
        if last > 1 and char not in _KIND and _KIND.get(key[-2]) == "w" and key[-3] not in _KIND and key[-3] != HIDDEN and key[-2] not in "aAI0":
            p *= self._lone_letters()
        for start in range(last - 1, -1, -1):
            after, piece = key[start:last], key[start:]
            if after in seen:
                times = seen[after]
            else:
                seen[after] = times = self._times(after)
            if not times:
                break
            if piece in counted:
                hits = counted[piece]
            else:
                counted[piece] = hits = count(piece)
            weight = (_FULL if after[0] == "\n" else _FIRM)[last - start]
            if not hits:
                p = weight * p / (times + weight)
                break
            p = ((hits * 0.1 if char == DIGIT else hits) + weight * p) / (times + weight)
        if char == "\n" and last > 1:
            p += self.by_hand * (self._ends(key[:last]) - p)
        self[key] = value = log(self._starts(char, p) if last == 1 and key[0] == "\n" else p)
        return value

    def _ends(self, context: str) -> float:
        """How often a line of this document ends where a word does: lines that were broken by hand end anywhere."""
        kind = _KIND.get(context[-1]) or (IDEOGRAPH if context[-1] >= "\x7f" else "")
        if not kind or (kind == "w" and context[-2] not in _KIND and context[-2:] not in _ONE_LETTER_WORDS):
            return 0.0
        if kind not in self._rates:
            lines, others = _word_ends(self._sample) if kind == "w" else _single_ends(self._sample)
            self._rates[kind] = (lines + 1) / (lines + others + 30)
        return self._rates[kind]

    def _rarity(self, char: str) -> float:
        """How much rarer than elsewhere a sign is in this document: prose has no braces."""
        rarity = self._rare.get(char)
        if rarity is None:
            expected = len(self._sample) * exp(self._logs[char])
            self._rare[char] = rarity = max(_RAREST, min(1.0, (self._sample.count(char) + 1) / (expected + 1)))
        return rarity

    def _lone_letters(self) -> float:
        """How much rarer than elsewhere a letter that is a word of its own is in this document: prose has none but ``a`` and ``I``."""
        if self._lone is None:
            expected = _LONE_SHARE * len(_WORD.findall(self._sample))
            self._lone = max(_RAREST, min(1.0, (len(_LONE.findall(self._sample)) + 1) / (expected + 1)))
        return self._lone

    def _starts(self, char: str, p: float) -> float:
        """How often a line starts with a character, from how often it would if indents were as everywhere."""
        if self._indented is None:
            self._indented = self._share_indented()
        return self._indented if char == " " else p * (1 - self._indented)

    def _share_indented(self) -> float:
        """Share of lines that start with a blank: behind the noise, where a block alone ends in a blank and B once in 28 times; and in view."""
        return indented(self._behind, *((self._edges.count("\n "), self._times("\n")) if self._kept else ()))

    def _times(self, context: str) -> int:
        """How often something in view follows a context in the sample."""
        counted, shorter = self._counted, context[1:]
        times = counted.get(context)
        if times is None:
            counted[context] = times = self._edges.count(context)
        if not times or (shorter in self._seen and counted[shorter] == self._seen[shorter]):
            return times  # where nothing out of view follows a context, none follows a longer one
        return times - (self._edges if HIDDEN in context else self._stops).count(context + HIDDEN)


def indented(behind: tuple[int, int], blank: int = 0, seen: int = 0) -> float:
    """Share of lines that start with a blank, by what stands behind the noise (see `document.Document`), and by ``blank`` of ``seen`` lines in view."""
    some, lines = behind
    return (max(0.0, some - lines / 28) + blank + _FEW) / (lines + seen + 5 * _FEW)


@lru_cache(maxsize=4096)
def _inside_odds(start: str) -> float:
    """How much likelier some characters stand in the middle of a line than at its start (a ratio)."""
    known = language()
    start = start.translate(known.fold)
    return exp(sum(known.log(" " + start[:n], start[n]) - known.log("\n" + start[:n], start[n]) for n in range(len(start))))


def _broken(sample: str) -> float:
    """Share of the line starts in view that look like the middle of a sentence: lines broken by hand, at any word."""
    share = _AT_FIRST
    odds = [_inside_odds(found[1]) for found in islice(_STARTS.finditer(sample), _LOOKED)]
    for _ in range(4):
        share = (_AT_FIRST + sum([share * each / (share * each + 1 - share) for each in odds])) / (1 + len(odds))
    return share


def _word_ends(sample: str) -> tuple[int, int]:
    """How often a word of ASCII letters and digits ends before a line break, and before something else in view."""
    kinds = sample.encode("ascii", "replace").translate(_WORD_KINDS)
    return kinds.count(b"ww\n"), kinds.count(b"ww.")


@cache
def _single() -> re.Pattern[str]:
    """An ideograph and what follows it."""
    single = "".join(map(re.escape, language().singles))
    return re.compile(rf"[\u3400-\u9fff\U00020000-\U0003ffff{single}]([^\0])")


def _single_ends(sample: str) -> tuple[int, int]:
    """The same of ideographs, each a word."""
    found = _single().findall(sample)
    lines = found.count("\n")
    return lines, len(found) - lines
