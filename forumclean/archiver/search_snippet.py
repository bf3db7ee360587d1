"""Snippets: a piece of the stored text around the matches, with their ranges.

Cut in Python, because the index keeps no text. What counts as a match is what the index finds, in the reader's own characters: ＡＩ 芯片 is
found by ``ai芯片`` and shown as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate, islice
from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.search_words import BARRIER, LETTER, SINGLE, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from forumclean.archiver.search_query import Phrase, Query

WIDTH = 100
"""Characters of a snippet."""
_LEAD = 30
"""Characters shown before the first match."""
_CHUNK = 50_000
"""Characters looked through at a time, so that the book-long document costs no more than it must."""
_SPANS = 200
"""Matches of one phrase looked at in a chunk."""

_BETWEEN = f"(?:(?!{SINGLE})[\\W_])*+"
_VOICING = "\u3099\u309a"
_ACCENTS = re.compile("[\u0300-\u036f]")


class Snippet(NamedTuple):
    """A piece of text on one line, and where the matches are in it: ``text[start:end]``."""

    text: str
    ranges: tuple[tuple[int, int], ...] = ()


class _Plain(dict[str, str]):
    """Each character as it is compared: compatibility forms, case and accents gone; it may become none or several."""

    def __missing__(self, character: str) -> str:
        folded = fold(character)
        if not "\uac00" <= character <= "\ud7a3":  # hangul syllables stay whole, as they are words
            folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded))
        self[character] = folded
        return folded


_plain = _Plain()


def snippet(text: str | None, query: Query, width: int = WIDTH) -> Snippet:
    """Return the piece of ``text`` that shows most of the query's phrases, at most ``width`` characters and two ellipses long.

    Without a match it is the beginning of the text.
    """
    line = " ".join((text or "").split()).replace(BARRIER, "…")
    for start in range(0, len(line), _CHUNK):
        # chunks overlap, so that a match on the border is whole in one of them
        spans = _spans(line[start:start + _CHUNK + 2 * width], query)
        if spans:
            return _cut(line, [(first + start, last + start, which) for first, last, which in spans], width)
    return _cut(line, [], width)


def ranges(text: str | None, query: Query) -> tuple[tuple[int, int], ...]:
    """Return where a short text (a title) shows what was searched for."""
    return _merged((start, end) for start, end, _ in _spans(text or "", query))


def _spans(text: str, query: Query) -> list[tuple[int, int, int]]:
    """Return (start, end, number of the phrase) of every match, by start."""
    parts = [_plain[character] for character in text]
    starts = list(accumulate(map(len, parts), initial=0))
    folded = "".join(parts)
    return sorted(
        (bisect_right(starts, match.start()) - 1, _end(starts, match.end()), which)
        for which, phrase in enumerate(query.wanted)
        for match in islice(_pattern(phrase).finditer(folded), _SPANS)
    )


def _end(starts: list[int], end: int) -> int:
    """Return where the character ends that holds ``folded[end - 1]``, with the accents behind it that fold to nothing."""
    index = bisect_right(starts, end) - 1
    return index if starts[index] == end else index + 1


@lru_cache(maxsize=256)
def _pattern(phrase: Phrase) -> re.Pattern[str]:
    """Return a pattern that finds in folded text what FTS5 finds in the words of the text."""
    return re.compile(_BETWEEN.join(_word_patterns(phrase)))


def _word_patterns(phrase: Phrase) -> Iterator[str]:
    last = len(phrase.words) - 1
    for index, word in enumerate(phrase.words):
        plain = re.escape("".join(_plain[character] for character in word))
        if re.fullmatch(SINGLE, word):
            # か is not a match in が, which is か and a voicing mark once decomposed
            marks = "".join(mark for mark in _VOICING if len(unicodedata.normalize("NFC", word + mark)) == 1)
            yield f"{plain}(?![{marks}])" if marks else plain
        elif phrase.prefix and index == last:
            yield f"(?<!{LETTER}){plain}{LETTER}*+"
        else:
            yield f"(?<!{LETTER}){plain}(?!{LETTER})"


def _cut(line: str, spans: list[tuple[int, int, int]], width: int) -> Snippet:
    start = max(0, min(_best(spans, width - _LEAD) - _LEAD, len(line) - width))
    end = min(len(line), start + width)
    if start:  # begin at a blank where one is near: half a word tells nothing
        blank = line.find(" ", start, start + _LEAD // 2)
        start = blank + 1 if blank >= 0 else start
    left, right = "…" if start else "", "…" if end < len(line) else ""
    shift = len(left) - start
    inside = _merged((first + shift, last + shift) for first, last, _ in spans if start <= first and last <= end)
    return Snippet(left + line[start:end] + right, inside)


def _best(spans: list[tuple[int, int, int]], width: int) -> int:
    """Return the start of the first window with the most different phrases; 0 without spans."""
    best, best_start = 0, 0
    for index, (start, _, _) in enumerate(spans):
        seen = set()
        for first, last, which in islice(spans, index, index + _SPANS):
            if first >= start + width:
                break
            if last <= start + width:
                seen.add(which)
        if len(seen) > best:
            best, best_start = len(seen), start
    return best_start


def _merged(found: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)
