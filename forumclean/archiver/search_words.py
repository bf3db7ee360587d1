"""How text becomes words: the one place that knows, for the index, for queries and for the highlighting of snippets.

A Chinese, Japanese or Korean character is a word of its own, so that every Chinese word is found as a phrase wherever it stands; a run
of other letters and digits is a word. Everything else (blanks, punctuation, underscores) only parts words. Words are folded so far that
SQLite's tokenizer, which is given them parted by blanks, has nothing left to do: the index holds them as they are made here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

BARRIER = "\uf8ff"
"""Private character that stands for left-out quoted lines, so that no phrase matches across them."""

# Ideographs, kana, bopomofo, hangul; 々〆〇 and Hangzhou numerals; without blanks, brackets and 、。 of these blocks.
# The private area holds the user-defined characters of GBK: rare names.
_CJK = (
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\ue000-\ufaff"
)
# Not words to SQLite's tokenizer, or not in every version, but things people look for: emoji, radicals, rare ideographs of the
# upper planes, two small alphabets. They are written as the word uXXXX. Plane 14 (tags, variants of ideographs) only decorates and parts nothing.
_RARE = "\u1980-\u19df\u1cf2-\u1cf3\u2600-\u27bf\u2e80-\u2fff\U00010000-\U000dffff\U000f0000-\U0010ffff"
LETTER = f"[^\\W_{_CJK}{_RARE}]"
"""Pattern of one character of a word that consists of several."""
SINGLE = f"[{_CJK}{_RARE}]"
"""Pattern of one character that is a word of its own."""

_PIECE = 1 << 20
"""Characters that are cut into words at a time."""
_CUT = re.compile(r"[\s\u4e00-\u9fff]")
_WORD = re.compile(f"{SINGLE}|{LETTER}+")
_COMMON = "\u3005-\u3007\u4e00-\u9fff\ue000-\uf8ff"
# what most lines consist of: of these characters folding changes capitals only, and signs into other signs
_UNCOMMON = re.compile(
    f"[^\x00-\x7f{_COMMON}\xa0-\xa7\xa9\xab-\xae\xb0\xb1\xb6\xb7\xbb\xd7\xf7\u2010-\u2016\u2018-\u2027\u2030-\u203b\u2190-\u22ff\u2500-\u25ff"
    "\u3000-\u3004\u3008-\u3020\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3e\uff40\uff5b-\uff65]")
_IDEOGRAPHS = re.compile(f"([{_COMMON}]+)")
_RARE_WORD = re.compile(f"[{_RARE}]")
_DECORATION = re.compile("[\u0300-\u036f\ufe00-\ufe0f\U000e0000-\U000effff]+")  # what NFKC leaves of accents; variant selectors
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_QUOTED = re.compile(r"\n>(?:[ ].*)?(?=\n|\Z)(?:\n>(?:[ ].*)?(?=\n|\Z))*")
"""Quoted lines that stand together, each with the end of the line before it: a pattern that begins with letters is found fastest."""


def fold(text: str) -> str:
    """Make compatibility forms plain (NFKC: full-width, circled, ligatures), letters small, and drop the accents of Latin letters.

    >>> fold("ＡＩ芯片２．０, Café")
    'ai芯片2.0, cafe'
    """
    if text.isascii():
        return text.lower()
    small = unicodedata.normalize("NFKC", text).lower().replace("ς", "σ")
    return _ACCENTED.sub(_bare, _DECORATION.sub("", small))


def _bare(letter: re.Match[str]) -> str:
    base = unicodedata.normalize("NFD", letter[0])[0]
    return base if base.isascii() else letter[0]


def words(text: str) -> list[str]:
    """Return the words of a text in order, folded.

    >>> words("AI芯片, GPT-5 涨了50%")
    ['ai', '芯', '片', 'gpt', '5', '涨', '了', '50']
    """
    return _WORD.findall(fold(text))


def segment(text: str | None) -> str:
    """Return the text as the index takes it: folded, its words parted by what SQLite's tokenizer takes for no word; empty for ``None``.

    >>> segment("H100吃灰, 真的")
    'h100 吃 灰  ,  真 的  '
    """
    if not text:
        return ""
    # a list of words takes fifty times their text: giant documents are cut up where no word goes on
    return " ".join([found for piece in _pieces(text) for found in _segment(piece)])


def held(segmented: str) -> list[str]:
    """Return the words that the index holds of what ``segment`` has made of a text."""
    return _WORD.findall(segmented)


def _segment(text: str) -> list[str]:
    """A piece in some strings: whole lines that are spelled word by word, as they hold uncommon characters, and what lies between such lines."""
    found: list[str] = []
    done = 0
    while (uncommon := _UNCOMMON.search(text, done)) is not None:
        start = max(done, text.rfind("\n", done, uncommon.start()) + 1)
        end = text.find("\n", uncommon.end())
        end = len(text) if end < 0 else end
        found += (_common(text[done:start]), spell(words(text[start:end])))  # nothing is folded across the end of a line
        done = end
    return [*found, _common(text[done:])]


def _common(text: str) -> str:
    """Common text needs no more than small letters, and a blank on either side of each ideograph: the tokenizer finds the same words then."""
    parts = _IDEOGRAPHS.split(text.lower())
    if len(parts) > 1:
        parts[1::2] = _parted("\n".join(parts[1::2])).split("\n ")
    return " ".join(parts)


def _parted(text: str) -> str:
    """A blank behind each character, byte for byte: all of them take two."""
    code = text.encode("utf-16-le")
    parted = bytearray("\0 ".encode("utf-16-le")) * len(text)
    parted[0::4], parted[1::4] = code[0::2], code[1::2]
    return parted.decode("utf-16-le")


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > _PIECE:
        found = _CUT.search(text, start + _PIECE)
        end = found.end() if found else len(text)
        yield text[start:end]
        start = end
    yield text[start:]


def spell(found: list[str]) -> str:
    """Write words as the tokenizer reads them, parted by blanks."""
    return _RARE_WORD.sub(lambda match: f"u{ord(match[0]):x}", " ".join(found))


def own_words(text: str | None) -> str | None:
    r"""Return the text of a post without its quoted lines: they are found where they were written first.

    >>> own_words("> 甲说\n我看\n> 乙说\n不行").replace(BARRIER, "…")
    '我看\n…\n不行'
    """
    if not text or not (text[0] == ">" or "\n>" in text):
        return text
    own = _QUOTED.sub(f"\n{BARRIER}", f"\n{text}").removesuffix("\n").removesuffix(f"\n{BARRIER}")
    return own.removeprefix("\n").removeprefix(f"{BARRIER}\n")
