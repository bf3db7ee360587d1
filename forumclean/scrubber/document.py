"""What the text of this document looks like: the model of all text (`language`), outweighed by what the document itself does elsewhere.

A document has its own words, its own line starts (``$ ``, ``1. ``, ``* ``), its own indents. What it shows between the runs is counted: after
each context, from one character back to five, the document's counts are mixed with what the next shorter context (in the end, the model)
expects. The counts are taken only when a doubtful border asks.
"""

from __future__ import annotations

import re
from math import exp, inf, log
from typing import TYPE_CHECKING

from forumclean.scrubber.grammar import A_SIDE, BLANKS
from forumclean.scrubber.language import HIDDEN, language
from forumclean.scrubber.lines import Lines
from forumclean.scrubber.shown import REACH, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forumclean.records import Blanks
    from forumclean.scrubber.runs import Run

SAMPLE = 8_000
"""Characters of a document that are enough to know its ways."""
_WORDS = re.compile(r"[a-z]{2,}")
_SELDOM = 0.02
_SAME, MOST_BESIDE = 7, 4.0
"""So many characters at a line's border are no chance if another line has the same; and what that is worth (nats), the most that `word` and `repeats` give."""
_KNOWN = 3.0
"""What it costs (nats) a reading that its word at the border is no word of the document and no common one."""
_GLUED = {4: 0.9, 5: 1.4, 6: 1.8, 7: 2.6, 8: 2.9}
_GLUED_LONG = 4.0
"""What it costs besides, by its letters, if it is a common word with one more letter in front (``Selectronic``): so few unknown words at line starts
of the training text are (four letters: 41 %; nine and more: 1.8 %), and B is just such a letter where its A was lost."""
Hidden = tuple[int, int, bool]
"""What the document's model does not see of a body: start, end, and whether the text surely ends and begins just here."""


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
        self._fold = self._language.fold
        self._raw = sample[:SAMPLE]
        self._sample = self._raw.replace("\r", "\n")
        self._heads: frozenset[str] | None = None
        self._tails: frozenset[str] = frozenset()
        self._lines: frozenset[str] = frozenset()
        self._shown = Shown(self._sample, behind, kept=kept)
        self._words: frozenset[str] | None = None
        self._whole: Lines | None = None

    def opens(self, piece: str, floor: float = -inf) -> float:
        """Log-probability that a line starts like this; a line break in the piece is its end.

        Less than ``floor`` is not worth counting to the end: then the answer lies between the true one and the floor.
        """
        folded = piece.translate(self._fold)
        by_hand = self._shown.by_hand
        if by_hand <= _SELDOM or folded[:1] == " ":
            return self._sum("\n" + folded, 1, floor)
        broken = log(by_hand)
        score = self._sum("\n" + folded, 1, floor) + log(1 - by_hand)
        return max(score, self._sum(" " + folded, 1, max(floor, score) - broken) + broken)

    def line(self, line: str, floor: float = -inf) -> float:
        """Log-probability of a whole line that is not blank; ``floor`` as above."""
        if self._whole is None:
            self._whole = Lines(self._raw)
        score, chance = self.opens(line + "\n", floor), self._whole.chance(line)
        return log(exp(score) + chance) if chance else score

    def goes_on(self, before: str, piece: str, floor: float = -inf) -> float:
        """Log-probability that ``piece`` follows ``before`` (the last characters of its line; from a line break on if it is short)."""
        return self._sum((before + piece).translate(self._fold), len(before), floor)

    def _sum(self, text: str, first: int, floor: float) -> float:
        shown, total = self._shown, 0.0
        for i in range(first, len(text)):
            total += shown[text[i - REACH if i > REACH else 0 : i + 1]]
            if total < floor:
                break
        return total

    def word(self, word: str) -> float:
        """What is to be added to a reading (nats) whose word at the border is ``word``, a run of letters: less if nobody uses it."""
        if len(word) < len("ab"):
            return 0.0
        word = word.lower()
        if self._language.knows(word):
            return 0.0
        if self._words is None:
            self._words = frozenset(_WORDS.findall(self._sample.lower()))
        if word in self._words:
            return 0.0
        return -_KNOWN - (_GLUED.get(len(word), _GLUED_LONG) if len(word) >= min(_GLUED) and self._language.knows(word[1:]) else 0.0)

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
        return MOST_BESIDE if border in known and border and HIDDEN not in border else 0.0


def document_of(texts: Sequence[str], hidden: Sequence[Sequence[Hidden]], starts: tuple[int, int], blanks: Blanks) -> Document:
    """What the text of a document shows where it is in view; indents, where blanks were collapsed, only behind the noise (``starts``: see `behind`)."""
    parts: list[str] = []
    size = 0
    for text, each in zip(texts, hidden, strict=True):
        done = 0
        parts.append("\n")
        for start, end, sure in each:
            parts += (text[done:start], "" if sure else HIDDEN)
            size += start - done
            done = end
            if size > SAMPLE:
                break
        else:
            parts += (text[done : done + SAMPLE], "\n")
            size += len(parts[-2])
        if size > SAMPLE:
            break
    return Document("".join(parts), starts, kept=blanks != "collapsed")


def behind(texts: Sequence[str], runs: Sequence[Sequence[Run]]) -> tuple[int, int]:
    """Blocks at line starts that have a blank behind them or a blank A in the last pair; and all of them."""
    ends = [(text, run.end) for text, found in zip(texts, runs, strict=True) for run in found if run.place == "line-start"]
    return sum(text[end - 3] not in A_SIDE or text[end] in BLANKS for text, end in ends), len(ends)
