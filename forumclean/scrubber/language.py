"""What real text looks like: a small model of which character follows which, learnt once from free documentation and programs.

``language.bin`` was made by ``fixtures/train_jammer_model.py``. It knows up to six characters in a row; ASCII is exact, the commonest Chinese
characters beside it too, all others are folded into a few classes. Nothing is read before the first doubtful border asks.

The file is compressed: the individually known characters, then sorted tables of hashes in one: sequences (how likely is the last character
after the others), contexts (what it costs when a sequence is in no table), common English words.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from functools import cache
from importlib.resources import files
from itertools import accumulate
from math import log
from typing import TYPE_CHECKING
from zlib import crc32, decompress

if TYPE_CHECKING:
    from collections.abc import Callable

ORDER = 6
"""Longest sequence of characters in the model."""
MAGIC = b"forumclean language 1\n"
NAME = "language.bin"
SLOTS = 16
"""Bits of a hash that choose the drawer of a sequence; the next ten are stored, beside six bits of its value."""
VALUE_BITS = 6
STEP = 0.25
"""Nats of one step of a value."""
CONTEXT = 0x9E3779B9
"""Start value of the hash of a context; far from that of a sequence (0), because CRCs of near values collide."""
WORD = 0x7F4A7C15
"""The same of a known English word, in small letters."""
FREE = 24
"""The value of a context is this many steps higher, because it can be a gain."""
HIDDEN, IDEOGRAPH, KANA, WIDE, LETTER, OTHER, FULL = (chr(code) for code in range(7))
"""Classes of characters: not in view; and those that the model does not know by themselves."""
DIGIT = "0"
"""Stands for every digit: numbers have a pattern, not a wording."""
_ONE_OF_TEN = log(1 / 10)
FIRST = 127
"""Code of the first character that is known by itself and is not ASCII."""
_BLANKS = "\t\xa0\u3000\u2003"
_RANGES = (
    (0x3040, 0x30FF, KANA), (0x3400, 0x9FFF, IDEOGRAPH), (0x20000, 0x3FFFF, IDEOGRAPH), (0xFF10, 0xFF5A, FULL), (0x3000, 0x303F, WIDE),
    (0xFF00, 0xFFEF, WIDE), (0x2010, 0x2030, WIDE), (0xC0, 0x52F, LETTER),
)


class Folding(dict[int, str]):
    """Character code to symbol of the model, for `str.translate`; what is not ASCII is found out on the way."""

    def __init__(self, known: str) -> None:
        """``known``: the characters beyond ASCII that have a symbol of their own."""
        super().__init__({code: chr(code) for code in range(32, 127)} | {10: "\n", 13: "\n", 0: HIDDEN} | dict.fromkeys(map(ord, _BLANKS), " "))
        self.update(dict.fromkeys(range(48, 58), DIGIT))
        self.update({ord(char): chr(FIRST + n) for n, char in enumerate(known)})

    def __missing__(self, code: int) -> str:
        self[code] = symbol = next((symbol for first, last, symbol in _RANGES if first <= code <= last), OTHER)
        return symbol


class Answers(dict[str, float]):
    """What a function of a text has answered; it is asked once, and all is forgotten when there are too many."""

    def __init__(self, ask: Callable[[str], float], most: int = 100_000) -> None:
        """``ask``: the function. ``most``: answers that are kept."""
        super().__init__()
        self._ask, self._most = ask, most

    def __missing__(self, text: str) -> float:
        if len(self) >= self._most:
            self.clear()
        self[text] = answer = self._ask(text)
        return answer


class Language:
    """Log-probabilities (nats) of characters after others."""

    def __init__(self, packed: bytes) -> None:
        """``packed``: the model file as it is.

        Raises:
            ValueError: this is no model, or one of another version.
        """
        if not packed.startswith(MAGIC):
            raise ValueError(f"not a language model of this version ({NAME}): reinstall forumclean")
        data = decompress(packed[len(MAGIC) :])
        size = int.from_bytes(data[:2], "little")
        self.singles = data[2 : 2 + size].decode()
        """The characters beyond ASCII that are known by themselves."""
        self.fold = Folding(self.singles)
        counts = data[2 + size : 2 + size + (1 << SLOTS)]
        self._starts = array("I", accumulate(counts, initial=0))
        self._cells = array("H", data[2 + size + len(counts) :])
        if sys.byteorder == "big":
            self._cells.byteswap()
        self.logs = Answers(self._log, 200_000)
        """By a context and one symbol behind it in one string, what `log` tells of them."""

    def log(self, context: str, char: str) -> float:
        r"""How likely a symbol follows others, at most five; ``\n`` is the border of a line."""
        return self.logs[context + char]

    def run(self, before: str, piece: str) -> float:
        """How likely some characters follow others."""
        text = (before + piece).translate(self.fold)
        logs = self.logs
        return sum([logs[text[i - ORDER + 1 if i >= ORDER else 0 : i + 1]] for i in range(len(before), len(text))])

    def knows(self, word: str) -> bool:
        """Tell whether a word of small ASCII letters is a common one."""
        return self._find(crc32(word.encode(), WORD)) is not None

    def _log(self, key: str) -> float:
        spent, digit = 0.0, _ONE_OF_TEN if key[-1] == DIGIT else 0.0
        data, starts, cells = key.encode("latin-1"), self._starts, self._cells
        for start in range(max(0, len(data) - ORDER), len(data) - 1):
            code = crc32(data[start:-1], CONTEXT)  # as `_find` does, without the call: most contexts are unknown
            slot, mark = code >> (32 - SLOTS), (code & 1023) << VALUE_BITS
            high = starts[slot + 1]
            at = bisect_left(cells, mark, starts[slot], high)
            if at == high or cells[at] >= mark + (1 << VALUE_BITS):
                continue
            cost = self._find(crc32(data[start:]))
            if cost is not None:
                return min(spent - cost * STEP, 0.0) + digit
            spent += (FREE - cells[at] + mark) * STEP
        cost = self._find(crc32(data[-1:]))
        return spent - (63 if cost is None else cost) * STEP + digit

    def _find(self, key: int) -> int | None:
        """The value stored for a hash."""
        slot = key >> (32 - SLOTS)
        low, high = self._starts[slot], self._starts[slot + 1]
        mark = (key & 1023) << VALUE_BITS
        at = bisect_left(self._cells, mark, low, high)
        if at < high and self._cells[at] < mark + (1 << VALUE_BITS):
            return self._cells[at] - mark
        return None


@cache
def language() -> Language:
    """The model that forumclean brings, read when it is first asked for (a few milliseconds)."""
    return Language(files("forumclean.scrubber").joinpath(NAME).read_bytes())
