"""What the text of this document looks like: the model of all text (`language`), outweighed by what the document itself does elsewhere.

A document has its own words, its own line starts (``$ ``, ``1. ``, ``* ``), its own indents. What it shows between the runs is counted: after
each context, from one character back to five, the document's counts are mixed with what the next shorter context (in the end, the model)
expects. The counts are taken only when a doubtful border asks.
"""

from __future__ import annotations

import re
import string
from functools import cache, lru_cache
from itertools import islice
from math import exp, inf, log
from typing import TYPE_CHECKING

from forumclean.scrubber.grammar import A_SIDE, BLANKS
from forumclean.scrubber.language import DIGIT, HIDDEN, IDEOGRAPH, ORDER, language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forumclean.records import Blanks
    from forumclean.scrubber.runs import Run

REACH = ORDER - 1
"""Characters by which the next one is judged, and so by which a border is felt."""
_EDGE = 12
"""Characters of a line, from its start and from its end, that show how lines start and end."""
_LINES = 100
"""Lines that are enough for that."""
SAMPLE = 8_000
"""Characters of a document that are enough to know its ways."""
_FIRM = (0.0, 300.0, 60.0, 15.0, 6.0, 4.0)
_FULL = (0.0, 30.0, 8.0, 4.0, 3.0, 2.0)
"""How many occurrences in the document outweigh what is known otherwise, by the length of the context: inside a line, and from its start."""
_STARTS = re.compile(r"\n([!-~][ -~]{2,3})")
_WORDS = re.compile(r"[a-z]{2,}")
_LOOKED = 24
"""Line starts that are looked at to see whether lines were broken by hand."""
_AT_FIRST = 0.03
"""Share of lines broken by hand that is expected."""
_SELDOM = 0.02
_SIGNS = frozenset("{}[]();=<>$#@_|\\`\"'*+&%~^")
_RAREST = 0.1
_SAME, _AGAIN = 7, 4.0
"""So many characters at a line's border are no chance if another line has the same; and what that is worth (nats)."""
_KNOWN = 3.0
"""What it costs (nats) a reading that its word at the border is no word of the document and no common one."""
_WORD_KINDS = bytes(
    ord("w") if chr(code) in string.ascii_letters + string.digits else code if chr(code) in "\n\0" else ord(".") for code in range(256)
)
"""Letter or digit, line break, not in view, or else: for `bytes.translate`."""
_KIND = dict.fromkeys(string.ascii_letters, "w") | dict.fromkeys(string.digits, "w") | {IDEOGRAPH: IDEOGRAPH}
_FEW = 0.1
"""So many indented lines are believed in where none was seen, among five times as many."""


class Document:
    r"""Scores pieces of text (nats); only differences between readings of one line mean something.

    >>> document = Document()
    >>> document.opens("# comment") > document.opens("xqzt")
    True
    >>> Document("\n# do\n# it\n# or not\n").opens("# comment") > document.opens("# comment")
    True
    """

    def __init__(self, sample: str = "", behind: tuple[int, int] = (0, 0), *, kept: bool = True) -> None:
        """``sample``: text of the document, ``HIDDEN`` where something was left out.

        ``behind``: how many blocks at line starts end in a blank and B or have a blank behind, and how many there are at all; ``kept``: indents
        can be seen in the sample too.
        """
        self._language = language()
        self._fold, self._logs = self._language.fold, self._language.logs
        self._raw = sample[:SAMPLE]
        self._sample = self._raw.replace("\r", "\n")
        self._heads: frozenset[str] | None = None
        self._tails: frozenset[str] = frozenset()
        self._lines: frozenset[str] = frozenset()
        self._edges = "".join([f"\n{line[:_EDGE]}{HIDDEN}{line[-_EDGE:]}" for line in self._sample.split("\n")[:_LINES] if line]).translate(self._fold)
        self._behind, self._kept = behind, kept
        self._indented: float | None = None
        self._known: dict[str, float] = {}
        self._stops = "".join([piece[-REACH:] + HIDDEN for piece in self._edges.split(HIDDEN)[:-1]])
        self._seen: dict[str, int] = {}
        self._counted: dict[str, int] = {}
        self._rare: dict[str, float] = {}
        self._rates: dict[str, float] = {}
        self._by_hand = _broken(self._sample)
        """Share of the line starts in view that look like the middle of a sentence: lines broken by hand, at any word."""
        self._words: frozenset[str] | None = None

    def opens(self, piece: str, floor: float = -inf) -> float:
        """Log-probability that a line starts like this; a line break in the piece is its end.

        Less than ``floor`` is not worth counting to the end: then the answer lies between the true one and the floor.
        """
        folded = piece.translate(self._fold)
        if self._by_hand <= _SELDOM or folded[:1] == " ":
            return self._sum("\n" + folded, 1, floor)
        broken = log(self._by_hand)
        score = self._sum("\n" + folded, 1, floor) + log(1 - self._by_hand)
        return max(score, self._sum(" " + folded, 1, max(floor, score) - broken) + broken)

    def line(self, line: str) -> float:
        """Log-probability of a whole line that is not blank."""
        return self.opens(line + "\n") + self.repeats(line)

    def goes_on(self, before: str, piece: str, floor: float = -inf) -> float:
        """Log-probability that ``piece`` follows ``before`` (the last characters of its line; from a line break on if it is short)."""
        return self._sum((before + piece).translate(self._fold), len(before), floor)

    def _sum(self, text: str, first: int, floor: float) -> float:
        known, total = self._known, 0.0
        for i in range(first, len(text)):
            key = text[i - REACH if i > REACH else 0 : i + 1]
            value = known.get(key)
            if value is None:
                known[key] = value = self._log(key)
            total += value
            if total < floor:
                break
        return total

    def _log(self, key: str) -> float:
        char, last = key[-1], len(key) - 1
        count, counted, seen = self._edges.count, self._counted, self._seen
        p = exp(self._logs[key])
        if char in _SIGNS:
            p *= self._rarity(char)
        for start in range(last - 1, -1, -1):
            after = key[start:last]
            times = seen.get(after)
            if times is None:
                seen[after] = times = self._times(after)
            if not times:
                break
            piece = key[start:]
            hits = counted.get(piece)
            if hits is None:
                counted[piece] = hits = count(piece)
            weight = (_FULL if after[0] == "\n" else _FIRM)[last - start]
            p = ((hits * 0.1 if char == DIGIT else hits) + weight * p) / (times + weight)
            if not hits:
                break
        if char == "\n" and last > 1:
            p += self._by_hand * (self._ends(key[:last]) - p)
        return log(self._starts(char, p) if last == 1 and key[0] == "\n" else p)

    def word(self, word: str) -> float:
        """What is to be added to a reading (nats) whose word at the border is ``word``, a run of letters: less if nobody uses it."""
        if len(word) < len("ab"):
            return 0.0
        word = word.lower()
        if self._language.knows(word):
            return 0.0
        if self._words is None:
            self._words = frozenset(_WORDS.findall(self._sample.lower()))
        return 0.0 if word in self._words else -_KNOWN

    def repeats(self, line: str, *, end: bool = False) -> float:
        """What is to be added to a reading (nats) whose line starts (or ends) like this: more if a line of the document does, to the character."""
        if self._heads is None:
            lines = self._raw.split("\n")
            self._heads = frozenset([line[:_SAME] for line in lines])
            self._tails = frozenset([line[-_SAME:] for line in lines])
            self._lines = frozenset(lines)
        if len(line) < _SAME:
            known, border = self._lines, line
        else:
            known, border = (self._tails, line[-_SAME:]) if end else (self._heads, line[:_SAME])
        return _AGAIN if border in known and border and HIDDEN not in border else 0.0

    def _ends(self, context: str) -> float:
        """How often a line of this document ends where a word does: lines that were broken by hand end anywhere."""
        kind = _KIND.get(context[-1]) or (IDEOGRAPH if context[-1] >= "\x7f" else "")
        if not kind or (kind == "w" and context[-2] not in _KIND and context[-2:] != " a"):
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

    def _starts(self, char: str, p: float) -> float:
        """How often a line starts with a character, from how often it would if indents were as everywhere."""
        if self._indented is None:
            self._indented = self._share_indented()
        return self._indented if char == " " else p * (1 - self._indented)

    def _share_indented(self) -> float:
        """Share of lines that start with a blank: behind the noise, where a block alone ends in a blank and B once in 28 times; and in view."""
        behind, lines = self._behind
        seen = blank = 0
        if self._kept:
            blank, seen = self._edges.count("\n "), self._times("\n")
        return (max(0.0, behind - lines / 28) + blank + _FEW) / (lines + seen + 5 * _FEW)

    def _times(self, context: str) -> int:
        """How often something in view follows a context in the sample."""
        times = self._counted.get(context)
        if times is None:
            self._counted[context] = times = self._edges.count(context)
        if times and HIDDEN not in context:
            return times - self._stops.count(context + HIDDEN)
        return times and times - self._edges.count(context + HIDDEN)


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
        share = (_AT_FIRST + sum(share * each / (share * each + 1 - share) for each in odds)) / (1 + len(odds))
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


def document_of(texts: Sequence[str], runs: Sequence[Sequence[Run]], blanks: Blanks) -> Document:
    """What the text between the runs of a document shows; indents, where blanks were collapsed, only behind the noise."""
    parts: list[str] = []
    size = 0
    for text, found in zip(texts, runs, strict=True):
        done = 0
        parts.append("\n")
        for run in found:
            parts += (text[done : run.start], HIDDEN)
            size += run.start - done
            done = run.end
            if size > SAMPLE:
                break
        else:
            parts += (text[done : done + SAMPLE], "\n")
            size += len(parts[-2])
        if size > SAMPLE:
            break
    return Document("".join(parts), _behind(texts, runs), kept=blanks != "collapsed")


def _behind(texts: Sequence[str], runs: Sequence[Sequence[Run]]) -> tuple[int, int]:
    """Blocks at line starts that have a blank behind them or a blank A in the last pair; and all of them."""
    ends = [(text, run.end) for text, found in zip(texts, runs, strict=True) for run in found if run.place == "line-start"]
    return sum(text[end - 3] not in A_SIDE or text[end] in BLANKS for text, end in ends), len(ends)
